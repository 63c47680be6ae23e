"""ingest(): scan → decode → segment → clean → describe → fingerprint → relate → store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from worker.intake import scan
from worker.jobs.learning import Lore, keep_up
from worker.jobs.pool import Pool, hands_for
from worker.jobs.portions import Portions
from worker.jobs.reading import Reader
from worker.jobs.relating import sketch_all, sketches_of
from worker.jobs.rim import Rim
from worker.jobs.storing import store
from worker.model import Failure, Outcome, Relation
from worker.store import dumps
from worker.store.database import transaction
from worker.store.sketches import Sketches

_PLAIN = Reader()
_TOLD = {Outcome.STORED, Outcome.REVISION, Outcome.REPRINT}  # what a feed may show


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The folder that is read, and what is known of it."""

    directory: Path
    settle: float  #: seconds
    authority: str  #: of the ids that new entries get
    known: scan.Known
    reader: Reader
    sketches: Sketches = field(default_factory=sketches_of)  #: of the newest entries
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
        return cls(
            directory=directory,
            settle=settle,
            authority=authority,
            known=known,
            reader=reader,
            apart=apart,
        )


@dataclass(slots=True, kw_only=True)
class Ingested:
    """What an ingest came to."""

    dumps: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: int = 0
    unreachable: str | None = None  #: why the seeds directory itself could not be read
    changed_in_reading: list[str] = field(default_factory=list)  #: paths; what they become is read in a later scan
    growing: int = 0  #: files that are still being written or changed as they were read; worth another scan soon
    seen: int = 0
    changed: bool = False  #: something was written that a feed may show
    hands_lost: int = 0  #: processes that died while they read pages, or could not be started

    def count(self, relations: Iterable[Relation]) -> None:
        """What the articles of a portion were to those that were there."""
        for relation in relations:
            self.outcomes[relation.outcome] += 1
            self.changed |= relation.outcome in _TOLD or bool(relation.fills)


def ingest(db: Database, seeds: Seeds, rim: Rim, *, now: datetime) -> Ingested:
    """Read what is new in the seeds directory, a portion a transaction. A bad page never stops it."""
    found = scan.scan(seeds.directory, seeds.known, settle=seeds.settle, sleep=rim.sleep, apart=seeds.apart)
    done = Ingested(seen=found.seen, growing=len(found.growing))
    done.unreachable = next((failure.reason for failure in found.failures if failure.path == scan.ROOT), None)
    sketch_all(db)  # an archive from before has none
    keep_up(db, seeds.lore, rim.stopping)  # an archive that is new to frames has much to count
    with Pool(hands_for(found.ready, rim.readers)) as pool:
        portions = Portions(db=db, directory=seeds.directory, reader=seeds.reader, lore=seeds.lore, pool=pool)
        with closing(portions.of(found.ready, rim.stopping)) as every:
            for portion in every:
                with transaction(db):
                    done.count(store(db, portion, seeds.sketches, authority=seeds.authority, now=now))
                keep_up(db, seeds.lore, foretell=pool.has_hands)
                for one in portion:
                    if one.complete:
                        seeds.known.add(one.dump.look)
                        done.dumps += 1
                rim.progress(done.dumps, len(found.ready))
        done.hands_lost = pool.lost
    done.changed_in_reading = portions.changed
    done.growing += len(portions.changed)
    _note_failures(db, [*found.failures, *portions.failures], done, now)
    return done


def _note_failures(db: Database, failures: list[Failure], done: Ingested, now: datetime) -> None:
    done.failures = len(failures)
    if failures or dumps.any_failures(db):
        with transaction(db):
            dumps.record_failures(db, failures, now)
