"""The one way to write, and what is said when the database cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from archives import NOW, drop, ingested, opened, page
from invented import body
from sqlite_utils import Database

from worker.errors import SchemaTooNew, StoreBroken, StoreBusy, StoreError, StoreFull
from worker.store import database, runs
from worker.store.database import check, durable, open_database, put, store_error, take, transaction


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "seedwire.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with opened(path) as database:
        yield database


def said(error: Exception, path: Path) -> str:
    """The one line for the operator, which names the file."""
    line = str(error)
    assert "\n" not in line
    assert str(path) in line
    return line


# ── Transactions ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("write", [transaction, durable])
def test_four_threads_that_read_and_add_one_lose_nothing(path: Path, write: object) -> None:
    with opened(path) as db:
        db.conn.execute("create table counter (value integer)")
        db.conn.execute("insert into counter values (0)")
    failures: list[Exception] = []

    def add() -> None:
        try:
            with opened(path) as db:
                for _ in range(100):
                    with write(db):  # type: ignore[operator]
                        (value,) = db.conn.execute("select value from counter").fetchone()
                        db.conn.execute("update counter set value = ?", (value + 1,))
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened(path) as db:
        assert (failures, db.conn.execute("select value from counter").fetchone()) == ([], (400,))


def test_a_transaction_takes_the_lock_at_once(db: Database, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 0.05)
    with opened(path) as other, transaction(db):
        with pytest.raises(sqlite3.OperationalError) as caught, transaction(other):
            pass
        assert isinstance(store_error(caught.value, path), StoreBusy)


class PowerCut(BaseException):
    """What no `except Exception` stops."""


@pytest.mark.parametrize("kind", [ValueError, PowerCut, KeyboardInterrupt])
def test_whatever_ends_a_transaction_early_undoes_it(db: Database, kind: type[BaseException]) -> None:
    db.conn.execute("create table t (x)")
    with pytest.raises(kind), transaction(db):
        db.conn.execute("insert into t values (1)")
        raise kind
    assert not db.conn.in_transaction
    assert db.conn.execute("select count(*) from t").fetchone() == (0,)


def test_readers_see_only_what_is_committed(db: Database, path: Path) -> None:
    db.conn.execute("create table t (x)")
    with opened(path) as other, transaction(db):
        db.conn.execute("insert into t values (1)")
        assert other.conn.execute("select count(*) from t").fetchone() == (0,)
    assert db.conn.execute("select count(*) from t").fetchone() == (1,)


def test_what_is_durable_has_reached_the_disk_and_the_rest_goes_on_fast(db: Database) -> None:
    with durable(db):
        assert db.conn.execute("pragma synchronous").fetchone() == (2,)
    assert db.conn.execute("pragma synchronous").fetchone() == (1,)
    with pytest.raises(ValueError, match="x"), durable(db):
        raise ValueError("x")
    assert db.conn.execute("pragma synchronous").fetchone() == (1,)


def test_an_instant_comes_back_as_it_was_put() -> None:
    assert put(NOW) == "2026-11-23T12:00:00Z"
    assert take(put(NOW)) == NOW


# ── Opening ─────────────────────────────────────────────────────────────────────────────────────────


def test_opening_again_changes_nothing(path: Path) -> None:
    with opened(path) as db:
        before = db.schema
        version = db.conn.execute("select * from _sqlite_migrations order by 1, 2").fetchall()
    content = path.read_bytes()
    with opened(path) as db:
        assert db.schema == before
        assert db.conn.execute("select * from _sqlite_migrations order by 1, 2").fetchall() == version
        assert db.conn.execute("pragma foreign_keys").fetchone() == (1,)
        assert db.conn.execute("pragma journal_mode").fetchone() == ("wal",)
    assert path.read_bytes() == content


def test_many_processes_may_open_a_new_archive_at_once(path: Path) -> None:
    code = "import sys, pathlib; from worker.store.database import open_database as o; o(pathlib.Path(sys.argv[1]))"
    openers = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.PIPE, text=True) for _ in range(5)
    ]
    assert [(opener.communicate(timeout=60)[1], opener.returncode) for opener in openers] == [("", 0)] * 5
    with opened(path) as db:
        names = [row[0] for row in db.conn.execute("select name from _sqlite_migrations")]
        assert len(names) == len(set(names)) >= 4
        assert check(db) is None


def test_an_archive_of_a_newer_version_is_refused(path: Path) -> None:
    with opened(path) as db:
        db["_sqlite_migrations"].insert(  # type: ignore[union-attr]
            {"migration_set": "seedwire", "name": "time_travel", "applied_at": "2030-01-01"}
        )
    content = path.read_bytes()
    with pytest.raises(SchemaTooNew) as caught:
        open_database(path)
    assert "time_travel" in said(caught.value, path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"Dear diary, today it rained.\n" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreBroken) as caught:
        open_database(path)
    said(caught.value, path)
    assert path.read_bytes() == content


def test_a_damaged_archive_is_told_apart_from_a_sound_one(path: Path, tmp_path: Path) -> None:
    with opened(path) as db:
        for number in range(30):
            drop(tmp_path / "seeds", f"{number}.txt", page(number))
        ingested(db, tmp_path / "seeds")
        assert check(db) is None
        db.conn.execute("pragma wal_checkpoint(truncate)")
    content = bytearray(path.read_bytes())
    content[4096 * 20 : 4096 * 40] = b"\xaa" * (4096 * 20)
    path.write_bytes(bytes(content))
    try:
        with opened(path) as db:
            assert check(db)
    except StoreBroken as error:
        said(error, path)


def test_a_locked_archive_is_waited_for_and_then_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("begin exclusive")
        with pytest.raises(StoreBusy) as caught:
            open_database(path)
        said(caught.value, path)
    with opened(path) as db:
        assert check(db) is None


def test_a_folder_in_the_place_of_the_file_or_a_file_in_that_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "folder", tmp_path / "file" / "seedwire.db"):
        with pytest.raises(StoreError) as caught:
            open_database(path)
        said(caught.value, path)


def test_a_full_disk_undoes_the_batch_and_nothing_else(db: Database, path: Path, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    drop(seeds, "a.txt", page(1, title="Ferry returns"))
    ingested(db, seeds)
    before = runs.totals(db)
    (pages,) = db.conn.execute("pragma page_count").fetchone()
    db.conn.execute(f"pragma max_page_count = {pages + 4}")
    drop(seeds, "b.txt", "\n\n".join(body(number) for number in range(200)))
    with pytest.raises(sqlite3.OperationalError) as caught:
        ingested(db, seeds)
    error = store_error(caught.value, path)
    assert isinstance(error, StoreFull)
    said(error, path)
    assert runs.totals(db) == before
    db.conn.execute("pragma max_page_count = 100000")
    ingested(db, seeds)
    assert runs.totals(db)["dumps"] == 2
    assert check(db) is None
