"""What a feed tells, whatever format it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from worker.model.entries import Entry
from worker.model.stories import Also


class ChannelKind(StrEnum):
    """What a channel gathers."""

    WIRE = "wire"  #: every story
    TOPIC = "topic"  #: the stories that a saved search finds
    SOURCE = "source"  #: all that one source tells, also where another told it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What one may subscribe to: it has a page, and feeds."""

    number: int
    kind: ChannelKind
    slug: str  #: its name in addresses; empty for the wire
    name: str  #: empty for the wire, which has the title of the site
    named: str = ""  #: the slug that it began with, where that was another: its feeds' id hangs on it

    @property
    def folder(self) -> str:
        """Where its documents lie, below the base URL and below `public/`: "", "topics/roads/", "sources/…/"."""
        return f"{self.kind.value}s/{self.slug}/" if self.slug else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """That an entry was taken down."""

    number: int  #: of the entry
    uri: str  #: its id
    key: str
    reason: str
    made: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a channel: its head, or one of its archive documents (RFC 5005 section 4)."""

    channel: Channel
    entries: tuple[Entry, ...]  #: in the order in which they are told: the newest turn first
    also: Mapping[int, tuple[Also, ...]] = field(default_factory=dict)  #: who else tells, by the number of an entry
    leads: Mapping[int, tuple[str, str]] = field(
        default_factory=dict
    )  #: id and key of who leads, by the number of another
    revised: Mapping[int, datetime] = field(default_factory=dict)  #: when entries last got another text
    retracted: tuple[Retraction, ...] = ()  #: told as deleted (RFC 6721)
    archive: int | None = None  #: the number of the archive document; None: the head
    previous: int | None = None  #: the number of the archive document before it
    required: int = 0  #: of a head: how many of the first entries stand in no archive document, and must be in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """How documents are written: settings, and nothing of the channel."""

    title: str  #: of the site
    base_url: str  #: without a slash at its end
    authority: str  #: of tag URIs (RFC 4151)
    zone: tzinfo  #: of stated dates without an offset
    since: datetime  #: `updated` of a feed without entries
    size: int = 50  #: entries in a head
    bytes: int = 512 << 10  #: of a head at the most
    summary: bool = False  #: publish lead sentences only
    hubs: tuple[str, ...] = ()  #: of WebSub
    max_age: int = 60  #: seconds until a head may have changed
