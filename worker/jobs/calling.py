"""queue_calls(), make_calls(): hubs are told of feeds that changed, webhooks of entries that are new.

Between a call and the note of what came of it a crash may lie: then it is made again, with the same webhook-id, by
which a receiver tells.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from time import monotonic

from sqlite_utils import Database

from worker.jobs.rim import Rim
from worker.model.calls import Answer, Call, CallKind, CallState, Webhook
from worker.outlet import hook
from worker.outlet.call import Caller
from worker.store import calls as store
from worker.store import peers, stories, topics
from worker.store.database import durable

#: A minute after a try that failed, then twice as long each time, to four hours: some 13 tries in a day.
_RETRY_FIRST, _RETRY_MOST = timedelta(minutes=1), timedelta(hours=4)
#: What a peer may ask for with Retry-After.
_WAIT_MOST = timedelta(hours=12)
#: For so long a call, and a peer, may fail before it is given up.
_PATIENCE = timedelta(days=1)
#: A run makes calls to so many peers at once, so many in a row to each of them, and begins none after so many
#: seconds: what is slow holds up nobody else, and what is left over has its turn in the next run.
_AT_ONCE, _IN_A_ROW, _BUDGET = 8, 50, 20.0
#: Codes that speak of what was sent, which is the same at every try; all others may be a slip of whoever runs the
#: webhook, which is mended within the day: a wrong route, a secret not yet set, a proxy in between.
_REFUSED = {400, 406, 409, 413, 415, 422}
_FOR_NOW = {408, 425, 429}
_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Whom to call, and how."""

    base_url: str  #: without a slash at its end
    zone: tzinfo  #: of stated dates without an offset
    hubs: tuple[str, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    caller: Caller = field(default_factory=Caller)


def keep_peers(db: Database, calls: Calls, *, now: datetime) -> None:
    """Let the store know whom the settings name: a webhook that is new is told of what comes from here on."""
    if store.unknown(db, calls.hubs, calls.webhooks):
        with durable(db):
            store.keep(db, calls.hubs, calls.webhooks, now)


def queue_calls(db: Database, calls: Calls, *, now: datetime, changed: Iterable[str] = ()) -> None:
    """Note what is to be told: to hubs of feeds that have changed, by their addresses; to webhooks of new entries."""
    keep_peers(db, calls, now=now)
    feeds = list(changed)
    if feeds and calls.hubs:
        with durable(db):
            store.add_pings(db, calls.hubs, feeds, now)
    for webhook in calls.webhooks:
        while store.behind(db, webhook):
            with durable(db):
                _queue_news(db, calls, webhook, now)


def _queue_news(db: Database, calls: Calls, webhook: Webhook, now: datetime) -> None:
    news = store.news(db, webhook)
    if news is None:
        return
    also = stories.also(db, [entry.number for entry in news.entries])
    told = []
    for entry in news.entries:
        one = hook.Told(entry=entry, also=also.get(entry.number, ()), topics=topics.of_entry(db, entry.number))
        told.append((entry, hook.body(one, base_url=calls.base_url, zone=calls.zone)))
    store.add_news(db, webhook, told, news.upto, now)


def next_call(db: Database) -> datetime | None:
    """When there is a call to make; None where none waits."""
    return store.next_try(db)


def make_calls(db: Database, calls: Calls, rim: Rim, *, now: datetime) -> Counter[CallState]:
    """Make the calls that are due; how many ended in which state. One caller at a time."""
    done: Counter[CallState] = Counter()
    keep_peers(db, calls, now=now)
    if store.any_retracted(db):
        with durable(db):
            store.drop_retracted(db, now)
    lines = _Lines(store.due(db, now, _IN_A_ROW))
    until = monotonic() + _BUDGET
    running: dict[Future[Answer], Call] = {}
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="call") as pool:
        while True:
            while len(running) < _AT_ONCE and lines and not rim.stopping() and monotonic() < until:
                call = lines.take()
                running[pool.submit(_make, calls, call, now)] = call
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                call = running.pop(future)
                with durable(db):
                    state, well = _settle(db, call, future.result(), now)
                done[state] += 1
                lines.put_back(call.url, well=well)
    if done:
        with durable(db):
            store.prune(db, now)
    return done


class _Lines:
    """What is due, a line for each peer: nobody has two calls at once, and all have their turns in rotation."""

    def __init__(self, due: Iterable[Call]) -> None:
        self._waiting: dict[str, deque[Call]] = {}
        for call in due:
            self._waiting.setdefault(call.url, deque()).append(call)
        self._free = deque(self._waiting)

    def __bool__(self) -> bool:
        return bool(self._free)

    def take(self) -> Call:
        """The next call of the peer that has waited longest."""
        return self._waiting[self._free.popleft()].popleft()

    def put_back(self, url: str, *, well: bool) -> None:
        """A call has ended; a peer that did not answer well is left alone."""
        if well and self._waiting[url]:
            self._free.append(url)


def _make(calls: Calls, call: Call, now: datetime) -> Answer:
    if call.kind is CallKind.PING:
        return calls.caller.ping(call.url, call.subject, now=now)
    secret = next(one.secret for one in calls.webhooks if one.url == call.url)
    headers = hook.signature(secret, hook.message_id(call), now, call.body)
    return calls.caller.tell(call.url, call.body, headers, now=now)


def _settle(db: Database, call: Call, answer: Answer, now: datetime) -> tuple[CallState, bool]:
    """Note what came of a call; its state, and whether the peer may be called again at once."""
    if answer.code // 100 == 2:
        store.mark_sent(db, call, answer, now)
        peers.well(db, call.url)
        return CallState.SENT, True
    if answer.code == _GONE and call.kind is CallKind.ENTRY:
        store.give_up(db, call, answer, now)
        reason = f"it said 410 Gone on {now:%Y-%m-%d}: take it out of the settings"
        store.stop(db, call.url, reason, now)
        return CallState.FAILED, False
    if _for_good(call, answer):
        store.give_up(db, call, answer, now)
        peers.well(db, call.url)  # it answers; what it says is about this call alone
        return CallState.FAILED, True
    return _put_off(db, call, answer, now), False


def _for_good(call: Call, answer: Answer) -> bool:
    """Whether to try again is of no use. A hub that says no is asked anew by the next change of the feed anyway."""
    if call.kind is CallKind.PING:
        return answer.code // 100 in (3, 4) and answer.code not in _FOR_NOW
    return answer.code in _REFUSED


def _put_off(db: Database, call: Call, answer: Answer, now: datetime) -> CallState:
    """No good answer: call and peer rest, each the longer the more often this has happened, or as long as it asks."""
    failures, failing = peers.unwell(db, call.url, now)
    peers.rest(db, call.url, now + _pause(call.url, failures, answer.wait))
    long_ago = now - _PATIENCE
    if (call.failing or now) <= long_ago or max(failing, call.created) <= long_ago:
        store.give_up(db, call, answer, now)
        if failing <= long_ago:
            store.give_up_waiting(db, call.url, answer, now, before=long_ago)
        return CallState.FAILED
    until = now + _pause(f"{call.url} {call.subject}", call.tries, answer.wait)
    store.defer(db, call, answer, now=now, until=until)
    return CallState.DEFERRED


def _pause(whose: str, failures: int, asked: timedelta | None) -> timedelta:
    """How long to wait after so many failures before this one. Up to a fifth is added, by the hash of who it is, so
    that many who failed together do not come back together, and the same state gives the same times.
    """
    pause = min(_RETRY_FIRST * 2 ** min(failures, 20), _RETRY_MOST)
    if asked is not None:
        pause = min(max(asked, _RETRY_FIRST), _WAIT_MOST)
    share = hashlib.sha256(f"{whose} {failures}".encode()).digest()[0] / 255 / 5
    return timedelta(seconds=round(pause.total_seconds() * (1 + share)))
