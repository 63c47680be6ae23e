"""split() and join(): an operator puts an entry where it belongs. What is decided here stands through every replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from worker.errors import StoryError
from worker.intake import fingerprint, relate
from worker.jobs.neighbours import sketched_once
from worker.model import Entry, Join, Placing
from worker.store import entries, sketches, stories
from worker.store.book import Book
from worker.store.database import transaction
from worker.store.retractions import LENT

_BY_OPERATOR = "joined by an operator"
_OWN_AGAIN = "its own text again: who told more is in another story, or was taken down"


def split(db: Database, entry: Entry, *, authority: str, now: datetime) -> list[Entry]:
    """Take an entry out of its story; the entries that lead now: its own, and the story's rest. Raises StoryError.

    Both keep their ids. Whichever of them has not led before is told of as news, behind the newest entry.
    """
    with transaction(db):
        book = _book(db, authority, now)
        story = book.story(book.get(entry.number).lead)
        tellers, rest = _parted(book, [one.number for one in story], entry.number)
        if not rest:
            raise StoryError(
                f"{entry.key} is a story of its own, there is nothing to split it from; try `seedwire stories list`"
            )
        lead = rest[0]
        stories.part(db, (entry.number, lead))
        for number in rest[1:]:
            book.put(replace(book.get(number), story=lead))
        for number in (entry.number, lead):
            held = book.get(number)
            new = held.story is not None
            book.put(replace(held, story=None, place=entries.give(db) if new else held.place))
        for some in (tellers, rest):
            show_fullest(book, some)
            sketch_again(db, book, some)
        _decide(db, story[0].number, entry.number, lead, now)
        book.write()
        return [book.get(entry.number), book.get(lead)]


def join(db: Database, entry: Entry, others: list[Entry], *, authority: str, now: datetime) -> Entry:
    """Make one story of those that these entries belong to; the entry that leads it, the oldest. Raises StoryError."""
    with transaction(db):
        book = _book(db, authority, now)
        leads = sorted({book.get(one.number).lead for one in (entry, *others)})
        if len(leads) < 2:
            raise StoryError(
                f"{entry.key} is in that story already: there is nothing to join; name an entry of another story"
            )
        for one in (*leads, entry.number, *(one.number for one in others)):
            if book.taken_down(one):
                key = book.get(one).key
                raise StoryError(
                    f"{key} was taken down, and nothing is joined to that: `seedwire entries restore {key}` first"
                )
        lead, *joined = leads
        tellers = sorted(one.number for number in leads for one in book.story(number))
        for number in tellers[1:]:
            book.put(replace(book.get(number), story=lead))
        for number in joined:
            stories.add_joins(db, [_joined(number, lead)], now)
            stories.place(db, number, Placing.JOIN, lead, now)
        show_fullest(book, tellers)
        sketch_again(db, book, tellers)
        book.write()
        return book.get(lead)


def show_fullest(book: Book, tellers: list[int]) -> None:
    """Let the first of a story show the fullest text there is of it, and all others their own. What it shows stays
    while its teller is there and nobody tells a good deal more. What was taken down lends its text to none.
    """
    first, *others = tellers
    for number in others:
        if book.get(number).own is not None:
            book.show(number, None, f"its own text again: {book.get(first).key} leads its story")
    lead, told = book.get(first), [book.get(number) for number in others if not book.taken_down(number)]
    lent = lead.own is not None and any(one.text == lead.text for one in told)
    shown = lead.text if lent or lead.own is None else lead.own
    longest = sorted(told, key=lambda one: (-len(one.text), one.number))
    if fuller := next((one for one in longest if relate.fuller(one.text, shown)), None):
        book.show(first, fuller.text, f"{LENT}{fuller.key}")
    elif shown != lead.text:
        book.show(first, None, _OWN_AGAIN)


def sketch_again(db: Database, book: Book, tellers: list[int]) -> None:
    """Sketches lie with whoever of a story had their grams first: a story's anew."""
    texts = [(number, book.get(number).own or book.get(number).text) for number in tellers]
    for number in tellers:
        sketches.remove(db, number)
    sketches.add(db, sketched_once((number, fingerprint.of_text(text)) for number, text in texts))


def _parted(book: Book, story: list[int], entry: int) -> tuple[list[int], list[int]]:
    """Who of a story goes with an entry that is taken out of it, and the rest. Where that is the lead, others that were
    taken down stay with it: they shall not lead the rest, which readers see.
    """
    rest = [number for number in story if number != entry]
    first = next((number for number in rest if not book.taken_down(number)), None)
    if entry != story[0] or first is None:
        return [entry], rest
    return [entry, *(number for number in rest if number < first)], [number for number in rest if number >= first]


def _decide(db: Database, before: int, entry: int, lead: int, now: datetime) -> None:
    """Keep a split: whoever was apart from the story `before` is so from both of what it is now."""
    new = lead if entry == before else entry
    for other in sorted(one for pair in stories.apart(db) if before in pair for one in pair if one != before):
        stories.place(db, other, Placing.SPLIT, new, now)
    stories.place(db, entry, Placing.SPLIT, lead, now)


def _book(db: Database, authority: str, now: datetime) -> Book:
    return Book(db, (), authority=authority, now=now)


def _joined(entry: int, lead: int) -> Join:
    return Join(entry=entry, to=lead, evidence=_BY_OPERATOR, likeness=None, recipe=relate.RECIPE)
