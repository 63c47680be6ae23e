"""retract() and restore(): an operator takes an entry down, or puts it back. Nothing is deleted: readers do not get it.

With the entry that leads a story all of the story goes, since readers had the others only as "also in". Another telling
goes alone: out of "also in", and out of what the lead shows where that was its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from worker.errors import StoryError
from worker.intake import fingerprint
from worker.jobs.placing import show_fullest
from worker.model import Entry
from worker.store import announcing, entries, retractions, stories
from worker.store.book import Book
from worker.store.database import transaction
from worker.store.stories import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted:
    """What went when an entry was taken down, and what did not."""

    entry: Entry
    along: tuple[Entry, ...]  #: other tellings that readers saw until now, and that went with it
    copies: tuple[Entry, ...]  #: that tell it in the same words, and that readers still see


def retract(db: Database, entry: Entry, reason: str, *, authority: str, now: datetime) -> Retracted:
    """Take an entry down, or say otherwise why it is. Raises StoryError where no reason is given."""
    said = " ".join(reason.split())
    if not said:
        raise StoryError(f"{entry.key} is taken down for no reason: say why with --reason")
    with transaction(db):
        number, book = entry.number, Book(db, (), authority=authority, now=now)
        story = book.story(book.get(number).lead)
        seen = retractions.over(db, number) is None
        if retractions.add(db, number, said, now):
            lead = story[0]
            if lead.number != number and lead.own is not None:
                show_fullest(book, [one.number for one in story])
            book.write()
            announcing.soil(db, retractions.borrowers(db, number))
        others = [one for one in story if one.number != number and not book.taken_down(one.number)]
        along = others if seen and book.get(number).leads else []
        return Retracted(entry=book.get(number), along=tuple(along), copies=tuple(_copies(db, book, number)))


def restore(db: Database, entry: Entry, *, authority: str, now: datetime) -> Entry:
    """Put an entry back that was taken down: at the end of every channel that told of it. Raises StoryError."""
    with transaction(db):
        number = entry.number
        if not retractions.remove(db, number):
            raise StoryError(_not_down(db, entry))
        book = Book(db, (), authority=authority, now=now)
        story = book.story(book.get(number).lead)
        back = [one.number for one in story] if story[0].number == number else [number]
        if len(back) == 1 and len(story) > 1:
            show_fullest(book, [one.number for one in story])
        book.write()
        announcing.soil(db, retractions.borrowers(db, number))
        announcing.tell_again(db, (one for one in back if retractions.over(db, one) is None))
        return book.get(number)


def seen_revisions(db: Database, entry: Entry) -> list[Revision]:
    """The texts that an entry had, as far as readers may see them.

    Where it has shown the text of an entry that is taken down by now, only those are left that it had by itself, or
    that another entry has which readers see: texts are known by their fingerprints, also those that were replaced.
    """
    every = stories.revisions(db, entry.number)
    if not retractions.has_borrowed(db, entry.number):
        return every
    known = {revision.number: fingerprint.of_text(revision.text) for revision in every}
    owners = entries.by_fingerprint(db, known.values())
    return [
        revision
        for revision in every
        if (owner := owners.get(known[revision.number]))
        and (owner.number == entry.number or retractions.over(db, owner.number) is None)
    ]


def _copies(db: Database, book: Book, number: int) -> Iterable[Entry]:
    """Those of its story, and of what was split from it, that readers see and that have the same text."""
    text = _own(book.get(number))
    for one in (*book.story(book.get(number).lead), *book.parted_from(book.get(number).lead)):
        if one.number != number and _own(one) == text and retractions.over(db, one.number) is None:
            yield one


def _own(entry: Entry) -> str:
    return entry.text if entry.own is None else entry.own


def _not_down(db: Database, entry: Entry) -> str:
    if gone := retractions.over(db, entry.number):
        cure = f"`seedwire entries restore {gone.key}`, or take it out with `seedwire stories split {entry.key}`"
        return f"{entry.key} went with {gone.key}, which leads its story: there is nothing to restore; {cure}"
    return f"{entry.key} is not taken down: there is nothing to restore; see `seedwire entries retracted`"
