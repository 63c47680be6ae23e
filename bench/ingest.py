"""Whole ingest, near-duplicates and full-text index included, against reading, hashing and inserting the articles."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from bench.corpus import NOW, Pages, bound_to, cores, corpus_in, floor, fresh, one_core
from bench.rounds import Contender, Report, Row, interleaved, ratios
from bench.stopwatch import Places, Stopwatch, watched
from worker import jobs
from worker.intake import clean, decode, describe, fingerprint, relate, scan, segment
from worker.intake.shapes import grams
from worker.jobs.neighbours import Neighbours
from worker.jobs.relating import Relating
from worker.store import dumps, entries, sketches
from worker.store.database import open_database

_ROUNDS, _BUDGET = 7, 80.0
#: What finding near-duplicates takes: the sketch of each article, candidates by it, and comparing texts.
NEAR = ("sketch", "candidates", "verify")
_STAGES = (
    "scan+read",
    "decode",
    "segment",
    "clean",
    "describe",
    "fingerprint",
    *NEAR,
    "store",
    "index",
    "learn",
    "rest",
)


def measure() -> Report:
    """Rounds of floor and ingest in turn, on one core and on two, then one more to see where the time goes."""
    allowed = cores()
    with TemporaryDirectory(prefix="seedwire-bench-") as name, one_core() as core:
        corpus = corpus_in(Path(name))
        state = Path(name) / "state"
        contenders: dict[str, Contender] = {
            "floor": lambda: floor(corpus, fresh(state)),
            "ingest": lambda: ingest(corpus, fresh(state)),
        }
        missing = _no_second(len(allowed))
        if not missing:
            contenders["two"] = lambda: _on_two(corpus, fresh(state), allowed[-2:])
        taken = interleaved(contenders, rounds=_ROUNDS, budget=_BUDGET)
        shares = _shares(corpus, state)
    speed, least = (len(corpus.articles) / median(taken[which]) for which in ("ingest", "floor"))
    rows = [Row.of("ingest / floor", ratios(taken, "ingest", "floor"), unit="×", aim="≤ 10")]
    if not missing:
        rows.append(Row.of("ingest on two / floor", ratios(taken, "two", "floor"), unit="×", aim=""))
    near = sum(shares[stage] for stage in NEAR)
    rows.append(Row.of("near-duplicate share", [100 * near], unit="%", aim="≤ 50"))
    notes = (
        (
            f"ingest: {len(corpus.articles)} articles on {len(corpus.files)} pages from {corpus.origin}, {core}: "
            f"{speed:,.0f} articles/s, the floor {least:,.0f}"
        ),
        "ingest: " + ", ".join(f"{stage} {share:.0%}" for stage, share in shares.items()),
    )
    return Report(rows=tuple(rows), notes=notes + ((f"ingest on two: not measured, {missing}",) if missing else ()))


def ingest(
    pages: Pages, state: Path, *, readers: int = 0, progress: Callable[[int, int], object] = lambda _done, _all: None
) -> jobs.Seeds:
    """The job that the daemon runs, from an empty store, with so many processes that read beside this one; only the
    wait for files to settle is left out.
    """
    options: dict[str, Any] = {"readers": readers} if readers else {}
    rim = jobs.Rim(sleep=lambda _seconds: None, progress=progress, **options)
    with closing(open_database(state / "seedwire.db")) as db:
        seeds = jobs.Seeds.remembered(db, pages.seeds, settle=0.0, authority="bench.invalid,2026")
        done = jobs.ingest(db, seeds, rim, now=NOW)
    if done.dumps != len(pages.files) or done.failures:
        raise RuntimeError(f"{done.dumps} of {len(pages.files)} pages were read, {done.failures} failed")
    return seeds


def places() -> Places:
    """The functions of each stage; a transaction, with its commit, is the store's."""
    job: ModuleType = importlib.import_module("worker.jobs.ingest")
    return {
        "scan+read": [(scan, "scan"), (scan, "read")],
        "decode": [(decode, "decode")],
        "segment": [(segment, "segment")],
        "clean": [(clean, "clean")],
        "describe": [(describe, "describe")],
        "fingerprint": [(fingerprint, "fingerprint")],
        "sketch": [(grams, "grams"), (grams, "sample")],
        "candidates": [
            (sketches.Sketches, "follow"),
            (Neighbours, "__init__"),
            (Relating, "_near"),  # with the candidates' entries, fetched for comparing
            (Neighbours, "add"),
            (sketches, "add"),
        ],
        "verify": [(relate, "relate")],
        "store": [(job, "transaction"), (dumps, "known")],
        "index": [(entries, "index")],
        "learn": [(job, "keep_up")],
    }


def _on_two(pages: Pages, state: Path, some: tuple[int, ...]) -> None:
    with bound_to(some):
        ingest(pages, state, readers=1)


def _no_second(allowed: int) -> str:
    """Why no second process can be measured; "" where it can."""
    if "readers" not in {field.name for field in fields(jobs.Rim)}:
        return "since one process does it all"
    return "since there is only one core" if allowed < 2 else ""


def _shares(pages: Pages, state: Path) -> dict[str, float]:
    """Which part of an ingest each stage takes, from one round under a stopwatch."""
    fresh(state)
    watch = Stopwatch("rest")
    with watched(watch, places()):
        ingest(pages, state)
    watch.book()
    whole = sum(watch.seconds.values())
    return {stage: watch.seconds[stage] / whole for stage in _STAGES}
