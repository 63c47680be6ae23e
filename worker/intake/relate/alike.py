"""Two texts compared: laid side by side, with the facts that differ, and as the evidence that is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from worker.intake.relate.align import Alignment, Run, align
from worker.intake.relate.wording import Wording
from worker.model import Likeness, Near, Passage

#: Of the evidence kept: the longest passages and the first differences; what a person reads, and a row bears.
_MOST_PASSAGES, _MOST_DIFFERENCES = 12, 12
_JOINED = 3  # words that differ between two passages which are told as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An article's text beside an entry's."""

    sides: Alignment
    sampled: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, mine: Wording, other: Wording, sampled: tuple[int, int] = (0, 0)) -> Self:
        """Two texts."""
        return cls(sides=align(mine, other), sampled=sampled)

    @property
    def contained(self) -> float:
        """The share of the shorter text that stands in the other, word by word."""
        return self.sides.equal / max(1, min(len(self.sides.first), len(self.sides.second)))

    def opening(self, side: int, words: int, skip: int) -> float:
        """The share of a text's first words, behind `skip`, that are told alike in the other text."""
        wording = (self.sides.first, self.sides.second)[side]
        end = min(len(wording), skip + words)
        told = sum(
            max(0, min(end, run[side] + run.length) - max(skip, run[side]))
            for run in self.sides.runs
            if run[side] < end
        )
        return told / max(1, end - skip)

    def kept(self, differs: Sequence[tuple[str, str]]) -> Likeness:
        """As evidence."""
        sides = self.sides
        mine, theirs = sides.first.ends(), sides.second.ends()
        longest = sorted(sorted(_joined(sides.runs), key=lambda run: -run[2])[:_MOST_PASSAGES])
        return Likeness(
            score=round(sides.covered, 4),
            words=sides.equal,
            mine=len(sides.first),
            other=len(sides.second),
            passages=tuple(
                Passage(
                    mine[first] - len(sides.first.words[first]),
                    mine[last],
                    theirs[second] - len(sides.second.words[second]),
                    theirs[other],
                )
                for first, second, _, last, other in longest
            ),
            differs=tuple(differs[:_MOST_DIFFERENCES]),
            sampled=self.sampled,
        )


def alike(mine: Wording, one: Near) -> Alike:
    """An article beside a candidate."""
    return Alike.of(mine, Wording.of(one.entry.own or one.entry.text), (one.shared, one.of))


def _joined(runs: list[Run]) -> list[tuple[int, int, int, int, int]]:
    """(first word of each text, words, last word of each text) of passages, small differences within them ignored."""
    joined: list[tuple[int, int, int, int, int]] = []
    for run in runs:
        last = run.first + run.length - 1, run.second + run.length - 1
        if joined:
            first, second, words, mine, other = joined[-1]
            if max(run.first - mine, run.second - other) <= _JOINED + 1:
                joined[-1] = first, second, words + run.length, *last
                continue
        joined.append((run.first, run.second, run.length, *last))
    return joined
