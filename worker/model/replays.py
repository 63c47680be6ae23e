"""How the archive differs when it is read again under today's recipes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from worker.model.entries import Entry


class Difference(StrEnum):
    """What is otherwise than it was."""

    GAINED = "gained"  #: an article that no entry had: a new entry
    SIGHTED = "sighted"  #: an article that was not found here before, of an entry that is known from elsewhere
    LOST = "lost"  #: an article that is no longer found here; its entry stays
    MERGED = "merged"  #: its text is now that of another entry, to which this sighting goes over
    TEXT = "text"  #: it begins or ends elsewhere, or holds other lines: `updated` moves
    FORM = "form"  #: the same words in other paragraphs or punctuation: `updated` stays
    TITLE = "title"
    DATE = "date"
    SOURCE = "source"
    LINK = "link"
    JOINED = "joined"  #: it tells the same as an entry that came before, of whose story it is now
    PARTED = "parted"  #: it tells something else than the entry that it was joined to


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference, in one entry."""

    what: Difference
    entry: int  #: number
    key: str
    title: str  #: of the entry as it was, or as it is if it is new
    before: str | None = None
    after: str | None = None
    applied: bool = True  #: False where a law keeps the entry as it was: a stated date never moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A page that is otherwise than it was."""

    path: str
    page: int
    changes: tuple[Change, ...]
    otherwise: bool = True  #: not only dates would differ that stay, as they did when the page was last read


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """An entry of the feed that readers would show as unread."""

    entry: Entry
    new: bool  #: to the feed; else its `updated` has moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How many entries a mailbox would be told of in its next digest: as things are, and after the replay."""

    email: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What readers would see of a replay, and what no page would show any more."""

    feed: tuple[Lit, ...]
    mails: tuple[Due, ...]  #: that would tell of another number of entries
    unseen: tuple[Entry, ...]
