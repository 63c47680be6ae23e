"""Dumps, the files they lie in, their pages and pieces, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from worker.model import Dump, Failure, Look, Page, Piece, Relation, Verdict
from worker.store.database import portions, put


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
    for some in portions(checksums):
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
        for number, (dump, complete) in enumerate(dumps, _next_id(db, "dumps"))
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


def add_pages(db: Database, pages: Iterable[tuple[int, Page, Verdict]], recipe: int) -> range:
    """Store pages, each with its dump and verdict; their ids."""
    first = _next_id(db, "pages")
    rows = [
        (
            number,
            dump,
            page.number,
            page.charset,
            page.charset_reason,
            page.captured.isoformat() if page.captured else None,
            verdict.value,
            len(page.text),
            recipe,
            page.text.encode("utf-8", "surrogatepass"),
        )
        for number, (dump, page, verdict) in enumerate(pages, first)
    ]
    db.conn.executemany(
        """insert into pages (id, dump, number, charset, charset_reason, captured, verdict, length, recipe, text)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )
    return range(first, first + len(rows))


#: A piece of a page with what became of it, if it is an article.
Ended = tuple[Piece, Relation | None]


def add_pieces(db: Database, pages: Iterable[tuple[int, Iterable[Ended]]]) -> None:
    """Store the pieces of pages."""
    db.conn.executemany(
        "insert into pieces (page, start, end, kind, reason, outcome, entry, evidence) values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (page, start, end, kind.value, reason, None, None, None)
            if relation is None
            else (page, start, end, kind.value, reason, relation.outcome.value, relation.entry, relation.evidence)
            for page, pieces in pages
            for (start, end, kind, reason), relation in pieces
        ],
    )


def _next_id(db: Database, table: str) -> int:
    """Ids are given out here, so that a batch is one statement a table; the transaction has the lock."""
    return int(db.conn.execute(f"select coalesce(max(id), 0) + 1 from {table}").fetchone()[0])


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One piece of one page, and how it ended."""

    dump: int  #: tells the contents apart that a file has had
    path: str
    page: int
    start: int
    end: int
    outcome: str  #: of an article; for other pieces their kind
    entry: str | None  #: key
    first_words: str
    reason: str


_FIRST_WORDS = 8
_LEDGER = """
select dumps.id, dumps.path, pages.id, pages.number, pages.text, pieces.start, pieces.end, pieces.kind, pieces.outcome,
    entries.key, pieces.reason, pieces.evidence
from pages join dumps on dumps.id = pages.dump join pieces on pieces.page = pages.id
left join entries on entries.number = pieces.entry
order by dumps.path, dumps.id, pages.number, pieces.start
"""


def ledger(db: Database) -> Iterator[LedgerLine]:
    """Every piece of every page, in the order of paths."""
    current, text = None, ""
    for dump, path, id_, number, blob, start, end, kind, outcome, key, reason, evidence in db.conn.execute(_LEDGER):
        if id_ != current:
            current, text = id_, unpacked(blob)
        yield LedgerLine(
            dump=dump,
            path=path,
            page=number,
            start=start,
            end=end,
            outcome=outcome or kind,
            entry=key,
            first_words=" ".join(text[start : min(end, start + 400)].split()[:_FIRST_WORDS]),
            reason=evidence or reason,
        )


def unpacked(blob: bytes) -> str:
    """The text of a page as it was stored."""
    return blob.decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One occurrence of an entry's article on a page."""

    path: str
    page: int
    charset: str
    charset_reason: str
    captured: str | None
    stored: str
    start: int
    end: int
    outcome: str
    reason: str
    evidence: str


def sightings(db: Database, entry: int) -> list[Sighting]:
    """Where an entry was seen, the first sighting first."""
    rows = db.conn.execute(
        """select dumps.path, pages.number, charset, charset_reason, captured, stored, start, end, outcome, reason,
            evidence
        from pieces join pages on pages.id = pieces.page join dumps on dumps.id = pages.dump
        where entry = ? and outcome is not null order by pages.id, start""",
        (entry,),
    )
    names = (
        "path",
        "page",
        "charset",
        "charset_reason",
        "captured",
        "stored",
        "start",
        "end",
        "outcome",
        "reason",
        "evidence",
    )
    return [Sighting(**dict(zip(names, row, strict=True))) for row in rows]
