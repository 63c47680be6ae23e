"""The reading of a page as pieces that tile it: no gap, no overlap, white space with the piece before it."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """What a line became."""

    line: Line
    kind: Kind
    reason: str


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
        return _Mark(line=line, kind=_ROLE_KIND[line.role], reason=line.reason)
    if line.headline:
        return _Mark(line=line, kind=Kind.TEASER, reason="a headline without its text")
    return _Mark(line=line, kind=Kind.CHROME, reason="outside any article")


def _article(lines: list[Line], stretch: Stretch) -> tuple[list[_Mark], Cut | None]:
    head, end = stretch.head, stretch.end
    while end > head.body + 1 and lines[end - 1].role is not Role.TEXT:
        end -= 1  # what closes an article is no part of its text
    body = [line for line in lines[head.body : end] if line.role is Role.TEXT]
    if reason := _too_little(head, body):
        scraps = [_outside(line) for line in lines[head.at : stretch.end]]
        kept = [mark.kind in (Kind.DATE, Kind.SOURCE) or not mark.line.prose for mark in scraps]
        return [
            mark if keep else _Mark(line=mark.line, kind=Kind.REJECTED, reason=reason)
            for mark, keep in zip(scraps, kept, strict=True)
        ], None
    evidence = "; ".join(head.evidence[1:])
    marks = [_in_head(lines, at, stretch, evidence) for at in range(head.at, head.body)]
    first = True
    for line in lines[head.body : stretch.end]:
        if line.role is Role.TEXT and line.start < lines[end - 1].end:
            follows = marks and marks[-1].kind in (Kind.ARTICLE, Kind.CONTINUATION)
            kind = Kind.ARTICLE if first else (marks[-1].kind if follows else Kind.CONTINUATION)
            marks.append(_Mark(line=line, kind=kind, reason=evidence if first else "text"))
            first = False
        else:
            marks.append(_outside(line))
    return marks, _cut(lines, stretch, body, evidence)


def _too_little(head: Head, body: list[Line]) -> str | None:
    """Why this is no news item, if so."""
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
        return _Mark(line=line, kind=Kind.TITLE, reason="headline: " + evidence)
    if line.role is Role.TEXT:
        return _Mark(line=line, kind=Kind.TITLE, reason="the headline printed twice")
    return _Mark(line=line, kind=_ROLE_KIND[line.role], reason=line.reason)


def _cut(lines: list[Line], stretch: Stretch, body: list[Line], evidence: str) -> Cut:
    head = stretch.head
    sources = [line for line in lines[head.at : stretch.end] if line.role is Role.SOURCE]
    return Cut(
        body=tuple(Span(start=line.start, end=line.end) for line in body),
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
    for mark in marks:
        same = starts and starts[-1][1] is mark.kind and mark.reason in (starts[-1][2], "text")
        if not same or mark.kind is Kind.TITLE:
            starts.append((mark.line.start, mark.kind, mark.reason))
    first = [(0, kind, reason) for _, kind, reason in starts[:1]]  # leading white space goes with the first
    starts[:1] = first
    ends = [start for start, _, _ in starts[1:]] + [len(page.text)]
    return tuple(
        Piece(start=start, end=end, kind=kind, reason=reason)
        for (start, kind, reason), end in zip(starts, ends, strict=True)
    )
