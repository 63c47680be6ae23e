"""A re-scan of files that have not changed against `find` printing what it sees of them."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.rounds import Report, Row, interleaved, ratios
from worker import jobs
from worker.intake import scan
from worker.store.database import open_database

_FOLDERS, _FILES = 200, 1000
_ROUNDS, _BUDGET = 9, 30.0
_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def measure() -> Report:
    """Rounds of find and the ingest job in turn, on a folder in which nothing is new."""
    find = shutil.which("find")
    if find is None or not _prints(find):
        return Report(notes=("scan: skipped, since the find of this system has no -printf (GNU find has)",))
    with TemporaryDirectory(prefix="seedwire-bench-") as name:
        seeds = Path(name) / "seeds"
        _fill(seeds)
        with closing(open_database(Path(name) / "seedwire.db")) as db:
            known = _known(seeds)
            reader = jobs.Seeds(
                directory=seeds, settle=0.0, authority="bench.invalid,2026", known=known, reader=jobs.Reader()
            )
            rim = jobs.Rim(sleep=lambda _seconds: None)

            def rescan() -> None:
                done = jobs.ingest(db, reader, rim, now=_NOW)
                if done.seen != _FOLDERS * _FILES or done.dumps:
                    raise RuntimeError(f"{done.seen} files were seen and {done.dumps} read: nothing was new")

            command = [find, str(seeds), "-printf", r"%p %s %T@\n"]
            taken = interleaved(
                {"find": lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), "rescan": rescan},
                rounds=_ROUNDS,
                budget=_BUDGET,
            )
    speed = _FOLDERS * _FILES / median(taken["rescan"])
    return Report(
        rows=(Row.of("re-scan / find -printf", ratios(taken, "rescan", "find"), unit="×", aim="≤ 2"),),
        notes=(f"scan: {_FOLDERS * _FILES:,} unchanged files in {_FOLDERS} folders, {speed:,.0f} files/s",),
    )


def _prints(find: str) -> bool:
    return subprocess.run([find, ".", "-prune", "-printf", "%p"], check=False, capture_output=True).returncode == 0


def _fill(seeds: Path) -> None:
    for folder in range(_FOLDERS):
        place = seeds / f"{folder:03}"
        place.mkdir(parents=True)
        for number in range(_FILES):
            (place / f"page_{number:04}.txt").write_bytes(b"A ferry.\n")


def _known(seeds: Path) -> scan.Known:
    """As if every file had been read: a re-scan never opens one."""
    known = scan.Known()
    for look in scan.scan(seeds, known, settle=0.0, sleep=lambda _seconds: None).ready:
        known.add(look)
    return known
