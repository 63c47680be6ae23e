"""The entries that one portion of articles meets, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from worker.model import Article, Entry, Fingerprint
from worker.store import entries


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
    ) -> None:
        self._db, self._authority, self._now = db, authority, now
        met = entries.by_fingerprint(db, fingerprints)
        self._numbers = {fingerprint: entry.number for fingerprint, entry in met.items()}
        self._stored = {entry.number: entry for entry in (*met.values(), *entries.numbered(db, numbers))}
        self._entries = dict(self._stored)
        self._last = entries.last_given(db)
        self._names: list[tuple[Fingerprint, int]] = []

    def find(self, fingerprint: Fingerprint) -> list[Entry]:
        """The entries that a text with this fingerprint belongs to: one or none."""
        number = self._numbers.get(fingerprint)
        return [] if number is None else [self._entries[number]]

    def get(self, number: int) -> Entry:
        """An entry that was met, as it is now."""
        return self._entries[number]

    def met(self) -> Iterable[int]:
        """The numbers of the entries of the store that are in this book."""
        return self._stored.keys()

    def add(self, article: Article, fingerprint: Fingerprint, *, place: int | None = None) -> int:
        """A new entry; its number."""
        self._last += 1
        self._entries[self._last] = entries.entry_of(
            article, fingerprint, number=self._last, place=place, authority=self._authority, now=self._now
        )
        self.name(fingerprint, self._last)
        return self._last

    def name(self, fingerprint: Fingerprint, number: int) -> None:
        """Let texts with this fingerprint belong to an entry, if they belong to none so far."""
        if fingerprint not in self._numbers:
            self._numbers[fingerprint] = number
            self._names.append((fingerprint, number))

    def fill(self, fingerprint: Fingerprint, article: Article, fields: Sequence[str]) -> None:
        """Set what an entry lacked and a later sighting states. `updated` stays: the text is the same."""
        values = {name: getattr(article, name) for name in fields}
        if "title" in values:
            values["title_derived"] = False
        self.put(replace(self._entries[self._numbers[fingerprint]], **values))

    def put(self, entry: Entry) -> None:
        """An entry as it is from now on."""
        self._entries[entry.number] = entry

    def write(self) -> None:
        """Put it all into the store, and into the full-text index."""
        changed = [(old, new) for number, old in self._stored.items() if (new := self._entries[number]) is not old]
        indexed = [new.number for old, new in changed if _indexed(old) != _indexed(new)]
        made = [entry for number, entry in self._entries.items() if number not in self._stored]
        entries.unindex(self._db, indexed)  # before they change, since FTS5 needs what it indexed
        entries.update(self._db, [new for _, new in changed])
        entries.insert(self._db, made)
        entries.name(self._db, self._names)
        entries.index(self._db, (*indexed, *(entry.number for entry in made)))


def _indexed(entry: Entry) -> tuple[str, str, str | None]:
    return entry.title, entry.text, entry.source
