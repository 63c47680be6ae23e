"""The entries that one portion of articles meets, and what becomes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from worker.model import Article, Entry, Fingerprint, Join
from worker.store import channels, entries, retractions, sketches, stories, tallies, topics
from worker.store.announcing import News, announce
from worker.store.sketches import Row

#: Feeds count whole seconds: `updated` moves by one at least.
_LEAST = timedelta(seconds=1)


class Book:
    """The entries of the store that a portion meets, by fingerprint or number, and those that it makes.

    What becomes of them is noted here first; `write` then takes one statement a table, not several an article.
    """

    def __init__(
        self,
        db: Database,
        fingerprints: Iterable[Fingerprint],
        *,
        numbers: Iterable[int] = (),
        authority: str,
        now: datetime,
        replayed: bool = False,
    ) -> None:
        self._db, self._authority, self._now, self._replayed = db, authority, now, replayed
        met = entries.by_fingerprint(db, fingerprints)
        self._numbers = {fingerprint: entry.number for fingerprint, entry in met.items()}
        self._stored = {entry.number: entry for entry in (*met.values(), *entries.numbered(db, numbers))}
        self._entries = dict(self._stored)
        self._tellers: dict[int, list[int]] = {}  # of a story, by the number of its lead; only of those asked for
        self.last = entries.last_given(db)  #: the last number that was given to an entry
        self._names: list[tuple[Fingerprint, int]] = []
        self._sketches: list[Row] = []
        self._joins: list[Join] = []
        self._revisions: list[tuple[int, str, str]] = []
        self._news = News()
        self._apart: set[frozenset[int]] | None = None  # pairs of stories, once they are asked for
        self._down: frozenset[int] | None = None  # entries that were taken down, once they are asked for

    def find(self, fingerprint: Fingerprint) -> list[Entry]:
        """The entries that a text with this fingerprint belongs to: one or none."""
        number = self._numbers.get(fingerprint)
        return [] if number is None else [self._entries[number]]

    def get(self, number: int) -> Entry:
        """An entry, as it is now."""
        if number not in self._entries:
            for entry in entries.numbered(self._db, (number,)):
                self._stored[number] = self._entries[number] = entry
        return self._entries[number]

    def story(self, lead: int) -> list[Entry]:
        """The entries of a story, the one that leads first."""
        if lead not in self._tellers:
            for entry in stories.members(self._db, (lead,)).get(lead, ()):
                self._stored.setdefault(entry.number, entry)
                self._entries.setdefault(entry.number, entry)
            self._tellers[lead] = sorted(one.number for one in self._entries.values() if one.lead == lead)
        return [self._entries[number] for number in self._tellers[lead]]

    def parted_from(self, lead: int) -> list[Entry]:
        """The entries of the stories that an operator took out of this one, or it out of them."""
        if self._apart is None:
            self._apart = stories.apart(self._db)
        leads = sorted(one for pair in self._apart if lead in pair for one in pair - {lead})
        return [entry for other in leads for entry in self.story(other)]

    def taken_down(self, number: int) -> bool:
        """Whether an operator took this very entry down: then it lends its text to none."""
        if self._down is None:
            self._down = retractions.numbers(self._db)
        return number in self._down

    def texts(self, number: int) -> list[str]:
        """All texts of its own that an entry has or had."""
        entry = self.get(number)
        former = [one.text for one in stories.revisions(self._db, number)]
        noted = [text for revised, text, _ in self._revisions if revised == number]
        return [entry.text if entry.own is None else entry.own, *former, *noted]

    def met(self) -> Iterable[int]:
        """The numbers of the entries of the store that are in this book."""
        return self._stored.keys()

    def add(self, article: Article, fingerprint: Fingerprint, *, place: int | None = None) -> int:
        """A new entry; its number. A text that another outlet's entry has already makes an id with the outlet in it."""
        self.last += 1
        digest, known = fingerprint.digest, fingerprint in self._numbers
        while True:
            if known:
                digest = hashlib.sha256(digest + f"{article.source} {article.link}".encode()).digest()
            entry = entries.entry_of(
                article, digest, number=self.last, place=place, authority=self._authority, now=self._now
            )
            if not (known and self._has_key(entry.key)):  # it has one whose copy an operator took out of the story
                break
        self._entries[self.last] = entry
        self._news.came(entry)
        self.name(fingerprint, self.last)
        return self.last

    def name(self, fingerprint: Fingerprint, number: int) -> None:
        """Let texts with this fingerprint belong to an entry, if they belong to none so far."""
        if fingerprint not in self._numbers:
            self._numbers[fingerprint] = number
            self._names.append((fingerprint, number))

    def fill(self, number: int, article: Article, fields: Sequence[str]) -> None:
        """Set what an entry lacked and a later sighting states. `updated` stays: the text is the same."""
        values = {name: getattr(article, name) for name in fields}
        if "title" in values:
            values["title_derived"] = False
        self.put(replace(self.get(number), **values))

    def sketch(self, row: Row) -> None:
        """Let an entry be found by a sketch."""
        self._sketches.append(row)

    def join(self, join: Join) -> None:
        """Let an entry belong to the story of another, if it leads none of its own."""
        lead = self.get(join.to).lead
        tellers = self.story(lead)  # as they are without it
        if all(entry.number != join.entry for entry in tellers):
            self._tellers[lead].append(join.entry)
        self.put(replace(self.get(join.entry), story=lead))
        self._joins.append(join)

    def revise(self, number: int, text: str, evidence: str) -> None:
        """Give an entry another text of its own, keep the one it had, and light it up: readers shall see it again.

        Where it shows the fuller text of another telling, that stays.
        """
        entry = self.get(number)
        if entry.own is not None:
            self._revisions.append((number, entry.own, evidence))
            self.put(replace(entry, own=text))
            return
        self._revisions.append((number, entry.text, evidence))
        self.put(replace(entry, text=text, updated=self.later(entry)))

    def show(self, number: int, text: str | None, evidence: str) -> None:
        """Let an entry show the fuller text of another telling of its story; None: its own again."""
        entry = self.get(number)
        own = entry.own if entry.own is not None else entry.text
        shown = own if text is None else text
        self._revisions.append((number, entry.text, evidence))
        kept = None if text is None else own
        self.put(replace(entry, text=shown, own=kept, updated=self.later(entry)))

    def put(self, entry: Entry) -> None:
        """An entry as it is from now on."""
        self._news.changed(self.get(entry.number), entry)
        self._entries[entry.number] = entry

    def write(self) -> tuple[int, ...]:
        """Put it all into the store, and into the full-text index; the numbers of the entries that were indexed."""
        changed = [(old, new) for number, old in self._stored.items() if (new := self._entries[number]) is not old]
        indexed = [new.number for old, new in changed if _indexed(old) != _indexed(new)]
        made = [entry for number, entry in self._entries.items() if number not in self._stored]
        topics_before = channels.of_topics(self._db, (new.number for _, new in changed))
        entries.unindex(self._db, indexed)  # before they change, since FTS5 needs what it indexed
        entries.update(self._db, [new for _, new in changed])
        entries.insert(self._db, made)
        tallies.count_entries(self._db, made, changed)
        entries.name(self._db, self._names)
        sketches.add(self._db, self._sketches)
        stories.add_joins(self._db, self._joins, self._now)
        stories.add_revisions(self._db, self._revisions, self._now)
        everything = (*indexed, *(entry.number for entry in made))
        entries.index(self._db, everything)
        topics.assign(self._db, everything)  # topics: whatever was just indexed
        announce(self._db, self._news, [*made, *(new for _, new in changed)], topics_before, replayed=self._replayed)
        return everything

    def _has_key(self, key: str) -> bool:
        return any(one.key == key for one in self._entries.values()) or entries.get(self._db, key) is not None

    def later(self, entry: Entry) -> datetime:
        """When its text changed, if it does now."""
        return max(self._now, entry.updated + _LEAST)


def _indexed(entry: Entry) -> tuple[str, str, str | None]:
    return entry.title, entry.text, entry.source
