"""The outbox: every message with its final bytes, and what is certain about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from worker.model import Delivery, DeliveryState, Digest, Message, Occasion, Reply
from worker.store.database import put, take

_SELECT = """
select id, subscription, occasion, due, message_id, sender, recipient, content, after, upto, state, tries, next_try,
    reply_code, reply_text
from outbox
"""


def add(db: Database, digest: Digest, message: Message, now: datetime) -> int:
    """Queue a digest; its number. Raises sqlite3.IntegrityError where the occasion has one already."""
    subscription = digest.subscription
    return _add(db, message, digest.occasion, now, (subscription.number, subscription.cursor, digest.upto))


def add_notice(db: Database, message: Message, occasion: Occasion, now: datetime) -> int:
    """Queue a message that hangs on no subscription; its number. It never becomes too late."""
    return _add(db, message, occasion, now, (None, 0, 0))


def _add(db: Database, message: Message, occasion: Occasion, now: datetime, tells: tuple[int | None, int, int]) -> int:
    cursor = db.conn.execute(
        """insert into outbox (occasion, due, message_id, sender, recipient, content, subscription, after, upto, state,
            next_try, created, changed)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', ?10, ?10, ?10)""",
        (
            occasion.name,
            put(occasion.due),
            message.message_id,
            message.sender,
            message.recipient,
            message.content,
            *tells,
            put(now),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def rewrite(db: Database, number: int, message: Message) -> None:
    """Let a message that surely never left say something else."""
    db.conn.execute("update outbox set content = ? where id = ?", (message.content, number))


def open_for(db: Database, subscription: int) -> list[Delivery]:
    """Messages of a subscription that are surely not delivered yet."""
    return _deliveries(db, "where subscription = ? and state in ('queued', 'deferred') order by id", subscription)


def due(db: Database, now: datetime) -> list[int]:
    """The numbers of messages to send now, the oldest first."""
    rows = db.conn.execute(
        "select id from outbox where state in ('queued', 'deferred') and next_try <= ? order by id",
        (put(now),),
    )
    return [row[0] for row in rows]


def get(db: Database, number: int) -> Delivery | None:
    """A message by its number; None where its subscriber has been forgotten."""
    found = _deliveries(db, "where id = ?", number)
    return found[0] if found else None


def has(db: Database, subscription: int, occasion: str) -> bool:
    """Whether an occasion of a subscription has its message."""
    row = db.conn.execute(
        "select 1 from outbox where subscription = ? and occasion = ?", (subscription, occasion)
    ).fetchone()
    return row is not None


def last_made(db: Database, email: str) -> datetime | None:
    """When the last message for a mailbox was made."""
    row = db.conn.execute(
        """select max(outbox.created) from outbox join subscriptions on subscriptions.id = subscription
        join subscribers on subscribers.id = subscriber where email = ?""",
        (email,),
    ).fetchone()
    return take(row[0]) if row[0] else None


def unsure(db: Database) -> list[Delivery]:
    """Messages whose last try ended without a recorded reply."""
    return _deliveries(db, "where state = 'dot' order by id")


def telling_of(db: Database, place: int, *, since: datetime) -> list[Delivery]:
    """The messages that tell of the entry at a place in ingest order, which is there since then."""
    return _deliveries(db, "where after < ?1 and upto >= ?1 and created >= ?2 order by id", place, put(since))


def waiting(db: Database, limit: int) -> list[Delivery]:
    """What is not settled, or settled badly: for `status`."""
    return _deliveries(db, "where state not in ('sent', 'folded') order by id desc limit ?", limit)


def counts(db: Database) -> dict[str, int]:
    """How many messages there are in each state."""
    return dict(db.conn.execute("select state, count(*) from outbox group by state order by state").fetchall())


def mark(db: Database, number: int, state: DeliveryState, *, now: datetime, reply: Reply | None = None) -> None:
    """Write down how far a message has come; a try is counted when the dot is about to be sent, and once."""
    db.conn.execute(
        """update outbox set state = ?, changed = ?, reply_code = ?, reply_text = ?,
            tries = tries + (? = 'dot' and state <> 'dot') where id = ?""",
        (
            state.value,
            put(now),
            reply.code if reply else None,
            reply.text if reply else None,
            state.value,
            number,
        ),
    )


def defer(db: Database, number: int, *, now: datetime, until: datetime, reply: Reply) -> None:
    """Try again later. A refusal that came behind the dot is a try that has been counted."""
    db.conn.execute(
        """update outbox set state = 'deferred', changed = ?, next_try = ?, reply_code = ?, reply_text = ?,
            tries = tries + (state <> 'dot') where id = ?""",
        (put(now), put(until), reply.code, reply.text, number),
    )


def _deliveries(db: Database, clause: str, *values: object) -> list[Delivery]:
    return [_delivery(row) for row in db.conn.execute(_SELECT + clause, values)]


def _delivery(row: Sequence[Any]) -> Delivery:
    (
        number,
        subscription,
        occasion,
        due_,
        id_,
        sender,
        recipient,
        content,
        after,
        upto,
        state,
        tries,
        next_try,
        code,
        text,
    ) = row
    return Delivery(
        number=number,
        subscription=subscription,
        occasion=Occasion(name=occasion, due=take(due_)),
        message=Message(message_id=id_, sender=sender, recipient=recipient, content=content),
        after=after,
        upto=upto,
        state=DeliveryState(state),
        tries=tries,
        next_try=take(next_try),
        reply=None if code is None else Reply(code=code, text=text or ""),
    )
