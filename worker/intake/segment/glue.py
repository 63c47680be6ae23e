"""Where the parts of a line meet that a crawler ran together: titles, dates, credits, view counts, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from worker.intake.segment import captions
from worker.intake.shapes import chrome, dates, prose
from worker.intake.shapes.dateline import dateline_of, dateline_within
from worker.model import Precision


class Glued(StrEnum):
    """What a part of a line is, where its seam tells."""

    TEXT = "text"  #: whatever it looks like by itself
    TITLE = "title"
    DATE = "date"
    LABEL = "label"
    CREDIT = "credit"
    VIEWS = "views"
    SOURCE = "source"
    MORE = "more"


class Part(NamedTuple):
    """A stretch of a line without the white space around it."""

    begin: int
    end: int
    kind: Glued


_HEAD = 240  # characters at the start of a line in which a title, a date or a credit may be glued to a text
_LABEL = 40  # characters of a label before a glued date
_SHORTEST_TWICE = 24  # characters of a line that is the same words twice
_CHANNEL = 160  # characters before the date of a flattened feed: its title, address and language
_VIEWS = re.compile(
    r"(?<=[^\W\d_])\d{3,7}$"  # "… doubles its storage9120"
    r"|(?:(?<=[^\W\d_]{4}[.!?])|(?<=[^\W\d_][»”\"]))\s?\d{2,7}$"  # "… before the summer. 5621", but "school No. 11"
    r"|\s+(?:👁\s?\d[\d ,]*|(?:views?|просмотр\w*|қаралым\w*|aufrufe|vues|vistas|visitas)\s*:\s*\d[\d ,]*"
    r"|\d[\d ,]*\s*(?:views|просмотр\w*|рет\s+қаралды|aufrufe|vues|visitas))$",
    re.IGNORECASE,
)
_VIEWED = ("ews", "ров", "тра", "отр", "лды", "ufe", "ues", "tas")  # how lines end that may close with views in words


def maybe(line: str) -> bool:
    """Whether a long line could hold a seam at all: most do not, and looking closer is dear."""
    last = line[-1]
    if last not in ".!?…»”\"'’" or chrome.glued(line):
        return True
    head = line[:_HEAD]
    return _dashed(head) or "|" in head or _CENTURY.search(head) is not None


def _dashed(head: str) -> bool:
    """Whether a dateline could stand there. Single characters first: they are found many times faster."""
    return (
        ("/" in head and (" /" in head or "/ " in head))
        or ("–" in head and " – " in head)
        or ("—" in head and " — " in head)
        or ("-" in head and (" - " in head or ".-" in head))
    )


_CENTURY = re.compile("19|20")


def seamless(line: str) -> bool:
    """Whether `parts` would find nothing, by cheaper means: so it is with most lines."""
    last = line[-1]
    if last in ")]" or last.isdigit() or not tailless(line):
        return False
    head = line[:_HEAD]
    if _CENTURY.search(head) and dates.dates_in(head, most=1):
        return False
    if (":" in head or "|" in head or "©" in head) and captions.opens(line):
        return False
    return not _title_end(line, 0)


def tailless(line: str) -> bool:
    """Whether no words are glued to a line's end: not those of a view count, a source, a link, nor its own again."""
    return line[-3:].lower() not in _VIEWED and not chrome.glued(line) and not _twice(line)


def _twice(line: str) -> bool:
    """Whether a line is the same words twice, white space between them."""
    half = len(line) // 2
    return (
        line[half].isspace() and len(line) % 2 > 0 and len(line) > _SHORTEST_TWICE and line[:half] == line[half + 1 :]
    )


def parts(line: str, *, month_first: bool) -> Iterator[Part]:
    """The parts of a stripped line in order; one of kind text where nothing is glued."""
    begin, end = 0, len(line)
    tail: Part | None = None
    if found := chrome.glued(line):
        tail = Part(found[0], end, Glued.SOURCE if found[1] == "source" else Glued.MORE)
    elif (line[-1].isdigit() or line[-3:].lower() in _VIEWED) and (views := _VIEWS.search(line)):
        at = views.start() + len(views.group()) - len(views.group().lstrip())
        if at and (prose.headline(line[: views.start()].rstrip()) >= 1.0 or prose.ended(line[: views.start()])):
            tail = Part(at, end, Glued.VIEWS)
    elif posted := dates.posted_at_end(line, month_first=month_first):
        tail = Part(posted, end, Glued.DATE)
    if tail:
        end = len(line[: tail.begin].rstrip())
    for part in _heads(line[:end], month_first=month_first):
        yield part
        begin = part.end + len(line[part.end : end]) - len(line[part.end : end].lstrip())
    if begin < end:
        yield Part(begin, end, Glued.TEXT)
    if tail:
        yield tail


def _heads(line: str, *, month_first: bool) -> Iterator[Part]:
    """What is glued before the text of a line."""
    begin = 0
    if _twice(line):
        half = len(line) // 2
        yield Part(0, half, Glued.TEXT)
        yield Part(half + 1, len(line), Glued.TEXT)
        return
    for part in _dated_label(line, month_first=month_first):
        yield part
        begin = part.end + len(line[part.end :]) - len(line[part.end :].lstrip())
    if not begin and (end := captions.end_of(line)):
        yield Part(0, end, Glued.CREDIT)
        return
    if (end := _title_end(line, begin)) and end > begin:
        yield Part(begin, end, Glued.TITLE)


def _dated_label(line: str, *, month_first: bool) -> tuple[Part, ...]:
    """ "Society Sat, 20 Jan 2018 10:28:19 +0600 60 Rescuers reach …": a label, a date with its time, views."""
    head = line[:_HEAD]
    if "20" not in head and "19" not in head:
        return ()
    found = dates.opening_date(head, month_first=month_first)
    if not found or found.label > _CHANNEL:
        return ()
    before, behind = line[: found.label].rstrip(), _segments_end(line, found.end)
    rest = line[behind:].lstrip()
    if (
        not prose.opens(rest)
        or _CLOCK_WORD.match(rest)
        or prose.word_count(rest) < 4
        or (before and prose.ended(before))
    ):
        return ()
    date = Part(found.label, behind, Glued.DATE)
    exact = found.date.precision is Precision.SECOND or found.date.offset is not None
    if "://" in before and exact:
        return (Part(0, behind, Glued.LABEL),)  # of the feed itself
    if prose.headline(before) >= 1.0 and (behind > found.end or exact or dateline_of(rest)):
        return (Part(0, len(before), Glued.TITLE), date)
    if found.date.precision is Precision.DAY or len(before) > _LABEL or rest[0] in ",;" or not _names(before):
        return ()
    return (Part(0, len(before), Glued.LABEL), date) if before else (date,)


_CLOCK_WORD = re.compile(r"(?:Uhr|h|hrs|часов|сағат)\b", re.IGNORECASE)


def _names(before: str) -> bool:
    """Whether what stands before a date names a section or an outlet, and is no part of a sentence ("On", "Am")."""
    last = before.rsplit(None, 1)[-1] if before else ""
    return not last or last[-1] in ":|»>·-–—" or (len(last) > 3 and last[0].isupper())


_SEGMENT = re.compile(r"\s*\|\s*[^|.!?]{2,25}?(?=\s*\|)")


def _segments_end(line: str, at: int) -> int:
    """Where parts set off by bars end behind a date ("| Region | 0 comments | Print"): the last of them is
    followed by a dateline, or there is none to follow.
    """
    end = at
    while found := _SEGMENT.match(line, end):
        end = found.end()
    last = re.compile(r"\s*\|\s*").match(line, end)
    if not last:
        return at
    return max(at, dateline_within(line, last.end(), last.end() + 60))


def _title_end(line: str, begin: int) -> int:
    """Where a title ends before a dateline in the middle of a line; 0 where there is none."""
    head = line[begin : begin + _HEAD]
    if (
        "/" not in head
        and "–" not in head
        and "—" not in head
        and ("-" not in head or (" - " not in head and ".-" not in head))
    ):
        return 0
    at = dateline_within(line, begin + 12, begin + _HEAD)
    title = line[begin : max(at, begin)].rstrip()
    return begin + len(title) if prose.headline(title) >= 1.0 else 0
