"""Who shares passages with whom: the sketches of the newest entries in memory, as postings of grams.

A run is a sorted array of 64-bit numbers: the upper bits of a gram, and which row of the run has it. Runs are merged
as in a binary counter, up to a size at which merging would cost memory; so the newest entries are found at once, the
oldest leave by whole runs, and a quarter of a million entries take about 75 MB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

Packed = npt.NDArray[np.uint64]

_BITS = 17  # of a packed number tell the row: a run has fewer than 2^17 of them
_SPAN = np.uint64((1 << _BITS) - 1)
_KEY = ~_SPAN
_LARGEST = 1 << 16  # rows in a run that is not merged any more
_AT_A_TIME = 1 << 14  # rows
_DENSITY_BITS = 5
_DENSITY = (1 << _DENSITY_BITS) - 1


def keys_of(grams: Packed) -> Packed:
    """By which grams are known here: their upper bits."""
    keys: Packed = grams & _KEY
    return keys


class Size(NamedTuple):
    """Of a sketch."""

    grams: int
    density: int  #: one gram in how many of its text is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sketch as it is stored. `grams` are those by which its entry is found: what its story had before is not
    among them, so that a story counts once, however many tell it.
    """

    entry: int
    recipe: int
    size: Size
    grams: bytes


@dataclass(frozen=True, slots=True)
class _Run:
    packed: Packed
    entries: npt.NDArray[np.int64]  #: the number of each row's entry

    @classmethod
    def of(cls, rows: Sequence[tuple[int, bytes]]) -> _Run:
        """Entries with their grams."""
        counts = [len(grams) // 8 for _, grams in rows]
        which = np.repeat(np.arange(len(rows), dtype=np.uint64), counts)
        packed = np.frombuffer(b"".join(grams for _, grams in rows), "<u8") & _KEY | which
        packed.sort()
        return cls(packed, np.array([entry for entry, _ in rows], np.int64))

    def merged(self, later: _Run) -> _Run:
        """With the rows of another behind its own."""
        packed = np.concatenate([self.packed, later.packed + np.uint64(len(self.entries))])
        packed.sort(kind="stable")  # timsort: two sorted halves are merged in one walk
        return _Run(packed, np.concatenate([self.entries, later.entries]))

    def postings(self, keys: Packed, room: int, oldest: int) -> Iterator[tuple[int, list[int] | None]]:
        """For each of these keys that is in here the entries behind `oldest`; None where they are more than `room`."""
        begins, ends = np.searchsorted(self.packed, keys), np.searchsorted(self.packed, keys | _SPAN, side="right")
        counts = ends - begins
        every = (self.entries > oldest).all()
        few = np.flatnonzero((counts > 0) & (counts <= room))
        sizes = counts[few]
        stops = np.cumsum(sizes)
        places = np.arange(int(sizes.sum())) + np.repeat(begins[few] - stops + sizes, sizes)
        entries = self.entries[(self.packed[places] & _SPAN).astype(np.int64)].tolist()
        start = 0
        for key, stop in zip(keys[few].tolist(), stops.tolist(), strict=True):
            held = entries[start:stop]
            start = stop
            yield key, held if every else [entry for entry in held if entry > oldest]
        for at in np.flatnonzero(counts > room).tolist():
            within = None
            if not every:
                rows = (self.packed[begins[at] : ends[at]] & _SPAN).astype(np.int64)
                newer = self.entries[rows]
                newer = newer[newer > oldest]
                within = newer.tolist() if len(newer) <= room else None
            yield int(keys[at]), within


@dataclass(slots=True, kw_only=True)
class Sketches:
    """The sketches of the newest `window` entries; `follow` brings them up to what the store holds."""

    window: int
    recipe: int
    _upto: int = 0  # the last row that is in memory
    _placings: int = 0  # how many decisions of operators it knows of
    _runs: list[_Run] = field(default_factory=list)
    _sizes: array[int] = field(default_factory=lambda: array("L"))  # by entry, from the first one that is in memory
    _first: int = 0

    def follow(self, db: Database) -> None:
        """Take in what has been stored since; at first, and when an operator moved entries, all within the window."""
        if self._placings != (placings := _placings(db)):
            self._upto, self._runs, self._sizes, self._placings = 0, [], array("L"), placings
        oldest = self.oldest(_last_number(db))
        if not self._runs:
            self._first = oldest + 1
        while rows := db.conn.execute(
            """select id, entry, size, density, grams from sketches where id > ? and recipe = ? and entry > ?
            order by id limit ?""",
            (self._upto, self.recipe, oldest, _AT_A_TIME),
        ).fetchall():
            self._upto = rows[-1][0]
            for _, entry, size, density, _ in rows:
                self._note_size(entry, size, density)
            self._runs.append(_Run.of([(entry, grams) for _, entry, _, _, grams in rows]))
            self._merge()
        self._runs = [run for run in self._runs if int(run.entries.max()) > oldest]

    def oldest(self, last: int) -> int:
        """The number of the newest entry that is no longer looked at when `last` is the last one given."""
        return max(0, last - self.window)

    def size(self, entry: int) -> Size:
        """Of an entry's sketch; nothing where it is not in memory."""
        at = entry - self._first
        packed = self._sizes[at] if 0 <= at < len(self._sizes) else 1
        return Size(packed >> _DENSITY_BITS, packed & _DENSITY)

    def postings(self, grams: Packed, last: int, room: int) -> dict[int, list[int] | None]:
        """For each of these grams (by its key) the entries within the window that have it; None where there are more
        than `room`, so that nothing is told by it.
        """
        keys = np.unique(keys_of(grams))
        oldest = self.oldest(last)
        found: dict[int, list[int] | None] = {}
        for run in self._runs:
            for key, entries in run.postings(keys, room, oldest):
                held = found.setdefault(key, [])
                if entries is None or held is None or len(held) + len(entries) > room:
                    found[key] = None
                else:
                    held += entries
        return found

    def _note_size(self, entry: int, size: int, density: int) -> None:
        at = entry - self._first
        if at >= len(self._sizes):
            self._sizes.extend([0] * (at + 1 - len(self._sizes)))
        self._sizes[at] = size << _DENSITY_BITS | density

    def _merge(self) -> None:
        runs = self._runs
        while len(runs) > 1:
            one, other = runs[-2], runs[-1]
            if 2 * len(other.entries) < len(one.entries) or len(one.entries) + len(other.entries) > _LARGEST:
                return
            runs[-2:] = [one.merged(other)]


def add(db: Database, rows: Iterable[Row]) -> None:
    """Store sketches, in the order in which their texts came."""
    db.conn.executemany(
        "insert into sketches (entry, recipe, size, density, grams) values (?, ?, ?, ?, ?)",
        [(row.entry, row.recipe, row.size.grams, row.size.density, row.grams) for row in rows],
    )


def of_leads(db: Database, recipe: int, after: int, limit: int) -> list[tuple[int, bytes]]:
    """The next entries behind a number that lead a story, with the sketch of the text they came with."""
    return db.conn.execute(
        """select number, grams from entries join sketches on sketches.id = (
            select min(id) from sketches where entry = number and recipe = ?)
        where number > ? and story is null order by number limit ?""",
        (recipe, after, limit),
    ).fetchall()


def remove(db: Database, entry: int) -> None:
    """Take away all sketches of an entry."""
    db.conn.execute("delete from sketches where entry = ?", (entry,))


def without(db: Database, recipe: int, before: int | None, limit: int) -> list[tuple[int, str]]:
    """The newest entries before one that have no sketch of a recipe: number and text."""
    return db.conn.execute(
        """select number, coalesce(own, text) from entries where (?1 is null or number < ?1)
        and not exists (select 1 from sketches where entry = number and recipe = ?2) order by number desc limit ?3""",
        (before, recipe, limit),
    ).fetchall()


def all_there(db: Database, recipe: int) -> bool:
    """Whether every entry has one of a recipe: those that lack them get them from the newest to the oldest."""
    sql = """select not exists (select 1 from entries) or exists (
        select 1 from sketches where recipe = ? and entry = (select min(number) from entries))"""
    return bool(db.conn.execute(sql, (recipe,)).fetchone()[0])


def _placings(db: Database) -> int:
    return int(db.conn.execute("select coalesce(max(id), 0) from placings").fetchone()[0])


def _last_number(db: Database) -> int:
    row = db.conn.execute("select seq from sqlite_sequence where name = 'entries'").fetchone()
    return int(row[0]) if row else 0
