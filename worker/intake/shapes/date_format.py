"""Date lines by a format of strptime that an operator gives, month names in all languages that we know.

Not by strptime itself: it knows the names of one language, that of the process, and takes a line for a date of the
year 1900 where a format has no year.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from worker.intake.shapes.dates import MONTH_NUMBER
from worker.model import Precision, StatedDate

_MONTH = "|".join(sorted(MONTH_NUMBER, key=len, reverse=True))
#: Directives of strptime (docs.python.org/3/library/datetime.html#format-codes) that state a date, or stand by it.
_DIRECTIVES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d\d)",
    "m": r"(?P<m>1[0-2]|0?[1-9])",
    "B": rf"(?P<B>(?:{_MONTH})(?!\w)\.?)",
    "b": rf"(?P<b>(?:{_MONTH})(?!\w)\.?)",
    "d": r"(?P<d>3[01]|[12]\d|0?[1-9])",
    "H": r"(?P<H>2[0-3]|[01]?\d)",
    "I": r"(?P<I>1[0-2]|0?[1-9])",
    "p": r"(?P<p>[ap]\.?m\.?)",
    "M": r"(?P<M>[0-5]?\d)",
    "S": r"(?P<S>[0-5]?\d)",
    "f": r"\d{1,6}",  # finer than any date is kept
    "z": r"(?P<z>Z|[+−-](?:0\d|1[0-4]):?[0-5]\d)",
    "Z": r"(?P<Z>UTC|GMT|Z)",
    "A": r"[^\W\d_]+",
    "a": r"[^\W\d_]+\.?",
    "%": "%",
}
_TOKEN = re.compile(r"%(.?)|\s+|.", re.DOTALL)


def wrong_with(format_: str) -> str | None:
    """What is wrong with a format, in words that say what is wanted; None where nothing is."""
    used = [found[1] for found in re.finditer(r"%(.?)", format_, re.DOTALL)]
    for directive in used:
        if directive not in _DIRECTIVES:
            return f"%{directive} is no directive that is read here; want some of " + " ".join(
                f"%{d}" for d in _DIRECTIVES
            )
    if twice := next((d for d in used if d not in "fAa%" and used.count(d) > 1), None):
        return f"%{twice} stands there twice"
    for what, of in (("a year", "Yy"), ("a month", "mBb"), ("a day", "d")):
        if (count := sum(d in of for d in used)) != 1:
            wanted = " or ".join(f"%{d}" for d in of)
            return f"want {what}, as {wanted}" if not count else f"want one of {wanted}, not several"
    return _wrong_time(set(used))


def _wrong_time(used: set[str]) -> str | None:
    if {"H", "I"} <= used:
        return "want %H or %I, not both"
    if ("I" in used) != ("p" in used):
        return "want %I and %p together"
    if used & {"M", "S"} and not used & {"H", "I"}:
        return "want an hour, as %H or %I %p"
    if used & {"z", "Z"} == {"z", "Z"}:
        return "want %z or %Z, not both"
    return None


def parse_with(format_: str, line: str) -> StatedDate | None:
    """The date of a line that is nothing but one in this format; None for all other lines and impossible dates.

    White space in the format is any white space, and case does not count.
    """
    found = _pattern(format_).fullmatch(line.strip())
    if not found:
        return None
    parts = found.groupdict()
    try:
        wall = datetime(_year(parts), _month(parts), int(parts["d"]), *_time(parts))  # noqa: DTZ001 - as shown
    except ValueError:
        return None
    finest = "second" if parts.get("S") else "minute" if parts.get("H") or parts.get("I") else "day"
    return StatedDate(wall=wall, precision=Precision(finest), offset=_offset(parts) if finest != "day" else None)


@lru_cache(maxsize=256)
def _pattern(format_: str) -> re.Pattern[str]:
    return re.compile("".join(_translated(token) for token in _TOKEN.finditer(format_.strip())), re.IGNORECASE)


def _translated(token: re.Match[str]) -> str:
    if token[1] is not None:
        return _DIRECTIVES[token[1]]
    return r"\s+" if token[0].isspace() else re.escape(token[0])


_Parts = dict[str, str | None]


def _year(parts: _Parts) -> int:
    if year := parts.get("Y"):
        return int(year)
    short = int(parts["y"] or 0)
    return short + (2000 if short < 69 else 1900)  # as POSIX has it


def _month(parts: _Parts) -> int:
    name = parts.get("B") or parts.get("b")
    return MONTH_NUMBER[name.lower().rstrip(".")] if name else int(parts["m"] or 0)


def _time(parts: _Parts) -> tuple[int, int, int]:
    hour = int(parts.get("H") or parts.get("I") or 0)
    if half := parts.get("p"):
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return hour, int(parts.get("M") or 0), int(parts.get("S") or 0)


def _offset(parts: _Parts) -> timedelta | None:
    if parts.get("Z"):
        return timedelta()
    stated = parts.get("z")
    if not stated or stated in "Zz":
        return timedelta() if stated else None
    minutes = int(stated[1:3]) * 60 + int(stated[-2:])
    return timedelta(minutes=minutes if stated[0] == "+" else -minutes)
