"""Posting when the way out is out of order: nothing is lost, and only what is certain is repeated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desks import Desk, Mailbox, free_port, serving, smtp, states, subscribe, title, told
from sqlite_utils import Database

from worker.errors import DeliveryError
from worker.model import Delivery, DeliveryState
from worker.store import outbox, subscribers
from worker.store.database import durable

DUE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 07:30 in Almaty
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        subscribe(database)
        desk.news(database, 1)
        yield database


def only(db: Database) -> Delivery:
    found = outbox.get(db, 1)
    assert found is not None
    return found


def test_mail_over_smtp_arrives_as_it_was_stored(desk: Desk, db: Database) -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port, smtp(port) as route:
        assert desk.post(db, DUE, route) == {DeliveryState.SENT: 1}
        assert desk.post(db, DUE + MINUTE, route) == {}
    (mail,) = mailbox.taken
    assert (mail["to"], mail["message-id"]) == ("ana@example.org", only(db).message.message_id)
    assert title(1) in told(mail)
    assert (only(db).reply or pytest.fail("no reply")).code == 250


def test_what_is_refused_for_now_is_sent_later_and_ever_more_patiently(desk: Desk, db: Database) -> None:
    mailbox = Mailbox()
    mailbox.answers = ["451 come back later"] * 4
    now, tries = DUE, []
    with serving(mailbox) as port, smtp(port) as route:
        while not mailbox.taken:
            if done := desk.post(db, now, route):
                tries.append(int((now - DUE) / MINUTE))
                assert set(done) <= {DeliveryState.DEFERRED, DeliveryState.SENT}
            now += MINUTE
    assert tries == [0, 1, 3, 7, 15]  # a minute, then twice as long each time
    assert (states(db), only(db).tries) == ({"sent": 1}, 5)
    assert len(mailbox.taken) == 1


def test_what_is_refused_for_good_is_failed_and_seen(desk: Desk, db: Database) -> None:
    mailbox = Mailbox()
    mailbox.answers = ["554 we do not want this"]
    with serving(mailbox) as port, smtp(port) as route:
        assert desk.post(db, DUE, route) == {DeliveryState.FAILED: 1}
        assert desk.post(db, DUE + 60 * MINUTE, route) == {}
    assert [(one.state, one.reply and one.reply.code) for one in outbox.waiting(db, 9)] == [(DeliveryState.FAILED, 554)]


def test_one_refusal_does_not_keep_others_from_their_mail(desk: Desk, db: Database) -> None:
    for name in ("b", "c"):
        subscribe(db, f"{name}@example.org")
    mailbox = Mailbox()
    mailbox.answers = ["250 OK", "451 later", "250 OK"]
    with serving(mailbox) as port, smtp(port) as route:
        assert desk.post(db, DUE, route) == {DeliveryState.SENT: 2, DeliveryState.DEFERRED: 1}
    assert [mail["to"] for mail in mailbox.taken] == ["ana@example.org", "c@example.org"]


def test_a_server_that_is_down_is_waited_for(desk: Desk, db: Database) -> None:
    port, mailbox = free_port(), Mailbox()
    for minute in range(3):
        with smtp(port) as route, pytest.raises(DeliveryError, match=str(port)):
            desk.post(db, DUE + minute * MINUTE, route)
    assert states(db) == {"queued": 1}
    with serving(mailbox, port), smtp(port) as route:
        assert desk.post(db, DUE + 5 * MINUTE, route) == {DeliveryState.SENT: 1}
        assert desk.post(db, DUE + 6 * MINUTE, route) == {}
    assert len(mailbox.taken) == 1


def test_a_server_that_stays_down_past_the_next_digest_gets_all_of_it_in_one_mail(desk: Desk, db: Database) -> None:
    with smtp(free_port()) as route, pytest.raises(DeliveryError):
        desk.post(db, DUE, route)
    desk.news(db, 2, now=DUE + 60 * MINUTE)
    assert desk.post(db, DUE + DAY) == {DeliveryState.SENT: 1}
    assert states(db) == {"folded": 1, "sent": 1}
    (mail,) = desk.mails()
    assert title(1) in told(mail)
    assert title(2) in told(mail)


def test_a_mail_that_waited_too_long_is_folded_and_its_entries_come_in_the_next(desk: Desk, db: Database) -> None:
    with smtp(free_port()) as route, pytest.raises(DeliveryError):
        desk.post(db, DUE, route)
    assert desk.post(db, DUE + timedelta(hours=13)) == {DeliveryState.FOLDED: 1}
    assert desk.mails() == []
    after = subscribers.of(db, "ana@example.org")
    assert after is not None
    assert after.cursor == 0
    assert desk.post(db, DUE + DAY) == {DeliveryState.SENT: 1}
    assert title(1) in told(desk.mails()[0])


def in_doubt(db: Database, desk: Desk) -> None:
    """As a crash between the dot and the reply leaves it."""
    with smtp(free_port()) as route, pytest.raises(DeliveryError):
        desk.post(db, DUE, route)
    with durable(db):
        outbox.mark(db, 1, DeliveryState.DOT, now=DUE)


def test_smtp_in_doubt_is_held_and_seen(desk: Desk, db: Database) -> None:
    in_doubt(db, desk)
    mailbox = Mailbox()
    with serving(mailbox) as port, smtp(port) as route:
        assert desk.post(db, DUE + MINUTE, route) == {DeliveryState.HELD: 1}
        assert desk.post(db, DUE + DAY, route) == {}
    assert mailbox.taken == []
    assert [one.state for one in outbox.waiting(db, 9)] == [DeliveryState.HELD]


def test_a_maildir_in_doubt_is_looked_into(desk: Desk, db: Database) -> None:
    in_doubt(db, desk)
    done = desk.post(db, DUE + MINUTE)
    assert done[DeliveryState.SENT] == 1
    assert len(desk.mails()) == 1
    with durable(db):
        outbox.mark(db, 1, DeliveryState.DOT, now=DUE)
    assert desk.post(db, DUE + 2 * MINUTE) == {DeliveryState.SENT: 1}
    assert len(desk.mails()) == 1


def test_a_maildir_that_cannot_be_written_loses_nothing(desk: Desk, db: Database) -> None:
    blocked = desk.folder / "mail"
    blocked.write_text("a file where the Maildir should be")
    with pytest.raises(DeliveryError, match="Maildir"):
        desk.post(db, DUE)
    blocked.unlink()
    assert desk.post(db, DUE + MINUTE) == {DeliveryState.SENT: 1}
    assert len(desk.mails()) == 1


def test_a_reader_forgotten_before_the_mail_left_gets_none(desk: Desk, db: Database) -> None:
    with smtp(free_port()) as route, pytest.raises(DeliveryError):
        desk.post(db, DUE, route)
    subscribers.remove(db, "ana@example.org")
    assert desk.post(db, DUE + MINUTE) == {}
    assert desk.mails() == []
