"""post_digests: once for each local date, what is new since the last one, and nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from desks import NOW, Desk, states, subscribe, told
from sqlite_utils import Database

from worker import lock
from worker.model import DeliveryState, Frequency
from worker.store import outbox, subscribers

HOUR = timedelta(hours=1)
DUE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 07:30 in Almaty


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        yield database


def titles(desk: Desk) -> list[list[int]]:
    """The numbers of the news that each mail tells of, the oldest mail first."""
    return [sorted({int(number) for number in re.findall(r"Ferry (\d+) returns", told(mail))}) for mail in desk.mails()]


# ── When ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "at", "first_day"),
    [
        ("Asia/Almaty", "07:30", "2026-11-20"),
        ("Europe/Berlin", "02:30", "2026-03-26"),  # does not exist on the 29th
        ("Europe/Berlin", "02:30", "2026-10-22"),  # comes twice on the 25th
        ("America/New_York", "00:15", "2026-03-05"),
        ("Australia/Lord_Howe", "02:10", "2026-04-02"),  # half an hour comes twice on the 5th
        ("Africa/Casablanca", "02:45", "2026-02-12"),
        ("Pacific/Chatham", "23:59", "2026-09-24"),
    ],
)
def test_every_hour_of_a_week_makes_one_mail_a_day(
    desk: Desk, db: Database, zone: str, at: str, first_day: str
) -> None:
    """News comes every seven hours; each is told of once, in the digest of its day."""
    begin = datetime.fromisoformat(first_day).replace(tzinfo=UTC)
    subscribe(db, timezone=zone, at=at, created=begin)
    posted: Counter[str] = Counter()
    for hour in range(24 * 7):
        now = begin + hour * HOUR
        if hour % 7 == 0:
            desk.news(db, hour // 7, now=now)
        if desk.post(db, now):
            posted[now.astimezone(ZoneInfo(zone)).date().isoformat()] += 1
        assert not desk.post(db, now)
    occasions = [name for (name,) in db.conn.execute("select occasion from outbox order by id")]
    assert occasions == sorted(set(occasions))
    assert set(posted.values()) == {1}
    assert len(posted) == len(desk.mails()) >= 6
    numbers = [number for mail in titles(desk) for number in mail]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= 24 * 6 // 7


@pytest.mark.parametrize(
    ("frequency", "at", "mails"),
    [(Frequency.HOURLY, "", 24), (Frequency.WEEKDAYS, "07:30", 5), (Frequency.WEEKLY, "07:30", 1)],
)
def test_other_rhythms_through_a_week(desk: Desk, db: Database, frequency: Frequency, at: str, mails: int) -> None:
    """Something new every seven hours: an hour, a day or a week without news makes no mail."""
    begin = datetime(2026, 11, 16, tzinfo=UTC)  # a Monday
    subscribe(db, frequency=frequency, at=at, weekday=2, created=begin)
    for hour in range(24 * 7):
        if hour % 7 == 0:
            desk.news(db, hour // 7, now=begin + hour * HOUR)
        desk.post(db, begin + hour * HOUR + timedelta(minutes=31))
    assert len(desk.mails()) == mails
    numbers = [number for mail in titles(desk) for number in mail]
    assert numbers == list(range(len(numbers)))


def test_nothing_new_no_mail(desk: Desk, db: Database) -> None:
    subscribe(db)
    assert desk.post(db, DUE) == {}
    desk.news(db, 1, now=DUE + HOUR)
    assert desk.post(db, DUE + 2 * HOUR) == {}  # that day's occasion has been looked at
    assert desk.post(db, DUE + timedelta(days=1)) == {DeliveryState.SENT: 1}
    assert desk.post(db, DUE + timedelta(days=2)) == {}
    assert titles(desk) == [[1]]


def test_a_new_subscription_is_told_nothing_by_itself(desk: Desk, db: Database) -> None:
    desk.news(db, 1)
    subscribe(db, created=DUE + HOUR)
    assert desk.post(db, DUE + 2 * HOUR) == {}
    assert desk.post(db, DUE + timedelta(days=1)) == {DeliveryState.SENT: 1}


def test_the_cursor_moves_with_the_mail(desk: Desk, db: Database) -> None:
    subscribe(db)
    desk.news(db, 1, 2)
    desk.post(db, DUE)
    after = subscribers.of(db, "ana@example.org")
    assert after is not None
    assert (after.cursor, after.served) == (2, "2026-11-24")


@pytest.mark.parametrize(("hours", "mails"), [(11, [[1], [2]]), (13, [[1, 2]])])
def test_a_digest_that_is_late_goes_into_the_next(desk: Desk, db: Database, hours: int, mails: list[list[int]]) -> None:
    """The worker was down when it was due, and is up again so many hours later."""
    subscribe(db)
    desk.news(db, 1)
    desk.post(db, DUE + hours * HOUR)
    desk.news(db, 2, now=DUE + hours * HOUR)
    desk.post(db, DUE + 24 * HOUR)
    assert titles(desk) == mails


def test_a_month_of_sleep_makes_one_mail(desk: Desk, db: Database) -> None:
    subscribe(db)
    desk.news(db, 1)
    desk.post(db, DUE)
    desk.news(db, 2, now=DUE + 5 * HOUR)
    desk.post(db, DUE + timedelta(days=30, minutes=5))
    assert titles(desk) == [[1], [2]]


def test_a_clock_that_jumps_back_repeats_nothing_and_hurts_nobody(desk: Desk, db: Database) -> None:
    """As after a restored machine, or `digest send --at` an earlier time."""
    subscribe(db)
    subscribe(db, "hourly@example.org", frequency=Frequency.HOURLY, at="")
    for day in (0, 1):
        desk.news(db, day, now=DUE + timedelta(days=day))
        desk.post(db, DUE + timedelta(days=day))
    desk.news(db, 7, now=DUE + timedelta(days=1, hours=1))
    subscribe(db, "new@example.org")
    desk.post(db, DUE)
    assert Counter(mail["to"] for mail in desk.mails()) == {
        "ana@example.org": 2,
        "hourly@example.org": 2,
        "new@example.org": 1,
    }
    desk.post(db, DUE + timedelta(days=1, hours=2))
    desk.post(db, DUE + timedelta(days=2))
    ana = [numbers for mail, numbers in zip(desk.mails(), titles(desk), strict=True) if mail["to"] == "ana@example.org"]
    assert ana == [[0], [1], [7]]


# ── Instant mail ────────────────────────────────────────────────────────────────────────────────────


def test_instant_mail_pauses_so_that_a_busy_morning_is_few_mails(desk: Desk, db: Database) -> None:
    subscribe(db, frequency=Frequency.INSTANT, at="")
    for minute in range(12):
        desk.news(db, minute, now=NOW + timedelta(minutes=minute))
        desk.post(db, NOW + timedelta(minutes=minute))
    desk.post(db, NOW + timedelta(minutes=30))
    assert titles(desk) == [[0], [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11]]


def test_instant_mail_that_was_folded_comes_without_waiting_for_other_news(desk: Desk, db: Database) -> None:
    """Two days without a mail server, and a quiet week behind them."""
    subscribe(db, frequency=Frequency.INSTANT, at="")
    desk.news(db, 1)
    blocked = desk.folder / "mail"
    blocked.write_text("a file where the Maildir should be")
    with pytest.raises(Exception, match="Maildir"):
        desk.post(db, NOW)
    blocked.unlink()
    for hours in range(48, 24 * 7, 6):
        desk.post(db, NOW + hours * HOUR)
    assert titles(desk) == [[1]]


# ── Two at a time ───────────────────────────────────────────────────────────────────────────────────


def test_two_calls_at_the_same_time_send_once(desk: Desk) -> None:
    with desk.store() as db:
        desk.news(db, 1, 2)
        for number in range(5):
            subscribe(db, f"reader{number}@example.org")
    done: Counter[DeliveryState] = Counter()
    failures: list[Exception] = []

    def post() -> None:
        try:
            with desk.store() as db, lock.held(desk.folder / "post.lock", wait=True):
                done.update(desk.post(db, DUE))
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, done) == ([], {DeliveryState.SENT: 5})
    assert Counter(mail["to"] for mail in desk.mails()) == {f"reader{number}@example.org": 1 for number in range(5)}


def test_a_stop_leaves_the_rest_waiting(desk: Desk, db: Database) -> None:
    desk.news(db, 1)
    for number in range(3):
        subscribe(db, f"reader{number}@example.org")
    rim, desk.rim = desk.rim, type(desk.rim)(sleep=lambda _seconds: None, stopping=lambda: bool(desk.mails()))
    assert desk.post(db, DUE) == {DeliveryState.SENT: 1}
    assert states(db) == {"queued": 2, "sent": 1}
    desk.rim = rim
    assert desk.post(db, DUE) == {DeliveryState.SENT: 2}
    assert len(desk.mails()) == 3


def test_a_long_digest_counts_what_it_does_not_show(desk: Desk, db: Database) -> None:
    subscribe(db)
    desk.news(db, *range(60))
    desk.post(db, DUE)
    (mail,) = desk.mails()
    (shown,) = titles(desk)
    assert 30 < len(shown) < 60
    assert f"{60 - len(shown)} more" in told(mail)
    after = subscribers.of(db, "ana@example.org")
    assert after is not None
    assert after.cursor == 60
    assert len(outbox.telling_of(db, 1, since=NOW)) == 1


def test_who_leaves_and_comes_back_gets_a_mail_of_their_own(desk: Desk, db: Database) -> None:
    """The same mailbox and occasion, but another subscription: another Message-ID, or the Maildir would keep one."""
    desk.news(db, 1)
    subscribe(db)
    desk.post(db, DUE)
    assert subscribers.remove(db, "ana@example.org")
    desk.news(db, 2)
    subscribe(db)
    desk.post(db, DUE + HOUR)
    assert titles(desk) == [[1], [1, 2]]
