"""Whole ingest, full-text index included, against reading, hashing and inserting the same articles."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import ModuleType

from bench import pages
from bench.rounds import Report, Row, interleaved, ratios
from bench.stopwatch import Stopwatch, watched
from worker import jobs
from worker.intake import clean, decode, describe, fingerprint, scan, segment
from worker.store import dumps, entries
from worker.store.database import open_database

CORPUS = "SEEDBENCH_CORPUS"  #: names a script: SCRIPT OUT --articles N --seed S writes pages into OUT/pages
_ARTICLES, _SEED = 5000, 7
_ROUNDS, _BUDGET = 7, 60.0
_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATEST = date(2026, 11, 20)
_STAGES = ("scan+read", "decode", "segment", "clean", "describe", "fingerprint", "store", "index", "learn", "rest")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corpus:
    """The pages, and the articles on them as (title, text), in the order in which they are read."""

    seeds: Path
    files: tuple[Path, ...]
    articles: tuple[tuple[str, str], ...]
    origin: str


def measure() -> Report:
    """Rounds of floor and ingest in turn on one core, then one more to see where the time goes."""
    with TemporaryDirectory(prefix="seedwire-bench-") as name, one_core() as core:
        corpus = corpus_in(Path(name))
        state = Path(name) / "state"
        taken = interleaved(
            {"floor": lambda: floor(corpus, fresh(state)), "ingest": lambda: _ingest(corpus, fresh(state))},
            rounds=_ROUNDS,
            budget=_BUDGET,
        )
        shares = _shares(corpus, state)
    speed, least = (len(corpus.articles) / median(taken[which]) for which in ("ingest", "floor"))
    return Report(
        rows=(Row.of("ingest / floor", ratios(taken, "ingest", "floor"), unit="×", aim="≤ 8"),),
        notes=(
            (
                f"ingest: {len(corpus.articles)} articles on {len(corpus.files)} pages from {corpus.origin}, {core}: "
                f"{speed:,.0f} articles/s, the floor {least:,.0f}"
            ),
            "ingest: " + ", ".join(f"{stage} {share:.0%}" for stage, share in shares.items()),
        ),
    )


@contextmanager
def one_core() -> Iterator[str]:
    """Keep this process on a single core, where the system lets us."""
    if not hasattr(os, "sched_setaffinity"):
        yield "not bound to one core (this system cannot)"
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield "one core"
    finally:
        os.sched_setaffinity(0, before)


def corpus_in(folder: Path) -> _Corpus:
    script = os.environ.get(CORPUS)
    if script:
        arguments = [script, str(folder), "--articles", str(_ARTICLES), "--seed", str(_SEED)]
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        pages.write(folder / "pages", articles=_ARTICLES, seed=_SEED)
    seeds = folder / "pages"
    files = tuple(sorted(path for path in seeds.rglob("*") if path.is_file()))
    articles = [
        (found[0].title, found[0].text)
        for path in files
        for reading in jobs.Reader().pages(path.read_bytes(), path.name, latest=LATEST)
        for found in reading.articles
        if found is not None
    ]
    origin = Path(script).name if script else "bench/pages.py"
    return _Corpus(seeds=seeds, files=files, articles=tuple(articles), origin=origin)


def fresh(state: Path) -> Path:
    """An empty state directory; the clock runs, but both contenders pay for it alike."""
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir()
    return state


def floor(corpus: _Corpus, state: Path) -> None:
    """Read and hash every file, insert every article: what no program that does the same can go below."""
    for path in corpus.files:
        hashlib.sha256(path.read_bytes()).digest()
    with closing(sqlite3.connect(state / "floor.db", isolation_level=None)) as db:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("create table articles (digest blob not null unique, title text not null, text text not null)")
        db.execute("begin immediate")
        db.executemany(
            "insert or ignore into articles values (?, ?, ?)",
            ((hashlib.sha256(text.encode()).digest(), title, text) for title, text in corpus.articles),
        )
        db.execute("commit")


def _ingest(corpus: _Corpus, state: Path) -> None:
    """The job that the daemon runs, from an empty store; only the wait for files to settle is left out."""
    with closing(open_database(state / "seedwire.db")) as db:
        seeds = jobs.Seeds.remembered(db, corpus.seeds, settle=0.0, authority="bench.invalid,2026")
        done = jobs.ingest(db, seeds, jobs.Rim(sleep=lambda _seconds: None), now=_NOW)
    if done.dumps != len(corpus.files) or done.failures:
        raise RuntimeError(f"{done.dumps} of {len(corpus.files)} pages were read, {done.failures} failed")


def _shares(corpus: _Corpus, state: Path) -> dict[str, float]:
    """Which part of an ingest each stage takes, from one round under a stopwatch."""
    job: ModuleType = importlib.import_module("worker.jobs.ingest")
    fresh(state)
    watch = Stopwatch("rest")
    with watched(watch, _places(job)):
        _ingest(corpus, state)
    watch.book()
    whole = sum(watch.seconds.values())
    return {stage: watch.seconds[stage] / whole for stage in _STAGES}


def _places(job: ModuleType) -> dict[str, list[tuple[ModuleType, str]]]:
    """The functions of each stage; a transaction, with its commit, is the store's."""
    return {
        "scan+read": [(scan, "scan"), (scan, "read")],
        "decode": [(decode, "decode")],
        "segment": [(segment, "segment")],
        "clean": [(clean, "clean")],
        "describe": [(describe, "describe")],
        "fingerprint": [(fingerprint, "fingerprint")],
        "store": [(job, "transaction"), (dumps, "known")],
        "index": [(entries, "index")],
        "learn": [(job, "keep_up")],
    }
