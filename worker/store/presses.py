"""What documents were last written with, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from worker.store.database import put, take


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """How the documents were left."""

    heads: str | None = None  #: the settings that heads were written with
    archives: str | None = None  #: and archive documents
    told: int | None = None  #: the last turn of the wire that its head has told
    listed: str | None = None  #: which channels the list of all feeds has
    buried: datetime | None = None  #: retractions made before this are told no more


def get(db: Database) -> Pressed:
    """As it was kept; nothing of it in a new store."""
    heads, archives, told, listed, buried = db.conn.execute(
        "select heads, archives, told, listed, buried from presses"
    ).fetchone()
    return Pressed(heads=heads, archives=archives, told=told, listed=listed, buried=take(buried) if buried else None)


def keep(db: Database, pressed: Pressed) -> None:
    """Keep it."""
    buried = put(pressed.buried) if pressed.buried else None
    db.conn.execute(
        "update presses set heads = ?, archives = ?, told = ?, listed = ?, buried = ?",
        (pressed.heads, pressed.archives, pressed.told, pressed.listed, buried),
    )
