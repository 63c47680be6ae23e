"""Subscribers, the outbox and how the jobs went."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archives import NOW, digest, message, opened, subscription
from sqlite_utils import Database

from worker.model import DeliveryState, Frequency, JobRun, Reply, Subscription
from worker.store import outbox, runs, subscribers
from worker.store.database import transaction

LATER = NOW + timedelta(minutes=1)
OK = Reply(code=250, text="OK")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "seedwire.db") as database:
        yield database


@pytest.fixture
def ana(db: Database) -> Subscription:
    subscribers.add(db, subscription())
    found = subscribers.of(db, "ana@example.org")
    assert found is not None
    return found


def queued(db: Database, of: Subscription, name: str = "2026-11-23", upto: int = 1) -> int:
    outbox.add(db, digest(of, name, upto=upto), message(name, of.email), NOW)
    return outbox.due(db, NOW)[-1]


def state(db: Database, number: int) -> DeliveryState:
    found = outbox.get(db, number)
    assert found is not None
    return found.state


# ── Subscribers ─────────────────────────────────────────────────────────────────────────────────────


def test_a_subscription_comes_back_as_it_was_made(db: Database) -> None:
    made = subscription(frequency=Frequency.WEEKLY, weekday=3, plain=True, cursor=7, served="2026-11-20")
    assert subscribers.add(db, made)
    found = subscribers.of(db, "ANA@example.org")
    assert found is not None
    assert replace(found, number=0) == made
    assert list(subscribers.every(db)) == [found]


def test_a_mailbox_subscribes_once(db: Database, ana: Subscription) -> None:
    assert not subscribers.add(db, subscription("Ana@Example.org", at="09:00"))
    assert list(subscribers.every(db)) == [ana]


def test_forgetting_a_mailbox_forgets_its_mail(db: Database, ana: Subscription) -> None:
    number = queued(db, ana)
    assert subscribers.remove(db, "ana@example.ORG")
    assert not subscribers.remove(db, "ana@example.org")
    assert (list(subscribers.every(db)), outbox.get(db, number), outbox.due(db, LATER)) == ([], None, [])


def test_the_cursor_goes_forward_when_served_and_back_only_by_a_rewind(db: Database, ana: Subscription) -> None:
    subscribers.serve(db, ana.number, occasion="2026-11-23", cursor=5)
    assert subscribers.of(db, ana.email) == replace(ana, cursor=5, served="2026-11-23")
    subscribers.rewind(db, ana.number, 9)
    assert subscribers.of(db, ana.email) == replace(ana, cursor=5, served="2026-11-23")
    subscribers.rewind(db, ana.number, 2)
    assert subscribers.of(db, ana.email) == replace(ana, cursor=2, served="2026-11-23")


# ── Outbox ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_message_comes_back_as_it_was_queued(db: Database, ana: Subscription) -> None:
    found = outbox.get(db, queued(db, replace(ana, cursor=3), upto=9))
    assert found is not None
    assert found.message == message("2026-11-23")
    assert (found.after, found.upto, found.tries, found.reply) == (3, 9, 0, None)
    assert (found.state, found.occasion.name, found.occasion.due) == (DeliveryState.QUEUED, "2026-11-23", NOW)
    assert outbox.last_made(db, ana.email) == NOW
    assert outbox.last_made(db, "nobody@example.org") is None


def test_an_occasion_has_one_message(db: Database, ana: Subscription) -> None:
    queued(db, ana)
    with pytest.raises(sqlite3.IntegrityError):
        queued(db, ana)
    assert outbox.counts(db) == {"queued": 1}


def test_from_queue_to_dot_to_reply(db: Database, ana: Subscription) -> None:
    number = queued(db, ana)
    assert ([one.number for one in outbox.open_for(db, ana.number)], outbox.unsure(db)) == ([number], [])
    outbox.mark(db, number, DeliveryState.DOT, now=LATER)
    assert ([one.number for one in outbox.unsure(db)], outbox.due(db, LATER)) == ([number], [])
    assert outbox.open_for(db, ana.number) == []
    outbox.mark(db, number, DeliveryState.SENT, now=LATER, reply=OK)
    found = outbox.get(db, number)
    assert found is not None
    assert (found.state, found.tries, found.reply) == (DeliveryState.SENT, 1, OK)
    assert (outbox.unsure(db), outbox.due(db, LATER), outbox.waiting(db, 9)) == ([], [], [])


def test_what_is_refused_for_now_waits_until_its_time(db: Database, ana: Subscription) -> None:
    number = queued(db, ana)
    outbox.defer(db, number, now=NOW, until=LATER, reply=Reply(code=451, text="later"))
    assert (outbox.due(db, NOW), outbox.due(db, LATER)) == ([], [number])
    assert [one.state for one in outbox.open_for(db, ana.number)] == [DeliveryState.DEFERRED]


@pytest.mark.parametrize("dotted", [True, False])
def test_a_try_counts_once_wherever_the_refusal_came(db: Database, ana: Subscription, *, dotted: bool) -> None:
    number = queued(db, ana)
    if dotted:
        outbox.mark(db, number, DeliveryState.DOT, now=NOW)
    outbox.defer(db, number, now=NOW, until=LATER, reply=Reply(code=451, text="later"))
    found = outbox.get(db, number)
    assert found is not None
    assert found.tries == 1


def test_a_try_without_an_answer_counts_once(db: Database, ana: Subscription) -> None:
    number = queued(db, ana)
    for _ in range(2):
        outbox.mark(db, number, DeliveryState.DOT, now=NOW, reply=Reply(code=0, text="no answer"))
    (found,) = outbox.unsure(db)
    assert found.tries == 1


def test_status_shows_what_is_not_settled_or_settled_badly(db: Database, ana: Subscription) -> None:
    states = list(DeliveryState)
    for place, name in enumerate(states):
        number = queued(db, ana, f"2026-11-{place + 1:02}", upto=place)
        outbox.mark(db, number, name, now=NOW)
    shown = [one.state for one in outbox.waiting(db, 99)]
    assert set(shown) == set(states) - {DeliveryState.SENT, DeliveryState.FOLDED}
    assert outbox.counts(db) == {state.value: 1 for state in states}
    assert len(outbox.waiting(db, 2)) == 2


def test_the_messages_that_tell_of_an_entry(db: Database, ana: Subscription) -> None:
    numbers = [
        queued(db, replace(ana, cursor=after), name, upto)
        for after, upto, name in ((0, 2, "2026-11-01"), (2, 4, "2026-11-02"), (0, 4, "2026-11-03"))
    ]
    told = {entry: [one.number for one in outbox.telling_of(db, entry, since=NOW)] for entry in (1, 2, 3, 5)}
    assert told == {1: [numbers[0], numbers[2]], 2: [numbers[0], numbers[2]], 3: [numbers[1], numbers[2]], 5: []}
    assert outbox.telling_of(db, 1, since=NOW + timedelta(days=1)) == [], "they were made before it was found"


# ── Runs ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_failed_run_keeps_the_time_of_the_last_good_one(db: Database) -> None:
    good = JobRun(job="scan", started=NOW, succeeded=NOW, error=None)
    bad = JobRun(job="scan", started=LATER, succeeded=None, error="no such folder")
    for run in (good, bad, JobRun(job="post", started=NOW, succeeded=None, error="x")):
        with transaction(db):
            runs.record(db, run)
    assert runs.every(db)[1] == replace(bad, succeeded=NOW)
    assert [run.job for run in runs.every(db)] == ["post", "scan"]
