"""What was taken down, as it is kept; what readers are told of it, and which documents have to be written for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from archives import NOW, message, opened
from searches import searched
from sqlite_utils import Database

from worker.model import Article, Fingerprint, Join, Occasion, Placing
from worker.store import announcing, entries, outbox, retractions, stories
from worker.store.book import Book
from worker.store.database import transaction
from worker.store.retractions import LENT, NOT_RETRACTED

HOUR = timedelta(hours=1)
WIRE, TOPIC, SOURCE = 1, 501, 502


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Five entries; 3 and 5 tell what 1 does. All lead on the wire; 1 and 3 are of a source, 4 of a topic."""
    with opened(tmp_path / "seedwire.db") as db:
        with transaction(db):
            made = Book(db, (), authority="example.org,2026", now=NOW)
            for number in range(1, 6):
                made.add(article(f"text {number}"), Fingerprint(recipe=1, digest=number.to_bytes(16, "little")))
            for number in (3, 5):
                made.join(Join(entry=number, to=1, evidence="alike", likeness=None, recipe=1))
            made.write()
            db.conn.execute("delete from channels where id <> 1")
            db.conn.execute("delete from turns")
            db.conn.execute("insert into channels (id, kind, slug, name) values (501, 'topic', 'a', 'A')")
            db.conn.execute("insert into channels (id, kind, slug, name) values (502, 'source', 'b', 'B')")
            tell(db, WIRE, 1, 2, 4, 2)
            tell(db, TOPIC, 4)
            tell(db, SOURCE, 1, 3)
            archive(db, WIRE, 1, 1, 2)
            archive(db, WIRE, 2, 3, 3)
            db.conn.execute("delete from stale")
        yield db


def article(text: str) -> Article:
    return Article(
        text=text,
        title=f"Of {text}",
        title_derived=False,
        published=None,
        source=None,
        language="en",
        link=None,
        start=0,
        end=0,
        evidence="",
    )


def tell(db: Database, channel: int, *numbers: int) -> None:
    rows = [(channel, turn, number) for turn, number in enumerate(numbers, 1)]
    db.conn.executemany("insert into turns (channel, turn, entry) values (?, ?, ?)", rows)


def archive(db: Database, channel: int, number: int, first: int, last: int) -> None:
    db.conn.execute("insert into archives (channel, number, first, last) values (?, ?, ?, ?)",
                    (channel, number, first, last))  # fmt: skip


def stale(db: Database) -> list[tuple[int, int]]:
    return db.conn.execute("select channel, archive from stale order by 1, 2").fetchall()


def down(db: Database, number: int, now: datetime = NOW, reason: str = "wrong") -> None:
    assert retractions.add(db, number, reason, now)


def told(db: Database, channel: int, since: datetime = NOW - HOUR) -> list[int]:
    return [one.number for one in retractions.told(db, channel, since)]


# ── Which there are ─────────────────────────────────────────────────────────────────────────────────


def test_added_and_removed(db: Database) -> None:
    down(db, 2)
    down(db, 4, NOW + HOUR, "embargo")
    first, second = retractions.every(db)
    entry = entries.get(db, "4")
    assert entry is not None
    assert (first.number, first.uri, first.key, first.reason) == (4, entry.uri, entry.key, "embargo")
    assert (second.number, second.made) == (2, NOW)
    assert retractions.numbers(db) == {2, 4}
    assert (retractions.of(db, 4), retractions.of(db, 1)) == (first, None)
    assert (retractions.remove(db, 4), retractions.remove(db, 4)) == (True, False)
    assert retractions.every(db) == [second]


def test_the_same_again_is_nothing_new(db: Database) -> None:
    down(db, 2)
    assert not retractions.add(db, 2, "wrong", NOW + HOUR)
    assert retractions.add(db, 2, "embargo", NOW + HOUR)
    (kept,) = retractions.every(db)
    assert (kept.reason, kept.made) == ("embargo", NOW)


def test_what_goes_with_the_lead(db: Database) -> None:
    down(db, 1)
    gone = retractions.over(db, 3)
    assert gone == retractions.of(db, 1) is not None
    assert retractions.over(db, 2) is None
    assert [one.number for one in entries.where(db, f"where {NOT_RETRACTED}")] == [2, 4]
    down(db, 3, NOW + HOUR, "its own")
    assert retractions.over(db, 3) == retractions.of(db, 3)


def test_what_readers_are_given(db: Database) -> None:
    down(db, 3)
    down(db, 4)
    assert [one.number for one in entries.newest(db, 9)] == [2, 1]
    assert [one.number for one in entries.between(db, 0, 9, 9)] == [2, 1]
    assert entries.count(db) == 2
    assert [one.title for one in stories.also(db, [1])[1]] == ["Of text 5"]
    assert {one.number for one, _ in searched(db, "text")} == {1, 2}
    db.conn.execute("update entries set place = 9 where number in (2, 4)")
    assert [one.number for one in entries.newest(db, 9)] == [2, 1]
    assert [one.number for one in entries.between(db, 5, 9, 9)] == [2]


# ── What readers are told ───────────────────────────────────────────────────────────────────────────


def test_told_where_it_had_a_turn(db: Database) -> None:
    down(db, 2)
    down(db, 4, NOW + HOUR)
    assert told(db, WIRE) == [4, 2], "the last first, however many turns one had"
    assert (told(db, TOPIC), told(db, SOURCE)) == ([4], [])
    assert told(db, WIRE, NOW) == [4]
    assert told(db, WIRE, NOW + HOUR) == []


def test_told_of_all_that_went_with_it(db: Database) -> None:
    down(db, 1)
    assert (told(db, WIRE), told(db, SOURCE)) == ([1], [3, 1])
    down(db, 3, NOW - HOUR, "its own")
    by_number = {one.number: one.reason for one in retractions.told(db, SOURCE, NOW - 2 * HOUR)}
    assert by_number == {1: "wrong", 3: "its own"}


def test_told_of_a_stretch(db: Database) -> None:
    down(db, 2)
    down(db, 4, NOW + HOUR)
    stretches = ((1, 2), (3, 3), (3, 4), (1, 1))
    found = [[one.number for one in retractions.within(db, WIRE, *stretch)] for stretch in stretches]
    assert found == [[2], [4], [4, 2], []]


def test_between_moments(db: Database) -> None:
    down(db, 1)
    down(db, 4, NOW + HOUR)
    assert retractions.between(db, None, NOW) == [1, 3, 5]
    assert retractions.between(db, NOW, NOW + HOUR) == [4]
    assert retractions.between(db, NOW - HOUR, NOW - HOUR) == []


# ── Documents ───────────────────────────────────────────────────────────────────────────────────────


def test_documents_that_tell_it_are_written_again(db: Database) -> None:
    announcing.soil(db, [2])
    assert stale(db) == [(WIRE, 0), (WIRE, 1)], "its last turn is in no archive document yet"
    announcing.soil(db, [4, 3])
    assert stale(db) == [(WIRE, 0), (WIRE, 1), (WIRE, 2), (TOPIC, 0), (SOURCE, 0)]


def test_a_turn_more_where_readers_see_it(db: Database) -> None:
    announcing.tell_again(db, [4])
    turns = db.conn.execute("select channel, turn from turns where entry = 4 order by 1, 2").fetchall()
    assert turns == [(WIRE, 3), (WIRE, 5), (TOPIC, 1), (TOPIC, 2)]
    assert stale(db) == [(WIRE, 0), (TOPIC, 0)]


def test_what_does_not_lead_has_one_in_its_source_alone(db: Database) -> None:
    db.conn.execute("insert into turns (channel, turn, entry) values (1, -1, 3)")  # it led before
    announcing.tell_again(db, [3, 1])
    turns = db.conn.execute("select channel, turn, entry from turns where entry in (1, 3) order by 1, 2").fetchall()
    assert turns == [(1, -1, 3), (1, 1, 1), (1, 5, 1), (502, 1, 1), (502, 2, 3), (502, 3, 1), (502, 4, 3)]


def test_who_has_shown_it(db: Database) -> None:
    keys = {number: one.key for number in range(1, 6) if (one := entries.get(db, str(number)))}
    assert retractions.borrowers(db, 4) == {4}
    assert retractions.borrowers(db, 3) == {1, 3, 5}
    stories.add_revisions(db, [(2, "text", f"{LENT}{keys[4]}"), (1, "text", "corrected")], NOW)
    stories.place(db, 4, Placing.SPLIT, 1, NOW)
    assert retractions.borrowers(db, 4) == {1, 2, 4}
    assert not retractions.has_borrowed(db, 2)
    down(db, 4)
    assert retractions.has_borrowed(db, 2)
    assert not retractions.has_borrowed(db, 1)


# ── Mail ────────────────────────────────────────────────────────────────────────────────────────────


def test_messages_that_tell_of_it(db: Database) -> None:
    occasion = Occasion(name="one", due=NOW)
    number = outbox.add_notice(db, message("one"), occasion, NOW)
    db.conn.execute("update outbox set after = 0, upto = 3")
    assert not retractions.in_message(db, number)
    down(db, 4)
    assert not retractions.in_message(db, number), "it is not in that stretch"
    down(db, 5, NOW - HOUR)
    assert not retractions.in_message(db, number), "it was left out as the message was made"
    down(db, 3)
    assert retractions.in_message(db, number), "its lead is"
