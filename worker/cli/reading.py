"""parse, ledger, explain, search, status: what seedwire sees and knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click

from worker import jobs
from worker.cli.wiring import Wiring, clock, wiring
from worker.errors import SeedwireError
from worker.model import Article, Entry, Kind, Piece
from worker.store import dumps, entries, outbox, runs

_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def _dump_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


# ── parse ───────────────────────────────────────────────────────────────────────────────────────────


@click.command(epilog="Example:  seedwire parse --json dumps/*.txt")
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path))
@_as_json
def parse(pages: tuple[Path, ...], *, as_json: bool) -> None:
    """Show how PAGES are split. Touches no store."""
    for path in pages:
        for reading, latest in _readings(path):
            (_parse_json if as_json else _parse_text)(path, reading, latest)


def _readings(path: Path) -> Iterator[tuple[jobs.Reading, date]]:
    try:
        content = path.read_bytes()
        latest = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    except OSError as error:
        raise SeedwireError(f"cannot read {path} ({error.strerror}): name a file that exists") from error
    for reading in jobs.read_pages(content, latest):
        yield reading, latest


def _parse_json(path: Path, reading: jobs.Reading, latest: date) -> None:
    page, split = reading.page, reading.split
    _dump_json(
        {
            "path": str(path),
            "page": page.number,
            "charset": page.charset,
            "captured": (page.captured or latest).isoformat(),
            "verdict": split.verdict.value,
            "articles": [_article_json(found[0]) for found in reading.articles if found],
            "pieces": [
                {"start": piece.start, "end": piece.end, "kind": piece.kind.value, "reason": piece.reason}
                for piece in split.pieces
            ],
        }
    )


def _article_json(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "title_derived": article.title_derived,
        "published": article.published.iso() if article.published else None,
        "source": article.source,
        "language": article.language,
        "link": article.link,
        "text": article.text,
        "start": article.start,
        "end": article.end,
    }


_COLOURS = {Kind.ARTICLE: "green", Kind.CONTINUATION: "green", Kind.TITLE: "cyan", Kind.DATE: "yellow"}


def _parse_text(path: Path, reading: jobs.Reading, _latest: date) -> None:
    page, split = reading.page, reading.split
    click.secho(f"{path} page {page.number}: {split.verdict.value}", bold=True, nl=False)
    click.echo(f"  ({page.charset}: {page.charset_reason})")
    articles = iter(reading.articles)
    for piece in split.pieces:
        if piece.kind is Kind.ARTICLE and (found := next(articles)):
            article = found[0]
            told = [
                article.published.iso() if article.published else "no date",
                article.source or "no source",
            ]
            click.secho(f"  ── {article.title}", bold=True)
            click.echo(f"     {' · '.join(told)}" + (" · title derived" if article.title_derived else ""))
        _piece_text(page.text, piece)
    click.echo()


def _piece_text(text: str, piece: Piece) -> None:
    words = " ".join(text[piece.start : piece.end].split())
    shown = words if len(words) <= 100 else f"{words[:60]} … {words[-35:]}"
    click.secho(f"  {piece.kind.value:<13}", fg=_COLOURS.get(piece.kind, "bright_black"), nl=False)
    click.echo(f"{shown}  [{piece.reason}]")


# ── ledger ──────────────────────────────────────────────────────────────────────────────────────────


@click.command(epilog="Example:  seedwire ledger --json | grep rejected")
@_as_json
def ledger(*, as_json: bool) -> None:
    """Every piece of every page, and how it ended."""
    with wiring().store() as db:
        for line in dumps.ledger(db):
            if as_json:
                _dump_json(
                    {
                        "path": line.path,
                        "page": line.page,
                        "start": line.start,
                        "end": line.end,
                        "outcome": line.outcome,
                        "entry": line.entry,
                        "story": line.entry,  # an entry is a story of its own
                        "first_words": line.first_words,
                        "reason": line.reason,
                    }
                )
            else:
                place = f"{line.path}:{line.page} {line.start}-{line.end}"
                click.echo(f"{line.outcome:<13}{place}  {line.entry or ''}  {line.first_words}  [{line.reason}]")
        totals = runs.totals(db)
        if not as_json:
            click.echo(f"{totals['characters']} characters, {totals['characters_in_pieces']} in pieces")


# ── explain ─────────────────────────────────────────────────────────────────────────────────────────


@click.command(epilog="Example:  seedwire explain kmqz5x7trvh3wa2e")
@click.argument("id_", metavar="ID")
def explain(id_: str) -> None:
    """All that is known of the entry ID: its key, its atom:id, or its number."""
    app = wiring()
    with app.store() as db:
        entry = entries.get(db, id_)
        if entry is None:
            raise SeedwireError(f"no entry {id_}: take an ID from `seedwire ledger` or `seedwire search`")
        in_feed = any(entry.number == other.number for other in entries.newest(db, app.settings.feed.size))
        _explain_entry(entry, in_feed=in_feed)
        for sighting in dumps.sightings(db, entry.number):
            click.echo(f"seen on    {sighting.path} page {sighting.page}, characters {sighting.start}-{sighting.end}")
            click.echo(f"           {sighting.outcome}: {sighting.evidence}")
            click.echo(f"           begins there: {sighting.reason or 'text'}")
            charset = f"{sighting.charset} ({sighting.charset_reason})"
            captured = f", captured {sighting.captured}" if sighting.captured else ""
            click.echo(f"           read {sighting.stored} as {charset}{captured}")
        for delivery in outbox.telling_of(db, entry.number):
            reply = f" ({delivery.reply.code} {delivery.reply.text})" if delivery.reply else ""
            told = f"{delivery.occasion.name} to {delivery.message.recipient}: {delivery.state.value}"
            click.echo(f"mail       {told}{reply}")


def _explain_entry(entry: Entry, *, in_feed: bool) -> None:
    derived = "  (derived: the page gives none)" if entry.title_derived else ""
    stated = entry.published.iso() if entry.published else "not stated"
    for name, value in {
        "entry": f"{entry.key}, number {entry.number}",
        "id": entry.uri,
        "title": entry.title + derived,
        "published": stated,
        "source": entry.source or "not stated",
        "language": entry.language or "unknown",
        "link": entry.link or "none",
        "stored": entry.stored.isoformat(),
        "updated": entry.updated.isoformat(),
        "text": f"{len(entry.text)} characters, {len(entry.text.split())} words",
        "feeds": "feed.atom" if in_feed else "none: it has left the head of feed.atom",
    }.items():
        click.echo(f"{name:<11}{value}")


# ── search ──────────────────────────────────────────────────────────────────────────────────────────


@click.command(epilog='Example:  seedwire search "water AND reservoir"')
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Most entries to show.")
@_as_json
def search(query: str, limit: int, *, as_json: bool) -> None:
    """Full-text search: words, "phrases", AND, OR, NOT, prefix*, title: and source:."""
    with wiring().store() as db:
        for entry, snippet in entries.search(db, query, limit):
            published = entry.published.iso() if entry.published else None
            if as_json:
                told = {
                    "entry": entry.key,
                    "title": entry.title,
                    "published": published,
                    "source": entry.source,
                }
                _dump_json(told | {"snippet": " ".join(snippet.split())})
            else:
                click.secho(entry.title, bold=True)
                click.echo(f"  {entry.key}  {' · '.join(filter(None, (published, entry.source)))}")
                click.echo(f"  {' '.join(snippet.split())}")


# ── status ──────────────────────────────────────────────────────────────────────────────────────────

_MOST_SHOWN = 50


@click.command(epilog="Example:  seedwire status --json")
@_as_json
def status(*, as_json: bool) -> None:
    """Counts, last runs, what cannot be read, and what waits in the outbox."""
    told = _status(wiring())
    if as_json:
        _dump_json(told)
        return
    for name, value in told.items():
        if isinstance(value, dict):
            click.echo(f"{name:<11}" + (", ".join(f"{key} {count}" for key, count in value.items()) or "none"))
        elif isinstance(value, list):
            click.echo(f"{name:<11}" + ("" if value else "none"))
            for row in value:
                click.echo("  " + ", ".join(f"{key}: {text}" for key, text in row.items() if text is not None))
        else:
            click.echo(f"{name:<11}{value}")


def _status(app: Wiring) -> dict[str, object]:
    now = clock()
    with app.store() as db:
        return {
            "state": str(app.state),
            "totals": runs.totals(db),
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


COMMANDS = (parse, ledger, explain, search, status)
