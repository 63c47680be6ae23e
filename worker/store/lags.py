"""How long it takes from a dropped file to the feed that tells of it: one small histogram a day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

import msgspec
from sqlite_utils import Database

from worker.store.database import batched, put

#: Seconds, upper bounds of what is counted together: a watched folder is at the feed in a second or two, a polled one
#: in a minute, and what takes longer than hours was stuck. A new list would need a migration.
BOUNDS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0)
#: What is older lay there before we looked, as when a folder is read for the first time: it was not late.
_MOST = BOUNDS[-1]
#: Where an entry was seen first, and when that dump's file was written; a file that has changed since tells nothing.
_WRITTEN = """
select (select min(mtime_ns) from files where dump = (select dump from pages where id = first))
from (select min(page) as first from pieces where entry in ({marks}) and outcome is not null group by entry)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lags:
    """Of one day, or of several together."""

    counts: tuple[int, ...]  #: entries, by BOUNDS
    worst: float  #: seconds
    total: float  #: seconds, of all entries together

    @property
    def entries(self) -> int:
        """How many are counted."""
        return sum(self.counts)

    @property
    def median(self) -> float:
        """Half of the entries took no longer; within a step of BOUNDS they are taken to be spread evenly."""
        half = self.entries / 2
        if not half:
            return 0.0
        sums = list(accumulate(self.counts))
        step = bisect_left(sums, half)
        low = BOUNDS[step - 1] if step else 0.0
        share = (half - sums[step] + self.counts[step]) / self.counts[step]
        return min(low + share * (BOUNDS[step] - low), self.worst)


NONE = Lags(counts=(0,) * len(BOUNDS), worst=0.0, total=0.0)


def note(db: Database, numbers: Iterable[int], now: datetime) -> None:
    """Count the lags of entries that a feed has just told for the first time, within a transaction of the caller."""
    lags = [lag for written in _written(db, numbers) if (lag := max(now.timestamp() - written, 0.0)) <= _MOST]
    if not lags:
        return
    day = put(now)[:10]
    found = db.conn.execute("select counts, worst, total from lags where day = ?", (day,)).fetchone()
    before = _lags(*found) if found else NONE
    counts = list(before.counts)
    for lag in lags:
        counts[bisect_left(BOUNDS, lag)] += 1
    db.conn.execute(
        "replace into lags (day, counts, worst, total) values (?, ?, ?, ?)",
        (day, msgspec.json.encode(counts).decode(), max(before.worst, *lags), before.total + sum(lags)),
    )


def _written(db: Database, numbers: Iterable[int]) -> list[float]:
    found: list[float] = []
    for some in batched(numbers):
        rows = db.conn.execute(_WRITTEN.format(marks=",".join("?" * len(some))), some)
        found.extend(mtime / 1e9 for (mtime,) in rows if mtime is not None)
    return found


def by_day(db: Database, since: date) -> dict[date, Lags]:
    """Of the days that have any."""
    rows = db.conn.execute(
        "select day, counts, worst, total from lags where day >= ? order by day", (since.isoformat(),)
    )
    return {date.fromisoformat(day): _lags(*row) for day, *row in rows}


def every(db: Database) -> Lags:
    """Of all days together."""
    return together(by_day(db, date.min).values())


def together(some: Iterable[Lags]) -> Lags:
    """Several as one."""
    known = [NONE, *some]
    return Lags(
        counts=tuple(map(sum, zip(*(one.counts for one in known), strict=True))),
        worst=max(one.worst for one in known),
        total=sum(one.total for one in known),
    )


def _lags(counts: str, worst: float, total: float) -> Lags:
    return Lags(counts=tuple(msgspec.json.decode(counts, type=list[int])), worst=worst, total=total)
