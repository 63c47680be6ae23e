"""Calls in the store: one open ping a hub and feed; of the entries behind its cursor, a webhook gets each once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from worker.model import Reply, Topic
from worker.model.calls import CallState, Webhook
from worker.store import calls, entries, peers, topics
from worker.store.database import open_database, put, transaction

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
HUB, OTHER = "https://hub.example/", "https://other.example/"
FEED, SECOND = "https://w.example/feed.atom", "https://w.example/topics/a/feed.atom"
HOOK = Webhook(url="https://hook.example/", secret="s")
OK, NO = Reply(code=204, text="No Content"), Reply(code=500, text="Oops")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "seedwire.db")) as database:
        yield database


def arrive(db: Database, *, place: int | None = None, story: int | None = None) -> int:
    """An entry comes in; its number."""
    cursor = db.conn.execute(
        """insert into entries (key, uri, title, title_derived, text, stored, updated, place, story)
        values (?1, ?1, 'Ferry', 0, 'It is back.', ?2, ?2, ?3, ?4)""",
        ("", put(NOW), place, story),
    )
    number = cursor.lastrowid
    assert number is not None
    db.conn.execute("update entries set key = ?1, uri = ?1 where number = ?2", (f"k{number}", number))
    return number


def keep(db: Database, *hooks: Webhook, hubs: tuple[str, ...] = (HUB, OTHER)) -> None:
    with transaction(db):
        calls.keep(db, hubs, hooks, NOW)
    assert not calls.unknown(db, hubs, hooks)


def queue(db: Database, hook: Webhook = HOOK) -> list[str]:
    """Queue one step of news; the ids of its entries."""
    with transaction(db):
        news = calls.news(db, hook)
        if news is None:
            return []
        calls.add_news(db, hook, [(entry, b"{}") for entry in news.entries], news.upto, NOW)
        return [entry.uri for entry in news.entries]


def ping(db: Database, *feeds: str, hubs: tuple[str, ...] = (HUB,)) -> None:
    with transaction(db):
        calls.add_pings(db, hubs, feeds, NOW)


# ── Pings ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_ping_that_waits_is_not_doubled(db: Database) -> None:
    ping(db, FEED, SECOND, FEED, hubs=(HUB, OTHER))
    ping(db, FEED)
    found = calls.due(db, NOW, 9)
    assert [(call.url, call.subject) for call in found] == [
        (HUB, FEED),
        (HUB, SECOND),
        (OTHER, FEED),
        (OTHER, SECOND),
    ]
    calls.mark_sent(db, found[0], OK, NOW)
    ping(db, FEED)
    assert calls.counts(db) == {"queued": 4, "sent": 1}


def test_a_ping_that_is_wanted_again_while_it_is_under_way_is_made_again(db: Database) -> None:
    """The hub may have fetched the feed before it changed."""
    ping(db, FEED)
    (under_way,) = calls.due(db, NOW, 9)
    ping(db, FEED)
    ping(db, FEED)
    calls.mark_sent(db, under_way, OK, LATER)
    (again,) = calls.due(db, LATER, 9)
    assert again.number == under_way.number
    calls.mark_sent(db, again, OK, LATER)
    assert (calls.due(db, LATER, 9), calls.counts(db)) == ([], {"sent": 1})


def test_at_most_so_many_of_one_peer_and_none_of_one_that_rests(db: Database) -> None:
    ping(db, *(f"https://w.example/{number}" for number in range(5)), hubs=(HUB, OTHER))
    assert [call.url for call in calls.due(db, NOW, 2)] == [HUB, HUB, OTHER, OTHER]
    assert peers.unwell(db, HUB, NOW) == (0, NOW)
    peers.rest(db, HUB, LATER)
    assert {call.url for call in calls.due(db, NOW, 2)} == {OTHER}
    assert len(calls.due(db, LATER, 2)) == 4
    assert peers.unwell(db, HUB, LATER) == (1, NOW)
    peers.well(db, HUB)
    assert peers.unwell(db, HUB, LATER) == (0, LATER)


def test_when_the_next_one_is_due(db: Database) -> None:
    assert calls.next_try(db) is None
    ping(db, FEED)
    assert calls.next_try(db) == NOW
    peers.unwell(db, HUB, NOW)
    peers.rest(db, HUB, LATER)
    assert calls.next_try(db) == LATER
    calls.defer(db, calls.due(db, LATER, 9)[0], NO, now=NOW, until=LATER + timedelta(hours=1))
    assert calls.next_try(db) == LATER + timedelta(hours=1)


# ── Webhooks ────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_webhook_begins_behind_the_last_entry(db: Database) -> None:
    arrive(db)
    keep(db, HOOK)
    assert queue(db) == []
    arrive(db)
    assert calls.behind(db, HOOK)
    assert queue(db) == ["k2"]
    assert queue(db) == []
    (call,) = calls.due(db, NOW, 9)
    assert (call.subject, call.body, call.state) == ("k2", b"{}", CallState.QUEUED)


def test_what_is_no_news(db: Database) -> None:
    keep(db, HOOK)
    lead = arrive(db)
    arrive(db, story=lead)
    gone = arrive(db)
    db.conn.execute("insert into retractions (entry, reason, made) values (?, '', '')", (gone,))
    assert queue(db) == ["k1"]
    arrive(db, place=2)  # a replay found it on an old page
    place = entries.give(db)
    arrive(db, place=place)  # and this one on a page that nobody was told of
    assert queue(db) == [f"k{place + 1}"]


def test_only_of_its_topics(db: Database) -> None:
    with transaction(db):
        topics.sync(db, [Topic(name="A", slug="a", query="a"), Topic(name="B", slug="b", query="b")])
    hook = Webhook(url=HOOK.url, secret="s", topics=("b", "a"))
    keep(db, hook)
    numbers = [arrive(db) for _ in range(3)]
    db.conn.execute("insert into entry_topics select id, ? from topics", (numbers[1],))
    assert queue(db, hook) == ["k2"]
    assert not calls.behind(db, hook)


def test_who_is_no_longer_configured_is_forgotten(db: Database) -> None:
    keep(db, HOOK)
    arrive(db)
    queue(db)
    ping(db, FEED)
    peers.unwell(db, HOOK.url, NOW)
    assert calls.unknown(db, (HUB,), ())
    keep(db, hubs=())
    assert calls.counts(db) == {"dropped": 2}
    assert peers.every(db) == []
    arrive(db)
    keep(db, HOOK)
    assert queue(db) == [], "it is new again, and begins behind the last entry"


def test_a_webhook_that_is_gone_gets_nothing_more(db: Database) -> None:
    keep(db, HOOK)
    arrive(db)
    queue(db)
    with transaction(db):
        calls.stop(db, HOOK.url, "it said 410", NOW)
    arrive(db)
    assert not calls.behind(db, HOOK)
    assert (queue(db), calls.counts(db)) == ([], {"dropped": 1})
    (peer,) = peers.every(db)
    assert (peer.stopped, peer.waiting) == ("it said 410", 0)


def test_nobody_is_told_of_what_was_taken_down_meanwhile(db: Database) -> None:
    keep(db, HOOK)
    number = arrive(db)
    arrive(db)
    queue(db)
    assert not calls.any_retracted(db)
    db.conn.execute("insert into retractions (entry, reason, made) values (?, '', '')", (number,))
    assert calls.any_retracted(db)
    with transaction(db):
        calls.drop_retracted(db, NOW)
    assert [call.subject for call in calls.due(db, NOW, 9)] == ["k2"]
    assert not calls.any_retracted(db)


def test_what_is_too_much_waits_behind_the_cursor(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_WAITING", 5)
    monkeypatch.setattr(calls, "_STEP", 3)
    keep(db, HOOK)
    numbers = [arrive(db) for _ in range(20)]
    told: list[str] = []
    while queue(db) or calls.due(db, NOW, 99):
        found = calls.due(db, NOW, 99)
        assert len(found) < 5 + 3
        if not calls.behind(db, HOOK):
            for call in found:
                calls.mark_sent(db, call, OK, NOW)
                told.append(call.subject)
    assert told == [f"k{number}" for number in numbers]


class History:
    """What happens to a store; what a webhook was told, and what it must be told."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.due: set[str] = set()
        self.told: list[str] = []

    def act(self, act: str, value: int) -> None:
        last = entries.last_number(self.db)
        match act:
            case "arrive":
                self.come(None)
            case "page from before":
                self.come(min(value, last))
            case "page of today":
                self.come(entries.give(self.db) if last else None)
            case "queue":
                self.told += queue(self.db)
            case "send":
                for call in calls.due(self.db, NOW, value):
                    calls.mark_sent(self.db, call, OK, NOW)
            case "restart":
                keep(self.db, HOOK)

    def come(self, place: int | None) -> None:
        (cursor,) = self.db.conn.execute("select cursor from webhooks").fetchone()
        number = arrive(self.db, place=place)
        if (number if place is None else place) > cursor:
            self.due.add(f"k{number}")


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), st.integers(0, 0)),
        st.tuples(st.just("page from before"), st.integers(0, 30)),
        st.tuples(st.just("page of today"), st.integers(0, 0)),
        st.tuples(st.just("queue"), st.integers(0, 0)),
        st.tuples(st.just("send"), st.integers(1, 4)),
        st.tuples(st.just("restart"), st.integers(0, 0)),
    ),
    max_size=50,
)


@settings(max_examples=80, deadline=None)
@given(before=st.integers(0, 3), acts=ACTS)
def test_no_entry_is_lost_and_none_told_twice(
    tmp_path_factory: pytest.TempPathFactory, before: int, acts: list[tuple[str, int]]
) -> None:
    """The position of an entry against the cursor at the moment when it comes decides, and nothing else."""
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(open_database(tmp_path_factory.mktemp("s") / "seedwire.db")) as db,
    ):
        patch.setattr(calls, "_STEP", 2)
        patch.setattr(calls, "MOST_WAITING", 4)
        for _ in range(before):
            arrive(db)
        keep(db, HOOK)
        history = History(db)
        for act, value in [*acts, *[("queue", 0), ("send", 9)] * 60]:
            history.act(act, value)
        told, due = history.told, history.due
        assert len(told) == len(set(told))
        assert set(told) == due
        assert calls.counts(db) == ({"sent": len(due)} if due else {})


# ── How far it has come ─────────────────────────────────────────────────────────────────────────────


def test_each_delivery_is_visible_with_its_tries_and_the_answer(db: Database) -> None:
    keep(db, HOOK)
    arrive(db)
    queue(db)
    ping(db, FEED)
    entry, feed = calls.due(db, NOW, 9)
    calls.defer(db, entry, NO, now=NOW, until=LATER)
    calls.give_up(db, feed, Reply(code=403, text="Forbidden"), NOW)
    shown = [(call.to, call.state, call.tries, call.reply) for call in calls.latest(db, 9)]
    assert shown == [
        (HUB, CallState.FAILED, 1, Reply(code=403, text="Forbidden")),
        (HOOK.url, CallState.DEFERRED, 1, NO),
    ]
    (again,) = calls.due(db, LATER, 9)
    assert (again.body, again.failing) == (b"{}", NOW)
    calls.mark_sent(db, again, OK, LATER)
    (last,) = [call for call in calls.latest(db, 9) if call.url == HOOK.url]
    assert (last.state, last.tries, last.body, last.failing) == (CallState.SENT, 2, b"", None)


def test_what_is_settled_stays_so(db: Database) -> None:
    """A webhook may be dropped while a call to it is under way."""
    keep(db, HOOK)
    arrive(db)
    queue(db)
    (call,) = calls.due(db, NOW, 9)
    keep(db)
    calls.mark_sent(db, call, OK, NOW)
    calls.defer(db, call, NO, now=NOW, until=LATER)
    calls.give_up(db, call, NO, NOW)
    assert calls.counts(db) == {"dropped": 1}


def test_what_has_waited_too_long_for_a_peer(db: Database) -> None:
    keep(db, HOOK)
    arrive(db)
    queue(db)
    calls.give_up_waiting(db, HOOK.url, NO, NOW, before=NOW - timedelta(seconds=1))
    assert calls.counts(db) == {"queued": 1}
    calls.give_up_waiting(db, HOOK.url, NO, NOW, before=NOW)
    assert calls.counts(db) == {"failed": 1}


def test_settled_calls_are_forgotten_after_a_week_or_where_there_are_many(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        ping(db, f"https://w.example/{number}")
    for call in calls.due(db, NOW, 9)[:5]:
        calls.mark_sent(db, call, OK, NOW)
    calls.prune(db, NOW + timedelta(days=7))
    assert calls.counts(db) == {"queued": 1, "sent": 5}
    monkeypatch.setattr(calls, "_MOST_KEPT", 2)
    calls.prune(db, NOW)
    assert calls.counts(db) == {"queued": 1, "sent": 2}
    calls.prune(db, NOW + timedelta(days=7, seconds=1))
    assert calls.counts(db) == {"queued": 1}
