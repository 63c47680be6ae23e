"""The pages of topics and sources: what each told, the newest first; and the lists of them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from worker.model import ChannelKind
from worker.store import channels, days, indexes, stories, turns
from worker.web.pages import addresses
from worker.web.pages.frame import Frame
from worker.web.pages.items import items
from worker.web.site import Site

_SHOWN = 40
_LISTED = 150


class ChannelPage:
    """`/topics/<slug>/` or `/sources/<slug>/`"""

    def __init__(self, site: Site, frame: Frame, kind: ChannelKind) -> None:
        self._site, self._frame, self._kind = site, frame, kind

    def __call__(self, request: Request) -> Response:
        """What it told last, or before a turn."""
        before = _turn(request.query_params.get("before"))
        with self._site.store() as db:
            channel = channels.find(db, self._kind, request.path_params["slug"])
            if channel is None:
                raise HTTPException(404)
            told = turns.newest(db, channel.number, _SHOWN + 1, before=before)
            shown = turns.told(db, told[:_SHOWN])
            also = stories.also(db, [entry.number for entry in shown])
            listed = items(shown, days.moments(db, shown), also, self._site.zone)
        data = {
            "channel": channel,
            "folder": addresses.folder(channel),
            "items": listed,
            "older": str(told[_SHOWN - 1].turn) if len(told) > _SHOWN else None,
            "newest": before is None,
        }
        here = f"{self._kind.value}s"
        return self._frame.answer(request, "web/channel.html", data, here=here, channel=channel)


class ChannelList:
    """`/topics/` or `/sources/`"""

    def __init__(self, site: Site, frame: Frame, kind: ChannelKind) -> None:
        self._site, self._frame, self._kind = site, frame, kind

    def __call__(self, request: Request) -> Response:
        """Their names, those behind a slug."""
        after = request.query_params.get("after", "")
        with self._site.store() as db:
            found = indexes.channels(db, self._kind, _LISTED + 1, after=after)
        shown = found[:_LISTED]
        data = {
            "listed": [
                (one, addresses.folder(one.channel), one.key and addresses.entry(one.key), self._local(one))
                for one in shown
            ],
            "after": shown[-1].channel.slug if len(found) > _LISTED else None,
            "first": not after,
        }
        here = f"{self._kind.value}s"
        return self._frame.answer(request, f"web/{here}.html", data, here=here)

    def _local(self, one: indexes.Listed) -> object:
        return one.stored and one.stored.astimezone(self._site.zone)


def _turn(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        raise HTTPException(404)
    return int(text)
