"""stories, and what explain and ledger say of them: who tells the same, why, and what an operator decides."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from consoles import Console
from ferries import FIRST, MORE, OTHER, THEN, drop, page

from worker import jobs
from worker.jobs import relating


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """A story of three: revised, with a fuller text of another outlet, and copied; and one that stands alone."""
    made = Console(tmp_path)
    drop(made, "1.txt", page("Night ferry returns", "Kabar", FIRST, THEN))
    drop(made, "2.txt", page("The ferry is back", "Courier", FIRST, THEN, MORE, stated="07.11.2026, 12:15"))
    drop(made, "3.txt", page("A ferry comes home", "Gazette", FIRST, THEN, stated="07.11.2026, 13:15"))
    drop(made, "4.txt", page("Goats climb a tower", "Kabar", OTHER))
    made.call("once").told()
    return made


def keys(console: Console) -> list[str]:
    with closing(sqlite3.connect(console.database)) as db:
        return [key for (key,) in db.execute("select key from entries order by number")]


def texts(console: Console) -> list[str]:
    """The own texts."""
    with closing(sqlite3.connect(console.database)) as db:
        return [text for (text,) in db.execute("select coalesce(own, text) from entries order by number")]


def explained(console: Console, key: str) -> list[str]:
    return console.call("explain", key).told().splitlines()


# ── What is shown ───────────────────────────────────────────────────────────────────────────────────


def test_list(console: Console) -> None:
    first, *_ = keys(console)
    assert console.call("stories", "list").told() == f"{first}  3 entries  Night ferry returns\n"
    assert console.call("stories", "list", "--json").objects() == [
        {"story": first, "title": "Night ferry returns", "entries": 3}
    ]
    drop(console, "5.txt", page("A tower full of goats", "Courier", OTHER))
    console.call("once").told()
    assert [one["title"] for one in console.call("stories", "list", "--json").objects()] == [
        "Goats climb a tower",
        "Night ferry returns",
    ]
    assert len(console.call("stories", "list", "--limit", "1", "--json").objects()) == 1


def test_list_of_an_archive_without_stories(tmp_path: Path) -> None:
    console = Console(tmp_path)
    console.drop("a.txt", "Goats climb a tower")
    console.call("once").told()
    assert console.call("stories", "list").told() == ""


@pytest.mark.parametrize("which", [0, 1, 2])
def test_show_by_any_of_its_entries(console: Console, which: int) -> None:
    told = console.call("stories", "show", keys(console)[which]).told()
    first, second, third, _ = keys(console)
    heads = [line for line in told.splitlines() if not line.startswith(" ")]
    assert heads == [f"{first}  Night ferry returns", f"{second}  The ferry is back", f"{third}  A ferry comes home"]
    assert f"joined to {first}: tells the same as {first}: 100% of the shorter text (recipe 1)" in told
    assert f"joined to {first}: the same text, but for case, quotes, punctuation and white space, of another" in told
    assert "2026-11-07T12:15 · Courier · " in told


def test_show_of_an_entry_that_stands_alone(console: Console) -> None:
    told = console.call("stories", "show", keys(console)[3]).told().splitlines()
    assert told == [
        f"{keys(console)[3]}  Goats climb a tower",
        f"  2026-11-07T09:40 · Kabar · {len(OTHER.split())} words",
    ]


def test_passages_are_at_offsets_of_equal_words(console: Console) -> None:
    """Of the text that came later, and of the one that was there."""
    drop(
        console,
        "5.txt",
        page("Goats, again", "Courier", OTHER.replace("an hour", "a whole hour"), "He sang it twice."),
    )
    console.call("once").told()
    mine, theirs = texts(console)[4], texts(console)[3]
    passages = re.findall(
        r"^ +(\d+)-(\d+) as (\d+)-(\d+) there: (.*)$", console.call("explain", keys(console)[4]).told(), re.MULTILINE
    )
    assert passages
    for *offsets, words in passages:
        start, end, other_start, other_end = map(int, offsets)
        one, other = mine[start:end].split(), theirs[other_start:other_end].split()
        assert one[0] == other[0]
        assert one[-1] == other[-1]
        assert set(one) - set(other) <= {"a", "whole"}
        assert words.split()[:3] == one[:3]
        assert words.split()[-3:] == one[-3:]


def test_facts_that_differ_are_named(console: Console) -> None:
    """One corrected price among many facts, by another outlet, on the same day."""
    feast = "The town feast went on until {} minutes past midnight, and the mayor danced with the oldest fisherman."
    many = "On Monday, 3 captains, 14 sailors, 25 cooks and 36 guests from Almaty met 47 mayors of Tuzkent in 1961."
    drop(console, "5.txt", page("The harbour feast", "Kabar", many, feast.format(55)))
    drop(console, "6.txt", page("A feast", "Courier", many, feast.format(58)))
    console.call("once").told()
    told = console.call("explain", keys(console)[-1]).told()
    assert "one fact is another: 55 → 58" in told
    assert "differs: 58, there 55" in told


# ── explain and ledger ──────────────────────────────────────────────────────────────────────────────


def test_explain_tells_of_the_story(console: Console) -> None:
    first, second, third, _ = keys(console)
    told = explained(console, first)
    assert "story      3 entries, led by this one" in told
    assert f"also in    Courier: The ferry is back  {second}" in told
    assert f"also in    Gazette: A ferry comes home  {third}" in told
    assert sum(f"joined to {first}" in line for line in told) == 2
    (revision,) = (line for line in told if line.startswith("revision"))
    assert revision.endswith(f"the fuller text of {second}")
    assert any("{+The ferry was built in 1961" in line for line in told)
    told = explained(console, second)
    assert f"story      3 entries, led by {first}" in told
    assert any(re.fullmatch(r" +score 1\.000; \d+ words alike, of \d+ here and \d+ there", line) for line in told)
    assert any(re.fullmatch(r" +found by \d+ of \d+ sampled runs of five words", line) for line in told)
    assert not any(line.startswith("story") for line in explained(console, keys(console)[3]))


def test_explain_shows_what_a_revision_changed(console: Console) -> None:
    drop(
        console,
        "5.txt",
        page("Goats climb a tower", "Kabar", OTHER.replace("needed an hour", "needed two whole days")),
    )
    console.call("once").told()
    told = explained(console, keys(console)[3])
    at = next(number for number, line in enumerate(told) if line.startswith("revision"))
    assert "the same source, time, title" in told[at]
    assert told[at + 1].strip() == "… The fire brigade needed [-an hour-] {+two whole days+} to bring them down, …"
    assert any("revision: the same source" in line for line in told), "the sighting says so as well"


def test_the_ledger_names_the_story(console: Console) -> None:
    lines = [one for one in console.call("ledger", "--json").objects() if one["entry"]]
    first, second, third, fourth = keys(console)
    assert [(one["path"], one["outcome"], one["entry"], one["story"]) for one in lines] == [
        ("1.txt", "stored", first, first),
        ("2.txt", "reprint", second, first),
        ("3.txt", "reprint", third, first),
        ("4.txt", "stored", fourth, fourth),
    ]
    assert all(one["story"] is None for one in console.call("ledger", "--json").objects() if not one["entry"])


# ── What an operator decides ────────────────────────────────────────────────────────────────────────


def test_split_puts_an_entry_into_the_feed(console: Console) -> None:
    first, second, *_ = keys(console)
    feed = console.feed.read_text(encoding="utf-8")
    assert f"item/{second}" not in feed
    done = console.call("stories", "split", second).told()
    assert done == f"{second} is a story of its own now; {first} leads the rest\n"
    feed = console.feed.read_text(encoding="utf-8")
    assert feed.count("</entry>") == 3
    assert f"item/{second}" in feed
    told = explained(console, second)
    assert any(re.match(rf"story      its own; split from {first} by an operator, 20", line) for line in told)
    assert [one["entries"] for one in console.call("stories", "list", "--json").objects()] == [2]


def test_join_takes_an_entry_out_of_the_feed(console: Console) -> None:
    first, second, _, fourth = keys(console)
    assert console.call("stories", "join", fourth, second).told() == f"{first} leads the story now\n"
    assert console.feed.read_text(encoding="utf-8").count("</entry>") == 1
    told = console.call("stories", "show", fourth).told()
    assert f"joined to {first}: joined by an operator" in told
    assert f"join with {first} by an operator, 20" in told
    console.call("stories", "split", fourth).told()
    assert console.feed.read_text(encoding="utf-8").count("</entry>") == 2


def test_several_stories_at_once(console: Console) -> None:
    first, _, third, fourth = keys(console)
    console.call("stories", "split", third).told()
    console.call("stories", "join", fourth, first, third).told()
    assert console.call("stories", "list", "--json").objects() == [
        {"story": first, "title": "Night ferry returns", "entries": 4}
    ]


def test_what_cannot_be_done_is_told_in_one_line(console: Console) -> None:
    first, second, third, fourth = keys(console)
    feed, listed = console.feed.read_bytes(), console.call("stories", "list").told()
    assert f"{fourth} is a story of its own" in console.call("stories", "split", fourth).failure()
    assert f"{second} is in that story already" in console.call("stories", "join", second, third).failure()
    assert "nothing to join" in console.call("stories", "join", first, first).failure()
    for words in (("show", "nobody"), ("split", "nobody"), ("join", first, "nobody"), ("join", "nobody", first)):
        assert "no entry nobody" in console.call("stories", *words).failure()
    assert (console.feed.read_bytes(), console.call("stories", "list").told()) == (feed, listed)


def test_ids_are_given_in_any_form(console: Console) -> None:
    _, second, *_ = keys(console)
    with closing(sqlite3.connect(console.database)) as db:
        (uri,) = db.execute("select uri from entries where number = 2").fetchone()
    told = {console.call("stories", "show", name).told() for name in (second, uri, "2")}
    assert len(told) == 1


# ── replay ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_replay_would_join_is_shown_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a window of one entry."""
    monkeypatch.setattr(jobs, "sketches_of", lambda _window: relating.sketches_of(1))
    console = Console(tmp_path)
    drop(console, "1.txt", page("Night ferry returns", "Kabar", FIRST, THEN))
    drop(console, "2.txt", page("Goats climb a tower", "Kabar", OTHER))
    drop(console, "3.txt", page("The ferry is back", "Courier", FIRST, THEN, MORE))
    console.call("once").told()
    first, _, third = keys(console)
    listed = console.call("stories", "list").told()
    shown = console.call("replay", "--diff").told()
    assert f"in the story of {first} now: tells the same as {first}" in shown
    page_, totals = console.call("replay", "--diff", "--json").objects()
    (change,) = page_["changes"]
    assert (page_["path"], change["change"], change["entry"], change["after"]) == ("3.txt", "joined", third, first)
    assert totals["changes"]["joined"] == 1
    assert [(one["entry"], one["why"]) for one in totals["feed"]] == [(first, "updated")]
    assert console.call("stories", "list").told() == listed == "", "nothing is done yet"
    console.call("replay", "--yes").told()
    assert [one["story"] for one in console.call("stories", "list", "--json").objects()] == [first]
    assert console.feed.read_text(encoding="utf-8").count("</entry>") == 2
    assert sum(console.call("replay", "--diff", "--json").objects()[-1]["changes"].values()) == 0


def test_decisions_stand_through_replays(console: Console) -> None:
    _, second, third, fourth = keys(console)
    console.call("stories", "split", second).told()
    console.call("stories", "join", fourth, third).told()
    listed, feed = console.call("stories", "list").told(), console.feed.read_bytes()
    (totals,) = console.call("replay", "--yes", "--json").objects()
    assert sum(totals["changes"].values()) == 0
    assert (console.call("stories", "list").told(), console.feed.read_bytes()) == (listed, feed)
