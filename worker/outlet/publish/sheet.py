"""A document before it is written: which entries it holds, and what it says of itself, alike for all formats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from worker.model import Document, Press, Retraction
from worker.outlet.publish.address import Address
from worker.outlet.publish.items import Item, bulk, item, written
from worker.outlet.wording import line, safe

#: What a document says of itself takes less than this besides its title, its URLs and what was taken down.
_FRAME: Final = 2500
#: What one tombstone takes besides id and reason.
_GRAVE: Final = 160
#: Of the reason why an entry was taken down, in characters.
_REASON: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A document, ready to be written."""

    address: Address
    author: str
    items: tuple[Item, ...]
    retracted: tuple[Retraction, ...]
    updated: datetime  #: of its latest entry: no clock is read
    archive: int | None
    previous: int | None

    @property
    def url(self) -> str:
        """Of the document in Atom."""
        return self.address.atom if self.archive is None else self.address.archive(self.archive)


def sheet(press: Press, document: Document, address: Address) -> Sheet:
    """What a document holds: all of an archive document; of a head as much as it has room for."""
    graves = tuple(
        replace(one, reason=line(one.reason, _REASON))
        for one in sorted(document.retracted, key=lambda one: (one.made, one.number), reverse=True)
    )
    if document.archive is None:
        graves = _buried(graves, press.bytes // 16)
    items = tuple(replace(one, html=safe(one.html)) for one in _chosen(press, document, address, graves))
    return Sheet(
        address=address,
        author=line(press.title) or "seedwire",
        items=items,
        retracted=graves,
        updated=max((one.updated for one in items), default=press.since),
        archive=document.archive,
        previous=document.previous,
    )


def _chosen(press: Press, document: Document, address: Address, graves: tuple[Retraction, ...]) -> list[Item]:
    """The first entries: those that stand in no archive document always, others while there is room."""
    urls = (address.page, address.atom, address.rss, address.json, address.archives, *address.hubs)
    room = press.bytes - _FRAME - 4 * written(address.title) - 2 * sum(map(written, urls)) - sum(map(_grave, graves))
    chosen: list[Item] = []
    for place, entry in enumerate(document.entries):
        told = item(press, entry, document.also.get(entry.number, ()), document.leads.get(entry.number))
        room -= bulk(press, told)
        if document.archive is None and place >= document.required and (room < 0 or place >= press.size):
            break
        chosen.append(told)
    return chosen


def _buried(graves: tuple[Retraction, ...], room: int) -> tuple[Retraction, ...]:
    """The newest of those that were taken down, while there is room."""
    kept: list[Retraction] = []
    for one in graves:
        room -= _grave(one)
        if room < 0:
            break
        kept.append(one)
    return tuple(kept)


def _grave(one: Retraction) -> int:
    return _GRAVE + written(one.uri) + written(one.reason)
