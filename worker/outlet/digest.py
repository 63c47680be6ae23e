"""digest: which entries a subscriber is due, and when. Pure: time is an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from worker.model import Also, Entry, Frequency, Occasion, Subscription
from worker.outlet.also import StoryDigest

#: Instant mail comes at most once in this time.
INSTANT_PAUSE = timedelta(minutes=5)

#: How far back the first digest of a new subscription reaches: one period of it.
FIRST_REACH = {
    Frequency.INSTANT: timedelta(0),
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.DAILY: timedelta(days=1),
    Frequency.WEEKDAYS: timedelta(days=1),
    Frequency.WEEKLY: timedelta(days=7),
}
#: The most entries one mail shows; the rest is counted and linked.
MOST_ENTRIES = 50


def due(subscription: Subscription, now: datetime, *, late: timedelta, newest: int) -> Occasion | None:
    """The occasion to serve now; None where none is due, it was served, or it is past `late`.

    `newest` is the number of the newest entry. A local day has exactly one occasion, whatever daylight saving
    does: a time that does not exist that day moves forward with the clock, a repeated one means the first.
    """
    occasion = _last(subscription, now, newest)
    if occasion is None or occasion.name == subscription.served or overdue(occasion, now, late):
        return None
    if occasion.due < subscription.created <= now:
        return None  # it was over when the subscription was made
    return occasion


def overdue(occasion: Occasion, now: datetime, late: timedelta) -> bool:
    """Whether it is too late for an occasion, so that its entries go into the next.

    Never for instant mail, named by an entry's number: no next one comes unless there is other news.
    """
    return not occasion.name.isdecimal() and now - occasion.due > late


def too_soon(subscription: Subscription, last_made: datetime | None, now: datetime) -> bool:
    """Whether an instant digest must wait, so that a busy morning is one mail and not thirty."""
    instant = subscription.frequency is Frequency.INSTANT
    return instant and last_made is not None and now - last_made < INSTANT_PAUSE


def following(subscription: Subscription, now: datetime, newest: int) -> Occasion:
    """The next occasion from `now` on: what a preview shows when no time is named."""
    match subscription.frequency:
        case Frequency.INSTANT:
            return Occasion(name=str(newest), due=now)
        case Frequency.HOURLY:
            hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            return _hour(hour if hour == now else hour + timedelta(hours=1))
    today = now.astimezone(ZoneInfo(subscription.timezone)).date()
    days = (today + timedelta(days=n) for n in range(-1, 9))
    return next(o for day in days if _falls_on(subscription, day) and (o := _on(subscription, day)).due >= now)


def digest(
    subscription: Subscription,
    occasion: Occasion,
    entries: Sequence[Entry],
    also: Mapping[int, tuple[Also, ...]],
    *,
    total: int,
    upto: int,
) -> StoryDigest | None:
    """What to tell on an occasion; None where there is nothing new. `entries`: the newest of `total`."""
    if not total:
        return None
    return StoryDigest(
        subscription=subscription,
        occasion=occasion,
        entries=tuple(entries[:MOST_ENTRIES]),
        total=total,
        upto=upto,
        also=also,
    )


def _last(subscription: Subscription, now: datetime, newest: int) -> Occasion | None:
    """The latest occasion that is not after `now`."""
    match subscription.frequency:
        case Frequency.INSTANT:
            return Occasion(name=str(newest), due=now) if newest > subscription.cursor else None
        case Frequency.HOURLY:
            return _hour(now.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
    today = now.astimezone(ZoneInfo(subscription.timezone)).date()
    days = (today - timedelta(days=n) for n in range(-1, 9))
    return next((o for day in days if _falls_on(subscription, day) and (o := _on(subscription, day)).due <= now), None)


def _hour(hour: datetime) -> Occasion:
    return Occasion(name=f"{hour:%Y-%m-%dT%HZ}", due=hour)


def _falls_on(subscription: Subscription, day: date) -> bool:
    match subscription.frequency:
        case Frequency.WEEKDAYS:
            return day.weekday() < 5
        case Frequency.WEEKLY:
            return day.weekday() == subscription.weekday
    return True


def _on(subscription: Subscription, day: date) -> Occasion:
    local = datetime.combine(day, time.fromisoformat(subscription.at), tzinfo=ZoneInfo(subscription.timezone))
    return Occasion(name=day.isoformat(), due=local.astimezone(UTC))
