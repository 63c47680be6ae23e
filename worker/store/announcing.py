"""Announcing: which channels tell of entries that have just been stored or changed, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlite_utils import Database

from worker.model import Entry
from worker.store import channels, entries, retractions, turns
from worker.store.channels import WIRE


class _Told(NamedTuple):
    """An entry is to be told: it is new, or lit up again."""

    entry: Entry  #: as it was then


class _Moved(NamedTuple):
    """An entry names another source than before."""

    old: Entry
    new: Entry


@dataclass(slots=True, kw_only=True)
class News:
    """What happened to the entries of a portion, in the order in which it did: however much one transaction takes in,
    channels tell it alike.
    """

    happened: list[_Told | _Moved] = field(default_factory=list)
    past: set[int] = field(default_factory=set)  #: new entries that are of the past
    lead: list[int] = field(default_factory=list)  #: entries that lead now, and did not before
    before: list[Entry] = field(default_factory=list)  #: all that changed, as they were

    def came(self, entry: Entry) -> None:
        """A new entry. One whose place in ingest order is not behind all others is of the past."""
        self.happened.append(_Told(entry))
        if entry.place is not None and entry.place < entry.number:
            self.past.add(entry.number)

    def changed(self, old: Entry, new: Entry) -> None:
        """An entry is otherwise."""
        self.before.append(old)
        if (old.source, old.link) != (new.source, new.link):
            self.happened.append(_Moved(old, new))
        if new.updated > old.updated:
            self.happened.append(_Told(new))
        elif new.leads and not old.leads:
            self.lead.append(new.number)


def announce(
    db: Database, news: News, touched: Sequence[Entry], topics_before: set[tuple[int, int]], *, replayed: bool
) -> None:
    """Give entries their turns, and let all documents that tell of any of them be written again.

    `touched`: all that are new or changed, as they are now; `topics_before`: of the changed ones. What was replayed
    is told as of the past, unless its text is another now.
    """
    if not touched:
        return
    leads = {entry.number for entry in touched if entry.leads}
    topics = channels.of_topics(db, leads)
    by_entry: dict[int, list[int]] = {}
    for number, channel in sorted(topics):
        by_entry.setdefault(number, []).append(channel)

    def everywhere(numbers: Iterable[int]) -> list[tuple[int, int]]:
        """In the wire, and in topics."""
        led = (number for number in numbers if number in leads)
        return [(channel, number) for number in led for channel in (WIRE, *by_entry.get(number, ()))]

    told = list(dict.fromkeys(one.entry.number for one in news.happened if isinstance(one, _Told)))
    again = [one.entry.number for one in news.happened if isinstance(one, _Told)]
    new_leads = [number for number in dict.fromkeys(news.lead) if number not in told]
    gained = sorted((channel, number) for number, channel in topics - topics_before)
    turns.add_before(db, everywhere(number for number in told if number in news.past))
    turns.add(db, everywhere(number for number in again if number not in news.past))
    turns.add(db, everywhere(new_leads))
    turns.add(db, [pair for pair in gained if pair[1] not in {*told, *new_leads}])
    _tell_in_sources(db, news, quietly=replayed)
    _soil(db, [*touched, *news.before])
    led = {entry.number for entry in news.before if entry.leads}
    soil(db, (number for number in led - leads if retractions.over(db, number)))  # found to tell what was taken down


def announce_topics(db: Database, numbers: Iterable[int], before: set[tuple[int, int]]) -> None:
    """Give entries that topics have just found in the archive their turns there, in ingest order."""
    gained = channels.of_topics(db, numbers) - before
    found = {entry.number: entry for entry in entries.numbered(db, {number for number, _ in gained})}
    told = [(channel, number) for number, channel in gained if found[number].leads]
    turns.add(db, sorted(told, key=lambda pair: (pair[0], found[pair[1]].place or pair[1], pair[1])))


def soil(db: Database, numbers: Iterable[int]) -> None:
    """Let all documents that tell any of these entries be written again, closed ones as well: the heads of every
    channel where one has a turn, and the archive documents that hold one.
    """
    for number in sorted(set(numbers)):
        for channel in turns.channels_of(db, number):
            channels.soil(db, (channel,))
            for archive in turns.holding(db, channel, number):
                channels.soil(db, (channel,), archive.number)


def tell_again(db: Database, numbers: Iterable[int]) -> None:
    """Give entries a turn behind all others in every channel that has told them and where readers see them."""
    for number in sorted(set(numbers)):
        told = turns.channels_of(db, number)
        turns.add(db, [(channel, number) for channel in told if turns.seen(db, channel, (number,))])


def _tell_in_sources(db: Database, news: News, *, quietly: bool) -> None:
    """Each source has all that it told. What names another source than before goes over to that."""
    stretch: list[Entry] = []
    for one in news.happened:
        if isinstance(one, _Told):
            stretch.append(one.entry)
            continue
        _tell(db, stretch, news.past)
        stretch = []
        number = one.new.number
        before, after = (channels.of_sources(db, [entry]).get(number) for entry in one)
        if before == after:
            continue
        if before is not None:
            turns.remove(db, [(before, number)])
            channels.soil(db, (before,))
        if after is not None:
            (turns.add_before if quietly else turns.add)(db, [(after, number)])
    _tell(db, stretch, news.past)


def _tell(db: Database, stretch: Sequence[Entry], past: set[int]) -> None:
    sources = channels.of_sources(db, stretch)
    pairs = [(sources[entry.number], entry.number) for entry in stretch if entry.number in sources]
    turns.add_before(db, [pair for pair in pairs if pair[1] in past])
    turns.add(db, [pair for pair in pairs if pair[1] not in past])


def _soil(db: Database, touched: Sequence[Entry]) -> None:
    """The documents that show any of these, or name it beside the entry that leads its story."""
    leads = {entry.lead for entry in touched}
    shown = [*touched, *entries.numbered(db, leads - {entry.number for entry in touched})]
    topics = {channel for _, channel in channels.of_topics(db, leads)}
    channels.soil(db, {WIRE, *topics, *channels.of_sources(db, shown, known=True).values()})
