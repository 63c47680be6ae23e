"""align: what two texts share, in the order of both, and what stands between."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from side_by_side import aligned

from worker.intake.relate import align as module
from worker.intake.relate.align import Alignment, Gap, Run

_WORDS = st.lists(st.sampled_from("abcdefghij"), max_size=60)


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Texts of few different words; the second is often the first, edited."""
    first = draw(_WORDS)
    if draw(st.booleans()):
        return " ".join(first), " ".join(draw(_WORDS))
    second = list(first)
    for at, more in draw(st.lists(st.tuples(st.integers(0, 60), st.lists(st.sampled_from("xyz"), max_size=4)))):
        second[at : at + 2] = more
    return " ".join(first), " ".join(second)


def _lawful(sides: Alignment) -> None:
    first, second = sides.first, sides.second
    at = (0, 0)
    parts: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for run in sides.runs:
        assert run.length > 0
        assert at[0] <= run.first
        assert at[1] <= run.second, "increasing in both texts, and no word twice"
        at = run.first + run.length, run.second + run.length
        same = slice(run.first, at[0]), slice(run.second, at[1])
        assert first.numbers[same[0]].tolist() == second.numbers[same[1]].tolist()
        parts.append(((run.first, at[0]), (run.second, at[1])))
    parts += [(gap.first, gap.second) for gap in sides.gaps]
    parts.sort()
    borders = [(0, 0), *((one[1], other[1]) for one, other in parts)]
    assert [(one[0], other[0]) for one, other in parts] == borders[:-1], "runs and gaps are both texts"
    assert borders[-1] == (len(first), len(second))
    assert all(any(gap.sizes) and min(gap.sizes) >= 0 for gap in sides.gaps)
    assert sides.equal == sum(run.length for run in sides.runs)
    assert all(
        sides.equal <= alike <= length for alike, length in zip(sides.alike, map(len, (first, second)), strict=True)
    )
    assert 0 <= sides.covered <= 1


@given(_pairs())
def test_the_laws(pair: tuple[str, str]) -> None:
    _lawful(aligned(*pair))
    _lawful(aligned(*reversed(pair)))


@given(_WORDS)
def test_a_text_beside_itself(words: list[str]) -> None:
    sides = aligned(" ".join(words), " ".join(words))
    _lawful(sides)
    if len(words) < 3:
        assert not sides.runs, "an anchor has three words"


@given(st.integers(3, 80))
def test_a_text_without_recurring_words_beside_itself(count: int) -> None:
    text = " ".join(f"w{number}" for number in range(count))
    sides = aligned(text, text)
    assert (sides.runs, sides.gaps, sides.covered) == ([Run(0, 0, count)], [], 1.0)


@given(st.integers(30, 90), st.sets(st.integers(0, 89), max_size=9), st.sets(st.integers(0, 89), max_size=9))
def test_without_recurring_words_the_order_of_the_texts_is_nothing(count: int, lost: set[int], other: set[int]) -> None:
    first = " ".join(f"w{number}" for number in range(count) if number not in lost)
    second = " ".join(f"w{number}" if number not in other else f"v{number}" for number in range(count))
    one, two = aligned(first, second), aligned(second, first)
    assert [(run.second, run.first, run.length) for run in two.runs] == [tuple(run) for run in one.runs]
    assert (one.equal, one.alike) == (two.equal, two.alike[::-1])
    assert one.covered == two.covered


def _words(*ranges: tuple[int, int]) -> str:
    return " ".join(f"w{number}" for start, end in ranges for number in range(start, end))


def test_nothing_in_common() -> None:
    sides = aligned(_words((0, 9)), _words((10, 30)))
    assert (sides.runs, sides.gaps, sides.covered) == ([], [Gap((0, 9), (0, 20))], 0.0)


def test_empty_texts() -> None:
    assert (aligned("", "").gaps, aligned("", "").covered) == ([], 0.0)
    assert aligned("a b c d", "").gaps == [Gap((0, 4), (0, 0))]


def test_an_excerpt_is_told_alike_as_a_whole() -> None:
    sides = aligned(_words((20, 50)), _words((0, 90)))
    assert (sides.runs, sides.covered) == ([Run(0, 20, 30)], 1.0)
    assert sides.gaps == [Gap((0, 0), (0, 20)), Gap((30, 30), (50, 90))]


def test_of_passages_that_changed_places_the_longer_one_holds() -> None:
    sides = aligned(_words((30, 50), (0, 30)), _words((0, 50)))
    assert (sides.runs, sides.equal) == ([Run(20, 0, 30)], 30)


def test_a_small_difference_within_belongs_to_what_is_told_alike() -> None:
    for size, alike in ((15, 35), (16, 20)):
        sides = aligned(_words((0, 10), (200, 200 + size), (10, 20)), _words((0, 10), (300, 302), (10, 20)))
        assert sides.equal == 20
        assert sides.alike[0] == alike


def test_a_difference_at_an_end_belongs_to_neither() -> None:
    sides = aligned(_words((0, 20)) + " x", _words((0, 20)) + " y")
    assert sides.alike == (20, 20)
    sides = aligned("x " + _words((0, 20)), "y " + _words((0, 20)))
    assert sides.alike == (20, 20)


def test_what_recurs_very_often_is_bounded() -> None:
    """Of many passages in many places, the longest are put in order."""
    many = " ".join(f"a b c x{number}" for number in range(3 * module._MOST_RUNS))
    sides = aligned(many, "a b c y " + " ".join(f"z{number}" for number in range(9)) + " a b c")
    _lawful(sides)
    assert sides.equal in (3, 6)
    _lawful(aligned(" ".join("ab" * 900), " ".join("aab" * 600)))
