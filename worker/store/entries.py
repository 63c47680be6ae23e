"""Entries: every story once, in ingest order."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from worker.model import Article, Entry, Fingerprint, StatedDate
from worker.store.database import batched, put, take
from worker.store.retractions import NOT_RETRACTED

COLUMNS = """number, key, uri, title, title_derived, published, source, language, link, text, stored, updated, place,
    story, own"""
#: An entry's place in ingest order is its number, unless a replay found it on a page from before.
_NEWEST_FIRST = "order by coalesce(place, number) desc, place is null desc, number desc"
#: Readers get the entries that lead a story; the others are named in them.
_WITHIN = f"""(place is null and number > ?1 and number <= ?2 or place > ?1 and place <= ?2) and story is null
    and {NOT_RETRACTED}"""


def entry_of(
    article: Article, digest: bytes, *, number: int, authority: str, now: datetime, place: int | None = None
) -> Entry:
    """An article as a new entry. Its id is a tag URI (RFC 4151) made of a digest, and never changes."""
    key = base64.b32encode(digest[:10]).decode("ascii").lower()
    return Entry(
        number=number,
        key=key,
        uri=f"tag:{authority}:item/{key}",
        title=article.title,
        title_derived=article.title_derived,
        published=article.published,
        source=article.source,
        language=article.language,
        link=article.link,
        text=article.text,
        stored=now,
        updated=now,
        place=place,
    )


def by_fingerprint(db: Database, fingerprints: Iterable[Fingerprint]) -> dict[Fingerprint, Entry]:
    """The entries with these fingerprints."""
    found: dict[Fingerprint, Entry] = {}
    recipes: dict[int, set[bytes]] = {}
    for fingerprint in fingerprints:
        recipes.setdefault(fingerprint.recipe, set()).add(fingerprint.digest)
    for recipe, digests in recipes.items():
        for some in batched(digests):
            rows = db.conn.execute(
                f"""select digest, {COLUMNS} from fingerprints join entries on number = entry
                where recipe = ? and digest in ({",".join("?" * len(some))})""",
                (recipe, *some),
            )
            found.update((Fingerprint(recipe=recipe, digest=row[0]), _entry(row[1:])) for row in rows)
    return found


def last_given(db: Database) -> int:
    """The last number that was given out, also where its entry is gone."""
    row = db.conn.execute("select seq from sqlite_sequence where name = 'entries'").fetchone()
    return int(row[0]) if row else 0


def insert(db: Database, entries: Iterable[Entry]) -> None:
    """Store entries that are new."""
    db.conn.executemany(
        f"insert into entries ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                entry.number,
                entry.key,
                entry.uri,
                entry.title,
                entry.title_derived,
                entry.published.iso() if entry.published else None,
                entry.source,
                entry.language,
                entry.link,
                entry.text,
                put(entry.stored),
                put(entry.updated),
                entry.place,
                entry.story,
                entry.own,
            )
            for entry in entries
        ],
    )


def name(db: Database, named: Iterable[tuple[Fingerprint, int]]) -> None:
    """Let texts with these fingerprints belong to these entries; an entry may have several."""
    db.conn.executemany(
        "insert into fingerprints (digest, recipe, entry) values (?, ?, ?)",
        [(one.digest, one.recipe, number) for one, number in named],
    )


def update(db: Database, entries: Iterable[Entry]) -> None:
    """Store what may change of entries: a later sighting fills in, a replay reads better."""
    db.conn.executemany(
        """update entries set title = ?, title_derived = ?, published = ?, source = ?, link = ?, language = ?, text = ?,
            updated = ?, place = ?, story = ?, own = ? where number = ?""",
        [
            (
                entry.title,
                entry.title_derived,
                entry.published.iso() if entry.published else None,
                entry.source,
                entry.link,
                entry.language,
                entry.text,
                put(entry.updated),
                entry.place,
                entry.story,
                entry.own,
                entry.number,
            )
            for entry in entries
        ],
    )


def index(db: Database, numbers: Iterable[int]) -> None:
    """Put entries into the full-text index: once a portion, which is twice as fast as one by one."""
    for first, last in stretches(sorted(numbers)):
        db.conn.execute(
            """insert into entries_fts (rowid, title, text, source)
            select number, title, text, source from entries where number between ? and ?""",
            (first, last),
        )


def stretches(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """[1, 2, 3, 7] → (1, 3), (7, 7)."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in run]
        yield stretch[0], stretch[-1]


def unindex(db: Database, numbers: Iterable[int]) -> None:
    """Take entries out of the full-text index; in order, since FTS5 writes it out whenever numbers go back."""
    db.conn.executemany(
        """insert into entries_fts (entries_fts, rowid, title, text, source)
        select 'delete', number, title, text, source from entries where number = ?""",
        [(number,) for number in sorted(numbers)],
    )


def newest(db: Database, limit: int) -> list[Entry]:
    """The last entries by ingest order, newest first."""
    return _entries(
        db,
        f"""where number in (
                select * from (
                    select number from entries where place is null and story is null and {NOT_RETRACTED}
                    order by number desc limit ?1)
                union all
                select * from (
                    select number from entries where place is not null and story is null and {NOT_RETRACTED}
                    order by place desc, number desc limit ?1))
            {_NEWEST_FIRST} limit ?1""",
        limit,
    )


def between(db: Database, after: int, upto: int, limit: int) -> list[Entry]:
    """The newest entries of a stretch of ingest order, newest first: after < place ≤ upto."""
    return _entries(db, f"where {_WITHIN} {_NEWEST_FIRST} limit ?3", after, upto, limit)


def count(db: Database, after: int = 0, upto: int | None = None) -> int:
    """How many entries there are in a stretch of ingest order."""
    last = upto if upto is not None else last_number(db)
    row = db.conn.execute(f"select count(*) from entries where {_WITHIN}", (after, last)).fetchone()
    return int(row[0])


def last_number(db: Database) -> int:
    """The last number that counts in ingest order, of an entry or as the place of one; 0 where there is none."""
    sql = """select max(coalesce((select max(number) from entries), 0),
        coalesce((select max(place) from entries where place is not null), 0))"""
    return int(db.conn.execute(sql).fetchone()[0])


def give(db: Database) -> int:
    """Give out a number that no entry has: a place behind all there are, and before all to come."""
    sql = "update sqlite_sequence set seq = seq + 1 where name = 'entries' returning seq"
    return int(db.conn.execute(sql).fetchone()[0])


def last_before(db: Database, moment: datetime) -> int:
    """The number of the last entry stored before a moment; 0 where there is none."""
    row = db.conn.execute("select coalesce(max(number), 0) from entries where stored < ?", (put(moment),)).fetchone()
    return int(row[0])


def get(db: Database, name: str) -> Entry | None:
    """An entry by its key, its id (tag URI) or its number."""
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 18 else -1
    key = name.rpartition("/")[2].lower()  # a tag URI ends in it
    found = _entries(db, "where key = ? or number = ? limit 1", key, number)
    return found[0] if found and ("/" not in name or name == found[0].uri) else None


def numbered(db: Database, numbers: Iterable[int]) -> Iterator[Entry]:
    """The entries with these numbers."""
    for some in batched(numbers):
        yield from where(db, f"where number in ({','.join('?' * len(some))})", *some)


def where(db: Database, clause: str, *values: object) -> Iterator[Entry]:
    """Entries by a clause of SQL behind `from entries`; for the modules of the store."""
    return (_entry(row) for row in db.conn.execute(f"select {COLUMNS} from entries {clause}", values))


def _entries(db: Database, clause: str, *values: object) -> list[Entry]:
    return list(where(db, clause, *values))


def _entry(row: Sequence[Any]) -> Entry:
    number, key, uri, title, derived, published, source, language, link, text, stored, updated, place, story, own = row
    return Entry(
        number=number,
        key=key,
        uri=uri,
        title=title,
        title_derived=bool(derived),
        published=StatedDate.from_iso(published) if published else None,
        source=source,
        language=language,
        link=link,
        text=text,
        stored=take(stored),
        updated=take(updated),
        place=place,
        story=story,
        own=own,
    )
