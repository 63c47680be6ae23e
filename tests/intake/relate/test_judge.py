"""judge: what an article is to one entry with a text like its own; every threshold from both sides."""

from __future__ import annotations

from typing import Any

import pytest
from side_by_side import article, entry, words

from worker.intake.relate.alike import Alike
from worker.intake.relate.judge import judge
from worker.intake.relate.wording import Wording
from worker.model import Article, Entry, Outcome, Relation

_SAME: dict[str, Any] = {"title": "Ferry returns", "published": "2026-05-14T09:40", "source": "Corvane"}
_ELSEWHERE: dict[str, Any] = {"title": "Boats are back", "published": "2026-05-14", "source": "Belmar"}


def judged(one: Article, other: Entry) -> Relation | None:
    return judge(one, other, Alike.of(Wording.of(one.text), Wording.of(other.own or other.text)))


def outcome(text: str, held: str, told: dict[str, Any] | None = None, **changed: Any) -> Outcome | None:
    """What a text is to another that is told by Corvane; told as by Belmar, unless it is told otherwise."""
    relation = judged(article(text, **((_ELSEWHERE if told is None else told) | changed)), entry(held, **_SAME))
    return relation.outcome if relation else None


# ── How much is told alike ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("common", "own", "found"),
    [
        (100, 0, Outcome.REPRINT),
        (85, 15, Outcome.REPRINT),
        (84, 16, Outcome.REPRINT),  # less than nearly all, but both begin with it
        (45, 55, Outcome.REPRINT),
        (44, 56, None),
    ],
)
def test_a_passage_with_which_one_of_them_begins(common: int, own: int, found: Outcome | None) -> None:
    text = f"{words(0, common)} {words(1000, 1000 + own)}"
    assert outcome(text, f"{words(0, common)} {words(2000, 2000 + own)}") is found


@pytest.mark.parametrize(("common", "own", "found"), [(85, 15, Outcome.REPRINT), (84, 16, None)])
def test_a_passage_with_which_neither_begins(common: int, own: int, found: Outcome | None) -> None:
    text, held = (f"{words(start, start + own)} {words(0, common)}" for start in (1000, 2000))
    assert outcome(text, held) is found


@pytest.mark.parametrize(("before", "found"), [(10, Outcome.REPRINT), (11, None)])
def test_half_of_the_first_twenty_words_are_an_opening(before: int, found: Outcome | None) -> None:
    """A longer stretch than 15 words elsewhere, so that what is told alike is between the two thresholds."""
    text = f"{words(1000, 1000 + before)} {words(0, 60)} {words(1100, 1130)}"
    assert outcome(text, f"{words(2000, 2030)} {words(0, 60)} {words(2100, 2130)}") is found


def test_a_dateline_is_no_part_of_the_opening() -> None:
    dateline = "TARVIN, 14 May 2026 (Belmar) – "
    before = words(1000, 1007)
    text = f"{before} {words(0, 60)} {words(1100, 1130)}"
    held = f"{words(2000, 2030)} {words(0, 60)} {words(2100, 2130)}"
    assert outcome(dateline + text, held) is Outcome.REPRINT
    assert outcome(f"{words(1200, 1206)} {text}", held) is None


def test_a_short_copy_and_one_within_a_longer_text() -> None:
    news = words(0, 40)
    assert outcome(news, f"{words(1000, 1300)} {news}") is Outcome.REPRINT
    assert outcome(f"{words(1000, 1300)} {news}", news) is Outcome.REPRINT


# ── What differs ────────────────────────────────────────────────────────────────────────────────────

_FACTS = ["12 boats", "in Tarvin", "on Monday", "Maren", "31 barges", "Oskeld", "17 goats", "Jonas"]


def told(facts: list[str], end: str) -> str:
    parts = (f"{words(20 * at, 20 * at + 20)} {fact}" for at, fact in enumerate(facts))
    return f"{' '.join(parts)} {words(500, 530)} {end} {words(540, 570)}"


@pytest.mark.parametrize(
    ("facts", "apart", "found"),
    [
        (8, "2026-05-14", Outcome.REPRINT),
        (8, "2026-05-17", Outcome.REPRINT),
        (8, "2026-05-18", None),
        (8, "2026-05-11", Outcome.REPRINT),
        (8, None, None),  # whoever does not say when is not believed
        (7, "2026-05-14", None),
        (0, "2026-05-14", None),
    ],
)
def test_one_corrected_fact_among_many(facts: int, apart: str | None, found: Outcome | None) -> None:
    text, held = (told(_FACTS[:facts], end) for end in ("505 tenge", "550 tenge"))
    assert outcome(text, held, published=apart) is found
    assert outcome(text, text, published=apart) is Outcome.REPRINT


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("505", "550", Outcome.REPRINT),
        ("with Brisa", "with Oravel", Outcome.REPRINT),
        ("on Friday", "on Sunday", None),  # another day is other news
        ("505 by 606", "550 by 660", None),  # two are
    ],
)
def test_what_is_corrected(one: str, other: str, found: Outcome | None) -> None:
    assert outcome(told(_FACTS, one), told(_FACTS, other)) is found


def test_a_correction_is_told_of() -> None:
    relation = judged(article(told(_FACTS, "505"), **_ELSEWHERE), entry(told(_FACTS, "550"), **_SAME))
    assert relation is not None
    assert "550 → 505" in relation.evidence
    assert relation.likeness is not None
    assert relation.likeness.differs == (("505", "550"),)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-06-13", Outcome.REPRINT),
        ("2026-06-14", None),
        ("2027-05-14", None),
        ("2025-05-14", None),
        (None, Outcome.REPRINT),
    ],
)
def test_a_bulletin_comes_again_in_the_same_words(day: str | None, found: Outcome | None) -> None:
    assert outcome(words(0, 90), words(0, 90) + " end", published=day) is found


def test_places_of_datelines_and_names_of_outlets_may_differ() -> None:
    body = words(0, 60)
    held = f"TARVIN, 14 May 2026 (Corvane) – the Corvane office said {body}"
    assert outcome(f"OSKELD, 14 May 2026 (Belmar) – the Belmar office said {body}", held) is Outcome.REPRINT
    assert outcome(f"the mayor of Oskeld said {body}", f"the mayor of Tarvin said {body}") is None


# ── The same article ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, Outcome.REVISION),
        ({"published": "2026-05-14"}, Outcome.REVISION),
        ({"published": None}, Outcome.REVISION),
        ({"source": None}, Outcome.REVISION),
        ({"source": None, "published": None}, Outcome.REPRINT),
        ({"title": None}, Outcome.REVISION),
        ({"title": "Goats return"}, Outcome.REPRINT),
        ({"source": "Belmar"}, Outcome.REPRINT),
        ({"published": "2026-05-14T10:40"}, Outcome.REPRINT),
    ],
)
def test_an_article_is_revised_where_it_is_the_same_by_what_it_states(changed: dict[str, Any], found: Outcome) -> None:
    assert outcome(words(0, 60) + words(100, 120), words(0, 60), _SAME | changed) is found


def test_a_revision_belongs_to_the_entry() -> None:
    relation = judged(article(words(0, 80), **_SAME), entry(words(0, 60), **_SAME))
    assert relation is not None
    assert (relation.outcome, relation.entry, relation.to) == (Outcome.REVISION, 7, None)
    assert relation.evidence == "the same source, time, title; 60 of 80 words are the same"
    assert relation.likeness is not None


@pytest.mark.parametrize(("left", "found"), [(84, Outcome.DUPLICATE), (85, Outcome.REVISION)])
def test_a_shortened_copy_is_no_new_text(left: int, found: Outcome) -> None:
    assert outcome(words(0, left), words(0, 100), _SAME) is found


def test_a_shortened_copy_with_another_fact_is_a_revision() -> None:
    held = f"{numbers(4, 0)} {words(400, 440)}"
    assert outcome(numbers(4, 0), held, _SAME) is Outcome.DUPLICATE
    assert outcome(numbers(4, 1), held, _SAME) is Outcome.REVISION


def names(count: int, other: str = "") -> str:
    """Names, each in a place of its own; the first four may be others."""
    all_names = ["Tarvin", "Oskeld", "Maren", "Jonas", "Brisa", "Oravel", "Quill", "Zembra"][:count]
    shown = [f"{other}{name.lower()}".capitalize() if other and at == 0 else name for at, name in enumerate(all_names)]
    return " ".join(f"{words(10 * at, 10 * at + 10)} {name}" for at, name in enumerate(shown)) + f" {words(300, 330)}"


@pytest.mark.parametrize(("count", "found"), [(4, Outcome.REVISION), (3, None)])
def test_a_fourth_of_the_names_may_be_corrected(count: int, found: Outcome | None) -> None:
    assert outcome(names(count, "xyz"), names(count), _SAME) is found


def numbers(count: int, others: int) -> str:
    parts = (f"{words(10 * at, 10 * at + 10)} {at + (50 if at < others else 20)}" for at in range(count))
    return " ".join(parts) + f" {words(300, 330)}"


@pytest.mark.parametrize(
    ("others", "stated", "found"),
    [
        (4, {}, Outcome.REVISION),  # of eight
        (5, {}, None),
        (1, {"published": "2026-05-14"}, Outcome.REVISION),  # the day is weaker: a fourth of those that are the same
        (2, {"published": "2026-05-14"}, None),
        (1, {"published": None}, None),  # no time at all
    ],
)
def test_how_many_numbers_may_be_corrected(others: int, stated: dict[str, Any], found: Outcome | None) -> None:
    assert outcome(numbers(8, others), numbers(8, 0), _SAME | stated) is found


@pytest.mark.parametrize(("one", "other"), [("Tarvin", "Oskeld"), ("Monday", "Friday")])
def test_of_one_day_no_name_and_no_day_may_be_corrected(one: str, other: str) -> None:
    day = _SAME | {"published": "2026-05-14"}
    texts = [f"{numbers(7, 0)} in {name} {words(400, 420)}" for name in (one, other)]
    assert outcome(texts[0], texts[1], day) is None
    assert outcome(texts[0], texts[0] + " end", day) is Outcome.REVISION


def test_an_address_allows_as_much_as_a_minute() -> None:
    link = {"link": "https://corvane.example/1"}
    one = article(numbers(8, 4), **_SAME | link | {"published": None})
    relation = judged(one, entry(numbers(8, 0), **_SAME | link))
    assert relation is not None
    assert relation.outcome is Outcome.REVISION
    assert relation.evidence.startswith("the same address, source, title; ")


# ── Captions, and the same article on another page ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Photo by Corvane", Outcome.DUPLICATE),
        ("1 204", Outcome.DUPLICATE),
        (words(500, 520), Outcome.DUPLICATE),
        (words(500, 521), Outcome.REVISION),  # too long for a caption
        ("The goats are well.", Outcome.REVISION),  # a sentence
        ("ferries 12", Outcome.REVISION),  # a row of a table
    ],
)
def test_a_line_more(line: str, found: Outcome) -> None:
    held = f"{words(0, 30)}.\n{words(30, 60)}."
    text = f"{words(0, 30)}.\n{line}\n{words(30, 60)}."
    assert outcome(text, held, _SAME) is found
    assert outcome(held, text, _SAME, published="2026-05-14") in {found, Outcome.DUPLICATE}


@pytest.mark.parametrize(("other", "found"), [(3, Outcome.DUPLICATE), (4, Outcome.REPRINT)])
def test_nearly_all_words_of_the_same_source_are_the_same_article(other: int, found: Outcome) -> None:
    text, held = (f"{words(0, 50)} {words(start, start + other)} {words(50, 100 - other)}" for start in (1000, 2000))
    untitled = {"title": None, "published": None}
    assert outcome(text, held, _SAME | untitled) is found
    assert outcome(text, held, _SAME | untitled | {"source": None}) is Outcome.REPRINT
    assert outcome(text, held, _SAME | {"title": "Goats return"}) is Outcome.REPRINT


# ── What it is compared with ────────────────────────────────────────────────────────────────────────


def test_an_entry_that_shows_the_text_of_another_is_compared_by_its_own() -> None:
    own = words(0, 60)
    held = entry(words(0, 90), own=own, **_SAME)
    assert judged(article(own + words(200, 220), **_SAME), held)
    relation = judged(article(f"{words(0, 30)}\nPhoto\n{words(30, 60)}", **_SAME), held)
    assert relation is not None
    assert relation.outcome is Outcome.DUPLICATE


def test_the_evidence_of_a_reprint() -> None:
    text = f"{words(1000, 1009)} {words(0, 60)} {words(1100, 1120)} {words(60, 90)}"
    relation = judged(article(text, **_ELSEWHERE), entry(words(0, 90), **_SAME))
    assert relation is not None
    assert (relation.outcome, relation.entry, relation.to) == (Outcome.REPRINT, None, 7)
    assert relation.evidence == "tells the same as k7: 100% of the shorter text"
    like = relation.likeness
    assert like is not None
    assert (like.score, like.words, like.mine, like.other, like.differs) == (1.0, 90, 119, 90, ())
    shown = [(text[one.start : one.end], words(0, 90)[one.other_start : one.other_end]) for one in like.passages]
    assert shown == [(words(0, 60), words(0, 60)), (words(60, 90), words(60, 90))]


def test_of_the_evidence_so_much_is_kept_as_a_person_reads() -> None:
    def laced(other: int) -> str:
        parts = (
            f"{words(10 * at, 10 * at + 5 + at % 3)} {words(other + 9 * at, other + 9 * at + 9)}" for at in range(20)
        )
        return " ".join(parts)

    sides = Alike.of(Wording.of(laced(1000)), Wording.of(laced(2000)))
    like = sides.kept([("a", "b")] * 20)
    assert (len(like.passages), len(like.differs)) == (12, 12)
    assert list(like.passages) == sorted(like.passages)
