"""Damaged dumps without end, from bytes to verdict: `python -m bench fuzz --runs N --seed S --jobs J [--keep DIR]`.

A run is one dump of `bench/mutants.py`; its seed is S plus its number, so that any can be had again with
`--runs 1 --seed SEED`. Every run must end with a verdict, pieces that tile each page, and within two seconds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from bench.mutants import mutant, problem

_STALL = 2.0  #: seconds
_GUARD = 30.0  #: seconds after which a run is given up
_CHUNK = 2000  #: runs that a process does between two reports


class _Found(NamedTuple):
    """What went wrong in one run."""

    seed: int
    kind: str  #: "crash" or "stall"
    what: str


class _Stalled(BaseException):
    """No `except Exception` of what is tried stops it."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `fuzz`."""
    parser.add_argument("--runs", type=int, default=10_000, help="of `fuzz`: how many damaged dumps")
    parser.add_argument("--seed", type=int, default=0, help="of `fuzz`: the first of their seeds")
    parser.add_argument("--jobs", type=int, default=1, help="of `fuzz`: processes")
    parser.add_argument("--keep", type=Path, help="of `fuzz`: a folder for dumps that went wrong")


def run(options: argparse.Namespace) -> int:
    """Run, print what was found; 1 where anything was."""
    begun = perf_counter()
    last = options.seed + options.runs
    chunks = [range(first, min(first + _CHUNK, last)) for first in range(options.seed, last, _CHUNK)]
    found: list[_Found] = []
    runs = 0
    with multiprocessing.Pool(options.jobs) as pool:
        for seeds, wrong in pool.imap_unordered(_chunk, chunks):
            runs += len(seeds)
            found += wrong
            for one in wrong:
                print(f"{one.kind} at seed {one.seed}: {one.what}", flush=True)
                _keep(options.keep, one)
            rate = runs / (perf_counter() - begun)
            print(f"\r{runs:,} runs, {rate:,.0f} a second", end="", file=sys.stderr, flush=True)
    kinds = [one.kind for one in found]
    print(
        f"\nfuzz: {runs:,} runs from seed {options.seed}, {kinds.count('crash')} crashes, "
        f"{kinds.count('stall')} stalls over {_STALL:.0f} s, {perf_counter() - begun:,.0f} s in all"
    )
    return 1 if found else 0


def _chunk(seeds: range) -> tuple[range, list[_Found]]:
    return seeds, [one for seed in seeds if (one := _one(seed))]


def _one(seed: int) -> _Found | None:
    content = mutant(seed)
    begun = perf_counter()
    try:
        with _guarded():
            what = problem(content)
    except _Stalled:
        return _Found(seed, "stall", f"given up after {_GUARD:.0f} s")
    except Exception as error:
        return _Found(seed, "crash", f"{type(error).__name__}: {error}")
    if what:
        return _Found(seed, "crash", what)
    taken = perf_counter() - begun
    return _Found(seed, "stall", f"{taken:.1f} s for {len(content)} bytes") if taken > _STALL else None


@contextmanager
def _guarded() -> Iterator[None]:
    """Give up what takes far too long; only where the system has timers of that kind."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(*_: object) -> None:
        raise _Stalled

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, _GUARD)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _keep(folder: Path | None, one: _Found) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{one.kind}-{one.seed}").write_bytes(mutant(one.seed))
