"""How far a replay has come, and which entries were seen up to there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from worker.model import Entry
from worker.store import entries
from worker.store.database import batched, put, take


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a replay has come."""

    reads_by: str  #: of all that pages are read by besides themselves
    began: datetime  #: its `now`: a replay that goes on after a crash ends as if there had been none
    reached: int = 0  #: id of the last page that was read again
    place: int = 0  #: number of the newest entry that ingest made up to there


def unfinished(db: Database) -> Progress | None:
    """The replay that has not come to its end, if there is one."""
    row = db.conn.execute("select reads_by, began, reached, place from replays").fetchone()
    return Progress(reads_by=row[0], began=take(row[1]), reached=row[2], place=row[3]) if row else None


def note(db: Database, progress: Progress) -> None:
    """Keep how far a replay has come, in the transaction that brought it there."""
    db.conn.execute(
        "replace into replays (id, reads_by, began, reached, place) values (1, ?, ?, ?, ?)",
        (progress.reads_by, put(progress.began), progress.reached, progress.place),
    )


def end(db: Database) -> None:
    """There is no replay under way any more."""
    db.conn.execute("delete from replays")


def any_nameless(db: Database, recipe: int) -> bool:
    """Whether there is an entry whose text has no fingerprint under a recipe."""
    sql = "select 1 from entries where number not in (select entry from fingerprints where recipe = ?) limit 1"
    return db.conn.execute(sql, (recipe,)).fetchone() is not None


def texts(db: Database, after: int, limit: int) -> list[tuple[int, str]]:
    """The next entries behind a number: number and text."""
    sql = "select number, text from entries where number > ? order by number limit ?"
    return db.conn.execute(sql, (after, limit)).fetchall()


def unseen(db: Database) -> Iterator[Entry]:
    """Entries that no page shows any more."""
    return entries.where(db, "where not exists (select 1 from pieces where entry = number) order by number")


class Seen:
    """Which entries were seen already, in the order of pages, when a portion of pages begins."""

    def __init__(self, db: Database, first_page: int, numbers: Iterable[int]) -> None:
        self._numbers = _seen_before(db, first_page, numbers)

    def see(self, number: int) -> bool:
        """Note a sighting; whether it is the entry's first."""
        first = number not in self._numbers
        self._numbers.add(number)
        return first


def last_revisions(db: Database, numbers: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Of those of these entries that were revised: the piece that gave them their text, by id of its page and start."""
    found: dict[int, tuple[int, int]] = {}
    for some in batched(numbers):
        for entry, page, start in db.conn.execute(
            f"""select entry, page, start from pieces where outcome = 'revision' and entry in
            ({",".join("?" * len(some))}) order by page, start""",
            some,
        ):
            found[entry] = page, start  # the last of them
    return found


def _seen_before(db: Database, page: int, numbers: Iterable[int]) -> set[int]:
    """Which of these entries were seen on a page before this one."""
    found: set[int] = set()
    for some in batched(numbers):
        marks = ",".join("?" * len(some))
        rows = db.conn.execute(
            f"""select number from entries where number in ({marks})
                and exists (select 1 from pieces where entry = number and page < ?)""",
            (*some, page),
        )
        found.update(number for (number,) in rows)
    return found
