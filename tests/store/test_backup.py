"""A copy taken while others write is one moment of the archive, whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Event, Thread

import pytest
from archives import drop, ingested, opened, page

from worker.store import runs
from worker.store.database import backup, check, transaction


def test_a_backup_is_the_archive(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        drop(tmp_path / "seeds", "a.txt", page(1, title="Ferry returns"))
        ingested(db, tmp_path / "seeds")
        backup(db, tmp_path / "copy.db")
        totals = runs.totals(db)
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]
    with opened(tmp_path / "copy.db") as copy:
        assert (runs.totals(copy), check(copy)) == (totals, None)


def test_a_backup_replaces_the_one_before(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        (tmp_path / "copy.db").write_bytes(b"an older one")
        backup(db, tmp_path / "copy.db")
    with opened(tmp_path / "copy.db") as copy:
        assert check(copy) is None


def test_a_backup_while_another_writes_holds_whole_transactions(tmp_path: Path) -> None:
    """Each transaction adds a pair: a copy with half a pair would be torn."""
    with opened(tmp_path / "a.db") as db:
        db.conn.execute("create table pairs (number integer, filler blob)")
    stop = Event()

    def write() -> None:
        number = 0
        with opened(tmp_path / "a.db") as db:
            while not stop.is_set():
                number += 1
                with transaction(db):
                    db.conn.execute("insert into pairs values (?, zeroblob(3000))", (number,))
                    db.conn.execute("insert into pairs values (?, zeroblob(3000))", (-number,))

    writer = Thread(target=write)
    writer.start()
    try:
        with opened(tmp_path / "a.db") as db:
            for number in range(5):
                backup(db, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        with opened(tmp_path / f"{number}.db") as copy:
            assert check(copy) is None
            assert copy.conn.execute("select coalesce(sum(number), 0) from pairs").fetchone() == (0,)


def test_a_backup_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        with pytest.raises((OSError, sqlite3.Error)):
            backup(db, tmp_path / "nowhere" / "copy.db")
        (tmp_path / "full.db.part").mkdir()
        (tmp_path / "full.db").write_bytes(b"the old one")
        with pytest.raises((OSError, sqlite3.Error)):
            backup(db, tmp_path / "full.db")
    assert (tmp_path / "full.db").read_bytes() == b"the old one"
