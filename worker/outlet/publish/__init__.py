"""publish: documents of a channel → their bytes → files, checked before any is replaced, and only what changed.

    address    where a feed is found           text     what feeds may hold of texts
    items      entries, and what they weigh    sheet    which of them a document holds
    as_atom, as_rss, as_json, as_opml          how it is written
    check      whether it may be published     files    how it is put in place

No clock is read: the same documents give the same bytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from worker.errors import FeedRefused
from worker.model import Channel, ChannelKind, Document, Press
from worker.outlet.publish import as_atom, as_json, as_opml, as_rss
from worker.outlet.publish.address import Address, addressed
from worker.outlet.publish.check import Wanted, check
from worker.outlet.publish.files import remove, replace, stored
from worker.outlet.publish.items import MOST_NAMED, weight
from worker.outlet.publish.sheet import Sheet, sheet
from worker.outlet.wording import paragraphs

__all__ = [
    "HEADS",
    "MOST_NAMED",
    "OPML",
    "Address",
    "addressed",
    "atom",
    "clear",
    "json_feed",
    "opml",
    "paragraphs",
    "publish",
    "publish_opml",
    "replace",
    "rss",
    "weight",
    "withdraw",
]

#: The list of all feeds, below the public folder.
OPML: Final = "opml"
#: The formats of a head, in the folder of its channel.
HEADS: Final = ("feed.atom", "feed.rss", "feed.json")


def publish(directory: Path, press: Press, document: Document, *, now: datetime, anew: bool = False) -> tuple[str, ...]:
    """Write a document below `directory` in all its formats; the paths that changed, relative to it.

    A head is `feed.atom`, `feed.rss` and `feed.json` in the folder of its channel, an archive document
    `archive/<number>.atom`. `anew`: it is not held against the last good one, as that was written with other settings,
    which may have moved ids and dates. Raises FeedRefused, and leaves all as it is, where one breaks a rule, and
    PublishError where one cannot be written.
    """
    folder = document.channel.folder
    made = {folder + name: content for name, content in _made(press, document).items()}
    before = {name: content for name in made if (content := stored(directory / name)) is not None}
    if made == before:
        return ()
    archive = document.archive is not None
    required = document.entries if archive else document.entries[: document.required]
    wanted = Wanted(
        required=[entry.uri for entry in required],
        bytes=None if archive else press.bytes,
        archive=archive,
        revised={
            entry.uri: document.revised[entry.number] for entry in document.entries if entry.number in document.revised
        },
    )
    if broken := check(made, {} if anew else before, wanted):
        path = directory / next(iter(made))
        raise FeedRefused(f"{path} is not published: {broken.what}; the last good one stays; {broken.cure}")
    return tuple(name for name, content in made.items() if replace(directory / name, content, now=now))


def publish_opml(directory: Path, press: Press, channels: Iterable[Channel], *, now: datetime) -> bool:
    """Write the list of all feeds; whether it changed. Raises PublishError where it cannot be written."""
    return replace(directory / OPML, opml(press, channels), now=now)


def withdraw(directory: Path, channel: Channel, archives: Iterable[int]) -> None:
    """Remove archive documents of a channel, as far as they are there. Raises PublishError where that fails."""
    remove(directory / channel.folder / "archive", (f"{number}.atom" for number in archives))


def clear(folder: Path) -> None:
    """Remove the documents of a channel that is no more, and nothing else. Raises PublishError where that fails."""
    archives = folder / "archive"
    remove(archives, (path.name for path in archives.glob("*.atom")))
    remove(folder, HEADS)
    for empty in (archives, folder):
        with contextlib.suppress(OSError):  # somebody else has put something there
            empty.rmdir()


# ── Their bytes ─────────────────────────────────────────────────────────────────────────────────────


def atom(press: Press, document: Document, address: Address | None = None) -> bytes:
    """The document in Atom; `address` where it is no document of a channel, such as a search."""
    return _atom(press, document.channel.kind, _sheet(press, document, address))


def rss(press: Press, document: Document, address: Address | None = None) -> bytes:
    """The document in RSS 2.0."""
    return _rss(press, document.channel.kind, _sheet(press, document, address))


def json_feed(press: Press, document: Document, address: Address | None = None) -> bytes:
    """The document in JSON Feed 1.1."""
    return as_json.write(_sheet(press, document, address))


def opml(press: Press, channels: Iterable[Channel]) -> bytes:
    """All feeds in OPML 2.0, in an order that does not hang on that of the channels."""
    return as_opml.write(press, channels)


def _made(press: Press, document: Document) -> dict[str, bytes]:
    """The files of a document, Atom first."""
    told, kind = _sheet(press, document, None), document.channel.kind
    if document.archive is not None:
        return {f"archive/{document.archive}.atom": _atom(press, kind, told)}
    return {
        "feed.atom": _atom(press, kind, told),
        "feed.rss": _rss(press, kind, told),
        "feed.json": as_json.write(told),
    }


def _sheet(press: Press, document: Document, address: Address | None) -> Sheet:
    return sheet(press, document, address or addressed(press, document.channel))


def _atom(press: Press, kind: ChannelKind, told: Sheet) -> bytes:
    found = _sources(press, kind, told)
    return as_atom.write(told, {slug: (one.uri, one.title, one.atom) for slug, one in found.items()})


def _rss(press: Press, kind: ChannelKind, told: Sheet) -> bytes:
    return as_rss.write(told, {slug: (one.title, one.rss) for slug, one in _sources(press, kind, told).items()})


def _sources(press: Press, kind: ChannelKind, told: Sheet) -> dict[str, Address]:
    """The feeds of the sources of entries, by slug; the feed of a source names none, being it."""
    if kind is ChannelKind.SOURCE:
        return {}
    named = {one.source.slug: one.source.name for one in told.items if one.source is not None}
    return {
        slug: addressed(press, Channel(number=0, kind=ChannelKind.SOURCE, slug=slug, name=name))
        for slug, name in named.items()
    }
