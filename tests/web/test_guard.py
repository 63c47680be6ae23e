"""Slow, large and broken requests: they end, nobody else notices, and the log stays quiet.

No test waits for a clock: `sweep` is what a second is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn import Config
from uvicorn.server import ServerState
from wires import Wire, heard, wired

from worker.web.bounds import Bounds, Phase
from worker.web.guard import GuardedProtocol, sweep

FEED = b"<feed>" + b"The ferry returns. " * 200 + b"</feed>"
GET = b"GET /feed.atom HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
END = b"Connection: close\r\n\r\n"


@pytest.fixture
def wire(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Wire]:
    with caplog.at_level(logging.WARNING), wired(tmp_path) as one:
        one.publish(FEED)
        yield one
        assert one.get("/feed.atom").status == 200
        assert one.get("/").status == 200
    assert caplog.records == []


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


# ── Too much, or nonsense ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (GET + b"X: " + b"a" * 20_000 + b"\r\n" + END, 431),
        (GET + b"".join(b"X-%d: a\r\n" % number for number in range(200)) + END, 431),
        (GET + b"X: " + b"a" * 300_000, 431),
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n" + END, 414),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        (CHUNKED + b"8000\r\n" + b"a" * 32768 + b"\r\n8001\r\n" + b"a" * 32769 + b"\r\n", 413),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET /feed.atom HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"GET /feed.atom HTTP/1.1\r\nX: a\x00b\r\n\r\n", 400),
        (b"GET /\xff\xfe HTTP/1.1\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET /feed.atom HTTP/1.1\r\n\r\n", 400),
        (b"GET /nothing HTTP/1.1\r\nAccept: */*\r\n\r\n", 400),
        (b"GET http://x/feed.atom HTTP/1.1\r\n\r\n", 400),
        (GET + b"Host: x\r\n\r\n", 400),
        (GET + b"HOST: y\r\n\r\n", 400),
        (b"GET /feed.atom HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ],
)  # fmt: skip
def test_what_is_too_much_or_no_request_is_told_so(wire: Wire, request_: bytes, expected: int) -> None:
    answer = wire.say(request_)
    assert status(answer) in (expected, 0)  # 0: cut off while it was still talking
    if answer:
        assert b"connection: close" in answer.lower()
        assert b"x-content-type-options: nosniff" in answer


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40) | st.sampled_from([GET, b"\r\n\r\n", END, b"POST / HTTP/1.1\r\n"]), max_size=6))
def test_no_bytes_break_it(parts: list[bytes]) -> None:
    async def talk() -> None:
        one, transport = connected()
        for part in parts:
            one.data_received(part)
        for _ in range(200):
            sweep([one])
        await asyncio.sleep(0)
        assert transport.closing
        one.connection_lost(None)

    asyncio.run(talk())


def test_a_body_within_bounds_is_read(wire: Wire) -> None:
    assert wire.post("/", b"a" * 65536).body == b"65536"
    chunked = CHUNKED + b"3\r\nabc\r\n0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
    assert wire.say(chunked).endswith(b"\r\n\r\n3")
    assert b"x-forwarded-for" not in dict(wire.seen[-1]["headers"])  # what trails says nothing of the request


@pytest.mark.parametrize(
    "more", [b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n", b"Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n"]
)
def test_nothing_is_upgraded(wire: Wire, more: bytes) -> None:
    answer = wire.say(GET + more)
    assert (status(answer), answer.endswith(FEED)) == (200, True)


@pytest.mark.parametrize("last", [GET + END, b"GET /feed.atom HTTP/1.0\r\n\r\n"])
def test_requests_in_a_row_are_answered_in_order(wire: Wire, last: bytes) -> None:
    page = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = wire.say(GET + b"\r\n" + page + GET + b"\r\n" + page + page + last)
    assert answer.count(b"HTTP/1.1 200") == 6
    assert [b"<feed>" in part for part in answer.split(b"HTTP/1.1 ")[1:]] == [True, False, True, False, False, True]


@pytest.mark.parametrize(
    "head",
    [b"1.0\r\n", b"1.0\r\nHost: x\r\n"]
    + [
        b"1.1\r\n" + END[:-2] + b"Host: %b\r\n" % host
        for host in (b"", b"x:80", b"[::1]:80", b"xn--9ca.example", b"a_b")
    ],
)
@pytest.mark.parametrize("path", [b"/feed.atom", b"/"])
def test_whom_a_request_is_for(wire: Wire, head: bytes, path: bytes) -> None:
    assert status(wire.say(b"GET " + path + b" HTTP/" + head + b"\r\n")) == 200


def test_a_flood_of_requests_in_a_row_is_cut_off(wire: Wire) -> None:
    answer = wire.say(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3000)
    assert answer.count(b"HTTP/1.1") <= 20


def test_a_head_in_many_parts_is_one(wire: Wire) -> None:
    assert wire.say(*(bytes([byte]) for byte in GET + END)).endswith(FEED)


# ── Too many ────────────────────────────────────────────────────────────────────────────────────────


def test_idle_connections_make_room(tmp_path: Path) -> None:
    with wired(tmp_path, bounds=Bounds(connections=20)) as wire:
        wire.publish(FEED)
        idle = [wire.connect() for _ in range(60)]
        assert wire.get("/feed.atom").body == FEED
        assert wire.get("/").body == b"page"
        for sock in idle:
            sock.close()


def test_a_reader_that_does_not_read_keeps_nobody_waiting(tmp_path: Path) -> None:
    with wired(tmp_path, limit=1 << 30) as wire:
        wire.publish(b"a" * 30_000_000)
        slow = [wire.connect() for _ in range(10)]
        for sock in slow:
            sock.sendall(GET + b"\r\n")
        assert wire.get("/").body == b"page"
        for sock in slow[1:]:
            sock.close()
        assert wire.get("/feed.atom", "HEAD").status == 200
        slow[0].sendall(b"nonsense\r\n\r\n")
        slow[0].close()
    # that the server stops, with a reader in the middle of a document, is shown by getting here


# ── Time ────────────────────────────────────────────────────────────────────────────────────────────


class Transport:
    """The other end: it takes as much as it is told to."""

    def __init__(self) -> None:
        self.closing = self.aborted = False
        self.sent, self.unsent = b"", 0

    def write(self, data: bytes) -> None:
        self.sent += data

    def writelines(self, parts: list[bytes]) -> None:
        self.sent += b"".join(parts)

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True

    def is_closing(self) -> bool:
        return self.closing

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def get_extra_info(self, _name: str) -> None:
        return None

    def set_write_buffer_limits(self, high: int) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


async def _never(_scope: object, _receive: object, _send: object) -> None:
    await asyncio.sleep(0)


def connected() -> tuple[Any, Transport]:
    """A connection that was just made."""
    config = Config(_never, http=GuardedProtocol, ws="none", log_config=None, interface="asgi3")
    transport = Transport()
    one = GuardedProtocol(config=config, server_state=ServerState(), app_state={}, _loop=asyncio.get_running_loop())
    one.connection_made(transport)  # type: ignore[arg-type]
    return one, transport


@pytest.mark.parametrize(
    ("sent", "phase", "seconds", "told"),
    [
        (b"", Phase.IDLE, 15, 0),
        (b"\r\n", Phase.IDLE, 15, 0),
        (b"G", Phase.HEAD, 10, 408),
        (GET, Phase.HEAD, 10, 408),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", Phase.BODY, 20, 408),
    ],
)
def test_nobody_is_waited_for_for_long(sent: bytes, phase: Phase, seconds: int, told: int) -> None:
    async def wait() -> None:
        one, transport = connected()
        if sent:
            one.data_received(sent)
        assert one.phase is phase
        for _ in range(seconds):
            sweep([one])
        assert not transport.closing
        if phase is Phase.HEAD:
            one.data_received(b"G" if sent == GET else b"E")  # a byte now and then gains no time
        sweep([one])
        assert transport.closing
        assert status(transport.sent) == told

    asyncio.run(wait())


@pytest.mark.parametrize(("each", "ends"), [(0, True), (100, True), (600, False)])
def test_a_reader_must_take_what_it_asked_for(each: int, ends: bool) -> None:
    async def wait() -> None:
        one, transport = connected()
        transport.unsent = 60_000
        for _ in range(60):
            sweep([one])
            one.phase, one.ticks = Phase.ANSWER, 0
            transport.unsent -= each
        assert transport.aborted is ends

    asyncio.run(wait())


def test_a_reader_that_stalls_while_the_connection_closes_is_cut_off() -> None:
    async def wait() -> None:
        one, transport = connected()
        transport.unsent, transport.closing = 10, True
        for _ in range(22):
            sweep([one])
        assert transport.aborted

    asyncio.run(wait())


def test_heard_is_what_is_sent(wire: Wire) -> None:
    with wire.connect() as sock:
        sock.sendall(b"HEAD /feed.atom HTTP/1.1\r\nHost: x\r\n" + END)
        assert heard(sock).endswith(b"\r\n\r\n")
