"""Lines that come again: by what they are compared, and which lines of a page tell of its frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from worker.model import Kind

KEYED = 300  #: characters; longer lines recur only where whole articles do
_FOLDED = 60  # in lines up to this length, numbers do not count when lines are compared ("1,204 views")
_DIGITS = re.compile(r"\d+")
_INNER = 80  # characters; chrome that was taken for text is short, and longer lines of a text are the news itself
MOST_LINES = 1000  #: of a page that count, and of each piece; pages have a few dozen


def key_of(line: str) -> str:
    """What a line without white space around it is compared by; empty where it is too long to be compared."""
    if len(line) > _FOLDED:
        return line if len(line) <= KEYED else ""
    return line if line.isalpha() else _DIGITS.sub("0", line)


#: A piece of a page as it is stored: start, end, kind, and of an article whether the archive did not know it.
#: A plain tuple, kinds as words: half of learning's time went into making something better of them.
Part = tuple[int, int, str, bool]


class Keys(NamedTuple):
    """The lines of one page, by their keys."""

    frame: frozenset[str]  #: what stands around and in its new articles and may be the frame of the site
    titles: frozenset[str]  #: of its articles, new or not: whatever they recur for, they are no frame


_NONE = Keys(frozenset(), frozenset())


def keys_of(text: str, parts: Iterable[Part]) -> Keys:
    """The lines of a page that count, each once, if the page was cut into these parts.

    An article that many listings show brings its own sub-headings along and would make them look like the
    frame; so a line counts only where the article next to it is new to the archive, which each is once. Dates
    and sources are what they are however often they come.
    """
    parts = list(parts)
    if not any(new for _, _, _, new in parts):
        return _NONE
    frame: set[str] = set()
    for near in _near_new(parts):
        for start, end, kind, _ in near:
            if kind not in _NO_FRAME and len(frame) < MOST_LINES:
                most = _INNER if kind in _TEXT else KEYED
                for line in text[start:end].split("\n", MOST_LINES)[:MOST_LINES]:
                    if 1 < len(line := line.strip()) <= most:
                        frame.add(key_of(line))
    titles = frozenset(key_of(text[start:end].strip()) for start, end, kind, _ in parts if kind == Kind.TITLE)
    return Keys(frozenset(frame - titles), titles)


_TEXT = frozenset({Kind.ARTICLE, Kind.CONTINUATION})
_NO_FRAME = frozenset({Kind.TITLE, Kind.DATE, Kind.SOURCE})
_HEAD = frozenset({Kind.TITLE, Kind.DATE})


def _near_new(parts: list[Part]) -> Iterator[list[Part]]:
    """The parts that stand next to each new article, and its own.

    What stands before the first article is the first one's, what stands behind an article is that one's until
    the next title or date, and from there on the next one's.
    """
    articles = [at for at, part in enumerate(parts) if part[2] == Kind.ARTICLE]
    begin = 0
    for at, after in zip_longest(articles, articles[1:]):
        end = len(parts) if after is None else _head(parts, at, after)
        if parts[at][3]:
            yield parts[begin:end]
        begin = end


def _head(parts: list[Part], before: int, article: int) -> int:
    """Where the head of an article begins: at the first title or date behind the text of the one before it."""
    head = article
    for at in range(article - 1, before, -1):
        if parts[at][2] == Kind.CONTINUATION:
            break
        if parts[at][2] in _HEAD:
            head = at
    return head
