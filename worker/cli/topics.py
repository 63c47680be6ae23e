"""topics: the saved searches, and what they have found."""

from __future__ import annotations

import click

from worker.cli.show import as_json_option, print_json, say
from worker.cli.wiring import Wiring, wiring
from worker.errors import SeedwireError
from worker.model import Topic, slug_of
from worker.store import topics as searches
from worker.store.topics import Found


@click.command(epilog="Example:  seedwire topics --json")
@as_json_option
def topics(*, as_json: bool) -> None:
    """The topics of the settings, how many entries each has found, and the newest."""
    app = wiring()
    with app.store() as db:
        known = {one.topic: one for one in searches.found(db)}
    for topic in app.settings.topic_searches:
        (_tell_json if as_json else _tell)(topic, known.pop(topic, None))
    if known and not as_json:
        names = ", ".join(topic.name for topic in known)
        say(f"in the archive, but not so in the settings until the next `run` or `once`: {names}", err=True)


def _tell(topic: Topic, found: Found | None) -> None:
    say(topic.name, bold=True)
    say(f"  {topic.slug} · {topic.query}")
    if found is None:
        say("  new: matched with the archive by the next `run` or `once`")
        return
    newest = found.newest
    say(f"  {found.entries} entries" + ("" if found.complete else " so far, not yet matched with the whole archive"))
    if newest:
        say(f"  newest {newest.stored.isoformat()} · {newest.key} · {newest.title}")


def _tell_json(topic: Topic, found: Found | None) -> None:
    newest = found.newest if found else None
    print_json(
        {
            "name": topic.name,
            "slug": topic.slug,
            "query": topic.query,
            "entries": found.entries if found else 0,
            "newest": newest and {"entry": newest.key, "title": newest.title, "stored": newest.stored.isoformat()},
            "complete": bool(found and found.complete),
        }
    )


def told(app: Wiring) -> str:
    """What `doctor` says of the topics: the settings, which have been checked, against the archive."""
    wanted = set(app.settings.topic_searches)
    if not wanted:
        return "none set"
    known = {one.topic: one for one in _found(app)}
    waiting = sum(topic not in known or not known[topic].complete for topic in wanted)
    some = f"{len(wanted)} valid searches"
    return f"{some}, {waiting} of them not yet matched with the archive; the next run does it" if waiting else some


def _found(app: Wiring) -> list[Found]:
    if not app.database.exists():
        return []
    with app.store() as db:
        return searches.found(db)


def named(app: Wiring, name: str) -> str:
    """The slug of the topic that somebody means by its name or slug. Raises SeedwireError where there is none."""
    slugs = [topic.slug for topic in app.settings.topic_searches]
    if (slug := slug_of(name)) not in slugs:
        allowed = ", ".join(slugs) or "none is set, see [[topics]] in the settings file"
        raise SeedwireError(f"no topic {name!r}: there are {allowed}")
    return slug


COMMANDS = (topics,)
