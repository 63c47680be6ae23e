"""The pool: whoever reads pages, in whatever portions, stopped or killed, the archive is the same."""

from __future__ import annotations

import functools
from importlib import import_module
from pathlib import Path

import pytest
from desks import Desk
from pools import Watch, ended, fill, kept, read, watched, without_index
from power_cuts import MOST, crashing

from worker import jobs
from worker.jobs import pool
from worker.model import Look
from worker.store import frames


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return watched(monkeypatch)


@pytest.mark.parametrize("seed", range(3))
def test_the_number_of_processes_changes_no_row(tmp_path: Path, watch: Watch, seed: int) -> None:
    found = []
    for readers in (0, 1, 2):
        desk = fill(Desk(tmp_path / str(readers)), seed)
        done = read(desk, readers)
        assert (done.hands_lost, len(watch.hands)) == (0, (0, 1, 3)[readers])
        found.append((done.outcomes, kept(desk)))
    assert found[0] == found[1] == found[2]
    assert watch.answers > 80
    assert ended(watch)
    rows = found[0][1]
    assert len(rows["pages"]) > 7 * frames.EPOCH
    assert any("seen on" in str(row) for row in rows["pieces"])
    assert any(row[3] == "rejected" for row in rows["pieces"])


def test_neither_does_how_dumps_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fill(Desk(tmp_path / "whole"), 7)
    read(whole, 0)
    for batch, portion, few in ((3, 4000, 1), (64, 1 << 20, 6000)):
        monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", batch)
        monkeypatch.setattr(import_module("worker.jobs.portions"), "_PORTION", portion)
        monkeypatch.setattr(pool, "_FEW", few)
        desk = fill(Desk(tmp_path / str(batch)), 7)
        read(desk, 1)
        assert without_index(kept(desk)) == without_index(kept(whole))


def test_nor_where_an_ingest_stops_and_goes_on(tmp_path: Path) -> None:
    whole = fill(Desk(tmp_path / "whole"), 3)
    read(whole, 0)
    desk = fill(Desk(tmp_path / "stopped"), 3)
    for readers in (1, 0, 2) * 5:
        asked = iter(range(1000))
        desk.rim = jobs.Rim(sleep=lambda _: None, stopping=lambda: next(asked) >= 3, readers=readers)  # noqa: B023
        with desk.store() as db:
            desk.ingest(db)
    read(desk, 1)
    assert without_index(kept(desk)) == without_index(kept(whole))


def test_nor_a_crash_at_any_step(tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the steps, one in seventeen: each has a process to start."""
    monkeypatch.setattr(frames, "FIRST", 2)
    monkeypatch.setattr(frames, "EPOCH", 4)
    monkeypatch.setattr(frames, "FEWEST", 2)
    unbroken = fill(Desk(tmp_path / "unbroken"), 5, pages=12)
    read(unbroken, 0)
    for at in range(1, MOST, 17):
        desk = fill(Desk(tmp_path / str(at)), 5, pages=12)
        died = crashing(functools.partial(read, desk, 1), at)
        assert ended(watch)
        read(desk, 1)
        assert without_index(kept(desk)) == without_index(kept(unbroken)), f"died at step {at}"
        if not died:
            break
    assert 100 < at < MOST - 17


def test_processes_are_started_for_much_only(tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_WORTH", 4 << 20)
    small, large = (Look(path="a", size=size, mtime_ns=0) for size in (3 << 20, 1 << 20))
    assert [pool.hands_for(looks, 3) for looks in ((), (small,), (small, large))] == [0, 0, 3]
    read(fill(Desk(tmp_path), 1, 20), 2)
    assert watch.hands == []
