"""When each source was heard, and the silences that an operator was told of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from worker.model import EVERYTHING, Arrival, Credit, Outage, Silence
from worker.store.database import put, take

#: Both halves walk the index on (source, stored, place); only entries that name no source are looked at themselves.
#: What a replay finds on an old page is no arrival: nobody spoke.
_HEARD = """
select source, null, null, stored, count(*), max(number) from entries
where source is not null and stored >= ?1 and place is null group by source, stored
union all
select null, link, case when link is null then (
        select path from pieces join pages on pages.id = pieces.page join dumps on dumps.id = pages.dump
        where pieces.entry = entries.number and outcome is not null order by pages.id limit 1) end,
    stored, 1, number from entries
where source is null and stored >= ?1 and place is null
"""


def heard(db: Database, since: datetime) -> Iterator[tuple[Credit, Arrival]]:
    """What came since a moment, and from whom; in the order of moments."""
    rows = db.conn.execute(f"select * from ({_HEARD}) order by 4, 6", (put(since),))
    for source, link, path, stored, articles, newest in rows:
        yield Credit(source, link, path), Arrival(take(stored), articles, newest)


_COLUMNS = "source, name, last, newest, usual_gap, since"


def note(db: Database, silence: Silence, now: datetime) -> bool:
    """Write down a silence; False where it is known already."""
    cursor = db.conn.execute(
        f"insert or ignore into silences ({_COLUMNS}, noted) values (?, ?, ?, ?, ?, ?, ?)",
        (
            silence.source,
            silence.name,
            put(silence.last),
            silence.newest,
            silence.usual_gap.total_seconds(),
            put(silence.since),
            put(now),
        ),
    )
    return cursor.rowcount > 0


def end(db: Database, silence: Silence, moment: datetime) -> None:
    """The source spoke again."""
    db.conn.execute(
        "update silences set ended = ? where source = ? and last = ?",
        (put(moment), silence.source, put(silence.last)),
    )


def going_on(db: Database) -> list[Silence]:
    """The silences that have been noted and not ended, in the order in which they were noted."""
    return _silences(db, "where ended is null order by id")


def untold(db: Database) -> list[Silence]:
    """Those of them that no notice tells of."""
    return _silences(db, "where ended is null and notice is null order by id")


def told(db: Database, silences: Iterable[Silence], notice: int) -> None:
    """Write down which message of the outbox tells of silences."""
    db.conn.executemany(
        "update silences set notice = ? where source = ? and last = ?",
        [(notice, silence.source, put(silence.last)) for silence in silences],
    )


def last_outage(db: Database) -> Outage | None:
    """The last silence of all sources together that is over."""
    row = db.conn.execute(
        "select last, ended from silences where source = ? and ended is not null order by ended desc limit 1",
        (EVERYTHING,),
    ).fetchone()
    return Outage(began=take(row[0]), ended=take(row[1])) if row else None


def _silences(db: Database, clause: str) -> list[Silence]:
    return [_silence(row) for row in db.conn.execute(f"select {_COLUMNS} from silences {clause}")]


def _silence(row: Sequence[Any]) -> Silence:
    source, name, last, newest, usual_gap, since = row
    return Silence(
        source=source,
        name=name,
        last=take(last),
        newest=newest,
        usual_gap=timedelta(seconds=usual_gap),
        since=take(since),
    )
