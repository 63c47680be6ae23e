"""Requests that are sent before the one before them is answered: each has its answer, whole and in its turn."""

from __future__ import annotations

import logging
import re
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from wires import Wire, heard, wired

GET = b"GET /feed.atom HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def wire(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Wire]:
    with caplog.at_level(logging.WARNING), wired(tmp_path) as one:
        yield one
        assert one.get("/").status == 200
    assert caplog.records == []


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def apart(said: bytes) -> list[tuple[int, bytes]]:
    """Status and body of answers that came one behind the other, each as long as it says."""
    answers = []
    while said:
        head, _, said = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 ")
        (size,) = re.findall(rb"(?im)^content-length: (\d+)", head)
        body, said = said[: int(size)], said[int(size) :]
        assert len(body) == int(size)
        answers.append((status(head), body))
    return answers


@pytest.mark.parametrize("path", [b"/", b"/entries/nope"])
def test_of_too_many_in_a_row_the_first_are_answered(wire: Wire, path: bytes) -> None:
    answers = apart(wire.say(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path * 100))
    assert [status for status, _ in answers] == [200] * 17 + [429]  # one is in hand, sixteen wait
    assert {body for status, body in answers if status == 200} == {b"page"}


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (b"\x00garbage", 400),
        (b"GET /feed.atom HTTP/1.1\r\n\r\n", 400),
        (GET + b"X: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", 413),
        (CHUNKED + b"8000\r\n" + b"a" * 32768 + b"\r\n8001\r\n" + b"a" * 32769 + b"\r\n", 413),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_what_was_asked_before_nonsense_is_answered_whole(wire: Wire, last: bytes, told: int, together: bool) -> None:
    large = bytes(range(256)) * 1_600
    wire.publish(large)
    asked = (GET + b"\r\n") * 12
    with wire.connect() as sock:
        for part in (asked + last,) if together else (asked, last):
            sock.sendall(part)
            sleep(0.2)  # nothing is read meanwhile, so that all that the connection holds is full
        answers = apart(heard(sock))
    assert [status for status, _ in answers] == [200] * 12 + [told]
    assert {body for status, body in answers if status == 200} == {large}


def test_a_reader_that_goes_in_the_middle_of_many_leaves_no_trace(wire: Wire) -> None:
    wire.publish(bytes(range(256)) * 1_600)
    for more in (b"", b"\x00garbage", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"):
        with wire.connect() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.sendall((GET + b"\r\n") * 12 + more)
            sleep(0.1)
    # that the log stays empty is seen to by the wire


def test_a_body_that_is_too_large_is_no_second_answer(wire: Wire) -> None:
    """The document has refused the request before all of its body was there."""
    with wire.connect() as sock:
        sock.sendall(CHUNKED.replace(b"POST /", b"POST /feed.atom").replace(b"Connection: close\r\n", b""))
        answer = sock.recv(1 << 16)
        while not answer.endswith(b"Method Not Allowed\n"):
            answer += sock.recv(1 << 16)
        assert status(answer) == 405
        sock.sendall(b"8000\r\n" + b"a" * 32768 + b"\r\n8001\r\n" + b"a" * 32769 + b"\r\n")
        assert heard(sock) == b""
