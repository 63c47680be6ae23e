"""Whom we call when there is something new: hubs and webhooks."""

from __future__ import annotations

from sqlite_utils import Database

from worker.store.schema.steps import migrations, run


@migrations()
def calls(db: Database) -> None:
    """What has to be told to whom over HTTP, and how far that has come. A hub is told of a feed, a webhook of an
    entry; a webhook has a cursor of its own, so that none is told of what came before it was set, and of nothing twice.
    What is told of an entry is kept until it is settled: every try has the same bytes. A ping that is wanted again
    while it is under way counts in `asked`, since the hub may have looked at the feed before it changed. Who does not
    answer is a peer that rests for a while; who answers well is none.
    """
    run(
        db,
        """create table calls (
            id integer primary key autoincrement, kind text not null, url text not null, subject text not null,
            entry integer references entries, body blob, asked integer not null default 1,
            state text not null, tries integer not null default 0, failing text, next_try text not null,
            reply_code integer, reply_text text, created text not null, changed text not null) strict""",
        """create unique index calls_open on calls (url, kind, subject) where state in ('queued', 'deferred')""",
        "create index calls_settled on calls (changed) where state not in ('queued', 'deferred')",
        "create table webhooks (url text primary key, cursor integer not null, stopped text) strict, without rowid",
        """create table peers (
            url text primary key, failures integer not null, failing text not null, rests text not null
            ) strict, without rowid""",
    )
