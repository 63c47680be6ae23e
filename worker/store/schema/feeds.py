"""What feeds are made of: channels, the turns of their entries, archive documents, and what was taken down."""

from __future__ import annotations

from sqlite_utils import Database

from worker.store.schema.steps import migrations, run


@migrations()
def channels_and_turns(db: Database) -> None:
    """A feed is the newest turns of a channel: the wire, a topic or a source. An entry has a turn when it comes, and
    another when its text changes, so that a correction comes back through the head. Turns count from 1 in each
    channel; what a replay finds in the past counts down from -1, and so is new to nobody. Archive documents (RFC
    5005) are stretches of turns that never change; `stale` says which documents have yet to be written, so that
    publishing costs what changed. Archive 0 is the head.
    """
    run(
        db,
        """create table channels (
            id integer primary key autoincrement, kind text not null, slug text not null, name text not null,
            unique (kind, slug)) strict""",
        """create table turns (
            channel integer not null references channels on delete cascade, turn integer not null,
            entry integer not null references entries, primary key (channel, turn)) strict, without rowid""",
        """create table archives (
            channel integer not null references channels on delete cascade, number integer not null,
            first integer not null, last integer not null, primary key (channel, number)) strict, without rowid""",
        "create index archives_last on archives (channel, last)",
        """create table stale (
            channel integer not null references channels on delete cascade, archive integer not null,
            primary key (channel, archive)) strict, without rowid""",
        # What all documents were last written with; when it changes, all are written anew.
        "create table presses (id integer primary key check (id = 1), made_with text not null) strict",
        """create table retractions (
            entry integer primary key references entries, reason text not null, made text not null) strict""",
        "insert into channels (kind, slug, name) values ('wire', '', '')",
    )
