"""Dumps, the files they lie in, their pages and pieces, and what could not be read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from worker.model import Dump, Failure, Look, Page, Piece, Relation, Verdict
from worker.store.database import put

#: zlib level for page texts: level 1 is three times faster than 6 and a tenth larger on such pages.
_LEVEL = 1


def looks(db: Database) -> Iterator[Look]:
    """Every file as it was when it was read."""
    for path, size, mtime_ns in db.conn.execute("select path, size, mtime_ns from files"):
        yield Look(path=path, size=size, mtime_ns=mtime_ns)


def known(db: Database, checksum: bytes) -> int | None:
    """The dump with this content, if it has been read before, from whatever path."""
    row = db.conn.execute("select id from dumps where checksum = ?", (checksum,)).fetchone()
    return row[0] if row else None


def add(db: Database, dump: Dump, now: datetime) -> int:
    """Store a dump that is new; its id."""
    cursor = db.conn.execute(
        "insert into dumps (checksum, path, size, stored) values (?, ?, ?, ?)",
        (dump.checksum, dump.look.path, dump.look.size, put(now)),
    )
    return int(cursor.lastrowid or 0)


def add_file(db: Database, look: Look, dump: int) -> None:
    """Remember a file as read, whether it is new, changed, or a copy; what failed before is settled."""
    db.conn.execute(
        """insert into files (path, size, mtime_ns, dump) values (?, ?, ?, ?)
        on conflict (path) do update set size = excluded.size, mtime_ns = excluded.mtime_ns, dump = excluded.dump""",
        (look.path, look.size, look.mtime_ns, dump),
    )


def add_page(db: Database, dump: int, page: Page, verdict: Verdict, recipe: int) -> int:
    """Store a page; its id."""
    cursor = db.conn.execute(
        """insert into pages (dump, number, charset, charset_reason, captured, verdict, length, recipe, text)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            dump,
            page.number,
            page.charset,
            page.charset_reason,
            page.captured.isoformat() if page.captured else None,
            verdict.value,
            len(page.text),
            recipe,
            zlib.compress(page.text.encode("utf-8", "surrogatepass"), _LEVEL),
        ),
    )
    return int(cursor.lastrowid or 0)


def add_pieces(db: Database, page: int, pieces: Iterable[tuple[Piece, Relation | None]]) -> None:
    """Store the pieces of a page; those of articles with what became of them."""
    db.conn.executemany(
        "insert into pieces (page, start, end, kind, reason, outcome, entry, evidence) values (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (page, piece.start, piece.end, piece.kind.value, piece.reason, None, None, None)
            if relation is None
            else (
                page,
                piece.start,
                piece.end,
                piece.kind.value,
                piece.reason,
                relation.outcome.value,
                relation.entry,
                relation.evidence,
            )
            for piece, relation in pieces
        ),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One piece of one page, and how it ended."""

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
select dumps.path, pages.id, pages.number, pages.text, pieces.start, pieces.end, pieces.kind, pieces.outcome,
    entries.key, pieces.reason, pieces.evidence
from pages join dumps on dumps.id = pages.dump join pieces on pieces.page = pages.id
left join entries on entries.number = pieces.entry
order by dumps.path, dumps.id, pages.number, pieces.start
"""


def ledger(db: Database) -> Iterator[LedgerLine]:
    """Every piece of every page, in the order of paths."""
    current, text = None, ""
    for path, id_, number, blob, start, end, kind, outcome, key, reason, evidence in db.conn.execute(_LEDGER):
        if id_ != current:
            current, text = id_, unpacked(blob)
        yield LedgerLine(
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
    return zlib.decompress(blob).decode("utf-8", "surrogatepass")


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
