"""Peers: hubs and webhooks that do not answer as they should, and rest for a while."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from worker.model.calls import Peer
from worker.store.database import put, take


def well(db: Database, url: str) -> None:
    """A peer has answered as it should."""
    db.conn.execute("delete from peers where url = ?", (url,))


def unwell(db: Database, url: str, now: datetime) -> tuple[int, datetime]:
    """A peer has not; how often in a row it had not before, and since when."""
    row = db.conn.execute(
        """insert into peers (url, failures, failing, rests) values (?1, 1, ?2, ?2)
        on conflict (url) do update set failures = failures + 1 returning failures - 1, failing""",
        (url, put(now)),
    ).fetchone()
    return int(row[0]), take(row[1])


def rest(db: Database, url: str, until: datetime) -> None:
    """Leave a peer alone for a while."""
    db.conn.execute("update peers set rests = ? where url = ?", (put(until), url))


def every(db: Database) -> list[Peer]:
    """Webhooks, and whoever else has calls waiting or does not answer."""
    rows = db.conn.execute(
        """with waiting as (
                select url, count(*) as calls from calls where state in ('queued', 'deferred') group by url),
            urls as (select url from webhooks union select url from peers union select url from waiting)
        select url, coalesce(calls, 0), coalesce(failures, 0), failing, rests, stopped, cursor
        from urls left join waiting using (url) left join peers using (url) left join webhooks using (url)
        order by url"""
    )
    return [
        Peer(
            url=url,
            waiting=waiting,
            failures=failures,
            failing=take(failing) if failing else None,
            rests=take(rests) if rests else None,
            stopped=stopped,
            cursor=cursor,
        )
        for url, waiting, failures, failing, rests, stopped, cursor in rows
    ]
