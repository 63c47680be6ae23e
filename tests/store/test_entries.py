"""Entries: stored once, found again by any words, filled in once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from archives import NOW, drop, found, ingested, opened, page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import body
from searches import searched
from sqlite_utils import Database

from worker.model import Outcome
from worker.store import entries


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Four entries that are only read."""
    folder = tmp_path_factory.mktemp("entries")
    drop(folder / "seeds", "1.txt", page(1, title="Ferry returns to the lake"))
    drop(folder / "seeds", "2.txt", page(2, title="В Сарыбеле открыли мастерскую", text=_RUSSIAN))
    drop(folder / "seeds", "3.txt", page(3, title="Crème brûlée and O'Hara's goats"))
    drop(folder / "seeds", "4.txt", page(4))
    with opened(folder / "seedwire.db") as db:
        ingested(db, folder / "seeds")
        yield db


_RUSSIAN = (
    "В бывшей котельной заработала мастерская, где горожане сами чинят чайники, стулья, зонты и игрушки, и туда "
    "уже записались сорок человек, которым надоело выбрасывать вещи.\n"
)


# ── Search ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("ferry lake", "Ferry returns to the lake"),
        ("FERRY AND returns", "Ferry returns to the lake"),
        ('"returns to the lake"', "Ferry returns to the lake"),
        ("title:retur*", "Ferry returns to the lake"),
        ("чайники", "В Сарыбеле открыли мастерскую"),
        ("САРЫБЕЛЕ", "В Сарыбеле открыли мастерскую"),
        ("creme brulee", "Crème brûlée and O'Hara's goats"),
        ("o'hara's", "Crème brûlée and O'Hara's goats"),
        ("brûlée-and", "Crème brûlée and O'Hara's goats"),
    ],
)
def test_search_finds(archive: Database, query: str, title: str) -> None:
    assert found(archive, query) == [title]


@pytest.mark.parametrize(
    "query",
    [
        *('foo"bar', "AND", "a-b", "x' OR", '"', "'", "*", "NEAR(", "(", ")", "^", ":", "title:", "nothing:x", "-"),
        *("", " ", "NOT", "OR OR", "{a b}:c", "🐐", "%", "; drop table entries", "a AND"),
        *("(" * 300, "a OR " * 300 + "a", "NOT " * 300, "word " * 2000, "a" * 20_000),
    ],
)
def test_search_takes_whatever_people_type(archive: Database, query: str) -> None:
    found(archive, query)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.sampled_from("aб \"'*-+:(){}^,ANDORT\n")) | st.text(st.characters(codec="utf-8")))
def test_search_never_fails(archive: Database, query: str) -> None:
    found(archive, query)


def test_search_shows_where_it_stands_and_no_more_than_asked(archive: Database) -> None:
    ((entry, snippet),) = searched(archive, "чайники")
    assert entry.language == "ru"
    assert "[чайники]" in snippet
    assert len(searched(archive, "number")) == 3


# ── Names and order ─────────────────────────────────────────────────────────────────────────────────


def test_an_entry_goes_by_key_id_and_number(archive: Database) -> None:
    (entry,) = entries.newest(archive, 1)
    assert [entries.get(archive, name) for name in (entry.key, entry.key.upper(), entry.uri, "4")] == [entry] * 4
    assert entry.uri.startswith("tag:example.org,2026:")
    assert [entries.get(archive, name) for name in ("", "0", "99", "-1", "9" * 30, "x'", "\x00", "²")] == [None] * 8


def test_stretches_of_ingest_order(archive: Database) -> None:
    assert [entry.number for entry in entries.newest(archive, 9)] == [4, 3, 2, 1]
    assert [entry.number for entry in entries.between(archive, 1, 3, 9)] == [3, 2]
    assert [entry.number for entry in entries.between(archive, 0, 4, 1)] == [4]
    assert (entries.count(archive), entries.count(archive, 1, 3), entries.last_number(archive)) == (4, 2, 4)
    assert entries.last_before(archive, NOW) == 0
    assert entries.last_before(archive, NOW + timedelta(seconds=1)) == 4


def test_an_empty_archive_has_no_last_entry(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        assert (entries.last_number(db), entries.newest(db, 5), entries.count(db)) == (0, [], 0)


# ── Fills ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_missing_is_filled_in_once(tmp_path: Path) -> None:
    """Title and date come with a later sighting; `updated` stays, and what is stated never moves."""
    seeds = tmp_path / "seeds"
    with opened(tmp_path / "seedwire.db") as db:
        drop(seeds, "1.txt", page(1))
        ingested(db, seeds)
        (bare,) = entries.newest(db, 9)
        assert (bare.title_derived, bare.published) == (True, None)

        drop(seeds, "2.txt", page(1, title="Ferry returns"))
        done = ingested(db, seeds, NOW + timedelta(hours=1))
        assert (done.changed, done.outcomes) == (True, {Outcome.DUPLICATE: 1})
        (full,) = entries.newest(db, 9)
        assert full.published is not None
        assert (full.title, full.title_derived, full.published.iso()) == ("Ferry returns", False, "2026-11-07T09:40")
        assert (full.uri, full.updated, full.stored) == (bare.uri, bare.updated, bare.stored)
        assert found(db, "returns") == ["Ferry returns"]

        drop(seeds, "3.txt", page(1, title="Another headline", stated="08.11.2026, 11:11"))
        done = ingested(db, seeds, NOW + timedelta(hours=2))
        assert not done.changed
        assert entries.newest(db, 9) == [full]


def test_the_index_agrees_with_the_entries_after_fills(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    with opened(tmp_path / "seedwire.db") as db:
        for number in (1, 2, 3):
            drop(seeds, f"{number}.txt", page(number))
        ingested(db, seeds)
        words = body(2).split()[0]
        for number in (1, 3):
            drop(seeds, f"{number}-again.txt", page(number, title=f"Zebra {number}"))
        ingested(db, seeds)
        db.conn.execute("insert into entries_fts (entries_fts, rank) values ('integrity-check', 1)")
        assert sorted(found(db, "zebra")) == ["Zebra 1", "Zebra 3"]
        assert found(db, f"title:{words}") != []
