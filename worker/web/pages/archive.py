"""The archive: months in which something came in, and what came in each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from worker.store import days as kept
from worker.store.days import Border
from worker.web.pages.frame import Frame
from worker.web.pages.front import border_of, leaf
from worker.web.pages.items import days as by_day
from worker.web.site import Site

#: Titles alone take less room than items of the front page.
_SHOWN = 100
_MOST_MONTHS = 1200
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the site's zone."""

    began: datetime

    @property
    def name(self) -> str:
        """As addresses have it: "2026-11"."""
        return f"{self.began.year:04}-{self.began.month:02}"

    def next(self) -> Month:
        """The one after it."""
        return Month(began=(self.began + timedelta(days=32)).replace(day=1))

    def before(self) -> Month:
        """The one before it."""
        return Month(began=(self.began - timedelta(days=1)).replace(day=1))

    @classmethod
    def of(cls, moment: datetime, zone: tzinfo) -> Month:
        """In which a moment lies."""
        day = moment.astimezone(zone)
        return cls(began=datetime(day.year, day.month, 1, tzinfo=zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLink:
    """A day on which something came in, and the border behind which it lies."""

    number: int
    date: datetime
    border: str


class ArchivePage:
    """`/archive/`"""

    def __init__(self, site: Site, frame: Frame) -> None:
        self._site, self._frame = site, frame

    def __call__(self, request: Request) -> Response:
        """The months in which something came in, by year, the newest first."""
        with self._site.store() as db:
            months = _months(db, self._site.zone)
        years: dict[int, list[Month]] = {}
        for month in months:
            years.setdefault(month.began.year, []).append(month)
        return self._frame.answer(request, "web/archive.html", {"years": years}, here="archive")


class MonthPage:
    """`/archive/<yyyy-mm>/`"""

    def __init__(self, site: Site, frame: Frame) -> None:
        self._site, self._frame = site, frame

    def __call__(self, request: Request) -> Response:
        """What came in within a month, the newest first."""
        month = self._month(request.path_params["month"])
        border = border_of(request)
        with self._site.store() as db:
            after, upto = _bounds(db, month)
            if upto <= after:
                raise HTTPException(404)
            last = Border(place=upto + 1)
            newest = border.place > last.place
            found = leaf(db, self._site, _SHOWN, last if newest else border, down_to=after)
            links = _days(db, month, after)
            earlier, later = kept.around(db, month.began, month.next().began)
        data = {
            "month": month,
            "days": by_day(found.items),
            "older": found.older,
            "newest": newest,
            "links": links,
            "earlier": earlier and Month.of(earlier, self._site.zone),
            "later": later and Month.of(later, self._site.zone),
        }
        return self._frame.answer(request, "web/month.html", data, here="archive")

    def _month(self, text: str) -> Month:
        found = _MONTH.fullmatch(text)
        if found is None or not 1 < int(found[1]) < 9999:
            raise HTTPException(404)
        return Month(began=datetime(int(found[1]), int(found[2]), 1, tzinfo=self._site.zone))


def _bounds(db: Database, month: Month) -> tuple[int, int]:
    return kept.last_before(db, month.began), kept.last_before(db, month.next().began)


def _months(db: Database, zone: tzinfo) -> list[Month]:
    """The newest first; those in which nothing came in are left out."""
    ends = kept.span(db)
    if ends is None:
        return []
    first, month = (Month.of(moment, zone) for moment in ends)
    found: list[Month] = []
    upto = kept.last_before(db, month.next().began)
    for _ in range(_MOST_MONTHS):
        after = kept.last_before(db, month.began)
        if after < upto:
            found.append(month)
        if month.began <= first.began:
            break
        month, upto = month.before(), after
    return found


def _days(db: Database, month: Month, after: int) -> list[DayLink]:
    """The days on which something came in, the first one first."""
    found: list[DayLink] = []
    day = month.began
    while day.month == month.began.month:
        tomorrow = day + timedelta(days=1)  # of the wall: it may take 23 or 25 hours
        if (upto := kept.last_before(db, tomorrow)) > after:
            found.append(DayLink(number=day.day, date=day, border=str(Border(place=upto + 1))))
            after = upto
        day = tomorrow
    return found
