"""Dumps as portions: small ones together, a large one in several, so that none is ever in memory as a whole."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from worker.intake import scan
from worker.jobs.reading import Reader, Reading, day_of
from worker.model import Dump, Failure, Look
from worker.store import dumps

#: One transaction holds about this much: large enough that commits and the full-text index do not count,
#: small enough that a stop waits for well under a second.
_BATCH_BYTES = 4 << 20
_BATCH_DUMPS = 400
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
    """Reads dumps, and keeps what went wrong with them."""

    db: Database
    directory: Path
    reader: Reader
    failures: list[Failure] = field(default_factory=list)
    changed: int = 0  #: files that were written to as they were read; what they become is read in a later scan

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
        self.changed += opened is None
        return opened

    def _portions(self, opened: list[scan.Opened]) -> Iterator[list[Prepared]]:
        """Every content that is new, read once, and behind what was read of it before."""
        known = dumps.known(self.db, (one.dump.checksum for one in opened))
        seen = {checksum for checksum, progress in known.items() if progress.complete}
        portion: list[Prepared] = []
        weight = 0
        for one in opened:
            checksum = one.dump.checksum
            if checksum in seen:
                portion.append(Prepared(dump=one.dump))
                continue
            after = known[checksum].pages if checksum in known else 0
            for prepared in self._pages(one, after, weight):
                portion.append(prepared)
                weight += sum(map(_weight, prepared.readings))
                if prepared.complete:
                    seen.add(checksum)  # not before: of a file that changes as it is read, a copy has the rest
                else:
                    yield portion
                    portion.clear()  # it is stored by now: two of them would be twice the memory
                    weight = 0
        if portion:
            yield portion

    def _pages(self, one: scan.Opened, after: int, weight: int) -> Iterator[Prepared]:
        """The pages of a dump: in one piece, or in several wherever what waits for the store weighs enough."""
        look = one.dump.look
        readings: list[Reading] = []
        try:
            for reading in self.reader.pages(one.file, look.path, latest=day_of(look.mtime_ns), after=after):
                if weight > _PORTION:
                    if not one.unchanged():
                        self.changed += 1
                        return
                    yield Prepared(dump=one.dump, readings=tuple(readings), complete=False)
                    readings, weight = [], 0
                readings.append(reading)
                weight += _weight(reading)
            if one.unchanged():
                yield Prepared(dump=one.dump, readings=tuple(readings))
            else:
                self.changed += 1
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


def _weight(reading: Reading) -> int:
    return len(reading.page.text) + _PAGE
