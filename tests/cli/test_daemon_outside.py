"""run: what the daemon tells systemd, and the digests that it sends by itself."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from consoles import Console, running, serving


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return serving(tmp_path)


@pytest.fixture
def bell(console: Console) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(console.folder / "notify"))
        sock.settimeout(30)
        console.set["NOTIFY_SOCKET"] = str(console.folder / "notify")
        yield sock


def rung(bell: socket.socket, wanted: str) -> None:
    while bell.recv(200) != wanted.encode():
        pass


def test_systemd_is_told(console: Console, bell: socket.socket) -> None:
    with running(console) as daemon:
        rung(bell, "READY=1")
        assert daemon.feed().status_code in (200, 404)
        daemon.stop()
    rung(bell, "STOPPING=1")


def test_systemd_hears_the_heart(console: Console, bell: socket.socket) -> None:
    with running(console):
        rung(bell, "WATCHDOG=1")


def subscribe_since_yesterday(console: Console) -> None:
    """Daily, due a few minutes ago."""
    ago = datetime.now(UTC) - timedelta(minutes=3)
    console.call("subscribers", "add", "ana@example.org", "--daily", f"{ago:%H:%M}").told()
    with closing(sqlite3.connect(console.database)) as db, db:
        db.execute("update subscriptions set created = '2026-01-01T00:00:00Z'")


class Inbox:
    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken.append(envelope.content)
        return "250 OK"


def test_a_digest_that_is_due_comes_by_itself_into_the_maildir(console: Console) -> None:
    console.drop("a.txt", "Goats climb a tower")
    console.call("once").told()
    subscribe_since_yesterday(console)
    new = console.state / "mail" / "new"
    with running(console) as daemon:
        daemon.until(lambda: new.is_dir() and list(new.iterdir()))
        daemon.stop()
    with running(console) as daemon:
        daemon.until(lambda: daemon.feed().status_code == 200)
        daemon.stop()
    (mail,) = new.iterdir()
    assert b"To: ana@example.org" in mail.read_bytes()
    assert console.call("status", "--json").objects()[0]["mail"] == {"sent": 1}


def test_a_digest_that_is_due_comes_by_itself_over_smtp(console: Console) -> None:
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        console.set["SEEDWIRE_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        console.drop("a.txt", "Goats climb a tower")
        console.call("once").told()
        subscribe_since_yesterday(console)
        with running(console) as daemon:
            daemon.until(lambda: inbox.taken)
            daemon.until(lambda: console.call("status", "--json").objects()[0]["mail"] == {"sent": 1})
            daemon.stop()
        with running(console) as daemon:
            daemon.until(lambda: daemon.feed().status_code == 200)
            daemon.stop()
    finally:
        controller.stop()
    assert len(inbox.taken) == 1
    assert not (console.state / "mail" / "new").exists()
