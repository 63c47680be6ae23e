"""Dates as pages write them, in six languages, with the view counts that sites glue to them.

Only full dates count: a day and month without a year belong to the text ("On March 25-26, the school …").
Own patterns instead of a date library: dateutil reads none of "29.11.2025, 09:40 52751", and dateparser is
some six hundred times slower, most of all on lines that are no dates.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from worker.intake.shapes.dates.words import FIRSTS, MONTH, MONTH_NUMBER
from worker.intake.shapes.dates.zones import ZONE, offset_of
from worker.model import Precision, StatedDate

_TIME = r"(?<!\d)(?P<{0}h>[01]?\d|2[0-3])(?:\s?[:h]\s?|\.(?=\d\d\s*(?:uhr|{1})))(?P<{0}m>[0-5]\d)(?::(?P<{0}s>[0-5]\d))?(?P<{0}half>\s?[ap]\.?m\b\.?)?"
_ZONE = (
    r"(?:\s*[|(]?\s*(?:(?:GMT|UTC)\s*)?(?P<{0}offset>[+−-](?:0?\d|1[0-4])(?::?[0-5]\d)?)(?![\d:])"
    r"|\s*\(?(?P<{0}named>{1}))?"
)
_YEAR_WORD = r"(?:\s*(?:[гж]\.|(?:г(?:ода?)?|жыл\w*)(?!\w)))?"  # Russian and Kazakh say "year" behind the number
_CAPITAL = "(?-i:[A-ZÀ-ÖØ-ÞА-ЯЁӘҒҚҢӨҰҮІҺ])"
#: Behind the word of a title that it is glued to, a date begins with a digit ("Aksai14 May 2025") or a capital.
_BEGIN = rf"(?:(?<![\w.])|(?<=[^\W\d_][^\W\d_])(?=\d)|(?<=(?-i:[a-zß-ÿа-яё]))(?={_CAPITAL}))"

#: A date with what belongs to it. Month words may stand in any case; "5th" and Spanish "de" are allowed.
_DATE = re.compile(
    rf"""
    (?=[\d{FIRSTS}])
    (?:{_TIME.format("b", ZONE)}{_ZONE.format("b", ZONE)}\s*[,|]?\s+)?
    {_BEGIN}
    (?: (?P<y1>(?:19|20)\d\d)(?P<sep1>[-/.])(?P<m1>\d{{1,2}})(?P=sep1)(?P<d1>\d{{1,2}})(?=[T\D]|$)
      | (?P<d2>\d{{1,2}})(?P<sep>[./-])(?P<m2>\d{{1,2}})(?P=sep)(?P<y2>(?:19|20)\d\d)
      | (?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|-го)?\.?\s+(?:de\s+|of\s+)?(?P<m3>{MONTH})\.?,?\s+(?:del?\s+)?(?P<y3>(?:19|20)\d\d)(?!\d)
      | (?P<y5>(?:19|20)\d\d)\s*(?:жылғы|жылы|жыл|ж\.?)?,?\s+(?P<d5>\d{{1,2}})\s+(?P<m5>{MONTH})(?:\b|(?={_CAPITAL}))
      | (?P<m4>{MONTH})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d\d)(?!\d)
    )
    {_YEAR_WORD}
    (?: (?:T|\s*[,|—–·-]?\s*(?:(?:at|um|à|в|a\s+las|сағат)\s+)?) {_TIME.format("a", ZONE)} {_ZONE.format("a", ZONE)} | {_ZONE.format("x", ZONE)} )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")  # every date has a year; most lines have none
SHORT = 260  # characters; longer lines are no date lines and no headlines
_JOINTS = ("-", "/", ".")
_REACH = 45  # characters on either side of a year that belong to its date at the most


class Dated(NamedTuple):
    """A full date found on a line."""

    start: int  #: offset on the line
    end: int
    date: StatedDate
    numeric: bool  #: written in digits only


def _time(found: re.Match[str], side: str) -> tuple[int, int, int | None] | None:
    if found[f"{side}h"] is None:
        return None
    hour, half = int(found[f"{side}h"]), (found[f"{side}half"] or "").strip().lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    second = found[f"{side}s"]
    return hour, int(found[f"{side}m"]), None if second is None else int(second)


def _offset(stated: str) -> timedelta:
    digits = stated[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    size = timedelta(hours=hours, minutes=minutes)
    return -size if stated[0] in "-−" else size


def _placed(stated: StatedDate, found: re.Match[str], sides: str) -> StatedDate:
    """With its offset. As "18:12, 28 November 2011 | GMT +5" has it, the zone may stand behind the day."""
    if stated.precision is Precision.DAY:
        return stated
    for side in sides:
        if digits := found[f"{side}offset"]:
            return replace(stated, offset=_offset(digits))
        if name := found[f"{side}named"]:
            return replace(stated, offset=offset_of(name, stated.wall))
    return stated


def _day(found: re.Match[str], *, month_first: bool) -> tuple[int, int, int]:
    shape = next(shape for shape in "21345" if found[f"y{shape}"] is not None)  # the commonest first
    year, month, day = found.group(f"y{shape}", f"m{shape}", f"d{shape}")
    if shape in "345":
        return int(year), MONTH_NUMBER.get(month.lower(), 0), int(day)  # "ſept" matches in any case, too
    one, other = int(month), int(day)
    if shape == "2" and ((month_first and found["sep"] == "/") or one > 12) and other <= 12:
        one, other = other, one
    return int(year), one, other


def _dated(found: re.Match[str], *, month_first: bool) -> Dated | None:
    year, month, day = _day(found, month_first=month_first)
    after, before = _time(found, "a"), _time(found, "b")
    time = after or before
    stated = _stated((year, month, day), time)
    if stated is None:
        return None
    return Dated(
        start=found.start(),
        end=found.end(),
        date=_placed(stated, found, "a" if after else "bx"),
        numeric=all(found[month] is None for month in ("m3", "m4", "m5")),
    )


def dates_in(line: str, *, month_first: bool = False, most: int = 1000) -> list[Dated]:
    """The full dates of a line, in order, `most` of them. `month_first` settles 03/04/2025, where the page does."""
    if "20" not in line and "19" not in line:
        return _of_short_years(line) if len(line) <= _SHORTER else []
    if len(line) <= SHORT:
        return list(_recent(line, month_first)[:most])
    return _search(line, month_first, most)


_SHORTER = 90  # characters of a line in which a year of two digits is believed
_TWO_DIGITS = re.compile(
    rf"(?:{_TIME.format('b', ZONE)}\s*[,|]?\s+)?(?<![\d.:/])(?P<day>\d\d)(?P<sep>[./])(?P<month>\d\d)(?P=sep)(?P<year>\d\d)(?![\d.:/])"
    rf"(?:\s*[,|]?\s*{_TIME.format('a', ZONE)}{_ZONE.format('a', ZONE)})?",
    re.IGNORECASE,
)


def _of_short_years(line: str) -> list[Dated]:
    """ "11.02.26 17:31": the day first, a year of this century."""
    dates = []
    for found in _TWO_DIGITS.finditer(line) if "." in line or "/" in line else ():
        time = _time(found, "a") or _time(found, "b")
        day = (2000 + int(found["year"]), int(found["month"]), int(found["day"]))
        if stated := _stated(day, time):
            placed = _placed(stated, found, "a")
            dates.append(Dated(start=found.start(), end=found.end(), date=placed, numeric=True))
    return dates


def _stated(day: tuple[int, int, int], time: tuple[int, int, int | None] | None) -> StatedDate | None:
    """A date as the page shows it; None where the calendar has none such."""
    hour, minute, second = time or (0, 0, None)
    try:
        wall = datetime(*day, hour, minute, second or 0)  # noqa: DTZ001 - as the page shows it
    except ValueError:
        return None
    precision = Precision.DAY if time is None else Precision.MINUTE if second is None else Precision.SECOND
    return StatedDate(wall=wall, precision=precision)


@lru_cache(maxsize=256)  # a short line is asked about several times in a row, and its date when it is described
def _recent(line: str, month_first: bool) -> tuple[Dated, ...]:
    return tuple(_search(line, month_first, SHORT))


#: The commonest date line, "29.11.2025, 09:40 52751": read five times faster than by the pattern for all of them.
_IN_DIGITS = re.compile(
    r"([0-9]{2})\.(0[1-9]|1[0-2])\.((?:19|20)[0-9]{2})(?:, ([01][0-9]|2[0-3]):([0-5][0-9]))?(?: [0-9]{1,7})?"
)


def _in_digits(found: re.Match[str]) -> Dated | None:
    day, month, year, hour, minute = found.groups()
    stated = _stated((int(year), int(month), int(day)), (int(hour), int(minute), None) if hour else None)
    return Dated(start=0, end=found.end(5 if hour else 3), date=stated, numeric=True) if stated else None


def day_in_digits(line: str) -> date | None:
    """The day of a line that is a date in digits, perhaps with its time and a view count, and nothing else."""
    if not (found := _IN_DIGITS.fullmatch(line)):
        return None
    day, month, year = found.group(1, 2, 3)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_IN_DATES = frozenset({*MONTH_NUMBER, "de", "del"})  # words that stand right before a year


def _may_date(line: str, start: int, end: int) -> bool:
    """Whether a year can belong to a date by what stands right before and behind it: most years of texts cannot."""
    if line[end : end + 1] in _JOINTS and line[end + 1 : end + 2].isdigit():
        return True
    if start > 1 and line[start - 1] in _JOINTS and line[start - 2].isdigit():
        return True
    before = line[max(0, start - _REACH) : start].rsplit(None, 1)
    if before and (before[-1][0].isdigit() or before[-1].rstrip(".,").casefold() in _IN_DATES):
        return True
    return any(word[0].isdigit() for word in line[end : end + _REACH].split(None, 2)[:2])  # "2026 жылғы 12 қараша"


def _search(line: str, month_first: bool, most: int) -> list[Dated]:
    if line[2:3] == "." and (found := _IN_DIGITS.fullmatch(line)) and (plain := _in_digits(found)):
        return [plain]
    dates: list[Dated] = []
    done = 0
    years = list(_YEAR.finditer(line))
    for year, after in zip_longest(years, years[1:]):  # looking around each is ten times faster than along the line
        if year.start() < done:
            continue
        if (after is None or after.start() > year.end() + _REACH) and not _may_date(line, year.start(), year.end()):
            continue
        found = _DATE.search(line, max(done, year.start() - _REACH), year.end() + _REACH)
        if found:
            done = found.end()
            if dated := _dated(found, month_first=month_first):
                dates.append(dated)
                if len(dates) == most:
                    break
    return dates


_DAY_MONTH = re.compile(rf"(\d{{1,2}})\s+({MONTH})\b|\b({MONTH})\.?\s+(\d{{1,2}})\b", re.IGNORECASE)


def day_without_year(line: str, latest: date) -> StatedDate | None:
    """A dateline's day ("February 2"), in the last year in which it is not after `latest`."""
    found = _DAY_MONTH.search(line)
    if not found:
        return None
    day, month = int(found[1] or found[4]), MONTH_NUMBER.get((found[2] or found[3]).lower(), 0)
    for year in (latest.year, latest.year - 1):
        try:
            wall = datetime(year, month, day)  # noqa: DTZ001 - as the page shows it
        except ValueError:
            continue
        if wall.date() <= latest:
            return StatedDate(wall=wall, precision=Precision.DAY)
    return None


_SLASHED = re.compile(r"/(?:19|20)\d\d")
_ORDER = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:19|20)\d\d")


def month_first(text: str) -> bool:
    """Whether a page writes 03/25/2025: settled by its dates that can be read one way only.

    Dots and hyphens always put the day first; only slashes are written both ways.
    """
    if "/" not in text or ("/20" not in text and "/19" not in text) or not _SLASHED.search(text):
        return False
    pairs = [(int(one), int(other)) for one, other in _ORDER.findall(text)]
    return sum(other > 12 >= one for one, other in pairs) > sum(one > 12 >= other for one, other in pairs)
