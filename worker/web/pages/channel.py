"""The pages of topics and sources: what each told, the newest first; and the lists of them."""

from __future__ import annotations

from functools import partial

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from worker.model import Channel, ChannelKind
from worker.store import channels, days, indexes, stories, turns
from worker.web.pages import addresses
from worker.web.pages.frame import Frame
from worker.web.pages.items import items
from worker.web.site import Site

_SHOWN = 40
_LISTED = 150
_LETTERS = 120  # of a few alphabets; Chinese names begin with thousands


class ChannelPage:
    """`/topics/<slug>/` or `/sources/<slug>/`"""

    def __init__(self, site: Site, frame: Frame, kind: ChannelKind) -> None:
        self._site, self._frame, self._kind = site, frame, kind

    def answer(self, request: Request) -> Response:
        """What it told last, or before a turn."""
        before = _turn(request.query_params.get("before"))
        with self._site.store() as db:
            channel = channels.find(db, self._kind, request.path_params["slug"])
            if channel is None:
                raise HTTPException(404)
            here = f"{self._kind.value}s"
            data = partial(self._data, db, channel, before)
            return self._frame.fitting(request, "web/channel.html", _SHOWN, data, here=here, channel=channel)

    def _data(self, db: Database, channel: Channel, before: int | None, count: int) -> dict[str, object]:
        told = turns.newest(db, channel.number, count + 1, before=before)
        shown = turns.told(db, told[:count])
        also = stories.also(db, [entry.number for entry in shown])
        return {
            "channel": channel,
            "folder": addresses.folder(channel),
            "items": items(shown, days.moments(db, shown), also, self._site.zone),
            "older": str(told[count - 1].turn) if len(told) > count else None,
            "newest": before is None,
        }


class ChannelList:
    """`/topics/` or `/sources/`"""

    def __init__(self, site: Site, frame: Frame, kind: ChannelKind) -> None:
        self._site, self._frame, self._kind = site, frame, kind

    def answer(self, request: Request) -> Response:
        """Their names, those behind a slug, or from a letter on."""
        place = request.query_params.get("after", ""), request.query_params.get("from", "")
        here = f"{self._kind.value}s"
        with self._site.store() as db:
            data = partial(self._data, db, *place)
            return self._frame.fitting(request, f"web/{here}.html", _LISTED, data, here=here)

    def _data(self, db: Database, after: str, start: str, count: int) -> dict[str, object]:
        found = indexes.channels(db, self._kind, count + 1, after=after, start=start)
        shown = found[:count]
        return {
            "listed": [
                (one, addresses.folder(one.channel), one.key and addresses.entry(one.key), self._local(one))
                for one in shown
            ],
            "after": shown[-1].channel.slug if len(found) > count else None,
            "first": not (after or start),
            "letters": indexes.initials(db, self._kind)[:_LETTERS],
        }

    def _local(self, one: indexes.Listed) -> object:
        return one.stored and one.stored.astimezone(self._site.zone)


def _turn(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        raise HTTPException(404)
    return int(text)
