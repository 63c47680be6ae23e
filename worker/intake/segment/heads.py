"""Where an article could begin.

A head is what stands before a text: title, date, and the chrome between them, in any order. Every way to read
the lines before a text is weighed (`evidence`), so that a person can follow every decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from worker.intake.segment.evidence import Head, Place, end_before, of_text, twin, weighed
from worker.intake.segment.lines import Line
from worker.intake.segment.rhythm import INNER, Rhythm
from worker.intake.segment.shape import CHROME, DATE, TEASER, TEXT

_MOST_LINES = 14  # before a text that can be its head: title, date, share bar, credits, page data
_MOST_SCRAPS = 5  # of them neither title nor date nor chrome
_MOST_TITLES = 3  # candidates for the title, the nearest
_LONGEST_LEAD = 500  # characters
_NEAR = 2  # lines of text between a date or title and such a text, at the most
_ALIKE = 3  # so many articles of a page make a pattern that the others are held against …
_MOST = 0.6  # … if they are this share of all
_MIXED = 0.85  # … on pages whose posts may lack their date


def heads_of(lines: list[Line], rhythm: Rhythm) -> dict[int, list[Head]]:
    """All beginnings worth weighing, by the line at which they begin."""
    heads: dict[int, list[Head]] = {}
    if rhythm.search or rhythm.absent:
        return heads
    taken = set()  # dates between the lead of an article and the rest of it
    ends: dict[int, str] = {}
    for body in _bodies(lines):
        told = of_text(lines[body])
        for place in _places(lines, body, rhythm):
            if (end := ends.get(place.at)) is None:
                end = ends[place.at] = end_before(lines, place.at, rhythm)
            head = weighed(lines, place, rhythm, end, told)
            if place.date is not None and place.date > body:
                taken.add(place.date)
            elif taken and place.at in taken:
                head = head.told("date behind the lead of another")
            heads.setdefault(place.at, []).append(head)
    return heads


def _bodies(lines: list[Line]) -> Iterator[int]:
    """The lines at which a text could begin."""
    told = False  # whether the line before is running text
    for at, line in enumerate(lines):
        if line.role is TEXT and ((line.prose and not told) or (not line.prose and _follows_a_head(lines, at))):
            yield at
        told = line.prose and line.headline < 1.0


def _follows_a_head(lines: list[Line], at: int) -> bool:
    """Whether a line that is no running text stands where a text would begin: behind a date or title."""
    if lines[at].headline >= 1.0:
        return _alone_behind_a_head(lines, at)
    near, passed = at - 1, 0
    while near >= 0 and passed < _NEAR:
        line = lines[near]
        if line.prose and line.headline < 1.0:
            return False
        if line.role is DATE or line.headline >= 1.0:
            return True
        if line.role is not CHROME:
            passed += 1
        elif line.chrome not in INNER:
            return False
        near -= 1
    return False


def _alone_behind_a_head(lines: list[Line], at: int) -> bool:
    """Whether a line that looks like a headline is all the text there is behind a title and date."""
    if lines[at].glued or any(line.role is TEXT or line.role is DATE for line in lines[at + 1 : at + 3]):
        return False
    near = [line for line in lines[max(0, at - 5) : at] if line.role is not CHROME or line.chrome not in INNER][-2:]
    return len(near) == 2 and {line.role for line in near} == {DATE, TEXT} and any(line.headline for line in near)


def _places(lines: list[Line], body: int, rhythm: Rhythm) -> Iterator[Place]:
    """The ways to read the lines before a text."""
    top = _top(lines, body, rhythm)
    block = range(body - 1, top - 1, -1)
    titles = [at for at in block if lines[at].headline >= 1.0][:_MOST_TITLES]
    titles += [at for at in block if 0 < lines[at].headline < 1.0][:_MOST_TITLES]
    if rhythm.stated:
        titles = [at for at in block if lines[at].stated] or titles
    dates = [at for at in block if lines[at].role is DATE]
    if len(titles) == 1 and len(dates) == 1 and _nothing_else(lines, titles[0], dates[0], body):
        yield Place(min(titles[0], dates[0]), body, titles[0], dates[0], 1, 1)
        return  # no other way to read these lines could be the better one
    if not dates and titles and (behind := _date_behind_lead(lines, body)) is not None:
        yield Place(titles[0], body, titles[0], behind, 1, len(titles))
    yield from _pairs(lines, body, top, titles, dates)


def _pairs(lines: list[Line], body: int, top: int, titles: list[int], dates: list[int]) -> Iterator[Place]:
    """Each of the titles with each of the dates, one of them alone, or neither."""
    for date in (*dates, None):
        for title in (*titles, None):
            if date is None and title is None:
                if lines[body].prose:
                    yield Place(body, body, None, None, 0, 0)
                continue
            if title is not None and lines[title].headline < 0.4 and (date is None or abs(date - title) > 1):
                continue  # a single word is a title beside a date only
            at = min(near for near in (date, title) if near is not None)
            if title is not None:
                while at > top and at == title and twin(lines, at - 1, title):
                    at -= 1  # printed twice
            yield Place(at, body, title, date, len(dates), len(titles))


def _nothing_else(lines: list[Line], title: int, date: int, body: int) -> bool:
    """Whether a title and its date stand side by side before a text, and no other text between."""
    return -1 <= title - date <= 1 and not any(line.role is TEXT for line in lines[max(title, date) + 1 : body])


def _date_behind_lead(lines: list[Line], body: int) -> int | None:
    """The date between a lead of one paragraph, below the title, and the rest of the text."""
    if lines[body - 1].headline < 1.0 or not lines[body].prose or len(lines[body].text) > _LONGEST_LEAD:
        return None
    found = None
    for near in range(body + 1, min(body + 8, len(lines))):
        line = lines[near]
        if line.role is DATE and found is None:
            found = near
        elif line.role is TEXT:
            return found if line.prose else None
        elif line.role is not CHROME or line.chrome not in INNER:
            return None
    return None


def _top(lines: list[Line], body: int, rhythm: Rhythm) -> int:
    """The first of the lines before a text that could belong to its head."""
    at, scraps = body, 0
    while at and body - at < _MOST_LINES:
        before = lines[at - 1]
        if before.role is TEXT:
            scraps += before.headline < 0.4
            if (before.prose and before.headline < 1.0) or scraps > _MOST_SCRAPS:
                break
        elif (
            before.role is TEASER
            or (before.role is DATE and rhythm.trailing)
            or (before.role is CHROME and before.chrome not in INNER)
        ):
            break
        at -= 1
    return at


def held_together(heads: dict[int, list[Head]], chosen: list[Head], rhythm: Rhythm) -> dict[int, list[Head]] | None:
    """The same beginnings, held against those that were chosen on their page; None where that tells nothing.

    Articles of one page begin alike: most of them with title and date in the same order, or all without.
    """
    looks = Counter(_look(head) for head in chosen)
    look, count = looks.most_common(1)[0] if looks else ("", 0)
    alike = count >= _ALIKE and count >= len(chosen) * (_MIXED if rhythm.undated_posts else _MOST)
    dated = any(head.date is not None and head.title is not None for head in chosen)
    lonely = dated and not rhythm.undated_posts and not rhythm.trailing
    if not alike and not (lonely and len(chosen) > 1):
        return None
    return {at: [_held(head, look if alike else "", lonely) for head in some] for at, some in heads.items()}


def _held(head: Head, look: str, lonely: bool) -> Head:
    undated = lonely and head.date is None and "behind the end of another" not in head.evidence
    names: tuple[str, ...] = ("undated on a page that dates its articles",) if undated else ()
    if look:
        names = ("like the others on this page" if _look(head) == look else "unlike the others on this page", *names)
    return head.told(*names) if names else head


def _look(head: Head) -> str:
    """In which order title, date and text stand."""
    if head.title is None or head.date is None:
        return "title" if head.title is not None else "date" if head.date is not None else "bare"
    return "title date" if head.title < head.date else "date title"
