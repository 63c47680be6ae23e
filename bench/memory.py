"""What the daemon holds in memory over an archive of a million entries, as the kernel counts it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from bench import archive
from bench.daemon import FeedReader, daemon, drop
from bench.large import no_room
from bench.rounds import Report, Row

ENTRIES = 1_000_000
_BYTES = 4_000  # of disk that an entry takes
_PATIENCE = 1800.0  # seconds; of a million entries 40,000 archive documents are written first
_STATUS = "/proc/{}/status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Of a process, in MB."""

    now: float
    peak: float  #: since it began

    @classmethod
    def of(cls, process: int) -> Memory:
        """What /proc says of it."""
        rows = Path(_STATUS.format(process)).read_text(encoding="utf-8").splitlines()
        fields = {name: value.split() for name, _, value in (row.partition(":") for row in rows)}
        now, peak = (int(fields[name][0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
        return cls(now=now, peak=peak)


def measure(count: int = ENTRIES) -> Report:
    """Make the archive, start the daemon over it, drop a page into it, and look at its memory behind each step."""
    if not Path(_STATUS.format("self")).exists():
        return Report(notes=("memory: skipped, since this system has no /proc",))
    with TemporaryDirectory(prefix="seedwire-bench-") as name:
        folder = Path(name)
        if why := no_room(folder, count * _BYTES):
            return Report(notes=(f"memory: {why}",))
        print(f"making an archive of {count:,} entries …", file=sys.stderr, flush=True)
        begun = perf_counter()
        archive.make(folder, count, datetime.now(UTC).replace(microsecond=0))
        made = perf_counter() - begun
        size = sum(path.stat().st_size for path in (folder / "state").iterdir()) / 1e9
        steps, taken = _steps(folder)
    told = ", ".join(f"{step} {one.now:.0f} (peak so far {one.peak:.0f})" for step, one in steps.items())
    drops = " and ".join(f"{seconds:.2f} s" for seconds in taken)
    return Report(
        rows=(Row.of("daemon, peak memory", [list(steps.values())[-1].peak], unit="MB", aim="≤ 300"),),
        notes=(
            f"memory: {count:,} entries, {size:.1f} GB, made in {made:.0f} s; drops were in the feed after {drops}",
            f"memory: MB behind each step: {told}; hands that help with reading are not counted",
        ),
    )


def _steps(folder: Path) -> tuple[dict[str, Memory], list[float]]:
    """Memory of the daemon after each step, and the seconds from each drop to the feed."""
    steps: dict[str, Memory] = {}
    taken: list[float] = []
    with daemon(folder, _PATIENCE) as one:
        reader = FeedReader(one.port)
        steps["feed served"] = Memory.of(one.process)
        _await_jobs(folder, {"scan", "publish", "quiet"})
        steps["first scan and silences"] = Memory.of(one.process)
        for number, step in enumerate(("a drop read and published", "another")):
            taken.append(drop(folder / "seeds", reader, number, _PATIENCE))
            steps[step] = Memory.of(one.process)
        reader.close()
    return steps, taken


def _await_jobs(folder: Path, names: Collection[str]) -> None:
    """Until each of these jobs has been done. Raises RuntimeError where one never is."""
    end = perf_counter() + _PATIENCE
    with closing(sqlite3.connect(folder / "state" / "seedwire.db", timeout=_PATIENCE)) as db:
        while perf_counter() < end:
            done = {name for (name,) in db.execute("select name from jobs where succeeded is not null")}
            if done >= set(names):
                return
            sleep(0.1)
    raise RuntimeError(f"the daemon did not do all of {', '.join(names)} in {_PATIENCE:.0f} s")
