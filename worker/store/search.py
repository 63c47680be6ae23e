"""Full-text search: the hits of what somebody typed, each story once, with the words that were found.

The index tells its hits by number, so the newest come first and cheaply: whatever is asked, no more than `DEPTH`
stories are looked at, and ranked only among themselves. With 165,000 entries and the commonest word that takes 10 ms
(30 ms where a filter lets none through); bm25 over all hits took 209 ms.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlite_utils import Database

from worker.model import Entry, slug_of
from worker.store import entries
from worker.store.database import batched
from worker.store.retractions import NOT_RETRACTED

DEPTH = 1000  #: stories that a search goes through at the most; who wants older ones narrows the dates
_MOST = 300  # characters of a query; what is longer was pasted by mistake
#: A prefix goes through all words that begin with it: "a*" took 600 ms with 165,000 entries, "con*" 95 ms.
_SHORT_PREFIX = re.compile(r'(?<!\w)\w{1,2}"?\s*\*')
_MOST_PREFIXES = 2
#: A word in a title tells more of what an entry is about than one in its text.
_WEIGHTS = "4.0, 1.0, 1.0"
_OPEN, _CLOSE = "\x01", "\x02"  # no entry holds control characters
_SNIPPET = 30  # words
#: From one name to the next by the index: `distinct` would go through every entry.
_SOURCES = """
with recursive named (name) as (
    select min(source) from entries
    union all select (select min(source) from entries where source > name) from named where name is not null)
select name from named
"""


class Part(NamedTuple):
    """A stretch of a title or a snippet, and whether it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for."""

    words: str  #: a query of FTS5, or whatever was typed
    first: date | None = None  #: day of publishing where one is stated, else of storing
    last: date | None = None
    source: str = ""  #: slug of its channel
    topic: str = ""  #: slug
    best: bool = False  #: best first; else newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A story that was found, by the entry that leads it."""

    entry: Entry
    telling: Entry  #: the entry of the story that was found: the one that leads it, or another
    title: tuple[Part, ...]  #: of `telling`
    snippet: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of hits."""

    hits: tuple[Hit, ...] = ()
    total: int = 0  #: stories found, as far as was looked
    more: bool = False  #: there are more than that
    cursor: str = ""  #: of the next page; empty where there is none


def found(
    db: Database, search: Search, *, limit: int = 20, cursor: str = "", depth: int = DEPTH, arrivals: bool = False
) -> Results:
    """The page of hits behind a cursor, or the first. Whatever was typed is an answer, and no error.

    `arrivals`: leave out what a replay found on old pages, which is no news to anybody.
    """
    where = _filters(db, search, arrivals=arrivals)
    upto, offset = _position(cursor) or (entries.last_number(db), 0)
    if where is None:
        return Results()
    readings = _readings(search.words)
    for number, match in enumerate(readings):
        try:
            stories = _Matches(db, match, *where, upto=upto).stories(depth, best=search.best)
            return _page(db, match, stories, slice(offset, offset + limit), upto)
        except sqlite3.OperationalError:
            if number == len(readings) - 1:
                raise
    return Results()


def marked(parts: Iterable[Part], before: str, behind: str) -> str:
    """One line of text, what was looked for between two marks."""
    return "".join(before + text + behind if hit else text for text, hit in parts)


# ── What was typed ──────────────────────────────────────────────────────────────────────────────────


def _readings(typed: str) -> list[str]:
    """What was typed as queries of FTS5, to be tried in turn: as it is, and as plain words, which none refuses."""
    words = typed.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ").strip()[:_MOST]
    kept = [word for word in words.split() if any(char.isalnum() for char in word)]
    if not kept:
        return []
    plain = " ".join('"' + word.replace('"', '""') + '"' for word in kept)
    # FTS5 takes what follows a * for a question about the index.
    dear = words.startswith("*") or _SHORT_PREFIX.search(words) or words.count("*") > _MOST_PREFIXES
    return [plain] if dear else [words, plain]


def _filters(db: Database, search: Search, *, arrivals: bool) -> tuple[str, list[object]] | None:
    """Conditions of SQL and their values; None where nothing can be found."""
    clauses, values = [NOT_RETRACTED], list[object]()
    if arrivals:
        clauses.append("place is null")
    if search.first:
        clauses.append("coalesce(published, stored) >= ?")
        values.append(search.first.isoformat())
    if search.last:
        clauses.append("coalesce(published, stored) <= ?")
        values.append(search.last.isoformat() + "~")  # behind every time of that day
    if search.topic:
        clauses.append(
            "number in (select entry from entry_topics where topic = (select id from topics where slug = ?))"
        )
        values.append(search.topic)
    if search.source:
        of_source = _of_source(db, search.source)
        if of_source is None:
            return None
        clauses.append(of_source[0])
        values += of_source[1]
    return " and ".join(clauses), values


def _of_source(db: Database, slug: str) -> tuple[str, list[object]] | None:
    """What holds of the entries of a source: how they spell its name, or, where none is named so, that they were told
    in its channel.
    """
    names: list[object] = [name for (name,) in db.conn.execute(_SOURCES) if name and slug_of(name) == slug]
    if names:
        return f"entries.source in ({','.join('?' * len(names))})", names
    channel = db.conn.execute("select id from channels where kind = 'source' and slug = ?", (slug,)).fetchone()
    return ("number in (select entry from turns where channel = ?)", list(channel)) if channel else None


def _position(cursor: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,6})", cursor, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


# ── What is found ───────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Matches:
    db: Database
    match: str
    clauses: str
    values: list[object]
    upto: int  #: the last entry that there was when the first page was asked for: pages do not shift

    def stories(self, depth: int, *, best: bool) -> tuple[list[int], bool]:
        """Of each story the number of the entry to show, in order; and whether there are more of them."""
        shown: dict[int, int] = {}
        scores: dict[int, float] = {}
        for number, story, score in self._rows(scored=best):
            lead = story or number
            if lead not in shown:
                if len(shown) == depth:
                    return self._ordered(shown, scores), True
                shown[lead], scores[lead] = number, score
            elif number == lead:  # where it is found itself, it is shown as itself
                shown[lead] = number
            scores[lead] = min(scores[lead], score)
        return self._ordered(shown, scores), False

    def _ordered(self, shown: dict[int, int], scores: dict[int, float]) -> list[int]:
        # Newest first as they came; a sort by score leaves that order among equals.
        return [shown[lead] for lead in sorted(shown, key=scores.__getitem__)]

    def _rows(self, *, scored: bool) -> Iterator[tuple[int, int | None, float]]:
        score = f"bm25(entries_fts, {_WEIGHTS})" if scored else "0.0"
        return iter(
            self.db.conn.execute(
                f"""select number, story, {score} from entries_fts
                cross join entries indexed by entries_facets on number = entries_fts.rowid
                where entries_fts match ? and entries_fts.rowid <= ? and {self.clauses}
                order by entries_fts.rowid desc""",
                (self.match, self.upto, *self.values),
            )
        )


def _page(db: Database, match: str, stories: tuple[list[int], bool], page: slice, upto: int) -> Results:
    numbers, more = stories
    return Results(
        hits=tuple(_hits(db, match, numbers[page])),
        total=len(numbers),
        more=more,
        cursor=f"{upto}-{page.stop}" if page.stop < len(numbers) else "",
    )


def _hits(db: Database, match: str, numbers: list[int]) -> Iterator[Hit]:
    known = {entry.number: entry for entry in entries.numbered(db, numbers)}
    known |= {entry.number: entry for entry in entries.numbered(db, {one.lead for one in known.values()} - set(known))}
    told = _told(db, match, numbers)
    for number in numbers:
        telling = known[number]
        yield Hit(entry=known[telling.lead], telling=telling, title=told[number][0], snippet=told[number][1])


def _told(db: Database, match: str, numbers: list[int]) -> dict[int, tuple[tuple[Part, ...], tuple[Part, ...]]]:
    """Titles and snippets, in one query: a prefix is looked up once. The + keeps SQLite from asking for each number."""
    told: dict[int, tuple[tuple[Part, ...], tuple[Part, ...]]] = {}
    for some in batched(numbers):
        rows = db.conn.execute(
            f"""select rowid, highlight(entries_fts, 0, '{_OPEN}', '{_CLOSE}'),
                snippet(entries_fts, 1, '{_OPEN}', '{_CLOSE}', '…', {_SNIPPET})
            from entries_fts where entries_fts match ? and rowid between ? and ?
                and +rowid in ({",".join("?" * len(some))})""",
            (match, min(some), max(some), *some),
        )
        told.update((number, (_parts(title), _parts(snippet))) for number, title, snippet in rows)
    return told


def _parts(text: str) -> tuple[Part, ...]:
    """ "a \\x01b\\x02" → ("a ", not hit), ("b", hit); white space becomes one space."""
    line = re.sub(r"\s+", " ", text).strip()
    pieces = re.split(f"[{_OPEN}{_CLOSE}]", line)  # a hit is every second one
    return tuple(Part(piece, bool(number % 2)) for number, piece in enumerate(pieces) if piece)
