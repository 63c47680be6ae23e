"""Crash anywhere while topics are kept, matched and given to new entries, run again, same end."""

from __future__ import annotations

import functools
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from desks import NOW, Desk, page, rows
from power_cuts import MOST, crashing

from worker import jobs
from worker.model import Topic
from worker.store import topics

_OLD = (
    Topic(name="Ferries", slug="ferries", query="ferry"),
    Topic(name="One", slug="one", query="title: 1"),
    Topic(name="Gone", slug="gone", query="title: 2"),
)
_NEW = (
    Topic(name="Ferries", slug="ferries", query="title: ferry NOT title: 1"),
    Topic(name="First", slug="first", query="title: 1"),
    Topic(name="All", slug="all", query="number"),
)


def start(desk: Desk, wanted: tuple[Topic, ...]) -> None:
    """As `once` does."""
    with desk.store() as db:
        jobs.keep_topics(db, wanted)
        jobs.match_topics(db, desk.rim)
        desk.ingest(db, NOW)


def test_topics_whose_matching_dies_at_any_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", 2)
    monkeypatch.setattr(topics, "_STEP", 2)
    monkeypatch.setattr(topics, "_TOPIC", 1)
    before = Desk(tmp_path / "before")
    for number in range(5):
        before.drop(f"{number}.txt", page(number))
    start(before, _OLD)
    for number in range(5, 8):
        before.drop(f"{number}.txt", page(number))
    shutil.copytree(before.folder, tmp_path / "unbroken")
    unbroken = Desk(tmp_path / "unbroken")
    start(unbroken, _NEW)
    with unbroken.store() as db:
        wanted = rows(db)
        found = {one.topic.name: one.entries for one in topics.found(db)}
    assert found == {"Ferries": 7, "First": 1, "All": 8}
    for at in range(1, MOST):
        shutil.copytree(before.folder, tmp_path / str(at))
        desk = Desk(tmp_path / str(at))
        died = crashing(functools.partial(start, desk, _NEW), at)
        start(desk, _NEW)
        with desk.store() as db:
            assert rows(db) == wanted, f"died at step {at}"
        if not died:
            break
    assert 40 < at < MOST - 1
