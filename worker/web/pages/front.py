"""The front page: stories by the day on which they came in, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from worker.store import days as kept
from worker.store import stories
from worker.store.days import TOP, Border
from worker.web.pages.frame import Frame
from worker.web.pages.items import Item, items
from worker.web.pages.items import days as by_day
from worker.web.site import Site

#: 40 titles of the greatest length, with all there can be around them, stay under 100 KB.
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Some of the stories that lie behind a border."""

    items: list[Item]
    older: str | None  #: the border behind which the next ones lie


def leaf(db: Database, site: Site, limit: int, border: Border, *, down_to: int = 0) -> Leaf:
    """The next stories behind a border."""
    found = kept.stories(db, limit + 1, border, down_to=down_to)
    shown = found[:limit]
    also = stories.also(db, [entry.number for entry in shown])
    return Leaf(
        items=items(shown, kept.moments(db, shown), also, site.zone),
        older=str(Border.behind(shown[-1])) if len(found) > limit else None,
    )


def border_of(request: Request) -> Border:
    """Where the page begins, as its address says."""
    text = request.query_params.get("before")
    found = TOP if text is None else Border.read(text)
    if found is None:
        raise HTTPException(404)
    return found


class FrontPage:
    """`/`"""

    def __init__(self, site: Site, frame: Frame) -> None:
        self._site, self._frame = site, frame

    def __call__(self, request: Request) -> Response:
        """The newest stories, or those before a border."""
        border = border_of(request)
        with self._site.store() as db:
            found = leaf(db, self._site, _SHOWN, border)
        data = {"days": by_day(found.items), "older": found.older, "newest": border == TOP}
        return self._frame.answer(request, "web/front.html", data, here="front" if border == TOP else "")
