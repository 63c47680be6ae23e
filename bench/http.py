"""The feed over HTTP: answers a second, ours beside those of nginx for the same file, one worker each, in turn."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from bench.rounds import Report, Row

_ROUNDS = 7
_SECONDS = 2  # that wrk asks, for each figure
_CONNECTIONS = 16
_BYTES = 50_000  # of the feed: about 50 entries of some length, gzipped
_PATIENCE = 10.0
_NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  types {{ application/atom+xml atom; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/public; }}
}}
"""
#: Our server by itself, as a process: folder, port, loop, and "key" where the site wants one.
_OURS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from worker.model.keys import Key, KeyKind
from worker.store.keys import digest_of
from worker.web.access import Keyring
from worker.web.documents import Documents
from worker.web.gate import serve
from worker.web.server import HttpServer, bind
async def pages(scope, receive, send): raise NotImplementedError
documents = Documents(Path(sys.argv[1]), base_url="http://127.0.0.1", max_age=60, hubs=["https://hub.example/"])
key = Key(number=1, name="x", kind=KeyKind.READER, digest=digest_of(b"key"), created=datetime.now(UTC))
keyring = Keyring(lambda: [key] if sys.argv[4] else [])
server = HttpServer(serve(documents, pages, keyring), bind("127.0.0.1", int(sys.argv[2])), loop=sys.argv[3])
server.start()
sys.stdin.read()
server.stop()
"""


def measure() -> Report:
    """Answers with the feed (200) and without (304), ours divided by those of nginx, round by round."""
    if missing := [name for name in ("wrk", "nginx") if _program(name) is None]:
        return Report(notes=(f"http: skipped, since {' and '.join(missing)} cannot be found",))
    with TemporaryDirectory(prefix="seedwire-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx reads as another user
        (folder / "public").mkdir()
        (folder / "public" / "feed.atom").write_bytes(Random(5).randbytes(_BYTES))
        with _nginx(folder) as nginx, _ours(folder) as ours, _ours(folder, key="key") as closed:
            servers = {"nginx": (nginx, ""), "ours": (ours, ""), "with keys": (closed, "/k/key")}
            taken = _rounds(servers)
    rows = []
    for who, aims in (("ours", {200: "≥ 0.30", 304: "≥ 0.20"}), ("with keys", {200: "", 304: ""})):
        for status, aim in aims.items():
            shares = [ours / theirs for ours, theirs in zip(taken[who, status], taken["nginx", status], strict=True)]
            rows.append(Row.of(f"feed, {status}, {who} of nginx", shares, unit="×", aim=aim))
    told = ", ".join(f"{who} {status} {max(rates):,.0f}" for (who, status), rates in taken.items())
    return Report(rows=tuple(rows), notes=(f"http: answers a second at best: {told}; a feed of {_BYTES:,} bytes",))


def _rounds(servers: dict[str, tuple[int, str]]) -> dict[tuple[str, int], list[float]]:
    taken: dict[tuple[str, int], list[float]] = {(who, status): [] for who in servers for status in (200, 304)}
    tags = {who: _etag(port, prefix) for who, (port, prefix) in servers.items()}
    for number in range(_ROUNDS):
        order = list(servers.items())
        for who, (port, prefix) in reversed(order) if number % 2 else order:
            for status in (200, 304):
                asked = f"If-None-Match: {tags[who]}" if status == 304 else ""
                taken[who, status].append(_rate(port, prefix, asked))
    return taken


def _rate(port: int, prefix: str, header: str) -> float:
    """Answers a second, as wrk counts them. Raises RuntimeError where any was an error."""
    command = [str(_program("wrk")), "-t1", f"-c{_CONNECTIONS}", f"-d{_SECONDS}s", *(("-H", header) if header else ())]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{prefix}/feed.atom"], capture_output=True, text=True, check=True
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise RuntimeError(f"wrk: {done.stdout}")
    return float(found[1])


def _etag(port: int, prefix: str) -> str:
    """Of the feed, once it is served. Raises RuntimeError where it is not."""
    end = perf_counter() + _PATIENCE
    while perf_counter() < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("GET", f"{prefix}/feed.atom")
            reply = connection.getresponse()
            if reply.status == 200 and len(reply.read()) == _BYTES:
                return str(reply.headers["ETag"])
        except OSError:
            pass  # nobody listens yet
        finally:
            connection.close()
        sleep(0.05)
    raise RuntimeError(f"no feed at port {port}")


@contextmanager
def _nginx(folder: Path) -> Iterator[int]:
    port = _free_port()
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, port=port), encoding="utf-8")
    with _running([str(_program("nginx")), "-c", str(settings)]):
        yield port


@contextmanager
def _ours(folder: Path, *, key: str = "", loop: str = "asyncio") -> Iterator[int]:
    port = _free_port()
    with _running([sys.executable, "-c", _OURS, str(folder / "public"), str(port), loop, key]):
        yield port


@contextmanager
def _running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
