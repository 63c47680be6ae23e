"""run: the daemon as a process: a file dropped is in the served feed, and whatever ends it loses nothing."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest
import requests
from consoles import PATIENCE, Console, article, running, serving


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return serving(tmp_path)


def totals(console: Console) -> dict[str, int]:
    return dict(console.call("status", "--json").objects()[0]["totals"])


# ── From a file to the feed ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_dropped_file_is_served_and_a_restart_changes_nothing(console: Console, number: int) -> None:
    with running(console) as daemon:
        console.drop("a.txt", "Goats climb a tower")
        daemon.shows("Goats climb a tower")
        console.drop("b.txt", "Ferry returns")
        daemon.shows("Goats climb a tower", "Ferry returns")
        answer = daemon.feed()
        assert daemon.feed(if_none_match=answer.headers["etag"]).status_code == 304
        assert answer.content == console.feed.read_bytes()
        daemon.until(lambda: requests.get(daemon.url + "/healthz", timeout=5).status_code == 200)
        assert "Ferry returns" in requests.get(daemon.url + "/", timeout=5).text
        told = daemon.stop(number)
    assert "seedwire is running" in told
    assert daemon.url in told
    before = (console.feed.read_bytes(), console.feed.stat().st_mtime_ns, totals(console))
    with running(console) as daemon:
        daemon.shows("Ferry returns")
        assert daemon.feed(if_none_match=answer.headers["etag"]).status_code == 304
        assert daemon.feed().headers["last-modified"] == answer.headers["last-modified"]
        daemon.stop(number)
    assert (console.feed.read_bytes(), console.feed.stat().st_mtime_ns, totals(console)) == before


def test_a_growing_file_is_read_when_it_is_complete(console: Console) -> None:
    text = article("Goats climb a tower").encode()
    console.set["SEEDWIRE_SEEDS_SETTLE"] = "0.5"
    with running(console) as daemon:
        with (console.folder / "seeds" / "a.txt").open("wb", buffering=0) as file:
            for start in range(0, len(text), 20):
                file.write(text[start : start + 20])
                sleep(0.05)
        daemon.shows("Goats climb a tower")
        daemon.stop()
    assert (totals(console)["dumps"], totals(console)["entries"]) == (1, 1)


def test_a_seeds_folder_that_comes_later(console: Console) -> None:
    (console.folder / "seeds").rmdir()
    with running(console) as daemon:
        daemon.until(lambda: requests.get(daemon.url + "/healthz", timeout=5).status_code == 503)
        assert "seeds" in requests.get(daemon.url + "/healthz", timeout=5).json()["jobs"]["scan"]["error"]
        console.drop("a.txt", "Goats climb a tower")
        daemon.shows("Goats climb a tower")
        daemon.until(lambda: requests.get(daemon.url + "/healthz", timeout=5).status_code == 200)
        daemon.stop()


# ── One at a time, and sudden ends ──────────────────────────────────────────────────────────────────


def test_a_second_daemon_is_refused_and_the_first_goes_on(console: Console) -> None:
    with running(console) as daemon:
        for command in ("run", "once"):
            line = console.run(command).failure()
            assert f"pid {daemon.process.pid}" in line
            assert "state" in line
        console.drop("a.txt", "Goats climb a tower")
        daemon.shows("Goats climb a tower")
        assert "Goats" in console.call("search", "goats").told()  # reading works beside it
        assert f"pid {daemon.process.pid}" in console.call("doctor").told()
        assert console.call("backup", "copy.db").told()
        daemon.stop()


@pytest.mark.parametrize("pause", [0.0, 0.15, 0.4])
def test_killed_in_the_middle_and_started_again(console: Console, pause: float) -> None:
    for number in range(300):
        console.drop(f"{number:03}.txt", f"Goat {number} climbs a tower")
    process = console.start("run")
    end = monotonic() + PATIENCE
    while not console.database.exists():
        assert monotonic() < end
        sleep(0.01)
    sleep(pause)
    process.kill()
    process.communicate(timeout=PATIENCE)
    with running(console) as daemon:
        daemon.shows("Goat 299 climbs a tower", "Goat 298 climbs a tower")
        daemon.stop()
    told = totals(console)
    assert (told["entries"], told["dumps"], told["files"]) == (300, 300, 300)
    assert told["characters"] == told["characters_in_pieces"]
    with closing(sqlite3.connect(console.database)) as db:
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_a_stop_in_the_middle_of_much_work(console: Console) -> None:
    for number in range(1500):
        console.drop(f"{number:04}.txt", f"Goat {number} climbs a tower")
    with running(console) as daemon:
        daemon.until(lambda: totals(console)["dumps"] > 0)
        told = daemon.stop()
        assert "stopped\n" in told  # what was in hand has ended by itself
    read = totals(console)["dumps"]
    console.call("once").told()
    assert totals(console)["entries"] == 1500 >= read


# ── What it tells ───────────────────────────────────────────────────────────────────────────────────


def test_json_logs(console: Console) -> None:
    with running(console, "--log", "json") as daemon:
        console.drop("a.txt", "Goats climb a tower")
        daemon.shows("Goats climb a tower")
        events = [json.loads(line) for line in daemon.stop().splitlines()]
    names = [event["event"] for event in events]
    assert names[-1] == "stopped"
    assert "stopping" in names[-3:]  # the other feeds may have been published behind it
    assert {"running", "scanned", "published"} <= set(names)
    assert {event["level"] for event in events} == {"info"}
    assert events[names.index("running")]["site"] == daemon.url + "/"
