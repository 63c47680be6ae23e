"""The index in memory: the newest entries by their grams, whatever runs they lie in, as the store has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from archives import NOW, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from worker.model import Placing
from worker.store import sketches, stories
from worker.store.sketches import Row, Size, Sketches, keys_of

_GRAM = 1 << 20  # two grams that differ by less than 2^17 are one here


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "seedwire.db") as opened_:
        yield opened_


def bare_entries(db: Database, *numbers: int) -> None:
    db.conn.executemany(
        """insert into entries (number, key, uri, title, title_derived, text, stored, updated)
        values (?1, 'k' || ?1, 'u', 't', 0, 'text ' || ?1, ?2, ?2)""",
        [(number, NOW.isoformat()) for number in numbers],
    )


def row(entry: int, *grams: int, recipe: int = 1, density: int = 1) -> Row:
    packed = np.sort(np.array(grams, "<u8") * np.uint64(_GRAM))
    return Row(entry=entry, recipe=recipe, size=Size(grams=len(grams), density=density), grams=packed.tobytes())


def filled(db: Database, *rows: Row) -> None:
    bare_entries(
        db, *sorted({one.entry for one in rows} - {n for (n,) in db.conn.execute("select number from entries")})
    )
    sketches.add(db, rows)


def found(index: Sketches, last: int, *grams: int, room: int = 99) -> dict[int, list[int] | None]:
    wanted = np.array(grams, "<u8") * np.uint64(_GRAM)
    held = index.postings(wanted, last, room)
    return {key // _GRAM: None if entries is None else sorted(entries) for key, entries in held.items()}


def following(db: Database, window: int = 99) -> Sketches:
    index = Sketches(window=window, recipe=1)
    index.follow(db)
    return index


# ── Postings ────────────────────────────────────────────────────────────────────────────────────────


def test_entries_are_found_by_their_grams(db: Database) -> None:
    filled(db, row(1, 10, 11), row(2, 11, 12), row(3))
    index = following(db)
    assert found(index, 3, 10, 11, 12, 13) == {10: [1], 11: [1, 2], 12: [2]}
    assert (index.size(1), index.size(3)) == (Size(grams=2, density=1), Size(grams=0, density=1))
    assert (index.size(4), index.size(0)) == (Size(grams=0, density=1), Size(grams=0, density=1))


def test_a_gram_that_more_have_than_there_is_room_for_tells_nothing(db: Database) -> None:
    filled(db, *(row(number, 10, number + 100) for number in range(1, 6)))
    index = following(db)
    assert found(index, 5, 10, 103, room=5) == {10: [1, 2, 3, 4, 5], 103: [3]}
    assert found(index, 5, 10, 103, room=4) == {10: None, 103: [3]}


def test_the_upper_bits_of_a_gram_are_what_it_is_known_by(db: Database) -> None:
    filled(db, row(1, 10))
    wanted = np.array([10 * _GRAM + 5], "<u8")
    assert following(db).postings(wanted, 1, 9) == {10 * _GRAM: [1]}
    assert keys_of(wanted).tolist() == [10 * _GRAM]


def test_other_recipes_are_not_seen(db: Database) -> None:
    filled(db, row(1, 10), row(2, 10, recipe=2))
    assert found(following(db), 2, 10) == {10: [1]}


def test_a_size_holds_every_density(db: Database) -> None:
    filled(db, *(row(number, 1, density=density) for number, density in enumerate((1, 4, 16), 1)))
    index = following(db)
    assert [index.size(number) for number in (1, 2, 3)] == [Size(grams=1, density=density) for density in (1, 4, 16)]


# ── The window ──────────────────────────────────────────────────────────────────────────────────────


def test_only_the_newest_are_looked_at(db: Database) -> None:
    filled(db, *(row(number, 10) for number in range(1, 6)))
    index = following(db, window=2)
    assert found(index, 5, 10) == {10: [4, 5]}
    assert (index.size(3), index.oldest(5), index.oldest(1)) == (Size(grams=0, density=1), 3, 0)
    assert found(index, 6, 10) == {10: [5]}, "they leave as numbers are given, before the store has them"


def test_an_entry_that_was_revised_is_as_old_as_it_is(db: Database) -> None:
    filled(db, *(row(number, 10 + number) for number in range(1, 4)), row(1, 20))
    assert found(following(db), 3, 11, 20) == {11: [1], 20: [1]}
    assert found(following(db, window=2), 3, 11, 20, 13) == {13: [3]}


def test_what_left_the_window_leaves_memory(db: Database) -> None:
    with patch.object(sketches, "_LARGEST", 4):
        index = following(db, window=4)
        for number in range(1, 41):
            filled(db, row(number, 10))
            index.follow(db)
        held = sum(len(run.entries) for run in index._runs)
    assert found(index, 40, 10) == {10: [37, 38, 39, 40]}
    assert held <= 8


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(1, 30), st.sets(st.integers(0, 6), max_size=4)), max_size=6), max_size=8),
    st.integers(1, 12),
)
def test_following_is_reading_anew(steps: list[list[tuple[int, set[int]]]], window: int) -> None:
    """Rows in any order, of entries that were there or not, in runs of any size."""
    with patch.multiple(sketches, _LARGEST=3, _AT_A_TIME=2), opened(Path(":memory:")) as db:
        bare_entries(db, *range(1, 31))
        last = 30
        index = following(db, window)
        for step in steps:
            sketches.add(db, [row(entry, *grams) for entry, grams in step])
            index.follow(db)
            anew = following(db, window)
            assert found(index, last, *range(7)) == found(anew, last, *range(7))
            assert [index.size(number) for number in range(1, 31)] == [anew.size(number) for number in range(1, 31)]


# ── What operators decide, and archives from before ─────────────────────────────────────────────────


def test_after_a_decision_all_is_read_anew(db: Database) -> None:
    filled(db, row(1, 10), row(2, 11))
    index = following(db)
    sketches.remove(db, 1)
    sketches.add(db, [row(1, 12)])
    stories.place(db, 1, Placing.SPLIT, 2, NOW)
    index.follow(db)
    assert found(index, 2, 10, 11, 12) == {11: [2], 12: [1]}


def test_entries_from_before_get_theirs_from_the_newest_on(db: Database) -> None:
    bare_entries(db, 1, 2, 3)
    db.conn.execute("update entries set own = 'its own' where number = 2")
    assert not sketches.all_there(db, 1)
    assert sketches.without(db, 1, None, 2) == [(3, "text 3"), (2, "its own")]
    sketches.add(db, [row(3, 10), row(2, 10)])
    assert not sketches.all_there(db, 1)
    assert sketches.without(db, 1, 2, 2) == [(1, "text 1")]
    sketches.add(db, [row(1, 10)])
    assert sketches.all_there(db, 1)
    assert not sketches.all_there(db, 2)


def test_an_empty_archive_has_them_all(db: Database) -> None:
    assert sketches.all_there(db, 1)
    assert found(following(db), 0, 10) == {}


def test_who_leads_is_known_by_the_text_that_it_came_with(db: Database) -> None:
    filled(db, row(1, 10), row(2, 11), row(3, 12), row(1, 13))
    db.conn.execute("update entries set story = 1 where number = 2")
    assert [number for number, _ in sketches.of_leads(db, 1, 0, 9)] == [1, 3]
    assert sketches.of_leads(db, 1, 0, 1) == [(1, row(1, 10).grams)]
    assert sketches.of_leads(db, 1, 1, 9) == [(3, row(3, 12).grams)]


def test_a_sketch_without_an_entry_is_refused(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        sketches.add(db, [row(7, 10)])
