"""From the rename of a dropped file to the served feed that holds it, with the daemon as its own process."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from bench.daemon import FeedReader, daemon, drop
from bench.rounds import Report, Row

_DROPS = 30


def measure() -> Report:
    """Drop new articles one by one, at gaps that fall into step with nothing."""
    with TemporaryDirectory(prefix="seedwire-bench-") as name, daemon(Path(name)) as one:
        reader = FeedReader(one.port)
        taken = []
        for number in range(_DROPS + 1):
            sleep(0.05 + (number * 37 % _DROPS) / _DROPS * 0.55)
            taken.append(drop(Path(name) / "seeds", reader, number) * 1000)
        reader.close()
    taken = sorted(taken[1:])  # the first one is for warming up
    p95 = taken[round(0.95 * (len(taken) - 1))]
    return Report(
        rows=(Row.of("drop to served feed", taken, unit="ms", aim="median < 250"),),
        notes=(
            (
                f"latency: {len(taken)} drops, p50 {taken[len(taken) // 2]:.0f} ms, p95 {p95:.0f} ms, "
                f"max {taken[-1]:.0f} ms; 100 ms of each are [seeds] settle"
            ),
        ),
    )
