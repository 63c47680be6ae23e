"""A page as labelled lines: what each one is by its own shape, before anybody asks where articles begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page, or the part of one that a date, a source or a link was glued to."""

    start: int  #: offsets in the page's text, white space left out
    end: int
    text: str
    gap: int  #: blank lines before it
    role: Role
    reason: str
    chrome: Chrome | None = None
    prose: bool = False
    headline: float = 0.0  #: how much it looks like one, 0 to 1
    cut: bool = False  #: closes with an ellipsis


_LABEL = re.compile(r"([^\W\d_][\w ]{2,24}?)\s?:\s+(\S.{0,80})")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DIGITS = re.compile(r"\d+")
_TEASER_DATES = 3  # so many dates on one line are a list of headlines, not an article
_REPEATED = 3  # a short line that stands on a page so often is part of its frame


def lines_of(page: Page) -> list[Line]:
    """The lines of a page in order, glued parts taken asunder, each with its role."""
    asunder = _Asunder(month_first=dates.month_first(page.text), latest=_latest(page))
    parts = list(_parts(page, asunder))
    repeated = _repeated([text for _, _, text, _, _ in parts])
    lines = [_labelled(part, repeated) for part in parts]
    if len(lines) > 1 and _cut_short(page, *lines[-2:]):
        lines[-1] = replace(lines[-1], prose=True, headline=0.0, reason="cut short by the end of the page")
    return lines


def _cut_short(page: Page, before: Line, last: Line) -> bool:
    """Whether the page breaks off in its last line: it is like the one before, and no newline follows."""
    tail = page.text[last.end :]
    return (
        last.role is Role.TEXT
        and not prose.ended(last.text)
        and "\n" not in tail
        and before.prose
        and before.gap == last.gap
    )


#: Offsets, text, blank lines before it, and the role where gluing or a date has given it away.
_Part = tuple[int, int, str, int, Role | None]


def _parts(page: Page, asunder: _Asunder) -> Iterator[_Part]:
    """Offsets, text, gap and, where gluing or a date gave it away, the role of every part of a line."""
    gap, at = 0, page.header
    for line in page.text[page.header :].split("\n"):
        if stripped := line.strip():
            start = at + len(line) - len(line.lstrip())
            for begin, end, role in asunder(stripped):
                yield start + begin, start + end, stripped[begin:end], gap if begin == 0 else 0, role
            gap = 0
        elif at > page.header:
            gap += 1
        at += len(line) + 1


def _latest(page: Page) -> date:
    """The last day that a page can have been published; a day is left for zones."""
    return page.captured + timedelta(days=1) if page.captured else date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asunder:
    """Takes a line asunder: date and title, title and date, text and source or read-more link."""

    month_first: bool
    latest: date

    def __call__(self, line: str) -> list[tuple[int, int, Role | None]]:
        if self._stated(dates.date_line(line, month_first=self.month_first)):
            return [(0, len(line), Role.DATE)]
        if len(line) > 60 and not prose.ended(line) and len(dates.dates_in(line)) >= _TEASER_DATES:
            return [(0, len(line), Role.TEASER)]
        lead = self._stated(dates.leading_date(line, month_first=self.month_first))
        if lead and (rest := line[lead.end :].lstrip()):
            return [(0, lead.end, Role.DATE), (len(line) - len(rest), len(line), None)]
        if found := self._stated(dates.trailing_date(line, month_first=self.month_first)):
            title = line[: found.start].rstrip(" |–—(·•-")
            if prose.headline(title):
                return [(0, len(title), None), (found.start, len(line), Role.DATE)]
        if tail := chrome.glued(line):
            at, which = tail
            role = Role.SOURCE if which == "source" else Role.CHROME
            return [(0, len(line[:at].rstrip()), None), (at, len(line), role)]
        return [(0, len(line), None)]

    def _stated(self, found: dates.Dated | None) -> dates.Dated | None:
        """A date after the capture is that of an event to come, not of the page."""
        return found if found and found.date.wall.date() <= self.latest else None


def _repeated(texts: list[str]) -> frozenset[str]:
    """The lines and the labels ("Content type:") that recur on the page, numbers aside.

    A headline recurs where lists point to it, and a whole article may stand twice, so these need more.
    """
    keys = [_DIGITS.sub("0", text) if len(text) <= 300 else "" for text in texts]
    counts = Counter(keys)
    doubled = {key for pair in pairwise(keys) if all(counts[key] > 1 for key in pair) for key in pair}
    often = {key for key, count in counts.items() if key and count >= _enough(key, doubled)}
    labels = Counter(found[1] + ":" for text in set(texts) if (found := _label(text)))
    return frozenset(often | {label for label, count in labels.items() if count > 1})


def _enough(key: str, doubled: set[str]) -> int:
    if prose.headline(key) >= 1.0:
        return 5
    return 2 if prose.prose(key) and key not in doubled else _REPEATED


def _label(text: str) -> re.Match[str] | None:
    """A line of page data: a label and a few words that make no sentence."""
    found = _LABEL.fullmatch(text) if len(text) <= 110 else None
    return found if found and not prose.ended(text) and prose.word_count(found[2]) <= 8 else None


def _labelled(part: _Part, repeated: frozenset[str]) -> Line:
    start, end, text, gap, role = part
    kind, reason = None, ""
    if role is None:
        role, kind, reason = _role(text, repeated)
    elif role is Role.CHROME:
        kind, reason = Chrome.MORE, Chrome.MORE.value
    is_text = role is Role.TEXT
    return Line(
        start=start,
        end=end,
        text=text,
        gap=gap,
        role=role,
        reason=reason or _REASONS[role],
        chrome=kind,
        prose=is_text and prose.prose(text),
        headline=_headline(text) if is_text else 0.0,
        cut=is_text and prose.cut_off(text),
    )


def _headline(text: str) -> float:
    """`prose.headline`, but an appointment ("Saturday, 30 March 2019, 20:30-21:30") is none."""
    likeness = prose.headline(text)
    if likeness and (found := dates.dates_in(text)):
        rest = text[: found[0].start] + text[found[0].end :]
        return likeness if len(_WORD.findall(rest)) >= 2 else 0.0
    return likeness


_REASONS = {
    Role.TEXT: "text",
    Role.DATE: "a date and nothing else",
    Role.SOURCE: "names the source",
    Role.TEASER: f"a list of headlines: {_TEASER_DATES} dates or more on one line",
    Role.CHROME: "site chrome",
}


def _role(text: str, repeated: frozenset[str]) -> tuple[Role, Chrome | None, str]:
    if chrome.SOURCE_LINE.fullmatch(text):
        return Role.SOURCE, None, ""
    if kind := chrome.chrome_of(text):
        return Role.CHROME, kind, kind.value
    if len(text) <= 300 and _DIGITS.sub("0", text) in repeated:
        return Role.CHROME, Chrome.META, "recurs on this page"
    if (label := _label(text)) and label[1] + ":" in repeated:
        return Role.CHROME, Chrome.META, f"page data: {label[1]}"
    return Role.TEXT, None, ""
