"""What speaks for and against an article that begins at a place: named, weighed, and told to whoever asks."""

from __future__ import annotations

from typing import NamedTuple

from worker.intake.segment.lines import Line
from worker.intake.segment.rhythm import CLOSING, Rhythm
from worker.intake.segment.shape import CHROME, CLOCK, DATE, TEXT
from worker.intake.segment.weights import WEIGHTS
from worker.intake.shapes import prose
from worker.intake.shapes.chrome import Chrome
from worker.intake.shapes.dateline import dateline_of

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
        at, body, title, date, evidence, score = self
        return Head(at, body, title, date, evidence + names, score + sum(map(WEIGHTS.__getitem__, names)))


class Place(NamedTuple):
    """A way to read the lines before a text."""

    at: int
    body: int
    title: int | None
    date: int | None
    dates: int  #: how many dates stand before it
    titles: int  #: how many lines could be its title


def weighed(lines: list[Line], place: Place, rhythm: Rhythm, end: str, told: tuple[str, ...]) -> Head:
    """A beginning with all that speaks for and against it.

    `end` is what closes another article before it (`end_before`), `told` what its text says (`of_text`): many
    ways to read the lines before a text share these.
    """
    at, body, title, date, _, _ = place
    names = ["cost of a beginning"]
    _of_head(names, lines, place, rhythm, end)
    if rhythm.heading or rhythm.stated or lines[at].item:
        _of_markup(names, lines, place, rhythm)
    if body - at > 1 and (date is None or date <= body):
        _of_skipped(names, lines, place)
    if (at > rhythm.comments and (date is None or title is None)) or _commented(lines, at, body):
        names.append("a reader's comment")
    _of_surroundings(names, lines, place, rhythm, end)
    names += told
    return Head(at, body, title, date, tuple(names), sum(map(WEIGHTS.__getitem__, names)))


def _of_head(names: list[str], lines: list[Line], place: Place, rhythm: Rhythm, end: str) -> None:
    """What title and date say, or their lack."""
    _, _, title, date, _, _ = place
    if date is not None:
        names.append("date line")
        if rhythm.updated(lines[date]):
            names.append("date of an update")
    if title is not None:
        _of_title(names, lines, place, apart=date is not None or bool(end))
    if date is not None:
        return
    if end != "behind the date of another":
        if title is None:
            names.append("neither title nor date")
        else:
            names += _of_lone_title(_stands_apart(lines, place, rhythm, end), bool(end), rhythm)
            if lines[title].prose and lines[title].text.endswith("!") and not end:
                names.append("title that may be an exclamation")
    if rhythm.sparse and not rhythm.undated_posts and not rhythm.trailing:
        names.append("undated on a page of other things")


def _stands_apart(lines: list[Line], place: Place, rhythm: Rhythm, end: str) -> bool:
    """Whether a lone title is set off from what stands before it, as no sub-heading would be."""
    at, body, title, _, _, _ = place
    before, first = (lines[at - 1] if at else None), lines[body]
    if end or before is None or before.role is not TEXT or (title == body - 1 and first.glued):
        return True
    above = lines[at].gap
    return _names_a_section(before) or above > rhythm.gap or (above > 0 and (first.gap > 0 or rhythm.undated_posts))


def _of_surroundings(names: list[str], lines: list[Line], place: Place, rhythm: Rhythm, end: str) -> None:
    at, date = place.at, place.date
    before = lines[at - 1] if at else None
    if end and (date is not None or end != "behind a list of links" or rhythm.undated_posts):
        names.append(end)
    elif before is not None and before.role is TEXT and (before.prose or not before.headline):
        names.append(_of_text_before(before))
    if lines[at].gap > rhythm.gap:
        names.append("wide gap")


def _commented(lines: list[Line], at: int, body: int) -> bool:
    for near in range(at - 1 if at else 0, body):  # noqa: SIM110 - asked of every head: a generator costs twice as much
        if lines[near].chrome is Chrome.COMMENT:
            return True
    return False


def _of_markup(names: list[str], lines: list[Line], place: Place, rhythm: Rhythm) -> None:
    """What the markup of an HTML page says of a title."""
    at, _, title, _, _, _ = place
    item = any(line.item for line in lines[at : at + 3])
    if rhythm.stated:
        if title is not None and lines[title].stated:
            names.append("title that the page states")
            return
        names.append("other than the title that the page states")
    if item:
        names.append("begins an item")
    if title is None:
        return
    if not lines[title].heading:
        if rhythm.heading:
            names.append("no heading on a page of headings")
    elif item:
        names.append("heading of an item")
    elif lines[title].heading == rhythm.heading:
        names.append("the one top heading")
    elif rhythm.heading:
        names.append("a heading below the title")


def _names_a_section(line: Line) -> bool:
    return line.role is TEXT and not line.prose and len(line.text) <= _A_LABEL


def end_before(lines: list[Line], at: int, rhythm: Rhythm) -> str:
    """How the lines between the last running text and a beginning close another article, if they do."""
    closed = ""
    for near in range(at - 1, max(at - 9, -1), -1):
        line = lines[near]
        if line.role is DATE:
            return "behind the date of another" if rhythm.trailing else closed
        if line.role is CHROME and line.chrome in CLOSING:
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


def _of_title(names: list[str], lines: list[Line], place: Place, *, apart: bool) -> None:
    at, body, title, date, _, titles = place
    assert title is not None
    line, lead = lines[title], lines[body]
    names.append("title" if line.headline >= 1.0 else "short title" if line.headline >= 0.4 else "title of one word")
    if date is not None and -1 <= title - date <= 1:
        same_line = lines[max(title, date)].glued
        names.append("title on the line of its date" if same_line else "title beside its date")
    if titles > 1 and title and _below_another(lines, title):
        names.append("below another headline")
    if title == body - 1:
        if lead.glued:
            names.append("title on the line of its text")
    elif title + 1 < body and line.gap > lines[title + 1].gap:
        names.append("title set apart above")
    for near in range(at, body):
        if near != title and lines[near].role is TEXT and twin(lines, near, title):
            names.append("title printed twice")
            break
    if prose.repeats(line.text, lead.text):
        names.append("text repeats its title")
    elif titles > 1 and apart and prose.takes_up(line.text, lead.text):
        names.append("text takes up its title")


def _below_another(lines: list[Line], title: int) -> bool:
    """Whether a title stands right below another headline, as sub-titles do."""
    line = lines[title]
    above = lines[title - 1].headline >= 1.0 and not line.gap and not line.glued
    return above and not twin(lines, title - 1, title)


def twin(lines: list[Line], one: int, other: int) -> bool:
    """Whether two lines are the same headline, printed twice."""
    return lines[one].role is TEXT and prose.same_words(lines[one].text, lines[other].text)


def _of_skipped(names: list[str], lines: list[Line], place: Place) -> None:
    """Lines of text between the title or date and the text that are neither."""
    at, body, title, date, _, _ = place
    for near in range(at, body):
        if near in (title, date):
            continue
        line = lines[near]
        if line.role is DATE:
            if date is None or abs(near - date) > 1 or line.reason == CLOCK:
                names.append("passes over a date")
        elif title is not None and twin(lines, near, title):
            continue
        elif line.headline >= 1.0:
            dated = any(lines[by].role is DATE and by != date for by in (near - 1, near + 1))
            if near - 1 == title and not dated and prose.takes_up(lines[title].text, lines[body].text):
                names.append("passes over a sub-title")
            else:
                names.append("passes over a dated headline" if dated else "passes over a headline")
        elif line.role is TEXT:
            names.append("passes over a short headline" if line.headline >= 0.4 else "passes over a scrap")


def _of_text_before(before: Line) -> str:
    if before.cut:
        return "behind an excerpt"
    if before.text[-1] in ":,;–—-":
        return "text before announces more"
    return "text before is complete" if prose.ended(before.text) else "text before is not complete"


def of_text(first: Line) -> tuple[str, ...]:
    """What the first line of a text says."""
    return ("dateline", _of_opening(first)) if dateline_of(first.text) else (_of_opening(first),)


def _of_opening(first: Line) -> str:
    if prose.bulleted(first.text):
        return "text begins with an item of a list"
    if not prose.opens(first.text):
        return "text begins in mid-sentence"
    if first.cut:
        return "text is cut off"
    return "running text" if first.prose else "scrap of text"
