"""Dumps, the files they lie in, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from worker.model import Dump, Failure, Look
from worker.store.database import batched, next_id, put


def looks(db: Database) -> Iterator[Look]:
    """Every file as it was when it was read."""
    for path, size, mtime_ns in db.conn.execute("select path, size, mtime_ns from files"):
        yield Look(path=path, size=size, mtime_ns=mtime_ns)


class Progress(NamedTuple):
    """How far a content has been read."""

    dump: int
    pages: int  #: the number of the last page that was stored, where there is more to come
    complete: bool


def known(db: Database, checksums: Iterable[bytes]) -> dict[bytes, Progress]:
    """Those of these contents of which anything has been read, from whatever path."""
    found: dict[bytes, Progress] = {}
    for some in batched(checksums):
        marks = ",".join("?" * len(some))
        rows = db.conn.execute(
            f"""select checksum, id, complete, iif(complete, 0,
                (select coalesce(max(number), 0) from pages where dump = dumps.id))
            from dumps where checksum in ({marks})""",
            some,
        )
        found.update((checksum, Progress(id_, pages, bool(complete))) for checksum, id_, complete, pages in rows)
    return found


def add(db: Database, dumps: Iterable[tuple[Dump, bool]], now: datetime) -> dict[bytes, int]:
    """Store dumps that are new, each with whether it is complete by that; their ids by checksum."""
    rows = [
        (number, dump.checksum, dump.look.path, dump.look.size, put(now), complete)
        for number, (dump, complete) in enumerate(dumps, next_id(db, "dumps"))
    ]
    db.conn.executemany(
        "insert into dumps (id, checksum, path, size, stored, complete) values (?, ?, ?, ?, ?, ?)", rows
    )
    return {checksum: number for number, checksum, *_ in rows}


def complete(db: Database, dumps: Iterable[int]) -> None:
    """The last page of these dumps is stored."""
    db.conn.executemany("update dumps set complete = 1 where id = ?", [(dump,) for dump in dumps])


def add_files(db: Database, files: Iterable[tuple[Look, int]]) -> None:
    """Remember files as read, with their dumps, whether they are new, changed, or copies."""
    db.conn.executemany(
        """insert into files (path, size, mtime_ns, dump) values (?, ?, ?, ?)
        on conflict (path) do update set size = excluded.size, mtime_ns = excluded.mtime_ns, dump = excluded.dump""",
        [(look.path, look.size, look.mtime_ns, dump) for look, dump in files],
    )


def any_failures(db: Database) -> bool:
    """Whether something is on record as unreadable."""
    return db.conn.execute("select 1 from failures limit 1").fetchone() is not None


def record_failures(db: Database, failures: Iterable[Failure], now: datetime) -> None:
    """What could not be read now is what `status` shows; what can be read again is gone from there."""
    current = {failure.path: failure.reason for failure in failures}
    before = [path for (path,) in db.conn.execute("select path from failures")]
    db.conn.executemany("delete from failures where path = ?", ((path,) for path in before if path not in current))
    db.conn.executemany(
        """insert into failures (path, reason, first, last, tries) values (?, ?, ?3, ?3, 1)
        on conflict (path) do update set reason = excluded.reason, last = excluded.last, tries = tries + 1""",
        ((path, reason, put(now)) for path, reason in current.items()),
    )
