"""replay(): the pages of the archive → segment → clean → describe → fingerprint → reread → store.

What a page held before and what it holds now meet in `intake.reread`, which decides; here it is done, a portion
of pages a transaction. The first sighting of an entry, in the order of pages, is where its text is read; every other
one fills in what is missing. An article keeps its entry where its text is known, or else where it stands in the
place of one; only what is neither becomes a new entry. Pages are read with the frames of today: what was learned
since they came in is one of the reasons to read them again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from worker.intake import fingerprint, relate
from worker.intake.reread import carried, reread
from worker.jobs.learning import Lore, learn
from worker.jobs.neighbours import sketched
from worker.jobs.reading import RECIPE, Reader, Reading
from worker.jobs.relating import sketch_all
from worker.jobs.retelling import retell
from worker.jobs.rim import Rim
from worker.jobs.storing import ended
from worker.model import Article, Change, Difference, Entry, Fingerprint, Kind, Outcome, Relation, Reread, Span
from worker.store import entries, pages, replays, stories
from worker.store.book import Book
from worker.store.database import transaction
from worker.store.pages import KeptPage, KeptPiece
from worker.store.replays import Progress, Seen, last_revisions

_NAMED_AT_ONCE = 2000  # entries that get a fingerprint in one transaction
_GAINED = "news: found as its page was read again"
_OTHERWISE = "it stands where the same text as that of the entry stood"


@dataclass(slots=True, kw_only=True)
class Replayed:
    """What a replay came to."""

    pages: int = 0  #: read again
    different: int = 0  #: of those, pages whose articles are otherwise now
    rewritten: int = 0  #: of those, pages that are otherwise in anything, and be it the reason of a line of chrome
    changes: Counter[Difference] = field(default_factory=Counter)
    retold: int = 0  #: entries that went into another story, or out of one
    kept_dates: int = 0  #: dates that would differ and stay
    finished: bool = True


def replay(
    db: Database, reader: Reader, rim: Rim, tell: Callable[[Reread], object], *, authority: str, now: datetime
) -> Replayed:
    """Read all pages of the archive again; `tell` is told of each that is otherwise, once that is stored.

    One caller at a time (the worker lock). A replay that was stopped or died goes on where it was, as of the time
    at which it began, and ends as if nothing had happened; it begins anew where it would now read otherwise.
    """
    lore, done = Lore(), Replayed()
    learn(db, lore, rim.stopping)  # as an ingest would: it must not matter which of them comes first
    reader = replace(reader, frames=lore.frames)
    progress = _begun(db, _reads_by(reader, lore), now)
    _name_all(db)
    sketch_all(db)
    total = pages.count_after(db, progress.reached)
    while portion := pages.portion_after(db, progress.reached):
        if rim.stopping():
            done.finished = False
            return done
        read = [(page, reader.page(page.page, page.path, latest=page.latest)) for page in portion]
        with transaction(db):
            again = _Again(db, read, progress, authority)
            told = [again.page(page, reading) for page, reading in read]
            progress = again.write()
        done.rewritten += again.rewritten
        for one in filter(None, told):
            done.kept_dates += sum(not change.applied for change in one.changes)
            if one.otherwise:
                done.different += 1
                done.changes.update(change.what for change in one.changes if change.applied)
                tell(one)
        done.pages += len(portion)
        rim.progress(done.pages, total)
    for moved in retell(db, rim.stopping, authority=authority, now=progress.began):
        done.retold += 1
        done.changes.update(change.what for change in moved.changes)
        tell(moved)
    if rim.stopping():
        done.finished = False
        return done
    if replays.unfinished(db) is not None:
        with transaction(db):
            replays.end(db)
    return done


def _begun(db: Database, reads_by: str, now: datetime) -> Progress:
    """Where to go on: where a replay that read by the same stopped, or at the first page."""
    stopped = replays.unfinished(db)
    return stopped if stopped and stopped.reads_by == reads_by else Progress(reads_by=reads_by, began=now)


def _reads_by(reader: Reader, lore: Lore) -> str:
    """Of all that pages are read by besides themselves; of frames, the border tells."""
    told = repr((RECIPE, lore.upto, reader.sites, reader.timezone, reader.limits.pieces))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _name_all(db: Database) -> None:
    """Give every entry a fingerprint under today's recipe, so that its text is known by it. Of two entries whose
    texts are the same under it, the older has the name.
    """
    last = 0
    if not replays.any_nameless(db, fingerprint.RECIPE):
        return
    while some := replays.texts(db, last, _NAMED_AT_ONCE):
        named = [(fingerprint.of_text(text), number) for number, text in some]
        with transaction(db):
            known = entries.by_fingerprint(db, (one for one, _ in named))
            entries.name(db, {one: number for one, number in reversed(named) if one not in known}.items())
        last = some[-1][0]


class _Before(NamedTuple):
    """An article of a page as it was read before."""

    span: Span
    entry: int | None
    outcome: str | None
    evidence: str


_NOTHING = _Before(Span(0, 0), None, None, "")


class _Again:
    """One transaction's worth of pages."""

    def __init__(self, db: Database, read: list[tuple[KeptPage, Reading]], progress: Progress, authority: str) -> None:
        self._db, self._progress = db, progress
        self._last_page, self._wrote = read[-1][0].id, False
        self._different: list[tuple[KeptPage, str, tuple[KeptPiece, ...]]] = []
        self._book = Book(
            db,
            {found[1] for _, reading in read for found in reading.articles if found},
            numbers={piece.entry for page, _ in read for piece in page.pieces if piece.entry is not None},
            authority=authority,
            now=progress.began,
            replayed=True,
        )
        self._seen = Seen(db, read[0][0].id, self._book.met())
        self._revised = last_revisions(db, self._book.met())
        self._apart = stories.apart(db)

    @property
    def rewritten(self) -> int:
        """How many pages are otherwise in anything."""
        return len(self._different)

    def page(self, page: KeptPage, reading: Reading) -> Reread | None:
        """Put the page as it is read now in place of what it was; None where nothing that one sees is otherwise."""
        before = list(_articles(page))
        self._move_place(one.entry for one in before)
        endings, changes = self._sightings(page, before, reading)
        pieces = tuple(ended(reading, endings))
        verdict = reading.split.verdict.value
        differs = (pieces, verdict, RECIPE) != (page.pieces, page.verdict, page.recipe)
        if differs:
            self._different.append((page, verdict, pieces))
        self._wrote |= bool(changes or self._different)
        if not changes:
            return None
        otherwise = differs or any(change.applied for change in changes)
        return Reread(path=page.path, page=page.page.number, changes=tuple(changes), otherwise=otherwise)

    def write(self) -> Progress:
        """Put the entries into the store, and how far we have come; nothing is written where nothing is new."""
        self._book.write()
        for page, verdict, pieces in self._different:
            pages.replace(self._db, page, pieces, verdict=verdict, recipe=RECIPE)
        self._progress = replace(self._progress, reached=self._last_page)
        if self._wrote:
            replays.note(self._db, self._progress)
        return self._progress

    def _move_place(self, numbers: Iterator[int | None]) -> None:
        """What this page first brought was the newest there was when it came in; a new entry's place is behind it."""
        ingested = [number for number in numbers if number and self._book.get(number).place is None]
        self._progress = replace(self._progress, place=max(self._progress.place, *ingested, 0))

    def _sightings(
        self, page: KeptPage, before: list[_Before], reading: Reading
    ) -> tuple[list[Relation], list[Change]]:
        found = reading.articles
        spans = [Span(cut.body[0].start, cut.body[-1].end) for cut in reading.split.cuts]
        known = [one is not None and bool(self._book.find(one[1])) for one in found]
        takes = carried([one.span for one in before], spans, known)
        relations, changes = [], list[Change]()
        left = [one.entry for one in before if one.entry]
        for one, taken in zip(found, takes, strict=True):
            old = before[taken] if taken is not None else _NOTHING
            if one is None:
                relations.append(relate.ILLEGIBLE)
                continue
            relation, entry, told = self._sighting(page, *one, old)
            relations.append(relation)
            if old.entry in left:
                left.remove(old.entry)
                if old.entry != entry.number:
                    changes.append(_told(Difference.MERGED, self._book.get(old.entry), after=entry.key))
            elif entry.number in left:
                left.remove(entry.number)
            elif not any(change.what is Difference.GAINED for change in told):
                changes.append(_told(Difference.SIGHTED, entry))
            changes += told
        changes += (_told(Difference.LOST, self._book.get(number)) for number in left)
        return relations, changes

    def _sighting(
        self, page: KeptPage, article: Article, identity: Fingerprint, old: _Before
    ) -> tuple[Relation, Entry, list[Change]]:
        """Which entry an article belongs to, what it changes of it, and how the piece ends."""
        book, now = self._book, self._progress.began
        entry = self._entry_of(identity, old)
        if entry is None:
            number = book.add(article, identity, place=self._progress.place + 1)
            book.sketch(*sketched([(number, identity)]))
            self._seen.see(number)
            gained = Relation(outcome=Outcome.STORED, entry=number, evidence=_GAINED)
            return gained, book.get(number), [_told(Difference.GAINED, book.get(number))]
        book.name(identity, entry.number)
        first = self._seen.see(entry.number)
        revised = self._revised.get(entry.number)
        given = old.outcome == Outcome.REVISION and revised == (page.id, old.span.start)
        gives = first if revised is None else given
        own = entry.text if entry.own is None else entry.own
        same = own == article.text or fingerprint.of_text(own) == identity
        after, changes = reread(entry, article, first=first, gives=gives, same=same, now=now)
        if changes:
            book.put(after)
            self._show(entry, after, same=same)
        if any(change.what is Difference.TEXT for change in changes):
            book.sketch(*sketched([(entry.number, identity)]))
        return _ending(article, after, old, first=first, same=same), after, changes

    def _show(self, before: Entry, after: Entry, *, same: bool) -> None:
        """Let the entry that shows the text of this one show what it is now."""
        if self._book.taken_down(before.number):
            return
        lead = self._book.get(before.lead)
        if lead.own is not None and before.story is not None and lead.text == before.text != after.text:
            updated = lead.updated if same else self._book.later(lead)
            self._book.put(replace(lead, text=after.text, language=after.language, updated=updated))

    def _entry_of(self, identity: Fingerprint, old: _Before) -> Entry | None:
        """Whoever has the text; an entry keeps its sighting where that is of its own story, or of one that an operator
        took it out of.
        """
        known = self._book.find(identity)
        held = self._book.get(old.entry) if old.entry else None
        if known and not (held and self._told_alike(held.lead, known[0].lead)):
            return known[0]
        return held

    def _told_alike(self, one: int, other: int) -> bool:
        return one == other or frozenset((one, other)) in self._apart


def _ending(article: Article, entry: Entry, old: _Before, *, first: bool, same: bool) -> Relation:
    """What a sighting is: what it was, where that still can be; the evidence of then stays with it."""
    outcomes = {Outcome.STORED, Outcome.REPRINT} if first else {Outcome.DUPLICATE}
    if old.entry == entry.number and old.outcome in outcomes | {Outcome.REVISION}:
        return Relation(outcome=Outcome(old.outcome), entry=entry.number, evidence=old.evidence)
    if first:
        outcome = Outcome.STORED if entry.leads else Outcome.REPRINT
        return replace(relate.NEWS, outcome=outcome, entry=entry.number)
    again = replace(relate.relate(article, [entry]), outcome=Outcome.DUPLICATE, entry=entry.number)
    return again if same else replace(again, evidence=_OTHERWISE)


def _articles(page: KeptPage) -> Iterator[_Before]:
    """The articles of a page as they were."""
    current: _Before | None = None
    for piece in page.pieces:
        if piece.kind == Kind.ARTICLE:
            if current:
                yield current
            current = _Before(Span(piece.start, piece.end), piece.entry, piece.outcome, piece.evidence or "")
        elif piece.kind == Kind.CONTINUATION and current:
            current = current._replace(span=Span(current.span.start, piece.end))
    if current:
        yield current


def _told(what: Difference, entry: Entry, *, after: str | None = None) -> Change:
    return Change(what=what, entry=entry.number, key=entry.key, title=entry.title, after=after)
