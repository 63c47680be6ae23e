"""entries: what an operator takes down, and puts back."""

from __future__ import annotations

import click
from sqlite_utils import Database

from worker import jobs
from worker.cli.naming import entry_named
from worker.cli.show import as_json_option, print_json, say
from worker.cli.wiring import clock, wiring
from worker.model import Entry
from worker.store import entries as kept
from worker.store import retractions


@click.group()
def entries() -> None:
    """Take entries down: out of feeds, pages, search and mail. Nothing is deleted; what was dropped stays."""


@entries.command(
    "retract", epilog='Example:  seedwire entries retract kmqz5x7trvh3wa2e --reason "embargo until Monday"'
)
@click.argument("id_", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why; readers are told.")
def retract_entry(id_: str, reason: str) -> None:
    """Take the entry ID down. With the entry that leads a story all of the story goes.

    Another telling goes alone. To keep one, use `seedwire stories split` first.
    """
    app = wiring()
    with app.store() as db:
        done = jobs.retract(db, entry_named(db, id_), reason, authority=app.settings.feed.authority, now=clock())
        app.publish(db, clock())
    say(f"{done.entry.key} is taken down")
    if count := len(done.along):
        tellings = "1 other telling" if count == 1 else f"{count} other tellings"
        say(f"{tellings} of its story went with it; `seedwire stories split ID` keeps one:")
        for one in done.along:
            say(f"  {_named(one)}")
    if done.copies:
        say("readers still see the same text as told by:")
        for one in done.copies:
            say(f"  {_named(one)}")


@entries.command("restore", epilog="Example:  seedwire entries restore kmqz5x7trvh3wa2e")
@click.argument("id_", metavar="ID")
def restore_entry(id_: str) -> None:
    """Put back the entry ID that was taken down: readers see it again, at the head of its feeds."""
    app = wiring()
    with app.store() as db:
        entry = jobs.restore(db, entry_named(db, id_), authority=app.settings.feed.authority, now=clock())
        gone = retractions.over(db, entry.number)
        app.publish(db, clock())
    if gone:
        say(f"{entry.key} is no longer taken down, and stays unseen as long as {gone.key} is, which leads its story")
    else:
        say(f"{entry.key} is back")


@entries.command("retracted", epilog="Example:  seedwire entries retracted --json")
@as_json_option
def list_retracted(*, as_json: bool) -> None:
    """All that is taken down, the last first."""
    with wiring().store() as db:
        every = retractions.every(db)
        titles = {one.number: one.title for one in kept.numbered(db, (gone.number for gone in every))}
    for gone in every:
        made, title = gone.made.isoformat(), titles[gone.number]
        if as_json:
            print_json({"entry": gone.key, "id": gone.uri, "title": title, "retracted": made, "reason": gone.reason})
        else:
            say(f"{gone.key}  {made}  {title}  [{gone.reason}]")


def why_down(db: Database, entry: Entry) -> str | None:
    """Why readers do not see an entry, in a line; None where they do."""
    gone = retractions.over(db, entry.number)
    if gone is None:
        return None
    whose = "" if gone.number == entry.number else f"with {gone.key}, which leads its story, "
    return f"taken down {whose}{gone.made.isoformat()}: {gone.reason}"


def _named(entry: Entry) -> str:
    return f"{entry.key}  {entry.source or 'no source'}: {entry.title}"


COMMANDS = (entries,)
