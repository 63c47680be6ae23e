"""Stories in ingest order, as people leaf through them: by day, and a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from worker.model import Entry
from worker.store import entries
from worker.store.database import put, take

_FIRST: Final = 0
_LAST: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """A place in ingest order: behind the entry that has it, newest first.

    Of what a replay found, several may have the place of one entry, behind which they stand: `within` is the number
    of the last of them that has been shown.
    """

    place: int
    within: int = _LAST

    @classmethod
    def behind(cls, entry: Entry) -> Border:
        """Where what comes after this entry begins."""
        if entry.place is None:
            return cls(place=entry.number)
        return cls(place=entry.place, within=entry.number)

    @classmethod
    def read(cls, text: str) -> Border | None:
        """What `str` gave; None where it is none."""
        parts = text.split("-")
        if len(parts) > 2 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
            return None
        place, *within = map(int, parts)
        return cls(place=place, within=within[0] if within else _LAST)

    def __str__(self) -> str:
        return f"{self.place}" if self.within == _LAST else f"{self.place}-{self.within}"


#: Before all there is.
TOP: Final = Border(place=_LAST)


def stories(db: Database, limit: int, border: Border = TOP, *, down_to: int = _FIRST) -> list[Entry]:
    """The entries that lead a story behind a border, newest first, those behind the number `down_to` only."""
    shown = "story is null and number not in (select entry from retractions)"
    return list(
        entries.where(
            db,
            f"""where number in (
                select * from (
                    select number from entries where place is null and number < ?1 and number > ?3 and {shown}
                    order by number desc limit ?4)
                union all
                select * from (
                    select number from entries where place is not null and place <= ?1 and place > ?3
                        and (place < ?1 or number < ?2) and {shown}
                    order by place desc, number desc limit ?4))
            order by coalesce(place, number) desc, place is null desc, number desc limit ?4""",
            border.place,
            border.within,
            down_to,
            limit,
        )
    )


def moments(db: Database, told: Iterable[Entry]) -> dict[int, datetime]:
    """When these came in, by number; of what a replay found, when the page did that it was found on."""
    found: dict[int, datetime] = {}
    for entry in told:
        found[entry.number] = entry.stored
        if entry.place is not None:
            row = db.conn.execute(
                "select stored from entries where place is null and number < ? order by number desc limit 1",
                (entry.place,),
            ).fetchone()
            found[entry.number] = take(row[0]) if row else entry.stored
    return found


def span(db: Database) -> tuple[datetime, datetime] | None:
    """When the first and the last entry came in; None where there is none."""
    first, last = (
        db.conn.execute(
            f"select stored from entries where place is null order by stored {order} limit 1"
        ).fetchone()
        for order in ("asc", "desc")
    )
    return (take(first[0]), take(last[0])) if first and last else None


def around(db: Database, first: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
    """When the last entry came in before a stretch of time, and the first one after it."""
    before = db.conn.execute(
        "select stored from entries where place is null and stored < ? order by stored desc limit 1", (put(first),)
    ).fetchone()
    after = db.conn.execute(
        "select stored from entries where place is null and stored >= ? order by stored limit 1", (put(end),)
    ).fetchone()
    return take(before[0]) if before else None, take(after[0]) if after else None


def last_before(db: Database, moment: datetime) -> int:
    """The number of the last entry that came in before a moment; 0 where there is none."""
    row = db.conn.execute(
        "select number from entries where place is null and stored < ? order by stored desc, number desc limit 1",
        (put(moment),),
    ).fetchone()
    return int(row[0]) if row else 0
