"""Opening the database, and the one way to write to it. Holds no business logic."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from worker.errors import SchemaTooNew, StoreBroken, StoreBusy, StoreError, StoreFull
from worker.store.schema import migrations

#: Seconds that a writer waits for another; a portion takes well under one.
_PATIENCE = 30.0
#: Bytes that SQLite needs to open a database with its log and index of the log.
_ROOM = 1 << 20
_MOST_VALUES = 500  # in one statement; SQLite may be built for no more than 999
T = TypeVar("T")
#: Result codes of SQLite (sqlite.org/rescode.html), low byte.
_BUSY, _LOCKED, _FULL, _IOERR, _CORRUPT, _CANTOPEN, _NOTADB, _READONLY = 5, 6, 13, 10, 11, 14, 26, 8


def open_database(path: Path) -> Database:
    """Open the store at `path`, creating or migrating it as needed.

    A connection belongs to the thread that opened it. Raises StoreError and its kind.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        connection.execute("pragma page_size = 16384")  # of a new file; an article then fits its page
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        connection.execute("pragma temp_store = memory")
        connection.execute("pragma cache_size = -8000")  # KB; about what one portion of ingest changes
        db = Database(connection)
        _migrate(db, path)
    except (sqlite3.Error, OSError, StoreError) as error:
        if connection is not None:
            connection.close()
        raise error if isinstance(error, StoreError) else store_error(error, path) from error
    return db


def _migrate(db: Database, path: Path) -> None:
    ours = {migration.name for migration in migrations.pending(db)} | _applied(db)
    if unknown := sorted(_applied(db) - {m.name for m in migrations._migrations}):  # noqa: SLF001 - no public list
        raise SchemaTooNew(
            f"{path} was written by a newer seedwire (it knows {', '.join(unknown)}): "
            "install that version, or restore a backup made before the upgrade"
        )
    if ours - _applied(db):
        with transaction(db):  # two processes may start at once
            migrations.apply(db)


def _applied(db: Database) -> set[str]:
    return {migration.name for migration in migrations.applied(db)}


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """A write transaction that takes the lock at once: deferred ones fail in the middle when they meet.

    Commits at the end; rolls back on any exception, also on one that ends the process.
    """
    db.conn.execute("begin immediate")
    try:
        yield db
        db.conn.execute("commit")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("rollback")
        raise


@contextmanager
def snapshot(db: Database) -> Iterator[Database]:
    """Reads that belong together: they see the store as it was at the first of them, whoever writes meanwhile."""
    db.conn.execute("begin")
    try:
        yield db
    finally:
        db.conn.execute("rollback")


@contextmanager
def durable(db: Database) -> Iterator[Database]:
    """A write transaction that has reached the disk when it ends: for what is told to the outside world."""
    db.conn.execute("pragma synchronous = full")
    try:
        with transaction(db):
            yield db
    finally:
        db.conn.execute("pragma synchronous = normal")


def store_error(error: Exception, path: Path) -> StoreError:
    """An error of SQLite or of the file system as one line for the operator: what, on what, what to do."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == _FULL or getattr(error, "errno", None) == errno.ENOSPC or (code == _IOERR and _no_space(path)):
        return StoreFull(f"no space left for {path}: free some and run again; nothing read so far is lost")
    if code in {_CORRUPT, _NOTADB}:
        return StoreBroken(
            f"{path} is damaged or no seedwire database ({error}): restore a backup, or move it away to start anew"
        )
    if code in {_BUSY, _LOCKED}:
        return StoreBusy(f"{path} is locked by another process for {_PATIENCE:.0f} s: end it, or try again")
    if code in {_CANTOPEN, _READONLY} or isinstance(error, OSError):
        return StoreError(f"cannot open {path} ({error}): check that the folder exists and may be written")
    if code == _IOERR:
        return StoreError(f"{path} cannot be read or written ({error}): check the disk")
    return StoreError(f"{path}: {error}: restore a backup if it persists")


def _no_space(path: Path) -> bool:
    """Whether the disk is quite full: SQLite then cannot even make the files it works with, and says "I/O error"."""
    try:
        return shutil.disk_usage(path.parent).free < _ROOM
    except OSError:
        return False


def check(db: Database) -> str | None:
    """What SQLite finds wrong with the file; None where it is sound."""
    found = [row[0] for row in db.conn.execute("pragma quick_check(3)")]
    return None if found == ["ok"] else "; ".join(found)


def backup(db: Database, target: Path) -> None:
    """A consistent copy of the database while others write. Raises OSError or sqlite3.Error."""
    partial = target.with_name(target.name + ".part")
    copy = sqlite3.connect(partial)
    try:
        db.conn.backup(copy)
        copy.execute("pragma journal_mode = delete")
    finally:
        copy.close()
    partial.replace(target)


def batched(wanted: Iterable[T]) -> Iterator[list[T]]:
    """Values in lists short enough for one `in (?, ?, …)`."""
    values = list(wanted)
    for first in range(0, len(values), _MOST_VALUES):
        yield values[first : first + _MOST_VALUES]


def next_id(db: Database, table: str) -> int:
    """Ids are given out by us, so that a portion is one statement a table; the transaction has the lock."""
    return int(db.conn.execute(f"select coalesce(max(id), 0) + 1 from {table}").fetchone()[0])


def put(moment: datetime) -> str:
    """An instant as the store writes it: UTC, RFC 3339, sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def take(text: str) -> datetime:
    """The inverse of `put`."""
    return datetime.fromisoformat(text)
