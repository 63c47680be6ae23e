"""The daemon as its own process, and a feed reader that waits for what was dropped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter, sleep

PATIENCE = 15.0  #: seconds until the daemon must answer, and a drop must be served
_POLL = 0.002  # seconds between two looks at the feed
_STORY = """ date 2026-11-19 {title}

The keepers of the {title} counted {count} herons on the weir this morning, and the Ministry of Inland Waters
has asked them to count again.

According to the keepers the first figure was taken in fog, with one hand on the ladder, and the second will be
taken by {count} schoolchildren who have been promised soup. Nobody expects the two to agree.

The results will be hung on the door of the pump house before the end of the week.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """One that serves its feed."""

    port: int
    process: int  #: its number


class FeedReader:
    """A feed reader on one connection, which asks only for what has changed."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._etag = '""'

    def holds(self, words: bytes) -> bool:
        """Whether a feed that is new since the last look holds these words."""
        self._connection.request("GET", "/feed.atom", headers={"If-None-Match": self._etag})
        reply = self._connection.getresponse()
        body = reply.read()
        if reply.status != 200:
            return False
        self._etag = reply.headers["ETag"]
        return words in body

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def drop(seeds: Path, reader: FeedReader, number: int, patience: float = PATIENCE) -> float:
    """Seconds from rename to feed."""
    title = f"Sluice Number {1000 + number}"
    partial = seeds / f"drop_{number:03}.tmp"
    partial.write_text(_STORY.format(title=title, count=17 + number), encoding="utf-8")
    begun = perf_counter()
    partial.rename(partial.with_suffix(".txt"))
    while not reader.holds(title.encode()):
        if perf_counter() - begun > patience:
            raise RuntimeError(f"{partial.stem} was not in the feed after {patience:.0f} s")
        sleep(_POLL)
    return perf_counter() - begun


@contextmanager
def daemon(folder: Path, patience: float = PATIENCE) -> Iterator[Daemon]:
    """`seedwire run` in a folder with `seeds` and `state`, until the block ends."""
    (folder / "seeds").mkdir(exist_ok=True)
    port = _free_port()
    settings = {name: value for name, value in os.environ.items() if not name.startswith("SEEDWIRE_")}
    command = [sys.executable, "-m", "worker", "--seeds", "seeds", "--state", "state", "run"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=settings | {"SEEDWIRE_SERVER_LISTEN": f"127.0.0.1:{port}"},
            stdout=log,
            stderr=log,
        )
    try:
        _await_feed(process, port, folder / "log", patience)
        yield Daemon(port=port, process=process.pid)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_feed(process: subprocess.Popen[bytes], port: int, log: Path, patience: float) -> None:
    """Until the first feed is there. Raises RuntimeError with the log where it never is."""
    end = perf_counter() + patience
    while perf_counter() < end and process.poll() is None:
        reader = FeedReader(port)
        try:
            if reader.holds(b"<feed"):
                return
        except (OSError, HTTPException):
            pass  # nobody listens yet
        finally:
            reader.close()
        sleep(0.05)
    raise RuntimeError("the daemon serves no feed:\n" + log.read_text(encoding="utf-8", errors="replace"))


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
