"""Where an article could begin, and what speaks for it.

A head is what stands before a text: title, date, and the chrome between them, in any order. Each possible
head gets a score, the sum of named pieces of evidence, so that a person can follow every decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from worker.intake.segment.lines import Line, Role
from worker.intake.shapes import prose
from worker.intake.shapes.chrome import Chrome

#: Evidence for an article that begins here. The unit is one paragraph of running text, which is what
#: `choose` wins by keeping one. Set by hand on labelled pages and kept to quarters: a beginning must be
#: worth its cost, which takes two independent signs that agree.
WEIGHTS = {
    "cost of a beginning": -2.5,
    "first on the page": 2.5,
    "date line": 3.0,
    "title": 2.0,
    "short title": 0.75,
    "title printed twice": 2.5,
    "text repeats its title": 1.5,
    "dateline": 1.5,
    "behind the end of another": 1.5,
    "wide gap": 1.0,
    "page of undated posts": 1.5,
    "text before is complete": 0.5,
    "text before is not complete": -0.5,
    "text before announces more": -2.0,
    "running text": 0.5,
    "scrap of text": -1.0,
    "text is cut off": -1.0,
    "text begins in mid-sentence": -2.0,
    "title stands tight in the text": -2.0,
    "title that may be a sub-heading": -1.0,
    "behind an excerpt": 1.5,
    "neither title nor date": -1.0,
}
_MOST_INNER = 10  # lines of chrome between title, date and text: a share bar, credits, page data

#: Chrome that may stand between a title and its text.
_INNER = frozenset({Chrome.CREDIT, Chrome.SHARE, Chrome.META, Chrome.NAVIGATION})
#: Chrome that closes an article; what comes next is likely to be another.
_CLOSING = frozenset({Chrome.LEGAL, Chrome.MORE, Chrome.META, Chrome.SECTION})


class Head(NamedTuple):
    """A possible beginning: indices of lines, the evidence by name, and its sum in paragraphs."""

    at: int
    body: int  #: the first line of the text
    title: int | None
    date: int | None
    evidence: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What holds for the whole page."""

    gap: int  #: blank lines between paragraphs, as a rule
    undated_posts: bool  #: posts here may lack their date, so a lone title can begin one
    search: bool  #: results of a search: snippets of articles that are elsewhere


def rhythm_of(lines: list[Line]) -> Rhythm:
    """The habits of a page, from its lines."""
    gaps = [line.gap for before, line in pairwise(lines) if before.prose and line.prose]
    dated = [i for i, line in enumerate(lines) if line.role is Role.DATE]
    bare = [i for i in dated if not _has_title(lines, i)]
    archive = any(line.chrome is Chrome.LISTING for line in lines[:8])
    told = [line for line in lines if line.prose]
    snippets = sum(line.cut for line in told) * 3 >= len(told) * 2
    return Rhythm(
        gap=median_low(gaps) if gaps else 0,
        undated_posts=archive
        or (len(bare) >= 2 and len(bare) * 2 >= len(dated))
        or sum(_lone_title_behind_an_end(lines, at) for at in range(1, len(lines) - 1)) >= 2,
        search=snippets and any(line.chrome is Chrome.SEARCH for line in lines[:12]),
    )


def _has_title(lines: list[Line], date: int) -> bool:
    return any(
        0 <= near < len(lines) and lines[near].headline >= 1.0 and not lines[near].prose
        for near in (date - 1, date + 1)
    )


def _lone_title_behind_an_end(lines: list[Line], at: int) -> bool:
    before, line, after = lines[at - 1 : at + 2]
    ends = before.role is Role.CHROME and before.chrome in _CLOSING
    return ends and line.headline >= 1.0 and not line.prose and after.role is not Role.DATE


def heads_of(lines: list[Line], rhythm: Rhythm) -> dict[int, list[Head]]:
    """All beginnings worth weighing, by the line at which they begin."""
    heads: dict[int, list[Head]] = {}
    if rhythm.search:
        return heads
    told = False  # whether the line before is running text
    for at, line in enumerate(lines):
        if line.headline or (line.prose and not told) or line.role is Role.DATE:
            found = [_head(lines, at, shape, rhythm) for shape in _shapes(lines, at)]
            if found:
                heads[at] = found
        told = line.prose
    return heads


def _head(lines: list[Line], at: int, shape: _Shape, rhythm: Rhythm) -> Head:
    body, title, date = shape
    evidence = _evidence(lines, (at, *shape), rhythm)
    return Head(at, body, title, date, evidence, sum(map(WEIGHTS.__getitem__, evidence)))


#: The first line of the text, the title, the date.
_Shape = tuple[int, int | None, int | None]


def _shapes(lines: list[Line], at: int) -> Iterator[_Shape]:
    """The ways to read a head at a line: (first line of the text, title, date)."""
    after = _next(lines, at)
    if lines[at].role is Role.DATE:
        if after is not None and lines[after].role is Role.TEXT:
            yield after, None, at
            if lines[after].headline and (body := _text_after(lines, after)) is not None:
                yield body, after, at
        return
    if lines[at].headline and after is not None:
        yield from _titled(lines, at, after)
    if lines[at].prose and not (at and lines[at - 1].prose):
        yield at, None, None


def _titled(lines: list[Line], at: int, after: int) -> Iterator[_Shape]:
    """A title, then a date or the text; or the title a second time."""
    if lines[after].role is Role.DATE:
        if (body := _text_after(lines, after)) is not None:
            yield body, at, after
    elif lines[after].role is Role.TEXT:
        yield after, at, None
    if lines[after].headline and prose.same_words(lines[at].text, lines[after].text):
        yield from ((body, at, date) for body, _, date in _shapes(lines, after) if body > after)


def _next(lines: list[Line], at: int) -> int | None:
    """The next line that is no chrome of a head."""
    for near in range(at + 1, min(at + 2 + _MOST_INNER, len(lines))):
        if lines[near].role is not Role.CHROME or lines[near].chrome not in _INNER:
            return near
    return None


def _text_after(lines: list[Line], at: int) -> int | None:
    after = _next(lines, at)
    return after if after is not None and lines[after].role is Role.TEXT else None


def _evidence(lines: list[Line], head: tuple[int, int, int | None, int | None], rhythm: Rhythm) -> tuple[str, ...]:
    """The names of all that speaks for and against a head."""
    at, body, title, date = head
    before, first = (lines[at - 1] if at else None), lines[body]
    closed = before is not None and before.role is Role.CHROME and before.chrome in _CLOSING
    names = ["cost of a beginning"]
    if date is not None:
        names.append("date line")
    if title is not None:
        names += _of_title(lines, at, body, title)
        if date is None:
            apart = closed or before is None or before.role is not Role.TEXT
            names += _of_lone_title(apart or (lines[at].gap > 0 and first.gap > 0), closed, rhythm)
    elif date is None:
        names.append("neither title nor date")
    if closed:
        names.append("behind the end of another")
    elif before is not None and before.role is Role.TEXT:
        names.append(_of_text_before(before))
    if lines[at].gap > rhythm.gap:
        names.append("wide gap")
    if prose.DATELINE.match(first.text):
        names.append("dateline")
    names.append(_of_text(first))
    return tuple(names)


def _of_lone_title(apart: bool, closed: bool, rhythm: Rhythm) -> tuple[str, ...]:
    """A title without a date may as well be a sub-heading."""
    if not apart:
        return ("title stands tight in the text",)
    if rhythm.undated_posts:
        return ("page of undated posts",)
    return () if closed else ("title that may be a sub-heading",)


def _of_title(lines: list[Line], at: int, body: int, title: int) -> Iterator[str]:
    yield "title" if lines[title].headline >= 1.0 else "short title"
    twice = at + 1 < body and any(
        near != title and lines[near].role is Role.TEXT and prose.same_words(lines[near].text, lines[title].text)
        for near in range(at, body)
    )
    if twice:
        yield "title printed twice"
    if prose.repeats(lines[title].text, lines[body].text):
        yield "text repeats its title"


def _of_text_before(before: Line) -> str:
    if before.cut:
        return "behind an excerpt"
    if before.text[-1] in ":,;–—-":
        return "text before announces more"
    return "text before is complete" if prose.ended(before.text) else "text before is not complete"


def _of_text(first: Line) -> str:
    if not prose.opens(first.text):
        return "text begins in mid-sentence"
    if first.cut:
        return "text is cut off"
    return "running text" if first.prose else "scrap of text"
