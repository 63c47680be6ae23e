"""ingest(): scan → decode → segment → clean → describe → fingerprint → relate → store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from worker.intake import relate, scan, segment
from worker.jobs.portions import Portions, Prepared
from worker.jobs.reading import Reader, Reading
from worker.jobs.rim import Rim
from worker.model import Article, Failure, Fingerprint, Kind, Outcome, Piece, Relation
from worker.store import dumps, entries
from worker.store.database import transaction

_PLAIN = Reader()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The folder that is read, and what is known of it."""

    directory: Path
    settle: float  #: seconds
    authority: str  #: of the ids that new entries get
    known: scan.Known
    reader: Reader
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


def ingest(db: Database, seeds: Seeds, rim: Rim, *, now: datetime) -> Ingested:
    """Read what is new in the seeds directory, a portion a transaction. A bad page never stops it."""
    found = scan.scan(seeds.directory, seeds.known, settle=seeds.settle, sleep=rim.sleep, apart=seeds.apart)
    done = Ingested(seen=found.seen, growing=len(found.growing))
    failures = list(found.failures)
    done.unreachable = next((failure.reason for failure in failures if failure.path == scan.ROOT), None)
    portions = Portions(db=db, directory=seeds.directory, reader=seeds.reader)
    with closing(portions.of(found.ready, rim.stopping)) as every:
        for portion in every:
            with transaction(db):
                _Batch(db=db, authority=seeds.authority, now=now, done=done).take_in(portion)
            for one in portion:
                if one.complete:
                    seeds.known.add(one.dump.look)
                    done.dumps += 1
            rim.progress(done.dumps, len(found.ready))
    done.growing += portions.changed
    _note_failures(db, failures + portions.failures, done, now)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """The part of ingest that writes: one transaction's worth of dumps."""

    db: Database
    authority: str
    now: datetime
    done: Ingested

    def take_in(self, portion: list[Prepared]) -> None:
        """Store dumps with their files, pages, pieces and entries."""
        db = self.db
        known = dumps.known(db, (one.dump.checksum for one in portion))  # perhaps only since this batch began
        new: dict[bytes, Prepared] = {}
        for one in portion:
            if not (one.dump.checksum in known and known[one.dump.checksum].complete):
                new.setdefault(one.dump.checksum, one)
        added = [(one.dump, one.complete) for checksum, one in new.items() if checksum not in known]
        ids = {checksum: progress.dump for checksum, progress in known.items()} | dumps.add(db, added, self.now)
        dumps.complete(db, (ids[checksum] for checksum, one in new.items() if checksum in known and one.complete))
        dumps.add_files(db, ((one.dump.look, ids[one.dump.checksum]) for one in portion if one.complete))
        self._add_pages(
            [
                (ids[checksum], reading)
                for checksum, one in new.items()
                for reading in one.readings
                if checksum not in known or reading.page.number > known[checksum].pages
            ]
        )

    def _add_pages(self, readings: list[tuple[int, Reading]]) -> None:
        met = (found[1] for _, reading in readings for found in reading.articles if found)
        book = entries.Book(self.db, met, authority=self.authority, now=self.now)
        endings = []
        for _, reading in readings:
            relations = [_related(book, found) for found in reading.articles]
            self.done.outcomes.update(relation.outcome for relation in relations)
            self.done.changed |= any(r.outcome is Outcome.STORED or r.fills for r in relations)
            endings.append(_ended(reading.split.pieces, relations))
        book.write()
        pages = ((dump, reading.page, reading.split.verdict) for dump, reading in readings)
        numbers = dumps.add_pages(self.db, pages, segment.RECIPE)
        dumps.add_pieces(self.db, zip(numbers, endings, strict=True))


def _related(book: entries.Book, found: tuple[Article, Fingerprint] | None) -> Relation:
    """relate an article to what is stored, and note what comes of it."""
    if found is None:
        return Relation(outcome=Outcome.REJECTED, entry=None, evidence="nothing legible is left of it")
    article, identity = found
    relation = relate.relate(article, book.find(identity))
    if relation.outcome is Outcome.STORED:
        return replace(relation, entry=book.add(article, identity))
    if relation.fills:
        book.fill(identity, article, relation.fills)
    return relation


def _ended(pieces: tuple[Piece, ...], relations: list[Relation]) -> Iterator[tuple[Piece, Relation | None]]:
    """Each piece with how it ended: every cut has exactly one piece of kind article, in the same order."""
    endings = iter(relations)
    for piece in pieces:
        yield piece, next(endings) if piece.kind is Kind.ARTICLE else None


def _note_failures(db: Database, failures: list[Failure], done: Ingested, now: datetime) -> None:
    done.failures = len(failures)
    if failures or dumps.any_failures(db):
        with transaction(db):
            dumps.record_failures(db, failures, now)
