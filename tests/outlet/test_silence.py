"""silence: what is unusual for whom; rhythms as newsrooms, crawlers and backfills have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.model import EVERYTHING, Arrival, Credit, Outage, Silence, Source
from worker.outlet.silence import ended, silences, sources

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def source(moments: Iterable[datetime], key: str = "ferry gazette", articles: int = 2) -> Source:
    arrivals = tuple(Arrival(moment, articles, number) for number, moment in enumerate(moments, 1))
    return Source(key=key, name=key.title(), arrivals=arrivals)


def quiet(one: Source, now: datetime, multiple: float = 5) -> Silence | None:
    return next(iter(silences([one], now, multiple=multiple)), None)


def every(gap: timedelta, count: int, begin: datetime = MONDAY) -> list[datetime]:
    return [begin + number * gap for number in range(count)]


def office_hours(days: int) -> list[datetime]:
    """Every half hour from nine to six, Monday to Friday."""
    workdays = [day for number in range(days) if (day := MONDAY + number * DAY).weekday() < 5]
    return [day + 9 * HOUR + step * HOUR / 2 for day in workdays for step in range(18)]


def nightly(days: int) -> list[datetime]:
    """A crawler's batch of the night, read in as many scans as it took minutes to write."""
    return [MONDAY + day * DAY + 2 * HOUR + minute * MINUTE for day in range(days) for minute in range(20)]


def alarms(moments: Sequence[datetime]) -> list[datetime]:
    """Where, watched from the first to the last arrival, a source would have been called quiet."""
    heard = source(moments).arrivals
    found = []
    for number in range(1, len(heard)):
        before = Source(key="x", name="x", arrivals=heard[:number])
        if quiet(before, heard[number].moment):
            found.append(heard[number].moment)
    return found


# ── Rhythms ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_daily_source_is_quiet_after_five_days() -> None:
    daily = source(every(DAY, 10))
    last = MONDAY + 9 * DAY
    assert quiet(daily, last + 5 * DAY) is None
    found = quiet(daily, last + 5 * DAY + timedelta(seconds=1))
    assert found is not None
    assert (found.name, found.last, found.newest) == ("Ferry Gazette", last, 10)
    assert (found.usual_gap, found.since) == (DAY, last + 5 * DAY)
    assert quiet(daily, last + 4 * DAY, multiple=3) is not None
    assert quiet(daily, last + 900 * DAY, multiple=0) is None


@pytest.mark.parametrize(
    ("moments", "usual", "limit"),
    [
        (office_hours(60), 15.5 * HOUR, 1.5 * 63.5 * HOUR),  # a night; a weekend and half of one
        (nightly(30), DAY - 19 * MINUTE, 5 * (DAY - 19 * MINUTE)),
        (every(7 * DAY, 12), 7 * DAY, 35 * DAY),
        (every(10 * MINUTE, 5000), 10 * MINUTE, DAY),  # an agency, day and night
        (every(10 * MINUTE, 1000), 10 * MINUTE, 3 * DAY),  # the same, before anybody saw a weekend of it
    ],
)
def test_what_is_usual(moments: list[datetime], usual: timedelta, limit: timedelta) -> None:
    found = quiet(source(moments), moments[-1] + 100 * DAY)
    assert found is not None
    assert (found.usual_gap, found.since - found.last) == (usual, limit)


@pytest.mark.parametrize("moments", [office_hours(120), nightly(40), every(7 * DAY, 30), every(HOUR, 900)])
def test_a_steady_source_is_never_called_quiet(moments: list[datetime]) -> None:
    assert alarms(moments) == []


def test_one_outage_is_no_habit() -> None:
    """A month without a word, and a daily source again: missed after five days as before."""
    back = MONDAY + 40 * DAY
    moments = every(DAY, 10) + every(DAY, 10, back)
    assert alarms(moments) == [back]
    found = quiet(source(moments), moments[-1] + 6 * DAY)
    assert found is not None
    assert found.usual_gap == DAY


def test_a_rhythm_that_changed_is_learned() -> None:
    """Hourly once, weekly for half a year."""
    moments = every(HOUR, 2000) + every(7 * DAY, 26, MONDAY + 90 * DAY)
    found = quiet(source(moments), moments[-1] + 100 * DAY)
    assert found is not None
    assert found.usual_gap == 7 * DAY


# ── Too little to know ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("moments", "articles"),
    [
        ([], 9),
        ([MONDAY], 5000),  # a backfill, read at once
        (every(timedelta(seconds=3), 200), 9),  # a backfill, read as it was copied
        ([*every(timedelta(seconds=3), 200), MONDAY + 10 * DAY], 9),  # and one batch since
        (every(DAY, 4), 9),
        (every(DAY, 7), 1),
        (every(HOUR, 10), 1),  # known for less than a day
    ],
)
def test_no_rhythm_no_silence(moments: list[datetime], articles: int) -> None:
    assert quiet(source(moments, articles=articles), MONDAY + 300 * DAY) is None


def test_a_backfill_makes_no_rhythm_for_what_comes_after_it() -> None:
    copied = every(timedelta(seconds=3), 200)
    assert alarms(copied + every(DAY, 30, MONDAY + DAY)) == []


# ── Who ─────────────────────────────────────────────────────────────────────────────────────────────


def test_who_articles_come_from() -> None:
    credited = [
        Credit("Ferry Gazette", "https://other.example.org/1", "a/b.txt"),
        Credit("FERRY  gazette", None, "c/d.txt"),
        Credit(None, "https://www.lake.example.org/1", None),
        Credit(None, "http://lake.example.org:8080/2", None),
        Credit(None, None, "harbour/2026/1.txt"),
        Credit(None, "no link at all", "harbour/2.txt"),
        Credit(None, "http://[half", "loose.txt"),
        Credit(None, None, None),
    ]
    rows = [(credit, Arrival(MONDAY + number * DAY, 1, number)) for number, credit in enumerate(credited)]
    told = {one.name: [arrival.newest for arrival in one.arrivals] for one in sources(rows)}
    assert told == {
        "all sources": [*range(8)],
        "FERRY  gazette": [0, 1],
        "lake.example.org": [2, 3],
        "harbour/": [4, 5],
        "./": [6, 7],
    }


def test_where_there_is_one_source_it_is_not_told_of_twice() -> None:
    assert [one.key for one in sources([(Credit("A", None, None), Arrival(MONDAY, 3, 1))])] == ["a"]
    assert sources([]) == []


def test_articles_of_one_moment_are_one_arrival() -> None:
    a, b = Credit("A", None, None), Credit("B", None, None)
    rows = [(a, Arrival(MONDAY, 3, 4)), (b, Arrival(MONDAY, 2, 9)), (a, Arrival(MONDAY, 1, 7))]
    assert {one.key: one.arrivals for one in sources(rows)} == {
        EVERYTHING: (Arrival(MONDAY, 6, 9),),
        "a": (Arrival(MONDAY, 4, 7),),
        "b": (Arrival(MONDAY, 2, 9),),
    }


def test_memory_is_that_of_the_last_months() -> None:
    rows = [(Credit("A", None, None), Arrival(MONDAY + n * HOUR, 1, n)) for n in range(24 * 400)]
    rare = [(Credit("A", None, None), Arrival(MONDAY + n * 30 * DAY, 1, n)) for n in range(60)]
    assert len(sources(rows)[0].arrivals) == 24 * 90 + 1
    assert len(sources(rare)[0].arrivals) == 21


# ── Everything at once ──────────────────────────────────────────────────────────────────────────────


def three(days: int) -> list[Source]:
    """Three daily sources, hours apart, and all of them together."""
    rows = [
        (Credit(name, None, None), Arrival(MONDAY + day * DAY + hour * HOUR, 2, 24 * day + hour))
        for day in range(days)
        for hour, name in ((1, "A"), (9, "B"), (17, "C"))
    ]
    return sources(rows)


def test_when_nothing_comes_at_all_that_is_known_before_any_source_is_overdue() -> None:
    last = MONDAY + 29 * DAY + 17 * HOUR
    early = silences(three(30), last + 2 * DAY, multiple=5)
    assert [one.source for one in early] == [EVERYTHING]
    late = silences(three(30), last + 9 * DAY, multiple=5)
    assert [one.source for one in late] == [EVERYTHING, "a", "b", "c"]


def test_after_an_outage_every_source_is_given_its_time_again() -> None:
    heard = three(30)
    last = MONDAY + 29 * DAY + 17 * HOUR
    outage = Outage(began=last, ended=last + 20 * DAY)
    assert [one.source for one in silences(heard[1:], last + 24 * DAY, multiple=5, outage=outage)] == []
    assert [one.source for one in silences(heard[1:], last + 26 * DAY, multiple=5, outage=outage)] == ["a", "b", "c"]


def test_who_was_quiet_before_an_outage_is_so_after_it() -> None:
    gone = source(every(DAY, 10))
    outage = Outage(began=MONDAY + 30 * DAY, ended=MONDAY + 50 * DAY)
    (found,) = silences([gone], MONDAY + 51 * DAY, multiple=5, outage=outage)
    assert found.since == MONDAY + 14 * DAY


def test_the_end_of_a_silence_is_the_next_arrival() -> None:
    before = source(every(DAY, 10))
    found = quiet(before, MONDAY + 100 * DAY)
    assert found is not None
    assert ended(found, before) is None
    assert ended(found, source([*every(DAY, 10), *every(DAY, 3, MONDAY + 40 * DAY)])) == MONDAY + 40 * DAY


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────

_gaps = st.lists(st.integers(1, 40 * 86400).map(lambda seconds: timedelta(seconds=seconds)), max_size=60)
_lengths = st.integers(0, 400 * 86400).map(lambda seconds: timedelta(seconds=seconds))
_multiples = st.floats(1, 20)


def spoken(gaps: Iterable[timedelta]) -> list[datetime]:
    moments = [MONDAY]
    for gap in gaps:
        moments.append(moments[-1] + gap)
    return moments


@given(_gaps, _lengths, _lengths, _multiples)
def test_shifting_all_times_keeps_the_answer(
    gaps: list[timedelta], silence: timedelta, shift: timedelta, multiple: float
) -> None:
    moments = spoken(gaps)
    here = quiet(source(moments), moments[-1] + silence, multiple)
    there = quiet(source(moment + shift for moment in moments), moments[-1] + shift + silence, multiple)
    assert there == (here and replace(here, last=here.last + shift, since=here.since + shift))


@given(_gaps, _lengths, _lengths, _multiples)
def test_more_silence_never_unquiets(gaps: list[timedelta], silence: timedelta, more: timedelta, high: float) -> None:
    moments = spoken(gaps)
    one, now = source(moments), moments[-1] + silence
    found = quiet(one, now, high)
    assert found is None or quiet(one, now + more, high) == found
    assert found is None or quiet(one, now, 1) is not None  # nor does a smaller multiple


@given(_gaps, _lengths, _multiples)
def test_whom_we_call_quiet_has_been_silent_for_long(gaps: list[timedelta], silence: timedelta, high: float) -> None:
    moments = spoken(gaps)
    found = quiet(source(moments), moments[-1] + silence, high)
    if found:
        assert silence > high * found.usual_gap
        assert silence > DAY
        assert min(gaps) <= found.usual_gap <= max(gaps)
        assert sum(gap >= silence for gap in gaps) <= 1
