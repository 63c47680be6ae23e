"""How long the pages of a large archive take and how large they are: the application itself, without a network."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.types import ASGIApp, Message

from bench import archive
from bench.rounds import Report, Row
from worker import templating
from worker.model import Press, Topic
from worker.store import topics
from worker.store.database import open_database, transaction
from worker.store.reading import Readers
from worker.web.app import Site, create_app

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_ENTRIES, _ROUNDS = 100_000, 25
#: Milliseconds at the median, and kilobytes: what pages shall stay under.
LIMIT_MS, LIMIT_KB = 50, 100
#: Words that stand in all entries, and in one; whatever narrows them down.
_SEARCHES = {
    "search": "herons",
    "search, rare": "%22lock+777%22",
    "search, best first": "keepers+weir&order=best",
    "search, of a source": "herons&source=office-of-lock-7",
    "search, of a topic": "herons&topic=herons",
    "search, of days": "herons&from=2026-07-01&to=2026-07-31",
}
_PRESS = Press(title="Bench", base_url="https://bench.invalid", authority="bench.invalid,2026", zone=UTC, since=NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of page."""

    kind: str
    milliseconds: list[float]
    bytes: int


def made(folder: Path, count: int) -> Path:
    """An archive of so many entries, with a topic; its database."""
    archive.make(folder, count, NOW)
    path = folder / "state" / "seedwire.db"
    with closing(open_database(path)) as db:
        with transaction(db):
            topics.sync(db, [Topic(name="Herons", slug="herons", query="herons")])
        while topics.any_pending(db):
            with transaction(db):
                topics.match_step(db)
    return path


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


async def _asked(app: ASGIApp, rounds: int) -> list[Measured]:
    """Each kind of page, asked for again and again."""
    found: list[Measured] = []
    async for kind, path in _kinds(app):
        times = []
        for _ in range(rounds + 1):
            began = time.perf_counter()
            status, body = await get(app, path)
            times.append(1000 * (time.perf_counter() - began))
            if status != 200:
                raise RuntimeError(f"{path}: {status}")
        found.append(Measured(kind=kind, milliseconds=times[1:], bytes=len(body)))  # the first is for warming up
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
                yield f"{kind}: one, further on", deeper[1].replace("&amp;", "&")
    for kind, query in _SEARCHES.items():
        yield kind, f"/search?q={query}"
    yield "search feed", "/search.atom?q=herons"
    yield "status", "/status"


def measure() -> Report:
    """Make an archive, and ask for its pages."""
    with TemporaryDirectory(prefix="seedwire-bench-") as name:
        measured = asyncio.run(_asked(site(made(Path(name), _ENTRIES)), _ROUNDS))
    rows = [Row.of(f"page: {one.kind}", one.milliseconds, unit="ms", aim=f"≤ {LIMIT_MS}") for one in measured]
    sizes = ", ".join(f"{one.kind} {one.bytes / 1000:.0f}" for one in measured)
    largest = max(one.bytes for one in measured if one.kind != "search feed")
    rows.append(Row.of("page: the largest", [largest / 1000], unit="KB", aim=f"≤ {LIMIT_KB}"))
    return Report(rows=tuple(rows), notes=(f"pages: {_ENTRIES:,} entries; KB: {sizes}",))
