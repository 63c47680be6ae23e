"""replay: today's recipes over the whole archive, tried on a copy first."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import click
from sqlite_utils import Database

from worker import jobs, lock
from worker.cli.rims import progress, stopped_by_signals
from worker.cli.show import as_json_option, print_json
from worker.cli.wiring import Wiring, clock, wiring
from worker.errors import SeedwireError
from worker.model import Change, Difference, Outlook, Reread
from worker.store import replays
from worker.store.database import backup, open_database, store_error

_WIDTH = 90  # characters of a title that are shown
_EDGE = 70  # characters of a text where it begins or ends


@click.command(epilog="Example:  seedwire replay --diff")
@click.option("--diff", is_flag=True, help="Only show what would be otherwise; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; do not try it on a copy first.")
@as_json_option
def replay(*, diff: bool, yes: bool, as_json: bool) -> None:
    """Read the pages of the archive again, as today's recipes would. Ids and stated dates stay.

    It is tried on a copy first, which needs as much room in the state directory as the archive has. --diff also
    works while the daemon runs; without it, end the daemon first. What is broken off goes on when called again.
    """
    if as_json and not (diff or yes):
        raise click.UsageError("--json asks nothing: give --diff or --yes with it")
    app = wiring()
    if diff:
        _try(app, _json_page if as_json else _text_page, as_json=as_json)
        return
    with lock.held(app.lock):
        if not yes and not (_try(app, _quiet, as_json=False) and _agreed()):
            return
        with app.store() as db:
            _tell_of_unfinished(db)
            done = _replay(app, db, _json_page if as_json else _quiet)
            app.publish(db, clock())
        _totals(done, None, as_json=as_json)


def _agreed() -> bool:
    return click.confirm("Do it?", err=True)


def _try(app: Wiring, show: Callable[[Reread], object], *, as_json: bool) -> bool:
    """Replay a copy of the archive, and say what came of it; whether there is anything to do."""
    with app.store() as db, _copy(app, db) as copy:
        begun = _tell_of_unfinished(db)
        done = _replay(app, copy, show)
        _totals(done, jobs.outlook(db, copy, app.settings.feed.size), as_json=as_json)
    return begun or done.rewritten > 0


@contextmanager
def _copy(app: Wiring, db: Database) -> Iterator[Database]:
    """A copy of the archive, for as long as it is needed; one that a crash left behind goes away first."""
    folder = app.state / ".replay"
    path = folder / app.database.name
    with lock.held(app.state / "replay.lock"):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            _make_copy(db, path)
            with closing(open_database(path)) as copy:
                copy.conn.execute("pragma synchronous = off")
                yield copy
        except sqlite3.Error as error:
            raise store_error(error, path) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _make_copy(db: Database, path: Path) -> None:
    try:
        path.parent.mkdir()
        backup(db, path)
    except OSError as error:
        raise store_error(error, path) from error


def _replay(app: Wiring, db: Database, show: Callable[[Reread], object]) -> jobs.Replayed:
    stopping = stopped_by_signals()
    rim = jobs.Rim(sleep=stopping.wait, stopping=stopping.is_set)
    if show is _quiet or not sys.stdout.isatty():  # two writers on one terminal would disturb each other
        rim = replace(rim, progress=progress("reading again"))
    done = jobs.replay(db, app.reader, rim, show, authority=app.settings.feed.authority, now=clock())
    if not done.finished:
        raise SeedwireError(f"stopped after {done.pages} pages: call it again to go on")
    return done


def _tell_of_unfinished(db: Database) -> bool:
    if (unfinished := replays.unfinished(db)) is None:
        return False
    click.echo(f"the replay of {unfinished.began.isoformat()} was broken off: this one ends it", err=True)
    return True


# ── What is otherwise, for people ───────────────────────────────────────────────────────────────────

_SAYS = {
    Difference.GAINED: "a new entry",
    Difference.SIGHTED: "known from another page",
    Difference.LOST: "no longer found here; the entry stays",
    Difference.FORM: "the same words, otherwise put",
}


def _quiet(_page: Reread) -> None:
    """For whoever only wants the totals."""


def _text_page(page: Reread) -> None:
    click.secho(f"{page.path} page {page.page}", bold=True)
    for _, changes in groupby(page.changes, lambda change: change.entry):
        for number, change in enumerate(changes):
            if number == 0:
                click.echo(f"  {_short(change.title)}  {change.key}")
            for line in _lines(change):
                click.secho(f"    {change.what.value:<10}", fg=_COLOURS.get(change.what, "yellow"), nl=False)
                click.echo(line)


_COLOURS = {Difference.GAINED: "green", Difference.LOST: "red", Difference.MERGED: "red"}


def _lines(change: Change) -> list[str]:
    match change.what:
        case Difference.TEXT:
            return list(edges(change.before or "", change.after or ""))
        case Difference.MERGED:
            return [f"now has the text of {change.after}; the entry stays"]
        case Difference.TITLE | Difference.SOURCE | Difference.LINK | Difference.DATE:
            stays = "" if change.applied else "  (stays as it is: a stated date never moves)"
            return [f"{_short(change.before or 'none')} → {_short(change.after or 'none')}{stays}"]
    return [_SAYS[change.what]]


def edges(before: str, after: str) -> Iterator[str]:
    """Where two readings of a text part, word by word: at the beginning, at the end, or only between."""
    old, new = before.split(), after.split()
    starts, ends = _alike(old, new), _alike(old[::-1], new[::-1])
    if not starts:
        yield f"begins  {_head(before)}"
        yield f"     →  {_head(after)}"
    if not ends:
        yield f"ends    {_tail(before)}"
        yield f"     →  {_tail(after)}"
    if starts and ends:
        yield f"within  {_head(' '.join(old[starts:]))}"
        yield f"     →  {_head(' '.join(new[starts:]))}"


def _alike(one: list[str], other: list[str]) -> int:
    """How many words are the same from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _short(text: str) -> str:
    return _head(text, _WIDTH)


def _head(text: str, most: int = _EDGE) -> str:
    line = " ".join(text[: most * 2].split())
    return line if len(line) <= most and len(text) <= most * 2 else line[: most - 1] + "…"


def _tail(text: str) -> str:
    return _head(text[: -2 * _EDGE - 1 : -1], _EDGE)[::-1]


def _totals(done: jobs.Replayed, outlook: Outlook | None, *, as_json: bool) -> None:
    if as_json:
        print_json(_totals_json(done, outlook))
        return
    told = ", ".join(f"{what.value} {done.changes[what]}" for what in Difference if done.changes[what])
    click.echo(f"pages      {done.pages} read again, {done.different} otherwise" + (f": {told}" if told else ""))
    if done.rewritten > done.different:
        click.echo(
            f"           {done.rewritten - done.different} only in what is no article, in reasons, or in the recipe"
        )
    if done.kept_dates:
        click.echo(f"dates      {done.kept_dates} read otherwise, kept as they were first stated")
    if outlook is not None:
        _outlook_text(outlook)


def _outlook_text(outlook: Outlook) -> None:
    click.echo(f"feed.atom  {len(outlook.feed)} would light up")
    for lit in outlook.feed:
        click.echo(f"  {'new' if lit.new else 'updated':<9}{_short(lit.entry.title)}  {lit.entry.key}")
    click.echo(f"mail       {len(outlook.mails)} mailboxes would be told of more or less")
    for due in outlook.mails:
        click.echo(f"  {due.email}: {due.after} entries in the next digest, now {due.before}")
    click.echo(f"unseen     {len(outlook.unseen)} on no page any more; they stay in the archive and in feeds")
    for entry in outlook.unseen:
        click.echo(f"  {_short(entry.title)}  {entry.key}")


# ── … and for machines ──────────────────────────────────────────────────────────────────────────────


def _json_page(page: Reread) -> None:
    print_json(
        {
            "path": page.path,
            "page": page.page,
            "changes": [
                {
                    "change": change.what.value,
                    "entry": change.key,
                    "title": change.title,
                    "before": change.before,
                    "after": change.after,
                    "applied": change.applied,
                }
                for change in page.changes
            ],
        }
    )


def _totals_json(done: jobs.Replayed, outlook: Outlook | None) -> dict[str, object]:
    told: dict[str, object] = {
        "pages": done.pages,
        "different": done.different,
        "rewritten": done.rewritten,
        "changes": {what.value: done.changes[what] for what in Difference},
        "dates_kept": done.kept_dates,
    }
    if outlook is not None:
        told["feed"] = [
            {"entry": lit.entry.key, "title": lit.entry.title, "why": "new" if lit.new else "updated"}
            for lit in outlook.feed
        ]
        told["mails"] = [{"to": due.email, "before": due.before, "after": due.after} for due in outlook.mails]
        told["unseen"] = [{"entry": entry.key, "title": entry.title} for entry in outlook.unseen]
    return told


COMMANDS = (replay,)
