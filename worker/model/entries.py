"""What the store remembers of articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.model.articles import StatedDate


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What an article is to what is stored already, and why."""

    outcome: Outcome
    entry: int | None  #: the number of the entry it belongs to; none where it is new
    evidence: str
    fills: tuple[str, ...] = ()  #: fields of that entry that it states and the entry lacked
