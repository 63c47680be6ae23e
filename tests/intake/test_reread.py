"""reread: which article takes whose place, and what an entry may become."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.intake.reread import carried, reread
from worker.model import Article, Difference, Entry, Span, StatedDate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
THEN = NOW - timedelta(days=30)


def spans(*numbers: int) -> list[Span]:
    return [Span(start, end) for start, end in zip(numbers[::2], numbers[1::2], strict=True)]


# ── Places ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after", "takes"),
    [
        (spans(0, 10, 10, 20), spans(0, 10, 10, 20), [0, 1]),
        (spans(0, 10, 10, 20), spans(0, 12, 14, 20), [0, 1]),
        (spans(0, 20), spans(0, 5, 5, 20), [None, 0]),
        (spans(0, 5, 5, 20), spans(0, 20), [1]),
        (spans(0, 5), spans(5, 9), [None]),
        (spans(10, 20), spans(0, 8, 9, 11, 12, 13), [None, 0, None]),
        ([], spans(0, 5), [None]),
        (spans(0, 5), [], []),
    ],
)
def test_who_shares_the_most_takes_the_place(before: list[Span], after: list[Span], takes: list[int | None]) -> None:
    assert carried(before, after, [False] * len(after)) == takes


def test_a_text_that_is_known_comes_first() -> None:
    assert carried(spans(0, 20), spans(0, 5, 5, 20), [True, False]) == [0, None]


_SPANS = st.lists(st.integers(0, 60), max_size=12, unique=True).map(
    lambda numbers: spans(*sorted(numbers)[: len(numbers) // 2 * 2])
)


@given(_SPANS, _SPANS, st.data())
def test_nobody_takes_two_places_and_nobody_one_that_is_not_near(
    before: list[Span], after: list[Span], data: st.DataObject
) -> None:
    known = data.draw(st.lists(st.booleans(), min_size=len(after), max_size=len(after)))
    takes = carried(before, after, known)
    taken = [place for place in takes if place is not None]
    assert len(takes) == len(after)
    assert len(set(taken)) == len(taken)
    for at, place in enumerate(takes):
        near = [old for old in range(len(before)) if _shared(before[old], after[at])]
        assert place in near if place is not None else set(near) <= set(taken)
    assert carried(before, before, [False] * len(before)) == list(range(len(before)))


def _shared(one: Span, other: Span) -> bool:
    return min(one.end, other.end) > max(one.start, other.start)


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────

_DATES = st.sampled_from([None, "2026-11-07", "2026-11-07T09:40+05:00"]).map(
    lambda text: StatedDate.from_iso(text) if text else None
)
_NAMES = st.none() | st.sampled_from(["Ministry of Roads", "Lake Authority"])
_FIELDS = {
    "title": st.sampled_from(["Ferry returns", "Goats climb"]),
    "title_derived": st.booleans(),
    "published": _DATES,
    "source": _NAMES,
    "language": st.sampled_from(["en", "ru"]),
    "link": st.none() | st.just("https://aksary.example/1"),
    "text": st.sampled_from(["The ferry returns.", "The ferry\nreturns.", "Goats climb a tower."]),
}
_ENTRIES = st.builds(
    Entry,
    number=st.just(7),
    key=st.just("abc"),
    uri=st.just("tag:example.org,2026:item/abc"),
    stored=st.just(THEN),
    updated=st.just(THEN),
    place=st.none() | st.just(3),
    **_FIELDS,
)
_ARTICLES = st.builds(Article, start=st.just(0), end=st.just(9), evidence=st.just("made here"), **_FIELDS)


def same(entry: Entry, article: Article) -> bool:
    return entry.text.split() == article.text.split()


@given(_ENTRIES, _ARTICLES, st.booleans())
def test_the_laws(entry: Entry, article: Article, first: bool) -> None:
    after, changes = reread(entry, article, first=first, gives=first, same=same(entry, article), now=NOW)
    kinds = [change.what for change in changes if change.applied]
    fixed = ("number", "key", "uri", "stored", "place")
    assert [getattr(after, name) for name in fixed] == [getattr(entry, name) for name in fixed]
    assert after.published == (entry.published or article.published)
    assert after.updated == (NOW if Difference.TEXT in kinds else THEN)
    assert after.text == (article.text if first else entry.text)
    assert entry.title_derived or not after.title_derived, "a stated title never gives way to a derived one"
    assert (after == entry) == (not kinds)
    assert len(set(kinds)) == len(kinds)
    again, more = reread(
        after, article, first=first, gives=first, same=same(after, article), now=NOW + timedelta(days=1)
    )
    assert again == after
    assert not [change for change in more if change.applied]
    if not first:
        filled = [name for name in ("source", "link", "published") if getattr(entry, name) is not None]
        assert [getattr(after, name) for name in filled] == [getattr(entry, name) for name in filled]


@given(_ENTRIES)
def test_updated_moves_even_within_a_second(entry: Entry) -> None:
    fields = {name: getattr(entry, name) for name in _FIELDS}
    article = Article(start=0, end=9, evidence="made here", **(fields | {"text": "Something else."}))
    after, _ = reread(replace(entry, updated=NOW), article, first=True, gives=True, same=False, now=NOW)
    assert after.updated > NOW
