"""What is known of one entry, as much of it as a page holds: sightings, earlier texts, and who tells its story."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from worker.model import Entry
from worker.store import entries
from worker.store.database import take
from worker.store.stories import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One occurrence of an entry's article on a page."""

    path: str
    page: int
    stored: str
    captured: str | None
    charset: str
    charset_reason: str
    start: int
    end: int
    outcome: str
    reason: str
    evidence: str
    dated: str | None  #: by what its date is known, or why none is


def sightings(db: Database, entry: int, limit: int) -> tuple[list[Seen], int]:
    """Where an entry was seen first, and how often at all. Texts of pages lie behind the columns that are read."""
    rows = db.conn.execute(
        """select dumps.path, pages.number, stored, captured, charset, charset_reason, start, end, outcome, reason,
            evidence, dated
        from pieces join pages on pages.id = pieces.page join dumps on dumps.id = pages.dump
        where entry = ? and outcome is not null order by page, start limit ?""",
        (entry, limit),
    )
    names = Seen.__slots__
    found = [Seen(**dict(zip(names, row, strict=True))) for row in rows]
    return found, _count(db, "pieces where entry = ? and outcome is not null", entry)


def revisions(db: Database, entry: int, limit: int) -> tuple[list[Revision], int]:
    """The last texts that an entry had before today's, the newest first, and how many it had."""
    rows = db.conn.execute(
        "select number, text, replaced, evidence from revisions where entry = ? order by number desc limit ?",
        (entry, limit),
    )
    found = [
        Revision(entry=entry, number=number, text=text, replaced=take(replaced), evidence=evidence)
        for number, text, replaced, evidence in rows
    ]
    return found, _count(db, "revisions where entry = ?", entry)


def tellers(db: Database, lead: int, limit: int) -> tuple[list[Entry], int]:
    """The first entries of the story that an entry leads, but for itself, and how many there are."""
    seen = "story = ? and number not in (select entry from retractions)"
    found = list(entries.where(db, f"where {seen} order by number limit {limit:d}", lead))
    return found, _count(db, f"entries where {seen}", lead)


def _count(db: Database, of: str, value: int) -> int:
    return int(db.conn.execute(f"select count(*) from {of}", (value,)).fetchone()[0])


def retraction_of(db: Database, number: int) -> str | None:
    """Why an entry was taken down; None where it was not."""
    row = db.conn.execute("select reason from retractions where entry = ?", (number,)).fetchone()
    return str(row[0]) if row else None
