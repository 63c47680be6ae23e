"""Crash anywhere while reading and publishing, run again, same end: for every step there is, as a loop."""

from __future__ import annotations

import functools
from importlib import import_module
from pathlib import Path

import pytest
from desks import NOW, Desk, page, rows
from invented import body
from power_cuts import MOST, crashing, dying

from worker.store import frames, runs
from worker.store.database import check


def read_and_publish(desk: Desk) -> None:
    with desk.store() as db:
        desk.ingest(db, NOW)
        desk.publish(db, NOW)


def kept(desk: Desk) -> tuple[object, ...]:
    """Rows, feed bytes and mails."""
    with desk.store() as db:
        assert check(db) is None
        totals = runs.totals(db)
        assert totals["characters"] == totals["characters_in_pieces"]
        assert (
            totals["entries"]
            == db.conn.execute("select count(*) from entries_fts where entries_fts match 'number'").fetchone()[0]
        )
        db.conn.execute("insert into entries_fts (entries_fts, rank) values ('integrity-check', 1)")
        return rows(db), desk.feed.read_bytes(), sorted(path.name for path in desk.feed.parent.iterdir())


def fill(desk: Desk) -> Desk:
    """Dumps in three batches: a copy, an untitled text that gets its title in another batch, and no text at all."""
    desk.drop("1.txt", body(1))
    desk.drop("2.txt", page(2))
    desk.drop("3.txt", page(2) + "\n\n08.11.2026, 10:00\n\nGoats climb a tower\n\nTell a friend\n\n" + body(3))
    desk.drop("4.txt", page(1))
    desk.drop("5.txt", page(2))
    return desk


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", 2)
    monkeypatch.setattr(frames, "FIRST", 2)
    monkeypatch.setattr(frames, "EPOCH", 2)


@pytest.mark.usefixtures("small_batches")
def test_reading_and_publishing_that_dies_at_any_step(tmp_path: Path) -> None:
    unbroken = fill(Desk(tmp_path / "unbroken"))
    read_and_publish(unbroken)
    for at in range(1, MOST):
        desk = fill(Desk(tmp_path / str(at)))
        died = crashing(functools.partial(read_and_publish, desk), at)
        read_and_publish(desk)
        assert kept(desk) == kept(unbroken), f"died at step {at}"
        if not died:
            break
    assert 40 < at < MOST - 1


@pytest.mark.usefixtures("small_batches")
def test_reading_that_dies_again_and_again(tmp_path: Path) -> None:
    """Each life takes one more step than the one before."""
    unbroken, desk = fill(Desk(tmp_path / "unbroken")), fill(Desk(tmp_path / "again"))
    read_and_publish(unbroken)
    lives = 0
    while crashing(functools.partial(read_and_publish, desk), lives + 1):
        lives += 1
        assert lives < MOST
    assert lives > 20
    assert kept(desk) == kept(unbroken)


def test_a_feed_that_is_torn_by_a_crash_is_never_seen(tmp_path: Path) -> None:
    desk = fill(Desk(tmp_path))
    read_and_publish(desk)
    old = desk.feed.read_bytes()
    desk.drop("6.txt", page(6))
    with desk.store() as db:
        desk.ingest(db, NOW)
    seen = set()
    for at in range(1, MOST):
        with dying(at) as fuse, desk.store() as db:
            desk.publish(db, NOW)
        seen.add(desk.feed.read_bytes())
        if not fuse.blown:
            break
    assert len(seen) == 2
    assert old in seen
