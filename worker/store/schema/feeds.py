"""What feeds are made of: channels, the turns of their entries, archive documents, and what was taken down."""

from __future__ import annotations

from sqlite_utils import Database

from worker.model import source_of
from worker.store.schema.steps import migrations, run

_ORDER = "order by coalesce(place, number), place is null, number"


@migrations()
def channels_and_turns(db: Database) -> None:
    """A feed is the newest turns of a channel: the wire, a topic or a source. An entry has a turn when it comes, and
    another when its text changes, so that a correction comes back through the head. Turns count from 1 in each
    channel; what a replay finds in the past counts down from -1, and so is new to nobody. Archive documents (RFC
    5005) are stretches of turns that never change; `stale` says which documents have yet to be written, so that
    publishing costs what changed; archive 0 is the head, and `mark` moves whenever it is soiled again.
    """
    run(
        db,
        """create table channels (
            id integer primary key autoincrement, kind text not null, slug text not null, name text not null,
            named text, unique (kind, slug)) strict""",
        """create table turns (
            channel integer not null references channels on delete cascade, turn integer not null,
            entry integer not null references entries, primary key (channel, turn)) strict, without rowid""",
        """create table archives (
            channel integer not null references channels on delete cascade, number integer not null,
            first integer not null, last integer not null, written text,
            primary key (channel, number)) strict, without rowid""",
        "create index archives_last on archives (channel, last)",
        "create index turns_entry on turns (entry)",
        """create table stale (
            channel integer not null references channels on delete cascade, archive integer not null,
            mark integer not null default 0, anew integer not null default 0,
            primary key (channel, archive)) strict, without rowid""",
        # What all documents were last written with, so that they are written anew when it changes; up to which turn of
        # the wire they tell; which moment of retractions they have ceased to tell of; which channels OPML lists.
        """create table presses (
            id integer primary key check (id = 1), heads text, archives text, told integer, buried text,
            listed text) strict""",
        "insert into presses (id) values (1)",
        """create table retractions (
            entry integer primary key references entries, reason text not null, made text not null) strict""",
        "insert into channels (kind, slug, name) values ('wire', '', '')",
        "insert into channels (kind, slug, name) select 'topic', slug, name from topics",
        # Of archives from before: all that readers were told, in the order in which it came.
        f"""insert into turns (channel, turn, entry)
            select 1, row_number() over ({_ORDER}), number from entries where story is null""",
        f"""insert into turns (channel, turn, entry)
            select channels.id, row_number() over (partition by channels.id {_ORDER}), number
            from entry_topics join topics on topics.id = topic join channels on channels.slug = topics.slug
            join entries on number = entry where story is null and kind = 'topic'""",
    )
    sources: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for number, source, link in db.conn.execute(f"select number, source, link from entries {_ORDER}"):
        if named := source_of(source, link):
            sources.setdefault(named.slug, []).append(number)
            names.setdefault(named.slug, named.name)
    for slug, numbers in sources.items():
        made = db.conn.execute("insert into channels (kind, slug, name) values ('source', ?, ?)", (slug, names[slug]))
        told = [(made.lastrowid, turn, number) for turn, number in enumerate(numbers, 1)]
        db.conn.executemany("insert into turns (channel, turn, entry) values (?, ?, ?)", told)
    run(db, "insert into stale (channel, archive) select id, 0 from channels")
