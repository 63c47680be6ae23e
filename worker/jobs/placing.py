"""split() and join(): an operator puts an entry where it belongs. What is decided here stands through every replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from worker.errors import StoryError
from worker.intake import fingerprint, relate
from worker.jobs.neighbours import sketched
from worker.model import Entry, Join, Placing
from worker.store import sketches, stories
from worker.store.book import Book
from worker.store.database import transaction

_BY_OPERATOR = "joined by an operator"


def split(db: Database, entry: Entry, *, authority: str, now: datetime) -> list[Entry]:
    """Take an entry out of its story; the entries that lead now: its own, and the story's rest. Raises StoryError.

    Both keep their ids. Whichever of them has not led before is told of as news, behind the newest entry.
    """
    with transaction(db):
        book = _book(db, authority, now)
        story = book.story(book.get(entry.number).lead)
        rest = [one for one in story if one.number != entry.number]
        if not rest:
            raise StoryError(f"{entry.key} is a story of its own: there is nothing to split it from")
        lead = rest[0]
        _own_texts(book, story, entry)
        stories.part(db, (entry.number, lead.number))
        for one in rest[1:]:
            book.put(replace(book.get(one.number), story=lead.number))
        for one in (entry, lead):
            held = book.get(one.number)
            new = held.story is not None
            book.put(replace(held, story=None, place=book.last + 1 if new else held.place))
        _lend(book, book.get(lead.number), [book.get(one.number) for one in rest[1:]])
        stories.place(db, entry.number, Placing.SPLIT, lead.number, now)
        _sketch_again(db, book, [entry], rest)
        book.write()
        return [book.get(entry.number), book.get(lead.number)]


def join(db: Database, entry: Entry, others: list[Entry], *, authority: str, now: datetime) -> Entry:
    """Make one story of those that these entries belong to; the entry that leads it, the oldest. Raises StoryError."""
    with transaction(db):
        book = _book(db, authority, now)
        leads = sorted({book.get(one.number).lead for one in (entry, *others)})
        if len(leads) < 2:
            raise StoryError(f"{entry.key} is in that story already: there is nothing to join")
        lead, *joined = leads
        tellers = [one for number in leads for one in book.story(number)]
        for number in joined:
            _own_texts(book, book.story(number), book.get(number))
            for one in book.story(number):
                book.put(replace(book.get(one.number), story=lead))
            stories.add_joins(db, [_joined(number, lead)], now)
            stories.place(db, number, Placing.JOIN, lead, now)
        _lend(book, book.get(lead), [book.get(one.number) for one in tellers if one.number != lead])
        _sketch_again(db, book, [one for one in tellers if book.get(one.number).lead == lead])
        book.write()
        return book.get(lead)


def _book(db: Database, authority: str, now: datetime) -> Book:
    return Book(db, (), authority=authority, now=now)


def _joined(entry: int, lead: int) -> Join:
    return Join(entry=entry, to=lead, evidence=_BY_OPERATOR, likeness=None, recipe=relate.RECIPE)


def _own_texts(book: Book, story: list[Entry], cause: Entry) -> None:
    """Whoever shows the text of another telling shows its own again."""
    for one in story:
        if book.get(one.number).own is not None:
            book.show(one.number, None, f"its own text again: {cause.key} was placed elsewhere")


def _lend(book: Book, lead: Entry, others: list[Entry]) -> None:
    """The fullest text of a story is what its lead shows."""
    longest = sorted(others, key=lambda one: (-len(one.text), one.number))
    fuller = next((one for one in longest if relate.fuller(one.text, lead.text)), None)
    if fuller:
        book.show(lead.number, fuller.text, f"the fuller text of {fuller.key}")


def _sketch_again(db: Database, book: Book, *tellings: list[Entry]) -> None:
    """Sketches lie with whoever of a story had their grams first: each story's anew."""
    for story in tellings:
        for one in story:
            sketches.remove(db, one.number)
            text = book.get(one.number).own or book.get(one.number).text
            sketches.add(db, sketched([(one.number, fingerprint.of_text(text))]))
