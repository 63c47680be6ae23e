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
    listed = channels.every(db)
    if feeds.publish_opml(pressing.public, pressing.press, listed, now=pressing.now):
        done.changed.append(feeds.OPML)
    with transaction(db):
        if channels.every(db) == listed:  # else one was renamed meanwhile
            presses.keep(db, replace(presses.get(db), listed=which))


def _channel(db: Database, pressing: Pressing, channel: Channel, done: Published) -> None:
    """The archive documents of a channel before its head: every entry is in one of them at every moment. Only where
    there is no head yet, readers need not wait for thousands of them.

    The head tells all up to the moment at which archive documents were closed; what comes later is for the next one.
    """
    stale = _stale_head(db, channel)
    upto = turns.last(db, channel.number)
    if channel.kind is not ChannelKind.SOURCE:
        close_all(db, channel.number, pressing.press, pressing.stopping)
        if pressing.stopping():
            return
    new = _begun(db, pressing.public, channel)
    if new and not (pressing.public / channel.folder / "feed.atom").exists():
        _head(db, pressing, channel, done, upto)
    for archive in new:
        if pressing.stopping():
            return
        if not _path(pressing.public, channel, archive.number).exists():  # else written before a crash: it is closed
            done.changed += _archive(db, pressing, channel, archive)
        with transaction(db):
            turns.note_written(db, channel.number, archive.number, pressing.now)
    _head(db, pressing, channel, done, upto, stale)


def _stale_head(db: Database, channel: Channel) -> list[Stale]:
    return [one for one in channels.stale_of(db, channel.number) if one.archive == HEAD]


def _begun(db: Database, public: Path, channel: Channel) -> list[Archive]:
    """The archive documents that have yet to be written. Files of another store or of a channel that had the name
    before are out of their way first.
    """
    found = turns.archives(db, channel.number, written=False)
    fresh = [archive for archive in found if not archive.begun]
    if fresh:
        feeds.withdraw(public, channel, [archive.number for archive in fresh])
        with transaction(db):
            turns.note_begun(db, channel.number)
    return found


def _path(public: Path, channel: Channel, archive: int) -> Path:
    return public / channel.folder / f"archive/{archive}.atom"


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


def _head(
    db: Database, pressing: Pressing, channel: Channel, done: Published, upto: int, stale: Sequence[Stale] = ()
) -> None:
    """Write the head of a channel, with turns up to one; `stale` is what is noted as done by that."""
    with snapshot(db):
        required, told = _told(db, channel, pressing.press.size, upto)
        document = replace(
            _document(db, channel, told),
            required=required,
            previous=turns.last_archive(db, channel.number) or None,
            retracted=retractions.told(db, channel.number, pressing.now - _TOMBSTONE),
        )
    anew = any(one.anew for one in stale)
    changed = feeds.publish(pressing.public, pressing.press, document, now=pressing.now, anew=anew)
    with transaction(db):
        channels.clean(db, channel.number, stale)
        if channel.number == WIRE:
            _note_lags(db, upto, pressing.now)
        if changed:
            pressing.told(db, changed)
    done.changed += changed
    if changed:
        done.channels.append(channel)


def _told(db: Database, channel: Channel, size: int, upto: int) -> tuple[int, list[Turn]]:
    """How many entries stand in no archive document, and the turns of a head: those and the newest others."""
    if channel.kind is ChannelKind.SOURCE:
        return 0, turns.newest(db, channel.number, size, before=upto + 1)
    _, waiting = turns.open_turns(db, channel.number)
    first = next((turn.turn for turn in waiting if turn.turn <= upto), upto + 1)
    open_ = turns.within(db, channel.number, first, upto)
    known = {turn.entry for turn in open_}
    others = turns.newest(db, channel.number, size, before=first)
    return len(open_), [*open_, *(turn for turn in others if turn.entry not in known)][: max(size, len(open_))]


def _document(db: Database, channel: Channel, told: list[Turn]) -> Document:
    entries = turns.told(db, told)
    return Document(
        channel=channel,
        entries=entries,
        revised=stories.revised(db, [entry.number for entry in entries]),
        also=stories.also(db, [entry.number for entry in entries if entry.leads]),
        leads=stories.leads(db, [entry for entry in entries if not entry.leads]),
    )


def _note_lags(db: Database, upto: int, now: datetime) -> None:
    """How long what is new took from its dump to the feed. What is told again has been there before."""
    pressed = presses.get(db)
    if pressed.told is not None and upto > pressed.told:
        lags.note(db, turns.first_told(db, WIRE, pressed.told, upto), now)
    if pressed.told is None or upto > pressed.told:
        presses.keep(db, replace(pressed, told=upto))
