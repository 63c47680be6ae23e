"""Tombstones: which entries a document tells as deleted (RFC 6721)."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from worker.model import Retraction
from worker.store.database import put, take

_SELECT = "select retractions.entry, uri, key, reason, made from retractions join entries on number = retractions.entry"


def of_head(db: Database, channel: int, since: datetime) -> tuple[Retraction, ...]:
    """Entries of a channel that were taken down lately, the last one first."""
    clause = "made >= ? and exists (select 1 from turns where channel = ? and turns.entry = retractions.entry)"
    return _where(db, clause, put(since), channel)


def of_stretch(db: Database, channel: int, first: int, last: int) -> tuple[Retraction, ...]:
    """Entries of a stretch of turns that are taken down."""
    clause = "retractions.entry in (select entry from turns where channel = ? and turn between ? and ?)"
    return _where(db, clause, channel, first, last)


def between(db: Database, after: datetime | None, upto: datetime) -> tuple[Retraction, ...]:
    """Entries that were taken down in a stretch of time."""
    return _where(db, "made > ? and made <= ?", put(after) if after else "", put(upto))


def _where(db: Database, clause: str, *values: object) -> tuple[Retraction, ...]:
    rows = db.conn.execute(f"{_SELECT} where {clause} order by made desc, retractions.entry desc", values)
    return tuple(
        Retraction(number=number, uri=uri, key=key, reason=reason, made=take(made))
        for number, uri, key, reason, made in rows
    )
