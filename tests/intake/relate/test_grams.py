"""grams: runs of five words, hashed the same everywhere, and the sample of them that is a sketch."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.intake.shapes.grams import SAMPLE, WORDS, density, density_of, grams, sample

_FOLDED = st.lists(st.text("abcxyz0189жқ", min_size=1, max_size=20), max_size=40).map(" ".join)


def hashes(folded: str) -> list[int]:
    found: list[int] = grams(folded.encode()).tolist()
    return found


def numbered(count: int, start: int = 0) -> str:
    return " ".join(f"w{number}" for number in range(start, start + count))


# ── The recipe ──────────────────────────────────────────────────────────────────────────────────────


def _by_hand(folded: bytes) -> list[int]:
    """The recipe with whole numbers, word by word."""
    whole = (1 << 64) - 1

    def mixed(number: int) -> int:
        number ^= number >> 33
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            number = number * factor & whole
            number ^= number >> 33
        return number

    def of_word(word: bytes) -> int:
        found = mixed(int.from_bytes(word[:8], "little"))
        for start in range(8, len(word), 8):
            more = int.from_bytes(word[start : start + 8], "little")
            found = mixed(found * 0x5851F42D4C957F2D + more & whole)
        return found

    words = [of_word(word) for word in folded.split(b" ")] if folded else []
    if len(words) < WORDS:
        return [mixed(sum(words) & whole)] if words else []
    runs = (words[at : at + WORDS] for at in range(len(words) - WORDS + 1))
    places = [pow(0xD1342543DE82EF95, place + 1, 1 << 64) for place in range(WORDS)]
    return [mixed(sum(map(int.__mul__, run, places)) & whole) for run in runs]


@given(_FOLDED)
def test_the_recipe_with_whole_numbers(folded: str) -> None:
    assert hashes(folded) == _by_hand(folded.encode())


def test_the_recipe_is_pinned() -> None:
    """Sketches are stored: another digest is another recipe, and wants another number."""
    folded = f"{numbered(300)} {'й' * 40} {'x' * 200} straße 12 қазан"
    digest = hashlib.sha256(grams(folded.encode()).astype("<u8").tobytes()).hexdigest()
    sketch = hashlib.sha256(sample(grams(folded.encode())).astype("<u8").tobytes()).hexdigest()
    assert (digest[:16], sketch[:16]) == ("8b45e1c55d64228d", "483cea681f4c1484")


# ── Grams ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("words", "count"), [(0, 0), (1, 1), (4, 1), (5, 1), (6, 2), (100, 96)])
def test_how_many_there_are(words: int, count: int) -> None:
    assert len(set(hashes(numbered(words)))) == count


@given(_FOLDED, _FOLDED, st.text("abж", min_size=1, max_size=9))
def test_a_passage_has_the_same_grams_wherever_it_stands(before: str, behind: str, other: str) -> None:
    passage = f"{numbered(9)} {other}"
    whole = hashes(" ".join(filter(None, (before, passage, behind))))
    at = len(before.split())
    assert whole[at : at + 6] == hashes(passage)


@pytest.mark.parametrize("length", [1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 72, 500, 5000])
@pytest.mark.parametrize("letter", ["x", "ж"])
def test_every_letter_of_a_word_counts_however_long(length: int, letter: str) -> None:
    word = letter * length
    texts = [f"a b {each} c d" for each in (word, word[:-1] + "y", word + letter, "y" + word[1:])]
    found = {tuple(hashes(text)) for text in texts}
    assert len(found) == len(set(texts))
    assert hashes(f"{numbered(20)} {word} {numbered(20)}") == _by_hand(f"{numbered(20)} {word} {numbered(20)}".encode())


def test_the_order_of_words_counts() -> None:
    assert hashes("a b c d e") != hashes("b a c d e")
    assert hashes("a b c d e") != hashes("a b c e d")
    assert hashes("ab c d e f") != hashes("a bc d e f")


@given(st.binary(max_size=300))
def test_any_bytes_have_grams(content: bytes) -> None:
    folded = b" ".join(content.split())
    found = grams(folded)
    assert len(found) == (max(1, len(folded.split(b" ")) - 4) if folded else 0)


# ── Samples ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("count", "every"), [(0, 1), (1, 1), (63, 1), (64, 4), (255, 4), (256, SAMPLE), (100_000, SAMPLE)]
)
def test_density(count: int, every: int) -> None:
    assert density(count) == every


@given(st.integers(0, 600), st.integers(0, 1000))
def test_a_sample(words: int, start: int) -> None:
    found = grams(numbered(words, start).encode())
    sketch = sample(found)
    every = density(len(found))
    assert sketch.tolist() == sorted({gram for gram in found.tolist() if gram % every == 0})
    if words > 100:
        assert len(sketch) > 3
        assert density_of(sketch) == every


def test_a_gram_that_recurs_is_there_once() -> None:
    assert len(sample(grams(" ".join(["a b c"] * 15).encode()))) == 3
    assert len(grams(b" ".join([b"a"] * 20))) == 16
    assert len(sample(grams(b" ".join([b"a"] * 20)))) == 1


@pytest.mark.parametrize(
    ("sketch", "every"), [([], SAMPLE), ([16, 32], SAMPLE), ([16, 20], 4), ([16, 17], 1), ([2], 1)]
)
def test_the_density_of_a_sketch(sketch: list[int], every: int) -> None:
    assert density_of(np.array(sketch, np.uint64)) == every


def test_what_a_longer_text_keeps_of_a_passage_the_shorter_keeps_too() -> None:
    passage = numbered(80)
    longer = set(sample(grams(f"{passage} {numbered(400, 1000)}".encode())).tolist())
    shorter = set(sample(grams(passage.encode())).tolist())
    assert {gram for gram in longer if gram in hashes(passage)} <= shorter
