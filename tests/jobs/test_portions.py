"""A dump of many pages comes in over several transactions: killed, stopped or changed in between, nothing is lost."""

from __future__ import annotations

import functools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from desks import NOW, Desk, lawful, page, rows
from dump_makers import gz, record
from power_cuts import MOST, crashing

from worker import jobs
from worker.store import dumps, frames
from worker.store.database import check

_PAGES = 8


_SLOGAN = "voice of the river valley"


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two or three pages a transaction, no dump held in memory, and borders within dumps."""
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_PORTION", 2500)
    monkeypatch.setattr(import_module("worker.intake.scan"), "_HELD", 100)
    monkeypatch.setattr(frames, "FIRST", 2)
    monkeypatch.setattr(frames, "EPOCH", 4)
    monkeypatch.setattr(frames, "FEWEST", 2)
    monkeypatch.setattr(import_module("worker.intake.segment.frame"), "_SEEN", 2)


def archive(*numbers: int, slogan: str = _SLOGAN) -> bytes:
    """Pages of a site that says something within each of its texts that no list of words knows."""
    parts = ((number, page(number).rstrip("\n").rpartition("\n\n")) for number in numbers)
    texts = ((number, f"{first}\n\n{slogan}\n\n{last}\n") for number, (first, _, last) in parts)
    return b"".join(record("conversion", text.encode(), url=f"https://x/{number}") for number, text in texts)


def fill(desk: Desk) -> Desk:
    """A large dump between two small ones, a copy of it, and a packed one with some of the same articles."""
    desk.drop("1.txt", page(13))
    desk.drop("2.wet", archive(*range(_PAGES)))
    desk.drop("3.txt", page(14))
    desk.drop("4.wet", archive(*range(_PAGES)))
    desk.drop("5.wet.gz", gz(archive(*range(5, _PAGES + 5))))
    return desk


def read(desk: Desk) -> None:
    with desk.store() as db:
        desk.ingest(db, NOW)


def kept(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    with desk.store() as db:
        assert check(db) is None
        lawful(db)
        return rows(db)


@pytest.fixture
def unbroken(tmp_path: Path) -> Iterator[Desk]:
    desk = fill(Desk(tmp_path / "unbroken"))
    read(desk)
    yield desk


def test_a_large_dump_has_all_its_pages_once(unbroken: Desk) -> None:
    with unbroken.store() as db:
        found = db.conn.execute(
            "select path, complete, count(*) from dumps join pages on dump = dumps.id group by 1, 2"
        )
        assert found.fetchall() == [
            ("1.txt", 1, 1), ("2.wet", 1, _PAGES), ("3.txt", 1, 1), ("5.wet.gz", 1, _PAGES),
        ]  # fmt: skip
        assert db.conn.execute("select count(*) from files").fetchone() == (5,)
        again = unbroken.ingest(db)
        assert (again.dumps, again.growing, again.failures) == (0, 0, 0)


def test_the_size_of_portions_changes_no_row(tmp_path: Path, unbroken: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_PORTION", 1 << 30)
    whole = fill(Desk(tmp_path / "whole"))
    read(whole)
    assert kept(whole) == kept(unbroken)


def test_pages_of_a_large_dump_are_read_with_what_those_before_the_last_border_taught(unbroken: Desk) -> None:
    with unbroken.store() as db:
        found = db.conn.execute(
            """select pages.id, reason from pages join dumps on dumps.id = dump join pieces on page = pages.id
            where path = '2.wet' and substr(cast(pages.text as text), start + 1, ?) = ? order by 1""",
            (len(_SLOGAN), _SLOGAN),
        ).fetchall()
        told = dict.fromkeys((5, 6, 7, 8, 9), "seen on 3 pages")
        assert dict(found) == told, (
            "borders stand behind the pages 2, 4 and 8; what the pages up to 8 show counts later"
        )
        later = db.conn.execute(
            """select pages.id, reason from pages join dumps on dumps.id = dump join pieces on page = pages.id
            where path = '5.wet.gz' and reason like 'seen on%' group by 1"""
        ).fetchall()
        assert dict(later) == (
            dict.fromkeys((11, 12), "seen on 3 pages")
            | dict.fromkeys(range(13, 17), "seen on 7 pages")
            | dict.fromkeys((17, 18), "seen on 8 pages")
        )
        assert frames.learned(db) == 12


def test_reading_that_dies_between_any_two_steps(tmp_path: Path, unbroken: Desk) -> None:
    partly = 0
    for at in range(1, MOST):
        desk = fill(Desk(tmp_path / str(at)))
        died = crashing(functools.partial(read, desk), at)
        if died:
            with desk.store() as db:
                partly += db.conn.execute("select count(*) from dumps where not complete").fetchone()[0]
        read(desk)
        assert kept(desk) == kept(unbroken), f"died at step {at}"
        if not died:
            break
    assert partly > 5
    assert at < MOST - 1


def test_reading_that_dies_again_and_again(tmp_path: Path, unbroken: Desk) -> None:
    desk, lives = fill(Desk(tmp_path / "again")), 0
    while crashing(functools.partial(read, desk), lives + 1):
        lives += 1
        assert lives < MOST
    assert kept(desk) == kept(unbroken)


def test_a_stop_is_heard_between_portions(tmp_path: Path, unbroken: Desk) -> None:
    stops = 0
    desk = fill(Desk(tmp_path / "stopped"))
    asked = iter(range(1000))
    desk.rim = jobs.Rim(sleep=lambda _: None, stopping=lambda: next(asked) % 2 == 1)
    while kept_so_far(desk) < 4:
        read(desk)
        stops += 1
        assert stops < 50
    read(desk)
    assert stops > 3
    assert kept(desk) == kept(unbroken)


def kept_so_far(desk: Desk) -> int:
    with desk.store() as db:
        return int(db.conn.execute("select count(*) from dumps where complete").fetchone()[0])


def test_a_dump_that_changes_as_it_is_read_is_read_as_what_it_becomes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = desk.drop("a.wet", archive(*range(_PAGES), slogan=""))

    def grow(done: int, _total: int) -> None:
        if not done and path.stat().st_mtime == NOW.timestamp():
            path.write_bytes(archive(*range(_PAGES + 5), slogan=""))
            os.utime(path, (NOW.timestamp() + 5, NOW.timestamp() + 5))

    desk.rim = jobs.Rim(sleep=lambda _: None, progress=grow)
    with desk.store() as db:
        first = desk.ingest(db)
        assert (first.dumps, first.growing) == (0, 1)
        assert list(dumps.looks(db)) == []
        second = desk.ingest(db)
        assert (second.dumps, second.growing) == (1, 0)
        lawful(db)
        found = db.conn.execute(
            "select complete, count(*) > 0, count(*) from dumps join pages on dump = dumps.id group by dumps.id"
        )
        (partial, one, some), (complete, _, all_) = found.fetchall()
        assert (partial, one, complete, all_) == (0, 1, 1, _PAGES + 5)
        assert some < _PAGES
        assert db.conn.execute("select count(*) from entries").fetchone() == (_PAGES + 5,)


def test_a_copy_has_the_rest_of_a_dump_that_changed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = desk.drop("a.wet", archive(*range(_PAGES)))
    desk.drop("b.wet", archive(*range(_PAGES)))
    desk.rim = jobs.Rim(sleep=lambda _: None, progress=lambda *_: os.utime(path, (0, 0)))
    with desk.store() as db:
        done = desk.ingest(db)
        assert (done.dumps, done.growing, done.changed_in_reading) == (1, 1, ["a.wet"])
        assert [look.path for look in dumps.looks(db)] == ["b.wet"]
        assert db.conn.execute("select count(*), sum(number) from pages").fetchone() == (_PAGES, sum(range(_PAGES + 1)))
        assert db.conn.execute("select complete from dumps").fetchall() == [(1,)]
        lawful(db)


def test_an_older_archive_learns_that_its_dumps_are_complete(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.drop("1.txt", page(1))
    read(desk)
    with closing(sqlite3.connect(tmp_path / "seedwire.db")) as old:
        old.execute("alter table dumps drop column complete")
        old.execute("delete from _sqlite_migrations where name = 'dumps_in_portions'")
        old.commit()
    with desk.store() as db:
        assert desk.ingest(db).dumps == 0
        checksums = [row[0] for row in db.conn.execute("select checksum from dumps")]
        assert [progress.complete for progress in dumps.known(db, checksums).values()] == [True]
