"""Lines that call `seedwire`, in documents and in what ships, held against the commands that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from worker.cli.main import cli

_FENCE = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def leaves(group: click.Group = cli, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command as the words that call it: ("run",), ("subscribers", "add")."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*above, name))
        else:
            yield (*above, name)


def called(words: list[str]) -> tuple[str, ...]:
    """The command that these words call (the word `seedwire` left out), groups without a command included.

    Raises AssertionError for a command or an option that does not exist, or an option without its value.
    """
    command: click.Command = cli
    path: list[str] = []
    options = _options(cli)
    rest = iter(words)
    for word in rest:
        if word.startswith("-"):
            name, equals, _ = word.partition("=")
            option = options.get(name)
            assert option is not None, f"{' '.join(['seedwire', *path])} has no option {name}"
            if not equals and not option.is_flag:
                for _ in range(option.nargs):
                    assert next(rest, None) is not None, f"{name} wants a value"
        elif isinstance(command, click.Group):
            below = command.commands.get(word)
            assert below is not None, f"there is no command {' '.join(['seedwire', *path, word])}"
            command = below
            path.append(word)
            options |= _options(command)
    return tuple(path)


def _options(command: click.Command) -> dict[str, click.Option]:
    found = {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }
    helping = click.Option(["--help", "-h"], is_flag=True)
    version = click.Option(["--version"], is_flag=True)
    return {"--help": helping, "-h": helping, "--version": version} | found


def lines(markdown: str) -> Iterator[list[str]]:
    """The words of every call of `seedwire` in a Markdown text, in blocks and in spans, without the first word.

    Of a block that shows a session only the lines behind a prompt are calls. In a table row,
    `seedwire subscribers add`, `list` means `seedwire subscribers list` as well.
    """
    for fence in _FENCE.finditer(markdown):
        rows = fence["body"].splitlines()
        if any(row.startswith("$ ") for row in rows):
            rows = [row.removeprefix("$ ") for row in rows if row.startswith("$ ")]
        yield from (words for row in rows if (words := _words(row)) is not None)
    for row in _FENCE.sub("", markdown).splitlines():
        last: list[str] = []
        for span in _SPAN.findall(row.split(" | ")[0] if row.startswith("|") else row):
            words = _words(span)
            if words is not None:
                last = words
                yield words
            elif row.startswith("|") and len(last) > 1 and re.match(r"[a-z]+(?: |$)", span):
                yield [last[0], *(_words("seedwire " + span) or [])]


def _words(line: str) -> list[str] | None:
    """["run", "--log", "json"] of "seedwire run --log json | less"; None where something else is called."""
    line = line.split("#", maxsplit=1)[0].split(" | ", maxsplit=1)[0]
    words = line.replace("[", " ").replace("]", " ").split()
    if not words or words[0].rpartition("/")[2] != "seedwire":
        return None
    return [word for word in words[1:] if word not in ("…", "&")]
