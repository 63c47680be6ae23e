"""What the markup of an HTML page says of its lines: evidence for the same reading that plain text gets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from worker.intake.segment.lines import Line
from worker.intake.segment.shape import CHROME, DATE, TEXT
from worker.intake.shapes import prose
from worker.intake.shapes.chrome import Chrome
from worker.model import Mark, Markup, Page

_LINKED = 0.9  # of a line's characters that make it a link as a whole
_A_LIST = 3  # so many links in a row are a list of them
_SHORTEST_TITLE, _LONGEST_TITLE = 8, 300  # characters


def mark(page: Page, lines: list[Line]) -> None:
    """Relabel, in place, lines by the marks of their page, and by the title that it states."""
    starts = [line.start for line in lines]
    links = [0] * len(lines)
    for told in page.marks:
        for at in _under(lines, starts, told):
            if told.kind is Markup.LINK:
                links[at] += min(told.end, lines[at].end) - max(told.start, lines[at].start)
            else:
                lines[at] = _told(lines[at], told)
    _link_lists(lines, [linked >= _LINKED * len(line.text) for line, linked in zip(lines, links, strict=True)])
    _stated_title(page, lines)


def _under(lines: list[Line], starts: list[int], told: Mark) -> Iterator[int]:
    """The lines that a mark covers for the most part."""
    first = max(0, bisect_right(starts, told.start) - 1)
    for at in range(first, bisect_left(starts, told.end)):
        line = lines[at]
        common = min(told.end, line.end) - max(told.start, line.start)
        if common * 2 > line.end - line.start or (told.kind is Markup.TIME and common > 0 and len(line.text) < 120):
            yield at


def _told(line: Line, told: Mark) -> Line:
    match told.kind:
        case Markup.ASIDE:
            return _chrome(line, "in a part of the page that is no article", Chrome.NAVIGATION)
        case Markup.CAPTION:
            return _chrome(line, "caption of a picture", Chrome.CREDIT)
        case Markup.HEADING if line.role in {TEXT, CHROME} and len(line.text) <= _LONGEST_TITLE:
            if line.role is CHROME and line.chrome is not Chrome.LISTING:
                return line
            return line._replace(heading=int(told.value or 6), headline=max(line.headline, 0.4), prose=False)
        case Markup.TIME if line.role is TEXT and not line.heading:
            return line._replace(role=DATE, reason="a time element", prose=False, headline=0.0)
        case Markup.ITEM if line.start - told.start < 3:
            return line._replace(item=True)
    return line


def _chrome(line: Line, why: str, kind: Chrome) -> Line:
    return line._replace(role=CHROME, reason=why, chrome=kind, prose=False, headline=0.0, cut=False)


def _link_lists(lines: list[Line], linked: list[bool]) -> None:
    """Links that stand in a row, or alone between two paragraphs, lead to other articles."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and linked[end] and lines[end].role is TEXT and not lines[end].heading:
            end += 1
        inline = end == at + 1 and _prose_near(lines, at, -1) and _prose_near(lines, at, 1)
        if end - at >= _A_LIST or inline:
            for near in range(at, end):
                lines[near] = _chrome(lines[near], Chrome.RELATED.value, Chrome.RELATED)
        at = max(end, at + 1)


def _prose_near(lines: list[Line], at: int, step: int) -> bool:
    """Whether the next line of text in a direction is running text."""
    near = at + step
    while 0 <= near < len(lines) and lines[near].role is CHROME:
        near += step
    return 0 <= near < len(lines) and lines[near].prose


def _stated_title(page: Page, lines: list[Line]) -> None:
    """Find the title of a page that says of itself to be one article: what JSON-LD or Open Graph state as its
    title, which sites lengthen by their own name, or else its one top heading.
    """
    if page.stated is None or page.stated.published is None:
        return  # it may be a listing, whatever title it states
    stated = page.stated.title or ""
    found = [at for at, line in enumerate(lines) if line.role is TEXT and _says(line.text, stated)]
    if not found:
        found = [at for at, line in enumerate(lines) if line.heading == 1]
        found = found if len(found) == 1 else []
    if found:
        at = max(found, key=lambda at: (lines[at].heading == 1, bool(lines[at].heading), -at))
        lines[at] = lines[at]._replace(stated=True, headline=1.0, prose=False)
        _leave_rest(page, lines, at)


def _says(line: str, title: str) -> bool:
    return len(line) > _SHORTEST_TITLE and (prose.same_words(line, title) or title.startswith(line))


def _leave_rest(page: Page, lines: list[Line], title: int) -> None:
    """What stands outside the article element of a page with one article is none of it."""
    around = [m for m in page.marks if m.kind is Markup.ITEM and m.start <= lines[title].start < m.end]
    if not around:
        return
    item = max(around, key=lambda mark: mark.end - mark.start)
    told = sum(len(line.text) for line in lines if line.prose)
    within = sum(len(line.text) for line in lines if line.prose and item.start <= line.start < item.end)
    if within * 2 < told:
        return
    for at, line in enumerate(lines):
        if line.role is TEXT and not item.start <= line.start < item.end:
            lines[at] = _chrome(line, "outside the article element", Chrome.NAVIGATION)
