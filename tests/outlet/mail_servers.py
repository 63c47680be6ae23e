"""SMTP servers for tests: one answers as it is told, one talks as it likes; and what to send them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from worker.model import Message
from worker.outlet.deliver import SmtpRoute, Timeouts

MESSAGE = Message(
    message_id="<0123@example.org>",
    sender="wire@example.org",
    recipient="reader@example.org",
    content=b"From: wire@example.org\r\nSubject: x\r\n\r\n.\r\n..two\r\n.three\r\nend\r\n",
)
OTHER = replace(MESSAGE, message_id="<4567@example.org>", recipient="other@example.org")
TIMEOUTS = Timeouts(greeting=5, command=5, dot=0.5)
PASSWORD = "p@ss/word"


def route(port: int, query: str = "", login: str = "") -> SmtpRoute:
    return SmtpRoute(f"smtp://{login}127.0.0.1:{port}{query}", timeouts=TIMEOUTS)


class Dots:
    """Counts how often the dot was announced."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


class Mailbox:
    """What aiosmtpd asks: keeps what it takes, and answers what it was told to."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.connections: set[object] = set()
        self.mail = self.rcpt = self.data = ""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        if not self.mail:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.mail or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if not self.data:
            self.taken.append(envelope)
        return self.data or "250 OK queued as 17"


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


Talk = Callable[[socket.socket], None]


@contextmanager
def talking(*talks: Talk) -> Iterator[int]:
    """A server that gives each connection in turn to one of the talks, and then to none."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for talk in talks:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                talk(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(timeout=20)
        listener.close()


def until(connection: socket.socket, end: bytes) -> bytes:
    seen = b""
    while not seen.endswith(end):
        more = connection.recv(4096)
        if not more:
            break
        seen += more
    return seen


def follow(connection: socket.socket, *answers: bytes) -> None:
    """Greets, then gives an answer to each command."""
    connection.sendall(b"220 here\r\n")
    for answer in answers:
        until(connection, b"\r\n")
        connection.sendall(answer)


OFFER = (b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go\r\n")
