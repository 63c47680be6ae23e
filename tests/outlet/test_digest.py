"""digest: when one is due, in every zone and through every change of the clocks, and what it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_digests import SUBSCRIPTION, entry, other

from worker.model import Frequency, Occasion, Subscription
from worker.outlet import digest as digests

LATE, HOUR, DAY = timedelta(hours=12), timedelta(hours=1), timedelta(days=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ZONES = sorted(available_timezones())


def subscription(frequency: Frequency = Frequency.DAILY, at: str = "07:30", zone: str = "UTC") -> Subscription:
    return replace(SUBSCRIPTION, frequency=frequency, at=at, timezone=zone, created=LONG_AGO)


def at(moment: str) -> datetime:
    """UTC unless it has an offset."""
    parsed = datetime.fromisoformat(moment)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def due(who: Subscription, moment: datetime | str, newest: int = 9) -> Occasion | None:
    return digests.due(who, at(moment) if isinstance(moment, str) else moment, late=LATE, newest=newest)


def name_at(who: Subscription, moment: datetime | str) -> str | None:
    found = due(who, moment)
    return found.name if found else None


def occasions(who: Subscription, begin: datetime, end: datetime, step: timedelta = HOUR) -> list[Occasion]:
    """What a worker that looks every `step` serves."""
    served = []
    now = begin
    while now <= end:
        if found := due(who, now):
            served.append(found)
            who = replace(who, served=found.name)
        now += step
    return served


# ── Rhythms ─────────────────────────────────────────────────────────────────────────────────────────


def test_daily_is_due_from_its_local_time_until_it_is_late() -> None:
    who = subscription(zone="Asia/Almaty")
    assert name_at(who, "2026-11-24T02:29:59") is None  # yesterday's is late by now
    assert due(who, "2026-11-24T02:30:00") == Occasion(name="2026-11-24", due=at("2026-11-24T02:30"))
    assert name_at(who, "2026-11-24T14:30:00") == "2026-11-24"
    assert name_at(who, "2026-11-24T14:30:01") is None


def test_served_is_not_due_again() -> None:
    who = replace(subscription(), served="2026-11-24")
    assert name_at(who, "2026-11-24T08:00") is None
    assert name_at(who, "2026-11-25T08:00") == "2026-11-25"


def test_what_was_over_when_the_subscription_was_made_is_not_due() -> None:
    who = replace(subscription(), created=at("2026-11-24T08:00"))
    assert name_at(who, "2026-11-24T09:00") is None
    assert name_at(who, "2026-11-25T07:30") == "2026-11-25"
    assert name_at(replace(who, created=at("2026-11-24T07:30")), "2026-11-24T09:00") == "2026-11-24"


def test_hourly_goes_by_the_hours_of_utc() -> None:
    found = occasions(
        subscription(Frequency.HOURLY, "", "Asia/Kathmandu"),
        at("2026-11-24T00:10"),
        at("2026-11-24T05:00"),
        timedelta(minutes=10),
    )
    assert [one.name for one in found] == [f"2026-11-24T{hour:02}Z" for hour in range(6)]


def test_weekdays_leave_the_weekend_out() -> None:
    found = occasions(subscription(Frequency.WEEKDAYS), at("2026-11-23T00:00"), at("2026-12-06T23:00"))
    assert [date.fromisoformat(one.name).weekday() for one in found] == [0, 1, 2, 3, 4] * 2


@pytest.mark.parametrize("weekday", range(7))
def test_weekly_on_its_day(weekday: int) -> None:
    who = replace(subscription(Frequency.WEEKLY), weekday=weekday)
    found = occasions(who, at("2026-11-01T20:00"), at("2026-11-29T19:00"))
    assert [date.fromisoformat(one.name).weekday() for one in found] == [weekday] * 4


def test_instant_is_due_while_there_is_something_new() -> None:
    who = replace(subscription(Frequency.INSTANT, ""), cursor=9)
    now = at("2026-11-24T02:30")
    assert due(who, now, newest=9) is None
    assert due(who, now, newest=12) == Occasion(name="12", due=now)
    assert due(replace(who, served="12"), now, newest=12) is None


def test_instant_mail_rests_five_minutes() -> None:
    who, now = subscription(Frequency.INSTANT, ""), at("2026-11-24T02:30")
    assert digests.too_soon(who, now - timedelta(minutes=4), now)
    assert not digests.too_soon(who, now - timedelta(minutes=5), now)
    assert not digests.too_soon(who, None, now)
    assert not digests.too_soon(subscription(), now, now)


def test_instant_mail_is_never_late_and_others_are() -> None:
    then, now = at("2026-11-20T02:30"), at("2026-11-24T02:30")
    assert not digests.overdue(Occasion(name="12", due=then), now, LATE)
    assert digests.overdue(Occasion(name="2026-11-20", due=then), now, LATE)
    assert digests.overdue(Occasion(name="2026-11-20T02Z", due=then), now, LATE)
    assert not digests.overdue(Occasion(name="2026-11-20", due=now - LATE), now, LATE)


# ── Clocks that change ──────────────────────────────────────────────────────────────────────────────


def test_a_time_in_the_gap_moves_forward_with_the_clock() -> None:
    """02:30 does not exist in Berlin on 29 March 2026."""
    who = subscription(at="02:30", zone="Europe/Berlin")
    found = due(who, "2026-03-29T06:00")
    assert found == Occasion(name="2026-03-29", due=at("2026-03-29T03:30+02:00").astimezone(UTC))


def test_a_repeated_time_means_the_first() -> None:
    """02:30 comes twice in Berlin on 25 October 2026."""
    who = subscription(at="02:30", zone="Europe/Berlin")
    found = due(who, "2026-10-25T06:00")
    assert found == Occasion(name="2026-10-25", due=at("2026-10-25T02:30+02:00").astimezone(UTC))
    assert name_at(replace(who, served="2026-10-25"), "2026-10-25T01:30") is None


def test_a_day_that_a_country_left_out() -> None:
    """Samoa went from 29 to 31 December 2011; the digest of the day between moves to where its time would be."""
    who = subscription(at="08:00", zone="Pacific/Apia")
    found = occasions(replace(who, created=at("2010-01-01T00:00")), at("2011-12-28T00:00"), at("2012-01-03T00:00"))
    assert [one.name for one in found] == sorted({one.name for one in found})
    assert {"2011-12-29", "2011-12-31", "2012-01-01"} <= {one.name for one in found}


_ODD_ZONES = [
    *("Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham", "Asia/Gaza"),
    *("America/St_Johns", "America/Nuuk", "America/Havana", "Asia/Beirut", "Africa/Cairo", *ZONES[::20]),
]


@pytest.mark.parametrize(("clock", "zones"), [("02:15", ZONES), ("00:00", _ODD_ZONES), ("23:59", _ODD_ZONES)])
def test_every_zone_of_the_world_has_one_occasion_a_day_for_a_year(clock: str, zones: list[str]) -> None:
    """Asked at the due moment and two hours later: each day once, in order, at its local time."""
    days = [date(2026, 1, 2) + timedelta(days=number) for number in range(366)]
    for zone in zones:
        who, info, before = subscription(at=clock, zone=zone), ZoneInfo(zone), LONG_AGO
        for day in days:
            moment = datetime.combine(day, time.fromisoformat(clock), tzinfo=info).astimezone(UTC)
            found = due(who, moment)
            assert found == Occasion(name=day.isoformat(), due=moment), (zone, day)
            assert before < moment
            who, before = replace(who, served=found.name), moment
            assert due(who, moment + 2 * HOUR) is None


# ── What comes next, and what it holds ──────────────────────────────────────────────────────────────


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([Frequency.DAILY, Frequency.WEEKDAYS, Frequency.WEEKLY, Frequency.HOURLY]),
    st.times().map("{:%H:%M}".format),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 10), datetime(2026, 12, 20)),  # noqa: DTZ001 - hypothesis wants them naive
)
def test_what_is_promised_as_next_is_what_comes(frequency: Frequency, clock: str, zone: str, moment: datetime) -> None:
    who, now = subscription(frequency, clock, zone), moment.replace(tzinfo=UTC)
    promised = digests.following(who, now, 9)
    assert promised.due >= now
    assert due(who, promised.due) == promised
    between = due(who, promised.due - timedelta(seconds=1))
    assert between is None or between.due < now or between.due < promised.due


@settings(max_examples=60, deadline=None)
@given(
    st.times().map("{:%H:%M}".format),
    st.sampled_from(["Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "America/St_Johns", *ZONES[::40]]),
    st.datetimes(datetime(2026, 1, 10), datetime(2026, 12, 20)),  # noqa: DTZ001 - hypothesis wants them naive
)
def test_a_worker_that_looks_every_hour_serves_every_day_once(clock: str, zone: str, moment: datetime) -> None:
    begin = moment.replace(tzinfo=UTC)
    names = [one.name for one in occasions(subscription(at=clock, zone=zone), begin, begin + 6 * DAY)]
    first = date.fromisoformat(names[0])
    assert names == [(first + timedelta(days=number)).isoformat() for number in range(len(names))]
    assert 6 <= len(names) <= 7


def test_a_digest_of_nothing_is_none() -> None:
    occasion = Occasion(name="2026-11-24", due=at("2026-11-24T02:30"))
    assert digests.digest(subscription(), occasion, [], {}, total=0, upto=9) is None


def test_a_digest_shows_the_newest_and_counts_the_rest() -> None:
    occasion = Occasion(name="2026-11-24", due=at("2026-11-24T02:30"))
    told = [entry(number) for number in range(80, 0, -1)]
    also = {80: (other(1),)}
    made = digests.digest(subscription(), occasion, told, also, total=80, upto=80)
    assert made is not None
    assert (made.entries, made.total, made.upto) == (tuple(told[: digests.MOST_ENTRIES]), 80, 80)
    assert made.also == also
