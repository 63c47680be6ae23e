"""How sources speak, and when they stop: what an operator is told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from worker.model.entries import Entry


class Arrival(NamedTuple):
    """New articles of one source that one ingest read."""

    moment: datetime  #: when they were stored, whatever dates they state
    articles: int
    newest: int  #: number of the last entry among them


class Credit(NamedTuple):
    """What tells whose article an entry is."""

    source: str | None  #: as the page names it
    link: str | None
    path: str | None  #: of the dump it was first seen in; only where neither of the two is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who articles come from: named by pages, else a site's host, else a folder of the seeds directory."""

    key: str  #: its name, case folded
    name: str
    arrivals: tuple[Arrival, ...]  #: the oldest first, each moment once; as many as tell of its rhythm


#: The key of the source that is all sources together: when it is quiet, no single one is to blame.
EVERYTHING = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A stretch without an article of a source that is unusually long for it."""

    source: str  #: key
    name: str
    last: datetime  #: arrival of its last article
    newest: int  #: number of that entry
    usual_gap: timedelta  #: between its arrivals
    since: datetime  #: from when on it counts as quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A stretch in which nothing at all came in, and the operator was told."""

    began: datetime  #: the last arrival before it
    ended: datetime  #: the first arrival after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one mail to the operator tells: silences, each with the last entry before it, if it is still there."""

    silences: tuple[tuple[Silence, Entry | None], ...]
    recipient: str
    multiple: float  #: of the usual gap, as it is set
    folder: str  #: where dumps come in
    timezone: str  #: IANA name, of the times it states
