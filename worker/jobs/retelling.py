"""retell(): every story of the archive held against all that came before it, not only against the newest entries.

What today's recipe finds to tell the same is joined to the story that was there first; what an older recipe joined,
and today's would not, leaves again. What an operator decided stands: what was taken down stays where it is, so that
nothing comes back with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from worker.intake import relate
from worker.jobs.neighbours import Found, Neighbours
from worker.jobs.placing import show_fullest, sketch_again
from worker.jobs.relating import sketches_of
from worker.model import Article, Change, Difference, Entry, Fingerprint, Join, Near, Relation, Reread
from worker.store import ledger, sketches, stories
from worker.store.book import Book
from worker.store.database import transaction
from worker.store.sketches import Sketches

_AT_ONCE = 1000  # entries in one transaction
_EVERYTHING = 1 << 40  # entries in the window: all


def retell(db: Database, stopping: Callable[[], bool], *, authority: str, now: datetime) -> Iterator[Reread]:
    """The entries that go into another story or out of one, each once that is stored."""
    yield from _part(db, authority, now)
    found = sketches_of(_EVERYTHING)
    found.follow(db)
    apart = stories.apart(db)
    last = 0
    while (some := sketches.of_leads(db, found.recipe, last, _AT_ONCE)) and not stopping():
        with transaction(db):
            changes = list(_Again(db, found, apart, Book(db, (), authority=authority, now=now)).joined(some))
        for change in changes:
            yield _told(db, change)
        last = some[-1][0]


class _Again:
    """Leads of stories, each against the entries before it."""

    def __init__(self, db: Database, found: Sketches, apart: set[frozenset[int]], book: Book) -> None:
        self._db, self._found, self._apart, self._book = db, found, apart, book

    def joined(self, leads: list[tuple[int, bytes]]) -> Iterator[Change]:
        """Join those that tell what an earlier story tells."""
        # Each with a digest of its own: fingerprints are told apart by these, and not by their sketches.
        known = [(number, Fingerprint(recipe=0, digest=number.to_bytes(8), sketch=sketch)) for number, sketch in leads]
        neighbours = Neighbours(self._found, [one for _, one in known], self._book.last)
        for number, sketch in known:
            if relation := self._like(number, neighbours.near(sketch, self._book.last)):
                yield self._join(self._book.get(number), relation)
        self._book.write()

    def _like(self, number: int, found: list[Found]) -> tuple[Entry, Relation] | None:
        book = self._book
        if book.taken_down(number):  # else all that went with it would come back
            return None
        near = [
            Near(entry=book.get(entry), shared=shared, of=of, rare=rare)
            for entry, shared, of, rare in found
            if entry < number and frozenset((book.get(entry).lead, book.get(number).lead)) not in self._apart
        ]
        article = _as_article(book.get(number))
        near = [one for one in near if one.entry.lead != book.get(number).lead and self._always(number, article, one)]
        if not near:
            return None
        relation = relate.relate(article, [], near)
        to = relation.to or relation.entry
        return (book.get(to), relation) if to is not None else None

    def _always(self, number: int, article: Article, one: Near) -> bool:
        """Whether any texts that the two have had tell the same: what came was held against one of these, and later
        revisions shall not make old news of it.
        """
        mine, theirs = (stories.revisions(self._db, each) for each in (number, one.entry.number))
        articles = [article, *(replace(article, text=was.text) for was in mine)]
        held = [one, *(replace(one, entry=replace(one.entry, text=was.text, own=None)) for was in theirs)]
        relations = (relate.relate(was, [], [other]) for was in articles for other in held)
        return len(articles) == len(held) == 1 or all(
            (relation.to or relation.entry) is not None for relation in relations
        )

    def _join(self, entry: Entry, like: tuple[Entry, Relation]) -> Change:
        other, relation = like
        tellers = self._book.story(entry.lead)
        for one in tellers:
            self._book.put(replace(self._book.get(one.number), story=other.lead))
        join = Join(
            entry=entry.number,
            to=other.number,
            evidence=relation.evidence,
            likeness=relation.likeness,
            recipe=relate.RECIPE,
        )
        self._book.join(join)
        self._apart |= {pair - {entry.lead} | {other.lead} for pair in self._apart if entry.lead in pair}
        show_fullest(self._book, sorted({one.number for one in (*tellers, *self._book.story(other.lead))}))
        return _change(Difference.JOINED, entry, before=relation.evidence, after=other.key)


def _part(db: Database, authority: str, now: datetime) -> Iterator[Reread]:
    """What an older recipe joined and today's would not."""
    placed = stories.placed(db)
    for join in stories.joins_before(db, relate.RECIPE):
        with transaction(db):
            book = Book(db, (), authority=authority, now=now)
            entry, other = book.get(join.entry), book.get(join.to)
            near = Near(entry=other, shared=join.likeness.sampled[0] if join.likeness else 0, of=1)
            stays = entry.number in placed or any(map(book.taken_down, (entry.number, entry.lead)))
            same = join.likeness is None or stays
            relation = None if same else relate.relate(_as_article(entry), [], [near])
            if relation is not None and (relation.to or relation.entry) is None:
                _take_out(db, book, entry)
                change = _change(Difference.PARTED, entry, before=other.key)
            else:
                told = relation or join
                likeness = relation.likeness if relation else join.likeness
                again = replace(join, evidence=told.evidence, likeness=likeness, recipe=relate.RECIPE)
                stories.add_joins(db, [again], now)
                change = None
            book.write()
        if change:
            yield _told(db, change)


def _take_out(db: Database, book: Book, entry: Entry) -> None:
    """Make an entry a story of its own, with those that are in its story since they are like it."""
    tellers = [one.number for one in book.story(entry.lead)]
    gone = [entry.number]
    for number in tellers:
        if (join := stories.join_of(db, number)) and join.to in gone:
            gone.append(number)
    stories.part(db, (entry.number,))
    for number in gone:
        book.put(replace(book.get(number), story=None if number == entry.number else entry.number))
    for some in (gone, [number for number in tellers if number not in gone]):
        show_fullest(book, some)
        sketch_again(db, book, some)


def _as_article(entry: Entry) -> Article:
    """An entry's own telling, to be compared."""
    return Article(
        text=entry.text if entry.own is None else entry.own,
        title=entry.title,
        title_derived=entry.title_derived,
        published=entry.published,
        source=entry.source,
        language=entry.language,
        link=entry.link,
        start=0,
        end=0,
        evidence="",
    )


def _change(what: Difference, entry: Entry, *, before: str | None = None, after: str | None = None) -> Change:
    return Change(what=what, entry=entry.number, key=entry.key, title=entry.title, before=before, after=after)


def _told(db: Database, change: Change) -> Reread:
    """As a difference of the page where the entry was first seen."""
    first = next(iter(ledger.sightings(db, change.entry)), None)
    path, page = (first.path, first.page) if first else ("no page", 0)
    return Reread(path=path, page=page, changes=(change,))
