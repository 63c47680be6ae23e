"""A page as labelled lines: what each one is by its own shape, before anybody asks where articles begin."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from worker.intake.shapes import chrome, dates, prose
from worker.intake.shapes.chrome import Chrome
from worker.model import Page


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


_LABEL = re.compile(r"([^\W\d_][\w ]{2,24}?)\s?:\s+(\S.{0,80})")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DIGITS = re.compile(r"\d+")
_TEASER_DATES = 3  # so many dates on one line are a list of headlines, not an article
_REPEATED = 3  # a short line that stands on a page so often is part of its frame
_BYLINE = 30  # characters that may stand before a date without being a headline
_LONG = 260  # characters; a longer line is no headline, no date and no label
_FOLDED = 60  # in lines up to this length, numbers do not count when lines are compared ("1,204 views")


def lines_of(page: Page) -> list[Line]:
    """The lines of a page in order, glued parts taken asunder, each with its role."""
    month_first = dates.month_first(page.text)
    # A date after the capture is that of an event to come, not of the page; a day is left for zones.
    latest = page.captured + timedelta(days=1) if page.captured and page.captured < date.max else date.max
    raw = _raw(page)
    recurring = _recurring([text for _, _, text in raw])
    lines: list[Line] = []
    for start, gap, text in raw:
        shapes = _shapes(text, month_first)
        if any(shape.day is not None and shape.day > latest for shape in shapes):
            shapes = (_plain(text, 0, len(text)),)
        for shape in shapes:
            line = Line(
                start + shape.begin,
                start + shape.end,
                text[shape.begin : shape.end],
                gap if shape.begin == 0 else 0,
                *shape[2:8],
            )
            lines.append(_framed(line, recurring) if recurring and shape.role is Role.TEXT else line)
    if len(lines) > 1 and _cut_short(page, *lines[-2:]):
        lines[-1] = lines[-1]._replace(prose=True, headline=0.0, reason="cut short by the end of the page")
    return lines


def _raw(page: Page) -> list[tuple[int, int, str]]:
    """Offset, blank lines before it, and text of every line that has any."""
    lines = []
    gap, at = 0, page.header
    for line in page.text[page.header :].split("\n"):
        if stripped := line.strip():
            lines.append((at + len(line) - len(line.lstrip()), gap, stripped))
            gap = 0
        elif at > page.header:
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


def _shapes(line: str, month_first: bool) -> tuple[_Shape, ...]:
    """A line taken asunder: date and title, title and date, text and source or read-more link."""
    return _short(line, month_first) if len(line) <= _LONG else _long(line)


def _long(line: str) -> tuple[_Shape, ...]:
    """Running text, a list of headlines, or a copyright notice."""
    end, ended = len(line), prose.ended(line)
    if not ended and _is_teaser_list(line):
        return (_Shape(0, end, Role.TEASER, _TEASER),)
    if chrome.chrome_of(line):
        return (_Shape(0, end, Role.CHROME, Chrome.LEGAL.value, Chrome.LEGAL),)
    if chrome.glued(line):
        return _unglued(line)
    return (_Shape(0, end, Role.TEXT, "text", None, prose.prose(line), 0.0, ended and prose.cut_off(line)),)


def _is_teaser_list(line: str) -> bool:
    """Whether so many dates stand on a line that it must be a list of headlines."""
    maybe = line.count("20") + line.count("19") >= _TEASER_DATES  # far cheaper than looking for dates
    return maybe and len(dates.dates_in(line, most=_TEASER_DATES)) == _TEASER_DATES


@lru_cache(maxsize=8192)  # the frames of a site come again on every page of it
def _short(line: str, month_first: bool) -> tuple[_Shape, ...]:
    end = len(line)
    if line.isascii() and line.isalpha():  # a single word
        return (_plain(line, 0, end),)
    if found := dates.date_line(line, month_first=month_first):
        return (_Shape(0, end, Role.DATE, _DATE, day=found.date.wall.date()),)
    if end > 60 and not prose.ended(line) and _is_teaser_list(line):
        return (_Shape(0, end, Role.TEASER, _TEASER),)
    lead = dates.leading_date(line, month_first=month_first)
    if lead and (rest := line[lead.end :].lstrip()):
        date_part = _Shape(0, lead.end, Role.DATE, _DATE, day=lead.date.wall.date())
        return (date_part, _plain(line, end - len(rest), end))
    if found := dates.trailing_date(line, month_first=month_first):
        title = len(_TAIL.sub("", line[: found.start]))
        day = found.date.wall.date()
        if prose.headline(line[:title]) >= 1.0:
            return _plain(line, 0, title), _Shape(found.start, end, Role.DATE, _DATE, day=day)
        if title <= _BYLINE:  # "City desk – 3 May 2026"
            return (_Shape(0, end, Role.DATE, _DATE, day=day),)
    return _unglued(line)


_TAIL = re.compile(r"[\s|–—(·•-]+$")  # between a title and the date behind it
_DATE = "a date and nothing else"
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
    """`prose.headline`, but an appointment ("Saturday, 30 March 2019, 20:30-21:30") is none."""
    likeness = prose.headline(text)
    if likeness and (found := dates.dates_in(text)):
        rest = text[: found[0].start] + text[found[0].end :]
        return likeness if len(_WORD.findall(rest)) >= 2 else 0.0
    return likeness


# ── What recurs on the page ─────────────────────────────────────────────────────────────────────────


def _recurring(texts: list[str]) -> frozenset[str]:
    """The lines and the labels ("Content type:") that recur on the page.

    A headline recurs where lists point to it, and a whole article may stand twice, so these need more.
    """
    keys = [_key(text) for text in texts]
    counts = Counter(keys)
    more = {key for key, count in counts.items() if count > 1 and key}
    labels = Counter(found[1] + ":" for text in set(texts) if (found := _label(text)))
    often = {label for label, count in labels.items() if count > 1}
    if more:
        doubled = {key for pair in pairwise(keys) if more.issuperset(pair) for key in pair}
        often |= {key for key in more if counts[key] >= _enough(key, doubled)}
    return frozenset(often)


def _key(text: str) -> str:
    if len(text) > _FOLDED:
        return text if len(text) <= 300 else ""
    return _DIGITS.sub("0", text)


def _enough(key: str, doubled: set[str]) -> int:
    if prose.headline(key) >= 1.0:
        return 5
    return 2 if prose.prose(key) and key not in doubled else _REPEATED


def _label(text: str) -> re.Match[str] | None:
    """A line of page data: a label and a few words that make no sentence."""
    found = _LABEL.fullmatch(text) if len(text) <= 110 and ":" in text else None
    return found if found and not prose.ended(text) and prose.word_count(found[2]) <= 8 else None


def _framed(line: Line, recurring: frozenset[str]) -> Line:
    """A line of text that turns out to belong to the frame, because the page repeats it."""
    if _key(line.text) in recurring:
        reason = "recurs on this page"
    elif (label := _label(line.text)) and label[1] + ":" in recurring:
        reason = f"page data: {label[1]}"
    else:
        return line
    return line._replace(role=Role.CHROME, chrome=Chrome.META, reason=reason, prose=False, headline=0.0, cut=False)
