"""stories: which entries tell the same news, why, and what an operator decides about it."""

from __future__ import annotations

import click
from sqlite_utils import Database

from worker import jobs
from worker.cli.naming import entry_named
from worker.cli.show import as_json_option, legible, print_json, say
from worker.cli.wiring import clock, wiring
from worker.model import Entry, Join, Placing
from worker.store import entries
from worker.store import stories as kept

_MOST = 20
_EDGE = 60  # characters of a passage that are shown at each end


@click.group()
def stories() -> None:
    """Entries that tell the same news: what joined them, and how to put it right."""


@stories.command("list", epilog="Example:  seedwire stories list --limit 5")
@click.option("--limit", type=click.IntRange(1, 10_000), default=_MOST, show_default=True, help="Most stories to show.")
@as_json_option
def list_stories(*, limit: int, as_json: bool) -> None:
    """The newest stories that more than one entry tells."""
    with wiring().store() as db:
        for lead, count in kept.largest(db, limit):
            if as_json:
                print_json({"story": lead.key, "title": lead.title, "entries": count})
            else:
                say(f"{lead.key}  {count} entries  {lead.title}")


@stories.command("show", epilog="Example:  seedwire stories show kmqz5x7trvh3wa2e")
@click.argument("id_", metavar="ID")
def show_story(id_: str) -> None:
    """All entries of the story that the entry ID belongs to, and why each of them does."""
    with wiring().store() as db:
        lead = entry_named(db, id_).lead
        for entry in kept.members(db, (lead,))[lead]:
            say(f"{entry.key}  {entry.title}", bold=entry.leads)
            stated = entry.published.iso() if entry.published else "no date"
            say(f"  {stated} · {entry.source or 'no source'} · {len(entry.text.split())} words")
            for line in why(db, entry):
                say(f"  {line}")


@stories.command("split", epilog="Example:  seedwire stories split kmqz5x7trvh3wa2e")
@click.argument("id_", metavar="ID")
def split_story(id_: str) -> None:
    """Take the entry ID out of its story, for good: it becomes an entry of the feed with the id that it has."""
    app = wiring()
    with app.store() as db:
        leads = jobs.split(db, entry_named(db, id_), authority=app.settings.feed.authority, now=clock())
        app.publish(db, clock())
    say(f"{leads[0].key} is a story of its own now; {leads[1].key} leads the rest")


@stories.command("join", epilog="Example:  seedwire stories join kmqz5x7trvh3wa2e c2z7n4ta5rqmw3ke")
@click.argument("id_", metavar="ID")
@click.argument("others", metavar="OTHER...", nargs=-1, required=True)
def join_stories(id_: str, others: tuple[str, ...]) -> None:
    """Make one story of those of the entries ID and OTHER, for good: the oldest entry leads it."""
    app = wiring()
    with app.store() as db:
        given = [entry_named(db, other) for other in others]
        lead = jobs.join(db, entry_named(db, id_), given, authority=app.settings.feed.authority, now=clock())
        app.publish(db, clock())
    say(f"{lead.key} leads the story now")


def why(db: Database, entry: Entry) -> list[str]:
    """Why an entry is in its story, in lines: what was compared, what is alike, what differs, who decided."""
    lines = []
    if join := kept.join_of(db, entry.number):
        lines += _evidence(db, entry, join)
    for placing, lead, made in kept.placings(db, entry.number):
        other = next(iter(entries.numbered(db, (lead,)))).key if lead else "its story"
        preposition = "from" if placing is Placing.SPLIT else "with"
        lines.append(f"{placing.value} {preposition} {other} by an operator, {made.isoformat()}")
    return lines


def _evidence(db: Database, entry: Entry, join: Join) -> list[str]:
    other = next(iter(entries.numbered(db, (join.to,))))
    lines = [f"joined to {other.key}: {join.evidence} (recipe {join.recipe})"]
    like = join.likeness
    if like is None:
        return lines
    shared, of = like.sampled
    lines.append(f"score {like.score:.3f}; {like.words} words alike, of {like.mine} here and {like.other} there")
    lines.append(f"found by {shared} of {of} sampled runs of five words")
    text = entry.own or entry.text
    for passage in like.passages:
        words = legible(text[passage.start : passage.end])
        shown = words if len(words) <= 2 * _EDGE else f"{words[:_EDGE]} … {words[-_EDGE:]}"
        there = f"{passage.other_start}-{passage.other_end}"
        lines.append(f"  {passage.start}-{passage.end} as {there} there: {shown}")
    lines += [f"  differs: {mine}, there {theirs}" for mine, theirs in like.differs]
    return lines


COMMANDS = (stories,)
