"""Where an entry comes from, as its page shows it: sightings, earlier texts, and who else tells its story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Generic, TypeVar

from sqlite_utils import Database

from worker.model import Entry, Join, StatedDate
from worker.outlet.also import told
from worker.outlet.changes import Change, changes
from worker.store import histories, stories
from worker.store.database import take
from worker.store.histories import Seen
from worker.web.pages import addresses
from worker.web.pages.items import Named

#: Characters of changes that are shown, for each of the earlier texts.
_ROOM = 1200
#: What `describe` says of dates, and how readers would say it.
_WORDS = (
    (re.compile(r"\bdate line at \d+-\d+"), "a date line on the page"),
    (re.compile(r"\bthe heading at \d+"), "the heading above it"),
    (re.compile(r"\bno offset stated, (\S+) assumed"), r"no time zone stated, taken for \1"),
    (re.compile(r"\bno offset stated"), "no time zone stated"),
    (re.compile(r"\boffset as stated"), "time zone as stated"),
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """As many of a list as a page holds, and how many there are."""

    shown: tuple[T, ...]
    total: int

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One occurrence on a page."""

    seen: Seen
    read: datetime
    dated: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """How a text became the next one."""

    number: int
    replaced: datetime
    evidence: str
    changes: tuple[Change, ...]
    cut: bool  #: not all changes are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Another entry of the story, and why the two belong together."""

    name: str
    link: str | None
    entry: Named
    language: str | None
    published: StatedDate | None
    why: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry, join: Join | None) -> Teller:
        """An entry as another one names it."""
        known = told(entry)
        return cls(
            name=known.name,
            link=known.link,
            entry=Named(name=entry.title or "Untitled", path=addresses.entry(entry.key)),
            language=entry.language,
            published=entry.published,
            why=_why(join),
        )


def sightings(db: Database, entry: Entry, zone: tzinfo, most: int) -> Page[Sight]:
    """Where it was seen, the first sighting first."""
    found, total = histories.sightings(db, entry.number, most)
    shown = tuple(Sight(seen=one, read=take(one.stored).astimezone(zone), dated=_in_words(one.dated)) for one in found)
    return Page(shown=shown, total=total)


def revisions(db: Database, entry: Entry, zone: tzinfo, most: int) -> Page[Revised]:
    """Which texts it had, the last change first."""
    found, total = histories.revisions(db, entry.number, most)
    shown: list[Revised] = []
    after, room = entry.text, _ROOM * most
    for one in found:
        some, room = _fitting(list(changes(one.text, after)), room)
        shown.append(
            Revised(
                number=one.number,
                replaced=one.replaced.astimezone(zone),
                evidence=one.evidence,
                changes=some,
                cut=room < 0,
            )
        )
        after, room = one.text, max(room, 0)
    return Page(shown=tuple(shown), total=total)


def tellers(db: Database, entry: Entry, most: int) -> Page[Teller]:
    """Who else tells the story that it leads, in the order in which they came."""
    if not entry.leads:
        return Page(shown=(), total=0)
    found, total = histories.tellers(db, entry.number, most)
    return Page(shown=tuple(Teller.of(one, stories.join_of(db, one.number)) for one in found), total=total)


def by_reason(shown: Iterable[Teller]) -> list[tuple[tuple[str, ...], list[Teller]]]:
    """Tellers together for whom the same speaks, which is said once."""
    found: dict[tuple[str, ...], list[Teller]] = {}
    for one in shown:
        found.setdefault(one.why, []).append(one)
    return list(found.items())


def _in_words(dated: str | None) -> str | None:
    """What tells the date, for readers: offsets into a page are for whoever has the page before them."""
    for cryptic, words in _WORDS if dated else ():
        dated = cryptic.sub(words, dated or "")
    return dated


def _fitting(found: list[Change], room: int) -> tuple[tuple[Change, ...], int]:
    """As many changes as there is room for; what is left of it, below 0 where not all fit."""
    shown: list[Change] = []
    for one in found:
        size = sum(len(run.words) for run in one.runs)
        if size > room:
            return tuple(shown), -1
        shown.append(one)
        room -= size
    return tuple(shown), room


def _why(join: Join | None) -> tuple[str, ...]:
    if join is None:
        return ()
    like = join.likeness
    if like is None:
        return (join.evidence,)
    numbers = f"{like.words} words alike, of {like.mine} here and {like.other} there"
    differs = tuple(f"differs: {mine}, there {theirs}" for mine, theirs in like.differs[:3])
    return (join.evidence, numbers, *differs)
