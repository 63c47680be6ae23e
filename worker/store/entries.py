"""Entries: every story once, in ingest order."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from worker.model import Article, Entry, Fingerprint, StatedDate
from worker.store.database import put, take

_COLUMNS = "number, key, uri, title, title_derived, published, source, language, link, text, stored, updated"


def find(db: Database, fingerprint: Fingerprint) -> list[Entry]:
    """The entries whose text has this fingerprint: one or none."""
    rows = db.conn.execute(
        f"select {_COLUMNS} from fingerprints join entries on number = entry where digest = ? and recipe = ?",
        (fingerprint.digest, fingerprint.recipe),
    )
    return list(map(_entry, rows))


def add(db: Database, article: Article, fingerprint: Fingerprint, *, authority: str, now: datetime) -> int:
    """Store a new entry; its number. Its id is a tag URI (RFC 4151) made of its text: it can never change."""
    key = base64.b32encode(fingerprint.digest[:10]).decode("ascii").lower()
    cursor = db.conn.execute(
        """insert into entries (key, uri, title, title_derived, published, source, language, link, text, stored,
            updated)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            key,
            f"tag:{authority}:item/{key}",
            article.title,
            article.title_derived,
            article.published.iso() if article.published else None,
            article.source,
            article.language,
            article.link,
            article.text,
            put(now),
            put(now),
        ),
    )
    number = int(cursor.lastrowid or 0)
    db.conn.execute(
        "insert into fingerprints (digest, recipe, entry) values (?, ?, ?)",
        (fingerprint.digest, fingerprint.recipe, number),
    )
    return number


def fill(db: Database, number: int, article: Article, fields: Sequence[str]) -> None:
    """Set what an entry lacked and a later sighting states. `updated` stays: the text is the same.

    The entry must be out of the full-text index (`unindex`) and be put back afterwards (`index`).
    """
    values: dict[str, object] = {
        "title": article.title,
        "published": article.published.iso() if article.published else None,
        "source": article.source,
        "link": article.link,
    }
    for name in fields:
        extra = ", title_derived = 0" if name == "title" else ""
        db.conn.execute(f"update entries set {name} = ?{extra} where number = ?", (values[name], number))


def index(db: Database, numbers: Iterable[int]) -> None:
    """Put entries into the full-text index: once a batch, which is twice as fast as one by one."""
    for first, last in _runs(sorted(numbers)):
        db.conn.execute(
            """insert into entries_fts (rowid, title, text, source)
            select number, title, text, source from entries where number between ? and ?""",
            (first, last),
        )


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """[1, 2, 3, 7] → (1, 3), (7, 7)."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in run]
        yield stretch[0], stretch[-1]


def unindex(db: Database, numbers: Iterable[int]) -> None:
    """Take entries out of the full-text index; before they change, since FTS5 needs what it indexed."""
    db.conn.executemany(
        """insert into entries_fts (entries_fts, rowid, title, text, source)
        select 'delete', number, title, text, source from entries where number = ?""",
        ((number,) for number in numbers),
    )


def newest(db: Database, limit: int) -> list[Entry]:
    """The last entries by ingest order, newest first."""
    return _entries(db, "order by number desc limit ?", limit)


def between(db: Database, after: int, upto: int, limit: int) -> list[Entry]:
    """The newest entries of a stretch of ingest order, newest first: after < number ≤ upto."""
    return _entries(db, "where number > ? and number <= ? order by number desc limit ?", after, upto, limit)


def count(db: Database, after: int = 0, upto: int | None = None) -> int:
    """How many entries there are in a stretch of ingest order."""
    last = upto if upto is not None else last_number(db)
    row = db.conn.execute("select count(*) from entries where number > ? and number <= ?", (after, last)).fetchone()
    return int(row[0])


def last_number(db: Database) -> int:
    """The number of the newest entry; 0 where there is none."""
    return int(db.conn.execute("select coalesce(max(number), 0) from entries").fetchone()[0])


def last_before(db: Database, moment: datetime) -> int:
    """The number of the last entry stored before a moment; 0 where there is none."""
    row = db.conn.execute("select coalesce(max(number), 0) from entries where stored < ?", (put(moment),)).fetchone()
    return int(row[0])


def get(db: Database, name: str) -> Entry | None:
    """An entry by its key, its id (tag URI) or its number."""
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 18 else -1
    found = _entries(db, "where key = ? or uri = ? or number = ? limit 1", name.lower(), name, number)
    return found[0] if found else None


def search(db: Database, query: str, limit: int) -> list[tuple[Entry, str]]:
    """Entries that match an FTS5 query, best first, each with a snippet.

    What is no valid FTS5 syntax is searched as plain words.
    """
    sql = f"""select {", ".join("entries." + name for name in _COLUMNS.split(", "))},
            snippet(entries_fts, -1, '[', ']', ' … ', 16)
        from entries_fts join entries on entries.number = entries_fts.rowid
        where entries_fts match ? order by rank, entries.number desc limit ?"""
    try:
        rows = db.conn.execute(sql, (query, limit)).fetchall()
    except sqlite3.OperationalError:
        words = " ".join('"' + word.replace('"', '""') + '"' for word in query.split())
        rows = db.conn.execute(sql, (words, limit)).fetchall() if words else []
    return [(_entry(row[:-1]), row[-1]) for row in rows]


def _entries(db: Database, clause: str, *values: object) -> list[Entry]:
    return [_entry(row) for row in db.conn.execute(f"select {_COLUMNS} from entries {clause}", values)]


def _entry(row: Sequence[Any]) -> Entry:
    number, key, uri, title, derived, published, source, language, link, text, stored, updated = row
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
    )
