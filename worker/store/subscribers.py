"""Subscribers and what they have subscribed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

from worker.model import Frequency, Subscription
from worker.store.database import put, take

_SELECT = """
select subscriptions.id, email, frequency, at, weekday, timezone, language, plain, cursor, served,
    subscriptions.created
from subscriptions join subscribers on subscribers.id = subscriptions.subscriber
"""


def add(db: Database, subscription: Subscription) -> bool:
    """Store a subscription and its mailbox; False, and nothing changed, where the mailbox is known."""
    found = db.conn.execute("select 1 from subscribers where email = ?", (subscription.email,)).fetchone()
    if found:
        return False
    cursor = db.conn.execute(
        "insert into subscribers (email, created) values (?, ?)",
        (subscription.email, put(subscription.created)),
    )
    db.conn.execute(
        """insert into subscriptions
            (subscriber, frequency, at, weekday, timezone, language, plain, cursor, served, created)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            cursor.lastrowid,
            subscription.frequency.value,
            subscription.at,
            subscription.weekday,
            subscription.timezone,
            subscription.language,
            subscription.plain,
            subscription.cursor,
            subscription.served,
            put(subscription.created),
        ),
    )
    return True


def remove(db: Database, email: str) -> bool:
    """Forget a mailbox with all that is known of it; False where it was not known."""
    return db.conn.execute("delete from subscribers where email = ?", (email,)).rowcount > 0


def every(db: Database) -> Iterator[Subscription]:
    """All subscriptions, in the order in which they were made."""
    return map(_subscription, db.conn.execute(_SELECT + "order by subscriptions.id").fetchall())


def of(db: Database, email: str) -> Subscription | None:
    """The subscription of a mailbox."""
    row = db.conn.execute(_SELECT + "where email = ?", (email,)).fetchone()
    return _subscription(row) if row else None


def serve(db: Database, number: int, *, occasion: str, cursor: int) -> None:
    """Note that an occasion was looked at, and up to which entry the mailbox has been told."""
    db.conn.execute("update subscriptions set served = ?, cursor = ? where id = ?", (occasion, cursor, number))


def rewind(db: Database, number: int, cursor: int) -> None:
    """Let the next digest begin further back: what it will tell of was surely not delivered."""
    db.conn.execute("update subscriptions set cursor = min(cursor, ?) where id = ?", (cursor, number))


def _subscription(row: Sequence[Any]) -> Subscription:
    number, email, frequency, at, weekday, timezone, language, plain, cursor, served, created = row
    return Subscription(
        number=number,
        email=email,
        frequency=Frequency(frequency),
        at=at,
        weekday=weekday,
        timezone=timezone,
        language=language,
        plain=bool(plain),
        cursor=cursor,
        served=served,
        created=take(created),
    )
