"""The patterns of `chrome.txt`, and those of them that a line can match at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from worker.intake.shapes.chrome import patterns
from worker.intake.shapes.chrome.kinds import RANK, Chrome

_NAME = r"(?-i:[A-ZÀ-ÖØ-ÞА-ЯЁӘҒҚҢӨҰҮІҺ][\w.'’-]*(?:\s+(?:[a-zа-я]{1,3}\s+)?[A-ZÀ-ÖØ-ÞА-ЯЁӘҒҚҢӨҰҮІҺ][\w.'’-]*){0,3})"
_MACROS = {
    "{credit}": r"\s*(?:[|©].{0,160}|:(?!\s*(?-i:[a-zа-яё])\S*\s+\S+\s+\S+\s+\S).{0,160})",
    "{link}": r"\s*[:：–—>]\s*\S.{3,160}",
    "{name}": _NAME,
}


class _Word(NamedTuple):
    """A pattern of chrome.txt."""

    kind: Chrome
    pattern: str
    starts: set[str]
    needs: tuple[str, ...]


@cache
def words() -> tuple[_Word, ...]:
    """The patterns of chrome.txt, the more telling kinds first."""
    found = []
    kind, kinds = Chrome.META, {str(kind) for kind in Chrome}
    for line in files("worker.intake.shapes.chrome").joinpath("chrome.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line[1:-1] in kinds:
            kind = Chrome(line[1:-1])
            continue
        pattern = line
        for macro, meaning in _MACROS.items():
            pattern = pattern.replace(macro, meaning)
        found.append(_Word(kind, pattern.replace(" ", r"\s+"), patterns.starts(pattern), patterns.needs(pattern)))
    return tuple(sorted(found, key=lambda word: RANK[word.kind]))


@cache
def _starts() -> frozenset[str]:
    return frozenset(start for word in words() for start in word.starts)


def _compiled(some: Iterable[_Word]) -> re.Pattern[str]:
    by_kind: defaultdict[Chrome, list[str]] = defaultdict(list)
    for word in some:
        by_kind[word.kind].append(word.pattern)
    return re.compile("|".join(f"(?P<{kind.name}>{'|'.join(of)})" for kind, of in by_kind.items()), re.IGNORECASE)


@cache
def _beginning(start: str) -> re.Pattern[str]:
    """All patterns for lines that begin so."""
    return _compiled(word for word in words() if start in word.starts)


@cache
def _of_any_beginning(*, in_ascii: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns that can begin with anything, by a word that a line must hold for them to match."""
    groups: defaultdict[str, list[_Word]] = defaultdict(list)
    for word in words():
        if patterns.ANY in word.starts:
            for need in word.needs or ("",):
                groups[need].append(word)
    return tuple((need, _compiled(of)) for need, of in groups.items() if need.isascii() or not in_ascii)


def candidates(small: str, *, in_ascii: bool) -> list[re.Pattern[str]]:
    """The patterns that a line can match, given in small letters: of a headline or sentence hardly ever any."""
    held = [pattern for need, pattern in _of_any_beginning(in_ascii=in_ascii) if need and need in small]
    return [*held, *beginning(small[:3])]


def needed() -> Iterator[str]:
    """The words of which a line must hold one to match a pattern that can begin with anything, if that has any."""
    return (need for need, _ in _of_any_beginning(in_ascii=False) if need)


@lru_cache(maxsize=4096)
def beginning(small: str) -> tuple[re.Pattern[str], ...]:
    """The patterns that a line can match by its first three characters, given in small letters."""
    starts = _starts()
    candidates = [pattern for need, pattern in _of_any_beginning(in_ascii=True) if not need]
    if (start := small[:3]) in starts:
        candidates.append(_beginning(start))
    if (start := small[:2]) in starts:
        candidates.append(_beginning(start))
    if (start := small[:1]) in starts:
        candidates.append(_beginning(start))
    if start.isdigit():
        candidates.append(_beginning(patterns.DIGIT))
    elif not start.isalpha():
        candidates.append(_beginning(patterns.SIGN))
    return tuple(candidates)
