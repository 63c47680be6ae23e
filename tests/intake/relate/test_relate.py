"""relate: what an article is to all the entries found, and what it fills in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from side_by_side import article, entry, near, words

from worker.intake.relate import fuller, lends, relate
from worker.model import Outcome

_TEXT = "It sails at nine."
_TOLD: dict[str, Any] = {"title": "Ferry returns", "published": "2026-05-14", "source": "Courier"}
_LINKED = _TOLD | {"link": "https://courier.example/1"}
_GAZETTE: dict[str, Any] = {"title": "Boats", "source": "Gazette", "link": "https://gazette.example/1"}


# ── The same text ───────────────────────────────────────────────────────────────────────────────────


def test_a_text_that_no_entry_has_is_stored() -> None:
    relation = relate(article(_TEXT, **_LINKED), [])
    assert (relation.outcome, relation.entry, relation.to, relation.fills) == (Outcome.STORED, None, None, ())
    assert relation.evidence


def test_a_text_that_an_entry_has_is_a_duplicate_and_changes_nothing_it_states() -> None:
    held = entry(_TEXT, title="Ferry comes back", published="2026-05-13", source="Courier", link=_LINKED["link"])
    relation = relate(article(_TEXT, **_LINKED), [held])
    assert (relation.outcome, relation.entry, relation.to, relation.fills) == (Outcome.DUPLICATE, 7, None, ())
    assert relation.evidence


def test_the_oldest_of_several_entries_is_meant() -> None:
    assert relate(article(_TEXT, **_TOLD), [entry(_TEXT, number, **_TOLD) for number in (9, 3, 5)]).entry == 3


@pytest.mark.parametrize("missing", [("published",), ("source",), ("link",), ("published", "source", "link")])
def test_a_sighting_fills_in_what_the_entry_lacks(missing: tuple[str, ...]) -> None:
    nothing: dict[str, Any] = dict.fromkeys(missing)
    lacking = entry(_TEXT, **_LINKED | nothing)
    assert relate(article(_TEXT, **_LINKED), [lacking]).fills == missing
    assert relate(article(_TEXT, title="Ferry returns"), [lacking]).fills == ()


def test_a_stated_title_takes_the_place_of_a_derived_one_and_of_no_other() -> None:
    derived = entry(_TEXT, **_LINKED | {"title": None})
    assert relate(article(_TEXT, **_LINKED), [derived]).fills == ("title",)
    assert relate(article(_TEXT, **_LINKED | {"title": None}), [derived]).fills == ()
    assert relate(article(_TEXT, **_LINKED), [entry(_TEXT, **_LINKED)]).fills == ()


# ── The same text of another outlet ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "other",
    [
        {"source": "Gazette"},
        {"source": "Courier", "link": "https://gazette.example/1"},
        {"source": None, "link": "https://gazette.example/1"},
    ],
)
def test_the_same_text_of_another_outlet_is_a_reprint(other: dict[str, Any]) -> None:
    relation = relate(article(_TEXT, **_LINKED | {"link": None} | other), [entry(_TEXT, **_LINKED)])
    assert (relation.outcome, relation.entry, relation.to) == (Outcome.REPRINT, None, 7)
    assert (relation.fills, relation.likeness) == ((), None)
    assert "another outlet" in relation.evidence


@pytest.mark.parametrize("other", [{"source": None, "link": None}, {"source": "Courier Agency"}, {"link": None}])
def test_an_outlet_that_is_not_told_is_no_other(other: dict[str, Any]) -> None:
    assert relate(article(_TEXT, **_LINKED | other), [entry(_TEXT, **_LINKED)]).outcome is Outcome.DUPLICATE


def test_the_same_outlet_again_is_a_duplicate_of_its_own_copy() -> None:
    named = [entry(_TEXT, 3, **_LINKED), entry(_TEXT, 5, **_GAZETTE), entry(_TEXT, 6, **_GAZETTE)]
    relation = relate(article(_TEXT, **_GAZETTE, published="2026-05-14"), named)
    assert (relation.outcome, relation.entry, relation.fills) == (Outcome.DUPLICATE, 5, ("published",))
    third = relate(article(_TEXT, source="Herald"), named)
    assert (third.outcome, third.to) == (Outcome.REPRINT, 3)


# ── Texts like it ───────────────────────────────────────────────────────────────────────────────────

_NEWS = words(0, 60)
_MORE = words(0, 80)


def test_none_of_those_that_are_like_it_tells_the_same() -> None:
    relation = relate(article(_NEWS, **_TOLD), [], [near(entry(words(100, 160), number)) for number in (1, 2)])
    assert (relation.outcome, relation.entry, relation.to) == (Outcome.STORED, None, None)
    assert relation.evidence == "news: of 2 that are like it none tells the same"


def test_whoever_has_its_very_text_comes_before_those_that_are_like_it() -> None:
    relation = relate(article(_NEWS, **_TOLD), [entry(_NEWS, 9, **_TOLD)], [near(entry(_NEWS, 2, **_TOLD))])
    assert (relation.outcome, relation.entry) == (Outcome.DUPLICATE, 9)


def test_of_several_reprints_the_one_that_shares_most_is_meant_and_then_the_oldest() -> None:
    held = [entry(_MORE, number, **_GAZETTE) for number in (1, 2, 3, 4)]
    found = [near(held[0], 4, 9), near(held[3], 8, 9), near(held[2], 8, 9), near(held[1], 1, 1)]
    assert relate(article(_NEWS, **_TOLD), [], found).to == 3
    assert relate(article(_NEWS, **_TOLD), [], found[:3]).to == 3
    assert relate(article(_NEWS, **_TOLD), [], found[:1]).to == 1
    assert relate(article(_NEWS, **_TOLD), [], [near(held[0], 4, 9)]).likeness is not None


def test_the_very_article_comes_before_any_reprint() -> None:
    own = entry(_NEWS, 9, **_TOLD)
    relation = relate(article(_MORE, **_TOLD), [], [near(entry(_MORE, 2, **_GAZETTE), 9, 9), near(own, 1, 9)])
    assert (relation.outcome, relation.entry) == (Outcome.REVISION, 9)


def test_a_reprint_where_the_article_that_looks_the_same_tells_something_else() -> None:
    other = entry(words(200, 260), 9, **_TOLD)
    relation = relate(article(_NEWS, **_TOLD), [], [near(entry(_MORE, 2, **_GAZETTE), 1, 9), near(other, 9, 9)])
    assert (relation.outcome, relation.to) == (Outcome.REPRINT, 2)


def test_of_so_many_only_the_first_are_compared() -> None:
    others = [near(entry(words(100, 160), number, **_GAZETTE), 9, 9) for number in range(1, 9)]
    last = near(entry(_MORE, 20, **_GAZETTE), 8, 9)
    assert relate(article(_NEWS, **_TOLD), [], [*others, last]).outcome is Outcome.STORED
    assert relate(article(_NEWS, **_TOLD), [], [*others[1:], last]).outcome is Outcome.REPRINT


def test_a_revision_fills_in_what_the_entry_lacks_and_a_reprint_nothing() -> None:
    lacking = entry(_NEWS, **_TOLD | {"published": None})
    revised = relate(article(_MORE, **_LINKED), [], [near(lacking)])
    assert (revised.outcome, revised.fills) == (Outcome.REVISION, ("published", "link"))
    reprinted = relate(article(_MORE, **_GAZETTE), [], [near(lacking)])
    assert (reprinted.outcome, reprinted.fills) == (Outcome.REPRINT, ())


# ── Fuller tellings ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("more", "lent"), [(46, False), (47, True)])
def test_a_fuller_telling_is_so_much_longer(more: int, lent: bool) -> None:
    text = words(0, more)
    assert fuller(text, words(0, 40)) is lent
    relation = relate(article(text, **_TOLD), [], [near(entry(words(0, 40), **_GAZETTE))])
    assert (relation.outcome, lends(relation)) == (Outcome.REPRINT, lent)


@pytest.mark.parametrize(("shared", "lent"), [(80, True), (79, False)])
def test_a_fuller_telling_has_most_of_the_other(shared: int, lent: bool) -> None:
    text, held = f"{words(0, shared)} {words(1000, 1100)}", words(0, 100)
    assert fuller(text, held) is lent
    relation = relate(article(text, **_TOLD), [], [near(entry(held, **_GAZETTE))])
    assert (relation.outcome, lends(relation)) == (Outcome.REPRINT, lent)


def test_what_lends_nothing() -> None:
    assert not fuller(words(0, 100), words(0, 200))
    assert not fuller("", "")
    same = relate(article(_TEXT, **_GAZETTE), [entry(_TEXT, **_LINKED)])
    assert (same.outcome, lends(same)) == (Outcome.REPRINT, False)
    assert not lends(replace(same, outcome=Outcome.STORED))
