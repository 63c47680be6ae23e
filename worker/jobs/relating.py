"""Relating the articles of a portion, one after the other, to what is stored: find, relate, note what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlite_utils import Database

from worker.intake import fingerprint, relate
from worker.intake.fingerprint import SKETCH_RECIPE
from worker.jobs.neighbours import Neighbours, sketched
from worker.model import Article, Entry, Fingerprint, Join, Near, Outcome, Relation
from worker.store import sketches
from worker.store.book import Book
from worker.store.database import transaction
from worker.store.retractions import LENT
from worker.store.sketches import Sketches

#: How many of the newest entries an article is compared with, unless told otherwise.
WINDOW = 250_000
_AT_ONCE = 2000  # entries that get their sketch in one transaction


def sketches_of(window: int = WINDOW) -> Sketches:
    """The sketches of today's recipe; empty until they follow a store."""
    return Sketches(window=window, recipe=SKETCH_RECIPE)


def sketch_all(db: Database) -> None:
    """Give a sketch to every entry of an archive that has none of today's recipe, the newest first."""
    before = None
    while not sketches.all_there(db, SKETCH_RECIPE):
        some = sketches.without(db, SKETCH_RECIPE, before, _AT_ONCE)
        before = some[-1][0]
        with transaction(db):
            sketches.add(db, sketched((number, fingerprint.of_text(text)) for number, text in some))


class Relating:
    """A portion's articles, in their order; what they become is noted in the book."""

    def __init__(self, book: Book, neighbours: Neighbours) -> None:
        self.book, self._neighbours = book, neighbours
        self._page: set[int] = set()  # entries that the page in hand has shown so far

    def page(self, articles: Iterable[tuple[Article, Fingerprint] | None]) -> list[Relation]:
        """What the articles of one page are; none is a version of another one beside it."""
        self._page.clear()
        relations = []
        for found in articles:
            relation = self.related(found)
            relations.append(relation)
            if relation.entry is not None:
                self._page.add(relation.entry)
        return relations

    def related(self, found: tuple[Article, Fingerprint] | None) -> Relation:
        """What an article is; of one that becomes an entry, with its number."""
        if found is None:
            return relate.ILLEGIBLE
        article, identity = found
        relation = self._unless_old(
            article, relate.relate(article, self._named(article, identity), self._near(identity))
        )
        match relation.outcome:
            case Outcome.STORED | Outcome.REPRINT:
                return self._entered(article, identity, relation)
            case Outcome.REVISION:
                self._revised(article, identity, relation)
            case Outcome.DUPLICATE if relation.entry is not None:
                self.book.name(identity, relation.entry)
        if relation.fills and relation.entry is not None:
            self.book.fill(relation.entry, article, relation.fills)
        return relation

    def _unless_old(self, article: Article, relation: Relation) -> Relation:
        """A version that the entry had before is no revision, though its captions are others now."""
        if relation.outcome is not Outcome.REVISION or relation.entry is None:
            return relation
        entry = self.book.get(relation.entry)
        for text in self.book.texts(entry.number)[1:]:
            former = Near(entry=replace(entry, text=text, own=None), shared=1, of=1)
            again = relate.relate(article, [], [former])
            if again.outcome is Outcome.DUPLICATE:
                return replace(again, evidence=f"an earlier version: {again.evidence}", fills=relation.fills)
        return relation

    def _named(self, article: Article, identity: Fingerprint) -> list[Entry]:
        """The entry that has this text; where that is another outlet's, with all that tell its story, and with those
        of the outlet that had this very text when an operator took them out of it.
        """
        named = self.book.find(identity)
        if not named or not relate.other_outlet(article, named[0]):
            return named
        apart = (one for one in self.book.parted_from(named[0].lead) if not relate.other_outlet(article, one))
        return [*self.book.story(named[0].lead), *(one for one in apart if self._had(one, identity))]

    def _had(self, entry: Entry, identity: Fingerprint) -> bool:
        return any(fingerprint.of_text(text) == identity for text in self.book.texts(entry.number))

    def _near(self, identity: Fingerprint) -> list[Near]:
        if self.book.find(identity):
            return []
        found = self._neighbours.near(identity, self.book.last)
        return [
            Near(
                entry=self.book.get(one.entry),
                shared=one.shared,
                of=one.of,
                rare=one.rare,
                beside=one.entry in self._page,
            )
            for one in found
        ]

    def _entered(self, article: Article, identity: Fingerprint, relation: Relation) -> Relation:
        last = self.book.last
        number = self.book.add(article, identity)
        story: list[int] = []
        if relation.to is not None:
            story = [entry.number for entry in self.book.story(self.book.get(relation.to).lead)]
            self._join(number, relation)
        self.book.sketch(self._neighbours.add(number, identity, last, story))
        return replace(relation, entry=number)

    def _join(self, number: int, relation: Relation) -> None:
        """Into the story; a fuller telling lends its text to the entry that leads."""
        assert relation.to is not None
        book, recipe = self.book, relate.RECIPE
        book.join(
            Join(entry=number, to=relation.to, evidence=relation.evidence, likeness=relation.likeness, recipe=recipe)
        )
        entry = book.get(number)
        lead = book.get(entry.lead)
        lent = relate.lends(relation) if lead.number == relation.to and lead.own is None else None
        if lent or (lent is None and relation.likeness is not None and relate.fuller(entry.text, lead.text)):
            book.show(lead.number, entry.text, f"{LENT}{entry.key}")

    def _revised(self, article: Article, identity: Fingerprint, relation: Relation) -> None:
        assert relation.entry is not None
        number, book = relation.entry, self.book
        before, lead = book.get(number), book.get(book.get(number).lead)
        book.revise(number, article.text, relation.evidence)
        book.name(identity, number)
        story = [entry.number for entry in book.story(lead.number)]
        book.sketch(self._neighbours.add(number, identity, book.last, story))
        lent = lead.own is not None and lead.text == before.text  # what it corrects is what readers see there
        if lead.number == number or book.taken_down(number):
            return
        if lent or relate.fuller(article.text, lead.text):
            book.show(lead.number, article.text, f"{LENT}{before.key}")
