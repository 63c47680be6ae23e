"""A site without a socket: routes that are asked as a server would ask them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import html
from sqlite_utils import Database
from starlette.applications import Starlette

from worker import templating
from worker.model import JobRun, Press
from worker.store.database import open_database
from worker.web import searching, status
from worker.web.pages.frame import Frame
from worker.web.site import Site

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PRESS = Press(
    title="Wire & Co", base_url="https://wire.example", authority="example.org,2026", zone=UTC, since=NOW, size=50
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Looking:
    """The pages of search and status over one archive."""

    folder: Path
    runs: list[JobRun] = field(default_factory=list)
    alive: bool = True
    refused: int = 0

    @contextmanager
    def store(self) -> Iterator[Database]:
        with closing(open_database(self.folder / "seedwire.db")) as db:
            yield db

    def get(self, address: str, **headers: str) -> Told:
        path, _, query = address.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
            "http_version": "1.1",
            "scheme": "http",
            "server": ("wire.example", 80),
            "client": ("127.0.0.1", 4711),
            "root_path": "",
        }
        return asyncio.run(_answered(self._app(), scope))

    def _app(self) -> Starlette:
        templates = templating.load(None)
        site = Site(
            press=PRESS,
            templates=templates,
            style=templating.asset(templates, "web/style.css"),
            store=self.store,
            clock=lambda: NOW,
            runs=lambda: self.runs,
            alive=lambda: self.alive,
            refused=lambda: self.refused,
        )
        frame = Frame(site)
        return Starlette(routes=[*searching.routes(site, frame), *status.routes(site, frame)])


async def _answered(app: Starlette, scope: dict[str, Any]) -> Told:
    messages: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return Told(
        status=messages[0]["status"],
        headers={name.decode(): value.decode() for name, value in messages[0]["headers"]},
        body=b"".join(message.get("body", b"") for message in messages[1:]),
    )


def parsed(page: str) -> Any:
    """The elements of a page."""
    return html.fromstring(page)
