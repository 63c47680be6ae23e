"""Whether a line reads like a headline, like prose, or like a scrap."""

from __future__ import annotations

import re

_ENDED = re.compile(r"""[.!?…]["'”’»)\]]*$""")
_STOPS = (".", "!", "?", "…")
_CUT = re.compile(r"(?:…|\.{3})[\s\])]*$")
_BULLET = re.compile(r"(?:[•●▪◦‣*–—-]|\d{1,2}[.)]|[a-zа-я]\)|\d{1,2}[:.]\d\d\s?[–—-])\s")
_TERMINAL = tuple(".:;,–—-")

_PARTS = re.compile(r"\W+")
SURELY = 400  #: characters; a longer line is running text, however it ends


def word_count(line: str) -> int:
    """How many runs of non-spaces."""
    return len(line.split())


def ended(line: str) -> bool:
    """Whether it closes like a sentence."""
    return line.endswith(_STOPS) or _ENDED.search(line[-8:]) is not None


def cut_off(line: str) -> bool:
    """Whether it opens or closes with an ellipsis: an excerpt, or a snippet of a search result."""
    if line.startswith(("...", "…")):
        return True
    end = line[-8:]
    return ("…" in end or "..." in end) and _CUT.search(end) is not None


_BEFORE_WORDS = re.compile(r"[^\w.,;:…–—\s-]*\s?")  # quotes, brackets, currency signs, emoji


def opens(line: str) -> bool:
    """Whether it opens like a sentence or a headline: a capital or a digit, quotes and signs aside."""
    first = line[:1]
    if first.isupper() or first.isdigit():
        return True  # the common case
    found = _BEFORE_WORDS.match(line)
    first = line[found.end() : found.end() + 1] if found else ""
    return first.isupper() or first.isdigit()


def bulleted(line: str) -> bool:
    """Whether it is an item of a list."""
    return not line[:1].isupper() and _BULLET.match(line) is not None  # most lines begin with a capital


def prose(line: str) -> bool:
    """Whether it reads like running text, or announces some. A lead may lack its full stop, but then it is long."""
    if len(line) > SURELY:
        return True
    if line.endswith(":") or ended(line):
        return len(line.split(None, 4)) >= 5  # words, counted no further
    return len(line) >= 2 * 25 - 1 and len(line.split(None, 24)) >= 25


_LONG_WORDS = 27  # characters that make a headline of two or three words: compounds are long, names are not
_QUESTION = 16  # words; headlines that ask are shorter
_BREAK = re.compile(r"[^\W\d_]{4}[.!?]\s+[«“„\"]?[^\W\d_a-zа-яё]")  # between sentences, not behind "St." or "No."


def headline(line: str) -> float:
    """How much a line looks like a headline: 0 not at all, 0.2 one word, 0.4 too short to say, 1 well.

    Lengths as found on labelled pages: nine headlines of ten have 4 to 17 words; the longest has 24.
    """
    if line.endswith(_TERMINAL) or len(line) > 260 or not opens(line) or bulleted(line) or cut_off(line):
        return 0.0
    words = word_count(line)
    if words > 32 or "@" in line or "://" in line or ("." in line[-8:] and line.rstrip("\"'”’»)").endswith(".")):
        return 0.0
    if words == 1:
        return 0.2 if len(line) > 3 and line[1:].islower() else 0.0
    if words > _QUESTION and line.endswith(("?", "!")):
        return 0.0
    inner = line[:-1]
    if ("." in inner or "!" in inner or "?" in inner) and (breaks := len(_BREAK.findall(line))):
        return 0.4 if breaks == 1 and words >= 4 else 0.0
    return 1.0 if 4 <= words <= 26 or len(line) >= _LONG_WORDS else 0.4


def same_words(one: str, other: str) -> bool:
    """Whether two lines say the same but for case and punctuation: sites print titles twice."""
    one, other = one.casefold(), other.casefold()
    if one[:1].isalnum() and other[:1].isalnum() and one[0] != other[0]:
        return False  # the common case
    return one == other or [w for w in _PARTS.split(one) if w] == [w for w in _PARTS.split(other) if w]


def repeats(title: str, lead: str) -> bool:
    """Whether a lead begins with the words of its title, as posts without a lead of their own do."""
    if title[:1].isalnum() and lead[:1].isalnum() and title[0].casefold()[0] != lead[0].casefold()[0]:
        return False  # the common case
    words = re.split(r"\W+", title.casefold())[:6]
    return len(words) >= 4 and re.split(r"\W+", lead[: len(title) + 40].casefold())[: len(words)] == words


_STEM = 5  # letters by which words are compared: endings differ in most of our languages
_TAKEN_UP = 0.34  # of the title's words


def takes_up(title: str, text: str, least: int = 1) -> bool:
    """Whether a text uses the words of a title, `least` of them, endings aside; bylines stay alone."""
    words = {word[:_STEM] for word in _PARTS.split(title.casefold()) if len(word) >= 4}
    if not words:
        return False
    told = {word[:_STEM] for word in _PARTS.split(text[:600].casefold()) if len(word) >= 4}
    return len(words & told) >= max(least, _TAKEN_UP * len(words))
