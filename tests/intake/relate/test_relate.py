"""What an article is to the entries that have its fingerprint."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from page_readings import LATEST, cut_of, page_of

from worker.intake import clean, describe
from worker.intake.relate import relate
from worker.model import Article, Entry, Outcome, StatedDate

_TEXT = "Ferry returns\n14 May 2026\nIt sails at nine.\n"


def article() -> Article:
    page = page_of(_TEXT)
    done = clean.clean(page, cut_of(_TEXT, "It sails at nine.", title="Ferry returns", stated="14 May 2026"))
    assert done is not None
    return replace(describe.describe(page, done, latest=LATEST), source="Courier", link="https://c.example")


def entry(number: int = 7) -> Entry:
    stored = datetime(2026, 5, 15, tzinfo=UTC)
    return Entry(
        number=number,
        key="k",
        uri="tag:wire.example,2026:k",
        title="Ferry comes back",
        title_derived=False,
        published=StatedDate.from_iso("2026-05-13"),
        source="Gazette",
        language="en",
        link="https://g.example",
        text="It sails at nine.",
        stored=stored,
        updated=stored,
    )


def test_a_text_that_no_entry_has_is_stored() -> None:
    relation = relate(article(), [])
    assert (relation.outcome, relation.entry, relation.fills) == (Outcome.STORED, None, ())


def test_a_text_that_an_entry_has_is_a_duplicate_and_changes_nothing_it_states() -> None:
    relation = relate(article(), [entry()])
    assert (relation.outcome, relation.entry, relation.fills) == (Outcome.DUPLICATE, 7, ())


def test_the_oldest_of_several_entries_is_meant() -> None:
    assert relate(article(), [entry(9), entry(3), entry(5)]).entry == 3


@pytest.mark.parametrize("missing", [("published",), ("source",), ("link",), ("published", "source", "link")])
def test_a_sighting_fills_in_what_the_entry_lacks(missing: tuple[str, ...]) -> None:
    nothing: dict[str, Any] = dict.fromkeys(missing)
    lacking = replace(entry(), **nothing)
    assert relate(article(), [lacking]).fills == missing
    bare = replace(article(), published=None, source=None, link=None)
    assert relate(bare, [lacking]).fills == ()


def test_a_stated_title_takes_the_place_of_a_derived_one_and_of_no_other() -> None:
    derived = replace(entry(), title_derived=True)
    assert relate(article(), [derived]).fills == ("title",)
    assert relate(replace(article(), title_derived=True), [derived]).fills == ()
    assert relate(article(), [entry()]).fills == ()


def test_every_relation_says_why() -> None:
    assert relate(article(), []).evidence
    assert relate(article(), [entry()]).evidence
