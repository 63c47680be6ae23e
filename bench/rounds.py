"""Timing contenders in turn, so that a busy moment of the machine hits all of them, and telling the result."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Contender = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table: a figure's least, median and greatest value, and what we aim at."""

    name: str
    unit: str
    least: float
    middle: float
    greatest: float
    rounds: int
    aim: str

    @classmethod
    def of(cls, name: str, values: list[float], *, unit: str, aim: str) -> Row:
        """The row of a list of values."""
        return cls(
            name=name,
            unit=unit,
            least=min(values),
            middle=median(values),
            greatest=max(values),
            rounds=len(values),
            aim=aim,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one measurement came to: rows of the table, and notes in words below them."""

    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


def interleaved(contenders: Mapping[str, Contender], *, rounds: int, budget: float) -> dict[str, list[float]]:
    """Seconds of each contender in each round; every second round runs backwards.

    No round begins once `budget` seconds are gone, so that a slow machine gets fewer rounds and not a long wait.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    begun = perf_counter()
    for number in range(rounds):
        if number and perf_counter() - begun > budget:
            break
        order = list(contenders.items())
        for name, contender in reversed(order) if number % 2 else order:
            taken[name].append(_seconds(contender))
    return taken


def ratios(taken: dict[str, list[float]], ours: str, floor: str) -> list[float]:
    """Ours divided by the floor, round by round."""
    return [mine / least for mine, least in zip(taken[ours], taken[floor], strict=True)]


def _seconds(contender: Contender) -> float:
    gc.collect()  # what the last one left behind is not this one's time
    begun = perf_counter()
    contender()
    return perf_counter() - begun
