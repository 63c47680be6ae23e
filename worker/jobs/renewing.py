"""What makes documents be written again although no entry is otherwise: other settings, time, and lost files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from worker import __version__
from worker.model import Channel, ChannelKind, Press
from worker.outlet import publish as feeds
from worker.store import channels, presses, retractions, turns
from worker.store.database import transaction

#: Of what archive documents look like. Another version of the program is no reason to change what never changes.
_ARCHIVE_RECIPE = 1


def renew(db: Database, press: Press) -> None:
    """Let all documents be written again that were written with other settings."""
    pressed = presses.get(db)
    same = (press.title, press.base_url, press.authority, str(press.zone), press.summary, press.hubs)
    archives = repr((_ARCHIVE_RECIPE, *same))
    heads = repr((__version__, *same, press.size, press.bytes))
    if (heads, archives) == (pressed.heads, pressed.archives):
        return
    with transaction(db):
        changed = pressed.archives is not None and archives != pressed.archives
        for channel in channels.every(db):
            channels.soil(db, (channel.number,), anew=changed)
            for number in range(1, turns.last_archive(db, channel.number) + 1) if changed else ():
                channels.soil(db, (channel.number,), number, anew=True)
        presses.keep(db, replace(presses.get(db), heads=heads, archives=archives, listed=None))


def bury(db: Database, before: datetime) -> None:
    """Let feeds no longer tell of what was taken down before a moment."""
    pressed = presses.get(db)
    if gone := retractions.between(db, pressed.buried, before):
        with transaction(db):
            for entry in gone:
                channels.soil(db, turns.channels_of(db, entry))
            presses.keep(db, replace(presses.get(db), buried=before))


def look_after(db: Database, public: Path) -> None:
    """Let documents be written again that the public folder has lost, and remove those of channels that are no more."""
    known = channels.every(db)
    missing = [
        channel.number
        for channel in known
        if not all((public / channel.folder / name).exists() for name in feeds.HEADS)
    ]
    lost = [(channel.number, number) for channel in known for number in _lost(db, public, channel)]
    if missing or lost:
        with transaction(db):
            channels.soil(db, missing)
            for channel_number, archive in lost:
                channels.soil(db, (channel_number,), archive)
    folders = {public / channel.folder for channel in known}
    for kind in (ChannelKind.TOPIC, ChannelKind.SOURCE):
        parent = public / f"{kind.value}s"
        for folder in parent.iterdir() if parent.is_dir() else ():
            if folder not in folders:
                feeds.clear(folder)


def _lost(db: Database, public: Path, channel: Channel) -> Iterator[int]:
    """The archive documents of a channel that were written and are not there. Those that are there and are none of its
    go: another store left them, or a channel that had the name before.
    """
    folder = public / channel.folder / "archive"
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set[str]()
    last = turns.last_archive(db, channel.number)
    for name in there - {f"{number}.atom" for number in range(1, last + 1)}:
        (folder / name).unlink(missing_ok=True)
        there.remove(name)
    written = turns.archives(db, channel.number, written=True) if len(there) < last else []
    return (one.number for one in written if f"{one.number}.atom" not in there)
