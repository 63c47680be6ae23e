"""Lines that show no sign of being anything but text, told by the cheapest means: nearly all lines are such.

`wordy` says nothing that looking closer would not, only several times sooner. `running` decides as well: of a long
sentence with a day in brackets, say, that `shape` would take asunder.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from worker.intake.segment import glue
from worker.intake.shapes import chrome, dates

SENTENCES = 100  # characters; a line of so many that closes like a sentence is one, unless something speaks against it
_STOPS, _DOTS, _OPENERS = frozenset(".!?"), frozenset(".…"), frozenset("\"“«„'")
_ASKING = ("Follow ", "This page ", "Subscribe", "Sign up", "Есть ", "Подпи", "We and our", "You receive")
_DATED = 240  # characters of a line in which a date is glued to something
_ASKS = frozenset(word[:3] for word in _ASKING)


def running(line: str, size: int) -> bool:
    """Whether a long line is surely running text: it opens and closes like it, and shows no sign of anything else.

    Three lines of four are, and learn it three to eight times faster than from all that a line could be. Signs of
    one character come first, and each is looked for by itself: a loop over them would take longer than the search.
    """
    if line[-1] != "." or line[-2] in _DOTS:
        end = line[-3:].rstrip('"”»’')
        if end[-1:] not in _STOPS or end[-2:-1] in _DOTS:
            return False
    first = line[0]
    if (not first.isupper() and first not in _OPENERS) or (line[:3] in _ASKS and line.startswith(_ASKING)):
        return False
    head = line[:240]
    if "–" in head or "—" in head or "/" in head or "|" in head:  # of a dateline, a bar, a date in digits
        return False
    if "-" in head and (" - " in head or ".-" in head):
        return False
    if ":" in head and (":" in head[:60] or "20" in head or "19" in head):
        return False
    return size > chrome.LONGEST_NOTICE or not _may_be_notice(line)


def _may_be_notice(line: str) -> bool:
    """Whether a line has a word of a copyright or privacy notice."""
    if (
        "eserv" in line
        or "opyright" in line
        or "not be " in line
        or "ookie" in line
        or "device" in line
        or "appareil" in line
        or "dispositiv" in line
        or "personal data" in line
    ):
        return True
    if line.isascii():
        return False
    if "©" in line or "gerät" in line or "réserv" in line or "vorbehalt" in line or "құқық" in line:
        return True
    return "а" in line and ("ерепечат" in line or "ащищен" in line or "использовании" in line or "данных" in line)


#: A word or a number with the signs that may stand around it in a text, and none that a frame or a date is made of.
_WORD = re.compile(
    r"""["“”«„'’]*[^\W\d_]+(?:[-'’.][^\W\d_]+)*["“”»'’.,!?;]*"""
    r"""|[$€£]?\d+(?:,\d+)*(?:\.\d+)?%?[,.;!?]*"""
)


@cache
def _telling() -> tuple[frozenset[str], re.Pattern[str]]:
    """What a word must be, or hold, in small letters, for its line to be chrome by anything but its signs or beginning.

    Some hints are of several words and reach beyond one: of three the middle one is there as a whole, of fewer the
    longest as a part. Hints that are signs are in no word at all.
    """
    split = [hint.split() for hint in chrome.hints()]
    whole = frozenset(words[1] for words in split if len(words) > 2)
    held = {max(words, key=len) for words in split if 0 < len(words) <= 2}
    return whole, re.compile("|".join(sorted(word for word in held if word.isalpha())))


@lru_cache(maxsize=1 << 14)  # the words of a language come again and again: of ten words of a title nine are known
def _leaning(word: str) -> int:
    """How far a word, or the signs around it, makes its line something else than text; negative if it does not."""
    if _WORD.fullmatch(word) is None:
        return _FAR
    small = word.lower()
    whole, held = _telling()
    return _FAR if small in whole or held.search(small) else chrome.sharing(small)


_FAR = 10_000  # more than all words of a line can outweigh


def wordy(line: str, size: int) -> bool:
    """Whether a line that is no relative date is surely a headline, a sentence or a scrap: ordinary words and
    numbers with single spaces between, and no date.
    """
    if "  " in line or "\t" in line or sum(map(_leaning, line.split())) >= 0:
        return False
    if ("20" in line or "19" in line) and (size > _DATED or dates.dates_in(line)):
        return False
    if line[-1].isdigit() or not glue.tailless(line) or chrome.is_menu(line):
        return False
    return size > chrome.LONGEST or not chrome.begins_chrome(line)
