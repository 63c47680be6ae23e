"""subscribers, digest: who gets what, and seeing or sending it."""

from __future__ import annotations

import csv
import re
import sys
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from worker import jobs, lock
from worker.cli.wiring import Wiring, clock, wiring
from worker.errors import SeedwireError
from worker.model import Frequency, Message, Subscription
from worker.outlet import digest as digests
from worker.outlet.publish import replace
from worker.store import entries, outbox
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


@click.group()
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
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                made = _subscription(_row(row), clock(), lambda moment: entries.last_before(db, moment))
                if not store.add(db, made):
                    raise SeedwireError(f"{made.email} is subscribed already")
                taken += 1
            except (SeedwireError, ValueError) as error:
                refused.append(f"line {number}: {error}")
    for line in refused:
        click.echo(line, err=True)
    click.echo(f"{taken} subscribed, {len(refused)} refused")


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
    if full["weekday"] not in "0123456" or full["language"] != "en":
        raise SeedwireError("want weekday 0 (Monday) to 6 and language en")
    return full | {"plain": full["plain"] in ("1", "true", "yes")}


# ── digest ──────────────────────────────────────────────────────────────────────────────────────────


class _Moment(click.ParamType[datetime]):
    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-11-24T07:30+05:00", param, context)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_at = click.option("--at", type=_Moment(), help="As if it were this time (ISO 8601; UTC unless it has an offset).")


@click.group()
def digest() -> None:
    """See or send what is due."""


@digest.command(epilog="Example:  seedwire digest preview ana@example.org --at 2026-11-24T07:30+05:00")
@click.argument("email")
@_at
def preview(email: str, at: datetime | None) -> None:
    """Show the digest that EMAIL gets next; writes it as .eml and .html, sends nothing, changes nothing."""
    app, now = wiring(), at or clock()
    with app.store() as db, app.route() as route:
        subscription = store.of(db, email)
        if subscription is None:
            raise SeedwireError(f"{email} is not subscribed: see `seedwire subscribers list`")
        newest = entries.last_number(db)
        occasion = digests.due(subscription, now, late=app.settings.digest.late, newest=newest)
        occasion = occasion or digests.following(subscription, now, newest)
        for waiting in outbox.open_for(db, subscription.number):
            click.echo(f"(waits in the outbox: the digest of {waiting.occasion.name}, {waiting.state.value})")
        found = jobs.digest_of(db, email, occasion, newest)
        if found is None:
            click.echo(f"nothing new for {email}: no mail on {occasion.name}")
            return
        message = jobs.message_of(found, app.post(route), max(now, occasion.due))
    _show(app, email, message)


def _show(app: Wiring, email: str, message: Message) -> None:
    from email import message_from_bytes, policy  # noqa: PLC0415 - only a preview reads mail

    mail = message_from_bytes(message.content, policy=policy.default)
    folder, name = app.state / "preview", re.sub(r"[^\w.@+-]", "_", email)
    written = [folder / f"{name}.eml"]
    replace(written[0], message.content, now=clock())
    if (html := mail.get_body(("html",))) is not None:
        written.append(folder / f"{name}.html")
        replace(written[1], html.get_content().encode(), now=clock())
    text = mail.get_body(("plain",))
    click.echo(f"Subject: {mail['subject']}\n")
    click.echo(text.get_content() if text is not None else "")
    click.echo("written: " + ", ".join(str(path) for path in written), err=True)


@digest.command(epilog="Example:  seedwire digest send")
@_at
def send(at: datetime | None) -> None:
    """Send every digest that is due, and what waits in the outbox."""
    app = wiring()
    with app.route() as route, lock.held(app.post_lock, wait=True), app.store() as db:
        rim = jobs.Rim(sleep=lambda _seconds: None)
        done = jobs.post_digests(db, app.post(route), rim, now=at or clock())
    for state, count in sorted(done.items()):
        click.echo(f"{state.value} {count}")
    if not done:
        click.echo("nothing is due")


COMMANDS = (subscribers, digest)
