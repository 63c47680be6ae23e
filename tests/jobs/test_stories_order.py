"""Arrival order is all that stories depend on: not portions, not restarts, not what is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from tellings import Newsroom, Wire, sound

from worker.jobs import neighbours
from worker.jobs.relating import sketches_of
from worker.store import entries
from worker.store.sketches import Sketches

_PORTIONS = import_module("worker.jobs.portions")


@contextmanager
def batches_of(dumps: int) -> Iterator[None]:
    with patch.object(_PORTIONS, "_BATCH_DUMPS", dumps):
        yield


def in_one_scan(room: Newsroom, pages: list[str]) -> None:
    room.read(*pages)


def one_by_one(room: Newsroom, pages: list[str]) -> None:
    for one in pages:
        room.read(one)


def anyhow(room: Newsroom, pages: list[str], seed: int) -> None:
    """Scans and portions of any size; restarts in between."""
    chance, left = Random(seed), pages
    while left:
        count = chance.randint(1, 8)
        if chance.random() < 0.3:
            room.restart()
        with batches_of(chance.randint(1, 4)):
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


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1 << 30), st.sampled_from([4, 9, 25, 1000]), st.sampled_from([2, 4, 40]))
def test_portions_and_restarts_change_no_row(seed: int, window: int, common: int) -> None:
    pages = Wire(seed).pages(40)
    kept = []
    with TemporaryDirectory() as folder, patch.object(neighbours, "_COMMON", common):
        for name in ("once", "singly", "anyhow"):
            room = Newsroom(Path(folder) / name, window=window)
            if name == "once":
                in_one_scan(room, pages)
            elif name == "singly":
                one_by_one(room, pages)
            else:
                anyhow(room, pages, seed)
            remembers_what_is_stored(room)
            kept.append(room.rows())
    assert kept[0] == kept[1]
    assert kept[0] == kept[2]
