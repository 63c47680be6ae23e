"""What is measured with: pages, the articles on them, and the floor below which nobody goes."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from bench import pages
from worker import jobs

CORPUS = "SEEDBENCH_CORPUS"  #: names a script: SCRIPT OUT --articles N --seed S writes pages into OUT/pages
ARTICLES, SEED = 5000, 7
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATEST = date(2026, 11, 20)

Told = tuple[str, str]  #: an article, as title and text


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """A folder of pages, and where they are from."""

    seeds: Path
    files: tuple[Path, ...]
    origin: str
    truth: Path  #: what a script may say of its pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus(Pages):
    """The pages, and the articles on them in the order in which they are read."""

    articles: tuple[Told, ...]


def pages_in(folder: Path, articles: int, seed: int = SEED) -> Pages:
    """Pages with so many articles, made below a folder."""
    script = os.environ.get(CORPUS)
    if script:
        arguments = [script, str(folder), "--articles", str(articles), "--seed", str(seed)]
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        pages.write(folder / "pages", articles=articles, seed=seed)
    seeds = folder / "pages"
    files = tuple(sorted(path for path in seeds.rglob("*") if path.is_file()))
    origin = Path(script).name if script else "bench/pages.py"
    return Pages(seeds=seeds, files=files, origin=origin, truth=folder / "truth.jsonl")


def corpus_in(folder: Path, articles: int = ARTICLES, seed: int = SEED) -> Corpus:
    """The same, and read."""
    made = pages_in(folder, articles, seed)
    read = [
        (found[0].title, found[0].text)
        for path in made.files
        for reading in jobs.Reader().pages(path.read_bytes(), path.name, latest=LATEST)
        for found in reading.articles
        if found is not None
    ]
    return Corpus(seeds=made.seeds, files=made.files, origin=made.origin, truth=made.truth, articles=tuple(read))


def fresh(state: Path) -> Path:
    """An empty state directory; the clock runs, but all contenders pay for it alike."""
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir()
    return state


def floor(corpus: Corpus, state: Path) -> None:
    """Read and hash every file, insert every article: what no program that does the same can go below."""
    hashed(corpus.files)
    with closing(_floor_database(state)) as db:
        _insert(db, corpus.articles)


def floor_seconds(files: Iterable[Path], portions: Iterable[list[Told]], state: Path) -> float:
    """What the floor takes for articles that memory does not hold all at once; getting them is not counted."""
    begun = perf_counter()
    hashed(files)
    taken = perf_counter() - begun
    with closing(_floor_database(state)) as db:
        for portion in portions:
            begun = perf_counter()
            _insert(db, portion)
            taken += perf_counter() - begun
    return taken


def hashed(files: Iterable[Path]) -> None:
    """Read and hash every file."""
    for path in files:
        hashlib.sha256(path.read_bytes()).digest()


def _floor_database(state: Path) -> sqlite3.Connection:
    db = sqlite3.connect(state / "floor.db", isolation_level=None)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = normal")
    db.execute("create table articles (digest blob not null unique, title text not null, text text not null)")
    return db


def _insert(db: sqlite3.Connection, articles: Iterable[Told]) -> None:
    db.execute("begin immediate")
    db.executemany(
        "insert or ignore into articles values (?, ?, ?)",
        ((hashlib.sha256(text.encode()).digest(), title, text) for title, text in articles),
    )
    db.execute("commit")


def cores() -> tuple[int, ...]:
    """Those that this process may use; none where the system does not say."""
    return tuple(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else ()


@contextmanager
def bound_to(some: Collection[int]) -> Iterator[None]:
    """Keep this process, and those that it starts, on these cores, where there are any to be named."""
    before = cores()
    if before:
        os.sched_setaffinity(0, some)
    try:
        yield
    finally:
        if before:
            os.sched_setaffinity(0, before)


@contextmanager
def one_core() -> Iterator[str]:
    """Keep this process on a single core, where the system lets us."""
    with bound_to(cores()[-1:]):
        yield "one core" if cores() else "not bound to one core (this system cannot)"
