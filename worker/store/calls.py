"""Calls: what is told to hubs and webhooks, and how far that has come.

A webhook is given entries by a cursor in ingest order, as a subscriber is: the calls are queued in the transaction
that moves it, so that none is lost and none is told of twice. How many calls of a webhook may wait is limited;
what is beyond waits behind the cursor, where it takes no room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from worker.model.calls import Call, CallKind, CallState, Webhook
from worker.model.entries import Entry
from worker.model.mail import Reply
from worker.store import entries, peers
from worker.store.database import put, take

#: Calls of one webhook that wait, at about 5 KB each; and how many entries are looked at in one transaction.
MOST_WAITING = 500
_STEP = 500
#: How long settled calls are kept for `status`, and how many: a week of a desk with 700 calls a day.
_KEPT, _MOST_KEPT = timedelta(days=7), 5000

_OPEN = "state in ('queued', 'deferred')"
_COLUMNS = """id, kind, url, subject, body, asked, state, tries, failing, next_try, reply_code, reply_text, created,
    changed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a webhook is to be told next."""

    entries: tuple[Entry, ...]  #: in ingest order
    upto: int  #: its cursor after them


# ── Who is called ───────────────────────────────────────────────────────────────────────────────────


def unknown(db: Database, hubs: Iterable[str], webhooks: Iterable[Webhook]) -> bool:
    """Whether `keep` would change anything."""
    wanted, hooks = set(hubs), {webhook.url for webhook in webhooks}
    known = {url for (url,) in db.conn.execute("select url from webhooks")}
    waiting = db.conn.execute(f"select distinct url, kind from calls where {_OPEN}").fetchall()
    return known != hooks or any(url not in (wanted if kind == CallKind.PING else hooks) for url, kind in waiting)


def keep(db: Database, hubs: Iterable[str], webhooks: Iterable[Webhook], now: datetime) -> None:
    """Let these hubs and webhooks be called and no others, within a transaction of the caller.

    A webhook that is new begins behind the last entry; what one that is gone had yet to be told is dropped.
    """
    wanted, hooks = set(hubs), {webhook.url for webhook in webhooks}
    known = {url for (url,) in db.conn.execute("select url from webhooks")}
    db.conn.executemany("delete from webhooks where url = ?", [(url,) for url in sorted(known - hooks)])
    last = entries.last_number(db)
    db.conn.executemany(
        "insert into webhooks (url, cursor) values (?, ?)", [(url, last) for url in sorted(hooks - known)]
    )
    for url, kind in db.conn.execute(f"select distinct url, kind from calls where {_OPEN}").fetchall():
        if url not in (wanted if kind == CallKind.PING else hooks):
            _drop(db, "no longer in the settings", now, "url = ? and kind = ?", url, kind)
    for (url,) in db.conn.execute("select url from peers").fetchall():
        if url not in wanted | hooks:
            peers.well(db, url)


def stop(db: Database, url: str, reason: str, now: datetime) -> None:
    """Call a webhook no more, until it has been taken out of the settings and set again."""
    db.conn.execute("update webhooks set stopped = ? where url = ?", (reason, url))
    _drop(db, reason, now, "url = ? and kind = 'entry'", url)
    peers.well(db, url)


def drop_retracted(db: Database, now: datetime) -> None:
    """Nobody is told any more of an entry that was taken down; within a transaction of the caller."""
    _drop(db, "its entry was taken down", now, "entry in (select entry from retractions)")


def any_retracted(db: Database) -> bool:
    """Whether a call waits that tells of an entry that was taken down."""
    sql = f"select 1 from calls join retractions using (entry) where {_OPEN} limit 1"
    return db.conn.execute(sql).fetchone() is not None


def _drop(db: Database, reason: str, now: datetime, clause: str, *values: object) -> None:
    db.conn.execute(
        f"""update calls set state = 'dropped', body = null, changed = ?, reply_code = 0, reply_text = ?
        where {_OPEN} and {clause}""",
        (put(now), reason, *values),
    )


# ── What is to be told ──────────────────────────────────────────────────────────────────────────────


def add_pings(db: Database, hubs: Iterable[str], topics: Iterable[str], now: datetime) -> None:
    """Hubs are to be told that feeds have changed, given by their addresses; within a transaction of the caller.

    What waits already is not doubled; that it was asked for again is kept, in case it is under way right now.
    """
    feeds = list(dict.fromkeys(topics))
    db.conn.executemany(
        f"""insert into calls (kind, url, subject, state, next_try, created, changed)
        values ('ping', ?1, ?2, 'queued', ?3, ?3, ?3)
        on conflict (url, kind, subject) where {_OPEN} do update set asked = asked + 1""",
        [(hub, feed, put(now)) for hub in dict.fromkeys(hubs) for feed in feeds],
    )


def behind(db: Database, webhook: Webhook) -> bool:
    """Whether there is anything behind the cursor of a webhook, and room for more calls of it to wait."""
    row = db.conn.execute("select cursor from webhooks where url = ? and stopped is null", (webhook.url,)).fetchone()
    return row is not None and row[0] < entries.last_number(db) and _room(db, webhook.url)


def news(db: Database, webhook: Webhook) -> News | None:
    """The next entries of a webhook: those that lead a story, are of its topics and were not taken down.

    What a replay finds on a page from before the cursor is none. None where there is nothing behind the cursor, or
    no room for it. Within the transaction in which `add_news` follows.
    """
    if not behind(db, webhook):
        return None
    (cursor,) = db.conn.execute("select cursor from webhooks where url = ?", (webhook.url,)).fetchone()
    upto = _step(db, cursor)
    marks = ",".join("?" * len(webhook.topics))
    of_topics = f"""and number in (select entry from entry_topics join topics on topics.id = topic
        where slug in ({marks}))"""
    told = entries.where(
        db,
        f"""where (place is null and number > ? and number <= ? or place > ? and place <= ?) and story is null
            and number not in (select entry from retractions) {of_topics if webhook.topics else ""}
            order by coalesce(place, number), place is null, number""",
        *(cursor, upto, cursor, upto),
        *webhook.topics,
    )
    return News(entries=tuple(told), upto=upto)


def add_news(db: Database, webhook: Webhook, told: Iterable[tuple[Entry, bytes]], upto: int, now: datetime) -> None:
    """Queue entries, each with what is said of it, and move the cursor behind them; within the same transaction."""
    db.conn.executemany(
        """insert into calls (kind, url, subject, entry, body, state, next_try, created, changed)
        values ('entry', ?1, ?2, ?3, ?4, 'queued', ?5, ?5, ?5)""",
        [(webhook.url, entry.uri, entry.number, body, put(now)) for entry, body in told],
    )
    db.conn.execute("update webhooks set cursor = ? where url = ?", (upto, webhook.url))


def _room(db: Database, url: str) -> bool:
    sql = f"select count(*) from calls where url = ? and kind = 'entry' and {_OPEN}"
    return bool(db.conn.execute(sql, (url,)).fetchone()[0] < MOST_WAITING)


def _step(db: Database, cursor: int) -> int:
    """How far one step goes: to the last number, or to where the entries at one place end."""
    row = db.conn.execute(
        f"""select position from (
            select * from (select number as position from entries where place is null and number > ?1
                order by number limit {_STEP})
            union all
            select * from (select place from entries where place > ?1 order by place limit {_STEP}))
        order by position limit 1 offset {_STEP - 1}""",
        (cursor,),
    ).fetchone()
    return int(row[0]) if row else entries.last_number(db)


# ── How far it has come ─────────────────────────────────────────────────────────────────────────────


def due(db: Database, now: datetime, most: int) -> list[Call]:
    """What to tell now, the oldest first: at most so many calls of one peer, and none of one that rests."""
    return _calls(
        db,
        f"""(select *, row_number() over (partition by url order by id) as turn from calls
            where {_OPEN} and next_try <= ?1 and url not in (select url from peers where rests > ?1))
        where turn <= ?2 order by id""",
        put(now),
        most,
    )


def next_try(db: Database) -> datetime | None:
    """When the next call is due; None where none waits."""
    sql = f"""select min(max(next_try, coalesce(rests, ''))) from calls left join peers using (url) where {_OPEN}"""
    (found,) = db.conn.execute(sql).fetchone()
    return take(found) if found else None


def mark_sent(db: Database, call: Call, reply: Reply, now: datetime) -> None:
    """It has been told. A ping that was asked for again meanwhile is told once more."""
    db.conn.execute(
        f"""update calls set state = case when asked > ?1 then 'queued' else 'sent' end, asked = max(asked - ?1, 1),
            body = null, tries = case when asked > ?1 then 0 else tries + 1 end, failing = null, next_try = ?2,
            changed = ?2, reply_code = ?3, reply_text = ?4 where id = ?5 and {_OPEN}""",
        (call.asked, put(now), reply.code, reply.text, call.number),
    )


def defer(db: Database, call: Call, reply: Reply, *, now: datetime, until: datetime) -> None:
    """Try again later."""
    db.conn.execute(
        f"""update calls set state = 'deferred', tries = tries + 1, failing = coalesce(failing, ?1), changed = ?1,
            next_try = ?2, reply_code = ?3, reply_text = ?4 where id = ?5 and {_OPEN}""",
        (put(now), put(until), reply.code, reply.text, call.number),
    )


def give_up(db: Database, call: Call, reply: Reply, now: datetime) -> None:
    """It is not tried again."""
    db.conn.execute(
        f"""update calls set state = 'failed', body = null, tries = tries + 1, failing = coalesce(failing, ?1),
            changed = ?1, reply_code = ?2, reply_text = ?3 where id = ?4 and {_OPEN}""",
        (put(now), reply.code, reply.text, call.number),
    )


def give_up_waiting(db: Database, url: str, reply: Reply, now: datetime, *, before: datetime) -> None:
    """Nor is what has waited for a peer since before then."""
    db.conn.execute(
        f"""update calls set state = 'failed', body = null, changed = ?, reply_code = ?, reply_text = ?
        where url = ? and created <= ? and {_OPEN}""",
        (put(now), reply.code, reply.text, url, put(before)),
    )


def prune(db: Database, now: datetime) -> None:
    """Forget what was settled long ago, and what is beyond a number."""
    db.conn.execute(f"delete from calls where not {_OPEN} and changed < ?", (put(now - _KEPT),))
    db.conn.execute(
        f"""delete from calls where not {_OPEN} and id <= (
            select id from calls where not {_OPEN} order by id desc limit 1 offset ?)""",
        (_MOST_KEPT,),
    )


# ── What is told of them ────────────────────────────────────────────────────────────────────────────


def counts(db: Database) -> dict[str, int]:
    """How many calls there are in each state."""
    return dict(db.conn.execute("select state, count(*) from calls group by state order by state").fetchall())


def latest(db: Database, limit: int) -> list[Call]:
    """The last calls, the one that was made last first: each with its state, its tries and what was answered."""
    return _calls(db, "calls order by id desc limit ?", limit)


def _maybe(text: str | None) -> datetime | None:
    return take(text) if text else None


def _calls(db: Database, clause: str, *values: object) -> list[Call]:
    return [_call(row) for row in db.conn.execute(f"select {_COLUMNS} from {clause}", values)]


def _call(row: Sequence[Any]) -> Call:
    number, kind, url, subject, body, asked, state, tries, failing, next_, code, text, created, changed = row
    return Call(
        number=number,
        kind=CallKind(kind),
        url=url,
        subject=subject,
        body=body or b"",
        asked=asked,
        state=CallState(state),
        tries=tries,
        failing=_maybe(failing),
        next_try=take(next_),
        reply=None if code is None else Reply(code=code, text=text or ""),
        created=take(created),
        changed=take(changed),
    )
