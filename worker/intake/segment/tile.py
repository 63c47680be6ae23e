"""The reading of a page as pieces that tile it: no gap, no overlap, white space with the piece before it."""

from __future__ import annotations

import re
from dataclasses import replace

from worker.intake.segment.choose import Stretch
from worker.intake.segment.evidence import Head
from worker.intake.segment.lines import TOO_LATE, Line
from worker.intake.segment.rhythm import Rhythm
from worker.intake.segment.shape import CHROME, CLOCK, DATE, SOURCE, TEASER, TEXT
from worker.intake.shapes import dates, prose
from worker.intake.shapes.chrome import Chrome
from worker.model import Cut, Kind, Page, Piece, Span, Split, Verdict

#: Fewer words than this without a title and a date are a scrap and no news item (a cookie notice, a slogan).
_FEWEST_BARE = 20
_FEWEST_UNDATED = 13
_FEWEST_ALIKE = 9
_FEWEST = 4

_CONTINUED = (Kind.CONTINUATION, "text")

_ROLE_KIND = {
    DATE: Kind.DATE,
    SOURCE: Kind.SOURCE,
    TEASER: Kind.TEASER,
    CHROME: Kind.CHROME,
}


_TELLING = 3  # words of a title that no ordinary sentence repeats by chance …
_AROUND = 80  # … with so many characters around it
_AUTHOR = re.compile(r"^\S+\s+(\w[\w.'’-]*(?:\s+\w[\w.'’-]*){1,2})")

_BYLINE = Chrome.BYLINE
#: What a line became: its kind, and why.
_Mark = tuple[Kind, str]


class _Tiles:
    """The pieces as they come up: one a run of lines of the same kind, except that each title and each
    article has its own. The crawler's own header is the first piece.
    """

    def __init__(self, page: Page) -> None:
        self._end = len(page.text)
        self._starts: list[tuple[int, Kind, str]] = []
        if page.header:
            self._starts.append((0, Kind.CHROME, "the crawler's own header"))

    def add(self, line: Line, mark: _Mark) -> None:
        """A line, in the order of the page."""
        kind, reason = mark
        starts = self._starts
        if not starts:
            starts.append((0, kind, reason))  # leading white space goes with the first
            return
        _, last_kind, last_reason = starts[-1]
        if kind is not last_kind or kind is Kind.TITLE or kind is Kind.ARTICLE or reason != last_reason:
            starts.append((line.start, kind, reason))

    def pieces(self) -> tuple[Piece, ...]:
        """All of them; each ends where the next one starts."""
        starts = [start for start, _, _ in self._starts]
        kinds, reasons = [kind for _, kind, _ in self._starts], [reason for _, _, reason in self._starts]
        return tuple(map(Piece._make, zip(starts, [*starts[1:], self._end], kinds, reasons, strict=True)))


def whole(page: Page, kind: Kind, reason: str) -> tuple[Piece, ...]:
    """The page as a single piece. An empty page has none, unless there is something to say of it."""
    said = page.text or kind is Kind.REJECTED
    return (Piece(start=0, end=len(page.text), kind=kind, reason=reason),) if said else ()


def split_of(page: Page, lines: list[Line], stretches: list[Stretch], rhythm: Rhythm) -> Split:
    """Pieces and cuts from the chosen articles."""
    tiles = _Tiles(page)
    cuts: list[Cut] = []
    at = 0
    for stretch in stretches:
        for line in lines[at : stretch.head.at]:
            tiles.add(line, _outside(line))
        if cut := _article(tiles, lines, stretch, rhythm):
            late = None if cut.date else _too_late(lines, at, stretch.head)
            cuts.append(replace(cut, date=late) if late else cut)
        at = stretch.end
    for line in lines[at:]:
        tiles.add(line, _outside(line))
    if len(cuts) == 1:
        cuts = [replace(cuts[0], sole=True)]
    verdict = (Verdict.NO_ARTICLE, Verdict.ARTICLE, Verdict.LISTING)[min(len(cuts), 2)]
    return Split(verdict=verdict, pieces=tiles.pieces(), cuts=tuple(cuts))


def _outside(line: Line) -> _Mark:
    if line.role is not TEXT:
        return _ROLE_KIND[line.role], line.reason
    if line.reason == TOO_LATE:
        return Kind.DATE, TOO_LATE
    if line.headline:
        return Kind.TEASER, "a headline without its text"
    return Kind.CHROME, "outside any article"


def _article(tiles: _Tiles, lines: list[Line], stretch: Stretch, rhythm: Rhythm) -> Cut | None:
    head, end = stretch.head, stretch.end
    _tell_frame(lines, stretch)
    while end > head.body + 1 and lines[end - 1].role is not TEXT:
        end -= 1  # what closes an article is no part of its text
    body = [line for line in lines[head.body : end] if line.role is TEXT]
    if reason := _too_little(head, body):
        for line in lines[head.at : stretch.end]:
            tiles.add(line, _rejected(line, reason))
        return None
    evidence = "; ".join(head.evidence[1:])
    for at in range(head.at, head.body):
        tiles.add(lines[at], _in_head(lines, at, stretch, evidence))
    tiles.add(lines[head.body], (Kind.ARTICLE, evidence))
    unbroken = True  # as long as no chrome stands within the text
    for line in lines[head.body + 1 : stretch.end] if len(body) < stretch.end - head.body else ():
        if line.role is not TEXT:
            tiles.add(line, _outside(line))
            unbroken = False
        elif not unbroken:
            tiles.add(line, _CONTINUED)
    return _cut(lines, stretch, body, evidence, _date_behind(lines, stretch) if rhythm.trailing else head.date)


def _tell_frame(lines: list[Line], stretch: Stretch) -> None:
    """Relabel, in place, what an article's own title and author give away as frame within its text."""
    head = stretch.head
    title = lines[head.title].text.casefold() if head.title is not None else ""
    last = next((at for at in range(stretch.end - 1, head.body, -1) if lines[at].role is TEXT), None)
    if title and prose.word_count(title) >= _TELLING:
        longest = len(title) + _AROUND
        for at, line in enumerate(lines[head.body + 1 : stretch.end], head.body + 1):
            if line.end - line.start <= longest and line.role is TEXT and title in line.text.casefold():
                lines[at] = _as_chrome(line, "repeats the headline")
    if last is None:
        return
    for line in lines[head.at : head.body]:
        if line.chrome is _BYLINE and (name := _AUTHOR.search(line.text)) and lines[last].text.startswith(name[1]):
            lines[last] = _as_chrome(lines[last], "about the author")
            break


def _as_chrome(line: Line, why: str) -> Line:
    return line._replace(role=CHROME, reason=why, chrome=Chrome.META, prose=False, headline=0.0)


def _rejected(line: Line, reason: str) -> _Mark:
    """A line of what looked like an article and is too little; only running text is worth a rejection."""
    return (Kind.REJECTED, reason) if line.prose else _outside(line)


def _too_little(head: Head, body: list[Line]) -> str | None:
    """Why this is no news item, if so."""
    if head.title is not None and _fills(body, 400):
        return None  # the common case, without counting
    bare = head.title is None and head.date is None
    words = sum(prose.word_count(line.text) for line in body if line.prose or not bare)
    dated = head.date is not None or "behind the date of another" in head.evidence
    alike = "like the others on this page" in head.evidence
    fewest = _FEWEST if dated else _FEWEST_ALIKE if alike else _FEWEST_UNDATED if not bare else _FEWEST_BARE
    if words < fewest:
        return f"too little text for an article: {words} words"
    if not any(line.prose for line in body) and (head.date is None or head.title is None):
        return "a headline without its text"
    return None


def _fills(body: list[Line], least: int) -> bool:
    """Whether a text has more than so many characters: mostly its first lines tell."""
    size = 0
    for line in body:
        size += line.end - line.start
        if size > least:
            return True
    return False


def _in_head(lines: list[Line], at: int, stretch: Stretch, evidence: str) -> _Mark:
    line, head = lines[at], stretch.head
    if at == head.title:
        return Kind.TITLE, "headline: " + evidence
    if line.role is not TEXT or line.reason == TOO_LATE:
        return _outside(line)
    if head.title is None:
        return Kind.TITLE, "a line above the text"
    if _nearly_same(lines[head.title].text, line.text):
        return Kind.TITLE, "the headline printed twice"
    return Kind.TITLE, "a line above the headline" if at < head.title else "a line between the headline and the text"


_MOST_OF_IT = 0.6  # of a headline, left when a copy of it is cut short or names the site


def _nearly_same(one: str, other: str) -> bool:
    """Whether two lines are the same headline, one of them perhaps shortened or with a name added."""
    short, long = sorted((one.casefold().rstrip(" .…"), other.casefold().rstrip(" .…")), key=len)
    return prose.same_words(one, other) or (short in long and len(short) >= _MOST_OF_IT * len(long))


def _date_behind(lines: list[Line], stretch: Stretch) -> int | None:
    """The date that closes an article, on a page that puts dates there."""
    for at in range(stretch.head.body + 1, len(lines)):
        if lines[at].role is DATE:
            return at
        if at >= stretch.end and lines[at].role is TEXT:
            break
    return None


def _cut(lines: list[Line], stretch: Stretch, body: list[Line], evidence: str, date: int | None) -> Cut:
    head = stretch.head
    clock = _clock_behind(lines, stretch, date)
    new = tuple.__new__  # of start and end, as they stand in a line: a third of the time of a call by names
    source = next((line for line in lines[head.at : stretch.end] if line.role is SOURCE), None)
    return Cut(
        body=tuple([new(Span, line[:2]) for line in body]),
        title=_span(lines, head.title),
        date=_span(lines, date if clock is None else clock),
        day=_span(lines, _day_above(lines, date) if clock is None else date),
        source=new(Span, source[:2]) if source else None,
        evidence=evidence,
    )


def _too_late(lines: list[Line], free: int, head: Head) -> Span | None:
    """The date line of an article that is no such for being after the capture: why it has no date."""
    above = max(free, head.at - 1)
    return next((_span(lines, at) for at in range(above, head.body) if lines[at].reason == TOO_LATE), None)


def _clock_behind(lines: list[Line], stretch: Stretch, date: int | None) -> int | None:
    """The line behind a post that gives the time to a date which is but a day ("Posted by Ann at 8:42 PM")."""
    if date is None or ":" in lines[date].text:
        return None
    for line in range(stretch.end - 1, min(stretch.end + 3, len(lines))):
        if lines[line].role is CHROME and dates.posted_time(lines[line].text):
            return line
    return None


def _day_above(lines: list[Line], date: int | None) -> int | None:
    """The heading that gives its day to a date line which is but a time of day."""
    if date is None or lines[date].reason != CLOCK:
        return None
    return next((at for at in range(date - 1, -1, -1) if lines[at].role is DATE and lines[at].reason != CLOCK), None)


def _span(lines: list[Line], at: int | None) -> Span | None:
    return None if at is None else tuple.__new__(Span, lines[at][:2])
