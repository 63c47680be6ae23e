"""ingest: every story once, whatever happens to the files; a run that finds nothing new writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from desks import EXAMPLES, NOW, Desk, all_entries, lawful, page, rows
from invented import body
from sqlite_utils import Database

from worker import jobs
from worker.model import Outcome
from worker.store import dumps, runs

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        yield database


def titles(db: Database) -> list[str]:
    return [entry.title for entry in all_entries(db)]


def copy_examples(desk: Desk) -> None:
    for path in sorted(EXAMPLES.rglob("*.txt")):
        desk.drop(str(path.relative_to(EXAMPLES)), path.read_bytes())


# ── The example pages ───────────────────────────────────────────────────────────────────────────────


def test_the_example_pages_give_every_story_once(desk: Desk, db: Database) -> None:
    copy_examples(desk)
    done = desk.ingest(db)
    files = len(list(EXAMPLES.rglob("*.txt")))
    assert (done.dumps, done.seen, done.failures, done.growing, done.changed) == (files, files, 0, 0, True)
    texts = [entry.text for entry in all_entries(db)]
    assert len(texts) == len(set(texts)) == done.outcomes[Outcome.STORED]
    assert titles(db).count("Night Ferry Returns to Lake Bersuat After Nine Years") == 1
    assert done.outcomes[Outcome.DUPLICATE] >= 1  # the ferry, with another view count
    assert any(entry.language == "ru" for entry in all_entries(db))
    lawful(db)


def test_a_second_run_writes_nothing(desk: Desk, db: Database) -> None:
    copy_examples(desk)
    desk.ingest(db)
    desk.publish(db)
    db.conn.execute("pragma wal_checkpoint(truncate)")
    database = desk.folder / "seedwire.db"
    version = db.conn.execute("pragma data_version").fetchone()
    files = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (database, desk.feed)}
    with desk.store() as again:
        done = desk.ingest(again, LATER)
        assert not desk.publish(again, LATER)
    assert (done.dumps, done.changed, done.seen) == (0, False, len(list(EXAMPLES.rglob("*.txt"))))
    assert db.conn.execute("pragma data_version").fetchone() == version
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files} == files
    assert not (desk.folder / "seedwire.db-wal").stat().st_size


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_the_size_of_batches_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    results = []
    for name, batch in (("whole", 10_000), ("parts", most)):
        monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", batch)
        desk = Desk(tmp_path / name)
        copy_examples(desk)
        desk.drop("z/untitled.txt", body(1))
        desk.drop("z/untitled_later.txt", page(1))
        with desk.store() as db:
            desk.ingest(db)
            desk.publish(db)
            lawful(db)
            results.append((rows(db), desk.feed.read_bytes()))
    assert results[0] == results[1]


def test_large_dumps_make_batches_of_their_own(desk: Desk, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_BYTES", 300)
    commits: list[str] = []
    db.conn.set_trace_callback(lambda sql: commits.append(sql) if sql == "commit" else None)
    desk.news(db, 1, 2, 3)
    assert len(commits) == 3
    assert len(all_entries(db)) == 3


# ── Files come and go ───────────────────────────────────────────────────────────────────────────────


def test_the_same_content_under_another_name_is_not_read_again(desk: Desk, db: Database) -> None:
    desk.news(db, 1)
    before = rows(db)
    desk.drop("archive/copy.txt", page(1))
    (desk.seeds / "1.txt").rename(desk.seeds / "renamed.txt")
    done = desk.ingest(db, LATER)
    assert (done.changed, dict(done.outcomes)) == (False, {})
    after = rows(db)
    assert sorted(look.path for look in dumps.looks(db)) == ["1.txt", "archive/copy.txt", "renamed.txt"]
    assert after | {"files": before["files"]} == before


def test_a_touched_file_is_not_read_again(desk: Desk, db: Database) -> None:
    desk.news(db, 1)
    os.utime(desk.seeds / "1.txt", (1_800_000_000, 1_800_000_000))
    before = rows(db)
    assert not desk.ingest(db, LATER).changed
    assert rows(db) | {"files": before["files"]} == before
    assert desk.ingest(db, LATER).dumps == 0


def test_a_changed_file_adds_what_is_new_in_it(desk: Desk, db: Database) -> None:
    desk.news(db, 1)
    desk.drop("1.txt", page(1) + "\n\n08.11.2026, 10:00\n\nGoats climb a tower\n\nTell a friend\n\n" + body(2))
    done = desk.ingest(db, LATER)
    assert dict(done.outcomes) == {Outcome.DUPLICATE: 1, Outcome.STORED: 1}
    assert titles(db) == ["Ferry 1 returns", "Goats climb a tower"]
    lawful(db)


def test_a_vanished_file_loses_nothing(desk: Desk, db: Database) -> None:
    desk.news(db, 1, 2)
    (desk.seeds / "1.txt").unlink()
    before = rows(db)
    done = desk.ingest(db, LATER)
    assert (done.seen, done.dumps, done.changed) == (1, 0, False)
    assert rows(db) == before


def test_an_empty_file_and_one_that_is_no_text_are_read_once_and_kept(desk: Desk, db: Database) -> None:
    desk.drop("empty.txt", b"")
    desk.drop("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(500))
    desk.news(db, 1)
    assert titles(db) == ["Ferry 1 returns"]
    assert desk.ingest(db, LATER).dumps == 0
    verdicts = db.conn.execute("select path, verdict from pages join dumps on dumps.id = dump order by path")
    assert dict(verdicts.fetchall()) == {"1.txt": "article", "empty.txt": "no-article", "picture.txt": "rejected"}
    lawful(db)


def test_what_cannot_be_read_is_on_record_and_tried_again(
    desk: Desk, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = import_module("worker.intake.scan")

    def broken(path: str, flags: int) -> int:
        if Path(path).name == "2.txt":
            raise OSError(5, "Input/output error")
        return os.open(path, flags | os.O_NONBLOCK)

    with monkeypatch.context() as patch:
        patch.setattr(scan, "_without_waiting", broken)
        desk.news(db, 1, 2, 3)
        assert titles(db) == ["Ferry 1 returns", "Ferry 3 returns"]
        desk.ingest(db, LATER)
    ((failure, since, tries),) = runs.failures(db, 9)
    assert (failure.path, failure.reason, since, tries) == ("2.txt", "Input/output error", NOW, 2)
    desk.ingest(db, LATER)
    assert titles(db)[-1] == "Ferry 2 returns"
    assert runs.failures(db, 9) == []


def test_a_seeds_directory_that_is_not_there_is_said_and_loses_nothing(desk: Desk, db: Database) -> None:
    desk.news(db, 1)
    before = rows(db)
    desk.seeds.rename(desk.folder / "elsewhere")
    seeds = jobs.Seeds.remembered(db, desk.seeds, settle=0, authority="example.org,2026")
    done = jobs.ingest(db, seeds, desk.rim, now=LATER)
    assert done.unreachable
    assert len(runs.failures(db, 9)) == 1
    (desk.folder / "elsewhere").rename(desk.seeds)
    assert desk.ingest(db, LATER).unreachable is None
    assert rows(db) == before


def test_a_stop_ends_after_the_batch_in_hand(desk: Desk, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", 2)
    told: list[tuple[int, int]] = []
    desk.rim = jobs.Rim(
        sleep=lambda _seconds: None, stopping=lambda: bool(told), progress=lambda *done: told.append(done)
    )
    desk.news(db, 1, 2, 3, 4, 5)
    assert told == [(2, 5)]
    assert len(all_entries(db)) == 2
    desk.rim = jobs.Rim(sleep=lambda _seconds: None)
    desk.ingest(db)
    assert len(all_entries(db)) == 5
