"""Arrival order is all that stories depend on: not portions, not restarts, not what is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from tellings import Newsroom, Wire, sound

from worker.errors import StoryError
from worker.jobs import neighbours
from worker.jobs.relating import sketches_of
from worker.store import entries
from worker.store.sketches import Sketches

_PORTIONS = import_module("worker.jobs.portions")


@contextmanager
def batches_of(dumps: int) -> Iterator[None]:
    with patch.object(_PORTIONS, "_BATCH_DUMPS", dumps):
        yield


def in_one_scan(room: Newsroom, pages: list[str], _chance: Random) -> None:
    room.read(*pages)


def one_by_one(room: Newsroom, pages: list[str], _chance: Random) -> None:
    with room.store() as db:
        for one in pages:
            room.put(one)
            room.ingest(db)


def anyhow(room: Newsroom, pages: list[str], chance: Random) -> None:
    """Scans and portions of any size; restarts in between."""
    left = pages
    while left:
        count = chance.randint(1, 12)
        if chance.random() < 0.3:
            room.restart()
        with batches_of(chance.randint(1, 5)):
            room.read(*left[:count])
        left = left[count:]


def postings(db: Database, sketches: Sketches) -> dict[int, list[int]]:
    """Who is found by each gram that any entry of the archive has."""
    grams = b"".join(one for (one,) in db.conn.execute("select grams from sketches"))
    found = sketches.postings(np.frombuffer(grams, "<u8"), entries.last_given(db), room=10_000)
    return {gram: sorted(held or ()) for gram, held in found.items() if held}


def remembers_what_is_stored(room: Newsroom) -> None:
    """The index that followed the store is that which a new process makes of it."""
    with room.store() as db:
        sound(db)
        assert room.kept is not None
        followed, anew = room.kept.sketches, sketches_of(room.window)
        followed.follow(db)
        anew.follow(db)
        assert postings(db, followed) == postings(db, anew) != {}
        last = entries.last_given(db)
        within = range(followed.oldest(last) + 1, last + 1)
        assert [followed.size(number) for number in within] == [anew.size(number) for number in within]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1 << 30), st.sampled_from([4, 9, 25, 1000]), st.sampled_from([2, 4, 40]))
@example(seed=0, window=4, common=2)
@example(seed=0, window=1000, common=2)
def test_portions_and_restarts_change_no_row(seed: int, window: int, common: int) -> None:
    pages = Wire(seed).pages(30)
    kept = []
    with TemporaryDirectory() as folder, patch.object(neighbours, "_COMMON", common):
        for read in (in_one_scan, one_by_one, anyhow):
            room = Newsroom(Path(folder) / read.__name__, window=window)
            read(room, pages, Random(seed))
            remembers_what_is_stored(room)
            kept.append(room.rows())
    assert kept[0] == kept[1]
    assert kept[0] == kept[2]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1 << 30))
def test_what_operators_decide_in_between_is_followed(seed: int) -> None:
    """A process that runs on remembers what a new one would, after splits and joins by another."""
    chance, wire = Random(seed), Wire(seed)
    with TemporaryDirectory() as folder:
        room = Newsroom(Path(folder), window=chance.choice([9, 1000]))
        for _ in range(3):
            room.read(*wire.pages(8))
            numbers = list(room.led())
            for _ in range(2):
                with suppress(StoryError):  # most are alone
                    room.split(chance.choice(numbers))
                with suppress(StoryError):
                    room.join(chance.choice(numbers), chance.choice(numbers))
            remembers_what_is_stored(room)
