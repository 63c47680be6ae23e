"""What changed between two texts, word by word, with some words around each change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final, NamedTuple

AROUND: Final = 4  # words before and behind a change, so that one sees where it is
_NEAR = 2 * AROUND  # words between two changes that are shown together
#: Pairs of equal words that are looked at once a level: 40 ms, and ten times what two versions of a long report have.
_MOST_PAIRS = 200_000


class Run(NamedTuple):
    """Words that stay (""), went ("-") or came ("+")."""

    sign: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stretch that changed, and the words around it."""

    runs: tuple[Run, ...]
    opens: bool  #: the text begins with it
    ends: bool  #: the text ends with it


_Code = tuple[str, int, int, int, int]


def changes(before: str, after: str) -> Iterator[Change]:
    """Each stretch that changed, in order."""
    old, new = before.split(), after.split()
    groups: list[list[_Code]] = []
    for code in _codes(old, new):
        if groups and code[1] - groups[-1][-1][2] <= _NEAR:
            groups[-1].append(code)
        else:
            groups.append([code])
    for group in groups:
        yield _change(old, new, group)


def _codes(old: Sequence[str], new: Sequence[str]) -> Iterator[_Code]:
    """What is between the words that both begin and end with; all of it at once where comparing would take long."""
    head = _alike(zip(old, new, strict=False))
    tail = _alike(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    mine, theirs = old[head : len(old) - tail], new[head : len(new) - tail]
    if not mine and not theirs:
        return
    counts = Counter(theirs)
    if sum(counts[word] for word in mine) > _MOST_PAIRS:
        yield "replace", head, head + len(mine), head, head + len(theirs)
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            yield tag, start + head, end + head, new_start + head, new_end + head


def _alike(pairs: Iterator[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _change(old: Sequence[str], new: Sequence[str], group: list[_Code]) -> Change:
    first, last = group[0][1], group[-1][2]
    at = max(0, first - AROUND)
    runs: list[Run] = []
    for _, start, end, new_start, new_end in group:
        runs += [Run("", _joined(old[at:start])), Run("-", _joined(old[start:end]))]
        runs.append(Run("+", _joined(new[new_start:new_end])))
        at = end
    runs.append(Run("", _joined(old[at : last + AROUND])))
    return Change(
        runs=tuple(run for run in runs if run.words), opens=first <= AROUND, ends=last + AROUND >= len(old)
    )


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)
