"""replay: today's recipes over the whole archive, tried on a copy first."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlite_utils import Database

from worker import jobs, lock
from worker.cli import rereads
from worker.cli.rims import progress, stopped_by_signals
from worker.cli.show import as_json_option
from worker.cli.wiring import Wiring, clock, wiring
from worker.errors import SeedwireError
from worker.model import Reread
from worker.store import replays
from worker.store.database import backup, open_database, store_error


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
        _try(app, rereads.json_page if as_json else rereads.text_page, as_json=as_json)
        return
    with lock.held(app.lock):
        if not yes and not (_try(app, _quiet, as_json=False) and _agreed()):
            return
        with app.store() as db:
            _tell_of_unfinished(db)
            done = _replay(app, db, rereads.json_page if as_json else _quiet)
            app.publish(db, clock())
        rereads.totals(done, None, as_json=as_json)


def _agreed() -> bool:
    return click.confirm("Do it?", err=True)


def _try(app: Wiring, show: Callable[[Reread], object], *, as_json: bool) -> bool:
    """Replay a copy of the archive, and say what came of it; whether there is anything to do."""
    with app.store() as db, _copy(app, db) as copy:
        begun = _tell_of_unfinished(db)
        done = _replay(app, copy, show)
        rereads.totals(done, jobs.outlook(db, copy, app.settings.feed.size), as_json=as_json)
    return begun or done.rewritten > 0 or done.retold > 0


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


def _quiet(_page: Reread) -> None:
    """For whoever only wants the totals."""


COMMANDS = (replay,)
