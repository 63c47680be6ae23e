"""What can go wrong at the start: one line that names the thing and the cure, exit code 1, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from consoles import EXAMPLES, Console

from worker.jobs import pool

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


@pytest.fixture
def filled(console: Console) -> Console:
    console.drop("a.txt", "Goats climb a tower")
    console.call("once").told()
    return console


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ── Settings ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["status", "once", "run", "doctor"])
def test_bad_settings_in_the_file(console: Console, command: str) -> None:
    console.settings("[feed]\nsizes = 5")
    line = console.call(command).failure()
    assert "[feed] sizes" in line
    assert "seedwire.toml" in line
    console.settings('[seeds]\nevery = "often"')
    assert "'often'" in console.call(command).failure()
    assert not console.state.exists()


def test_bad_settings_in_the_environment(console: Console) -> None:
    console.set["SEEDWIRE_FEED_SIZE"] = "many"
    assert "[feed] size = 'many'" in console.call("status").failure()
    console.set = {"SEEDWIRE_FEED_SIZES": "5"}
    assert "sizes" in console.call("status").failure()
    console.set = {"SEEDWIRE_SMTP_URL": "smtp://user:secret@mail.example.org:x"}
    line = console.call("once").failure()
    assert "[smtp] url" in line
    assert "secret" not in line


def test_a_settings_file_that_is_not_there(console: Console) -> None:
    assert "mine.toml" in console.call("--config", "mine.toml", "status").failure()


# ── The database ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["once", "status", "ledger", "run", "backup copy.db", "search x", "digest send"])
def test_a_database_of_a_newer_version(filled: Console, command: str) -> None:
    with closing(sqlite3.connect(filled.database)) as db, db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('seedwire', 'later', '2030')"
        )
    before = snapshot(filled.state)
    line = filled.call(*command.split()).failure()
    assert "newer" in line
    assert "seedwire.db" in line
    after = snapshot(filled.state)
    assert {name: after[name] for name in before if "seedwire.db" in name or "public" in name}.items() <= before.items()


@pytest.mark.parametrize("command", ["once", "status", "run", "subscribers list"])
def test_a_broken_database(filled: Console, command: str) -> None:
    for path in filled.state.glob("seedwire.db*"):
        path.unlink()
    filled.database.write_bytes(b"this is not a database, it is a sentence " * 200)
    before, feed = filled.database.read_bytes(), filled.feed.read_bytes()
    line = filled.call(*command.split()).failure()
    assert "damaged" in line
    assert "backup" in line
    assert (filled.database.read_bytes(), filled.feed.read_bytes()) == (before, feed)


def test_a_state_folder_that_is_a_file(console: Console) -> None:
    (console.folder / "state").write_text("")
    for command in ("once", "status", "run"):
        assert "state" in console.call(command).failure()


# ── Ports, templates, disks ─────────────────────────────────────────────────────────────────────────


def test_a_busy_port(filled: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        filled.set["SEEDWIRE_SERVER_LISTEN"] = f"127.0.0.1:{holder.getsockname()[1]}"
        line = filled.run("run").failure()
    assert filled.set["SEEDWIRE_SERVER_LISTEN"] in line
    assert "[server] listen" in line


@pytest.mark.parametrize("command", ["run", "once", "digest send"])
def test_a_template_folder_that_is_not_there(console: Console, command: str) -> None:
    console.set["SEEDWIRE_TEMPLATES_DIRECTORY"] = "mine"
    line = console.call(*command.split()).failure()
    assert "mine" in line
    assert "create it" in line


@pytest.mark.parametrize("command", ["run", "once", "digest send"])
def test_a_broken_template(console: Console, command: str) -> None:
    shutil.copytree(TEMPLATES, console.folder / "mine")
    (console.folder / "mine" / "digest" / "text.txt").write_text("Dear reader,\n{% for entry in entries %}\n")
    console.set["SEEDWIRE_TEMPLATES_DIRECTORY"] = "mine"
    line = console.call(*command.split()).failure()
    assert "digest/text.txt, line 2" in line


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes: an empty archive with its log takes half of that."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("a small disk can only be mounted by root")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=False, capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_full_disk(console: Console, small_disk: Path) -> None:
    state = ("--state", small_disk)
    console.drop("a.txt", "Goats climb a tower")
    console.call(*state, "once").told()
    feed = (small_disk / "public" / "feed.atom").read_bytes()
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="No space"):
        ballast.write_bytes(bytes(8 << 20))
    assert "space" in console.call(*state, "--seeds", EXAMPLES, "once").failure()
    assert (small_disk / "public" / "feed.atom").read_bytes() == feed
    ballast.unlink()
    assert "Goats climb" in console.call(*state, "search", "goats").told()
    console.call(*state, "--seeds", EXAMPLES, "once").told()
    (told,) = console.call(*state, "status", "--json").objects()
    assert told["totals"]["characters"] == told["totals"]["characters_in_pieces"]
    assert (told["totals"]["failures"], told["totals"]["dumps"]) == (0, len(list(EXAMPLES.rglob("*.txt"))) + 1)


# ── doctor, backup ──────────────────────────────────────────────────────────────────────────────────


def test_doctor_finds_nothing_wrong(filled: Console) -> None:
    lines = filled.call("doctor").told().splitlines()
    assert len(lines) >= 6
    assert all(line.startswith("ok ") for line in lines)


def test_doctor_says_what_to_do_about_all_of_it(filled: Console) -> None:
    filled.database.write_bytes(b"this is not a database, it is a sentence " * 200)
    filled.set |= {"SEEDWIRE_TEMPLATES_DIRECTORY": "mine", "SEEDWIRE_SMTP_URL": "smtp://127.0.0.1:9"}
    done = filled.call("doctor", "--seeds", "nowhere")
    assert done.code == 1
    bad = {line.split()[1].rstrip(":"): line for line in done.out.splitlines() if line.startswith("bad ")}
    assert set(bad) == {"seeds", "templates", "store", "mail"}
    assert "nowhere" in bad["seeds"]
    assert "127.0.0.1:9" in bad["mail"]
    assert done.err.count("\n") == 1


def test_backup_is_a_whole_archive(filled: Console) -> None:
    (filled.folder / "other").mkdir()
    assert "other/seedwire.db" in filled.call("backup", "other/seedwire.db").told()
    assert filled.call("--state", "other", "ledger").told() == filled.call("ledger").told()


def test_backup_to_a_full_disk(filled: Console, small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        (small_disk / "ballast").write_bytes(bytes(8 << 20))
    line = filled.call("backup", small_disk / "copy.db").failure()
    assert str(small_disk / "copy.db") in line
    assert "space" in line
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]


def test_backup_that_cannot_be(filled: Console) -> None:
    line = filled.call("backup", "nowhere/copy.db").failure()
    assert "nowhere/copy.db" in line
    assert "folder" in line
    assert "itself" in filled.call("backup", filled.database).failure()
    assert "seedwire.db" in filled.call("--state", "none", "backup", "copy.db").failure()
    assert "Goats" in filled.call("search", "goats").told()
    assert not list(filled.folder.glob("*.part"))


def test_the_state_may_lie_among_the_dumps_and_is_not_read(console: Console) -> None:
    console.drop("a.txt", "A ferry returns to the lake")
    for _ in range(2):
        assert console.call("--seeds", ".", "once").code == 0
    totals = json.loads(console.call("status", "--json").told())["totals"]
    assert (totals["files"], totals["entries"]) == (1, 1)


def test_one_folder_cannot_be_both(console: Console) -> None:
    assert (
        "is both the folder of dumps and of the state" in console.call("--seeds", ".", "--state", ".", "once").failure()
    )


def test_a_one_off_run_without_its_folder_fails_and_posts_all_the_same(console: Console) -> None:
    done = console.call("--seeds", "nowhere", "once")
    assert done.code == 1
    assert "nowhere cannot be read" in done.err
    assert console.feed.exists()
    (unreadable,) = json.loads(console.call("status", "--json").told())["unreadable"]
    assert unreadable["path"] == "."


def test_an_empty_feed_stays_as_it_is(console: Console) -> None:
    console.drop("a.txt", "x").unlink()
    for title in ("One", "Two"):
        console.set["SEEDWIRE_FEED_TITLE"] = title
        console.call("once")
    before = (console.feed.read_bytes(), console.feed.stat().st_mtime_ns)
    console.call("once")
    assert (console.feed.read_bytes(), console.feed.stat().st_mtime_ns) == before


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_no_digest_is_due_beyond_the_calendar(console: Console, at: str) -> None:
    assert console.call("digest", "send", "--at", at).code == 2


def test_processes_that_read_pages_and_die_are_told_of(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_WORTH", 0)
    console.set["SEEDWIRE_SEEDS_READERS"] = "1"
    console.drop("a.txt", "Goats climb a tower")
    assert "died" not in console.call("once").err
    monkeypatch.setattr(pool, "_COMMAND", ("/dev/null/none",))
    console.drop("b.txt", "Goats climb down again")
    done = console.call("once")
    assert done.code == 0
    assert "a process that read pages died; they were read without it  died=1" in done.err
    assert "scanned  dumps=1" in done.err
