"""Hubs and webhooks for tests: real servers on this machine that answer as they are told, or misbehave."""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_server, socket
from typing import NamedTuple

OK = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
#: Nothing here lasts longer, whatever goes wrong.
_MOST_SECONDS = 20


class Heard(NamedTuple):
    """A request that was read to its end."""

    method: str
    path: str
    headers: dict[str, str]  #: names in small letters
    body: bytes


Act = Callable[[socket], None]


def says(code: int, *headers: str, body: bytes = b"", reason: str = "Word") -> bytes:
    """An answer."""
    lines = (f"HTTP/1.1 {code} {reason}", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


class HttpPeer:
    """Hears requests and gives the next of its answers; `usual` when these are used up."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: list[bytes | Act] = []
        self.usual: bytes | Act = OK
        self.over = threading.Event()

    def serve(self, sock: socket) -> None:
        sock.settimeout(_MOST_SECONDS)
        with sock, suppress(OSError, ValueError):
            self.heard.append(_request(sock))
            answer = self.answers.pop(0) if self.answers else self.usual
            if callable(answer):
                answer(sock)
            else:
                sock.sendall(answer)

    # ── Ways to misbehave ───────────────────────────────────────────────────────────────────────────

    def silent(self, _sock: socket) -> None:
        """Never says a word."""
        self.over.wait(_MOST_SECONDS)

    def drips(self, sock: socket) -> None:
        """A byte of a header every now and then."""
        sock.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        while not self.over.wait(0.05):
            sock.sendall(b"x")

    def floods(self, sock: socket, head: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        """A body without end."""
        sock.sendall(head)
        while not self.over.is_set():
            sock.sendall(bytes(1 << 16))

    def slow(self, seconds: float) -> Act:
        """Well, but after a while."""

        def slowly(sock: socket) -> None:
            self.over.wait(seconds)
            sock.sendall(OK)

        return slowly


@contextmanager
def listening(peer: HttpPeer | None = None, *, context: ssl.SSLContext | None = None) -> Iterator[tuple[HttpPeer, str]]:
    """A peer that is up, and its address."""
    peer = peer or HttpPeer()
    server = create_server(("127.0.0.1", 0))
    server.settimeout(0.05)

    def one(sock: socket) -> None:
        try:
            peer.serve(context.wrap_socket(sock, server_side=True) if context else sock)
        except OSError:
            sock.close()

    def accept() -> None:
        while not peer.over.is_set():
            with suppress(TimeoutError):
                threading.Thread(target=one, args=(server.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield peer, f"{'https' if context else 'http'}://127.0.0.1:{server.getsockname()[1]}/hook"
    finally:
        peer.over.set()
        thread.join()
        server.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of a server at 127.0.0.1 with a certificate that nobody knows, and of a client that knows it."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    order = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*order.split(), *names], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))


def _request(sock: socket) -> Heard:
    began, data = time.monotonic(), b""
    while b"\r\n\r\n" not in data and time.monotonic() - began < _MOST_SECONDS:
        if not (more := sock.recv(65536)):
            raise ValueError("no request")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    method, path, _ = first.split(" ")
    return Heard(method, path, headers, body)
