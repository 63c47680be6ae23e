"""segment: a page → pieces with offsets; every character belongs to exactly one piece.

frame   what the page repeats
lines   the page as labelled lines          heads   where an article could begin, with evidence
choose  the best reading of the whole page  tile    that reading as pieces without gap or overlap
"""

from __future__ import annotations

from types import MappingProxyType

from worker.intake.segment.choose import choose
from worker.intake.segment.heads import heads_of, held_together
from worker.intake.segment.lines import lines_of
from worker.intake.segment.marked import mark
from worker.intake.segment.rhythm import rhythm_of
from worker.intake.segment.tile import split_of, whole
from worker.model import Frame, Kind, Page, Site, Split, Verdict

EMPTY: Frame = MappingProxyType({})
RECIPE = 1  # the number of this way of cutting pages; raised whenever a page could come out otherwise


def segment(page: Page, frame: Frame = EMPTY, site: Site | None = None) -> Split:
    """Cut a page into pieces that tile its text; `frame` is what its host is known to repeat, `site` its profile.

    The verdict is `article` or `listing` by the number of articles, `no-article` where none was found and
    `rejected` where the page cannot be read. Never raises for any text.
    """
    if page.rejected is not None:
        return Split(verdict=Verdict.REJECTED, pieces=whole(page, Kind.REJECTED, page.rejected), cuts=())
    lines = lines_of(page, frame, site)
    if not lines:
        return Split(verdict=Verdict.NO_ARTICLE, pieces=whole(page, Kind.CHROME, "no text"), cuts=())
    if page.marks or page.stated:
        mark(page, lines)
    rhythm = rhythm_of(lines)
    heads = heads_of(lines, rhythm)
    chosen = choose(lines, heads)
    if (held := held_together(heads, [stretch.head for stretch in chosen], rhythm)) is not None:
        chosen = choose(lines, held)
    return split_of(page, lines, chosen, rhythm)
