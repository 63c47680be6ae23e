"""A large WET, generated, and read as the daemon reads it: how much memory that takes at its peak, and how fast it is.

Not part of `make bench`: a gigabyte takes minutes. `python -m bench wet [--megabytes N]`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench import pages
from bench.rounds import Report, Row

_STORIES = 4000  #: articles that are told again and again, in other numbers
#: Runs one job in a process of its own, and prints what it took: its peak is then nobody else's.
_JOB = """
import resource, sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from worker import jobs
from worker.store.database import open_database
with closing(open_database(Path(sys.argv[2]))) as db:
    seeds = jobs.Seeds.remembered(db, Path(sys.argv[1]), settle=0.0, authority="bench.invalid,2026")
    rim = jobs.Rim(sleep=lambda _seconds: None)
    done = jobs.ingest(db, seeds, rim, now=datetime(2026, 11, 20, 12, tzinfo=UTC))
    (read,) = db.conn.execute("select count(*) from pages").fetchone()
    print(done.dumps, read, sum(done.outcomes.values()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure(megabytes: int = 1000) -> Report:
    """Write a WET of so many megabytes, read it once, remove it."""
    with TemporaryDirectory(prefix="seedwire-bench-") as name:
        seeds = Path(name) / "seeds"
        seeds.mkdir()
        path = seeds / "crawl.warc.wet"
        records = write(path, megabytes * 1_000_000)
        size = path.stat().st_size
        begun = perf_counter()
        command = [sys.executable, "-c", _JOB, str(seeds), str(Path(name) / "seedwire.db")]
        figures = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        seconds = perf_counter() - begun
        store = sum(file.stat().st_size for file in Path(name).glob("seedwire.db*"))
    dumps, read, articles, peak = map(int, figures)
    if (dumps, read) != (1, records):
        raise RuntimeError(f"{dumps} dumps and {read} of {records} pages were read")
    megabytes_read, kept = size / 1e6, store / 1e6
    told = (
        f"wet: {megabytes_read:,.0f} MB in {records:,} records, {articles:,} articles: {seconds:,.0f} s, "
        f"{megabytes_read / seconds:.1f} MB/s; the store has {kept:,.0f} MB then"
    )
    return Report(
        rows=(Row.of("wet: peak memory", [peak / 1024], unit="MB", aim="< 200"),),
        notes=(told,),
    )


def write(path: Path, size: int) -> int:
    """A WET of about so many bytes; how many records with a page it has."""
    with path.open("wb") as file:
        file.write(_record("warcinfo", "", b"Software-Info: bench\r\n"))
        for number, page in enumerate(_pages(path.parent.parent), 1):
            file.write(_record("conversion", f"https://news.example/{number}", page))
            if file.tell() >= size:
                return number
    raise AssertionError("pages never end")


def _pages(folder: Path) -> Iterator[bytes]:
    """Pages of `bench/pages.py` without end; each time round, other numbers in every sentence make other articles."""
    with TemporaryDirectory(dir=folder) as name:
        pages.write(Path(name), articles=_STORIES, seed=7)
        told = [re.sub(rb"^ date \S+ ", b"", path.read_bytes()) for path in sorted(Path(name).rglob("*.txt"))]
    for generation in count(1):
        for page in told:
            yield page.replace(b". ", b" in round %d. " % generation)


def _record(kind: str, url: str, content: bytes) -> bytes:
    """A WARC record (ISO 28500) as Common Crawl writes it."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n"
    if url:
        head += f"WARC-Target-URI: {url}\r\n"
    head += f"WARC-Date: 2026-11-19T06:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content + b"\r\n\r\n"
