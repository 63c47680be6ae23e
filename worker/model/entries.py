"""What the store remembers of articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.model.articles import StatedDate
from worker.model.stories import Likeness


class Outcome(StrEnum):
    """How an article piece ended."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REVISION = "revision"
    REPRINT = "reprint"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as published (RFC 4287 section 4.1.2)."""

    number: int  #: place in ingest order, from 1, never reused
    key: str  #: short name in URLs and commands
    uri: str  #: atom:id, a tag URI (RFC 4151); never changes
    title: str
    title_derived: bool
    published: StatedDate | None
    source: str | None
    language: str | None
    link: str | None
    text: str
    stored: datetime  #: when it was first read
    updated: datetime  #: when its text last really changed
    #: Found by a replay, on a page that came in right before the entry with this number: there it counts in ingest
    #: order, so that whoever was told of anything newer than its page is not told of it as if it were news.
    place: int | None = None
    #: The number of the entry that leads the story which this one belongs to; none where it leads itself.
    story: int | None = None
    #: Its own text, where it shows the fuller one of another telling of its story.
    own: str | None = None

    @property
    def leads(self) -> bool:
        """Whether readers get it as an entry of feeds and digests; else it is named in the one that leads."""
        return self.story is None

    @property
    def lead(self) -> int:
        """The number of the entry that leads its story, which names the story."""
        return self.number if self.story is None else self.story


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An entry whose sketch has grams in common with an article's."""

    entry: Entry
    shared: int  #: of the grams
    of: int  #: that the smaller sketch has at the density of both
    rare: int = 0  #: of the shared ones, those that hardly any other story has
    beside: bool = False  #: it stands on the same page as the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What an article is to what is stored already, and why."""

    outcome: Outcome
    entry: int | None  #: the number of the entry it belongs to; none where it becomes a new one
    evidence: str
    fills: tuple[str, ...] = ()  #: fields of that entry that it states and the entry lacked
    to: int | None = None  #: of a reprint: the number of the entry that it was found to tell the same as
    likeness: Likeness | None = None  #: of a revision or a reprint, where the texts are not the same
