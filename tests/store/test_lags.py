"""How long it took from a file to the feed: one row a day, however many entries there are."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from archives import NOW, drop, ingested, opened, page
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from worker.store import lags
from worker.store.lags import BOUNDS, NONE, Lags


def told(db: Database, seeds: Path, seconds: list[float], now: datetime = NOW) -> None:
    """Drop a file for each of these, so long before the feed tells of it."""
    last = db.conn.execute("select coalesce(max(number), 0) from entries").fetchone()[0]
    for number, lag in enumerate(seconds, last + 1):
        path = drop(seeds, f"{number}.txt", page(number))
        written = now.timestamp() - lag
        os.utime(path, (written, written))
    ingested(db, seeds, now)
    lags.note(db, range(last + 1, last + 1 + len(seconds)), now)


def test_a_day_is_one_row_with_its_worst(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        told(db, tmp_path / "seeds", [0.75, 1.5, 1.75])
        told(db, tmp_path / "seeds", [40.0])
        found = lags.by_day(db, NOW.date())[NOW.date()]
        assert (found.entries, found.worst) == (4, 40.0)
        assert found.total == pytest.approx(44.0)
        assert 1.0 <= found.median <= 2.0
        assert db.conn.execute("select count(*) from lags").fetchone() == (1,)


def test_days_stand_apart_and_can_be_taken_together(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        told(db, tmp_path / "seeds", [1.0])
        told(db, tmp_path / "seeds", [3.0, 3.0], NOW + timedelta(days=1))
        assert [one.entries for one in lags.by_day(db, NOW.date()).values()] == [1, 2]
        assert list(lags.by_day(db, NOW.date() + timedelta(days=1))) == [NOW.date() + timedelta(days=1)]
        assert (lags.every(db).entries, lags.every(db).worst) == (3, 3.0)


def test_what_lay_there_before_was_not_late(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        told(db, tmp_path / "seeds", [86_401.0, 400 * 86_400.0])
        assert lags.by_day(db, NOW.date()) == {}


def test_a_clock_that_is_behind_makes_no_negative_lag(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        told(db, tmp_path / "seeds", [-30.0])
        assert (lags.every(db).entries, lags.every(db).worst) == (1, 0.0)


def test_it_is_the_first_sighting_that_counts(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        told(db, tmp_path / "seeds", [100.0])
        drop(tmp_path / "seeds", "again.txt", page(1) + " ")
        ingested(db, tmp_path / "seeds", NOW + timedelta(seconds=5))
        db.conn.execute("delete from lags")
        lags.note(db, [1, 77], NOW)
        assert (lags.every(db).entries, lags.every(db).worst) == (1, 100.0)


def test_a_file_that_has_changed_since_tells_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        told(db, tmp_path / "seeds", [5.0])
        db.conn.execute("delete from lags")
        drop(tmp_path / "seeds", "1.txt", page(2))
        ingested(db, tmp_path / "seeds", NOW + timedelta(seconds=5))
        lags.note(db, [1], NOW + timedelta(seconds=5))
        assert lags.every(db) == NONE


@given(st.lists(st.integers(0, 50), min_size=len(BOUNDS), max_size=len(BOUNDS)))
def test_a_median_lies_in_the_step_of_the_middle_entry(counts: list[int]) -> None:
    found = Lags(counts=tuple(counts), worst=BOUNDS[-1], total=1.0)
    if not found.entries:
        assert found.median == 0.0
        return
    spread = [place for place, count in enumerate(counts) for _ in range(count)]
    step = spread[(len(spread) - 1) // 2]
    assert (BOUNDS[step - 1] if step else 0.0) <= found.median <= BOUNDS[step]
