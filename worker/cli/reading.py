"""ledger, explain, search, status: what seedwire knows."""

from __future__ import annotations

import click
from sqlite_utils import Database

from worker import jobs
from worker.cli import telling, words
from worker.cli.entries import why_down
from worker.cli.naming import entry_named
from worker.cli.show import as_json_option, print_json, say
from worker.cli.topics import named
from worker.cli.wiring import Wiring, clock, wiring
from worker.model import Entry
from worker.store import calls, channels, frames, lags, outbox, runs, stories, topics, turns
from worker.store import ledger as ledgers
from worker.store import search as searches
from worker.store.search import Search

# ── ledger ──────────────────────────────────────────────────────────────────────────────────────────


@click.command(epilog="Example:  seedwire ledger --json | grep rejected")
@as_json_option
def ledger(*, as_json: bool) -> None:
    """Every piece of every page, and how it ended."""
    with wiring().store() as db:
        for line in ledgers.ledger(db):
            if as_json:
                print_json(
                    {
                        "path": line.path,
                        "page": line.page,
                        "dump": line.dump,
                        "start": line.start,
                        "end": line.end,
                        "outcome": line.outcome,
                        "entry": line.entry,
                        "story": line.story,
                        "first_words": line.first_words,
                        "reason": line.reason,
                    }
                )
            else:
                place = f"{line.path}:{line.page} {line.start}-{line.end}"
                say(f"{line.outcome:<13}{place}  {line.entry or ''}  {line.first_words}  [{line.reason}]")
        totals = runs.totals(db)
        if not as_json:
            say(f"{totals['characters']} characters, {totals['characters_in_pieces']} in pieces")


# ── explain ─────────────────────────────────────────────────────────────────────────────────────────


_MOST_LEFT_OUT = 8  # of what stands around an article and is no part of it


@click.command(epilog="Example:  seedwire explain kmqz5x7trvh3wa2e")
@click.argument("id_", metavar="ID")
def explain(id_: str) -> None:
    """All that is known of the entry ID: its key, its atom:id, or its number."""
    app = wiring()
    with app.store() as db:
        entry = entry_named(db, id_)
        _explain_entry(entry, told=_told_in(db, entry, app.settings.feed.size))
        say("topics     " + (", ".join(topic.name for topic in topics.of_entry(db, entry.number)) or "none"))
        _explain_story(db, entry)
        for sighting in ledgers.sightings(db, entry.number):
            say(f"seen on    {sighting.path} page {sighting.page}, characters {sighting.start}-{sighting.end}")
            say(f"           {sighting.outcome}: {sighting.evidence}")
            say(f"           begins there: {sighting.reason or 'text'}")
            if sighting.dated:
                say(f"           dated by: {sighting.dated}")
            charset = f"{sighting.charset} ({sighting.charset_reason})"
            captured = f", captured {sighting.captured}" if sighting.captured else ""
            say(f"           read {sighting.stored} as {charset}{captured}")
            for words, reason in ledgers.left_out(db, sighting, _MOST_LEFT_OUT):
                say(f"           left out: {words}  [{reason}]")
        order = entry.number if entry.place is None else entry.place
        for delivery in outbox.telling_of(db, order, since=entry.stored):
            reply = f" ({delivery.reply.code} {delivery.reply.text})" if delivery.reply else ""
            told = f"{delivery.occasion.name} to {delivery.message.recipient}: {delivery.state.value}"
            say(f"mail       {told}{reply}")


def _explain_story(db: Database, entry: Entry) -> None:
    """Who else tells it, what joined it to them, and which texts it had."""
    tellers = stories.members(db, (entry.lead,))[entry.lead]
    if len(tellers) > 1:
        lead = tellers[0]
        say(f"story      {len(tellers)} entries, led by {'this one' if entry.leads else lead.key}")
        for line in telling.why(db, entry):
            say(f"           {line}")
        for other in (one for one in tellers if one.number != entry.number):
            say(f"also in    {other.source or 'no source stated'}: {other.title}  {other.key}")
            for line in telling.why(db, other)[:1] if entry.leads else ():
                say(f"           {line}")
    elif decided := telling.why(db, entry):
        say(f"story      its own; {'; '.join(decided)}")
    texts = stories.revisions(db, entry.number)
    for revision, after in zip(texts, [*(one.text for one in texts[1:]), entry.text], strict=False):
        say(f"revision   {revision.replaced.isoformat()}: {revision.evidence}")
        for line in words.changes(revision.text, after):  # none where it shows the text of another telling
            say(f"           {line}")


def _told_in(db: Database, entry: Entry, size: int) -> list[str]:
    """The documents that tell an entry now, as their addresses."""
    if down := why_down(db, entry):
        return [f"none: {down}"]
    found: list[str] = []
    for channel in channels.numbered(db, turns.channels_of(db, entry.number)):
        if entry.number in {turn.entry for turn in turns.newest(db, channel.number, size)}:
            found.append(f"/{channel.folder}feed.atom")
        archives = turns.holding(db, channel.number, entry.number)
        found += [f"/{channel.folder}archive/{archive.number}.atom" for archive in archives]
    return found or ["none: it has left the head, and its channel has no archive documents"]


def _explain_entry(entry: Entry, *, told: list[str]) -> None:
    derived = "  (derived: the page gives none)" if entry.title_derived else ""
    stated = entry.published.iso() if entry.published else "not stated"
    place = "" if entry.place is None else f", in order right before number {entry.place}"
    for name, value in {
        "entry": f"{entry.key}, number {entry.number}{place}",
        "id": entry.uri,
        "title": entry.title + derived,
        "published": stated,
        "source": entry.source or "not stated",
        "language": entry.language or "unknown",
        "link": entry.link or "none",
        "stored": entry.stored.isoformat(),
        "updated": entry.updated.isoformat(),
        "text": f"{len(entry.text)} characters, {len(entry.text.split())} words",
        "feeds": ", ".join(told),
    }.items():
        say(f"{name:<11}{value}")


# ── search ──────────────────────────────────────────────────────────────────────────────────────────


@click.command(epilog='Example:  seedwire search "water AND reservoir"')
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Most entries to show.")
@click.option("--topic", metavar="NAME", help="Only entries of this topic.")
@as_json_option
def search(query: str, limit: int, topic: str | None, *, as_json: bool) -> None:
    """Full-text search: words, "phrases", AND, OR, NOT, prefix*, title: and source:."""
    app = wiring()
    within = named(app, topic) if topic is not None else None
    with app.store() as db:
        asked = Search(words=query, topic=within or "", best=True)
        for hit in searches.found(db, asked, limit=limit, depth=max(limit, searches.DEPTH)).hits:
            entry, snippet = hit.entry, " ".join(searches.marked(hit.snippet, "[", "]").split())
            published = entry.published.iso() if entry.published else None
            if as_json:
                print_json(
                    {
                        "entry": entry.key,
                        "title": entry.title,
                        "published": published,
                        "source": entry.source,
                        "snippet": snippet,
                    }
                )
            else:
                say(entry.title, bold=True)
                say(f"  {entry.key}  {' · '.join(filter(None, (published, entry.source)))}")
                say(f"  {snippet}")


# ── status ──────────────────────────────────────────────────────────────────────────────────────────

_MOST_SHOWN = 50


@click.command(epilog="Example:  seedwire status --json")
@as_json_option
def status(*, as_json: bool) -> None:
    """Counts, last runs, what cannot be read, who has gone quiet, and what waits in the outbox."""
    told = _status(wiring())
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        if isinstance(value, dict):
            say(f"{name:<11}" + (", ".join(f"{key} {count}" for key, count in value.items()) or "none"))
        elif isinstance(value, list):
            say(f"{name:<11}" + ("" if value else "none"))
            for row in value:
                say("  " + ", ".join(f"{key}: {text}" for key, text in row.items() if text is not None))
        else:
            say(f"{name:<11}{value}")


def _status(app: Wiring) -> dict[str, object]:
    now = clock()
    with app.store() as db:
        return {
            "state": str(app.state),
            "totals": runs.totals(db),
            "frames": frames.totals(db),
            "topics": topics.totals(db),
            "outcomes": runs.outcomes(db),
            "jobs": [
                {
                    "job": run.job,
                    "last_ok": run.succeeded.isoformat() if run.succeeded else None,
                    "age_seconds": (now - run.succeeded).total_seconds() if run.succeeded else None,
                    "error": run.error,
                }
                for run in runs.every(db)
            ],
            "unreadable": [
                {"path": failure.path, "reason": failure.reason, "since": since.isoformat(), "tries": tries}
                for failure, since, tries in runs.failures(db, _MOST_SHOWN)
            ],
            "quiet": [
                {
                    "source": one.name,
                    "last": one.last.isoformat(),
                    "usual_gap_seconds": int(one.usual_gap.total_seconds()),
                    "quiet_since": one.since.isoformat(),
                }
                for one in jobs.quiet(db, app.settings.operator.quiet, now=now)
            ],
            "lag_seconds": _lags(db),
            "calls": calls.counts(db),
            "called": [
                {
                    "to": call.to,
                    "subject": call.subject,
                    "state": call.state.value,
                    "tries": call.tries,
                    "reply": f"{call.reply.code} {call.reply.text}" if call.reply else None,
                }
                for call in calls.latest(db, _MOST_SHOWN)
            ],
            "mail": outbox.counts(db),
            "outbox": [
                {
                    "to": delivery.message.recipient,
                    "occasion": delivery.occasion.name,
                    "state": delivery.state.value,
                    "tries": delivery.tries,
                    "reply": f"{delivery.reply.code} {delivery.reply.text}" if delivery.reply else None,
                }
                for delivery in outbox.waiting(db, _MOST_SHOWN)
            ],
        }


def _lags(db: Database) -> dict[str, float]:
    """From the drop of a dump to the feed that tells of it."""
    found = lags.every(db)
    return {"entries": found.entries, "median": round(found.median, 1), "worst": round(found.worst, 1)}


COMMANDS = (ledger, explain, search, status)
