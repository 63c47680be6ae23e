"""Storing what was read: relate → store, a portion of dumps a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlite_utils import Database

from worker.jobs.neighbours import Neighbours
from worker.jobs.portions import Prepared
from worker.jobs.reading import RECIPE, Reading
from worker.jobs.relating import Relating
from worker.model import Kind, Relation
from worker.store import dumps, pages
from worker.store.book import Book
from worker.store.pages import KeptPiece
from worker.store.sketches import Sketches


def store(
    db: Database, portion: Sequence[Prepared], sketches: Sketches, *, authority: str, now: datetime
) -> list[Relation]:
    """Store dumps with their files, pages, pieces and entries, within a transaction of the caller; what the articles
    are to what was there. `sketches` are brought up to it.
    """
    sketches.follow(db)
    known = dumps.known(db, (one.dump.checksum for one in portion))  # perhaps only since this portion began
    new: dict[bytes, Prepared] = {}
    for one in portion:
        if not (one.dump.checksum in known and known[one.dump.checksum].complete):
            new.setdefault(one.dump.checksum, one)
    added = [(one.dump, one.complete) for checksum, one in new.items() if checksum not in known]
    ids = {checksum: progress.dump for checksum, progress in known.items()} | dumps.add(db, added, now)
    dumps.complete(db, (ids[checksum] for checksum, one in new.items() if checksum in known and one.complete))
    dumps.add_files(db, ((one.dump.look, ids[one.dump.checksum]) for one in portion if one.complete))
    readings = [
        (ids[checksum], reading)
        for checksum, one in new.items()
        for reading in one.readings
        if checksum not in known or reading.page.number > known[checksum].pages
    ]
    met = {found[1] for _, reading in readings for found in reading.articles if found}
    book = Book(db, met, authority=authority, now=now)
    return _add_pages(db, readings, Relating(book, Neighbours(sketches, met, book.last)))


def _add_pages(db: Database, readings: list[tuple[int, Reading]], relating: Relating) -> list[Relation]:
    relations = [relating.page(reading.articles) for _, reading in readings]
    relating.book.write()
    told = ((dump, reading.page, reading.latest, reading.split.verdict) for dump, reading in readings)
    numbers = pages.add(db, told, RECIPE)
    endings = (ended(reading, found) for (_, reading), found in zip(readings, relations, strict=True))
    pages.add_pieces(db, zip(numbers, endings, strict=True))
    return [relation for found in relations for relation in found]


def ended(reading: Reading, relations: list[Relation]) -> Iterator[KeptPiece]:
    """Each piece with how it ended: every cut has exactly one piece of kind article, in the same order."""
    endings = zip(relations, reading.articles, strict=True)
    for piece in reading.split.pieces:
        if piece.kind is Kind.ARTICLE:
            relation, found = next(endings)
            yield KeptPiece.of(piece, relation, found[0].dated if found else None)
        else:
            yield KeptPiece.of(piece)
