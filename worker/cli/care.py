"""doctor, backup: keeping it well."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import requests

from worker import lock
from worker.cli import topics
from worker.cli.wiring import Wiring, wiring
from worker.errors import SeedwireError
from worker.store import database, runs

_FEW_BYTES = 200 << 20  # less free space than this is worth a word
_PATIENCE = 5.0  # seconds for a server on the network


@click.command(epilog="Example:  seedwire doctor")
def doctor() -> None:
    """Check settings, folders, templates, store, topics, HTTP and SMTP; say what to do. Sends nothing."""
    app = wiring()  # bad settings end it here, with their own line
    bad = 0
    for name, check in _CHECKS.items():
        try:
            told = check(app)
        except SeedwireError as error:
            bad += 1
            click.secho(f"bad   {name}: {error}", fg="red")
        else:
            click.echo(f"ok    {name}: {told}")
    if bad:
        raise SeedwireError(f"{bad} of {len(_CHECKS)} checks failed: do what the lines above say")


def _seeds(app: Wiring) -> str:
    if not app.seeds.is_dir():
        raise SeedwireError(f"{app.seeds} is no folder: create it, or name another with --seeds")
    if not os.access(app.seeds, os.R_OK | os.X_OK):
        raise SeedwireError(f"{app.seeds} cannot be read: give this user access")
    return str(app.seeds.resolve())


def _state(app: Wiring) -> str:
    folder = next(above for above in (app.state.absolute(), *app.state.absolute().parents) if above.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SeedwireError(f"{folder} cannot be written: give this user access, or name another with --state")
    free = shutil.disk_usage(folder).free
    if free < _FEW_BYTES:
        raise SeedwireError(f"only {free >> 20} MB are free for {folder}: free some space")
    pid = lock.holder(app.lock)
    return f"{app.state.resolve()}, {free >> 30} GB free, " + (f"daemon runs (pid {pid})" if pid else "no daemon runs")


def _templates(app: Wiring) -> str:
    return f"{len(app.templates.list_templates())} templates compile"


def _store(app: Wiring) -> str:
    if not app.database.exists():
        return "none yet; the first run makes it"
    with app.store() as db:
        if found := database.check(db):
            raise SeedwireError(f"{app.database} is damaged ({found}): restore a backup")
        totals = runs.totals(db)
    if totals["characters"] != totals["characters_in_pieces"]:
        raise SeedwireError(f"{app.database}: pieces do not add up to pages: restore a backup, and report this")
    return f"sound, {totals['entries']} entries of {totals['dumps']} dumps"


def _http(app: Wiring) -> str:
    if lock.holder(app.lock) is None:
        return "no daemon runs, nothing to ask"
    url = f"http://{app.settings.server.listen}/healthz"
    try:
        reply = requests.get(url, timeout=_PATIENCE)
    except requests.RequestException as error:
        raise SeedwireError(f"{url} does not answer ({type(error).__name__}): restart the daemon") from error
    if reply.status_code != 200:
        raise SeedwireError(f"{url} says {reply.status_code}: see `seedwire status` and the log")
    return f"{url} is well"


def _mail(app: Wiring) -> str:
    with app.route() as route:
        told: str = route.check()
        return told


_CHECKS: dict[str, Callable[[Wiring], str]] = {
    "seeds": _seeds,
    "state": _state,
    "templates": _templates,
    "store": _store,
    "topics": topics.told,
    "http": _http,
    "mail": _mail,
}


@click.command(epilog="Example:  seedwire backup /backups/seedwire-monday.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a consistent copy of the archive to FILE, also while the daemon runs."""
    app = wiring()
    if not app.database.exists():
        raise SeedwireError(f"there is no archive {app.database} yet: run seedwire first, or name --state")
    if file.exists() and file.samefile(app.database):
        raise SeedwireError(f"{file} is the archive itself: name another file for its copy")
    with app.store() as db:
        try:
            database.backup(db, file)
        except (OSError, sqlite3.Error) as error:
            with suppress(OSError):
                file.with_name(file.name + ".part").unlink()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
                raise  # the archive is to blame, not the place of the copy
            reason = getattr(error, "strerror", None) or error
            raise SeedwireError(f"cannot write {file} ({reason}): name a folder that exists and has space") from error
    click.echo(f"{file}: {file.stat().st_size} bytes")


COMMANDS = (doctor, backup)
