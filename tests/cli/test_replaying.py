"""replay: what would be otherwise is shown before anything is changed; then it is done."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from consoles import EXAMPLES, Console

from worker import lock
from worker.cli.rereads import edges


@pytest.fixture
def console(tmp_path: Path) -> Console:
    made = Console(tmp_path)
    made.call("--seeds", EXAMPLES, "once").told()
    return made


def run(console: Console, *statements: str) -> None:
    with closing(sqlite3.connect(console.database)) as db, db:
        for statement in statements:
            db.execute(statement)


def as_if_read_worse(console: Console) -> None:
    """As if older recipes had read some chrome into an entry, no title of another, and had not found a third."""
    run(
        console,
        "update entries set text = 'Tell a friend' || char(10) || text where number = 1",
        "update entries set title = 'Derived', title_derived = 1 where number = 2",
        "update entries set published = '2020-01-01' where number = 3",
        "update pieces set outcome = 'rejected', entry = null where entry = (select max(number) from entries)",
        "delete from fingerprints where entry in (1, (select max(number) from entries))",
        "delete from sketches where entry = (select max(number) from entries)",
        "delete from entries where number = (select max(number) from entries)",
        "insert into entries_fts (entries_fts) values ('rebuild')",
    )
    shutil.rmtree(console.state / "public")  # readers had it as it was read worse


def dumped(console: Console) -> list[str]:
    with closing(sqlite3.connect(console.database)) as db:
        return [line for line in db.iterdump() if "sqlite_stat" not in line]


def test_nothing_is_otherwise(console: Console) -> None:
    before, feed = dumped(console), console.feed.read_bytes()
    (totals,) = console.call("replay", "--diff", "--json").objects()
    assert (totals["different"], totals["feed"], totals["mails"], totals["unseen"]) == (0, [], [], [])
    assert totals["pages"] == len(list(EXAMPLES.rglob("*.txt")))
    assert "0 otherwise" in console.call("replay").told(), "there is nothing to ask"
    assert (dumped(console), console.feed.read_bytes()) == (before, feed)


def test_the_difference_is_shown_first_and_then_made(console: Console) -> None:
    console.call("subscribers", "add", "ana@example.org", "--daily", "07:30").told()
    as_if_read_worse(console)
    before = dumped(console)
    *pages, totals = console.call("replay", "--diff", "--json").objects()
    assert dumped(console) == before
    assert {key: count for key, count in totals["changes"].items() if count} == {"gained": 1, "text": 1, "title": 1}
    assert totals["dates_kept"] == 1
    assert {one["why"] for one in totals["feed"]} == {"new", "updated"}
    changes = [change for page in pages for change in page["changes"]]
    assert {change["change"] for change in changes} == {"gained", "text", "title", "date"}
    (date,) = (change for change in changes if change["change"] == "date")
    assert (date["before"], date["applied"]) == ("2020-01-01", False)
    text = console.call("replay", "--diff").told()
    assert "begins  Tell a friend" in text
    assert "stated date never moves" in text
    *done, made = console.call("replay", "--yes", "--json").objects()
    assert (done, made["changes"]) == (pages, totals["changes"])
    (after,) = console.call("replay", "--diff", "--json").objects()[-1:]
    assert sum(after["changes"].values()) == 0
    assert b"Tell a friend" not in console.feed.read_bytes()
    assert not (console.state / ".replay").exists()


def test_mail_that_would_go_out_is_foretold(console: Console) -> None:
    console.call("subscribers", "add", "ana@example.org", "--daily", "07:30").told()
    as_if_read_worse(console)
    run(console, "update subscriptions set cursor = 3")
    totals = console.call("replay", "--diff", "--json").objects()[-1]
    (mail,) = totals["mails"]
    assert (mail["to"], mail["after"] - mail["before"]) == ("ana@example.org", 1)
    assert f"ana@example.org: {mail['after']} entries in the next digest, now {mail['before']}" in (
        console.call("replay", "--diff").told()
    )


def test_without_yes_it_asks(console: Console) -> None:
    as_if_read_worse(console)
    before = dumped(console)
    done = console.run("replay")
    assert done.code == 1
    assert "otherwise: gained 1" in done.out
    assert "Do it?" in done.err
    assert dumped(console) == before
    assert console.call("replay", "--json").code == 2


def test_what_only_reasons_say_is_brought_up_to_date_too(console: Console) -> None:
    run(console, "update pieces set reason = 'made up here' where kind = 'chrome'", "update pages set recipe = 0")
    (totals,) = console.call("replay", "--diff", "--json").objects()
    assert (totals["different"], totals["rewritten"]) == (0, totals["pages"])
    console.call("replay", "--yes").told()
    assert not any("made up here" in line for line in dumped(console))
    (totals,) = console.call("replay", "--diff", "--json").objects()
    assert totals["rewritten"] == 0


def test_whoever_has_seen_enough(console: Console) -> None:
    as_if_read_worse(console)
    command = [sys.executable, "-m", "worker", "replay", "--diff", "--json"]
    process = subprocess.Popen(command, cwd=console.folder, env=console.environment(), stdout=-1, stderr=-1, text=True)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait()
    assert not (console.state / ".replay").exists()


def test_it_works_alone_but_may_look_at_any_time(console: Console) -> None:
    with lock.held(console.state / "seedwire.lock"):
        assert "stop it first" in console.call("replay", "--yes").failure()
        console.call("replay", "--diff").told()


def test_what_a_crash_left_behind_goes_away(console: Console) -> None:
    (console.state / ".replay").mkdir()
    (console.state / ".replay" / "seedwire.db").write_bytes(b"half a copy")
    console.call("replay", "--diff").told()
    assert not (console.state / ".replay").exists()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Menu\nThe ferry sails.", "The ferry sails.", ["begins", "     →"]),
        ("The ferry sails.\nMenu", "The ferry sails.", ["ends  ", "     →"]),
        ("The ferry sails.", "The ferry sails.\nAt nine.", ["ends  ", "     →"]),
        ("One. Menu. Two.", "One. Two.", ["within", "     →"]),
        ("Menu. One. Menu.", "One.", ["begins", "     →", "ends  ", "     →"]),
    ],
)
def test_edges(before: str, after: str, told: list[str]) -> None:
    assert [line[:6] for line in edges(before, after)] == told
