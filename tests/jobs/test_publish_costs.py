"""What publishing hangs on: what has changed, and not how much is stored; and who waits for whom meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW, Desk
from sqlite_utils import Database

from bench import archive
from worker import jobs
from worker.errors import FeedRefused
from worker.model import Channel, Document, Press
from worker.outlet import publish as feeds
from worker.store import channels, retractions, turns
from worker.store.database import transaction

_STEPS = 10  # of SQLite, counted together


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def stored(folder: Path, count: int) -> Desk:
    """A desk with an archive of so many entries."""
    folder.mkdir()
    archive.make(folder, count, NOW)
    return Desk(folder / "state")


def pressing(desk: Desk, **given: object) -> jobs.Pressing:
    return jobs.Pressing(public=desk.feed.parent, press=desk.press, now=NOW, **given)  # type: ignore[arg-type]


def steps(db: Database, desk: Desk) -> int:
    """What SQLite does for a publish behind which nothing is left to do."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    db.conn.set_progress_handler(count, _STEPS)
    assert desk.publish(db)
    db.conn.set_progress_handler(None, 0)
    assert not channels.stale(db)
    return counted


def documents(desk: Desk) -> set[str]:
    folder = desk.feed.parent
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_store_is_not_gone_through(tmp_path: Path) -> None:
    taken = []
    for count in (400, 2_000):
        desk = stored(tmp_path / str(count), count)
        with desk.store() as db:
            retractions.add(db, 7, "wrong", NOW)
            desk.publish(db)
            desk.news(db, 1, 2, 3)
            taken.append(steps(db, desk))
    assert taken[1] < 1.2 * taken[0]


# ── Who waits ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The channels of heads and the numbers of archive documents as they are written."""
    written: list[str] = []
    publish = feeds.publish

    def noted(directory: Path, press: Press, document: Document, **given: object) -> tuple[str, ...]:
        written.append(f"{document.channel.folder}{document.archive or 'head'}")
        return publish(directory, press, document, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(feeds, "publish", noted)
    yield written


def test_no_head_waits_for_its_history_where_there_is_none(desk: Desk, order: list[str]) -> None:
    desk = stored(desk.folder / "stored", 120)
    with desk.store() as db:
        desk.publish(db)
        assert order[:6] == ["head", "1", "2", "3", "4", "head"]
        with transaction(db):
            channels.soil(db, (channels.WIRE,))
            turns.add(db, [(channels.WIRE, number) for number in range(1, 26)])
        order.clear()
        desk.publish(db)
        assert order == ["5", "head"]


def test_the_wire_waits_for_no_other(desk: Desk, order: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    desk = stored(desk.folder / "stored", 40)
    with desk.store() as db:
        desk.publish(db)
        channels.soil(db, [channel.number for channel in channels.every(db)])
        order.clear()
        publish = feeds.publish

        def meanwhile(directory: Path, press: Press, document: Document, **given: object) -> tuple[str, ...]:
            changed = publish(directory, press, document, **given)  # type: ignore[arg-type]
            if len(order) == 3:
                channels.soil(db, (channels.WIRE,))
            return changed

        monkeypatch.setattr(feeds, "publish", meanwhile)
        desk.publish(db)
    assert order[0] == order[3] == "head"
    assert len(order) == len(set(order)) + 1


def test_history_that_is_written_once_more_waits_for_news(desk: Desk, order: list[str]) -> None:
    desk = stored(desk.folder / "stored", 60)
    with desk.store() as db:
        desk.publish(db)
        (desk.feed.parent / "archive" / "1.atom").unlink()
        jobs.look_after(db, desk.feed.parent)
        channels.soil(db, [channel.number for channel in channels.every(db)])
        order.clear()
        desk.publish(db)
        assert (order[0], order[-1]) == ("head", "1")
        assert not channels.stale(db)


def test_a_wire_that_is_refused_is_tried_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = stored(desk.folder / "stored", 40)
    with desk.store() as db:
        tried: list[Channel] = []

        def refusing(_directory: Path, _press: Press, document: Document, **_given: object) -> tuple[str, ...]:
            tried.append(document.channel)
            raise FeedRefused("no")

        monkeypatch.setattr(feeds, "publish", refusing)
        done = jobs.publish(db, pressing(desk))
        assert len(tried) == len(done.refused) == len(channels.every(db))


def test_the_first_publish_is_stopped_and_goes_on(desk: Desk) -> None:
    desk = stored(desk.folder / "stored", 200)
    with desk.store() as db:
        third = desk.feed.parent / "archive" / "3.atom"
        jobs.publish(db, pressing(desk, stopping=third.exists))
        before = {name: (desk.feed.parent / name).stat().st_mtime_ns for name in documents(desk)}
        assert {name for name in before if name.startswith("archive/")} == {f"archive/{n}.atom" for n in (1, 2, 3)}
    with desk.store() as db:
        desk.publish(db, NOW + timedelta(minutes=1))
        assert not channels.stale(db)
        assert {f"archive/{number}.atom" for number in range(1, 9)} <= documents(desk)
        kept = {name: (desk.feed.parent / name).stat().st_mtime_ns for name in before}
        assert kept == before
