"""The nouns of seedwire. Everything here is a frozen value; nothing here acts.

What a page has thousands of is a NamedTuple, which is made five times faster than a frozen dataclass.

Instants are aware datetimes in UTC. What a page *states* is a StatedDate, which keeps the precision and
the offset that the page gave and promises no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import NamedTuple, Self

# ── What lies in the seeds directory ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a file saw; two equal looks, some time apart, make the file complete."""

    path: str  #: relative to the seeds directory, "/" between its parts
    size: int  #: bytes
    mtime_ns: int  #: modification time, nanoseconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that could not be read: what, and why, in the operator's words."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one walk over the seeds directory found."""

    ready: tuple[Look, ...]  #: complete, and new or changed since they were read; in path order
    growing: tuple[str, ...]  #: still being written; a later scan takes them
    failures: tuple[Failure, ...]
    seen: int  #: regular files that count as dumps, whether new or known


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """One file of the seeds directory, with its bytes."""

    look: Look
    checksum: bytes  #: SHA-256 of the bytes: the identity of the content, wherever it lies
    content: bytes


# ── What a dump holds ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The decoded text of a dump, or of one record of it."""

    number: int  #: from 1 within the dump
    text: str
    charset: str  #: IANA name
    charset_reason: str
    captured: date | None = None  #: the day the crawler states, where it does
    header: int = 0  #: characters at the start of `text` that the crawler wrote, not the site
    rejected: str | None = None  #: why nothing of this page can be read, if so


class Kind(StrEnum):
    """What a piece of a page is."""

    ARTICLE = "article"  #: the text of a news item, or its beginning
    CONTINUATION = "continuation"  #: more of the article before it, behind chrome that stands within it
    TITLE = "title"
    DATE = "date"
    SOURCE = "source"
    CHROME = "chrome"
    TEASER = "teaser"  #: a headline of a list whose text is not on this page
    REJECTED = "rejected"


class Piece(NamedTuple):
    """A span of a page and what it is. Pieces tile their page: none overlap, none leave a gap."""

    start: int  #: offset in characters of the page's text
    end: int
    kind: Kind
    reason: str


class Span(NamedTuple):
    """A stretch of a page's text without the white space around it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One article as segment marks it on the page: spans only, nothing read yet."""

    body: tuple[Span, ...]  #: its paragraphs in order
    title: Span | None = None
    date: Span | None = None
    source: Span | None = None
    evidence: str  #: why an article starts here


class Verdict(StrEnum):
    """What a page turned out to be."""

    ARTICLE = "article"
    LISTING = "listing"
    NO_ARTICLE = "no-article"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A page cut into pieces. Each cut begins at exactly one piece of kind article."""

    verdict: Verdict
    pieces: tuple[Piece, ...]
    cuts: tuple[Cut, ...]


# ── What a page states ──────────────────────────────────────────────────────────────────────────────


class Precision(StrEnum):
    """How finely a page states a date."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date as a page shows it: wall-clock time, its precision, and the offset only if it is given."""

    wall: datetime  #: naive
    precision: Precision
    offset: timedelta | None = None  #: from UTC, as stated

    def iso(self) -> str:
        """ISO 8601 as far as the page goes: a day alone stays a day alone."""
        if self.precision is Precision.DAY:
            return self.wall.date().isoformat()
        zone = None if self.offset is None else timezone(self.offset)
        spec = "minutes" if self.precision is Precision.MINUTE else "seconds"
        return self.wall.replace(tzinfo=zone).isoformat(timespec=spec)

    @classmethod
    def from_iso(cls, text: str) -> Self:
        """The inverse of `iso`. Raises ValueError for anything that `iso` does not write."""
        if len(text) == len("2026-01-31"):
            return cls(wall=datetime.fromisoformat(text), precision=Precision.DAY)
        moment = datetime.fromisoformat(text)
        minutes = len(text.removesuffix("Z")[:19]) < 19 or text[16] in "+-Z"
        return cls(
            wall=moment.replace(tzinfo=None),
            precision=Precision.MINUTE if minutes else Precision.SECOND,
            offset=moment.utcoffset(),
        )

    def instant(self, zone: tzinfo) -> datetime:
        """The moment in UTC; `zone` stands in where the page gives no offset, and a day is its midnight."""
        stated = timezone(self.offset) if self.offset is not None else zone
        return self.wall.replace(tzinfo=stated).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The text of one cut, fit for XML and without chrome. Only `clean` makes one."""

    cut: Cut
    text: str  #: paragraphs, a newline between them


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news item cut from a page. Only `describe` makes one, out of a Clean."""

    text: str
    title: str
    title_derived: bool  #: the page gives no title; this one is made from the lead sentence
    published: StatedDate | None
    source: str | None
    language: str | None  #: BCP 47
    link: str | None
    start: int  #: of its text on the page, in characters
    end: int
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The identity of a text under a numbered recipe."""

    recipe: int
    digest: bytes


# ── What the store remembers ────────────────────────────────────────────────────────────────────────


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What an article is to what is stored already, and why."""

    outcome: Outcome
    entry: int | None  #: the number of the entry it belongs to; none where it is new
    evidence: str
    fills: tuple[str, ...] = ()  #: fields of that entry that it states and the entry lacked


# ── People and their mail ───────────────────────────────────────────────────────────────────────────


class Frequency(StrEnum):
    """How often a digest is due."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one mailbox wants, when, and how far it has been served."""

    number: int
    email: str
    frequency: Frequency
    at: str  #: local time "HH:MM"; "" where the frequency has none
    weekday: int  #: Monday is 0; only for weekly
    timezone: str  #: IANA name
    language: str  #: of the frame, BCP 47
    plain: bool
    cursor: int  #: the last entry number it has been given
    served: str | None  #: name of the last occasion that was looked at, with or without a mail
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One due time of a subscription: its name never repeats, and at most one digest bears it."""

    name: str  #: local date, UTC hour, or last entry number
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one subscription gets for one occasion."""

    subscription: Subscription
    occasion: Occasion
    entries: tuple[Entry, ...]  #: newest first; at most as many as one mail shows
    total: int  #: how many there are to tell of
    upto: int  #: the cursor after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A digest as it goes over the wire: the same bytes at every try (RFC 5322)."""

    message_id: str  #: with its angle brackets
    sender: str  #: envelope, RFC 5321 reverse-path
    recipient: str
    content: bytes


class DeliveryState(StrEnum):
    """How far a message has come. Only DOT can leave us in doubt."""

    QUEUED = "queued"
    DOT = "dot"  #: the final dot may have been sent; no reply recorded
    SENT = "sent"
    DEFERRED = "deferred"  #: refused for now (4yz or no connection); tried again
    FAILED = "failed"  #: refused for good (5yz)
    HELD = "held"  #: nobody can say whether it arrived; an operator decides
    FOLDED = "folded"  #: surely not delivered and too late; its entries go into the next digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The receiving side's answer (RFC 5321 section 4.2), or our own words where it gave none."""

    code: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message in the outbox, and how far handing it over has come."""

    number: int
    subscription: int
    occasion: Occasion
    message: Message
    after: int  #: it tells of the entries behind this number …
    upto: int  #: … up to this one
    state: DeliveryState
    tries: int
    next_try: datetime
    reply: Reply | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """How a job last went."""

    job: str
    started: datetime | None
    succeeded: datetime | None
    error: str | None  #: of the last run, where it failed
