"""queue_calls, make_calls: told once where all goes well, and again until it does; nobody waits for the slow."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from urllib.parse import parse_qs

import pytest
from desks import NOW, Desk, title
from http_peers import Heard, HttpPeer, listening, says
from power_cuts import MOST, dying
from sqlite_utils import Database

from worker.jobs import Rim, calling
from worker.jobs.calling import Calls, keep_peers, make_calls, next_call, queue_calls
from worker.model.calls import CallState, Webhook
from worker.outlet.call import Caller, Timeouts
from worker.store import calls as store
from worker.store import peers

SECRET = "a plain secret of words"
FEED = "https://wire.example.org/feed.atom"
RIM = Rim(sleep=lambda _seconds: None)
SHORT = Caller(timeouts=Timeouts(connect=1, read=0.4, whole=0.8))
DAY = timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk")


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        yield database


@pytest.fixture
def up() -> Iterator[tuple[HttpPeer, str]]:
    with listening() as peer:
        yield peer


def calls_to(*urls: str, hubs: tuple[str, ...] = (), caller: Caller | None = None) -> Calls:
    hooks = tuple(Webhook(url=url, secret=SECRET) for url in urls)
    base = "https://wire.example.org"
    return Calls(base_url=base, zone=UTC, hubs=hubs, webhooks=hooks, caller=caller or SHORT)


def work(db: Database, calls: Calls, now: datetime = NOW, rim: Rim = RIM) -> Counter[CallState]:
    queue_calls(db, calls, now=now)
    return make_calls(db, calls, rim, now=now)


def titles(heard: list[Heard]) -> list[str]:
    return [json.loads(one.body)["title"] for one in heard]


def ready(desk: Desk, db: Database, calls: Calls, *numbers: int) -> None:
    """News for webhooks that were there before."""
    keep_peers(db, calls, now=NOW)
    desk.news(db, *numbers)


# ── When all goes well ──────────────────────────────────────────────────────────────────────────────


def test_each_new_entry_is_told_once_and_in_order(desk: Desk, db: Database, up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    calls = calls_to(url)
    desk.news(db, 1)
    ready(desk, db, calls, 2, 3)
    assert work(db, calls) == {CallState.SENT: 2}
    assert (work(db, calls), next_call(db)) == ({}, None)
    desk.news(db, 4)
    assert work(db, calls) == {CallState.SENT: 1}
    assert titles(peer.heard) == [title(2), title(3), title(4)]
    assert len({heard.headers["webhook-id"] for heard in peer.heard}) == 3


def test_hubs_are_told_of_feeds_that_changed(db: Database, up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    calls = calls_to(hubs=(url,))
    for _ in range(2):
        queue_calls(db, calls, now=NOW, changed=[FEED, FEED + "?x"])
    assert make_calls(db, calls, RIM, now=NOW) == {CallState.SENT: 2}
    assert [parse_qs(heard.body.decode())["hub.url"] for heard in peer.heard] == [[FEED], [FEED + "?x"]]


def test_a_run_with_nothing_to_do_writes_nothing(db: Database, up: tuple[HttpPeer, str]) -> None:
    calls = calls_to(up[1])
    keep_peers(db, calls, now=NOW)
    before = db.conn.total_changes
    assert work(db, calls) == {}
    assert db.conn.total_changes == before


# ── When it does not ────────────────────────────────────────────────────────────────────────────────


def test_it_is_tried_again_with_the_same_bytes_and_id(desk: Desk, db: Database, up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    peer.answers = [says(500), says(503), says(404), says(302, "Location: /x")]
    calls, now = calls_to(url), NOW
    ready(desk, db, calls, 1)
    pauses = []
    for _ in range(4):
        assert work(db, calls, now) == {CallState.DEFERRED: 1}
        assert work(db, calls, now) == {}
        due = next_call(db)
        assert due is not None
        pauses.append((due - now) / timedelta(minutes=1))
        now = due
    assert work(db, calls, now) == {CallState.SENT: 1}
    for pause, least in zip(pauses, (1, 2, 4, 8), strict=True):
        assert least <= pause <= least * 1.2
    assert len({(heard.body, heard.headers["webhook-id"]) for heard in peer.heard}) == 1
    assert len({heard.headers["webhook-timestamp"] for heard in peer.heard}) == 5
    assert peers.every(db)[0].failures == 0


def test_a_day_without_a_good_answer_ends_it(desk: Desk, db: Database, up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    peer.usual = says(500)
    calls, now = calls_to(url), NOW
    ready(desk, db, calls, 1, 2, 3)
    queue_calls(db, calls, now=NOW)
    while (due := next_call(db)) is not None and due < NOW + 3 * DAY:
        now = due
        make_calls(db, calls, RIM, now=now)
    assert store.counts(db) == {"failed": 3}
    assert DAY <= now - NOW < DAY + 2 * timedelta(hours=5)
    assert 13 <= len(peer.heard) <= 20, "one that fails speaks for all that wait"
    desk.news(db, 4)
    peer.usual = says(200)
    assert work(db, calls, now + DAY) == {CallState.SENT: 1}, "and what comes then is tried"


def test_one_entry_that_breaks_a_webhook_does_not_hold_up_the_others(
    desk: Desk, db: Database, up: tuple[HttpPeer, str]
) -> None:
    peer, url = up
    peer.answers = [says(500)]
    calls = calls_to(url)
    ready(desk, db, calls, 1, 2, 3)
    assert work(db, calls) == {CallState.DEFERRED: 1}
    due = next_call(db)
    assert due is not None
    assert work(db, calls, due + timedelta(minutes=1)) == {CallState.SENT: 3}


def test_410_stops_a_webhook_with_a_clear_word(desk: Desk, db: Database, up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    peer.answers = [says(410, reason="Gone")]
    calls = calls_to(url)
    ready(desk, db, calls, 1, 2)
    assert work(db, calls) == {CallState.FAILED: 1}
    desk.news(db, 3)
    assert work(db, calls, NOW + DAY) == {}
    assert (store.counts(db), len(peer.heard)) == ({"dropped": 1, "failed": 1}, 1)
    assert peers.every(db)[0].stopped == "it said 410 Gone on 2026-11-23: take it out of the settings"


@pytest.mark.parametrize(
    ("code", "hub", "hook"),
    [
        (301, "failed", "deferred"),
        (400, "failed", "failed"),
        (404, "failed", "deferred"),
        (408, "deferred", "deferred"),
        (410, "failed", "failed"),
        (413, "failed", "failed"),
        (429, "deferred", "deferred"),
        (501, "deferred", "deferred"),
    ],
)
def test_what_is_refused_for_good(
    desk: Desk, db: Database, up: tuple[HttpPeer, str], code: int, hub: str, hook: str
) -> None:
    """A hub is asked again by the next change anyway; of a webhook most is a slip that is mended within the day."""
    peer, url = up
    peer.usual = says(code)
    calls = calls_to(url, hubs=(url + "b",))
    ready(desk, db, calls, 1)
    queue_calls(db, calls, now=NOW, changed=[FEED])
    make_calls(db, calls, RIM, now=NOW)
    assert {call.kind: call.state for call in store.latest(db, 9)} == {"ping": hub, "entry": hook}


@pytest.mark.parametrize(
    ("asked", "least"),
    [("0", timedelta(minutes=1)), ("600", timedelta(minutes=10)), ("9999999", timedelta(hours=12))],
)
def test_retry_after_is_honoured_within_bounds(
    db: Database, up: tuple[HttpPeer, str], asked: str, least: timedelta
) -> None:
    peer, url = up
    peer.answers = [says(503, f"Retry-After: {asked}")]
    calls = calls_to(hubs=(url,))
    queue_calls(db, calls, now=NOW, changed=[FEED, FEED + "?x"])
    assert make_calls(db, calls, RIM, now=NOW) == {CallState.DEFERRED: 1}
    due = next_call(db)
    assert due is not None
    assert least <= due - NOW <= least * 1.2


def test_pauses_are_the_same_each_time_and_others_for_others() -> None:
    pauses = [calling._pause(f"https://{name}.example", 3, None) for name in "abcdefgh"]
    assert pauses == [calling._pause(f"https://{name}.example", 3, None) for name in "abcdefgh"]
    assert len(set(pauses)) > 4
    assert calling._pause("a", 10**9, None) <= timedelta(hours=4.8)


def test_a_slow_peer_keeps_nobody_waiting(desk: Desk, db: Database) -> None:
    with listening() as (silent, slow), listening() as (quick, url):
        silent.usual = silent.silent
        calls = calls_to(slow, url, hubs=(url + "hub",))
        ready(desk, db, calls, *range(6))
        queue_calls(db, calls, now=NOW, changed=[FEED])
        began = time.monotonic()
        assert make_calls(db, calls, RIM, now=NOW) == {CallState.SENT: 7, CallState.DEFERRED: 1}
        assert time.monotonic() - began < 3
        assert (len(silent.heard), len(quick.heard)) == (1, 7)


def test_a_run_ends_when_its_time_is_over_and_the_next_goes_on(
    desk: Desk, db: Database, up: tuple[HttpPeer, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "_BUDGET", 0.3)
    peer, url = up
    peer.answers = [peer.slow(0.2)] * 3
    calls = calls_to(url)
    ready(desk, db, calls, *range(8))
    assert work(db, calls) == {CallState.SENT: 2}
    assert next_call(db) == NOW
    monkeypatch.setattr(calling, "_BUDGET", 20)
    assert work(db, calls) == {CallState.SENT: 6}
    assert titles(peer.heard) == [title(number) for number in range(8)]


def test_a_stop_ends_behind_the_call_in_hand(desk: Desk, db: Database, up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    calls = calls_to(url)
    ready(desk, db, calls, *range(5))
    rim = Rim(sleep=lambda _seconds: None, stopping=lambda: bool(peer.heard))
    assert work(db, calls, rim=rim) == {CallState.SENT: 1}
    assert work(db, calls) == {CallState.SENT: 4}


def test_nobody_is_told_of_what_was_taken_down(desk: Desk, db: Database, up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    calls = calls_to(url)
    ready(desk, db, calls, 1, 2)
    queue_calls(db, calls, now=NOW)
    db.conn.execute("insert into retractions (entry, reason, made) values (1, '', '')")
    assert make_calls(db, calls, RIM, now=NOW) == {CallState.SENT: 1}
    assert titles(peer.heard) == [title(2)]


# ── Crashes ─────────────────────────────────────────────────────────────────────────────────────────


def test_calling_that_dies_at_any_step(desk: Desk) -> None:
    """None is lost; one that is told twice has the same id, and is one that was in hand."""
    with listening() as (hub, hub_url), listening() as (hook, hook_url):
        with desk.store() as db:
            ready(desk, db, calls_to(hook_url, hubs=(hub_url,)), 1, 2)
            store.add_pings(db, [hub_url], [FEED], NOW)
        twice = 0
        for at in range(1, MOST):
            copytree(desk.folder, desk.folder.with_name(str(at)))
            copy = Desk(desk.folder.with_name(str(at)))
            hub.heard.clear()
            hook.heard.clear()

            def run(copy: Desk) -> None:
                with copy.store() as db:
                    work(db, calls_to(hook_url, hubs=(hub_url,)))

            with dying(at) as fuse, pytest.MonkeyPatch.context() as patch:
                for name in ("ping", "tell"):
                    patch.setattr(Caller, name, fuse.around(getattr(Caller, name)))
                run(copy)
            run(copy)
            with copy.store() as db:
                assert store.counts(db) == {"sent": 3}, f"died at step {at}"
            ids = Counter(heard.headers["webhook-id"] for heard in hook.heard)
            assert len(ids) == 2
            assert len({heard.body for heard in hook.heard}) == 2
            assert max(ids.values()) <= 2
            assert 1 <= len(hub.heard) <= 2
            twice += len(hook.heard) + len(hub.heard) - 3
            if not fuse.blown:
                break
        assert 15 < at < MOST - 1
        assert twice > 1
