"""The habits of a page: what holds for all of its articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from worker.intake.segment.lines import Line
from worker.intake.segment.shape import CHROME, DATE
from worker.intake.shapes.chrome import Chrome

#: Chrome that may stand between a title and its text.
INNER = frozenset(
    {Chrome.CREDIT, Chrome.SHARE, Chrome.META, Chrome.NAVIGATION, Chrome.BYLINE, Chrome.RELATED, Chrome.COMMENT}
)
#: Chrome that closes an article; what comes next is likely to be another.
CLOSING = frozenset({Chrome.LEGAL, Chrome.MORE, Chrome.META, Chrome.SECTION, Chrome.RULE, Chrome.SHARE, Chrome.COMMENT})
_UPDATED = re.compile(
    r"\W*(?:updated|last|обновлен|жаңартыл|aktualisiert|mis(?:e)?\s+à\s+jour|actualizad)", re.IGNORECASE
)
_SECTION, _LISTING = Chrome.SECTION, Chrome.LISTING
_SNIPPETS = 3  # so many lines that begin with an ellipsis are snippets
_COMMENTS = re.compile(
    r"(?:\d+\s+)?(?:comments?|комментари|пікір|kommentare|commentaires|comentarios|reader)", re.IGNORECASE
)
_TOP = 8  # lines, in which a listing says that it is one
_FEW = 12  # lines at the top of a page in which it says what kind of page it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What holds for the whole page."""

    gap: int  #: blank lines between paragraphs, as a rule
    undated_posts: bool  #: posts here may lack their date, so a lone title can begin one
    search: bool  #: results of a search: snippets of articles that are elsewhere
    absent: bool  #: the page says that there is no such page
    trailing: bool  #: dates stand behind the articles
    comments: int  #: the line that heads the readers' comments, or as many as there are
    heading: int  #: level of the one heading above all others; 0 where there is none such
    stated: bool  #: the page states the title of its one article, and it stands there
    sparse: bool  #: most of the page is something else than running text

    def updated(self, date: Line) -> bool:
        """Whether a date line says when something was changed, not published."""
        return _UPDATED.match(date.text) is not None


def rhythm_of(lines: list[Line]) -> Rhythm:
    """The habits of a page, from its lines."""
    told = [line for line in lines if line.prose]
    gaps = [line.gap for before, line in pairwise(lines) if line.prose and before.prose]
    dated = [at for at, line in enumerate(lines) if line.role is DATE]
    framed = [(at, line) for at, line in enumerate(lines) if line.chrome is not None]
    kinds = {line.chrome for at, line in framed if at < _FEW}
    return Rhythm(
        gap=median_low(gaps) if gaps else 0,
        undated_posts=any(at < _TOP and line.chrome is _LISTING for at, line in framed)
        or _bare(lines, dated)
        or sum(_lone_title_behind(lines, at) for at, line in framed if line.chrome in CLOSING) >= 2,
        search=(Chrome.SEARCH in kinds and sum(line.cut for line in told) * 3 >= len(told) * 2)
        or len([1 for line in told if line.text[0] in ".…" and line.text.startswith(("...", "…"))]) >= _SNIPPETS,
        absent=len(told) <= 6 and any(at < 40 and line.chrome is Chrome.ABSENT for at, line in framed),
        trailing=bool(dated) and _trailing(lines, dated),
        comments=next(
            (at for at, line in framed if line.chrome is _SECTION and _COMMENTS.match(line.text)), len(lines)
        ),
        heading=_top_heading(lines),
        stated=any(line.stated for line in lines),
        sparse=sum([len(line.text) for line in told]) * 2 < sum([len(line.text) for line in lines]),
    )


def _bare(lines: list[Line], dated: list[int]) -> bool:
    """Whether most dates stand right before their text, without a title."""
    bare = [at for at in dated if not _has_title(lines, at) and (after := _neighbour(lines, at, 1)) and after.prose]
    return len(bare) >= 2 and len(bare) * 2 >= len(dated)


def _has_title(lines: list[Line], date: int) -> bool:
    for near in (date - 1, date + 1):
        if 0 <= near < len(lines) and lines[near].headline >= 1.0 and not lines[near].prose:
            return True
    return False


def _lone_title_behind(lines: list[Line], end: int) -> bool:
    """Whether a title without a date stands behind what closes an article."""
    at = end + 1
    if at >= len(lines) - 1 or lines[end].role is not CHROME or lines[at].headline < 1.0 or lines[at].prose:
        return False
    after = _neighbour(lines, at, 1)
    return after is not None and after.prose


_A_TEXT = 70  # characters; shorter sentences may be notices
_TITLE_NEAR = 4  # lines between a title and the text that it heads, at the most, where no date stands


def _trailing(lines: list[Line], dated: list[int]) -> bool:
    """Whether dates stand behind their articles: the first behind a titled text, none before the last text,
    and most of them right behind running text.
    """
    own = [
        at for at in dated if not (at + 1 < len(lines) and lines[at + 1].glued) and not _UPDATED.match(lines[at].text)
    ]
    own = [at for at in own if not lines[at].glued or lines[at - 1].prose]
    if not own:
        return False
    first = next((at for at, line in enumerate(lines) if line.prose and len(line.text) >= _A_TEXT), len(lines))
    if first > own[0] or any(line.prose and len(line.text) >= _A_TEXT for line in lines[own[-1] + 1 :]):
        return False
    titled = any(line.headline >= 1.0 or line.glued for line in lines[max(0, first - _TITLE_NEAR) : first + 1])
    right_behind = sum((before := _neighbour(lines, at, -1)) is not None and before.prose for at in own)
    return titled and right_behind * 2 >= len(own)


def _neighbour(lines: list[Line], at: int, step: int) -> Line | None:
    """The next line in a direction that is no chrome of a head."""
    near = at + step
    while 0 <= near < len(lines):
        if lines[near].role is not CHROME or lines[near].chrome not in INNER:
            return lines[near]
        near += step
    return None


def _top_heading(lines: list[Line]) -> int:
    levels = [line.heading for line in lines if line.heading]
    return min(levels) if levels and levels.count(min(levels)) == 1 else 0
