"""The reading of a page as pieces that tile it: no gap, no overlap, white space with the piece before it."""

from __future__ import annotations

from typing import NamedTuple

from worker.intake.segment.choose import Stretch
from worker.intake.segment.heads import Head
from worker.intake.segment.lines import Line, Role
from worker.intake.shapes import prose
from worker.model import Cut, Kind, Page, Piece, Span, Split, Verdict

#: Fewer words than this without a title and a date are a scrap and no news item (a cookie notice, a slogan).
_FEWEST_BARE = 20
_FEWEST = 4

_ROLE_KIND = {
    Role.DATE: Kind.DATE,
    Role.SOURCE: Kind.SOURCE,
    Role.TEASER: Kind.TEASER,
    Role.CHROME: Kind.CHROME,
}


class _Mark(NamedTuple):
    """What a line became."""

    line: Line
    kind: Kind
    reason: str
    begins: bool = False  #: an article: its piece is never one with the piece before it


def whole(page: Page, kind: Kind, reason: str) -> tuple[Piece, ...]:
    """The page as a single piece; an empty page has none."""
    return (Piece(start=0, end=len(page.text), kind=kind, reason=reason),) if page.text else ()


def split_of(page: Page, lines: list[Line], stretches: list[Stretch]) -> Split:
    """Pieces and cuts from the chosen articles."""
    marks: list[_Mark] = []
    cuts: list[Cut] = []
    at = 0
    for stretch in stretches:
        marks += [_outside(line) for line in lines[at : stretch.head.at]]
        own, cut = _article(lines, stretch)
        marks += own
        if cut:
            cuts.append(cut)
        at = stretch.end
    marks += [_outside(line) for line in lines[at:]]
    verdict = (Verdict.NO_ARTICLE, Verdict.ARTICLE, Verdict.LISTING)[min(len(cuts), 2)]
    return Split(verdict=verdict, pieces=_tiles(page, marks), cuts=tuple(cuts))


def _outside(line: Line) -> _Mark:
    if line.role is not Role.TEXT:
        return _Mark(line, _ROLE_KIND[line.role], line.reason)
    if line.headline:
        return _Mark(line, Kind.TEASER, "a headline without its text")
    return _Mark(line, Kind.CHROME, "outside any article")


def _article(lines: list[Line], stretch: Stretch) -> tuple[list[_Mark], Cut | None]:
    head, end = stretch.head, stretch.end
    while end > head.body + 1 and lines[end - 1].role is not Role.TEXT:
        end -= 1  # what closes an article is no part of its text
    body = [line for line in lines[head.body : end] if line.role is Role.TEXT]
    if reason := _too_little(head, body):
        return [_rejected(line, reason) for line in lines[head.at : stretch.end]], None
    evidence = "; ".join(head.evidence[1:])
    marks = [_in_head(lines, at, stretch, evidence) for at in range(head.at, head.body)]
    marks.append(_Mark(lines[head.body], Kind.ARTICLE, evidence, begins=True))
    kind = Kind.ARTICLE
    for line in lines[head.body + 1 : end]:
        if line.role is Role.TEXT:
            marks.append(_Mark(line, kind, "text"))
        else:
            marks.append(_outside(line))
            kind = Kind.CONTINUATION
    marks += [_outside(line) for line in lines[end : stretch.end]]
    return marks, _cut(lines, stretch, body, evidence)


def _rejected(line: Line, reason: str) -> _Mark:
    """A line of what looked like an article and is too little; only running text is worth a rejection."""
    return _Mark(line, Kind.REJECTED, reason) if line.prose else _outside(line)


def _too_little(head: Head, body: list[Line]) -> str | None:
    """Why this is no news item, if so."""
    if head.title is not None and sum(len(line.text) for line in body) > 400:
        return None  # the common case, without counting
    words = sum(prose.word_count(line.text) for line in body)
    bare = head.title is None and head.date is None
    if words < (_FEWEST_BARE if bare else _FEWEST):
        return f"too little text for an article: {words} words"
    if not any(line.prose for line in body) and (head.date is None or head.title is None):
        return "a headline without its text"
    return None


def _in_head(lines: list[Line], at: int, stretch: Stretch, evidence: str) -> _Mark:
    line, head = lines[at], stretch.head
    if at == head.title:
        return _Mark(line, Kind.TITLE, "headline: " + evidence)
    if line.role is Role.TEXT:
        return _Mark(line, Kind.TITLE, "the headline printed twice")
    return _outside(line)


def _cut(lines: list[Line], stretch: Stretch, body: list[Line], evidence: str) -> Cut:
    head = stretch.head
    sources = [line for line in lines[head.at : stretch.end] if line.role is Role.SOURCE]
    return Cut(
        body=tuple(Span(line.start, line.end) for line in body),
        title=_span(lines, head.title),
        date=_span(lines, head.date),
        source=Span(start=sources[0].start, end=sources[0].end) if sources else None,
        evidence=evidence,
    )


def _span(lines: list[Line], at: int | None) -> Span | None:
    return None if at is None else Span(start=lines[at].start, end=lines[at].end)


def _tiles(page: Page, marks: list[_Mark]) -> tuple[Piece, ...]:
    """One piece a run of lines of the same kind; the crawler's own header is the first piece."""
    starts: list[tuple[int, Kind, str]] = []
    if page.header:
        starts.append((0, Kind.CHROME, "the crawler's own header"))
    last_kind, last_reason = (Kind.CHROME if page.header else None), "the crawler's own header"
    for line, kind, reason, begins in marks:
        if kind is last_kind and not begins and kind is not Kind.TITLE and reason in (last_reason, "text"):
            continue
        starts.append((line.start if starts else 0, kind, reason))  # leading white space goes with the first
        last_kind, last_reason = kind, reason
    ends = [start for start, _, _ in starts[1:]] + [len(page.text)]
    return tuple(Piece(start, end, kind, reason) for (start, kind, reason), end in zip(starts, ends, strict=True))
