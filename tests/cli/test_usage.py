"""How commands are called: help with an example, exit codes, global options before and behind."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from consoles import Console

from worker import __version__
from worker.cli.main import cli


def leaves(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*above, name))
        else:
            yield (*above, name)


COMMANDS = sorted(leaves(cli))


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def test_the_commands_there_are() -> None:
    wanted = ["run", "once", "parse", "ledger", "explain", "search", "status", "doctor", "backup"]
    wanted += ["evaluate", "replay"]
    groups = {"subscribers": "add list remove import export", "digest": "preview send"}
    wanted_pairs = [(group, name) for group, names in groups.items() for name in names.split()]
    assert set(COMMANDS) >= {(name,) for name in wanted} | set(wanted_pairs)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example_that_calls_the_command(console: Console, command: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        told = console.call(*command, option).told()
    assert all(f"--{name}" in told for name in ("config", "seeds", "state"))
    assert "Example:" in told
    example = " ".join(told.partition("Example:")[2].split())
    assert " ".join(command) in example
    assert "seedwire" in shlex.split(example)
    assert not list(console.folder.iterdir())


def test_the_command_without_words_shows_its_help(console: Console) -> None:
    assert "subscribers" in console.call("--help").told()
    assert "Usage" in console.call().err + console.call().out


def test_as_a_process(console: Console) -> None:
    done = console.run("--version")
    assert done.told().split() == ["seedwire,", "version", __version__]
    assert console.run("nonsense").code == 2
    assert "nowhere.txt" in console.run("parse", "nowhere.txt").failure()


@pytest.mark.parametrize(
    "words",
    [
        *("nonsense", "parse", "search", "explain", "run --log xml", "search a b", "--nonsense status"),
        *(
            "subscribers add",
            "subscribers add a@b.example --daily 25:00",
            "subscribers add a@b.example --weekly monday",
        ),
        *("subscribers add a@b.example --hourly --instant", "subscribers nonsense", "digest preview"),
        *("digest send --at tomorrow", "subscribers add a@b.example --language xx", "backup", "subscribers import"),
        *("evaluate", "evaluate nowhere nowhere", "parse --gold --full x", "replay --json", "replay x"),
    ],
)
def test_wrong_usage_is_code_2(console: Console, words: str) -> None:
    done = console.call(*words.split())
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err
    assert not console.state.exists()


@pytest.mark.parametrize(
    "words",
    [
        "--seeds in --state out --config my.toml once",
        "once --seeds in --state out --config my.toml",
        "--seeds wrong --state wrong once --seeds in --state out --config my.toml",
        "--config my.toml once --state out --seeds in",
    ],
)
def test_global_options_stand_before_and_behind(console: Console, words: str) -> None:
    (console.folder / "my.toml").write_text('[feed]\ntitle = "My own wire"\n[seeds]\ndirectory = "elsewhere"')
    console.drop("a.txt", "Goats climb a tower")
    (console.folder / "seeds").rename(console.folder / "in")
    console.call(*words.split()).told()
    feed = (console.folder / "out" / "public" / "feed.atom").read_text()
    assert "My own wire" in feed
    assert "Goats climb a tower" in feed


def test_global_options_behind_the_command_of_a_group(console: Console) -> None:
    console.call("subscribers", "add", "ana@example.org", "--state", "out").told()
    assert (
        "ana@example.org"
        in console.call("subscribers", "--help").out + console.call("--state", "out", "subscribers", "list").told()
    )
