"""Stories: entries that tell the same news, and what shows that they do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from worker.model.articles import StatedDate


class Passage(NamedTuple):
    """Words that two texts share but for small differences: offsets in characters of each."""

    start: int  #: in the text that came later
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How two texts are alike; `mine` is of the one that came later, `other` of the one that was there."""

    score: float  #: the share of the shorter text that both tell alike, from 0 to 1
    words: int  #: that both have, in the same order
    mine: int  #: words
    other: int
    passages: tuple[Passage, ...]  #: the longest ones, in the order of the later text
    differs: tuple[tuple[str, str], ...]  #: facts of the later text, each with the other's in its place
    sampled: tuple[int, int] = (0, 0)  #: grams of the sketch that found it: how many of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Why an entry belongs to the story it is in."""

    entry: int  #: number
    to: int  #: the number of the entry that it was compared with
    evidence: str
    likeness: Likeness | None  #: none where the texts are the same
    recipe: int


class Placing(StrEnum):
    """What an operator decided of an entry."""

    SPLIT = "split"  #: it is a story of its own
    JOIN = "join"  #: it belongs to the story of another


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """Where else a story is told: an entry of it that does not lead it."""

    key: str
    source: str | None
    title: str
    link: str | None
    published: StatedDate | None
