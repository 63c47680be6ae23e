"""A wire on this machine, over real sockets: a public tree, pages that are one word, and whoever asks."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from worker.model.keys import Key
from worker.web.access import Keyring
from worker.web.bounds import Bounds
from worker.web.documents import Documents
from worker.web.gate import serve
from worker.web.proxies import Proxies
from worker.web.server import HttpServer, bind

SINCE = 1_795_435_200  # 23 November 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]  #: names in lower case
    body: bytes


@dataclass
class Wire:
    public: Path
    port: int = 0
    keys: list[Key] = field(default_factory=list)
    seen: list[Scope] = field(default_factory=list)  #: what the pages were asked
    clock: float = 0.0

    def publish(self, content: bytes, name: str = "feed.atom", *, seconds: int = 0) -> None:
        path = self.public / name
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(".partial")
        partial.write_bytes(content)
        os.utime(partial, (SINCE + seconds, SINCE + seconds))
        partial.replace(path)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask; `if_none_match="x"` is the header If-None-Match, and nothing else is sent."""
        return self._asked(path, method, None, headers)

    def post(self, path: str, body: bytes) -> Answer:
        """Send a body."""
        return self._asked(path, "POST", body, {"content_length": str(len(body))})

    def _asked(self, path: str, method: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.putrequest(
                method, quote(path, safe="/%?=."), skip_accept_encoding=True, skip_host="host" in headers
            )
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body)
            reply = connection.getresponse()
            told = reply.read()
        names = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(status=reply.status, headers=names, body=told)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def say(self, *parts: bytes) -> bytes:
        """All that comes back for these bytes until the connection is closed."""
        with self.connect() as sock:
            try:
                for part in parts:
                    sock.sendall(part)
                return heard(sock)
            except ConnectionError:
                return b""

    async def pages(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Every page is one word; one that is posted to says how much it got, and "/broken" fails."""
        self.seen.append(scope)
        body, more = b"page", scope["method"] == "POST"
        size = 0
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
            body = b"%d" % size
        headers = [(b"content-length", b"%d" % len(body)), (b"cache-control", b"public, max-age=5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def heard(sock: socket.socket) -> bytes:
    parts = []
    try:
        while part := sock.recv(1 << 16):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


@contextmanager
def wired(
    folder: Path,
    *,
    trusted: tuple[str, ...] = (),
    bounds: Bounds | None = None,
    hubs: tuple[str, ...] = (),
    limit: int = 1 << 20,
) -> Iterator[Wire]:
    wire = Wire(folder / "public")
    documents = Documents(wire.public, base_url="https://news.example/wire/", max_age=60, hubs=hubs, limit=limit)
    keyring = Keyring(lambda: wire.keys, lambda: wire.clock)
    with bind("127.0.0.1", 0) as sock:
        wire.port = sock.getsockname()[1]
        server = HttpServer(serve(documents, wire.pages, keyring, Proxies(trusted)), sock, bounds)
        server.start()
        try:
            yield wire
        finally:
            server.stop()
