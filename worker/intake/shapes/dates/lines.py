"""Where a date stands on its line: alone, at its start, at its end, or behind a label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.intake.shapes import prose
from worker.intake.shapes.dates.full import SHORT, Dated, dates_in
from worker.intake.shapes.dates.words import LABELLED, PUBLISHED, WEEKDAYS
from worker.model import Precision, StatedDate

_AUTHOR = r"(?:by|von|par|por|автор:?|текст:?)\s+[\w .'’-]{2,60}?"
_BEFORE = re.compile(rf"\W*(?:{_AUTHOR}\s*[|·•,/–—-]\s*)?{LABELLED}?(?:(?:{WEEKDAYS})\b\.?,?\s*)?\W*", re.IGNORECASE)
_BETWEEN = re.compile(rf"\W*{LABELLED}(?:(?:{WEEKDAYS})\b\.?,?\s*)?", re.IGNORECASE)  # two dates of one line
_CLOCK_WORD = (
    r"(?:uhr|h|ч|часов|hrs|(?-i:[A-Z]{1,4}T|MSK|UTC)"
    r"|(?:eastern|central|mountain|pacific|local|moscow)(?:\s+(?:standard|daylight|summer))?\s+time)\b\.?"
)
_VIEWED = r"(?:views?|просмотр\w*|қаралым\w*|hits|👁)"
_READ_IN = (
    r"(?:(?:lesezeit|reading\s+time|temps\s+de\s+lecture|tiempo\s+de\s+lectura|время\s+чтения)\b.{0,20}"
    r"|\d{1,3}\s*min\w*(?:\s+(?:read|de\s+lecture|чтения))?)"
)
#: What may stand behind the date of a date line: a word of its clock, a weekday, an author, a place, views, a section.
_AFTER = re.compile(
    rf"""
    (?:\s*{_CLOCK_WORD})?\s*(?:[,|(]?\s*(?:{WEEKDAYS})\b\)?)?
    (?:\s*[|,·•/—–-]?\s*{_AUTHOR})?
    (?:\s+[–—-]\s+(?-i:[^\W\d_a-zа-яё]{{3,20}}))?
    (?:\s*[|·•,/]?\s*(?:{_VIEWED}\s*:?\s*)?\d{{1,7}}(?:[ ,]\d{{3}})*(?:\s*(?:views?|просмотр\w*|рет\s+қаралды|hits))?)?
    (?:\s*[|·•]\s*[^\W\d][\w ]{{1,30}})?
    (?:\s*[|·•,]?\s*{_READ_IN})?
    [\s|.·•)\]]*""",
    re.IGNORECASE | re.VERBOSE,
)
_SET_OFF = re.compile(r"\s*[|–—·:,-]\s+|\s*")  # what may stand between a date and the title behind it
_VIEWS = re.compile(r"[ \t]*\d{1,7}(?=\D|$)")


_BYLINED = re.compile(
    r"(?:by|von|par|por|автор:?|текст:?)\s+[^\W\d][^.!?\d]{2,60}", re.IGNORECASE
)  # "By Ann Lee in World on"
_BRACKETED = re.compile(r"[^\[(.!?:]{2,40}[\[(]")  # "Valley Post, [02.03.2026 10:14]"


def date_line(line: str, *, month_first: bool = False) -> Dated | None:
    """The date of a line that says nothing else: labels, weekdays, an author and a view count are allowed.

    An event's times ("Sunday, 12 May 2024, 19:00-20:15") are something else.
    """
    if len(line) > 160 or not (dates := dates_in(line, month_first=month_first)):
        return None
    stated = first = dates[0]
    end = first.end
    if not first.start and (end == len(line) or _counts_views(line[end:])):
        return first  # the common case, without a pattern
    if len(dates) == 2 and _BETWEEN.fullmatch(line, end, dates[1].start):
        end = dates[1].end  # "Published: 3 May 2026 | Updated: 4 May 2026"
        stated = published_in(line, month_first=month_first) or first
    before = (
        _BEFORE.fullmatch(line, 0, first.start)
        or _BYLINED.fullmatch(line, 0, first.start)
        or (_BRACKETED.fullmatch(line, 0, first.start) and prose.headline(line[: first.start].rstrip(" [(")) < 1.0)
    )
    if before and _AFTER.fullmatch(line, end) and prose.headline(line[end:].strip(" |·•–—-")) < 1.0:
        return stated
    return _among_bars(line, month_first) if _BARS.search(line) else None


_PUBLISHED = re.compile(PUBLISHED, re.IGNORECASE)


def published_in(line: str, *, month_first: bool = False) -> Dated | None:
    """The date of a date line that has one; of several the one labelled as that of the publication, or the first."""
    found = dates_in(line, month_first=month_first, most=_MOST_DATES)
    if len(found) > 1:
        ends = (0, *(dated.end for dated in found))
        for dated, end in zip(found, ends, strict=False):
            if _PUBLISHED.search(line, end, dated.start):
                return dated
    return found[0] if found else None


_MOST_DATES = 3  # of one date line


def _counts_views(behind: str) -> bool:
    return behind[0] == " " and len(behind) <= 8 and behind[1:].isdecimal()


_BARS = re.compile(r"\s*[|»·•\t]\s*|\s{3,}")
_MOST_WORDS = 5  # of a part of a line between bars: a name, a section, "0 comments"


def _among_bars(line: str, month_first: bool) -> Dated | None:
    """The date of a line of parts set off by bars, one of them a date, the others a few words each."""
    parts, at, found = _BARS.split(line), 0, None
    for part in parts:
        start = line.index(part, at)
        at = start + len(part)
        if found is None and part and part != line and (dated := date_line(part, month_first=month_first)):
            found = Dated(start=start + dated.start, end=start + dated.end, date=dated.date, numeric=dated.numeric)
        elif len(part.split()) > _MOST_WORDS or part.endswith((".", "!", "?")):
            return None
    titled = any(prose.headline(part) >= 1.0 for part in parts if not dates_in(part))
    return found if found and (len(parts) > 2 or not titled) else None


def leading_date(line: str, *, month_first: bool = False) -> Dated | None:
    """A date that something else stands behind: "30.11.2025, 16:259486Title" is date, views, title.

    `end` lies behind the view count. Whether the rest is a title or a sentence that begins with its date is for the
    caller to see.
    """
    found = dates_in(line[:80], month_first=month_first) if len(line) <= SHORT else []
    if not found or found[0].start:
        return None
    first = found[0]
    end = first.end
    if first.date.precision is not Precision.DAY and (views := _VIEWS.match(line, end)):
        end = views.end()
    elif set_off := _SET_OFF.match(line, end):
        end = set_off.end()
    return Dated(start=0, end=end, date=first.date, numeric=first.numeric)


#: Words that take a date behind them into the sentence: "Prices as of 3 May 2026", "Прогноз погоды на 3 мая 2026".
_GOVERNING = frozenset({
    "of", "for", "on", "in", "at", "by", "from", "to", "until", "till", "since", "before", "after", "and", "or",
    "about", "dated", "beginning", "starting", "between", "на", "от", "до", "с", "со", "к", "ко", "в", "во", "за",
    "по", "после", "перед", "и", "между", "накануне", "года", "am", "vom", "von", "bis", "ab", "für", "den", "dem",
    "der", "zum", "im", "seit", "nach", "vor", "und", "le", "la", "du", "de", "des", "au", "aux", "en", "à",
    "jusqu'au", "dès", "depuis", "avant", "après", "et", "el", "del", "al", "a", "hasta", "desde", "para", "por", "y",
    "antes", "después", "және", "мен"
})  # fmt: skip


def trailing_date(line: str, *, month_first: bool = False) -> Dated | None:
    """A date at the end of a headline, unless a word before it makes it a part of that ("Prices on 3 May 2026")."""
    dates = dates_in(line, month_first=month_first) if len(line) <= SHORT else []
    if not dates or dates[-1].start < len(line) - 60:
        return None
    last, behind = dates[-1], line[dates[-1].end :]
    before = line[: last.start].rstrip()
    if not before or not _AFTER.fullmatch(behind):
        return None
    if not last.numeric and before[-1].isalpha():
        word = before.rsplit(None, 1)[-1].casefold()
        if word in _GOVERNING or word[0] in "([" or line.rstrip(" .").endswith(_OF_SENTENCES):
            return None
    return Dated(start=last.start, end=len(line), date=last.date, numeric=last.numeric)


_OF_SENTENCES = (" года", " году", " жылы", " жылғы")  # so dates end in sentences, hardly beside a title


_POSTED = re.compile(rf"(?<=[.!?…»”\"])\s*[(\[]{LABELLED}[^()\[\]]{{6,40}}[)\]]$", re.IGNORECASE)


def posted_at_end(line: str, *, month_first: bool = False) -> int:
    """Where "(Posted 27 February 2024)" begins behind the last sentence of a line; 0 where nothing like it does."""
    if line[-1:] not in ")]" or not (found := _POSTED.search(line, max(0, len(line) - 70))):
        return 0
    start = found.end() - len(found.group().lstrip())
    return start if dates_in(line[start:], month_first=month_first, most=1) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A date near the start of a line, behind a label at the most; `end` lies behind the view count."""

    label: int  #: characters of the line before the date and its weekday
    end: int
    date: StatedDate


_LONGEST_WEEKDAY = 14  # characters, with its punctuation
_WEEKDAY_BEFORE = re.compile(rf"(?<!\w)(?:{WEEKDAYS})\b\.?,?\s*$", re.IGNORECASE)


def opening_date(line: str, *, month_first: bool = False) -> Opening | None:
    """The first date of a line with what stands before it, or None."""
    found = dates_in(line, month_first=month_first, most=1)
    if not found:
        return None
    before = len(line[: found[0].start].rstrip())
    weekday = _WEEKDAY_BEFORE.search(line, max(0, before - _LONGEST_WEEKDAY), found[0].start)
    views = _VIEWS.match(line, found[0].end)
    return Opening(
        label=weekday.start() if weekday else found[0].start,
        end=views.end() if views else found[0].end,
        date=found[0].date,
    )
