"""A page as labelled lines: what each one is by its own shape, before anybody asks where articles begin."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from worker.intake.segment.frame import frame_of, recurring_of, seen_on
from worker.intake.shapes import chrome, dates, prose, sites
from worker.intake.shapes.chrome import Chrome
from worker.intake.shapes.date_format import parse_with
from worker.intake.shapes.recurrence import KEYED
from worker.model import Frame, Page, Precision, Site


class Role(StrEnum):
    """What a line is by its shape alone."""

    TEXT = "text"
    DATE = "date"
    SOURCE = "source"
    CHROME = "chrome"
    TEASER = "teaser"


class Line(NamedTuple):
    """A line of a page, or the part of one that a date, a source or a link was glued to."""

    start: int  #: offsets in the page's text, white space left out
    end: int
    text: str
    gap: int  #: blank lines before it
    role: Role
    reason: str
    chrome: Chrome | None
    prose: bool
    headline: float  #: how much it looks like one, 0 to 1
    cut: bool  #: closes with an ellipsis


class _Shape(NamedTuple):
    """What a line, or a part of it, looks like wherever it stands."""

    begin: int
    end: int
    role: Role
    reason: str
    chrome: Chrome | None = None
    prose: bool = False
    headline: float = 0.0
    cut: bool = False
    day: date | None = None  #: of a date


_WORD = re.compile(r"[^\W\d_]{2,}")
_TEASER_DATES = 3  # so many dates on one line are a list of headlines, not an article
_BYLINE = 30  # characters that may stand before a date without being a headline
_LONG = 260  # characters; a longer line is no headline, no date and no label


def lines_of(page: Page, known: Frame, site: Site | None) -> list[Line]:
    """The lines of a page in order, glued parts taken asunder, each with its role."""
    month_first = dates.month_first(page.text)
    # A date after the capture is that of an event to come, not of the page; a day is left for zones.
    latest = page.captured + timedelta(days=1) if page.captured and page.captured < date.max else date.max
    raw = _raw(page)
    recurring = recurring_of([text for _, _, text in raw])
    lines: list[Line] = []
    for start, gap, text in raw:
        shapes = (_profiled(site, text) if site else ()) or (
            _short(text, month_first) if len(text) <= _LONG else _long(text)
        )
        if shapes[0].day is not None or shapes[-1].day is not None:
            shapes = _believed(shapes, text, latest)
        for begin, end, role, reason, kind, told, headline, cut, _ in shapes:
            part, at, blank = text[begin:end], start + begin, 0 if begin else gap
            plain = reason == "text" and len(part) <= KEYED
            frame = frame_of(part, recurring) if recurring and plain else ""
            if known and plain and not frame and not told and headline < 1.0:
                frame = seen_on(part, known)
            if frame:
                line = Line(at, at + len(part), part, blank, Role.CHROME, frame, Chrome.META, False, 0.0, False)
            else:
                line = Line(at, at + len(part), part, blank, role, reason, kind, told, headline, cut)
            lines.append(line)
    if len(lines) > 1 and _cut_short(page, *lines[-2:]):
        lines[-1] = lines[-1]._replace(prose=True, headline=0.0, reason="cut short by the end of the page")
    return lines


def _profiled(site: Site, text: str) -> tuple[_Shape, ...]:
    """What an operator says of a line; nothing where its profile is silent."""
    if pattern := sites.kept_by(site, text):
        return (_Shape(0, _ALL, Role.TEXT, f"site profile {site.name}: keep {pattern!r}", prose=prose.prose(text)),)
    if pattern := sites.dropped_by(site, text):
        return (_Shape(0, _ALL, Role.CHROME, f"site profile {site.name}: drop {pattern!r}", Chrome.META),)
    if site.date_format and (stated := parse_with(site.date_format, text)):
        return (_Shape(0, _ALL, Role.DATE, f"site profile {site.name}: a date", day=stated.wall.date()),)
    return ()


def _believed(shapes: tuple[_Shape, ...], text: str, latest: date) -> tuple[_Shape, ...]:
    if any(shape.day is not None and shape.day > latest for shape in shapes):
        return (_plain(text, 0, len(text)),)
    return shapes


def _raw(page: Page) -> list[tuple[int, int, str]]:
    """Offset, blank lines before it, and text of every line that has any."""
    lines = []
    gap, at = 0, page.header
    for line in page.text[page.header :].split("\n"):
        if stripped := line.strip():
            size = len(line)
            start = at if len(stripped) == size else at + size - len(line.lstrip())
            lines.append((start, gap, stripped))
            gap = 0
            at += size + 1
        else:
            if at > page.header:
                gap += 1
            at += len(line) + 1
    return lines


def _cut_short(page: Page, before: Line, last: Line) -> bool:
    """Whether the page breaks off in its last line: it is like the one before, and no newline follows."""
    return (
        last.role is Role.TEXT
        and not prose.ended(last.text)
        and "\n" not in page.text[last.end :]
        and before.prose
        and before.gap == last.gap
    )


# ── The shape of a line by itself ───────────────────────────────────────────────────────────────────


def _long(line: str) -> tuple[_Shape, ...]:
    """Running text, a list of headlines, or a copyright notice."""
    ended = prose.ended(line)
    if not ended and _is_teaser_list(line):
        return (_Shape(0, _ALL, Role.TEASER, _TEASER),)
    if len(line) <= chrome.LONGEST_NOTICE and chrome.chrome_of(line):
        return (_Shape(0, _ALL, Role.CHROME, Chrome.LEGAL.value, Chrome.LEGAL),)
    if chrome.glued(line):
        return _unglued(line)
    if ended and prose.cut_off(line):
        return (_Shape(0, _ALL, Role.TEXT, "text", prose=prose.prose(line), cut=True),)
    return _PROSE if prose.prose(line) else _SCRAP


def _is_teaser_list(line: str) -> bool:
    """Whether so many dates stand on a line that it must be a list of headlines."""
    maybe = line.count("20") + line.count("19") >= _TEASER_DATES  # far cheaper than looking for dates
    return maybe and len(dates.dates_in(line, most=_TEASER_DATES)) == _TEASER_DATES


@lru_cache(maxsize=8192)  # the frames of a site come again on every page of it
def _short(line: str, month_first: bool) -> tuple[_Shape, ...]:
    end = len(line)
    if line.isascii() and line.isalpha():  # a single word
        return (_plain(line, 0, end),)
    if ("20" in line or "19" in line) and (shapes := _with_date(line, month_first)):
        return shapes
    return _unglued(line)


def _with_date(line: str, month_first: bool) -> tuple[_Shape, ...]:
    """A date line, or a date and what it is glued to; nothing where a date is part of the text."""
    end = len(line)
    if found := dates.date_line(line, month_first=month_first):
        return (_Shape(0, end, Role.DATE, _DATE, day=found.date.wall.date()),)
    if end > 60 and not prose.ended(line) and _is_teaser_list(line):
        return (_Shape(0, end, Role.TEASER, _TEASER),)
    lead = dates.leading_date(line, month_first=month_first)
    rest = line[lead.end :].lstrip() if lead else ""
    if lead and rest and (lead.date.precision is not Precision.DAY or prose.headline(rest) >= 1.0):
        date_part = _Shape(0, len(line[: lead.end].rstrip()), Role.DATE, _DATE, day=lead.date.wall.date())
        return (date_part, _plain(line, end - len(rest), end))
    if found := dates.trailing_date(line, month_first=month_first):
        title = len(_TAIL.sub("", line[: found.start]))
        day = found.date.wall.date()
        if prose.headline(line[:title]) >= 1.0:
            return _plain(line, 0, title), _Shape(found.start, end, Role.DATE, _DATE, day=day)
        if title <= _BYLINE:  # "City desk – 3 May 2026"
            return (_Shape(0, end, Role.DATE, _DATE, day=day),)
    return ()


_TAIL = re.compile(r"[\s|–—(·•-]+$")  # between a title and the date behind it
_DATE = "a date and nothing else"
_ALL = sys.maxsize  # as the end of a shape: that of the line
_PROSE = (_Shape(0, _ALL, Role.TEXT, "text", prose=True),)  # nearly all long lines: made once, for that is fast
_SCRAP = (_Shape(0, _ALL, Role.TEXT, "text"),)
_TEASER = f"a list of headlines: {_TEASER_DATES} dates or more on one line"


def _unglued(line: str) -> tuple[_Shape, ...]:
    if tail := chrome.glued(line):
        at, which = tail
        role = Role.SOURCE if which == "source" else Role.CHROME
        kind, reason = (None, "names the source") if which == "source" else (Chrome.MORE, Chrome.MORE.value)
        return (_plain(line, 0, len(line[:at].rstrip())), _Shape(at, len(line), role, reason, kind))
    return (_plain(line, 0, len(line)),)


def _plain(line: str, begin: int, end: int) -> _Shape:
    """A part of a line that nothing is glued to."""
    text = line[begin:end]
    if end - begin <= _LONG:
        if chrome.SOURCE_LINE.fullmatch(text):
            return _Shape(begin, end, Role.SOURCE, "names the source")
        if kind := chrome.chrome_of(text):
            return _Shape(begin, end, Role.CHROME, kind.value, kind)
    return _Shape(
        begin,
        end,
        Role.TEXT,
        "text",
        None,
        prose.prose(text),
        _headline(text) if end - begin <= _LONG else 0.0,
        prose.cut_off(text),
    )


def _headline(text: str) -> float:
    """`prose.headline`, but an appointment ("Sunday, 12 May 2024, 19:00-20:15") is none, nor are digits."""
    likeness = prose.headline(text)
    if not likeness:
        return 0.0
    found = dates.dates_in(text)
    rest = text[: found[0].start] + text[found[0].end :] if found else text
    return likeness if len(_WORD.findall(rest)) >= 2 else 0.0
