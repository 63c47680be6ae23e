"""SMTP: servers that go away, before the dot and behind it."""

from __future__ import annotations

import socket
import threading

import pytest
from mail_servers import MESSAGE, OFFER, OTHER, Dots, Talk, follow, route, talking, until

from worker.errors import DeliveryError


def take(connection: socket.socket) -> None:
    follow(connection, *OFFER)
    until(connection, b"\r\n.\r\n")
    connection.sendall(b"250 taken\r\n")
    until(connection, b"quit\r\n")


def vanish_behind_the_dot(connection: socket.socket) -> None:
    follow(connection, *OFFER)
    until(connection, b"\r\n.\r\n")


def babble_behind_the_dot(connection: socket.socket) -> None:
    vanish_behind_the_dot(connection)
    connection.sendall(b"well, who knows\r\n")


def stall_behind_the_dot(connection: socket.socket) -> None:
    vanish_behind_the_dot(connection)
    until(connection, b"never")  # until the client gives up


@pytest.mark.parametrize("end", [vanish_behind_the_dot, babble_behind_the_dot, stall_behind_the_dot])
def test_no_answer_to_the_dot_is_code_0_and_the_next_message_goes(end: Talk) -> None:
    dots = Dots()
    with talking(end, take) as number, route(number) as out:
        reply = out.send(MESSAGE, before_dot=dots)
        assert reply.code == 0
        assert "no reply after the final dot" in reply.text
        assert out.send(OTHER, before_dot=dots).code == 250
    assert dots.count == 2


def test_a_server_that_goes_before_the_dot_has_nothing() -> None:
    dots = Dots()

    def vanish(connection: socket.socket) -> None:
        follow(connection, *OFFER[:3])

    with (
        talking(vanish) as number,
        route(number) as out,
        pytest.raises(DeliveryError, match="closed the conn"),
    ):
        out.send(MESSAGE, before_dot=dots)
    assert dots.count == 0


@pytest.mark.parametrize("last_words", [b"", b"421 4.4.2 idle for too long\r\n"])
def test_an_idle_connection_that_was_dropped_is_opened_again(last_words: bytes) -> None:
    gone = threading.Event()

    def idle_out(connection: socket.socket) -> None:
        follow(connection, *OFFER)
        until(connection, b"\r\n.\r\n")
        connection.sendall(b"250 taken\r\n" + last_words)
        connection.shutdown(socket.SHUT_WR)
        gone.set()

    with talking(idle_out, take) as number, route(number) as out:
        assert out.send(MESSAGE, before_dot=Dots()).code == 250
        assert gone.wait(10)
        assert out.send(OTHER, before_dot=Dots()).code == 250


def test_a_new_connection_that_is_dropped_is_not_opened_again() -> None:
    def hang_up(connection: socket.socket) -> None:
        follow(connection, OFFER[0])

    with (
        talking(hang_up) as number,
        route(number) as out,
        pytest.raises(DeliveryError, match="closed the conn"),
    ):
        out.send(MESSAGE, before_dot=Dots())


@pytest.mark.parametrize("greeting", [b"554 no service\r\n", b"421 busy\r\n"])
def test_a_server_that_greets_with_no(greeting: bytes) -> None:
    words = greeting.decode().strip()
    with (
        talking(lambda connection: connection.sendall(greeting)) as number,
        route(number) as out,
        pytest.raises(DeliveryError, match=words),
    ):
        out.send(MESSAGE, before_dot=Dots())


def test_closing_in_the_middle_sends_no_quit_into_the_message() -> None:
    seen: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        follow(connection, *OFFER)
        seen.append(until(connection, b"\r\nnever"))

    def interrupt() -> None:
        raise KeyboardInterrupt

    with talking(listen) as number, pytest.raises(KeyboardInterrupt), route(number) as out:
        out.send(MESSAGE, before_dot=interrupt)
    assert seen[0].endswith(b"end\r\n")
