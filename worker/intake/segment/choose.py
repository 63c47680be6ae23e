"""Which of the possible beginnings are real: the reading of the page that explains its lines best.

A dynamic programme over the lines (Viterbi 1967) with two states, inside an article and outside; it finds
the best reading of the whole page instead of deciding line by line.
"""

from __future__ import annotations

from typing import NamedTuple

from worker.intake.segment.evidence import Head
from worker.intake.segment.lines import Line
from worker.intake.segment.shape import DATE, SOURCE, TEASER, TEXT
from worker.intake.segment.weights import WEIGHTS
from worker.intake.shapes import prose
from worker.intake.shapes.chrome import Chrome
from worker.intake.shapes.recurrence import key_of

#: What a line is worth inside an article, and outside. Dropping running text costs more than keeping a scrap:
#: a reader forgives a stray line sooner than a missing paragraph.
_INSIDE_CHROME = {
    Chrome.SECTION: -1.5,
    Chrome.NAVIGATION: -1.0,
    Chrome.LISTING: -1.5,
    Chrome.LEGAL: -0.75,
    Chrome.RULE: -0.75,
    Chrome.MORE: -0.25,
}
_INSIDE = {DATE: -1.0, TEASER: -3.0, SOURCE: 0.1}
_SECTION = Chrome.SECTION
_PARAGRAPH = (1.0, -1.5)  # running text
_SENTENCE = (0.75, -0.5)  # a single short sentence may as well be a notice
_SHORT = 110  # characters of such a sentence
_LONGEST_HEADING = 14  # words
_DIM = 0.5
_SURE = 2.0  # the score of a beginning that ends such a list
_LONG_SCRAP = 7  # words; an unfinished line this long is a truncated sentence rather than a menu item


class Stretch(NamedTuple):
    """One article as a run of lines: its head, and the line behind its last."""

    head: Head
    end: int


class _Open(NamedTuple):
    """The best reading of some lines that ends inside an article, where its text begins."""

    score: float
    head: Head
    before: _Chain


#: The articles up to somewhere, the last one first: its beginning, and the line behind its end.
_Chain = tuple[_Open, int] | None


class Worth(NamedTuple):
    """What the lines of a page are worth, whichever of its heads are chosen."""

    inside: list[float]  #: by line, within an article
    outside: list[float]
    sections: set[int]  #: lines behind which running text counts less


def worth_of(lines: list[Line]) -> Worth:
    """What each line is worth inside an article, and outside."""
    inside, outside = [_PARAGRAPH[0]] * len(lines), [_PARAGRAPH[1]] * len(lines)
    sections = set()
    for at, line in enumerate(lines):
        if line.prose and not line.cut:
            if line.end - line.start <= _SHORT:
                inside[at], outside[at] = _SENTENCE
            continue
        inside[at], outside[at] = _inside(lines, at), _outside(line)
        if line.chrome is _SECTION:
            sections.add(at)
    return Worth(inside, outside, sections)


def choose(lines: list[Line], heads: dict[int, list[Head]], worth: Worth) -> list[Stretch]:
    """The articles of the page in order."""
    outside, told = 0.0, None  # the best reading that ends outside: its score, and its articles
    inside, gained = None, 0.0  # the best reading that ends inside: how it began, and its score by now
    coming: dict[int, _Open] = {}  # articles whose head reaches up to a line that is still ahead
    dim = 1.0  # how much text counts: less behind the heading of a list of links, or of comments
    sections = worth.sections
    for at, (gain, loss) in enumerate(zip(worth.inside, worth.outside, strict=True)):
        if at in sections:
            dim = _DIM
        elif dim < 1.0 and at in heads and max(head.score for head in heads[at]) >= _SURE:
            dim = 1.0
        if inside is not None and gained > outside:
            outside, told = gained, (inside, at)
        if at in heads:
            _weigh(heads[at], outside, told, worth, coming)
        if dim < 1.0 and lines[at].prose and not lines[at].cut:
            gain, loss = gain * dim, loss * dim  # noqa: PLW2901
        outside += loss
        gained += gain
        if coming and (new := coming.pop(at, None)) and (inside is None or new.score > gained):
            inside, gained = new, new.score
    if inside is not None and gained > outside:
        told = (inside, len(lines))
    return _unrolled(told)


def _weigh(heads: list[Head], score: float, told: _Chain, worth: Worth, coming: dict[int, _Open]) -> None:
    """Enter the best of the heads that begin at a line under the first lines of their texts."""
    first = WEIGHTS["first on the page"] if told is None else 0.0
    for head in heads:
        body = head.body
        began = score + head.score + first + worth.inside[body]
        if (other := coming.get(body)) is None or began > other.score:
            coming[body] = _Open(began, head, told)


def _unrolled(told: _Chain) -> list[Stretch]:
    stretches: list[Stretch] = []
    while told:
        (_, head, before), end = told
        stretches.append(Stretch(head, end))
        told = before
    return stretches[::-1]


def _inside(lines: list[Line], at: int) -> float:
    line = lines[at]
    if line.role is TEXT:
        if line.prose:
            return 0.2 if line.cut else (_PARAGRAPH if len(line.text) > _SHORT else _SENTENCE)[0]
        if prose.bulleted(line.text) or _is_row(lines, at) or (line.text.endswith(":") and _text_below(lines, at)):
            return 0.5
        words = prose.word_count(line.text)
        if line.headline >= 1.0 and words <= _LONGEST_HEADING and at + 1 < len(lines) and not _text_below(lines, at):
            return -0.5  # a sub-heading has a text below it
        if words >= _LONG_SCRAP:
            return 0.3
        # "Nobody was hurt." closes many a text.
        return 0.2 if words > 1 and prose.ended(line.text) and prose.opens(line.text) else -0.1
    if line.chrome is not None:
        return _INSIDE_CHROME.get(line.chrome, 0.0)
    return _INSIDE.get(line.role, 0.0)


def _is_row(lines: list[Line], at: int) -> bool:
    """Whether a line is one of several that differ in their numbers only: "Bus 4: 7:10, 8:10", "Bus 5: 7:20, 8:20"."""
    key = key_of(lines[at].text)
    near = lines[max(0, at - 1) : at] + lines[at + 1 : at + 2]
    return key != lines[at].text and any(key_of(other.text) == key and other.gap == 0 for other in near)


def _text_below(lines: list[Line], at: int) -> bool:
    return any(line.prose or prose.bulleted(line.text) for line in lines[at + 1 : at + 3])


def _outside(line: Line) -> float:
    if line.role is not TEXT:
        return 0.0
    if line.prose:
        return 0.0 if line.cut else (_PARAGRAPH if len(line.text) > _SHORT else _SENTENCE)[1]
    return -0.3 if not line.headline and prose.word_count(line.text) >= _LONG_SCRAP else 0.0
