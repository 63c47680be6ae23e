"""A page as labelled lines: first each by its own shape, then by what the whole page tells of it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from worker.intake.segment.frame import frame_of, recurring_of, seen_on
from worker.intake.segment.shape import CHROME, DATE, PROSE, TEASER, TEXT, Role, Shape, plain, shape_for, shapes_of
from worker.intake.shapes import dates, prose
from worker.intake.shapes.chrome import Chrome
from worker.intake.shapes.recurrence import KEYED
from worker.model import Frame, Page, Site


class Line(NamedTuple):
    """A line of a page, or the part of one that a date, a source or a link was glued to."""

    start: int  #: offsets in the page's text, white space left out
    end: int
    text: str
    gap: int  #: blank lines before it
    role: Role
    reason: str
    chrome: Chrome | None
    prose: bool
    headline: float  #: how much it looks like one, 0 to 1
    cut: bool  #: closes with an ellipsis
    glued: bool = False  #: not the first part of its line
    heading: int = 0  #: level of the heading element that it is, 1 to 6
    item: bool = False  #: the first line of one of several like containers
    stated: bool = False  #: the title that the page states of itself


def lines_of(page: Page, known: Frame, site: Site | None) -> list[Line]:
    """The lines of a page in order, glued parts taken asunder, each with its role."""
    month_first = dates.month_first(page.text)
    # A date after the capture is that of an event to come, not of the page; a day is left for zones.
    latest = page.captured + timedelta(days=1) if page.captured and page.captured < date.max else date.max
    lines: list[Line] = []
    new = tuple.__new__  # without the checks of a call by names, which take longer than all the rest
    for start, gap, text in _raw(page):
        shapes = (site and shape_for(site, text)) or shapes_of(text, month_first)
        if shapes is PROSE:
            lines.append(new(Line, (start, start + len(text), text, gap, *_TOLD)))
            continue
        look = shapes[0]
        if len(shapes) == 1 and (look.day is None or look.day <= latest):
            lines.append(new(Line, (start, start + len(text), text, gap, *look[2:8], look.begin > 0, *_UNMARKED)))
            continue
        if look.day is not None or shapes[-1].day is not None:
            shapes = _believed(shapes, text, latest)
        for look in shapes:
            begin, end = look.begin, min(look.end, len(text))
            where = (start + begin, start + end, text[begin:end], 0 if begin else gap)
            lines.append(new(Line, (*where, *look[2:8], begin > 0, *_UNMARKED)))
    _frame(lines, known)
    if len(lines) > 1 and _cut_short(page, *lines[-2:]):
        lines[-1] = lines[-1]._replace(prose=True, headline=0.0, reason="cut short by the end of the page")
    _see_together(lines)
    return lines


TOO_LATE = "a date after the capture, not believed"
_UNTOLD = ("text", TOO_LATE)  # lines that the frame may still tell apart
_UNMARKED = (0, False, False)
_TOLD = (*PROSE[0][2:8], False, *_UNMARKED)  # what is behind the place of a line of running text


def _frame(lines: list[Line], known: Frame) -> None:
    """Relabel, in place, the lines of text that the page repeats, or that its site shows on many pages."""
    texts = [line.text if line.end - line.start <= KEYED and line.reason in _UNTOLD else "" for line in lines]
    recurring = recurring_of(texts, lambda at: at + 1 < len(lines) and _leads(lines[at], lines[at + 1]))
    if not recurring and not known:
        return
    for at, text in enumerate(texts):
        if not text:
            continue
        line = lines[at]
        why = (recurring and frame_of(line.text, recurring)) or (
            known and seen_on(line.text, known, told=line.prose, titled=line.headline >= 1.0)
        )
        if why:
            lines[at] = line._replace(role=CHROME, reason=why, chrome=Chrome.META, prose=False, headline=0.0, cut=False)


def _leads(line: Line, below: Line) -> bool:
    """Whether a line may stand above a headline or a text ("Press release no. 17"), and is not itself the headline."""
    return below.role is TEXT and not (below.prose and line.headline >= 1.0)


def _believed(shapes: tuple[Shape, ...], text: str, latest: date) -> tuple[Shape, ...]:
    """A line whose date is too late is text, and says so if it is nothing but that date."""
    if not any(shape.day is not None and shape.day > latest for shape in shapes):
        return shapes
    whole = plain(text, 0, len(text))
    return (whole._replace(reason=TOO_LATE, headline=0.0) if len(shapes) == 1 and whole.reason == "text" else whole,)


def _raw(page: Page) -> list[tuple[int, int, str]]:
    """Offset, blank lines before it, and text of every line that has any.

    Pages can have ten times more blank lines than others: an empty one costs no more than a step of `at`.
    """
    lines = []
    all_lines = page.text[page.header :].split("\n")
    at = page.header
    filled = at if all_lines[0].strip() else at + 1  # as far as no gap reaches; the first line is none
    for line in all_lines:
        if not line:
            at += 1
            continue
        size = len(line)
        if stripped := line.strip():
            start = at if len(stripped) == size else at + size - len(line.lstrip())
            lines.append((start, at - filled, stripped))
            at += size + 1
            filled = at
        else:
            at += size + 1
            filled += size
    return lines


def _cut_short(page: Page, before: Line, last: Line) -> bool:
    """Whether the page breaks off in its last line: it is like the one before, and no newline follows."""
    return (
        last.role is TEXT
        and not prose.ended(last.text)
        and "\n" not in page.text[last.end :]
        and before.prose
        and before.gap == last.gap
    )


# ── What lines are by what stands elsewhere on the page ─────────────────────────────────────────────

_CAPITALS = 3  # so many lines in capitals before a text make all such lines headlines
_ITEM = re.compile(r"(?:\d{1,2}[.)]?|[•●▪◦‣*·–—-])\s+")
_HEADED = (TEXT, DATE)


def _see_together(lines: list[Line]) -> None:
    """Relabel lines, in place, by their likes on the same page."""
    _headlines_by_their_text(lines)
    lone = [at for at, line in enumerate(lines) if not line.prose and line.role is TEXT]
    _headlines_in_capitals(lines, lone)
    _echoed_headlines(lines, lone)


_WORDS_ONLY = frozenset(  # what a line is by its words alone, and by nothing that only a frame has
    [Chrome.NAVIGATION, Chrome.LEGAL, Chrome.META, Chrome.LISTING, Chrome.SEARCH, Chrome.SECTION, Chrome.MORE]
)
_NAMED_AGAIN = 3  # words of a headline that its text takes up, which a text below a frame's line never does


def _headlines_by_their_text(lines: list[Line]) -> None:
    """ "Archive: how the town looked in 1960": the words of a frame, but the text below speaks of just that."""
    for at, line in enumerate(lines[:-1]):
        if line.chrome not in _WORDS_ONLY or line.text.count(" ") < _NAMED_AGAIN:
            continue
        below = next((other for other in lines[at + 1 : at + 4] if other.role is not DATE), line)
        if below.prose and prose.headline(line.text) >= 1.0 and prose.takes_up(line.text, below.text, _NAMED_AGAIN):
            lines[at] = line._replace(role=TEXT, reason="text", chrome=None, headline=1.0)


def _headlines_in_capitals(lines: list[Line], lone: list[int]) -> None:
    """ "THE ROOF APPEAL", "MISSING": where a page titles its items so, even a single word is a title."""
    found = [
        at
        for at in lone
        if len(text := lines[at].text) <= 60
        and text.isupper()
        and text[-1] not in ".:"
        and at + 1 < len(lines)
        and lines[at + 1].prose
    ]
    if len(found) >= _CAPITALS:
        for at in found:
            lines[at] = lines[at]._replace(headline=1.0)


def _echoed_headlines(lines: list[Line], lone: list[int]) -> None:
    """A headline that stands on the page a second time, before its text, is a link to it everywhere else."""
    bare = {at: _ITEM.sub("", text, count=1).casefold() for at in lone if 12 <= len(text := lines[at].text) <= 200}
    counts = Counter(bare.values())
    if len(counts) == len(bare):
        return
    for at, words in bare.items():
        if counts[words] > 1 and not _heads_text(lines, at):
            others = [other for other, same in bare.items() if same == words and other != at]
            if any(_heads_text(lines, other) for other in others) and not {at - 1, at + 1} & {*others}:
                lines[at] = lines[at]._replace(
                    role=TEASER, reason="a headline whose text stands elsewhere on the page", headline=0.0
                )


def _heads_text(lines: list[Line], at: int) -> bool:
    """Whether running text follows within a few lines, before another headline does."""
    for line in lines[at + 1 : at + 6]:
        if line.role is TEXT:
            return line.prose
    return False
