"""Dumps as portions: small ones together, a large one in several, so that none is ever in memory as a whole.

A portion ends where an epoch of pages does, too, so that what a page is read with never depends on the portion.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlite_utils import Database

from worker.intake import scan
from worker.jobs.learning import Lore
from worker.jobs.reading import Reader, Reading, day_of
from worker.model import Dump, Failure, Look
from worker.store import dumps, frames

#: One transaction holds about this much: large enough that commits and the full-text index do not count,
#: small enough that a stop waits for well under a second.
_BATCH_BYTES = 4 << 20
_BATCH_DUMPS = 2 * frames.EPOCH  # epochs divide batches: where pages are dumps, into no small pieces
_PORTION = 4 << 20  #: characters of pages; a dump that has more of them takes several transactions
_PAGE = 1 << 9  #: what a page weighs besides its characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A dump, or the next pages of one, with the pure stages behind it."""

    dump: Dump
    readings: tuple[Reading, ...] = ()  #: none where the content is known already
    complete: bool = True  #: no page comes after these


@dataclass(slots=True, kw_only=True)
class Portions:
    """Reads dumps, and keeps what went wrong with them. Each portion must be stored and learned from, so that `lore`
    is that of the last border, before the next one is asked for.
    """

    db: Database
    directory: Path
    reader: Reader
    lore: Lore
    failures: list[Failure] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  #: files that were written to as they were read
    _informed: Reader = field(init=False)  #: the reader, with the frames of this portion
    _room: int = field(init=False, default=0)  #: pages that fit before the next border
    _weight: int = field(init=False, default=0)  #: of what waits for the store

    def of(self, ready: tuple[Look, ...], stopping: Callable[[], bool]) -> Generator[list[Prepared], None, None]:
        """What is new in these files, a transaction's worth each time; none once `stopping` says so."""
        for batch in _batches(ready):
            if stopping():
                return
            with ExitStack() as files:
                opened = [one for look in batch if (one := self._opened(look))]
                for one in opened:
                    files.enter_context(one.file)
                for portion in self._portions(opened):
                    yield portion
                    if stopping():
                        return

    def _opened(self, look: Look) -> scan.Opened | None:
        opened = scan.read(self.directory, look, self.reader.limits.bytes)
        if isinstance(opened, Failure):
            self.failures.append(opened)
            return None
        if opened is None:
            self.changed.append(look.path)
        return opened

    def _portions(self, opened: list[scan.Opened]) -> Iterator[list[Prepared]]:
        """Every content that is new, read once, and behind what was read of it before."""
        known = dumps.known(self.db, (one.dump.checksum for one in opened))
        seen = {checksum for checksum, progress in known.items() if progress.complete}
        portion: list[Prepared] = []
        self._begin()
        for one in opened:
            checksum = one.dump.checksum
            if checksum in seen:
                portion.append(Prepared(dump=one.dump))
                continue
            after = known[checksum].pages if checksum in known else 0
            for prepared in self._read(one, after):
                portion.append(prepared)
                if prepared.complete:
                    seen.add(checksum)  # not before: of a file that changes as it is read, a copy has the rest
                if self._full():
                    yield portion
                    portion.clear()  # it is stored by now: two of them would be twice the memory
                    self._begin()
        if portion:
            yield portion

    def _begin(self) -> None:
        """A portion: it is read with what was known at the last border, and goes no further than to the next one."""
        self._informed = replace(self.reader, frames=self.lore.frames)
        self._room, self._weight = frames.room(self.db), 0

    def _full(self) -> bool:
        return self._room <= 0 or self._weight > _PORTION

    def _read(self, one: scan.Opened, after: int) -> Iterator[Prepared]:
        """The pages of a dump: in one piece, or in several wherever the portion is full."""
        look, latest = one.dump.look, day_of(one.dump.look.mtime_ns)
        readings: list[Reading] = []
        try:
            for page in self.reader.decoded(one.file, after):
                if readings and self._full():
                    if not one.unchanged():
                        self.changed.append(look.path)
                        return
                    yield Prepared(dump=one.dump, readings=tuple(readings), complete=False)
                    readings.clear()
                readings.append(self._informed.page(page, look.path, latest=latest))
                self._room -= 1
                self._weight += len(page.text) + _PAGE
            if one.unchanged():
                yield Prepared(dump=one.dump, readings=tuple(readings))
            else:
                self.changed.append(look.path)
        except OSError as error:
            self.failures.append(Failure(path=look.path, reason=scan.reason_of(error)))


def _batches(ready: tuple[Look, ...]) -> Iterator[list[Look]]:
    batch: list[Look] = []
    size = 0
    for look in ready:
        if batch and (size + look.size > _BATCH_BYTES or len(batch) == _BATCH_DUMPS):
            yield batch
            batch, size = [], 0
        batch.append(look)
        size += look.size
    if batch:
        yield batch
