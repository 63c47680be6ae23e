"""Crash anywhere while stories are told, split, joined and told anew by a replay; run again, same end."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from desks import NOW
from power_cuts import MOST, crashing
from tellings import AUTHORITY, Newsroom, edited, entry_of, lines, page, sound

from worker import jobs
from worker.errors import StoryError
from worker.jobs import retelling
from worker.store.database import check

TEXT = lines(1)
FULLER = [*TEXT, *lines(2, 4)]


def wire(room: Newsroom) -> None:
    """A story with all that happens to one, in two portions; another one tells it beyond the window."""
    courier = {"title": "The ferry is back", "source": "Courier"}
    room.put(
        page(TEXT, title="Ferry returns"),
        page(FULLER, **courier),
        page(TEXT, title="A ferry comes home", source="Gazette"),
        page(edited(TEXT, 3), title="Ferry returns"),
        page(edited(FULLER, 9), **courier),
        *(page(lines(at), title=f"Goats {at}") for at in (20, 21, 22, 23)),
        page(edited(TEXT, 5), title="In short", source="Herald"),
        page(edited(TEXT, 5, 6), title="In other words", source="Tribune"),
    )


def read(room: Newsroom) -> None:
    with room.store() as db:
        room.restart()
        room.ingest(db, NOW)
        room.publish(db, NOW)


def kept(room: Newsroom) -> object:
    """Rows, and the bytes of the feed."""
    with room.store() as db:
        assert check(db) is None
        sound(db)
    return room.rows(), room.feed.read_bytes()


def once(work: Callable[[Newsroom], object], room: Newsroom) -> None:
    """What an operator does again where he does not know whether it was done."""
    try:
        work(room)
    except StoryError as error:
        assert "nothing to" in str(error)


def cut_anywhere(folder: Path, before: Callable[[Newsroom], object], work: Callable[[Newsroom], object]) -> int:
    """How many steps the work has; it ends as if nothing had happened, whichever of them it dies at."""
    made = []
    for at in range(MOST):
        room = Newsroom(folder / str(at), window=4)
        wire(room)
        before(room)
        if at:
            died = crashing(functools.partial(work, room), at)
        work(room)
        made.append(kept(room))
        assert made[at] == made[0], f"died at step {at}"
        if at and not died:
            break
    return at


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", 6)
    monkeypatch.setattr(retelling, "_AT_ONCE", 2)


def test_an_ingest_that_dies_at_any_step(tmp_path: Path) -> None:
    assert 30 < cut_anywhere(tmp_path, lambda _: None, read) < MOST - 1


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_split_that_dies_at_any_step(tmp_path: Path, number: int) -> None:
    """Of the lead, of the one whose text it shows, of an exact copy."""
    work = functools.partial(once, lambda room: room.split(number, NOW))
    assert 8 < cut_anywhere(tmp_path, read, work) < MOST - 1


def test_a_join_that_dies_at_any_step(tmp_path: Path) -> None:
    work = functools.partial(once, lambda room: room.join(8, 2, now=NOW))
    assert 8 < cut_anywhere(tmp_path, read, work) < MOST - 1


def test_a_replay_that_dies_at_any_step(tmp_path: Path) -> None:
    def again(room: Newsroom) -> None:
        room.replay(NOW)
        assert room.leads()[-2:] == [3, 3]

    def before(room: Newsroom) -> None:
        read(room)
        room.split(3)
        assert room.leads()[-2:] == [8, 8]

    assert 10 < cut_anywhere(tmp_path, before, again) < MOST - 1


@pytest.mark.parametrize("number", [1, 2, 7])
def test_a_retraction_that_dies_at_any_step(tmp_path: Path, number: int) -> None:
    """Of a lead, of the one whose text it shows, of a story of one."""

    def work(room: Newsroom) -> None:
        with room.store() as db:
            jobs.retract(db, entry_of(db, number), "wrong", authority=AUTHORITY, now=NOW)
            room.publish(db, NOW)

    assert 5 < cut_anywhere(tmp_path, read, work) < MOST - 1


@pytest.mark.parametrize("number", [1, 2, 7])
def test_a_restoring_that_dies_at_any_step(tmp_path: Path, number: int) -> None:
    def before(room: Newsroom) -> None:
        read(room)
        with room.store() as db:
            jobs.retract(db, entry_of(db, number), "wrong", authority=AUTHORITY, now=NOW)
            room.publish(db, NOW)

    def again(room: Newsroom) -> None:
        with room.store() as db:
            jobs.restore(db, entry_of(db, number), authority=AUTHORITY, now=NOW)

    def work(room: Newsroom) -> None:
        once(again, room)
        with room.store() as db:
            room.publish(db, NOW)

    assert 5 < cut_anywhere(tmp_path, before, work) < MOST - 1
