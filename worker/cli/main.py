"""The command `seedwire`: global options, and every expected failure as one line on stderr."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from worker import __version__
from worker.cli import (
    care,
    daemon,
    digests,
    entries,
    evaluating,
    keys,
    parsing,
    people,
    reading,
    replaying,
    telling,
    topics,
)
from worker.cli.show import legible
from worker.errors import SeedwireError

_HELP = {
    "config": "Settings file (seedwire.toml, if there is one).",
    "seeds": "Folder of page dumps; overrides [seeds] directory.",
    "state": "Folder of the archive, the feeds and the mail (state).",
}


def _globals() -> list[click.Parameter]:
    folder = click.Path(path_type=Path, readable=False)
    return [click.Option([f"--{name}"], type=folder, metavar="PATH", help=text) for name, text in _HELP.items()]


def _taking_globals(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Global options may stand behind the command as well; they go to the context, not to the command."""

    @functools.wraps(callback)
    def call(**options: Any) -> Any:
        behind = {name: options.pop(name) for name in _HELP}
        root = click.get_current_context().find_root()
        root.obj = {**root.obj, **{name: path for name, path in behind.items() if path is not None}}
        return callback(**options)

    return call


def _register(group: click.Group, command: click.Command) -> None:
    if command.epilog:
        command.epilog = "\b\n" + command.epilog  # an example is not wrapped
    if isinstance(command, click.Group):
        for below in command.commands.values():
            below.epilog = "\b\n" + (below.epilog or "")
            _prepare(below)
    else:
        _prepare(command)
    group.add_command(command)


def _prepare(command: click.Command) -> None:
    assert command.callback is not None
    command.params += _globals()
    command.callback = _taking_globals(command.callback)


@click.group(
    params=_globals(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example:  seedwire --seeds dumps run",
)
@click.version_option(__version__, prog_name="seedwire")
@click.pass_context
def cli(context: click.Context, /, **given: Path | None) -> None:
    """Turn a folder of crawled page dumps into a news wire: each story once, as Atom feed and digest mail."""
    context.obj = given
    if os.environ.get("NO_COLOR"):  # no-color.org; that output which is no terminal gets none, click sees to
        context.color = False


for _module in (daemon, parsing, evaluating, reading, topics, people, digests, replaying, telling, entries, keys, care):
    for _command in _module.COMMANDS:
        _register(cli, _command)


def main() -> None:
    """Run a command. Exit code 0 done, 1 failed, 2 wrong usage."""
    try:
        cli(prog_name="seedwire")
    except SeedwireError as error:
        _fail(str(error))
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _fail(f"{error.filename or 'output'}: {error.strerror or error}: check path, space and permissions")


def _fail(line: str) -> None:
    click.echo("seedwire: " + legible(line), err=True)
    sys.exit(1)
