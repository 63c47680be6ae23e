"""Entries as lists show them: shortened, and with where each thing leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

from worker.model import Also, Entry, StatedDate, source_of
from worker.outlet.also import told
from worker.web.pages import addresses

#: Titles that nobody wrote for a list are cut; of the news of the test corpus, one in ten thousand is longer.
TITLE: Final = 240
NAME: Final = 80
_NAMED = 6  # who else tells a story
#: More than a title and a lead need, so that a text of a megabyte is not looked through for them.
_READ = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name that leads somewhere."""

    name: str
    path: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry in a list."""

    path: str
    title: str
    language: str | None
    source: Named | None
    published: StatedDate | None
    came: datetime  #: in the zone of the site
    entry: Entry  #: with the beginning of its text
    also: tuple[Named, ...]
    more: int  #: of those who tell it, too, but are not named


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What came in on one day."""

    date: datetime
    items: tuple[Item, ...]


def item(entry: Entry, came: datetime, also: Iterable[Also] = ()) -> Item:
    """An entry as a list shows it."""
    tellers = _tellers(also)
    return Item(
        path=addresses.entry(entry.key),
        title=_title(entry.title),
        language=entry.language,
        source=source(entry.source, entry.link),
        published=entry.published,
        came=came,
        entry=replace(entry, title=entry.title[:_READ], text=entry.text[:_READ]),
        also=tellers[:_NAMED],
        more=len(tellers[_NAMED:]),
    )


def items(
    entries: Iterable[Entry], moments: Mapping[int, datetime], also: Mapping[int, tuple[Also, ...]], zone: tzinfo
) -> list[Item]:
    """Entries as a list shows them, in the same order."""
    return [item(one, moments[one.number].astimezone(zone), also.get(one.number, ())) for one in entries]


def days(listed: Iterable[Item]) -> list[Day]:
    """Items by the day on which they came, in the order they have; a day that is interrupted goes on."""
    found: dict[object, list[Item]] = {}
    for one in listed:
        found.setdefault(one.came.date(), []).append(one)
    return [Day(date=together[0].came, items=tuple(together)) for together in found.values()]


def source(name: str | None, link: str | None) -> Named | None:
    """Who tells something, and the page of theirs."""
    named = source_of(name, link)
    return Named(name=named.name, path=addresses.source(named)) if named else None


def _tellers(also: Iterable[Also]) -> tuple[Named, ...]:
    """Each name once, leading to the first entry that it stands for."""
    found: dict[str, Named] = {}
    for one in also:
        name = told(one).name
        found.setdefault(name.casefold(), Named(name=name, path=addresses.entry(one.key)))
    return tuple(found.values())


def _title(title: str) -> str:
    return title[:_READ].strip() or "Untitled"
