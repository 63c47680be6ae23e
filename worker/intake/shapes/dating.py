"""When an article was published, by the best evidence of its page, and what that evidence is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.intake.shapes import dates, legible
from worker.intake.shapes.date_format import parse_with
from worker.model import Cut, Markup, Page, Precision, Site, Span, StatedDate

_A_DAY = timedelta(days=1)  # left for time zones
_Evidence = tuple[StatedDate | None, str]


def dated(page: Page, cut: Cut, opening: str, *, latest: date, zone: str, site: Site | None) -> _Evidence:
    """The date of an article with its evidence; None with the reason where there is none to believe.

    Its own date line goes first, then the day in its dateline (`opening`), then what the markup of a page
    with one article states. No date is later than the capture, or `latest` where the page states none.
    """
    limit = min(page.captured or latest, latest, date.max - _A_DAY) + _A_DAY
    doubt = "the page states none"
    for found, where in _candidates(page, cut, opening, limit, site):
        if found is None:
            doubt = where
        elif found.wall.date() > limit:
            doubt = f"{where}: {found.iso()} is after the capture and not believed"
        else:
            return _placed(found, site), f"{where}{_zone(found, zone, site)}"
    return None, doubt


def _candidates(page: Page, cut: Cut, opening: str, limit: date, site: Site | None) -> Iterator[_Evidence]:
    if cut.date:
        line = _words(page, cut.date)
        if site and site.date_format and (stated := parse_with(site.date_format, line)):
            yield stated, f"date line at {cut.date.start}-{cut.date.end} by the format of site profile {site.name}"
        else:
            yield _of_line(page, cut, line)
    if opening:
        found = dates.dates_in(opening, month_first="/" in opening and dates.month_first(page.text), most=1)
        if found:
            yield found[0].date, "the dateline"
        elif page.captured and (day := dates.day_without_year(opening, limit)):
            yield day, f"the dateline, its year from the capture on {page.captured}"
    if cut.sole and page.stated and page.stated.published:
        yield _of_markup(page.stated.published), "the markup of the page"


def _of_line(page: Page, cut: Cut, line: str) -> _Evidence:
    assert cut.date is not None
    where = f"date line at {cut.date.start}-{cut.date.end}"
    marked = _time_element(page, cut.date)
    if found := dates.published_in(line, month_first="/" in line and dates.month_first(page.text)):
        if marked and marked.wall.date() == found.date.wall.date() and found.date.precision is Precision.DAY:
            return marked, f"{where}, as its time element has it"  # the same day, said more exactly
        return found.date, where
    if marked:
        return marked, f"{where}, as its time element has it"
    clock = dates.time_of(line) or dates.posted_time(line)
    if clock is not None:
        return _under_heading(page, cut, datetime.combine(date.min, clock), where)
    if page.captured is None:
        return None, f"{where} hangs on the day of the capture, which the page does not state"
    return dates.relative_date(line, page.captured), f"{where}, relative to the capture on {page.captured}"


def _time_element(page: Page, span: Span) -> StatedDate | None:
    """The machine-readable date of a time element on a date line."""
    for mark in page.marks:
        if mark.kind is Markup.TIME and mark.start < span.end and span.start < mark.end and mark.value:
            return _of_markup(mark.value)
    return None


def _under_heading(page: Page, cut: Cut, clock: datetime, where: str) -> _Evidence:
    """A time of day, whose day stands in a heading above."""
    if cut.day is None:
        return None, f"{where} is a time without a day"
    words = _words(page, cut.day)
    found = dates.dates_in(words, month_first="/" in words and dates.month_first(page.text), most=1)
    day = found[0].date if found else dates.relative_date(words, page.captured) if page.captured else None
    if day is None:
        return None, f"{where} is a time without a day"
    wall = datetime.combine(day.wall.date(), clock.time())
    return StatedDate(wall=wall, precision=Precision.MINUTE), f"{where}, its day from the heading at {cut.day.start}"


def _of_markup(stated: str) -> StatedDate | None:
    """ISO 8601 as JSON-LD and meta elements write it, or any other full date."""
    try:
        return StatedDate.from_iso(stated.strip())
    except ValueError:
        found = dates.dates_in(stated, most=1)
        return found[0].date if found else None


def _placed(found: StatedDate, site: Site | None) -> StatedDate:
    """With the offset that a site profile's zone has at that time, where the page states none."""
    if found.offset is not None or site is None or site.timezone is None or found.precision is Precision.DAY:
        return found
    return replace(found, offset=found.wall.replace(tzinfo=ZoneInfo(site.timezone)).utcoffset())


def _zone(found: StatedDate, zone: str, site: Site | None) -> str:
    if found.offset is not None:
        return "; offset as stated"
    if site and site.timezone:
        return f"; no offset stated, {site.timezone} by site profile {site.name}"
    return f"; no offset stated, {zone} assumed"


def _words(page: Page, span: Span) -> str:
    return legible.tidy(page.text[span.start : span.end])
