"""Retractions: which entries were taken down, and what readers are told of it. Nothing is deleted, only left out."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlite_utils import Database

from worker.model import Retraction
from worker.store.database import put, take

#: Of entries: what readers may see. With the entry that leads a story all others of it are taken down.
NOT_RETRACTED: Final = """number not in (select entry from retractions)
    and (story is null or story not in (select entry from retractions))"""
#: What was taken down, by itself or else with its story. Few are, and by these indexes they are found wherever they
#: are among many entries; SQLite would go through all entries and ask each.
_DOWN: Final = """(
    select entry as number, reason, made from retractions
    union all
    select entries.number, reason, made from retractions cross join entries on story = retractions.entry
        where entries.number not in (select entry from retractions)) as down"""
#: What the evidence of a revision begins with that shows the text of another telling, before its key.
LENT: Final = "the fuller text of "
_ALONE: Final = "retractions join entries on entries.number = retractions.entry"
_BOTH: Final = f"{_DOWN} cross join entries on entries.number = down.number"
_SELECT = "select entries.number, uri, key, reason, made from"


def add(db: Database, number: int, reason: str, now: datetime) -> bool:
    """Take an entry down, or say otherwise why it was; whether that is new."""
    told = db.conn.execute(
        """insert into retractions (entry, reason, made) values (?, ?, ?)
        on conflict do update set reason = excluded.reason where reason <> excluded.reason""",
        (number, reason, put(now)),
    )
    return told.rowcount > 0


def remove(db: Database, number: int) -> bool:
    """Let an entry be there again; whether it had been taken down."""
    return db.conn.execute("delete from retractions where entry = ?", (number,)).rowcount > 0


def of(db: Database, number: int) -> Retraction | None:
    """That an entry was taken down by itself."""
    return _first(db, f"{_ALONE} where entries.number = ?", number)


def over(db: Database, number: int) -> Retraction | None:
    """What keeps readers from an entry: its own retraction, or that of the entry that leads its story."""
    clause = f"""{_ALONE} where entries.number in (
        ?1, (select story from entries where number = ?1)) order by entries.number desc"""
    return _first(db, clause, number)


def every(db: Database) -> list[Retraction]:
    """All that was taken down by itself, the last one first."""
    return _many(db, f"{_ALONE} order by made desc, retractions.entry desc")


def numbers(db: Database) -> frozenset[int]:
    """The numbers of all entries that were taken down by themselves."""
    return frozenset(number for (number,) in db.conn.execute("select entry from retractions"))


def told(db: Database, channel: int, since: datetime) -> tuple[Retraction, ...]:
    """What readers of a channel have to forget, as far as it was taken down after a moment, the last one first."""
    clause = f"""{_BOTH} where made > ?
            and exists (select 1 from turns where channel = ? and turns.entry = down.number)
        order by made desc, entries.number desc"""
    return tuple(_many(db, clause, put(since), channel))


def within(db: Database, channel: int, first: int, last: int) -> tuple[Retraction, ...]:
    """What was taken down, at any time, of a stretch of turns of a channel, the last one first."""
    clause = f"""{_BOTH} where exists (
            select 1 from turns where turns.entry = down.number and channel = ? and turn between ? and ?)
        order by made desc, entries.number desc"""
    return tuple(_many(db, clause, channel, first, last))


def between(db: Database, after: datetime | None, upto: datetime) -> list[int]:
    """The numbers of the entries that were taken down after one moment and not after another."""
    rows = db.conn.execute(
        f"""select number from {_DOWN} where (?1 is null or made > ?1) and made <= ?2 order by 1""",
        (put(after) if after else None, put(upto)),
    )
    return [number for (number,) in rows]


def in_message(db: Database, delivery: int) -> bool:
    """Whether a message tells of what was taken down since it was made."""
    row = db.conn.execute(
        """select exists (
            select 1 from outbox join retractions on made >= outbox.created
            join entries as one on one.number = retractions.entry
            join entries as lead on lead.number = coalesce(one.story, one.number)
            where outbox.id = ? and coalesce(lead.place, lead.number) > after
                and coalesce(lead.place, lead.number) <= upto)""",
        (delivery,),
    ).fetchone()
    return bool(row[0])


# ── Where it has been told ──────────────────────────────────────────────────────────────────────────


def borrowers(db: Database, number: int) -> set[int]:
    """The entries that have ever shown an entry's text, or named it, as far as anything is kept of that: documents
    that were closed then still do. Goes through all revisions.
    """
    rows = db.conn.execute(
        """select revisions.entry from revisions join entries on evidence = ?2 || key where entries.number = ?1
        union select other from joins where entry = ?1
        union select lead from placings where entry = ?1 and lead is not null
        union select entry from placings where lead = ?1
        union select number from entries where coalesce(story, number) = (
            select coalesce(story, number) from entries where number = ?1)""",
        (number, LENT),
    )
    return {entry for (entry,) in rows} | {number}


def has_borrowed(db: Database, number: int) -> bool:
    """Whether an entry has ever shown the text of one that readers do not see."""
    row = db.conn.execute(
        f"""select exists (select 1 from entries where not ({NOT_RETRACTED}) and key in (
            select substr(evidence, length(?2) + 1) from revisions where entry = ?1 and evidence glob ?2 || '*'))""",
        (number, LENT),
    ).fetchone()
    return bool(row[0])


def _first(db: Database, clause: str, number: int) -> Retraction | None:
    return next(iter(_many(db, clause, number)), None)


def _many(db: Database, clause: str, *values: object) -> list[Retraction]:
    rows = db.conn.execute(f"{_SELECT} {clause}", values)
    return [
        Retraction(number=number, uri=uri, key=key, reason=reason, made=take(made))
        for number, uri, key, reason, made in rows
    ]
