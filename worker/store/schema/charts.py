"""What is counted by day, for the eye, and what a search looks at of an entry."""

from __future__ import annotations

from sqlite_utils import Database

from worker.store.schema.steps import migrations, run


@migrations()
def tallies_by_day(db: Database) -> None:
    """A status page that counts a million pieces at every look is no page. So what a portion brings is added up by
    day as it is stored: pages and pieces under the day on which their dump came in, entries under the day on which
    they were stored; those that a replay found on old pages came on no day. Of archives from before it is added up
    here, once. Lags are kept as one histogram a day.
    """
    run(
        db,
        """create table tallies (
            day text not null, what text not null, number integer not null, primary key (day, what))
            strict, without rowid""",
        """create table source_tallies (
            day text not null, source text not null, entries integer not null, primary key (day, source))
            strict, without rowid""",
        """insert into tallies (day, what, number)
            select substr(stored, 1, 10) as day, 'pages', count(*) from pages
                join dumps on dumps.id = pages.dump group by day
            union all
            select substr(stored, 1, 10) as day, 'characters', sum(length) from pages
                join dumps on dumps.id = pages.dump group by day having sum(length) > 0
            union all
            select substr(stored, 1, 10) as day, 'characters_in_pieces', sum(end - start) from pieces
                join pages on pages.id = page join dumps on dumps.id = pages.dump
                group by day having sum(end - start) > 0
            union all
            select substr(stored, 1, 10) as day, outcome, count(*) from pieces
                join pages on pages.id = page join dumps on dumps.id = pages.dump
                where outcome is not null group by day, outcome""",
        """insert into source_tallies (day, source, entries)
            select substr(stored, 1, 10) as day, coalesce(source, '') as named, count(*) from entries
            where place is null group by day, named""",
        """create table lags (
            day text primary key, worst real not null, total real not null, counts text not null)
            strict, without rowid""",
        # Mail is counted by its state at every look; messages are large, and what is settled is in no other index.
        "create index outbox_state on outbox (state)",
        "create index calls_state on calls (kind, state)",
    )


@migrations()
def facets_of_entries(db: Database) -> None:
    """What a search filters by, in the order in which the full-text index tells its hits, and apart from the texts:
    of 165,000 hits of a common word the filters see all in 30 ms. An index, since SQLite keeps that right by itself.
    """
    run(db, "create index entries_facets on entries (number, source, story, place, published, stored)")
