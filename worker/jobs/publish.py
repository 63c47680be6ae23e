"""publish(): entries → the documents of every channel that has something new.

What has to be written is kept in the store, so that a publish costs what changed. An archive document is written once,
and again only when something in it was taken down, or when the public folder has lost it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlite_utils import Database

from worker.errors import FeedRefused
from worker.jobs.archiving import close_all
from worker.jobs.renewing import bury, renew
from worker.model import Channel, ChannelKind, Document, Press
from worker.outlet import publish as feeds
from worker.store import channels, lags, presses, retractions, stories, turns
from worker.store.channels import HEAD, WIRE, Stale
from worker.store.database import snapshot, transaction
from worker.store.turns import Archive, Turn

#: So long a feed tells that an entry was taken down.
_TOMBSTONE = timedelta(days=30)


@dataclass(slots=True, kw_only=True)
class Published:
    """What a publish came to."""

    changed: list[str] = field(default_factory=list)  #: paths of documents, below the public folder
    channels: list[Channel] = field(default_factory=list)  #: whose head changed
    refused: list[str] = field(default_factory=list)  #: why documents were not written: the last good ones stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """Where documents are written, how, and who is told."""

    public: Path
    press: Press
    now: datetime
    stopping: Callable[[], bool] = lambda: False
    #: Called with the paths of heads that changed, in the transaction that notes it.
    told: Callable[[Database, Sequence[str]], object] = lambda _db, _paths: None


def publish(db: Database, pressing: Pressing) -> Published:
    """Write the documents that say something new. One caller at a time (the publish lock).

    One that fails its check is not written, and waits; the others are. Raises PublishError where none can be written.
    """
    done = Published()
    renew(db, pressing.press)
    bury(db, pressing.now - _TOMBSTONE)
    begun, refused = monotonic(), set[int]()
    for channel, stale in _in_turn(db, refused):
        if pressing.stopping():
            return done
        passed = timedelta(seconds=int(monotonic() - begun))
        now = replace(pressing, now=pressing.now + passed)
        try:
            if stale is None:
                _channel(db, now, channel, done)
            else:
                _once_more(db, now, channel, stale, done)
        except FeedRefused as reason:
            refused.add(channel.number)
            done.refused.append(str(reason))
    _list(db, pressing, done)
    return done


def _in_turn(db: Database, refused: Set[int]) -> Iterator[tuple[Channel, Stale | None]]:
    """The channels that have something new, and then archive documents that have to be written once more: after other
    settings they are many, and none of them holds news. Whatever comes in meanwhile, the wire waits for none of them.
    """
    (wire,) = channels.numbered(db, (WIRE,))
    for channel in channels.stale(db):
        if _waits(db, refused):
            yield wire, None
        if channel != wire:
            yield channel, None
    for channel in channels.stale(db):
        for stale in channels.stale_of(db, channel.number):
            if _waits(db, refused):
                yield wire, None
            if stale.archive != HEAD:
                yield channel, stale


def _waits(db: Database, refused: Set[int]) -> bool:
    return WIRE not in refused and any(one.archive == HEAD for one in channels.stale_of(db, WIRE))


def _once_more(db: Database, pressing: Pressing, channel: Channel, stale: Stale, done: Published) -> None:
    if lost := turns.archive(db, channel.number, stale.archive):
        done.changed += _archive(db, pressing, channel, lost, anew=stale.anew)
    with transaction(db):
        channels.clean(db, channel.number, (stale,))


def _list(db: Database, pressing: Pressing, done: Published) -> None:
    """Write the list of all feeds, where there are others than it has."""
    which = channels.which(db)
    if presses.get(db).listed == which and (pressing.public / feeds.OPML).exists():
        return
    if feeds.publish_opml(pressing.public, pressing.press, channels.every(db), now=pressing.now):
        done.changed.append(feeds.OPML)
    with transaction(db):
        presses.keep(db, replace(presses.get(db), listed=which))


def _channel(db: Database, pressing: Pressing, channel: Channel, done: Published) -> None:
    """The archive documents of a channel before its head: every entry is in one of them at every moment. Only where
    there is no head yet, readers need not wait for thousands of them.
    """
    if channel.kind is not ChannelKind.SOURCE:
        close_all(db, channel.number, pressing.press, pressing.stopping)
        if pressing.stopping():
            return
    new = turns.archives(db, channel.number, written=False)
    if new and not (pressing.public / channel.folder / "feed.atom").exists():
        _head(db, pressing, channel, done, early=True)
    for archive in new:
        if pressing.stopping():
            return
        if not (pressing.public / channel.folder / f"archive/{archive.number}.atom").exists():  # else before a crash
            done.changed += _archive(db, pressing, channel, archive)
        with transaction(db):
            turns.note_written(db, channel.number, archive.number, pressing.now)
    _head(db, pressing, channel, done)


def _archive(
    db: Database, pressing: Pressing, channel: Channel, archive: Archive, *, anew: bool = True
) -> tuple[str, ...]:
    with snapshot(db):
        told = turns.within(db, channel.number, archive.first, archive.last)
        document = replace(
            _document(db, channel, told),
            archive=archive.number,
            previous=archive.number - 1 or None,
            retracted=retractions.within(db, channel.number, archive.first, archive.last),
        )
    return feeds.publish(pressing.public, pressing.press, document, now=pressing.now, anew=anew)


def _head(db: Database, pressing: Pressing, channel: Channel, done: Published, *, early: bool = False) -> None:
    """`early`: the channel stays as it is, since its archive documents have yet to be written."""
    with snapshot(db):
        stale = [one for one in channels.stale_of(db, channel.number) if one.archive == HEAD]
        required, told = _told(db, channel, pressing.press.size)
        document = replace(
            _document(db, channel, told),
            required=required,
            previous=turns.last_archive(db, channel.number) or None,
            retracted=retractions.told(db, channel.number, pressing.now - _TOMBSTONE),
        )
    anew = any(one.anew for one in stale)
    changed = feeds.publish(pressing.public, pressing.press, document, now=pressing.now, anew=anew)
    with transaction(db):
        if not early:
            channels.clean(db, channel.number, stale)
        if channel.number == WIRE:
            _note_lags(db, told, pressing.now)
        if changed:
            pressing.told(db, changed)
    done.changed += changed
    if changed:
        done.channels.append(channel)


def _told(db: Database, channel: Channel, size: int) -> tuple[int, list[Turn]]:
    """How many entries stand in no archive document, and the turns of a head: those and the newest others."""
    if channel.kind is ChannelKind.SOURCE:
        return 0, turns.newest(db, channel.number, size)
    _, waiting = turns.open_turns(db, channel.number)
    open_ = turns.within(db, channel.number, waiting[0].turn, waiting[-1].turn) if waiting else []
    if len(open_) >= size:
        return len(open_), open_
    known = {turn.entry for turn in open_}
    before = waiting[0].turn if waiting else None
    others = turns.newest(db, channel.number, size, before=before)
    return len(open_), [*open_, *(turn for turn in others if turn.entry not in known)][:size]


def _document(db: Database, channel: Channel, told: list[Turn]) -> Document:
    entries = turns.told(db, told)
    return Document(
        channel=channel,
        entries=entries,
        revised=stories.revised(db, [entry.number for entry in entries]),
        also=stories.also(db, [entry.number for entry in entries if entry.leads]),
        leads=stories.leads(db, [entry for entry in entries if not entry.leads]),
    )


def _note_lags(db: Database, told: list[Turn], now: datetime) -> None:
    """How long what is new took from its dump to the feed."""
    pressed, newest = presses.get(db), max((turn.turn for turn in told), default=0)
    if pressed.told is not None and newest > pressed.told:
        lags.note(db, [turn.entry for turn in told if turn.turn > pressed.told], now)
    if pressed.told != newest:
        presses.keep(db, replace(pressed, told=newest))
