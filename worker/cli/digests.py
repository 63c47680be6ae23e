"""digest: seeing or sending what is due."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import click

from worker import jobs, lock
from worker.cli.wiring import Wiring, clock, wiring
from worker.errors import SeedwireError
from worker.model import Message
from worker.outlet import digest as digests
from worker.outlet.publish import replace
from worker.store import entries, outbox
from worker.store import subscribers as store


class _Moment(click.ParamType[datetime]):
    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-11-24T07:30+05:00", param, context)
        if not 1970 <= moment.year <= 9000:  # beyond, the calendar itself ends
            self.fail(f"{value!r} is no time that a digest can be due", param, context)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_at = click.option("--at", type=_Moment(), help="As if it were this time (ISO 8601; UTC unless it has an offset).")


@click.group(epilog="Example:  seedwire digest send")
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


COMMANDS = (digest,)
