"""Frames: which lines recur on the pages of a host, counted in bounded memory.

Pages are counted an epoch at a time, as they lie in the store, and always whole epochs: what is known when a
page is read follows from its id alone, however its dump came to be read, in which portion, and after which crash.
While an archive is young, an epoch counts for the pages right behind it. From `EPOCH` pages on it counts from the
border after the next one: pages can then be read while those of the epoch before them are still being stored.
Counting is lossy counting (Manku and Motwani, VLDB 2002, section 4.2) with epochs as its buckets: what an epoch
shows once is not kept, so a count may be too small by one an epoch, and never too large; where room ends, what
goes first is what that rule would have let go first. Here it is only done when room ends, so that sites with few
pages among many are known as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlite_utils import Database

from worker.model import Frames
from worker.store.pages import host_and_text

#: The first border stands behind so many pages, and each next one twice as far: young archives learn soon.
FIRST = 16
#: From this many pages on, so far apart: half a second of reading, and one site's frame among ten is seen 25 times.
EPOCH = 256
#: What reading is told: below this, chance and a story's own lines weigh as much. The index of the table says it too.
FEWEST = 8
#: Lines of the store at the most, about 5 MB; a site's frame has 50 to 200, so this holds hundreds of sites.
MOST = 50_000
#: Lines of one host at the most: no site crowds out the others.
MOST_OF_HOST = 20_000
#: What is left when there were too many: pruning then comes once in several epochs.
_LEFT = 0.75
#: A host with fewer pages in an epoch may show a line of its frame once; it is kept until room ends.
_RARE = 16


class Epoch(NamedTuple):
    """Pages that are counted together: after < id ≤ upto."""

    after: int
    upto: int


class Told(NamedTuple):
    """A page as counting needs it: its host, its text, and its pieces as (start, end, kind, new to the archive)."""

    host: str
    text: str
    pieces: list[tuple[int, int, str, bool]]


def border_behind(upto: int) -> int:
    """The border that comes after another one; 0 is the first."""
    return FIRST if upto < FIRST else min(2 * upto, upto + EPOCH)


def learned(db: Database) -> int:
    """The last page whose lines are counted: a border."""
    return int(db.conn.execute("select upto from frame_progress").fetchone()[0])


def last_page(db: Database) -> int:
    """The number of the last page that is stored; 0 where there is none."""
    return int(db.conn.execute("select coalesce(max(id), 0) from pages").fetchone()[0])


def holds_until(upto: int) -> int:
    """The last page that is read with what is known up to a border."""
    behind = border_behind(upto)
    return behind if upto < EPOCH else border_behind(behind)


def whole(db: Database) -> Epoch | None:
    """The next epoch to count, if all its pages are stored."""
    after = learned(db)
    upto = border_behind(after)
    return Epoch(after, upto) if upto <= last_page(db) else None


def due(db: Database) -> Epoch | None:
    """The same, if the pages behind those that are stored are to be read with it."""
    return whole(db) if holds_until(learned(db)) <= last_page(db) else None


def pages_of(db: Database, epoch: Epoch) -> Iterator[Told]:
    """The pages of an epoch, one at a time in memory."""
    pieces = db.conn.execute(
        """select page, start, end, kind, coalesce(outcome = 'stored', 0) from pieces
        where page > ? and page <= ? order by page, start""",
        epoch,
    )
    for page, found in groupby(pieces, itemgetter(0)):
        yield Told(*host_and_text(db, page), [row[1:] for row in found])


class Counts:
    """The lines of one epoch's pages."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()
        self._lines: dict[str, Counter[str]] = {}
        self._titles: dict[str, set[str]] = {}

    def page(self, host: str, lines: Iterable[str], titles: Iterable[str]) -> None:
        """Count the lines of a page, and note the titles of its articles; what no database can hold is left out."""
        self._pages[host] += 1
        self._lines.setdefault(host, Counter()).update(filter(_is_text, lines))
        self._titles.setdefault(host, set()).update(filter(_is_text, titles))

    def titles(self) -> list[tuple[str, str]]:
        """(host, line) of what is no frame, however often it comes."""
        return [(host, title) for host, titles in self._titles.items() for title in titles]

    def lines(self) -> list[tuple[str, str, int]]:
        """(host, line, pages) of all that has letters in it and is no title."""
        return [
            (host, line, pages)
            for host, lines in self._lines.items()
            for line, pages in lines.items()
            if line not in self._titles[host] and any(map(str.isalpha, line))
        ]

    def rare(self, host: str) -> bool:
        """Whether a host has so few pages here that its frame may show once."""
        return self._pages[host] < _RARE


def _is_text(line: str) -> bool:
    """Whether it can be written as UTF-8: damaged pages hold lone surrogates."""
    try:
        return line.isascii() or bool(line.encode())
    except UnicodeEncodeError:
        return False


def add(db: Database, epoch: Epoch, counts: Counts) -> None:
    """Add an epoch to what is known, within a transaction of the caller."""
    missed = _epochs_until(epoch.after)
    kept, single = [], []
    for host, line, pages in counts.lines():
        if pages > 1 or counts.rare(host):
            kept.append((host, line, pages, missed))
        else:
            single.append((host, line))
    db.conn.executemany(
        """insert into frame_lines (host, line, pages, missed) values (?, ?, ?, ?)
        on conflict (host, line) do update set pages = pages + excluded.pages""",
        kept,
    )
    db.conn.executemany("update frame_lines set pages = pages + 1 where host = ? and line = ?", single)
    db.conn.executemany("delete from frame_lines where host = ? and line = ?", counts.titles())
    _prune(db)
    db.conn.execute("update frame_progress set upto = ?", (epoch.upto,))


def _epochs_until(border: int) -> int:
    """How many epochs end at a border or before it: a line may have been missed once in each."""
    return max(border // EPOCH - 1, 0) + (min(border, EPOCH) // FIRST).bit_length()


def _prune(db: Database) -> None:
    """Make room where there are too many lines: of each host, then of all."""
    if (whole := _count(db)) > MOST_OF_HOST:
        crowded = "select host, count(*) from frame_lines group by host having count(*) > ?"
        for host, lines in db.conn.execute(crowded, (MOST_OF_HOST,)).fetchall():
            _drop(db, "where host = ?", host, lines - int(MOST_OF_HOST * _LEFT))
        whole = _count(db)
    if whole > MOST:
        _drop(db, "where ? is not null", "", whole - int(MOST * _LEFT))


def _drop(db: Database, clause: str, value: str, lines: int) -> None:
    """Forget the rarest and oldest: those that Manku and Motwani's rule, pages + missed, reaches first."""
    db.conn.execute(
        f"""delete from frame_lines where (host, line) in (
            select host, line from frame_lines {clause} order by pages + missed, pages, host, line limit ?)""",
        (value, lines),
    )


def _count(db: Database) -> int:
    return int(db.conn.execute("select count(*) from frame_lines").fetchone()[0])


def load(db: Database) -> Frames:
    """What reading is told: of each host the lines that were seen on `FEWEST` pages or more."""
    found: dict[str, dict[str, int]] = {}
    for host, line, pages in db.conn.execute(
        f"select host, line, pages from frame_lines where pages >= {FEWEST}"  # as a constant, for its index
    ):
        found.setdefault(host, {})[line] = pages
    return found


def foretold(db: Database, epoch: Epoch, counts: Counts) -> Frames:
    """What reading will be told once an epoch is added; nothing stays written."""
    db.conn.execute("begin immediate")
    try:
        add(db, epoch, counts)
        return load(db)
    finally:
        db.conn.execute("rollback")


def totals(db: Database) -> dict[str, int]:
    """How much is known: lines, those of them that reading is told, hosts, and pages that were counted."""
    row = db.conn.execute(
        f"""select count(*), coalesce(sum(pages >= {FEWEST}), 0), count(distinct host),
            (select upto from frame_progress) from frame_lines"""
    ).fetchone()
    return dict(zip(("lines", "recurring", "hosts", "pages"), row, strict=True))
