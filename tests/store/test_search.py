"""Search finds what was typed, each story once, whatever was typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from archives import NOW, drop, ingested, opened, page
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from worker.model import Entry, StatedDate, Topic
from worker.store import entries, search, topics
from worker.store.search import Part, Search, found, marked


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "seedwire.db") as db:
        yield db


def kept(db: Database, number: int, title: str = "", text: str = "", **more: object) -> Entry:
    """An entry of the archive, made as it is told."""
    values: dict[str, object] = {
        "number": number,
        "key": f"key{number}",
        "uri": f"tag:example.org,2026:item/key{number}",
        "title": title or f"Ferry {number}",
        "title_derived": False,
        "published": None,
        "source": None,
        "language": "en",
        "link": None,
        "text": text or f"The ferry of number{number} sails at nine.",
        "stored": datetime(2026, 11, 20, 12, tzinfo=UTC),
        "updated": datetime(2026, 11, 20, 12, tzinfo=UTC),
    }
    entry = Entry(**(values | more))  # type: ignore[arg-type]
    entries.insert(db, [entry])
    entries.index(db, [number])
    return entry


def numbers(db: Database, words: str = "ferry", **asked: object) -> list[int]:
    return [hit.entry.number for hit in found(db, Search(words=words, **asked)).hits]  # type: ignore[arg-type]


def test_newest_come_first_and_the_best_where_that_is_asked_for(db: Database) -> None:
    kept(db, 1, "The ferry and the ferry", "ferry ferry")
    kept(db, 2, "A quay", "a word of it: ferry, " + "and other words " * 30)
    assert numbers(db) == [2, 1]
    assert numbers(db, best=True) == [1, 2]


def test_what_was_looked_for_is_marked_in_title_and_text(db: Database) -> None:
    kept(db, 1, "<b>Ferry</b> & co", "It sails.\nThe FERRY <i>sails</i>.")
    (hit,) = found(db, Search(words="ferry")).hits
    assert hit.title == (Part("<b>", False), Part("Ferry", True), Part("</b> & co", False))
    assert marked(hit.snippet, "[", "]") == "It sails. The [FERRY] <i>sails</i>."


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example('"')
@example("*ferry")
@example("fer*")
@example("a* OR b*")
@example("NEAR(")
@example("nowhere: ferry")
@example("ferry\x00")
@example("(" * 400 + "ferry")
@example("\ud800 ferry")
@example("ferry NOT")
@given(st.text(alphabet=st.sampled_from("ferry AND OR NOT NEAR(),\"*:^-+{}\\'\x00\ud800é")) | st.text())
def test_whatever_is_typed_is_answered(db: Database, words: str) -> None:
    if not db.conn.execute("select 1 from entries").fetchone():
        kept(db, 1)
    for best in (False, True):
        assert found(db, Search(words=words, best=best)).total <= 1


def test_what_is_no_query_is_searched_as_plain_words(db: Database) -> None:
    kept(db, 1, text="The lake-ferry (old) sails.")
    assert numbers(db, "lake-ferry (old") == [1]
    assert numbers(db, 'nothing: "') == []


def test_a_day_is_that_of_publishing_or_else_of_storing(db: Database) -> None:
    kept(db, 1, published=StatedDate.from_iso("2026-11-07T23:59+05:00"))
    kept(db, 2, published=StatedDate.from_iso("2026-11-08"))
    kept(db, 3)
    assert numbers(db, first=date(2026, 11, 7), last=date(2026, 11, 7)) == [1]
    assert numbers(db, first=date(2026, 11, 8)) == [3, 2]
    assert numbers(db, last=date(2026, 11, 8)) == [2, 1]
    assert numbers(db, first=date(2026, 11, 20), last=date(2026, 11, 20)) == [3]


def test_a_source_is_known_by_its_slug_however_its_name_is_spelled(db: Database) -> None:
    kept(db, 1, source="Harbour Board")
    kept(db, 2, source="HARBOUR  BOARD")
    kept(db, 3, source="Lake Board")
    assert numbers(db, source="harbour-board") == [2, 1]
    assert numbers(db, source="nobody") == []


def test_a_source_that_nobody_names_is_known_by_its_channel(db: Database) -> None:
    kept(db, 1, link="https://lake.example/1")
    kept(db, 2)
    db.conn.execute("insert into channels (id, kind, slug, name) values (7, 'source', 'lake-example', 'lake.example')")
    db.conn.execute("insert into turns (channel, turn, entry) values (7, 1, 1)")
    assert numbers(db, source="lake-example") == [1]


def test_only_what_a_topic_found(db: Database) -> None:
    topics.sync(db, [Topic(name="Quays", slug="quays", query="quay")])
    kept(db, 1, text="A ferry at the quay.")
    kept(db, 2)
    topics.assign(db, [1, 2])
    assert numbers(db, topic="quays") == [1]
    assert numbers(db, topic="none") == []


def test_each_story_comes_once_and_leads_to_the_entry_that_leads_it(db: Database) -> None:
    kept(db, 1, "Quay", "Nothing of boats.")
    kept(db, 2, text="A ferry.", story=1)
    kept(db, 3, text="A ferry again.", story=1)
    hits = found(db, Search(words="ferry")).hits
    assert [(hit.entry.number, hit.telling.number) for hit in hits] == [(1, 3)]
    assert [(hit.entry.number, hit.telling.number) for hit in found(db, Search(words="quay")).hits] == [(1, 1)]


def test_an_entry_that_is_found_itself_is_shown_as_itself(db: Database) -> None:
    kept(db, 1, text="A ferry first.")
    kept(db, 2, text="A ferry again.", story=1)
    assert [(hit.entry.number, hit.telling.number) for hit in found(db, Search(words="ferry")).hits] == [(1, 1)]


def test_what_was_taken_down_is_not_found_nor_led_to(db: Database) -> None:
    kept(db, 1, text="A ferry first.")
    kept(db, 2, text="A ferry again.", story=1)
    kept(db, 3)
    kept(db, 4, text="A ferry once more.")
    kept(db, 5, text="A ferry elsewhere.", story=4)
    for number in (1, 3, 5):  # with 1, which leads the story, 2 is gone
        db.conn.execute("insert into retractions values (?, '', '2026-11-21T00:00:00Z')", (number,))
    assert [(hit.entry.number, hit.telling.number) for hit in found(db, Search(words="ferry")).hits] == [(4, 4)]


def test_pages_hold_every_story_once_though_others_come_meanwhile(db: Database) -> None:
    for number in range(1, 8):
        kept(db, number)
    first = found(db, Search(words="ferry"), limit=3)
    kept(db, 8)
    second = found(db, Search(words="ferry"), limit=3, cursor=first.cursor)
    third = found(db, Search(words="ferry"), limit=3, cursor=second.cursor)
    shown = [hit.entry.number for page in (first, second, third) for hit in page.hits]
    assert shown == [7, 6, 5, 4, 3, 2, 1]
    assert third.cursor == ""
    assert [one.total for one in (first, second, third)] == [7, 7, 7]


@pytest.mark.parametrize("cursor", ["-1", "x", "1-x", "99999999999999999999-1", "7-999999", "٣-١"])
def test_a_cursor_that_nobody_gave_does_no_harm(db: Database, cursor: str) -> None:
    kept(db, 1)
    assert found(db, Search(words="ferry"), cursor=cursor).total <= 1


def test_no_more_than_so_many_are_looked_at(db: Database) -> None:
    for number in range(1, 6):
        kept(db, number)
    results = found(db, Search(words="ferry", best=True), depth=3)
    assert (results.total, results.more, sorted(hit.entry.number for hit in results.hits)) == (3, True, [3, 4, 5])
    assert not found(db, Search(words="ferry"), depth=5).more


def test_what_a_replay_found_is_no_arrival(db: Database) -> None:
    kept(db, 1)
    kept(db, 2, place=1)
    assert numbers(db) == [2, 1]
    assert [hit.entry.number for hit in found(db, Search(words="ferry"), arrivals=True).hits] == [1]


def test_it_finds_what_an_ingest_stores(db: Database, tmp_path: Path) -> None:
    drop(tmp_path / "seeds", "a.txt", page(1, title="The ferry returns"))
    ingested(db, tmp_path / "seeds", NOW)
    (hit,) = found(db, Search(words="title: ferry", first=date(2026, 11, 7), last=date(2026, 11, 7))).hits
    assert marked(hit.title, "[", "]") == "The [ferry] returns"
    assert search.DEPTH == 1000
