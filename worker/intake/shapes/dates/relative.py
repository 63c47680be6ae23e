"""Dates relative to the day on which a page was captured: "2 hours ago", "вчера, 14:20"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from worker.intake.shapes.dates.words import LABELLED, MONTH, MONTH_NUMBER, WEEKDAYS
from worker.model import Precision, StatedDate

#: Days back, by the words for today, yesterday and the day before.
_DAYS = {
    0: "today|сегодня|бүгін|heute|aujourd.hui|hoy",
    1: "yesterday|вчера|кеше|gestern|hier|ayer",
    2: "позавчера|алдыңғы күні|vorgestern|avant-hier|anteayer",
}
_UNITS = {
    timedelta(minutes=1): r"min(?:ute)?s?|мин(?:ут[уы]?)?|минут|minuten?|minutos?",
    timedelta(hours=1): r"hours?|hrs?|час(?:а|ов)?|сағат|stunden?|heures?|horas?",
    timedelta(days=1): r"days?|дн(?:я|ей)|день|күн|tag(?:en?)?|jours?|días?",
    timedelta(weeks=1): r"weeks?|недел[юиь]|апта|wochen?|semaines?|semanas?",
}
_COUNT = rf"(?P<count>\d{{1,3}}|an?|eine[rmn]?|une?|una|час)\s*(?P<unit>{'|'.join(_UNITS.values())})?"
_AGO = re.compile(
    rf"(?:(?:vor|il\s+y\s+a|hace)\s+{_COUNT}|{_COUNT.replace('count', 'count2').replace('unit', 'unit2')}\s+(?:ago|назад|бұрын))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    "(?:" + "|".join(f"(?P<back{days}>{words})" for days, words in _DAYS.items()) + r")\b"
    r"(?:[\s,|]*(?:(?:at|в|um|à|a\s+las|сағат)\s+)?(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?:\s*(?:uhr|(?P<half>[ap])\.?m\.?))?"
    r"(?:,\s*[^\W\d][^.!?]{2,50}(?:\.\w+[^.!?]{0,40})?$)?)?",  # "Вчера, 18:42, Каражар - Агентство"
    re.IGNORECASE,
)
_CLOCK = r"(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?:\s*(?:uhr|(?P<half>[ap])\.?m\b\.?))?"
_DAY = re.compile(
    rf"(?:(?:{WEEKDAYS})\b\.?,?\s*)?(?:(?P<day>\d{{1,2}})\.?\s+(?:de\s+)?(?P<month>{MONTH})|(?P<month2>{MONTH})\.?\s+(?P<day2>\d{{1,2}}))\b\.?"
    rf"(?:[\s,|]*(?:(?:at|в|um|à|a\s+las|сағат)\s+)?{_CLOCK})?",
    re.IGNORECASE,
)
_TIME = re.compile(rf"[\[(]?{_CLOCK}[\])]?", re.IGNORECASE)
#: What may stand around it on its line: a label before it; a section, a view count behind it.
_AROUND_BEFORE = re.compile(rf"\W*{LABELLED}?\W*", re.IGNORECASE)
_AROUND_AFTER = re.compile(
    r"""(?:\s*[|·•—–,-]\s*[^\W\d][\w ]{1,30})?
    (?:\s*[|·•,]?\s*(?:👁\s*|(?:views?|просмотр\w*|қаралым\w*|aufrufe|vues|vistas)\s*:?\s*)?
       (?!0\d)\d{1,3}(?:[ ,]?\d{3})*(?:\s*(?:views?|просмотр\w*|рет\ қаралды))?){0,3}
    (?:\s*[|·•,]\s*(?:lesezeit|reading\ time|temps\ de\ lecture|tiempo\ de\ lectura|время\ чтения)\b.{0,20})?
    [\s|.·•)\]]*""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
LONGEST = 70  # characters of a line that is a relative date


#: Each pattern with pieces of words of which one must be there: looking for those first is far cheaper.
_PATTERNS = (
    (_AGO, ("ago", "назад", "бұрын", "vor ", "il y a", "hace ")),
    (_NAMED, ("day", "ера", "одня", "гін", "кеше", "stern", "eute", "hier", "hui", "hoy", "ayer")),
    (_DAY, tuple(sorted({name[:3] for name in MONTH_NUMBER}))),
)
_WITHOUT_DIGIT = _PATTERNS[:2]
_DIGIT = re.compile(r"\d")


def relative_line(line: str) -> bool:
    """Whether a line is a date relative to the day of the crawl, or a day without its year, and nothing else."""
    if len(line) > LONGEST or (("20" in line or "19" in line) and _YEAR.search(line)):
        return False
    return _found(line.lower()) is not None


def time_line(line: str) -> bool:
    """Whether a line is a time of day and nothing else: its day stands above, over a group of articles."""
    return len(line) <= 12 and _TIME.fullmatch(line) is not None


_POSTED = re.compile(
    rf"(?:posted|published|veröffentlicht|eingestellt|publié|publicado|опубликова\w+|жариялан\w+)\b.{{0,60}}?(?:\bat|\bum|\bà|\ba\s+las|\bв|,)\s+{_CLOCK}.{{0,60}}",
    re.IGNORECASE,
)


def posted_time(line: str) -> time | None:
    """The time in "Posted by Ann at 8:42 PM", which blogs put behind a post whose day stands above it."""
    found = _POSTED.fullmatch(line) if len(line) <= 140 else None
    return _clock(found) if found else None


def time_of(line: str) -> time | None:
    """The time of such a line."""
    found = _TIME.fullmatch(line)
    return _clock(found) if found else None


def relative_date(line: str, captured: date) -> StatedDate | None:
    """The date of such a line; hours and minutes ago are the day of the capture, which has no time itself."""
    found = _found(line.lower())
    if found is None:
        return None
    try:
        if found.re is _AGO:
            return StatedDate(wall=datetime.combine(captured - _back(found), time()), precision=Precision.DAY)
        day = _day(found, captured) if found.re is _DAY else captured - timedelta(days=_named(found))
    except (OverflowError, ValueError):
        return None
    clock = _clock(found)
    if clock is None:
        return StatedDate(wall=datetime.combine(day, time()), precision=Precision.DAY)
    return StatedDate(wall=datetime.combine(day, clock), precision=Precision.MINUTE)


def _found(small: str) -> re.Match[str] | None:
    for pattern, hints in _PATTERNS if _DIGIT.search(small) else _WITHOUT_DIGIT:
        if (
            any(map(small.__contains__, hints))
            and (found := pattern.search(small))
            and _AROUND_BEFORE.fullmatch(small, 0, found.start())
            and _AROUND_AFTER.fullmatch(small, found.end())
        ):
            return found
    return None


def _named(found: re.Match[str]) -> int:
    return next(days for days in _DAYS if found[f"back{days}"])


def _day(found: re.Match[str], captured: date) -> date:
    """The last such day that is not after the capture. Raises ValueError where the calendar has none."""
    day, month = int(found["day"] or found["day2"]), MONTH_NUMBER.get(found["month"] or found["month2"], 0)
    this = date(captured.year, month, day)
    return this if this <= captured + timedelta(days=1) else date(captured.year - 1, month, day)


def _clock(found: re.Match[str]) -> time | None:
    if found["hour"] is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    return time(hour, int(found["minute"]))


def _back(found: re.Match[str]) -> timedelta:
    count, unit = found["count"] or found["count2"], found["unit"] or found["unit2"] or "час"
    size = next((size for size, words in _UNITS.items() if re.fullmatch(words, unit)), timedelta(hours=1))
    back = (int(count) if count.isdigit() else 1) * size
    return timedelta(days=back.days)
