"""Two texts laid side by side: the passages that they share, in the order of both, and what stands between these."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from worker.intake.relate.wording import Numbers, Wording

_ANCHOR = 3  # words in a row that hold a passage: of ten edited words in a hundred, most stretches are longer
#: A difference of at most so many words, with shared passages on both sides, belongs to what is told alike.
_SMALL = 15
_MOST_RUNS = 400  # passages that are put in order; of more, the longest are
_ONE, _TWO, _THREE = (np.int64(value) for value in (0x5851F42D4C957F2D, 0x2545F4914F6CDD1D, 0x61C8864680B583EB))


class Run(NamedTuple):
    """Words that both texts have, one after the other."""

    first: int  #: where it begins in the first text, in words
    second: int
    length: int


class Gap(NamedTuple):
    """What stands between two shared passages, or before the first, or behind the last: word borders in both."""

    first: tuple[int, int]
    second: tuple[int, int]

    @property
    def sizes(self) -> tuple[int, int]:
        """How many words it is in each text."""
        return self.first[1] - self.first[0], self.second[1] - self.second[0]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts side by side."""

    first: Wording
    second: Wording
    runs: list[Run]
    gaps: list[Gap]  #: none of them empty on both sides
    equal: int  #: words in the runs
    alike: tuple[int, int]  #: words of each text in the runs and in the small gaps between them

    @property
    def covered(self) -> float:
        """The share of the shorter text that is told alike in both."""
        short = 0 if len(self.first) <= len(self.second) else 1
        return self.alike[short] / max(1, min(len(self.first), len(self.second)))


def align(first: Wording, second: Wording) -> Alignment:
    """Anchors of three words, in the order that keeps the most of them (longest increasing chain)."""
    runs = _chained(_runs(first.numbers, second.numbers))
    gaps = list(_gaps(runs, len(first), len(second)))
    equal = sum(run.length for run in runs)
    alike = [equal, equal]
    for gap in gaps:
        within = gap.first[0] > 0 and gap.first[1] < len(first) and gap.second[0] > 0 and gap.second[1] < len(second)
        if within and max(gap.sizes) <= _SMALL:
            alike[0] += gap.sizes[0]
            alike[1] += gap.sizes[1]
    return Alignment(first, second, runs, gaps, equal, (alike[0], alike[1]))


def _runs(first: Numbers, second: Numbers) -> list[Run]:
    """Maximal stretches of anchors on one diagonal; an anchor that recurs in the second text means the first there."""
    if min(len(first), len(second)) < _ANCHOR:
        return []
    mine, theirs = _anchors(first), _anchors(second)
    order = np.argsort(theirs, kind="stable")
    ordered = theirs[order]
    found = np.minimum(np.searchsorted(ordered, mine), len(ordered) - 1)
    here = np.flatnonzero(ordered[found] == mine)
    if not len(here):
        return []
    there = order[found[here]]
    begins = np.flatnonzero(np.append(True, (np.diff(here) != 1) | (np.diff(there) != 1)))
    lengths = np.diff(np.append(begins, len(here))) + (_ANCHOR - 1)
    return [Run(*run) for run in zip(here[begins].tolist(), there[begins].tolist(), lengths.tolist(), strict=True)]


def _anchors(numbers: Numbers) -> Numbers:
    anchors: Numbers = numbers[:-2] * _ONE + numbers[1:-1] * _TWO + numbers[2:] * _THREE
    return anchors


def _chained(runs: list[Run]) -> list[Run]:
    """Those of the runs that stand in the same order in both texts and do not overlap; the most words of them."""
    if len(runs) > _MOST_RUNS:
        runs = sorted(sorted(runs, key=lambda run: -run.length)[:_MOST_RUNS])
    if any(before.second >= run.second for before, run in pairwise(runs)):
        runs = _heaviest(runs)
    chain: list[Run] = []
    for run in runs:
        over = 0
        if chain:
            last = chain[-1]
            over = max(0, last.first + last.length - run.first, last.second + last.length - run.second)
        if over < run.length:
            chain.append(Run(run.first + over, run.second + over, run.length - over))
    return chain


def _heaviest(runs: list[Run]) -> list[Run]:
    """The chain, increasing in both texts, of the most words."""
    best = [run.length for run in runs]
    before = [-1] * len(runs)
    for here, run in enumerate(runs):
        for other in range(here):
            if runs[other].second < run.second and best[other] + run.length > best[here]:
                best[here], before[here] = best[other] + run.length, other
    at = max(range(len(runs)), key=best.__getitem__)
    chain = []
    while at >= 0:
        chain.append(runs[at])
        at = before[at]
    return chain[::-1]


def _gaps(runs: list[Run], first: int, second: int) -> list[Gap]:
    ends = [(0, 0), *((run.first + run.length, run.second + run.length) for run in runs)]
    begins = [*((run.first, run.second) for run in runs), (first, second)]
    gaps = (Gap((end[0], begin[0]), (end[1], begin[1])) for end, begin in zip(ends, begins, strict=True))
    return [gap for gap in gaps if any(gap.sizes)]
