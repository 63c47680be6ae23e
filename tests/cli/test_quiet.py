"""A source that goes quiet, as an operator sees it: status, log and mail, over restarts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from consoles import Console, running, serving

DAY = timedelta(days=1)


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """Ten daily articles from one source, the last of them nine days ago."""
    console = serving(tmp_path)
    console.set["SEEDWIRE_OPERATOR_EMAIL"] = "desk@example.org"
    for number in range(10):
        console.drop(f"{number}.txt", f"Ferry {number} returns")
    console.call("once").told()
    now = datetime.now(UTC).replace(microsecond=0)
    with closing(sqlite3.connect(console.database)) as db, db:
        for number in range(1, 11):
            stored = (now - (19 - number) * DAY).isoformat().replace("+00:00", "Z")
            db.execute("update entries set stored = ?, source = 'Ferry Gazette' where number = ?", (stored, number))
    return console


def mails(console: Console) -> int:
    return len(list((console.state / "mail" / "new").glob("*")))


def events(log: str) -> list[dict[str, object]]:
    told = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [one for one in told if one["event"] == "source has gone quiet"]


def test_status_tells_without_a_run_and_goes_on_telling(console: Console) -> None:
    for _ in range(2):
        (told,) = console.call("status", "--json").objects()
        (one,) = told["quiet"]
        assert (one["source"], one["usual_gap_seconds"]) == ("Ferry Gazette", 86400)
        assert datetime.fromisoformat(one["quiet_since"]) - datetime.fromisoformat(one["last"]) == 5 * DAY
        (line,) = (line for line in console.call("status").told().splitlines() if "Ferry Gazette" in line)
        assert "usual_gap_seconds: 86400" in line
        console.call("once").told()
    console.set["SEEDWIRE_OPERATOR_QUIET"] = "9.5"
    assert console.call("status", "--json").objects()[0]["quiet"] == []


def test_once_tells_once(console: Console) -> None:
    (event,) = events(console.call("once", "--log", "json").err)
    assert event["source"] == "Ferry Gazette"
    assert set(event) >= {"last", "usual_gap_seconds", "quiet_since"}
    assert events(console.call("once", "--log", "json").err) == []
    assert mails(console) == 1


def test_what_lay_there_while_we_were_away_is_read_first(console: Console) -> None:
    console.drop("new.txt", "Ferry 10 returns")
    with closing(sqlite3.connect(console.database)) as db, db:
        db.execute("create trigger named after insert on entries begin "
                   "update entries set source = 'Ferry Gazette' where number = new.number; end")  # fmt: skip
    with running(console, "--log", "json") as daemon:
        daemon.until(lambda: ran(console))
        assert events(daemon.stop()) == []
    assert mails(console) == 0


def test_the_daemon_tells_once_over_restarts(console: Console) -> None:
    told = []
    for _ in range(2):
        with running(console, "--log", "json") as daemon:
            daemon.until(lambda: ran(console) and mails(console))
            told += events(daemon.stop())
    assert len(told) == 1
    assert mails(console) == 1


def test_a_folder_that_cannot_be_read_makes_no_source_quiet(console: Console) -> None:
    """What is missing then is not their word but our ear."""
    (console.folder / "seeds").rename(console.folder / "elsewhere")
    assert console.call("once").code == 1
    assert mails(console) == 0


def ran(console: Console) -> bool:
    (told,) = console.call("status", "--json").objects()
    return any(job["job"] == "quiet" and job["last_ok"] for job in told["jobs"])
