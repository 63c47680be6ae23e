"""Crash anywhere while posting, run again: each mail is there once, or shown as held where nobody can know."""

from __future__ import annotations

import functools
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from desks import Desk, Mailbox, serving, smtp, states, subscribe
from power_cuts import MOST, crashing

from worker.model import DeliveryState
from worker.store import outbox

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 07:30 in Almaty


@pytest.fixture
def waiting(tmp_path: Path) -> Desk:
    """News, and two readers who are due."""
    desk = Desk(tmp_path / "waiting")
    with desk.store() as db:
        desk.news(db, 1, 2)
        subscribe(db)
        subscribe(db, "boris@example.org", plain=True)
    return desk


def copied(desk: Desk, name: str) -> Desk:
    copytree(desk.folder, desk.folder.with_name(name))
    return Desk(desk.folder.with_name(name))


def cursors(desk: Desk) -> list[Any]:
    with desk.store() as db:
        return db.conn.execute("select email, cursor, served from subscribers join subscriptions using (id)").fetchall()


def test_posting_to_a_maildir_that_dies_at_any_step(waiting: Desk) -> None:
    def post(desk: Desk) -> None:
        with desk.store() as db:
            desk.post(db, NOW)

    def contents(desk: Desk) -> list[bytes]:
        return sorted(path.read_bytes() for path in (desk.folder / "mail").glob("[nc]*/*"))

    unbroken = copied(waiting, "unbroken")
    post(unbroken)
    assert len(contents(unbroken)) == 2
    for at in range(1, MOST):
        desk = copied(waiting, str(at))
        died = crashing(functools.partial(post, desk), at)
        post(desk)
        assert contents(desk) == contents(unbroken), f"died at step {at}"
        assert cursors(desk) == cursors(unbroken)
        with desk.store() as db:
            assert states(db) == {"sent": 2}
        if not died:
            break
    assert 40 < at < MOST - 1


def test_posting_to_a_server_that_dies_at_any_step(waiting: Desk) -> None:
    """None lost, none twice; what nobody can know is held, and shown."""
    held = 0
    for at in range(1, MOST):
        desk, mailbox = copied(waiting, str(at)), Mailbox()

        def post(desk: Desk, port: int) -> None:
            with desk.store() as db, smtp(port) as route:
                desk.post(db, NOW, route)

        with serving(mailbox) as port:
            died = crashing(functools.partial(post, desk, port), at)
            post(desk, port)
            post(desk, port)
        taken = Counter(str(mail["to"]) for mail in mailbox.taken)
        with desk.store() as db:
            doubtful = {one.message.recipient for one in outbox.waiting(db, 9) if one.state is DeliveryState.HELD}
            assert states(db) == {"sent": 2 - len(doubtful)} | ({"held": len(doubtful)} if doubtful else {})
        for reader in ("ana@example.org", "boris@example.org"):
            assert taken[reader] == 1 or (reader in doubtful and not taken[reader]), f"died at step {at}"
        held += len(doubtful)
        if not died:
            break
    assert 40 < at < MOST - 1
    assert held > 1  # a crash while the answer to the dot is awaited


def test_folding_that_dies_at_any_step_loses_no_entry(waiting: Desk) -> None:
    """A server that was down for a day: the old message is folded and its entries come with the new ones."""

    def post(desk: Desk, now: datetime) -> None:
        with desk.store() as db:
            desk.post(db, now)

    blocked = waiting.folder / "mail"
    blocked.write_text("a file where the Maildir should be")
    with pytest.raises(Exception, match="Maildir"):
        post(waiting, NOW)
    blocked.unlink()
    for at in range(1, MOST):
        desk = copied(waiting, str(at))
        later = NOW + timedelta(days=1)
        died = crashing(functools.partial(post, desk, later), at)
        post(desk, later)
        with desk.store() as db:
            assert states(db) == {"folded": 2, "sent": 2}
            spans = db.conn.execute("select after, upto from outbox where state = 'sent'").fetchall()
            assert spans == [(0, 2), (0, 2)]
        assert len(desk.mails()) == 2
        if not died:
            break
    assert 40 < at < MOST - 1
