"""What speaks for and against an article that begins at a place: named, weighed, and told to whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from worker.intake.segment.lines import Line
from worker.intake.segment.rhythm import CLOSING, Rhythm
from worker.intake.segment.shape import CLOCK, Role
from worker.intake.shapes import prose
from worker.intake.shapes.chrome import Chrome
from worker.intake.shapes.dateline import dateline_of

#: Evidence for an article that begins here. The unit is one paragraph of running text, which is what
#: `choose` wins by keeping one. Set by hand on labelled pages and kept to quarters: a beginning must be
#: worth its cost, which takes two independent signs that agree.
WEIGHTS = {
    "cost of a beginning": -2.5,
    "first on the page": 2.5,
    "date line": 3.0,
    "date of an update": -0.75,
    "behind the date of another": 3.0,
    "date behind the lead of another": -3.0,
    "title": 2.0,
    "short title": 0.75,
    "title of one word": 0.25,
    "title beside its date": 0.5,
    "title on the line of its date": 1.0,
    "title set apart above": 0.5,
    "title on the line of its text": 2.0,
    "title printed twice": 2.5,
    "text repeats its title": 1.5,
    "text takes up its title": 0.75,
    "passes over a headline": -1.25,
    "passes over a date": -1.0,
    "passes over a dated headline": -3.0,
    "passes over a sub-title": -0.25,
    "below another headline": -0.75,
    "passes over a short headline": -0.5,
    "passes over a scrap": -0.25,
    "dateline": 2.0,
    "behind the end of another": 1.5,
    "behind a list of links": 1.5,
    "wide gap": 1.0,
    "title that the page states": 3.0,
    "other than the title that the page states": -4.0,
    "the one top heading": 1.5,
    "heading of an item": 2.0,
    "begins an item": 1.5,
    "a heading below the title": -1.0,
    "no heading on a page of headings": -1.0,
    "page of undated posts": 1.5,
    "text before is complete": 0.5,
    "text before is not complete": -0.5,
    "text before announces more": -2.0,
    "running text": 0.5,
    "scrap of text": -1.0,
    "text is cut off": -1.0,
    "text begins with an item of a list": -1.5,
    "text begins in mid-sentence": -2.0,
    "title stands tight in the text": -2.0,
    "title that may be a sub-heading": -1.0,
    "behind an excerpt": 1.5,
    "neither title nor date": -1.0,
    "a reader's comment": -4.0,
    "undated on a page of other things": -2.0,
    "like the others on this page": 1.0,
    "unlike the others on this page": -1.0,
    "undated on a page that dates its articles": -1.5,
}


_A_LABEL = 24  # characters; a shorter line that is no sentence names a section


class Head(NamedTuple):
    """A possible beginning: indices of lines, the evidence by name, and its sum in paragraphs."""

    at: int
    body: int  #: the first line of the text
    title: int | None
    date: int | None
    evidence: tuple[str, ...]
    score: float

    def told(self, *names: str) -> Head:
        """The same beginning with more evidence."""
        return self._replace(evidence=self.evidence + names, score=self.score + sum(map(WEIGHTS.__getitem__, names)))


class Place(NamedTuple):
    """A way to read the lines before a text."""

    at: int
    body: int
    title: int | None
    date: int | None
    dates: int  #: how many dates stand before it
    titles: int  #: how many lines could be its title


def weighed(lines: list[Line], place: Place, rhythm: Rhythm) -> Head:
    """A beginning with all that speaks for and against it."""
    names = tuple(_names(lines, place, rhythm))
    at, body, title, date, _, _ = place
    return Head(at, body, title, date, names, sum(map(WEIGHTS.__getitem__, names)))


def _names(lines: list[Line], place: Place, rhythm: Rhythm) -> Iterator[str]:
    at, body, title, date, _, _ = place
    end = _end_before(lines, at, rhythm)
    yield "cost of a beginning"
    yield from _of_head(lines, place, rhythm, end)
    if rhythm.heading or rhythm.stated or lines[at].item:
        yield from _of_markup(lines, place, rhythm)
    yield from _of_skipped(lines, place)
    if (at > rhythm.comments and (date is None or title is None)) or _commented(lines, at, body):
        yield "a reader's comment"
    yield from _of_surroundings(lines, place, rhythm, end)
    if dateline_of(lines[body].text):
        yield "dateline"
    yield _of_text(lines[body])


def _of_head(lines: list[Line], place: Place, rhythm: Rhythm, end: str) -> Iterator[str]:
    """What title and date say, or their lack."""
    _, _, title, date, _, _ = place
    if date is not None:
        yield "date line"
        if rhythm.updated(lines[date]):
            yield "date of an update"
    if title is not None:
        yield from _of_title(lines, place, apart=date is not None or bool(end))
    if date is not None:
        return
    if end != "behind the date of another":
        if title is None:
            yield "neither title nor date"
        else:
            yield from _of_lone_title(_stands_apart(lines, place, rhythm, end), bool(end), rhythm)
    if rhythm.sparse and not rhythm.undated_posts and not rhythm.trailing:
        yield "undated on a page of other things"


def _stands_apart(lines: list[Line], place: Place, rhythm: Rhythm, end: str) -> bool:
    """Whether a lone title is set off from what stands before it, as no sub-heading would be."""
    at, body, title, _, _, _ = place
    before, first = (lines[at - 1] if at else None), lines[body]
    if end or before is None or before.role is not Role.TEXT or (title == body - 1 and first.glued):
        return True
    above = lines[at].gap
    return _names_a_section(before) or above > rhythm.gap or (above > 0 and (first.gap > 0 or rhythm.undated_posts))


def _of_surroundings(lines: list[Line], place: Place, rhythm: Rhythm, end: str) -> Iterator[str]:
    at, date = place.at, place.date
    before = lines[at - 1] if at else None
    if end and (date is not None or end != "behind a list of links" or rhythm.undated_posts):
        yield end
    elif before is not None and before.role is Role.TEXT and (before.prose or not before.headline):
        yield _of_text_before(before)
    if lines[at].gap > rhythm.gap:
        yield "wide gap"


def _commented(lines: list[Line], at: int, body: int) -> bool:
    return any(line.chrome is Chrome.COMMENT for line in lines[max(0, at - 1) : body])


def _of_markup(lines: list[Line], place: Place, rhythm: Rhythm) -> Iterator[str]:
    """What the markup of an HTML page says of a title."""
    at, _, title, _, _, _ = place
    item = any(line.item for line in lines[at : at + 3])
    if rhythm.stated:
        if title is not None and lines[title].stated:
            yield "title that the page states"
            return
        yield "other than the title that the page states"
    if item:
        yield "begins an item"
    if title is None:
        return
    if not lines[title].heading:
        if rhythm.heading:
            yield "no heading on a page of headings"
    elif item:
        yield "heading of an item"
    elif lines[title].heading == rhythm.heading:
        yield "the one top heading"
    elif rhythm.heading:
        yield "a heading below the title"


def _names_a_section(line: Line) -> bool:
    return line.role is Role.TEXT and not line.prose and len(line.text) <= _A_LABEL


def _end_before(lines: list[Line], at: int, rhythm: Rhythm) -> str:
    """How the lines between the last running text and a beginning close another article, if they do."""
    closed = ""
    for near in range(at - 1, max(at - 9, -1), -1):
        line = lines[near]
        if line.role is Role.DATE:
            return "behind the date of another" if rhythm.trailing else closed
        if line.role is Role.CHROME and line.chrome in CLOSING:
            if line.chrome is Chrome.SECTION:
                return closed or "behind a list of links"
            closed = "behind the end of another"
        elif line.prose:
            break
        elif line.headline >= 1.0:
            return ""  # what we have seen stands within the head of this one
    return closed


def _of_lone_title(apart: bool, closed: bool, rhythm: Rhythm) -> tuple[str, ...]:
    """A title without a date may as well be a sub-heading."""
    if not apart:
        return ("title stands tight in the text",)
    if rhythm.undated_posts:
        return ("page of undated posts",)
    return () if closed else ("title that may be a sub-heading",)


def _of_title(lines: list[Line], place: Place, *, apart: bool) -> Iterator[str]:
    at, body, title, date, _, titles = place
    assert title is not None
    line = lines[title]
    yield "title" if line.headline >= 1.0 else "short title" if line.headline >= 0.4 else "title of one word"
    if date is not None and abs(title - date) == 1:
        same_line = lines[max(title, date)].glued
        yield "title on the line of its date" if same_line else "title beside its date"
    if title == body - 1 and lines[body].glued:
        yield "title on the line of its text"
    above = lines[title - 1] if title else None
    if (
        titles > 1
        and above
        and above.headline >= 1.0
        and not line.gap
        and not line.glued
        and not twin(lines, title - 1, title)
    ):
        yield "below another headline"
    if title + 1 < body and line.gap > lines[title + 1].gap:
        yield "title set apart above"
    if at + 1 < body and any(near != title and twin(lines, near, title) for near in range(at, body)):
        yield "title printed twice"
    if prose.repeats(line.text, lines[body].text):
        yield "text repeats its title"
    elif titles > 1 and apart and prose.takes_up(line.text, lines[body].text):
        yield "text takes up its title"


def twin(lines: list[Line], one: int, other: int) -> bool:
    """Whether two lines are the same headline, printed twice."""
    return lines[one].role is Role.TEXT and prose.same_words(lines[one].text, lines[other].text)


def _of_skipped(lines: list[Line], place: Place) -> Iterator[str]:
    """Lines of text between the title or date and the text that are neither."""
    at, body, title, date, _, _ = place
    if body - at < 2:
        return
    if date is not None and date > body:
        return
    for near in range(at, body):
        line = lines[near]
        if near in {title, date} or (title is not None and twin(lines, near, title)):
            continue
        if line.role is Role.DATE and (date is None or abs(near - date) > 1 or line.reason == CLOCK):
            yield "passes over a date"
        elif line.headline >= 1.0:
            dated = any(lines[by].role is Role.DATE and by != date for by in (near - 1, near + 1))
            if near - 1 == title and not dated and prose.takes_up(lines[title].text, lines[body].text):
                yield "passes over a sub-title"
            else:
                yield "passes over a dated headline" if dated else "passes over a headline"
        elif line.role is Role.TEXT:
            yield "passes over a short headline" if line.headline >= 0.4 else "passes over a scrap"


def _of_text_before(before: Line) -> str:
    if before.cut:
        return "behind an excerpt"
    if before.text[-1] in ":,;–—-":
        return "text before announces more"
    return "text before is complete" if prose.ended(before.text) else "text before is not complete"


def _of_text(first: Line) -> str:
    if prose.bulleted(first.text):
        return "text begins with an item of a list"
    if not prose.opens(first.text):
        return "text begins in mid-sentence"
    if first.cut:
        return "text is cut off"
    return "running text" if first.prose else "scrap of text"
