"""People and their mail, and how the jobs go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.model.entries import Entry


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

    name: str  #: local date, UTC hour, or last entry number; of a notice, what it is about
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
    """A digest or a notice as it goes over the wire: the same bytes at every try (RFC 5322)."""

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
    subscription: int | None  #: none of a notice
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
