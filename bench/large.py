"""Archives of 20,000 and 200,000 articles: how fast they are read, and what near-duplicates cost as they grow."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, gettempdir

from sqlite_utils import Database

from bench.corpus import Pages, Told, floor_seconds, fresh, one_core, pages_in
from bench.ingest import NEAR, ingest, places
from bench.rounds import Report, Row
from bench.stopwatch import Stopwatch, watched
from worker.store.database import open_database

SCORE = (
    "SEEDBENCH_SCORE"  #: names a script: SCRIPT TRUTH LEDGER says how right `ledger --json` is; its last line counts
)
SIZES = (20_000, 200_000)
_LAST = 10_000  # articles whose cost is told apart: those that the whole archive before them is searched for
_AT_ONCE = 20_000  # articles of the floor in memory
_BYTES = 20_000  # of disk that an article takes for a while: its page, its archive, the floor's database
_MOST_MEMORY = 4 << 30  # bytes for `ledger`: the machine is not ours alone


@dataclass(slots=True)
class _Measured:
    """One archive as it was read."""

    articles: int
    seconds: float
    floor: float  #: seconds
    near: dict[str, float]  #: µs an article by stage, over the whole
    last: float  #: µs an article of all stages together, over the last ones
    counted: int  #: how many those are
    bytes: int
    score: str = ""


@dataclass(slots=True)
class _Course:
    """How the near-duplicate stages went on, portion by portion."""

    watch: Stopwatch
    marks: list[tuple[int, float]] = field(default_factory=lambda: [(0, 0.0)])  #: articles so far, seconds so far

    def mark(self, _done: int, _all: int) -> None:
        """A portion is stored."""
        self.watch.book()
        self.marks.append((self.watch.calls["verify"], sum(self.watch.seconds[stage] for stage in NEAR)))

    def last(self, most: int) -> tuple[float, int]:
        """µs an article over the last portions with so many articles or a few more, and how many they are."""
        articles, seconds = self.marks[-1]
        before = max((mark for mark in self.marks if mark[0] <= articles - most), default=self.marks[0])
        counted = articles - before[0]
        return 1e6 * (seconds - before[1]) / counted, counted


def measure(sizes: Sequence[int] = SIZES) -> Report:
    """Read an archive of each size, the smaller ones once more at the end, so that a machine that tires is seen."""
    with TemporaryDirectory(prefix="seedwire-bench-") as name:
        if why := no_room(Path(name), max(sizes) * _BYTES):
            return Report(notes=(f"large: {why}",))
        found: dict[int, list[_Measured]] = {}
        origin = ""
        with one_core() as core:
            for size in [*sizes, *sizes[:-1]]:
                print(f"measuring large: {size:,} articles …", file=sys.stderr, flush=True)
                folder = fresh(Path(name) / "corpus")
                pages = pages_in(folder, size)
                origin = pages.origin
                measured = _measured(pages, fresh(Path(name) / "state"), judge=size not in found)
                found.setdefault(size, []).append(measured)
    return Report(rows=tuple(_rows(found)), notes=tuple(_notes(found, f"from {origin}, {core}")))


def no_room(folder: Path, wanted: int) -> str:
    """Why so many bytes do not fit there; "" where they do."""
    free = shutil.disk_usage(folder).free
    if free > 1.1 * wanted:
        return ""
    return f"skipped, since it takes {wanted / 1e9:.1f} GB for a while and {gettempdir()} has {free / 1e9:.1f} GB free"


def _measured(pages: Pages, state: Path, *, judge: bool) -> _Measured:
    watch = Stopwatch("rest")
    course = _Course(watch)
    with watched(watch, places()):
        ingest(pages, state, progress=course.mark)
    watch.book()
    articles = watch.calls["verify"]
    last, counted = course.last(_LAST)
    with closing(open_database(state / "seedwire.db")) as db:
        least = floor_seconds(pages.files, _told(db), state)
    return _Measured(
        articles=articles,
        seconds=sum(watch.seconds.values()),
        floor=least,
        near={stage: 1e6 * watch.seconds[stage] / articles for stage in NEAR},
        last=last,
        counted=counted,
        bytes=(state / "seedwire.db").stat().st_size,
        score=_score(pages, state) if judge else "",
    )


def _told(db: Database) -> Iterator[list[Told]]:
    """The articles as they were told, some at a time."""
    rows = db.conn.execute(
        "select title, coalesce(own, text) from pieces join entries on number = entry where outcome is not null"
    )
    while some := rows.fetchmany(_AT_ONCE):
        yield some


def _score(pages: Pages, state: Path) -> str:
    """What a script says of the ledger: the last line that it prints."""
    script = os.environ.get(SCORE)
    if not script or not pages.truth.exists():
        return ""
    ledger = state / "ledger.jsonl"
    settings = {name: value for name, value in os.environ.items() if not name.startswith("SEEDWIRE_")}
    command = [sys.executable, "-m", "worker", "--seeds", str(pages.seeds), "--state", str(state), "ledger", "--json"]
    with ledger.open("wb") as file, subprocess.Popen(command, stdout=file, env=settings) as process:
        if hasattr(resource, "prlimit"):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    if process.returncode:
        return f"not scored, since `ledger --json` failed (it may have {_MOST_MEMORY >> 30} GB of memory)"
    told = subprocess.run(
        [sys.executable, script, str(pages.truth), str(ledger)], check=True, capture_output=True, text=True
    )
    return told.stdout.strip().rpartition("\n")[2]


def _rows(found: dict[int, list[_Measured]]) -> Iterator[Row]:
    for size, some in found.items():
        yield Row.of(f"{size:,} / floor", [one.seconds / one.floor for one in some], unit="×", aim="")
    for less, more in pairwise(found):
        one, other = (median(each.last for each in found[size]) for size in (less, more))
        yield Row.of(f"near {more:,} / {less:,}", [other / one], unit="×", aim="≤ 1.5")


def _notes(found: dict[int, list[_Measured]], where: str) -> Iterator[str]:
    for size, some in found.items():
        one = some[0]
        speed = median(each.articles / each.seconds for each in some)
        parts = {stage: median(each.near[stage] for each in some) for stage in one.near}
        told = ", ".join(f"{stage} {cost:.0f}" for stage, cost in parts.items())
        yield f"large: {one.articles:,} articles {where}: {speed:,.0f} articles/s, {one.bytes / 1e9:.2f} GB"
        yield (
            f"large: near-duplicates {median(each.last for each in some):.0f} µs an article over the last "
            f"{one.counted:,}, {sum(parts.values()):.0f} over all ({told})"
        )
        if one.score:
            yield f"large: {size:,}: {one.score}"
