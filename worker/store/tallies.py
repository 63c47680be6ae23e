"""What came on which day: counted as it is stored, so that nobody who looks has to count it again.

Pages and their pieces count for the day on which their dump came in, also where a replay reads them again; entries
for the day on which they were stored. What a replay found on an old page came on no day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlite_utils import Database

from worker.model import Entry, Outcome
from worker.store import entries
from worker.store.database import put

#: Of a stretch of pages, by day. A page has its pieces by then.
_PAGES = """
select substr(stored, 1, 10), count(*), sum(length) from pages
    join dumps on dumps.id = pages.dump where pages.id between ? and ? group by 1
"""
_PIECES = """
select substr(stored, 1, 10), outcome, count(*), sum(end - start) from pages join dumps on dumps.id = pages.dump
    join pieces on page = pages.id where pages.id between ? and ? group by 1, 2
"""
OUTCOMES = tuple(outcome.value for outcome in Outcome)


def add_pages(db: Database, pages: Iterable[int]) -> None:
    """Count pages, which have just been given their pieces; within a transaction of the caller."""
    _count_pages(db, pages, 1)


def drop_pages(db: Database, pages: Iterable[int]) -> None:
    """Count pages no longer, since their pieces are about to change."""
    _count_pages(db, pages, -1)


def _count_pages(db: Database, pages: Iterable[int], sign: int) -> None:
    for stretch in entries.stretches(sorted(pages)):
        counts: Counter[tuple[str, str]] = Counter()
        for day, number, characters in db.conn.execute(_PAGES, stretch):
            counts[day, "pages"] += number
            counts[day, "characters"] += characters
        for day, outcome, number, characters in db.conn.execute(_PIECES, stretch):
            counts[day, "characters_in_pieces"] += characters
            if outcome is not None:
                counts[day, outcome] += number
        _add(db, "tallies", "what, number", ((*named, sign * number) for named, number in counts.items()))


def count_entries(db: Database, made: Iterable[Entry], changed: Iterable[tuple[Entry, Entry]]) -> None:
    """Count new entries by day and source, and others anew whose source is another: as it was, as it is."""
    counts: Counter[tuple[str, str]] = Counter(_day_and_source(entry) for entry in made if entry.place is None)
    for before, after in changed:
        counts[_day_and_source(before)] -= before.place is None
        counts[_day_and_source(after)] += after.place is None
    rows = ((*named, number) for named, number in counts.items())
    _add(db, "source_tallies", "source, entries", rows)


def _day_and_source(entry: Entry) -> tuple[str, str]:
    return put(entry.stored)[:10], entry.source or ""


def _add(db: Database, table: str, columns: str, rows: Iterable[tuple[str, str, int]]) -> None:
    """Add numbers to what is there; a row that comes to nothing is no row."""
    name, number = columns.split(", ")
    some = [row for row in rows if row[2]]
    db.conn.executemany(
        f"""insert into {table} (day, {columns}) values (?, ?, ?)
        on conflict (day, {name}) do update set {number} = {number} + excluded.{number}""",
        some,
    )
    db.conn.executemany(
        f"delete from {table} where day = ? and {name} = ? and {number} = 0", [row[:2] for row in some if row[2] < 0]
    )


# ── What was counted ────────────────────────────────────────────────────────────────────────────────


def by_day(db: Database, since: date) -> dict[date, dict[str, int]]:
    """Pages, characters, characters in pieces and article pieces by outcome, of the days that have any."""
    found: dict[date, dict[str, int]] = {}
    for day, what, number in db.conn.execute(
        "select day, what, number from tallies where day >= ? order by day", (since.isoformat(),)
    ):
        found.setdefault(date.fromisoformat(day), {})[what] = number
    return found


def totals(db: Database) -> dict[str, int]:
    """The same of all days together; entries as well."""
    found = dict(db.conn.execute("select what, sum(number) from tallies group by what").fetchall())
    names = ("pages", "characters", "characters_in_pieces", *OUTCOMES)
    return {name: found.get(name, 0) for name in names}


def sources(db: Database, since: date, limit: int) -> list[tuple[str, int]]:
    """Whose articles came since a day, the most first; "" where no source is named."""
    rows = db.conn.execute(
        """select source, sum(entries) from source_tallies where day >= ? group by source
        order by 2 desc, source limit ?""",
        (since.isoformat(), limit),
    )
    return rows.fetchall()


def entries_by_day(db: Database, since: date) -> dict[date, dict[str, int]]:
    """New entries by source, of the days that have any; "" where no source is named."""
    found: dict[date, dict[str, int]] = {}
    for day, source, number in db.conn.execute(
        "select day, source, entries from source_tallies where day >= ? order by day", (since.isoformat(),)
    ):
        found.setdefault(date.fromisoformat(day), {})[source] = number
    return found


def entries_stored(db: Database) -> int:
    """How many entries there are, but for those that a replay found."""
    return int(db.conn.execute("select coalesce(sum(entries), 0) from source_tallies").fetchone()[0])


def calls(db: Database) -> dict[tuple[str, str], int]:
    """How many calls to hubs and webhooks there are, by kind and state."""
    rows = db.conn.execute("select kind, state, count(*) from calls group by kind, state order by kind, state")
    return {(kind, state): number for kind, state, number in rows}
