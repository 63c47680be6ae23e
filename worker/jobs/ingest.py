"""ingest(): scan → decode → segment → clean → describe → fingerprint → relate → store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from worker.intake import relate, scan
from worker.jobs.learning import Lore, learn
from worker.jobs.reading import RECIPE, Reader, Reading, day_of
from worker.jobs.rim import Rim
from worker.model import (
    Article,
    Dump,
    Failure,
    Fingerprint,
    Kind,
    Look,
    Outcome,
    Relation,
)
from worker.store import dumps, frames, pages
from worker.store.book import Book
from worker.store.database import transaction
from worker.store.pages import KeptPiece

#: One transaction holds about this much: large enough that commits and the full-text index do not count,
#: small enough that a stop waits for well under a second.
_BATCH_BYTES = 4 << 20
_BATCH_DUMPS = 2 * frames.EPOCH  # epochs divide batches: where pages are dumps, into no small pieces
_PLAIN = Reader()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The folder that is read, and what is known of it."""

    directory: Path
    settle: float  #: seconds
    authority: str  #: of the ids that new entries get
    known: scan.Known
    reader: Reader
    lore: Lore = field(default_factory=Lore)  #: what its pages have taught of their sites
    apart: Path | None = None  #: a folder within it that is not read: our own state

    @classmethod
    def remembered(
        cls,
        db: Database,
        directory: Path,
        *,
        settle: float,
        authority: str,
        reader: Reader = _PLAIN,
        apart: Path | None = None,
    ) -> Seeds:
        """With all that the store knows of the folder's files."""
        known = scan.Known()
        for look in dumps.looks(db):
            known.add(look)
        return cls(directory=directory, settle=settle, authority=authority, known=known, reader=reader, apart=apart)


@dataclass(slots=True, kw_only=True)
class Ingested:
    """What an ingest came to."""

    dumps: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: int = 0
    unreachable: str | None = None  #: why the seeds directory itself could not be read
    growing: int = 0  #: files that are still being written or changed as they were read; worth another scan soon
    seen: int = 0
    changed: bool = False  #: something was written that a feed may show


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A dump with the pure stages behind it."""

    dump: Dump
    readings: tuple[Reading, ...]  #: none where the content is known already


def ingest(db: Database, seeds: Seeds, rim: Rim, *, now: datetime) -> Ingested:
    """Read what is new in the seeds directory, a batch of dumps a transaction. A bad page never stops it."""
    found = scan.scan(seeds.directory, seeds.known, settle=seeds.settle, sleep=rim.sleep, apart=seeds.apart)
    done = Ingested(seen=found.seen, growing=len(found.growing))
    failures = list(found.failures)
    done.unreachable = next((failure.reason for failure in failures if failure.path == scan.ROOT), None)
    learn(db, seeds.lore, rim.stopping)  # an archive that is new to frames has much to count
    for batch in _batches(found.ready):
        if rim.stopping():
            break
        looked = [scan.read(seeds.directory, look) for look in batch]
        failures += (one for one in looked if isinstance(one, Failure))
        done.growing += looked.count(None)
        for prepared in _prepared(db, seeds, [one for one in looked if isinstance(one, Dump)]):
            with transaction(db):
                _Batch(db=db, authority=seeds.authority, now=now, done=done).take_in(prepared)
            learn(db, seeds.lore)
            for one in prepared:
                seeds.known.add(one.dump.look)
            done.dumps += len(prepared)
        rim.progress(done.dumps, len(found.ready))
    _note_failures(db, failures, done, now)
    return done


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


def _prepared(db: Database, seeds: Seeds, read: list[Dump]) -> Iterator[list[_Prepared]]:
    """Every content that is new, read once; in portions, each to be stored before the next one is asked for.

    A portion ends where an epoch of pages does, so that what a dump is read with never depends on its batch.
    """
    seen: set[bytes] = set(dumps.known(db, (dump.checksum for dump in read)))
    reader, room = replace(seeds.reader, frames=seeds.lore.frames), frames.room(db)
    prepared: list[_Prepared] = []
    for dump in read:
        new = dump.checksum not in seen
        if new and room <= 0:
            yield prepared
            prepared = []
            reader, room = replace(seeds.reader, frames=seeds.lore.frames), frames.room(db)
        latest = day_of(dump.look.mtime_ns)
        readings = tuple(reader.pages(dump.content, dump.look.path, latest=latest)) if new else ()
        room -= len(readings)
        seen.add(dump.checksum)
        prepared.append(_Prepared(dump=dump, readings=readings))
    if prepared:
        yield prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """The part of ingest that writes: one transaction's worth of dumps."""

    db: Database
    authority: str
    now: datetime
    done: Ingested

    def take_in(self, prepared: list[_Prepared]) -> None:
        """Store dumps with their files, pages, pieces and entries."""
        db = self.db
        known = dumps.known(db, (one.dump.checksum for one in prepared))  # perhaps only since this batch began
        fresh: dict[bytes, _Prepared] = {}
        for one in prepared:
            if one.dump.checksum not in known:
                fresh.setdefault(one.dump.checksum, one)
        known |= dumps.add(db, (one.dump for one in fresh.values()), self.now)
        dumps.add_files(db, ((one.dump.look, known[one.dump.checksum]) for one in prepared))
        self._add_pages([(known[one.dump.checksum], page) for one in fresh.values() for page in one.readings])

    def _add_pages(self, readings: list[tuple[int, Reading]]) -> None:
        met = (found[1] for _, reading in readings for found in reading.articles if found)
        book = Book(self.db, met, authority=self.authority, now=self.now)
        endings = []
        for _, reading in readings:
            relations = [_related(book, found) for found in reading.articles]
            self.done.outcomes.update(relation.outcome for relation in relations)
            self.done.changed |= any(r.outcome is Outcome.STORED or r.fills for r in relations)
            endings.append(ended(reading, relations))
        book.write()
        told = ((dump, reading.page, reading.latest, reading.split.verdict) for dump, reading in readings)
        numbers = pages.add(self.db, told, RECIPE)
        pages.add_pieces(self.db, zip(numbers, endings, strict=True))


def _related(book: Book, found: tuple[Article, Fingerprint] | None) -> Relation:
    """relate an article to what is stored, and note what comes of it."""
    if found is None:
        return relate.ILLEGIBLE
    article, identity = found
    relation = relate.relate(article, book.find(identity))
    if relation.outcome is Outcome.STORED:
        return replace(relation, entry=book.add(article, identity))
    if relation.fills:
        book.fill(identity, article, relation.fills)
    return relation


def ended(reading: Reading, relations: list[Relation]) -> Iterator[KeptPiece]:
    """Each piece with how it ended: every cut has exactly one piece of kind article, in the same order."""
    endings = zip(relations, reading.articles, strict=True)
    for piece in reading.split.pieces:
        if piece.kind is Kind.ARTICLE:
            relation, found = next(endings)
            yield KeptPiece.of(piece, relation, found[0].dated if found else None)
        else:
            yield KeptPiece.of(piece)


def _note_failures(db: Database, failures: list[Failure], done: Ingested, now: datetime) -> None:
    done.failures = len(failures)
    if failures or dumps.any_failures(db):
        with transaction(db):
            dumps.record_failures(db, failures, now)
