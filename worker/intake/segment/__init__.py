"""segment: a page → pieces with offsets; every character belongs to exactly one piece.

shape   what a line looks like by itself        ordinary  lines that show no sign of being anything but text
glue    where parts meet that were run together
frame   what the page or its site repeats       lines     the page as labelled lines
marked  what HTML says of its lines             rhythm    the habits of the page
heads   where an article could begin            evidence  what speaks for that, named and weighed
choose  the best reading of the whole page      tile      that reading as pieces without gap or overlap
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from worker.intake.segment.choose import choose, worth_of
from worker.intake.segment.heads import heads_of, held_together
from worker.intake.segment.lines import lines_of
from worker.intake.segment.marked import mark
from worker.intake.segment.rhythm import rhythm_of
from worker.intake.segment.tile import split_of, whole
from worker.model import Frame, Kind, Limits, Page, Piece, Site, Split, Verdict

EMPTY: Frame = MappingProxyType({})
RECIPE = 2  # the number of this way of cutting pages; raised whenever a page could come out otherwise


def segment(page: Page, frame: Frame = EMPTY, site: Site | None = None, *, most: int = Limits().pieces) -> Split:
    """Cut a page into pieces that tile its text; `frame` is what its host is known to repeat, `site` its profile.

    The verdict is `article` or `listing` by the number of articles, `no-article` where none was found and
    `rejected` where the page cannot be read. A page has at most `most` pieces, and one more that is rejected.
    Never raises for any text.
    """
    if page.rejected is not None:
        return Split(verdict=Verdict.REJECTED, pieces=whole(page, Kind.REJECTED, page.rejected), cuts=())
    end = _end_of_lines(page, most)
    if end < len(page.text):
        split = segment(replace(page, text=page.text[:end]), frame, site, most=most)
        reason = f"more than {most} lines: raise [limits] pieces to read them"
        return replace(split, pieces=(*split.pieces, Piece(end, len(page.text), Kind.REJECTED, reason)))
    lines = lines_of(page, frame, site)
    if not lines:
        return Split(verdict=Verdict.NO_ARTICLE, pieces=whole(page, Kind.CHROME, "no text"), cuts=())
    if page.marks or page.stated:
        mark(page, lines)
    rhythm = rhythm_of(lines)
    heads = heads_of(lines, rhythm)
    worth = worth_of(lines)
    chosen = choose(lines, heads, worth)
    if (held := held_together(heads, [stretch.head for stretch in chosen], rhythm)) is not None:
        chosen = choose(lines, held, worth)
    return split_of(page, lines, chosen, rhythm)


def _end_of_lines(page: Page, most: int) -> int:
    """Where the line behind the last of so many lines begins, blank ones included; the end where there are fewer."""
    if page.text.count("\n", page.header) < most:
        return len(page.text)
    end = page.header
    for _ in range(most):
        end = page.text.index("\n", end) + 1
    rest = page.text[end:]
    return end + len(rest) - len(rest.lstrip())  # white space goes with the piece before
