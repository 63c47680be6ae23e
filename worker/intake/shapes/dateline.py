"""Datelines: the place, the day and the agency that a news text opens with.

SKOPJE, 14 May 2025 –                 ASTANA. February 2. AGENCY /A. B./
Bishkek, Jan. 19, 2018 / Agency /.    Астана. 23 февраля. АГЕНТСТВО -
HARBOR POINT (AP) —                   Puerto Merma, 3 mar (Agencia).-
"""

from __future__ import annotations

import re
from typing import NamedTuple

_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁӘҒҚҢӨҰҮІҺ"
_CAPITALS = rf"[{_UPPER}][{_UPPER}'’]+(?:[ -][{_UPPER}'’]{{2,}}){{0,2}}"
_WORD = rf"[{_UPPER}][\w'’-]{{2,20}}"
#: Words that begin the name of a place and are followed by another.
_BEFORE_PLACE = (
    "Puerto|Punta|Cabo|San|Santa|Los|Las|La|El|Le|Les|Saint|Sankt|Bad|Port|Fort|Mount|New|Nur|Isla|Rio|Monte|Villa"
    "|Нижний|Верхний|Новый|Великий|Усть|Нур|Санкт"
)
_DAY = r"(?:\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?!\d)|\w{3,9}\.?\s+\d{1,2}|\d{1,2}\.?\s+(?:de\s+)?\w{3,10}\.?)(?:,?\s*(?:de\s+)?\d{4}(?:\s*(?:г|год[а]?|жыл[ғы]*|ж)\b)?)?"
_DASH = r"\.?\s*[–—-]"
#: What closes one that names a day: an agency in slashes or brackets, an agency with its writer, or a dash.
_CLOSE = rf"""(?:
    [./,]?\s*/\s*(?P<slashed>[^/\n]{{2,40}}?)\s*/\.?
  | [./,]?\s*(?P<signed>[\w ]{{3,30}}?)\s*/[^/\n]{{2,40}}/\s*[–—-]?
  | \s*\((?P<bracketed>[^()\n]{{2,30}})\)\s*{_DASH}
  | [./,]?\s*(?P<dashed>[\w ]{{2,30}}?)?{_DASH}
)\s"""
_OPENING = re.compile(
    rf"""(?:
        (?P<place>{_CAPITALS}|{_WORD}(?:[ -]{_WORD}){{0,2}})(?:\s*/\s*[\w -]{{2,30}})?
        (?: [.,]\s*{_DAY}{_CLOSE}
          | \s\((?P<agency>[\w/ .]{{2,20}})\)\s*[–—-]\s )
      | {_CAPITALS}(?:\s*/\s*[\w -]{{2,30}})?(?:[.,]\s*(?P<plain>[\w ]{{3,30}}?))?(?:\s*/(?P<writer>[^/\n]{{2,40}})/)?\s*(?:[–—-]\s|/\s)
    )""",
    re.VERBOSE,
)
#: Behind a headline on the same line. Only one that names a day or an agency is told apart from ordinary words
#: there, and its place is one word, unless it is written in capitals.
_MIDDLE = re.compile(
    rf"""(?<![\w.-])(?:
        (?:{_CAPITALS}|(?:(?:{_BEFORE_PLACE})[ -])?{_WORD})[.,]\s*{_DAY}{_CLOSE}
      | {_CAPITALS}[.,]\s+{_CAPITALS}\s*[–—-]\s
      | {_CAPITALS}\s\([\w/ .]{{2,20}}\)\s*[–—-]\s
    )""",
    re.VERBOSE,
)
_SIGNED = re.compile(rf"\d|[{_UPPER}][{_UPPER}'’]")  # each of them holds such; asking first is five times faster
_AGENCIES = ("slashed", "signed", "bracketed", "dashed", "agency", "plain")


class Dateline(NamedTuple):
    """Where a dateline ends, its words, and the agency that it names."""

    end: int
    words: str
    agency: str | None


def dateline_of(text: str) -> Dateline | None:
    """The dateline that a text opens with, or None."""
    if not text[:1].isupper():
        return None
    found = _OPENING.match(text)
    if not found:
        return None
    agency = next((found[name].strip() for name in _AGENCIES if found[name] and found[name].strip()), None)
    return Dateline(found.end(), found.group(), agency)


def dateline_within(text: str, start: int, end: int) -> int:
    """Where a dateline begins behind a headline, within a stretch of a line; -1 where none does."""
    found = _MIDDLE.search(text, start, end) if _SIGNED.search(text, start, end) else None
    return found.start() if found else -1
