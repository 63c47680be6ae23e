"""How long the pages of a large archive take and how large they are: the application itself, without a network."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlite_utils import Database
from starlette.types import ASGIApp, Message

from bench import archive
from worker import templating
from worker.model import Press, Topic
from worker.store import channels, entries, topics, turns
from worker.store.database import open_database, transaction
from worker.store.reading import Readers
from worker.web.app import Site, create_app

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_ENTRIES, _ROUNDS = 100_000, 25
#: Milliseconds at the median, and bytes: what pages shall stay under.
LIMIT_MS, LIMIT_BYTES = 50.0, 100_000
_AT_ONCE = 5_000
_PRESS = Press(title="Bench", base_url="https://bench.invalid", authority="bench.invalid,2026", zone=UTC, since=NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of page."""

    kind: str
    path: str
    status: int
    milliseconds: float
    bytes: int


def made(folder: Path, count: int) -> Path:
    """An archive of so many entries, with a topic, and with the channels that tell them; its database."""
    archive.make(folder, count, NOW)
    path = folder / "state" / "seedwire.db"
    with closing(open_database(path)) as db:
        for first in range(1, count + 1, _AT_ONCE):
            with transaction(db):
                _tell(db, range(first, min(first + _AT_ONCE, count + 1)))
        with transaction(db):
            topics.sync(db, [Topic(name="Herons", slug="herons", query="herons")])
        while topics.any_pending(db):
            with transaction(db):
                topics.match_step(db)
    return path


def _tell(db: Database, numbers: range) -> None:
    found = sorted(entries.numbered(db, numbers), key=lambda entry: entry.number)
    turns.add(db, ((channels.WIRE, entry.number) for entry in found))
    turns.add(db, ((channel, number) for number, channel in sorted(channels.of_sources(db, found).items())))


def site(path: Path) -> ASGIApp:
    """The site over an archive."""
    templates = templating.load(None)
    return create_app(
        Site(
            press=_PRESS,
            templates=templates,
            style=templating.asset(templates, "web/style.css"),
            store=Readers(path).store,
            clock=lambda: NOW,
            runs=list,
            alive=lambda: True,
        )
    )


async def get(app: ASGIApp, path: str) -> tuple[int, bytes]:
    """Status and body of a page."""
    raw, _, query = path.partition("?")
    status, body = 0, b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    scope = {
        "type": "http",
        "method": "GET",
        "path": raw,
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "headers": [],
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
    }
    await app(scope, receive, send)
    return status, body


async def measure(app: ASGIApp, rounds: int) -> list[Measured]:
    """Each kind of page, asked for again and again."""
    found: list[Measured] = []
    async for kind, path in _kinds(app):
        times = []
        status, body = await get(app, path)
        for _ in range(rounds):
            began = time.perf_counter()
            status, body = await get(app, path)
            times.append(1000 * (time.perf_counter() - began))
        found.append(Measured(kind=kind, path=path, status=status, milliseconds=median(times), bytes=len(body)))
    return found


async def _kinds(app: ASGIApp) -> AsyncIterator[tuple[str, str]]:
    """A page of each kind, and one from deep within each list."""
    for kind, path, link in (
        ("front", "/", r"/entries/\w+"),
        ("front, middle", f"/?before={_ENTRIES // 2}", ""),
        ("sources", "/sources/", r"/sources/[^\"/]+/"),
        ("topics", "/topics/", r"/topics/[^\"/]+/"),
        ("archive", "/archive/", r"/archive/\d{4}-\d\d/"),
    ):
        yield kind, path
        if link and (inner := re.search(f'href="({link})"', (await get(app, path))[1].decode())):
            yield f"{kind}: one", inner[1]
            deeper = re.search(r'href="([^"]+\?before=[^"]+)" rel="next"', (await get(app, inner[1]))[1].decode())
            if deeper:
                yield f"{kind}: one, further on", deeper[1]


def report(measured: list[Measured]) -> Iterator[str]:
    """A line a page, those that are too slow or too large marked."""
    for one in measured:
        late = one.milliseconds > LIMIT_MS or one.bytes > LIMIT_BYTES or one.status != 200
        mark = "  !" if late else ""
        yield f"{one.kind:<26}{one.milliseconds:8.1f} ms{one.bytes:9,} bytes  {one.path}{mark}"


def main(count: int = _ENTRIES, rounds: int = _ROUNDS) -> None:
    """Make an archive, and measure its pages."""
    with TemporaryDirectory() as name:
        app = site(made(Path(name), count))
        print(f"{count:,} entries; median of {rounds}")
        for line in report(asyncio.run(measure(app, rounds))):
            print(line)


if __name__ == "__main__":
    main()
