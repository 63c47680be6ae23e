"""A proxy on this machine that counts what readers ask, and changes nothing on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Of one connection (RFC 9110 section 7.6.1), not of the answer; and what http.server writes by itself.
_OURS = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request and what came back."""

    method: str
    path: str
    headers: dict[str, str]  #: of the request, names in lower case
    status: int
    answered: dict[str, str]  #: headers of the answer, names in lower case
    size: int  #: bytes of the body


@dataclass
class Counter:
    """What has been asked since the last `clear`."""

    port: int = 0
    target: int = 0  #: the port behind
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def clear(self) -> None:
        self.asked.clear()

    def statuses(self, path: str = "/feed.atom") -> list[int]:
        """Of GET requests for that path, in order."""
        return [one.status for one in self.asked if (one.method, one.path) == ("GET", path)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    counter: Counter

    def do_GET(self) -> None:
        with closing(HTTPConnection("127.0.0.1", self.counter.target, timeout=20)) as behind:
            behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("connection", "keep-alive"):
                    behind.putheader(name, value)
            behind.endheaders()
            reply = behind.getresponse()
            body, headers = reply.read(), reply.getheaders()
        told = {name.lower(): value for name, value in headers}
        self.counter.asked.append(
            Asked(
                method=self.command,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                status=reply.status,
                answered=told,
                size=len(body),
            )
        )
        self.send_response_only(reply.status)
        for name, value in headers:
            if name.lower() not in _OURS:
                self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", told["content-length"] if self.command == "HEAD" else str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        pass


@contextmanager
def counting() -> Iterator[Counter]:
    """A counter that listens; set its `target` before anybody asks."""
    counter = Counter()
    handler = type("Handler", (_Handler,), {"counter": counter})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        counter.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield counter
        finally:
            server.shutdown()
            thread.join()
