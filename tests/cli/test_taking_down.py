"""entries: what an operator takes down and puts back, and what is told of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from consoles import Console
from ferries import FIRST, MORE, OTHER, drop, page


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """A story of three: the lead shows the fuller text of the second; and one that stands alone."""
    made = Console(tmp_path)
    drop(made, "1.txt", page("Night ferry returns", "Kabar", FIRST))
    drop(made, "2.txt", page("The ferry is back", "Courier", FIRST, MORE, stated="07.11.2026, 12:15"))
    drop(made, "3.txt", page("A ferry comes home", "Gazette", FIRST, stated="07.11.2026, 13:15"))
    drop(made, "4.txt", page("Goats climb a tower", "Kabar", OTHER))
    made.call("once").told()
    return made


def keys(console: Console) -> list[str]:
    with closing(sqlite3.connect(console.database)) as db:
        return [key for (key,) in db.execute("select key from entries order by number")]


def takes(console: Console) -> int:
    return console.feed.read_text(encoding="utf-8").count("</entry>")


def test_an_entry_is_taken_down_and_put_back(console: Console) -> None:
    *_, goats = keys(console)
    assert console.call("entries", "retracted").told() == ""
    told = console.call("entries", "retract", goats, "--reason", "Wrong  tower").told()
    assert told == f"{goats} is taken down\n"
    assert takes(console) == 1
    assert OTHER[:30] not in console.feed.read_text(encoding="utf-8")
    (line,) = console.call("entries", "retracted").told().splitlines()
    assert line.startswith(goats)
    assert line.endswith("Goats climb a tower  [Wrong tower]")
    (listed,) = console.call("entries", "retracted", "--json").objects()
    assert (listed["entry"], listed["reason"], set(listed)) == (
        goats,
        "Wrong tower",
        {"entry", "id", "title", "retracted", "reason"},
    )
    assert console.call("search", "goats").told() == ""
    assert console.call("entries", "restore", goats).told() == f"{goats} is back\n"
    assert console.call("entries", "retracted").told() == ""
    assert OTHER[:30] in console.feed.read_text(encoding="utf-8")
    assert takes(console) == 2


def test_what_goes_with_a_story_is_told(console: Console) -> None:
    first, second, third, _ = keys(console)
    told = console.call("entries", "retract", first, "--reason", "wrong").told().splitlines()
    assert told == [
        f"{first} is taken down",
        "2 other tellings of its story went with it; `seedwire stories split ID` keeps one:",
        f"  {second}  Courier: The ferry is back",
        f"  {third}  Gazette: A ferry comes home",
    ]
    assert takes(console) == 1
    console.call("stories", "split", second).told()
    assert takes(console) == 2
    assert MORE[:30] in console.feed.read_text(encoding="utf-8")
    assert console.call("entries", "retract", third, "--reason", "wrong").told().splitlines() == [
        f"{third} is taken down"
    ]
    (line,) = console.call("entries", "restore", third).told().splitlines()
    assert line == f"{third} is no longer taken down, and stays unseen as long as {first} is, which leads its story"


def test_another_telling_goes_alone(console: Console) -> None:
    first, second, third, _ = keys(console)
    assert MORE[:30] in console.feed.read_text(encoding="utf-8")
    console.call("entries", "retract", second, "--reason", "wrong").told()
    feed = console.feed.read_text(encoding="utf-8")
    assert (MORE[:30] in feed, "Courier" in feed, "Gazette" in feed) == (False, False, True)
    told = console.call("entries", "retract", third, "--reason", "wrong").told().splitlines()
    assert told == [
        f"{third} is taken down",
        "readers still see the same text as told by:",
        f"  {first}  Kabar: Night ferry returns",
    ]
    assert "Gazette" not in console.feed.read_text(encoding="utf-8")


def test_what_cannot_be_done_is_told_in_one_line(console: Console) -> None:
    first, second, _, goats = keys(console)
    console.call("entries", "retract", first, "--reason", "wrong").told()
    feed = console.feed.read_bytes()
    assert "nothing to restore; see `seedwire entries retracted`" in console.call("entries", "restore", goats).failure()
    assert f"went with {first}" in console.call("entries", "restore", second).failure()
    assert f"restore {first}" in console.call("stories", "join", goats, first).failure()
    assert "--reason" in console.call("entries", "retract", goats, "--reason", " ").failure()
    for words in (("retract", "nobody", "--reason", "wrong"), ("restore", "nobody")):
        assert "no entry nobody" in console.call("entries", *words).failure()
    assert console.call("entries", "retract", goats).code == 2
    assert console.feed.read_bytes() == feed


def test_another_reason(console: Console) -> None:
    *_, goats = keys(console)
    for reason in ("wrong", "wrong", "embargo \x1b[31mtonight"):
        console.call("entries", "retract", goats, "--reason", reason).told()
    (line,) = console.call("entries", "retracted").told().splitlines()
    assert line.endswith("[embargo �[31mtonight]")


@pytest.mark.parametrize("again", [False, True])
def test_it_stays_down(tmp_path: Path, again: bool) -> None:
    """Through another sighting, or a replay."""
    console = Console(tmp_path)
    drop(console, "1.txt", page("Goats climb a tower", "Kabar", OTHER))
    console.call("once").told()
    (goats,) = keys(console)
    console.call("entries", "retract", goats, "--reason", "wrong").told()
    if again:
        console.call("replay", "--yes").told()
    else:
        drop(console, "2.txt", page("Goats climb a tower", "Kabar", OTHER).replace("Tell a friend", "Print"))
        console.call("once").told()
    assert takes(console) == 0
    assert "duplicate" in console.call("ledger").told() or again
