"""learning: what recurs around many articles is the frame of its site; what one article brings along is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from desks import NOW, Desk, all_entries, lawful, page, rows
from invented import body
from power_cuts import MOST, crashing, dying
from sqlite_utils import Database

from worker import jobs
from worker.store import frames

LATER = NOW + timedelta(hours=1)
_SLOGAN = "voice of the river valley"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        yield database


def framed(number: int) -> str:
    """A page whose site says something within the text that no list of words knows."""
    first, rest = page(number).rstrip("\n").rsplit("\n\n", 1)
    return f"{first}\n\n{_SLOGAN}\n\n{rest}\n\n{_SLOGAN} since 19{number:02}\n"


def drop(desk: Desk, numbers: range) -> None:
    for number in numbers:
        desk.drop(f"{number:03}.txt", framed(number))


def reasons(db: Database, words: str) -> list[tuple[str, str]]:
    """(path, reason) of the pieces that begin with some words."""
    found = db.conn.execute(
        """select dumps.path, pieces.reason from pieces join pages on pages.id = page join dumps on dumps.id = dump
        where substr(cast(pages.text as text), start + 1, ?) = ? order by 1, start""",
        (len(words), words),
    )
    return [(path, reason) for path, reason in found]


def test_new_pages_profit_from_what_old_ones_taught(desk: Desk, db: Database) -> None:
    drop(desk, range(16))
    desk.ingest(db)
    assert reasons(db, _SLOGAN) == []
    assert all(_SLOGAN in entry.text for entry in all_entries(db))
    drop(desk, range(16, 20))
    desk.ingest(db, LATER)
    seen = [(f"{number:03}.txt", "seen on 16 pages") for number in range(16, 20) for _ in range(2)]
    assert reasons(db, _SLOGAN) == seen
    assert not any(_SLOGAN in entry.text for entry in all_entries(db)[16:])
    assert frames.load(db)[""][f"{_SLOGAN} since 0"] == 16
    lawful(db)


def test_what_one_article_brings_along_on_many_pages_is_not_learned(desk: Desk, db: Database) -> None:
    """The article is on every listing, with its title and its sub-heading; what stands around the others changes."""
    first, rest = page(0, title="Goats climb a tower").rstrip("\n").rsplit("\n\n", 1)
    often = f"{first}\n\nWhat the keeper says:\n\n{rest}\n"
    for number in range(1, 33):
        news = page(number).partition("07.11.2026")[2]
        desk.drop(f"{number:03}.txt", f"{often}\n07.11.2026{news}")
    desk.ingest(db)
    assert len(all_entries(db)) == 33
    known = frames.load(db)[""]
    assert "Tell a friend" in known
    assert not {"Goats climb a tower", "What the keeper says:"} & set(known)


def test_copies_and_known_articles_teach_nothing(desk: Desk, db: Database) -> None:
    desk.drop("0.txt", framed(0))
    for number in range(1, 40):
        desk.drop(f"{number}.txt", framed(0).replace("09:40", f"09:{number:02}"))
    desk.ingest(db)
    assert len(all_entries(db)) == 1
    assert frames.totals(db) == {"lines": 0, "recurring": 0, "hosts": 0, "pages": 32}


def test_a_large_dump_is_counted_to_the_last_whole_epoch(
    desk: Desk, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing waits: whatever a batch brings, all epochs that the next pages are read with are counted behind it."""
    monkeypatch.setattr(frames, "FIRST", 2)
    monkeypatch.setattr(frames, "EPOCH", 4)
    drop(desk, range(23))
    desk.ingest(db)
    assert (frames.learned(db), frames.last_page(db), frames.whole(db), frames.due(db)) == (16, 23, (16, 20), None)


def test_an_archive_made_before_frames_were_known_learns_from_its_pages(desk: Desk, db: Database) -> None:
    drop(desk, range(40))
    desk.ingest(db)
    before = rows(db)["frame_lines"]
    db.conn.execute("delete from frame_lines")
    db.conn.execute("update frame_progress set upto = 0")
    desk.ingest(db, LATER)
    assert rows(db)["frame_lines"] == before


def test_what_is_to_be_counted_does_not_keep_a_stop_waiting(desk: Desk, db: Database) -> None:
    drop(desk, range(40))
    desk.ingest(db)
    db.conn.execute("update frame_progress set upto = 0")
    desk.rim = jobs.Rim(sleep=lambda _seconds: None, stopping=lambda: True)
    desk.ingest(db, LATER)
    assert frames.learned(db) == 0


@pytest.mark.usefixtures("soon")
def test_a_replay_counts_to_the_last_border_and_new_pages_profit(desk: Desk, db: Database) -> None:
    drop(desk, range(13))
    desk.ingest(db)
    assert frames.learned(db) == 8
    told: list[object] = []
    done = jobs.replay(db, jobs.Reader(), desk.rim, told.append, authority="example.org,2026", now=LATER)
    assert (done.finished, frames.learned(db)) == (True, 12)
    before = rows(db)
    jobs.replay(db, jobs.Reader(), desk.rim, told.append, authority="example.org,2026", now=LATER)
    assert rows(db) == before
    drop(desk, range(13, 14))
    desk.ingest(db, LATER)
    assert frames.learned(db) == 12
    assert reasons(db, _SLOGAN)[-1] == ("013.txt", "seen on 12 pages")


# ── The same end, whatever the batches and crashes ──────────────────────────────────────────────────


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Epochs, and what it takes to be known, are small."""
    monkeypatch.setattr(frames, "FIRST", 2)
    monkeypatch.setattr(frames, "EPOCH", 4)
    monkeypatch.setattr(frames, "FEWEST", 2)
    monkeypatch.setattr(import_module("worker.intake.segment.frame"), "_SEEN", 2)


@pytest.mark.usefixtures("soon")
def test_the_size_of_batches_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []
    for most in (10_000, 1, 3, 5):
        monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", most)
        desk = Desk(tmp_path / str(most))
        drop(desk, range(9))
        desk.drop("003a.txt", framed(2))  # a copy where an epoch ends
        desk.drop("007a.txt", framed(1))
        with desk.store() as db:
            desk.ingest(db)
            kept.append(rows(db))
            assert reasons(db, _SLOGAN)
    assert all(one == kept[0] for one in kept)


@pytest.mark.usefixtures("soon")
def test_learning_that_dies_at_any_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", 3)

    def made(name: str) -> Desk:
        desk = Desk(tmp_path / name)
        drop(desk, range(5))
        desk.drop("x.txt", body(7))
        return desk

    def read(desk: Desk) -> None:
        with desk.store() as db:
            desk.ingest(db)

    def kept(desk: Desk) -> object:
        with desk.store() as db:
            return rows(db)

    unbroken = made("unbroken")
    read(unbroken)
    died = 0
    for at in range(1, MOST):
        desk = made(str(at))
        with dying(at) as fuse:
            read(desk)
        died += fuse.blown
        read(desk)
        assert kept(desk) == kept(unbroken), f"died at step {at}"
        if not fuse.blown:
            break
    assert 40 < died < MOST - 1
    again = made("again")
    lives = 0
    while crashing(lambda: read(again), lives + 1):
        lives += 1
        assert lives < MOST
    assert kept(again) == kept(unbroken)
