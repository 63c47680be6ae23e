"""What is told to others over HTTP: to hubs of WebSub and to webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from worker.model.mail import Reply


class CallKind(StrEnum):
    """What a call tells."""

    PING = "ping"  #: a hub: that a feed has changed
    ENTRY = "entry"  #: a webhook: a new entry


class CallState(StrEnum):
    """How far a call has come."""

    QUEUED = "queued"
    SENT = "sent"
    DEFERRED = "deferred"  #: no good answer yet; tried again
    FAILED = "failed"  #: refused for good, or not answered well for too long
    DROPPED = "dropped"  #: nobody wants it any more: its webhook is gone, or its entry was taken down


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Who wants to be told of each new entry."""

    url: str
    secret: str = field(repr=False)  #: what calls are signed with, as it stands in the settings
    topics: tuple[str, ...] = ()  #: slugs; none: all entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something that is told to somebody, the same at every try."""

    number: int
    kind: CallKind
    url: str  #: whom it is told
    subject: str  #: the address of a feed, or the id of an entry
    body: bytes = field(repr=False)  #: empty of a ping, and of what is settled
    asked: int  #: of a ping: how often it was wanted since the feed last was told of
    state: CallState
    tries: int
    failing: datetime | None  #: since when its tries have failed
    next_try: datetime
    reply: Reply | None
    created: datetime
    changed: datetime

    @property
    def to(self) -> str:
        """Whom it is told, fit to be shown: an address may hold a password or a token."""
        return shown(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Reply):
    """What the other side said; code 0, and our own words, where it said nothing that can be used."""

    wait: timedelta | None = None  #: how long it wants to be left alone (Retry-After)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Somebody we call, and whether that works: for `status`."""

    url: str
    waiting: int  #: calls that are not settled
    failures: int  #: in a row
    failing: datetime | None  #: since when
    rests: datetime | None  #: is left alone until then
    stopped: str | None  #: why a webhook is called no more
    cursor: int | None  #: of a webhook: the last place in ingest order that it has been given

    @property
    def to(self) -> str:
        """The address, fit to be shown."""
        return shown(self.url)


def shown(url: str) -> str:
    """An address without what may be secret in it: user, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "…"
    host = parts.netloc.rpartition("@")[2]
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    return f"{scheme}{host}{parts.path}{'?…' if parts.query else ''}"
