"""What a line looks like by itself, wherever it stands; glued parts are taken asunder."""

from __future__ import annotations

import re
import sys
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from worker.intake.segment import glue, ordinary
from worker.intake.shapes import chrome, dates, prose, sites
from worker.intake.shapes.chrome import Chrome
from worker.intake.shapes.date_format import parse_with
from worker.intake.shapes.dateline import dateline_of
from worker.model import Precision, Site


class Role(StrEnum):
    """What a line is by its shape alone."""

    TEXT = "text"
    DATE = "date"
    SOURCE = "source"
    CHROME = "chrome"
    TEASER = "teaser"


#: As names of their own: looking a member up on its class takes ten times longer.
TEXT, DATE, SOURCE, CHROME, TEASER = Role


class Shape(NamedTuple):
    """What a line, or a part of it, looks like."""

    begin: int
    end: int
    role: Role
    reason: str
    chrome: Chrome | None = None
    prose: bool = False
    headline: float = 0.0  #: how much it looks like one, 0 to 1
    cut: bool = False  #: closes with an ellipsis
    day: date | None = None  #: of a date


_SHORT_YEAR = re.compile(r"\d\d([./])\d\d\1\d\d")
_WORD = re.compile(r"[^\W\d_]{2,}")
_TEASER_DATES = 3  # so many dates on one line are a list of headlines, not an article
_BYLINE = 30  # characters that may stand before a date without being a headline
LONG = 260  # characters; a longer line is no headline, no date and no label
_TAIL = re.compile(r"[\s|–—(·•,:-]+$")  # between a title and the date behind it
_DATE = "a date and nothing else"
_ALL = sys.maxsize  # as the end of a shape: that of the line
_NAMES_SOURCE = Shape(0, _ALL, SOURCE, "names the source")
_SHARE_BAR = Shape(0, _ALL, CHROME, Chrome.SHARE.value, Chrome.SHARE)
_MENU = Shape(0, _ALL, CHROME, Chrome.NAVIGATION.value, Chrome.NAVIGATION)
#: All shapes of text by whether it is prose, how much it looks like a headline, and whether it is cut off: made
#: once, for nearly all lines have one of them.
_SAYING = {
    (told, headline, cut): Shape(0, _ALL, TEXT, "text", None, told, headline, cut)
    for told in (False, True)
    for headline in (0.0, 0.2, 0.4, 1.0)
    for cut in (False, True)
}
PROSE, _SCRAP = (_SAYING[True, 0.0, False],), (_SAYING[False, 0.0, False],)
RELATIVE = "a date that hangs on the day of the crawl"
CLOCK = "a time of day"
_TEASER = f"a list of headlines: {_TEASER_DATES} dates or more on one line"


def shapes_of(line: str, month_first: bool) -> tuple[Shape, ...]:
    """The parts of a stripped line, in order; mostly one."""
    size = len(line)
    if size >= ordinary.SENTENCES and ordinary.running(line, size):
        return PROSE
    if line[2:3] == "." and (day := dates.day_in_digits(line)) is not None:
        return (Shape(0, size, DATE, _DATE, day=day),)
    return _short(line, month_first) if size <= LONG else _long(line, month_first)


def shape_for(site: Site, line: str) -> tuple[Shape, ...]:
    """What an operator says of a line; nothing where the site profile is silent."""
    if pattern := sites.kept_by(site, line):
        return (Shape(0, len(line), TEXT, f"site profile {site.name}: keep {pattern!r}", prose=prose.prose(line)),)
    if pattern := sites.dropped_by(site, line):
        return (Shape(0, len(line), CHROME, f"site profile {site.name}: drop {pattern!r}", Chrome.META),)
    if site.date_format and (stated := parse_with(site.date_format, line)):
        return (Shape(0, len(line), DATE, f"site profile {site.name}: a date", day=stated.wall.date()),)
    return ()


def plain(line: str, begin: int, end: int) -> Shape:
    """A part of a line that nothing is glued to."""
    return _text(line[begin:end])._replace(begin=begin, end=end)


def _text(text: str) -> Shape:
    """A text that nothing is glued to, as the shape of a whole line."""
    short = len(text) <= LONG
    if short:
        if ":" in text and chrome.SOURCE_LINE.fullmatch(text):
            return _NAMES_SOURCE
        if kind := chrome.chrome_of(text):
            return Shape(0, _ALL, CHROME, kind.value, kind)
        if chrome.is_share_bar(text):
            return _SHARE_BAR
        if chrome.is_menu(text) or ("|" in text and chrome.all_chrome(text)):
            return _MENU
    if _opens_with_dateline(text):
        return _SAYING[True, 0.0, prose.cut_off(text)]
    return _said(text)


def _said(text: str) -> Shape:
    """What a text is that is no part of a frame."""
    return _SAYING[prose.prose(text), _headline(text) if len(text) <= LONG else 0.0, prose.cut_off(text)]


def _opens_with_dateline(text: str) -> bool:
    head = text[:60]
    return (
        len(text) > 80 and ("–" in head or "—" in head or "- " in head or "/" in head) and dateline_of(text) is not None
    )


def _long(line: str, month_first: bool) -> tuple[Shape, ...]:
    """Running text, a list of headlines, or a copyright notice."""
    size, ended = len(line), prose.ended(line)
    if not ended and _is_teaser_list(line):
        return (Shape(0, _ALL, TEASER, _TEASER),)
    if size <= chrome.LONGEST_NOTICE and chrome.chrome_of(line):
        return (Shape(0, _ALL, CHROME, Chrome.LEGAL.value, Chrome.LEGAL),)
    if glue.maybe(line):
        return _unglued(line, month_first)
    if ended and prose.cut_off(line):
        return (Shape(0, _ALL, TEXT, "text", prose=prose.prose(line), cut=True),)
    return PROSE if size > prose.SURELY or prose.prose(line) else _SCRAP


def _is_teaser_list(line: str) -> bool:
    """Whether so many dates stand on a line that it must be a list of headlines."""
    maybe = line.count("20") + line.count("19") >= _TEASER_DATES  # far cheaper than looking for dates
    return maybe and len(dates.dates_in(line, most=_TEASER_DATES)) == _TEASER_DATES


@lru_cache(maxsize=8192)  # the frames of a site come again on every page of it
def _short(line: str, month_first: bool) -> tuple[Shape, ...]:
    end = len(line)
    if end <= dates.LONGEST_RELATIVE and dates.relative_line(line):
        return (Shape(0, end, DATE, RELATIVE),)
    if end <= 12 and dates.time_line(line):
        return (Shape(0, end, DATE, CLOCK),)
    if ordinary.wordy(line, end):
        return (_said(line),)
    if _may_date(line) and dates.dates_in(line, month_first=month_first) and (shapes := _with_date(line, month_first)):
        return shapes
    return _unglued(line, month_first)


def _may_date(line: str) -> bool:
    """Whether there is a year on a line, by the cheapest means."""
    return (
        "20" in line
        or "19" in line
        or ((line.count(".") > 1 or line.count("/") > 1) and _SHORT_YEAR.search(line) is not None)
    )


def _with_date(line: str, month_first: bool) -> tuple[Shape, ...]:
    """A date line, or a date and what it is glued to; nothing where a date is part of the text."""
    end = len(line)
    if found := dates.date_line(line, month_first=month_first):
        return (Shape(0, end, DATE, _DATE, day=found.date.wall.date()),)
    if end > 60 and not prose.ended(line) and _is_teaser_list(line):
        return (Shape(0, end, TEASER, _TEASER),)
    lead = dates.leading_date(line, month_first=month_first)
    rest = line[lead.end :].lstrip() if lead else ""
    if lead and rest and _heads_rest(line, lead, rest):
        date_part = Shape(0, len(line[: lead.end].rstrip()), DATE, _DATE, day=lead.date.wall.date())
        return (date_part, *_moved(_unglued(rest, month_first), end - len(rest), end))
    if (found := dates.trailing_date(line, month_first=month_first)) and not chrome.chrome_of(line):
        title = len(_TAIL.sub("", line[: found.start]))
        day = found.date.wall.date()
        words = prose.word_count(line[:title])
        spaced = found.numeric and words > 2 and found.start == title + 1
        if prose.headline(line[:title]) >= 1.0 or spaced or _ends(line[:title]):
            return plain(line, 0, title), Shape(found.start, end, DATE, _DATE, day=day)
        if title <= _BYLINE and (found.numeric or line[title:].lstrip()[0] in "|–—(·•"):  # "City desk – 3 May 2026"
            return (Shape(0, end, DATE, _DATE, day=day),)
    return ()


def _heads_rest(line: str, lead: dates.Dated, rest: str) -> bool:
    """Whether what stands behind a date is something else that it dates, and no sentence that begins with it."""
    if lead.numeric and lead.date.precision is not Precision.DAY:
        return True
    barred = lead.numeric and line[: lead.end].rstrip()[-1] in "|–—·-"
    return prose.headline(rest) > (0 if barred else 0.3 if lead.numeric else 0.9)


def _ends(text: str) -> bool:
    return prose.prose(text) and prose.ended(text)


def _unglued(line: str, month_first: bool) -> tuple[Shape, ...]:
    """The parts of a line at whose seams something is glued that tells itself apart."""
    if glue.seamless(line):
        return (_text(line),)
    return tuple(_part(line, part, month_first) for part in glue.parts(line, month_first=month_first))


def _part(line: str, part: glue.Part, month_first: bool) -> Shape:
    begin, end, kind = part
    text = line[begin:end]
    match kind:
        case glue.Glued.SOURCE:
            return _NAMES_SOURCE._replace(begin=begin, end=end)
        case glue.Glued.MORE:
            return Shape(begin, end, CHROME, Chrome.MORE.value, Chrome.MORE)
        case glue.Glued.VIEWS:
            return Shape(begin, end, CHROME, "a view count", Chrome.META)
        case glue.Glued.CREDIT:
            return Shape(begin, end, CHROME, Chrome.CREDIT.value, Chrome.CREDIT)
        case glue.Glued.LABEL:
            return Shape(begin, end, CHROME, "a label glued to a date", chrome.chrome_of(text) or Chrome.META)
        case glue.Glued.DATE:
            day = dates.dates_in(text, month_first=month_first, most=1)[0].date.wall.date()
            return Shape(begin, end, DATE, _DATE, day=day)
        case glue.Glued.TITLE:
            return Shape(begin, end, TEXT, "a headline before a dateline", headline=1.0)
        case glue.Glued.TEXT:
            return plain(line, begin, end)


def _moved(shapes: tuple[Shape, ...], by: int, end: int) -> tuple[Shape, ...]:
    """The shapes of the last part of a line that ends there."""
    return tuple(shape._replace(begin=shape.begin + by, end=min(shape.end + by, end)) for shape in shapes)


def _headline(text: str) -> float:
    """`prose.headline`, but an appointment ("Sunday, 12 May 2024, 19:00-20:15") is none, nor are digits."""
    likeness = prose.headline(text)
    if not likeness:
        return 0.0
    found = dates.dates_in(text)
    rest = text[: found[0].start] + text[found[0].end :] if found else text
    if not (word := _WORD.search(rest)):
        return 0.0
    return likeness if _WORD.search(rest, word.end()) else min(likeness, 0.2)
