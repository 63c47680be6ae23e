"""Dumps, files, the ledger of their pieces, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from archives import NOW, drop, ingested, opened, page
from invented import body
from sqlite_utils import Database

from worker.model import Failure
from worker.store import dumps, entries, ledger, pages, runs
from worker.store.database import transaction


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "seedwire.db") as database:
        yield database


def test_every_piece_of_every_page_in_the_order_of_paths(db: Database, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    drop(seeds, "b.txt", page(1, title="Ferry returns"))
    drop(seeds, "a/a.txt", page(2, title="Goats") + "\n" + page(1, title="Ferry returns").partition("\n\n")[2])
    ingested(db, seeds)
    lines = list(ledger.ledger(db))
    assert [line.path for line in lines] == sorted(line.path for line in lines)
    by_path = {path: [line for line in lines if line.path == path] for path in ("a/a.txt", "b.txt")}
    for pieces in by_path.values():
        assert pieces[0].start == 0
        assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
    (stored,) = (line for line in by_path["b.txt"] if line.entry)
    assert stored.outcome == "reprint", "its text stands within the other page's, too"
    entry = entries.get(db, stored.entry or "")
    assert entry is not None
    assert stored.first_words.split() == body(1).split()[:8]
    assert {line.outcome for line in lines} >= {"title", "date", "chrome", "stored"}
    assert all(line.reason for line in lines if line.entry)


def test_sightings_of_an_entry_the_first_one_first(db: Database, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    for name in ("one.txt", "two.txt"):
        drop(seeds, name, page(1, title="Ferry returns") + f"\nTell a friend {name}\n")
    ingested(db, seeds)
    sightings = ledger.sightings(db, 1)
    assert [(one.path, one.outcome) for one in sightings] == [("one.txt", "stored"), ("two.txt", "duplicate")]
    assert {one.charset for one in sightings} == {"utf-8"}
    assert {one.captured for one in sightings} == {"2026-11-10"}
    text = page(1, title="Ferry returns")
    assert all(text[one.start : one.end].split() == body(1).split() for one in sightings[:1])


def test_files_are_remembered_as_they_were_read(db: Database, tmp_path: Path) -> None:
    path = drop(tmp_path / "seeds", "a.txt", page(1))
    ingested(db, tmp_path / "seeds")
    state = path.stat()
    assert [(one.path, one.size, one.mtime_ns) for one in dumps.looks(db)] == [
        ("a.txt", state.st_size, state.st_mtime_ns)
    ]


def test_a_page_is_kept_whatever_becomes_of_its_file(db: Database, tmp_path: Path) -> None:
    path = drop(tmp_path / "seeds", "a.txt", page(1, title="Тётя 🐐 \u2028 и гусь"))
    text = path.read_text(encoding="utf-8")
    ingested(db, tmp_path / "seeds")
    path.unlink()
    (blob,) = db.conn.execute("select text from pages").fetchone()
    assert pages.unpacked(blob) == text


def test_failures_are_counted_and_cleared(db: Database) -> None:
    first, second = (Failure(path=path, reason="no access") for path in ("a.txt", "b.txt"))
    assert not dumps.any_failures(db)
    for now, failing in ((NOW, [first, second]), (NOW + timedelta(hours=1), [second])):
        with transaction(db):
            dumps.record_failures(db, failing, now)
    assert runs.failures(db, 9) == [(second, NOW, 2)]
    assert dumps.any_failures(db)
    with transaction(db):
        dumps.record_failures(db, [], NOW)
    assert runs.failures(db, 9) == []


def test_totals_and_outcomes(db: Database, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    text = page(1, title="Ferry returns")
    drop(seeds, "a.txt", text)
    drop(seeds, "copy.txt", text)
    drop(seeds, "b.txt", text + "\n1 2 3 4\n")
    ingested(db, seeds)
    totals = runs.totals(db)
    assert {name: totals[name] for name in ("files", "dumps", "pages", "entries", "failures", "subscriptions")} == {
        "files": 3,
        "dumps": 2,
        "pages": 2,
        "entries": 1,
        "failures": 0,
        "subscriptions": 0,
    }
    assert totals["characters"] == totals["characters_in_pieces"] == 2 * len(text) + len("\n1 2 3 4\n")
    assert runs.outcomes(db) == {"duplicate": 1, "stored": 1}
