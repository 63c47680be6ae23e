"""Stories as they are kept: who tells them, why, what was said before, and what operators decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from archives import NOW, opened
from searches import searched
from sqlite_utils import Database

from worker.model import Article, Fingerprint, Join, Likeness, Passage, Placing
from worker.store import entries, stories
from worker.store.book import Book
from worker.store.database import transaction

LATER = NOW + timedelta(hours=1)


def book(db: Database, *known: Fingerprint) -> Book:
    return Book(db, known, authority="example.org,2026", now=LATER)


def article(text: str, source: str | None = "Kabar") -> Article:
    return Article(
        text=text,
        title=f"Of {text}",
        title_derived=False,
        published=None,
        source=source,
        language="en",
        link=None,
        start=0,
        end=0,
        evidence="",
    )


def identity(number: int) -> Fingerprint:
    return Fingerprint(recipe=1, digest=number.to_bytes(16, "little"))


def join(entry: int, to: int, *, recipe: int = 1, likeness: Likeness | None = None) -> Join:
    return Join(entry=entry, to=to, evidence=f"{entry} is like {to}", likeness=likeness, recipe=recipe)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Five entries; 3 and 5 tell what 1 does."""
    with opened(tmp_path / "seedwire.db") as opened_:
        with transaction(opened_):
            made = Book(opened_, (), authority="example.org,2026", now=NOW)
            for number in range(1, 6):
                made.add(article(f"text {number}"), identity(number))
            made.join(join(3, 1))
            made.join(join(5, 3))
            made.write()
        yield opened_


def leads(db: Database) -> list[int]:
    return [lead for (lead,) in db.conn.execute("select coalesce(story, number) from entries order by number")]


# ── Who tells them ──────────────────────────────────────────────────────────────────────────────────


def test_members_come_in_their_order_with_the_one_that_leads(db: Database) -> None:
    found = stories.members(db, (1, 2))
    assert {lead: [one.number for one in tellers] for lead, tellers in found.items()} == {1: [1, 3, 5], 2: [2]}
    assert leads(db) == [1, 2, 1, 4, 1], "a story is named by the one that leads it, whoever was compared"


def test_who_else_tells_it(db: Database) -> None:
    found = stories.also(db, (1, 2, 3))
    assert [(one.title, one.source) for one in found[1]] == [("Of text 3", "Kabar"), ("Of text 5", "Kabar")]
    assert set(found) == {1}


def test_the_newest_stories_of_more_than_one(db: Database) -> None:
    with transaction(db):
        more = book(db)
        more.join(join(4, 2))
        more.write()
    assert [(lead.number, count) for lead, count in stories.largest(db, 9)] == [(2, 2), (1, 3)]
    assert [lead.number for lead, _ in stories.largest(db, 1)] == [2]


def test_only_those_that_lead_are_of_the_feed(db: Database) -> None:
    assert [one.number for one in entries.newest(db, 9)] == [4, 2, 1]
    assert [one.number for one in entries.between(db, 1, 5, 9)] == [4, 2]
    assert entries.count(db) == 3


# ── Why ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_evidence_is_kept_as_it_was(db: Database) -> None:
    likeness = Likeness(
        score=0.93,
        words=80,
        mine=90,
        other=85,
        passages=(Passage(0, 40, 3, 43), Passage(50, 90, 60, 100)),
        differs=(("514", "512"), ("«Парус»", "Sail")),
        sampled=(7, 9),
    )
    with transaction(db):
        stories.add_joins(db, [join(4, 2, likeness=likeness)], NOW)
    assert stories.join_of(db, 4) == join(4, 2, likeness=likeness)
    assert stories.join_of(db, 2) is None
    stories.add_joins(db, [join(4, 1, recipe=2)], NOW)
    assert stories.join_of(db, 4) == join(4, 1, recipe=2), "an entry is in one story"
    assert [one.entry for one in stories.joins_before(db, 2)] == [3, 5]
    stories.part(db, (3, 4))
    assert [one.entry for one in stories.joins_before(db, 9)] == [5]


# ── What the texts were ─────────────────────────────────────────────────────────────────────────────


def test_texts_that_gave_way_are_numbered(db: Database) -> None:
    for text in ("another", "a third"):
        with transaction(db):
            revised = book(db)
            revised.revise(2, text, f"it is {text} now")
            revised.write()
    texts = stories.revisions(db, 2)
    assert [(one.number, one.text, one.evidence) for one in texts] == [
        (1, "text 2", "it is another now"),
        (2, "another", "it is a third now"),
    ]
    assert {one.replaced for one in texts} == {LATER}
    (entry,) = entries.numbered(db, (2,))
    assert (entry.text, entry.updated) == ("a third", LATER + timedelta(seconds=1)), "feeds count whole seconds"
    assert searched(db, "third")[0][0].number == 2


def test_two_revisions_of_one_portion_are_both_kept(db: Database) -> None:
    with transaction(db):
        revised = book(db)
        revised.revise(2, "another", "first")
        revised.revise(2, "a third", "second")
        revised.write()
    assert [one.text for one in stories.revisions(db, 2)] == ["text 2", "another"]


def test_a_text_that_is_shown_and_taken_back(db: Database) -> None:
    with transaction(db):
        lit = book(db)
        lit.show(1, "text 3 and more", "the fuller text of 3")
        lit.revise(1, "text 1, corrected", "the same title")
        assert (lit.get(1).text, lit.get(1).own) == ("text 3 and more", "text 1, corrected")
        lit.show(1, None, "its own again")
        lit.write()
    (entry,) = entries.numbered(db, (1,))
    assert (entry.text, entry.own) == ("text 1, corrected", None)
    assert [one.text for one in stories.revisions(db, 1)] == ["text 1", "text 1", "text 3 and more"]


def test_the_book_knows_every_text_of_an_entry(db: Database) -> None:
    with transaction(db):
        noted = book(db)
        noted.revise(2, "another", "first")
        noted.write()
        noted = book(db)
        noted.revise(2, "a third", "second")
        assert noted.texts(2) == ["a third", "text 2", "another"]


def test_the_copy_of_another_outlet_gets_an_id_that_nobody_has(db: Database) -> None:
    """However often it comes to be an entry."""
    with transaction(db):
        made = book(db, identity(1))
        numbers = [made.add(article("text 1", source), identity(1)) for source in ("Courier", "Courier", "Gazette")]
        made.write()
    with transaction(db):
        made = book(db, identity(1))
        numbers.append(made.add(article("text 1", "Courier"), identity(1)))
        made.write()
    found = list(entries.numbered(db, (1, *numbers)))
    assert len({one.key for one in found}) == len({one.uri for one in found}) == 5
    assert db.conn.execute("select count(*) from fingerprints").fetchone() == (5,)


# ── What operators decided ──────────────────────────────────────────────────────────────────────────


def test_the_last_word_counts(db: Database) -> None:
    stories.place(db, 3, Placing.SPLIT, 1, NOW)
    db.conn.execute("update entries set story = null where number = 3")
    assert stories.apart(db) == {frozenset((1, 3))}
    stories.place(db, 3, Placing.JOIN, 1, LATER)
    assert stories.apart(db) == set()
    assert stories.placed(db) == {3}
    stories.place(db, 3, Placing.SPLIT, 1, LATER)
    assert stories.apart(db) == {frozenset((1, 3))}
    assert stories.placed(db) == set()
    assert stories.placings(db, 3) == [(Placing.SPLIT, 1, NOW), (Placing.JOIN, 1, LATER), (Placing.SPLIT, 1, LATER)]


def test_stories_are_apart_by_who_leads_them_now(db: Database) -> None:
    stories.place(db, 4, Placing.SPLIT, 3, NOW)
    assert stories.apart(db) == {frozenset((1, 4))}
    assert [one.number for one in book(db).parted_from(4)] == [1, 3, 5]
    assert [one.number for one in book(db).parted_from(1)] == [4]
    assert book(db).parted_from(2) == []
