"""Dumps as portions: small ones together, a large one in several, so that none is ever in memory as a whole.

A portion ends where an epoch of pages does, too, so that what a page is read with never depends on the portion.
Portions are decoded here, as a whole before any of their pages is read: by then it is known that the file was still
what its checksum was made of, and which numbers the pages will have in the store. Where a pool helps with reading,
the next ones are decoded while it has the one before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from sqlite_utils import Database

from worker.hand import Place
from worker.intake import scan
from worker.jobs.learning import Lore
from worker.jobs.pool import Chunk, Pool, chunks, weight_of
from worker.jobs.reading import Reader, Reading, day_of
from worker.model import Dump, Failure, Look, Page
from worker.store import dumps, frames

#: One transaction holds about this much: large enough that commits and the full-text index do not count,
#: small enough that a stop waits for well under a second.
_BATCH_BYTES = 4 << 20
_BATCH_DUMPS = 2 * frames.EPOCH  # epochs divide batches: where pages are dumps, into no small pieces
_PORTION = 4 << 20  #: characters of pages; a dump that has more of them takes several transactions
#: Portions behind the one in hand that wait, decoded: one for the pool, one for this process to go on with when it
#: comes first. What is known of frames reaches no further.
_AHEAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A dump, or the next pages of one, with the pure stages behind it."""

    dump: Dump
    readings: tuple[Reading, ...] = ()  #: none where the content is known already
    complete: bool = True  #: no page comes after these


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A dump, or the next pages of one, decoded."""

    dump: Dump
    pages: tuple[Page, ...] = ()
    complete: bool = True

    def places(self) -> Iterator[Place]:
        look = self.dump.look
        latest = day_of(look.mtime_ns)
        return ((page, look.path, latest) for page in self.pages)

    def prepared(self, readings: Iterator[Reading]) -> Prepared:
        """With the next of these, one for each page."""
        return Prepared(dump=self.dump, readings=tuple(islice(readings, len(self.pages))), complete=self.complete)


@dataclass(slots=True, kw_only=True)
class _Portion:
    first: int  #: the number that its first page will have in the store
    parts: list[_Part] = field(default_factory=list)
    chunks: list[Chunk] | None = None  #: once it is known what the pages are read with

    def prepared(self) -> list[Prepared]:
        readings = chain.from_iterable(chunk.readings or () for chunk in self.chunks or ())
        return [part.prepared(readings) for part in self.parts]


@dataclass(slots=True, kw_only=True)
class Portions:
    """Reads dumps, and keeps what went wrong with them. Each portion must be stored and learned from before the next
    one is asked for.
    """

    db: Database
    directory: Path
    reader: Reader
    lore: Lore
    pool: Pool
    failures: list[Failure] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  #: files that were written to as they were read
    _informed: Reader = field(init=False)  #: the reader, with the frames of the last border that is known
    _ahead: deque[_Portion] = field(init=False, default_factory=deque)  #: decoded, and not stored
    _last: int = field(init=False)  #: the number of the last page that is decoded
    _border: int = field(init=False)  #: the one behind it
    _weight: int = field(init=False, default=0)  #: of the portion that is being decoded

    def of(self, ready: tuple[Look, ...], stopping: Callable[[], bool]) -> Generator[list[Prepared], None, None]:
        """What is new in these files, a transaction's worth each time; none once `stopping` says so."""
        self._informed = self.reader
        self._last, self._border = frames.last_page(self.db), frames.learned(self.db)
        with closing(self._decoded(ready)) as decoded:
            while not stopping():
                self._go_ahead(decoded)
                if not self._ahead:
                    return
                portion = self._ahead.popleft()
                self.pool.finish(portion.chunks or ())
                prepared = portion.prepared()
                del portion
                self.pool.leave()
                yield prepared
                prepared.clear()  # it is stored by now: it would be in memory beside the next ones

    def _go_ahead(self, decoded: Iterator[_Portion]) -> None:
        """Have read what can be read, and decode what comes next: as much as shall wait, and one to go on with."""
        most = _AHEAD if self.pool.has_hands else 0
        for waiting in self._ahead:
            self._have_read(waiting)
        while len(self._ahead) <= most and (portion := next(decoded, None)):
            self._ahead.append(portion)
            self._have_read(portion)

    def _have_read(self, portion: _Portion) -> None:
        """Give a portion to the pool, unless that is done, or what its pages are read with is still to be learned."""
        if portion.chunks is None and (known := self.lore.for_page(portion.first)) is not None:
            if known is not self._informed.frames:
                self._informed = replace(self._informed, frames=known)
            places = chain.from_iterable(part.places() for part in portion.parts)
            portion.chunks = list(chunks(places, self._informed))
            self.pool.put(portion.chunks)

    def _decoded(self, ready: tuple[Look, ...]) -> Generator[_Portion, None, None]:
        for batch in _batches(ready):
            with ExitStack() as files:
                opened = [one for look in batch if (one := self._opened(look))]
                for one in opened:
                    files.enter_context(one.file)
                yield from self._portions(opened)

    def _opened(self, look: Look) -> scan.Opened | None:
        opened = scan.read(self.directory, look, self.reader.limits.bytes)
        if isinstance(opened, Failure):
            self.failures.append(opened)
            return None
        if opened is None:
            self.changed.append(look.path)
        return opened

    def _portions(self, opened: list[scan.Opened]) -> Iterator[_Portion]:
        """Every content that is new, once, and behind what was read of it before."""
        reached = self._reached(opened)
        portion = self._begun()
        for one in opened:
            checksum = one.dump.checksum
            after, complete = reached.get(checksum, (0, False))
            if complete:
                portion.parts.append(_Part(dump=one.dump))
                continue
            for part in self._parts(one, after):
                portion.parts.append(part)
                # A file that changes as it is read does not come to its end: then a copy has the rest.
                reached[checksum] = (part.pages[-1].number if part.pages else after, part.complete)
                if self._full():
                    yield portion
                    portion = self._begun()
        if portion.parts:
            yield portion

    def _reached(self, opened: list[scan.Opened]) -> dict[bytes, tuple[int, bool]]:
        """Of each content the last page that is decoded, and whether that is all: as stored, or on its way there."""
        known = dumps.known(self.db, (one.dump.checksum for one in opened))
        reached = {checksum: (progress.pages, progress.complete) for checksum, progress in known.items()}
        for part in chain.from_iterable(portion.parts for portion in self._ahead):
            if part.pages:
                reached[part.dump.checksum] = (part.pages[-1].number, part.complete)
        return reached

    def _begun(self) -> _Portion:
        """A portion, which goes no further than to the next border."""
        while self._border <= self._last:
            self._border = frames.border_behind(self._border)
        self._weight = 0
        return _Portion(first=self._last + 1)

    def _full(self) -> bool:
        return self._last >= self._border or self._weight > _PORTION

    def _parts(self, one: scan.Opened, after: int) -> Iterator[_Part]:
        """The pages of a dump: in one piece, or in several wherever the portion is full."""
        pages: list[Page] = []
        try:
            for page in self.reader.decoded(one.file, after):
                if pages and self._full():
                    if not one.unchanged():
                        break
                    yield _Part(dump=one.dump, pages=tuple(pages), complete=False)
                    pages.clear()
                pages.append(page)
                self._last += 1
                self._weight += weight_of(page)
            if one.unchanged():
                yield _Part(dump=one.dump, pages=tuple(pages))
                return
            self.changed.append(one.dump.look.path)
        except OSError as error:
            self.failures.append(Failure(path=one.dump.look.path, reason=scan.reason_of(error)))
        self._last -= len(pages)  # they are never stored


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
