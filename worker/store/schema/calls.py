"""Whom we call when there is something new: hubs and webhooks."""

from __future__ import annotations

from sqlite_utils import Database

from worker.store.schema.steps import migrations, run


@migrations()
def calls(db: Database) -> None:
    """What has to be told to whom over HTTP, and how far that has come. A hub is told of a feed, a webhook of an
    entry; a webhook has a cursor of its own, so that none is told of what came before it was set, and of nothing twice.
    """
    run(
        db,
        """create table calls (
            id integer primary key autoincrement, kind text not null, url text not null, subject text not null,
            state text not null, tries integer not null default 0, next_try text not null,
            reply_code integer, reply_text text, created text not null, changed text not null) strict""",
        "create index calls_open on calls (state, next_try) where state in ('queued', 'deferred')",
        "create index calls_of on calls (url, id)",
        "create table webhooks (url text primary key, cursor integer not null) strict, without rowid",
    )
