"""Which of the possible beginnings are real: the reading of the page that explains its lines best.

A dynamic programme over the lines (Viterbi 1967) with two states, inside an article and outside; it finds
the best reading of the whole page instead of deciding line by line.
"""

from __future__ import annotations

from dataclasses import dataclass

from worker.intake.segment.heads import WEIGHTS, Head
from worker.intake.segment.lines import Line, Role
from worker.intake.shapes import prose
from worker.intake.shapes.chrome import Chrome

#: What a line is worth inside an article, and outside. Dropping running text costs more than keeping a scrap:
#: a reader forgives a stray line sooner than a missing paragraph.
_INSIDE_CHROME = {Chrome.SECTION: -1.5, Chrome.NAVIGATION: -1.0, Chrome.LISTING: -1.5, Chrome.LEGAL: -0.75}
_LONG_SCRAP = 7  # words; an unfinished line this long is a truncated sentence rather than a menu item


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One article as a run of lines: its head, and the line behind its last."""

    head: Head
    end: int


@dataclass(slots=True)
class _Path:
    """The best reading up to a line that ends in one state. `begun`: an article was met on the way."""

    score: float
    begun: bool
    head: Head | None  #: of the article we are inside of
    since: _Path | None  #: the path before that article (or the last one), for walking back
    end: int = 0


def _inside(line: Line) -> float:
    if line.role is Role.TEXT:
        if line.prose:
            return 0.2 if line.cut else 1.0
        if prose.bulleted(line.text) or line.text.endswith(":"):
            return 0.5
        return 0.3 if prose.word_count(line.text) >= _LONG_SCRAP else -0.1
    if line.role is Role.CHROME and line.chrome is not None:
        return _INSIDE_CHROME.get(line.chrome, 0.0)
    return {Role.DATE: -1.0, Role.TEASER: -3.0, Role.SOURCE: 0.1}.get(line.role, 0.0)


def _outside(line: Line) -> float:
    if line.role is not Role.TEXT:
        return 0.0
    if line.prose:
        return 0.0 if line.cut else -1.5
    return -0.3 if prose.word_count(line.text) >= _LONG_SCRAP and not line.headline else 0.0


def choose(lines: list[Line], heads: dict[int, list[Head]]) -> list[Stretch]:
    """The articles of the page in order."""
    size = len(lines)
    outside: list[_Path | None] = [None] * (size + 1)
    inside: list[_Path | None] = [None] * (size + 1)
    outside[0] = _Path(0.0, begun=False, head=None, since=None)
    for at in range(size):
        for head in heads.get(at, ()):
            for path in (outside[at], inside[at]):
                if path:
                    _offer(inside, head.body + 1, _begin(path, head, lines, at))
        if path := inside[at]:
            value = _inside(lines[at])
            _offer(
                inside,
                at + 1,
                _Path(path.score + value, begun=True, head=path.head, since=path.since, end=at + 1),
            )
            _offer(outside, at + 1, _leave(path, at, _outside(lines[at])))
        if path := outside[at]:
            _offer(
                outside,
                at + 1,
                _Path(path.score + _outside(lines[at]), path.begun, None, path.since, path.end),
            )
    last = max((path for path in (inside[size], outside[size]) if path), key=lambda path: path.score)
    return _walk_back(last if last.head is None else _leave(last, size, 0.0))


def _offer(row: list[_Path | None], at: int, path: _Path) -> None:
    here = row[at]
    if here is None or path.score > here.score:
        row[at] = path


def _begin(path: _Path, head: Head, lines: list[Line], at: int) -> _Path:
    came = path if path.head is None else _leave(path, at, 0.0)
    first = 0.0 if came.begun else WEIGHTS["first on the page"]
    score = came.score + head.score + first + _inside(lines[head.body])
    return _Path(score, begun=True, head=head, since=came, end=head.body + 1)


def _leave(path: _Path, at: int, value: float) -> _Path:
    return _Path(path.score + value, begun=True, head=None, since=path, end=at)


def _walk_back(path: _Path | None) -> list[Stretch]:
    stretches: list[Stretch] = []
    while path is not None:
        if path.head is not None:
            stretches.append(Stretch(head=path.head, end=path.end))
        path = path.since
    return stretches[::-1]
