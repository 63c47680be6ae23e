"""python -m bench [MEASURE …]: measure, and print the table. Those that take long run only when named."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from bench import (
    extraction,
    fuzz,
    http,
    ingest,
    large,
    latency,
    memory,
    pages_http,
    peer,
    publishing,
    scan,
    sketching,
    stages,
    wet,
)
from bench.rounds import Report, Row

_MEASURES = {
    "ingest": ingest.measure,
    "peer": peer.measure,
    "sketch": sketching.measure,
    "stages": stages.measure,
    "scan": scan.measure,
    "latency": latency.measure,
    "extraction": extraction.measure,
    "http": http.measure,
    "publish": publishing.measure,
    "pages": pages_http.measure,
}
_WIDTH = 32  # of the names of figures
_LONG = ("large", "memory", "wet", "fuzz")


def main() -> None:
    """Run what is asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast seedwire is, as ratios.")
    parser.add_argument(
        "measure", nargs="*", help=f"{', '.join(_MEASURES)}: all of them unless some are named; {', '.join(_LONG)}"
    )
    parser.add_argument("--megabytes", type=int, default=1000, help="of the WET that `wet` writes and reads")
    parser.add_argument("--sizes", type=int, nargs="+", default=large.SIZES, help="articles in the archives of `large`")
    parser.add_argument("--entries", type=int, default=memory.ENTRIES, help="in the archive of `memory`")
    fuzz.add_options(parser)
    options = parser.parse_args()
    wanted = options.measure
    if unknown := [name for name in wanted if name not in {*_MEASURES, *_LONG}]:
        parser.error(f"no such measure: {', '.join(unknown)}")
    begun = perf_counter()
    if "fuzz" in wanted:
        sys.exit(fuzz.run(options))
    reports = []
    for name in wanted or _MEASURES:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        reports.append(_MEASURES[name]() if name in _MEASURES else _long(name, options))
    print(_table(reports))
    print(f"\n{perf_counter() - begun:.0f} s in all")


def _long(name: str, options: argparse.Namespace) -> Report:
    if name == "wet":
        return wet.measure(options.megabytes)
    return large.measure(options.sizes) if name == "large" else memory.measure(options.entries)


def _table(reports: list[Report]) -> str:
    lines = [f"{'':<{_WIDTH}}{'min':>9}{'median':>9}{'max':>9}  {'rounds':>6}  aim"]
    lines += [_line(row) for report in reports for row in report.rows]
    lines += [""] + [note for report in reports for note in report.notes]
    return "\n".join(lines)


def _line(row: Row) -> str:
    figures = "".join(f"{_figure(value, row.unit):>9}" for value in (row.least, row.middle, row.greatest))
    return f"{row.name:<{_WIDTH}}{figures}  {row.rounds:>6}  {row.aim and f'{row.aim} {row.unit}'}".rstrip()


def _figure(value: float, unit: str) -> str:
    return f"{value:.2f} {unit}" if unit == "×" else f"{value:.0f} {unit}"


if __name__ == "__main__":
    main()
