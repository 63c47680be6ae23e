"""Turns: when an entry is told in a channel, and the stretches of them that have become archive documents.

New turns count from 1; what a replay finds in the past counts down from -1, so that it stands behind all that was
told before, and is never at the head while there is enough news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from worker.model import ChannelKind, Entry
from worker.store import channels, entries
from worker.store.database import batched, put
from worker.store.retractions import NOT_RETRACTED


class Turn(NamedTuple):
    """One time that an entry is told in a channel."""

    turn: int
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A stretch of turns that is an archive document."""

    number: int
    first: int  #: turn
    last: int
    begun: bool = False  #: it has yet to be written, but a file of that number is this very one: the writer died


def add(db: Database, told: Iterable[tuple[int, int]]) -> None:
    """Give entries a turn behind all others: pairs of a channel and an entry, in order."""
    for channel, numbers in _by_channel(told).items():
        (last,) = db.conn.execute("select max(turn) from turns where channel = ?", (channel,)).fetchone()
        _insert(db, channel, enumerate(numbers, max(last or 0, 0) + 1))


def add_before(db: Database, told: Iterable[tuple[int, int]]) -> None:
    """Give entries a turn before all others: they are of the past, and news to nobody."""
    for channel, numbers in _by_channel(told).items():
        (first,) = db.conn.execute("select min(turn) from turns where channel = ?", (channel,)).fetchone()
        _insert(db, channel, enumerate(numbers, min(first or 0, 0) - len(numbers)))


def remove(db: Database, told: Iterable[tuple[int, int]]) -> None:
    """Take entries out of channels: what was read as another source's was never this one's."""
    db.conn.executemany("delete from turns where channel = ? and entry = ?", told)


def _by_channel(told: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for channel, entry in told:
        found.setdefault(channel, []).append(entry)
    return found


def _insert(db: Database, channel: int, turns: Iterable[tuple[int, int]]) -> None:
    db.conn.executemany(
        "insert into turns (channel, turn, entry) values (?, ?, ?)", [(channel, turn, entry) for turn, entry in turns]
    )
    channels.soil(db, (channel,))


# ── Which are told ──────────────────────────────────────────────────────────────────────────────────


def newest(db: Database, channel: int, limit: int, *, before: int | None = None) -> list[Turn]:
    """The last turns of a channel, newest first, one an entry, its last: those of entries that readers may see."""
    rows = db.conn.execute(
        f"""select turn, entry from turns as told join entries on number = entry
        where channel = ?1 and turn < ?2 and {_SEEN} and not exists (
            select 1 from turns as later
            where later.entry = told.entry and later.channel = told.channel and later.turn > told.turn)
        order by turn desc limit ?3""",
        (channel, _LAST if before is None else before, limit),
    )
    return [Turn(turn, entry) for turn, entry in rows]


def last(db: Database, channel: int) -> int:
    """The last turn of a channel; 0 where it has none."""
    row = db.conn.execute("select coalesce(max(turn), 0) from turns where channel = ?", (channel,)).fetchone()
    return int(row[0])


def first_told(db: Database, channel: int, after: int, upto: int) -> list[int]:
    """The entries that a channel told for the first time in a stretch of turns: after < turn ≤ upto."""
    rows = db.conn.execute(
        """select entry from turns as told where channel = ?1 and turn > ?2 and turn <= ?3 and not exists (
            select 1 from turns as earlier
            where earlier.entry = told.entry and earlier.channel = told.channel and earlier.turn < told.turn)""",
        (channel, after, upto),
    )
    return [entry for (entry,) in rows]


def within(db: Database, channel: int, first: int, last: int) -> list[Turn]:
    """The turns of a stretch, newest first, one an entry: those of entries that readers may see."""
    rows = db.conn.execute(
        f"""select max(turn), entry from turns join entries on number = entry
        where channel = ?1 and turn between ?2 and ?3 and {_SEEN} group by entry order by 1 desc""",
        (channel, first, last),
    )
    return [Turn(turn, entry) for turn, entry in rows]


_LAST = 1 << 62
#: In the wire and in topics, a story is the entry that leads it; a source has all that it told.
_SEEN = f"""(story is null or (select kind from channels where id = ?1) = '{ChannelKind.SOURCE.value}')
    and {NOT_RETRACTED}"""


def channels_of(db: Database, entry: int) -> list[int]:
    """The channels that tell an entry."""
    return [row[0] for row in db.conn.execute("select distinct channel from turns where entry = ?", (entry,))]


def seen(db: Database, channel: int, numbers: Iterable[int]) -> set[int]:
    """Those of these entries that readers of a channel may see."""
    found: set[int] = set()
    for some in batched(numbers):
        marks = ",".join("?" * len(some))
        rows = db.conn.execute(f"select number from entries where {_SEEN} and number in ({marks})", (channel, *some))
        found.update(number for (number,) in rows)
    return found


def told(db: Database, turns: Sequence[Turn]) -> tuple[Entry, ...]:
    """The entries of turns, in the same order."""
    found = {entry.number: entry for entry in entries.numbered(db, (turn.entry for turn in turns))}
    return tuple(found[turn.entry] for turn in turns)


# ── Archive documents ───────────────────────────────────────────────────────────────────────────────


def open_turns(db: Database, channel: int, limit: int = -1) -> tuple[list[Turn], list[Turn]]:
    """The turns that stand in no archive document, oldest first: those of the past, and the new ones; of either no more
    than that many, those next to what is closed.
    """
    last, first = db.conn.execute(
        """select (select last from archives where channel = ?1 order by last desc limit 1),
            (select first from archives where channel = ?1 order by last limit 1)""",
        (channel,),
    ).fetchone()
    past = db.conn.execute(
        "select turn, entry from turns where channel = ? and turn < ? order by turn desc limit ?",
        (channel, min(first or 0, 0), limit),
    ).fetchall()
    new = db.conn.execute(
        "select turn, entry from turns where channel = ? and turn > ? order by turn limit ?",
        (channel, max(last or 0, 0), limit),
    )
    return [Turn(*row) for row in reversed(past)], [Turn(*row) for row in new]


def close(db: Database, channel: int, first: int, last: int) -> Archive:
    """Make a stretch of turns the next archive document of a channel; it has yet to be written."""
    archive = Archive(number=last_archive(db, channel) + 1, first=first, last=last)
    db.conn.execute(
        "insert into archives (channel, number, first, last) values (?, ?, ?, ?)",
        (channel, archive.number, first, last),
    )
    return archive


def last_archive(db: Database, channel: int) -> int:
    """The number of a channel's newest archive document; 0 where it has none."""
    row = db.conn.execute("select coalesce(max(number), 0) from archives where channel = ?", (channel,)).fetchone()
    return int(row[0])


def archives(db: Database, channel: int, *, written: bool) -> list[Archive]:
    """The archive documents of a channel that have been written, or those that have yet to be: the last ones."""
    last = "select number from archives where channel = ?1 and written > '' order by number desc limit 1"
    clause = f"channel = ?1 and number {'<=' if written else '>'} coalesce(({last}), 0) order by number"
    return _archives(db, clause, channel)


def archive(db: Database, channel: int, number: int) -> Archive | None:
    """One of the archive documents of a channel."""
    return next(iter(_archives(db, "channel = ? and number = ?", channel, number)), None)


def holding(db: Database, channel: int, entry: int) -> list[Archive]:
    """The archive documents of a channel that tell an entry."""
    clause = """channel = ?1 and exists (
        select 1 from turns where turns.channel = ?1 and entry = ?2 and turn between first and last)"""
    return _archives(db, clause, channel, entry)


def note_begun(db: Database, channel: int) -> None:
    """Note that no files lie in the way of the archive documents of a channel that have yet to be written."""
    db.conn.execute("update archives set written = '' where channel = ? and written is null", (channel,))


def note_written(db: Database, channel: int, number: int, now: datetime) -> None:
    """Note that an archive document has been written, and never changes from now on."""
    db.conn.execute("update archives set written = ? where channel = ? and number = ?", (put(now), channel, number))


def _archives(db: Database, clause: str, *values: object) -> list[Archive]:
    rows = db.conn.execute(f"select number, first, last, written = '' from archives where {clause}", values)
    return [Archive(number=number, first=first, last=last, begun=bool(begun)) for number, first, last, begun in rows]
