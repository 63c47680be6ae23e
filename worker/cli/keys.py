"""keys: who may read, once not everybody may."""

from __future__ import annotations

import secrets

import click

from worker.cli.show import legible, say
from worker.cli.wiring import clock, wiring
from worker.errors import SeedwireError
from worker.model.keys import KeyKind
from worker.store import keys as store
from worker.store.database import transaction

_CHANCE = 32  # bytes of a key


@click.group(epilog="Example:  seedwire keys add ana")
def keys() -> None:
    """Who may read. With the first key, every feed and page wants one; a running daemon knows within seconds."""


@keys.command(epilog="Example:  seedwire keys add ana")
@click.argument("name")
@click.option("--operator", is_flag=True, help="Also for /status and /metrics.")
def add(name: str, *, operator: bool) -> None:
    """Make a key for NAME and print it, this once: only its digest is kept."""
    if name != legible(name) or not name or name.isdecimal():
        raise SeedwireError(f"{name!r} cannot name a key: want one short line of text, and not a number alone")
    secret = secrets.token_urlsafe(_CHANCE)
    kind = KeyKind.OPERATOR if operator else KeyKind.READER
    with wiring().store() as db, transaction(db):
        first = not any(True for _ in store.every(db))
        if store.add(db, name, kind, store.digest_of(secret.encode()), now=clock()) is None:
            raise SeedwireError(f"{name} has a key: revoke it first, or choose another name")
    say(secret)
    say(
        "It is the password, with any user name; or in the path, as /k/<key>/feed.atom. It is not shown again.",
        err=True,
    )
    if first:
        say("From now on every feed and page wants a key; `seedwire keys open` undoes that.", err=True)


@keys.command("list", epilog="Example:  seedwire keys list")
def list_() -> None:
    """All keys, one a line: number, name, kind, since when, and until when where it was revoked."""
    with wiring().store() as db:
        for key in store.every(db):
            ended = f"  revoked {key.revoked:%Y-%m-%d %H:%M}" if key.revoked else ""
            say(f"{key.number}  {key.name}  {key.kind.value}  since {key.created:%Y-%m-%d %H:%M}{ended}")


@keys.command(epilog="Example:  seedwire keys revoke ana")
@click.argument("name", metavar="NAME|ID")
def revoke(name: str) -> None:
    """Let a key count no more. With the last one gone nobody may read; the site does not open to everybody."""
    with wiring().store() as db, transaction(db):
        found = store.revoke(db, name, now=clock())
        if found is None:
            raise SeedwireError(f"no key {name!r} that counts: see `seedwire keys list`")
    say(f"the key of {found.name} counts no more")


@keys.command("open", epilog="Example:  seedwire keys open --yes")
@click.option("--yes", is_flag=True, help="Also where there are keys that count.")
def open_(*, yes: bool) -> None:
    """Forget all keys: everybody may read again."""
    with wiring().store() as db, transaction(db):
        live = sum(key.revoked is None for key in store.every(db))
        if live and not yes:
            raise SeedwireError(f"{live} keys count: say --yes to forget them and let everybody read")
        store.forget(db)
    say("everybody may read; /status and /metrics are for this machine alone")


COMMANDS = (keys,)
