"""subscribers, digest: who gets what, and seeing or sending it."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from worker.cli.wiring import clock, wiring
from worker.errors import SeedwireError
from worker.model import Frequency, Subscription
from worker.outlet import digest as digests
from worker.store import entries
from worker.store import subscribers as store
from worker.store.database import transaction

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COLUMNS = ("email", "frequency", "at", "weekday", "timezone", "language", "plain")


class _Time(click.ParamType[str]):
    name = "HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:
        if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", str(value)):
            self.fail(f"{value!r} is no time of day such as 07:30", param, context)
        return str(value)


@click.group(epilog="Example:  seedwire subscribers list")
def subscribers() -> None:
    """Who gets digests, when, and how."""


@subscribers.command(epilog="Example:  seedwire subscribers add ana@example.org --daily 07:30 --timezone Asia/Almaty")
@click.argument("email")
@click.option("--instant", is_flag=True, help="As entries come, at most one mail in five minutes.")
@click.option("--hourly", is_flag=True, help="On the hour.")
@click.option("--daily", type=_Time(), help="Every day at this local time.")
@click.option("--weekdays", type=_Time(), help="Monday to Friday at this local time.")
@click.option(
    "--weekly",
    nargs=2,
    type=(click.Choice(_DAYS, case_sensitive=False), _Time()),
    help="On a day, at a time.",
)
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the local time's zone.")
@click.option("--plain", is_flag=True, help="Text only, no HTML part.")
@click.option("--language", type=click.Choice(["en"]), default="en", show_default=True, help="Of the mail's frame.")
def add(email: str, timezone: str, language: str, *, plain: bool, **when: Any) -> None:
    """Subscribe EMAIL to the whole wire. Sends nothing by itself; the first digest comes at its next time."""
    chosen = [name for name, value in when.items() if value]
    if len(chosen) > 1:
        raise click.UsageError("choose one of --instant, --hourly, --daily, --weekdays, --weekly")
    frequency = Frequency(chosen[0]) if chosen else Frequency.DAILY
    value: Any = when[chosen[0]] if chosen else "07:30"
    day, at = value if frequency is Frequency.WEEKLY else ("monday", "" if value is True else value)
    row = dict(zip(_COLUMNS, (email, frequency, at, _DAYS.index(day.lower()), timezone, language, plain), strict=True))
    with wiring().store() as db:
        made = _subscription(row, clock(), lambda moment: entries.last_before(db, moment))
        with transaction(db):
            if not store.add(db, made):
                raise SeedwireError(f"{made.email} is subscribed already: remove it first to change anything")
        next_time = digests.following(made, clock(), entries.last_number(db)).due
    local = next_time.astimezone(ZoneInfo(timezone))
    click.echo(f"{made.email} is subscribed; the first digest is due {local:%Y-%m-%d %H:%M} {timezone}")


def _subscription(row: dict[str, Any], now: datetime, last_before: Any) -> Subscription:
    """A subscription from checked or imported values. Raises SeedwireError for what is wrong in them."""
    email, zone = str(row["email"]).strip(), str(row["timezone"])
    if not re.fullmatch(r"[^\s@<>(),;:\"\\\[\]]+@[^\s@<>(),;:\"\\\[\]]+", email) or len(email) > 254:
        raise SeedwireError(f"{email!r} is no e-mail address: want one such as ana@example.org")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise SeedwireError(f"{zone!r} is no time zone: want an IANA name such as Asia/Almaty") from None
    if row["frequency"] not in set(Frequency):
        raise SeedwireError(f"frequency {row['frequency']!r}: want {', '.join(Frequency)}")
    frequency = Frequency(row["frequency"])
    return Subscription(
        number=0,
        email=email,
        frequency=frequency,
        at=row["at"],
        weekday=int(row["weekday"]),
        timezone=zone,
        language=row["language"],
        plain=bool(row["plain"]),
        cursor=last_before(now - digests.FIRST_REACH[frequency]),
        served=None,
        created=now,
    )


@subscribers.command("list", epilog="Example:  seedwire subscribers list")
def list_() -> None:
    """Everybody, one a line."""
    with wiring().store() as db:
        for one in store.every(db):
            day = f" on {_DAYS[one.weekday]}" if one.frequency is Frequency.WEEKLY else ""
            at = f" at {one.at} {one.timezone}" if one.at else ""
            click.echo(f"{one.email}  {one.frequency.value}{day}{at}{'  plain' if one.plain else ''}")


@subscribers.command(epilog="Example:  seedwire subscribers remove ana@example.org")
@click.argument("email")
def remove(email: str) -> None:
    """Forget EMAIL and all its mail."""
    with wiring().store() as db, transaction(db):
        if not store.remove(db, email):
            raise SeedwireError(f"{email} is not subscribed: see `seedwire subscribers list`")
    click.echo(f"{email} is forgotten")


@subscribers.command("export", epilog="Example:  seedwire subscribers export > people.csv")
def export() -> None:
    """Everybody, as CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    with wiring().store() as db:
        for one in store.every(db):
            writer.writerow(
                (
                    one.email,
                    one.frequency.value,
                    one.at,
                    one.weekday,
                    one.timezone,
                    one.language,
                    int(one.plain),
                )
            )


@subscribers.command("import", epilog="Example:  seedwire subscribers import people.csv")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def import_(file: Any) -> None:
    """Subscribe all rows of a CSV file as `export` writes it; a line tells of each row that is refused."""
    taken, refused = 0, []
    with wiring().store() as db, transaction(db):
        for number, row in _rows(file):
            try:
                made = _subscription(_row(row), clock(), lambda moment: entries.last_before(db, moment))
                if not store.add(db, made):
                    raise SeedwireError(f"{made.email} is subscribed already")
                taken += 1
            except (SeedwireError, ValueError, click.BadParameter) as error:
                refused.append(f"line {number}: {error.message if isinstance(error, click.BadParameter) else error}")
    for line in refused:
        click.echo(line, err=True)
    click.echo(f"{taken} subscribed, {len(refused)} refused")
    if refused or not taken:
        raise SeedwireError(f"{len(refused)} rows of {file.name} were refused: mend those and import them again")


def _rows(file: Any) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        yield from enumerate(csv.DictReader(file), 2)
    except (csv.Error, UnicodeDecodeError) as error:
        raise SeedwireError(f"{file.name} is no CSV file in UTF-8 ({error}): export one to see the shape") from error


def _row(row: dict[str, str]) -> dict[str, Any]:
    """A CSV row with what it leaves out, checked where types do not."""
    full = {
        "frequency": "daily",
        "at": "",
        "weekday": "0",
        "timezone": "UTC",
        "language": "en",
        "plain": "0",
    } | {key: value for key, value in row.items() if key in _COLUMNS and value}
    if not full.get("email"):
        raise SeedwireError("no email: want a header line with at least the column email")
    local = full["frequency"] in ("daily", "weekdays", "weekly")
    full["at"] = _Time().convert(full["at"] or "07:30", None, None) if local else ""
    if full["weekday"] not in tuple("0123456") or full["language"] != "en":
        raise SeedwireError("want weekday 0 (Monday) to 6 and language en")
    return full | {"plain": full["plain"] in ("1", "true", "yes")}


COMMANDS = (subscribers,)
