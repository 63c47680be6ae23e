"""Topics: saved searches, and the entries that they found.

An entry gets its topics in the transaction that indexes it. When its words change it is matched again and may gain
topics; it loses none, since readers of the topic may have been told of it already. Only another query makes a topic
anew: it is then matched with the whole archive once, step by step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from sqlite_utils import Database

from worker.model import Entry, Topic
from worker.store import announcing, channels, entries

#: As the schema has it for `entries_fts`: a query must mean the same everywhere.
_FTS = """title, text, source, tokenize = "unicode61 remove_diacritics 2\""""
#: A query of a topic costs 0.06 ms with an index of 8,000 entries, 0.19 ms with one of 80,000, however few of them
#: are asked for; to index an entry of 160 words aside costs 0.03 ms, and a query of that next to nothing. So few
#: topics ask the index of the archive, and many are matched with an index of nothing but the entries in question.
_ENTRIES_A_TOPIC = 4
#: What is matched with the archive in one transaction: about 20,000 entries found, in 0.2 s at the most.
_STEP = 20_000
_TOPIC = 100  #: what a query weighs besides the entries that it finds


def faults(queries: Iterable[str]) -> dict[str, str]:
    """Those of these queries that are no valid searches, each with what is wrong with it."""
    found: dict[str, str] = {}
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"create virtual table entries_fts using fts5 ({_FTS})")
        for query in queries:
            if told := _fault(db, query):
                found[query] = told
    return found


def _fault(db: sqlite3.Connection, query: str) -> str | None:
    if not any(char.isalnum() for char in query):
        return "it has no word to look for"
    if "\x00" in query:
        return "it holds a NUL, where FTS5 stops reading"
    if query.startswith("*"):  # FTS5 takes what follows for a question about the index
        return "it begins with a *"
    try:
        db.execute("select rowid from entries_fts where entries_fts match ?", (query,)).fetchall()
    except sqlite3.Error as error:
        return " ".join(str(error).removeprefix("fts5: ").split()).replace('syntax error near ""', "it ends too early")
    return None


# ── Which topics there are ──────────────────────────────────────────────────────────────────────────


def every(db: Database) -> list[Topic]:
    """All topics of the store, by name."""
    rows = db.conn.execute("select name, slug, query from topics order by name, slug")
    return [Topic(name=name, slug=slug, query=query) for name, slug, query in rows]


def sync(db: Database, wanted: Iterable[Topic]) -> None:
    """Let the store have these topics and no others, within a transaction of the caller.

    A topic is known by its slug, else, where it was renamed, by its query. New ones and those with another query
    have yet to be matched with the archive (`match_step`).
    """
    by_slug = {topic.slug: topic for topic in wanted}
    rows = db.conn.execute("select id, name, slug, query from topics").fetchall()
    left = {id_: (name, slug, query) for id_, name, slug, query in rows if slug not in by_slug}
    kept = {slug: (id_, name, query) for id_, name, slug, query in rows if slug in by_slug}
    new = [topic for slug, topic in by_slug.items() if slug not in kept]
    left_slugs = {id_: slug for id_, (_, slug, _) in left.items()}
    anew: list[str] = []
    renamed = []
    for topic in new:
        if id_ := next((id_ for id_, (_, _, query) in left.items() if query == topic.query), None):
            del left[id_]
            renamed.append((id_, topic))
    db.conn.executemany("delete from topics where id = ?", [(id_,) for id_ in left])
    for slug, (id_, name, query) in kept.items():
        topic = by_slug[slug]
        if query != topic.query:
            db.conn.execute("update topics set query = ?, reached = 0 where id = ?", (topic.query, id_))
            db.conn.execute("delete from entry_topics where topic = ?", (id_,))
            anew.append(slug)
        if name != topic.name:
            db.conn.execute("update topics set name = ? where id = ?", (topic.name, id_))
    for id_, topic in renamed:
        db.conn.execute("update topics set name = ?, slug = ? where id = ?", (topic.name, topic.slug, id_))
    again = {topic.slug for _, topic in renamed}
    made = [(topic.name, topic.slug, topic.query) for topic in new if topic.slug not in again]
    db.conn.executemany("insert into topics (name, slug, query) values (?, ?, ?)", made)
    channels.follow_topics(db, {left_slugs[id_]: topic.slug for id_, topic in renamed}, anew)


# ── Which entries they found ────────────────────────────────────────────────────────────────────────


def any_pending(db: Database) -> bool:
    """Whether any topic has yet to be matched with the archive."""
    return db.conn.execute("select 1 from topics where reached is not null limit 1").fetchone() is not None


def match_step(db: Database) -> None:
    """Match topics with the archive a step further, within a transaction of the caller."""
    room = _STEP
    pending = db.conn.execute("select id, query, reached from topics where reached is not null order by id").fetchall()
    for id_, query, reached in pending:
        found = db.conn.execute(
            "select rowid from entries_fts where entries_fts match ? and rowid > ? order by rowid limit ?",
            (query, reached, room),
        ).fetchall()
        numbers = [number for (number,) in found]
        before = channels.of_topics(db, numbers)
        db.conn.executemany(
            "insert or ignore into entry_topics (topic, entry) values (?, ?)", [(id_, number) for number in numbers]
        )
        announcing.announce_topics(db, numbers, before)
        ended = len(found) < room
        db.conn.execute("update topics set reached = ? where id = ?", (None if ended else found[-1][0], id_))
        room -= len(found) + _TOPIC
        if room <= 0:
            return


def assign(db: Database, numbers: Iterable[int]) -> None:
    """Give entries that have just been indexed the topics whose queries find them, within a transaction of the
    caller. What topics they have they keep.
    """
    topics = int(db.conn.execute("select count(*) from topics").fetchone()[0])
    if not topics:
        return
    aside: list[tuple[int, int]] = []
    for first, last in entries.stretches(sorted(numbers)):
        if last - first + 1 > _ENTRIES_A_TOPIC * topics:
            db.conn.execute(
                """insert or ignore into entry_topics (topic, entry)
                select topics.id, entries_fts.rowid from topics cross join entries_fts
                where entries_fts match topics.query and entries_fts.rowid between ? and ?""",
                (first, last),
            )
        else:
            aside.append((first, last))
    if aside:
        _assign_aside(db, aside)


def _assign_aside(db: Database, stretches: list[tuple[int, int]]) -> None:
    """By an index in memory of these entries alone."""
    db.conn.execute(
        f"create virtual table if not exists temp.entries_aside using fts5 ({_FTS}, content = '', columnsize = 0)"
    )
    db.conn.executemany(
        """insert into temp.entries_aside (rowid, title, text, source)
        select number, title, text, source from entries where number between ? and ?""",
        stretches,
    )
    # Out of its hash, which every prefix* would have to go through: four times as fast with ten entries.
    db.conn.execute("insert into temp.entries_aside (entries_aside) values ('optimize')")
    db.conn.execute(
        """insert or ignore into entry_topics (topic, entry)
        select topics.id, entries_aside.rowid from topics cross join temp.entries_aside
        where entries_aside match topics.query"""
    )
    db.conn.execute("insert into temp.entries_aside (entries_aside) values ('delete-all')")


def of_entry(db: Database, number: int) -> list[Topic]:
    """The topics of an entry, by name."""
    rows = db.conn.execute(
        """select name, slug, query from entry_topics join topics on topics.id = topic
        where entry = ? order by name, slug""",
        (number,),
    )
    return [Topic(name=name, slug=slug, query=query) for name, slug, query in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a topic has found so far."""

    topic: Topic
    entries: int
    newest: Entry | None
    complete: bool  #: it has been matched with the whole archive


def found(db: Database) -> list[Found]:
    """What each topic has found, by name. What a replay found is not the newest where there is anything else."""
    rows = db.conn.execute(
        """with counts as (select topic, count(*) as entries, max(entry) as last from entry_topics group by topic)
        select name, slug, query, coalesce(counts.entries, 0), reached is null, coalesce((
            select entry from entry_topics where topic = topics.id
                and entry not in (select number from entries where place is not null)
            order by entry desc limit 1), counts.last)
        from topics left join counts on topic = topics.id order by name, slug"""
    ).fetchall()
    newest = {entry.number: entry for entry in entries.numbered(db, {row[-1] for row in rows if row[-1]})}
    return [
        Found(
            topic=Topic(name=name, slug=slug, query=query),
            entries=count,
            newest=newest.get(last),
            complete=bool(complete),
        )
        for name, slug, query, count, complete, last in rows
    ]


def totals(db: Database) -> dict[str, int]:
    """How many topics there are, the entries that have any, and the topics not yet matched with the archive."""
    row = db.conn.execute(
        """select (select count(*) from topics), (select count(distinct entry) from entry_topics),
            (select count(*) from topics where reached is not null)"""
    ).fetchone()
    return dict(zip(("topics", "entries", "pending"), row, strict=True))
