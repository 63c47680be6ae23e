"""Silences in the store; and an outbox that was made when every message had a subscription."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from archives import NOW, drop, ingested, message, opened, page, subscription
from sqlite_utils import Database

from worker.model import EVERYTHING, Credit, DeliveryState, Occasion, Outage, Silence
from worker.store import outbox, silences, subscribers
from worker.store.database import put, transaction
from worker.store.schema import migrations

DAY = timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "seedwire.db") as database:
        yield database


def silence(source: str = "ferry gazette", days: int = 0) -> Silence:
    return Silence(
        source=source,
        name=source.title(),
        last=NOW + days * DAY,
        newest=7 + days,
        usual_gap=timedelta(hours=36.5),
        since=NOW + (days + 8) * DAY,
    )


def test_a_silence_is_noted_told_and_ended_once(db: Database) -> None:
    first = silence()
    assert silences.note(db, first, NOW + 9 * DAY)
    assert not silences.note(db, first, NOW + 10 * DAY)
    assert silences.going_on(db) == silences.untold(db) == [first]
    number = outbox.add_notice(db, message("n"), Occasion(name="quiet sources", due=NOW), NOW)
    silences.told(db, [first], number)
    assert (silences.going_on(db), silences.untold(db)) == ([first], [])
    silences.end(db, first, NOW + 11 * DAY)
    assert silences.going_on(db) == []
    assert not silences.note(db, first, NOW + 12 * DAY)
    assert silences.note(db, silence(days=11), NOW + 30 * DAY)


def test_the_last_outage_is_that_of_all_sources(db: Database) -> None:
    for days, source in ((0, EVERYTHING), (20, EVERYTHING), (40, "ferry gazette")):
        silences.note(db, silence(source, days), NOW)
        silences.end(db, silence(source, days), NOW + (days + 10) * DAY)
    silences.note(db, silence(EVERYTHING, 60), NOW)
    assert silences.last_outage(db) == Outage(began=NOW + 20 * DAY, ended=NOW + 30 * DAY)


def test_a_notice_hangs_on_no_subscription_and_stays_when_readers_go(db: Database) -> None:
    subscribers.add(db, subscription())
    numbers = [
        outbox.add_notice(db, message(name), Occasion(name="quiet sources", due=NOW), NOW) for name in ("a", "b")
    ]
    subscribers.remove(db, "ana@example.org")
    found = [outbox.get(db, number) for number in numbers]
    assert [one and (one.subscription, one.state) for one in found] == [(None, DeliveryState.QUEUED)] * 2
    assert outbox.telling_of(db, 1, since=NOW) == []
    with pytest.raises(sqlite3.IntegrityError):
        outbox.add_notice(db, message("a"), Occasion(name="quiet sources", due=NOW), NOW)


def test_who_was_heard_and_when(db: Database, tmp_path: Path) -> None:
    drop(tmp_path / "seeds", "roads/1.txt", page(1))
    drop(tmp_path / "seeds", "roads/2.txt", page(1, title="The same text"))
    drop(tmp_path / "seeds", "lakes/3.txt", page(3) + "\nSource: Ferry Gazette\n")
    drop(tmp_path / "seeds", "lakes/4.txt", page(4) + "\nSource: Ferry Gazette\n")
    ingested(db, tmp_path / "seeds")
    db.conn.execute("update entries set stored = ? where number = 3", (put(NOW + DAY),))
    drop(tmp_path / "seeds", "again/1.txt", page(1, title="Seen elsewhere"))
    ingested(db, tmp_path / "seeds", NOW + DAY)
    heard = [(credit, moment, articles) for credit, (moment, articles, _) in silences.heard(db, NOW)]
    assert sorted(heard, key=repr) == sorted(
        [
            (Credit("Ferry Gazette", None, None), NOW, 2),
            (Credit(None, None, "roads/1.txt"), NOW + DAY, 1),
        ],
        key=repr,
    )
    assert len(list(silences.heard(db, NOW + DAY))) == 1


def test_what_a_replay_finds_on_an_old_page_is_no_arrival(db: Database, tmp_path: Path) -> None:
    drop(tmp_path / "seeds", "1.txt", page(1) + "\nSource: Ferry Gazette\n")
    drop(tmp_path / "seeds", "2.txt", page(2))
    ingested(db, tmp_path / "seeds")
    db.conn.execute("update entries set place = 1")
    assert list(silences.heard(db, NOW)) == []


def test_no_text_is_looked_at_to_know_who_was_heard(db: Database) -> None:
    plan = db.conn.execute("explain query plan " + silences._HEARD, ("2026",)).fetchall()
    steps = [detail for *_, detail in plan]
    assert any("COVERING INDEX entries_source" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)


def test_an_archive_from_before_keeps_its_mail_and_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "seedwire.db"
    connection = sqlite3.connect(path, isolation_level=None)
    with closing(connection):
        connection.execute("pragma foreign_keys = on")
        old = Database(connection)
        with transaction(old):
            migrations.apply(old, stop_before="silences_and_notices")
        subscribers.add(old, subscription())
        values = f"1, ?, '{put(NOW)}', ?, 's', 'r', x'00', 0, 1, ?, 1, '{put(NOW)}', 250, 'OK', 'c', 'd'"
        for number, state in enumerate(("sent", "dot", "deferred", "sent"), 1):
            connection.execute(
                f"insert into outbox values (?, {values})", (number, f"o{number}", f"<{number}@x>", state)
            )
        connection.execute("delete from outbox where id = 4")
        before = connection.execute("select * from outbox order by id").fetchall()
    with opened(path) as db:
        assert db.conn.execute("select * from outbox order by id").fetchall() == before
        assert outbox.due(db, NOW) == [3]
        assert [one.number for one in outbox.unsure(db)] == [2]
        assert outbox.add_notice(db, message("n"), Occasion(name="quiet sources", due=NOW), NOW) == 5
        assert subscribers.remove(db, "ana@example.org")
        assert outbox.counts(db) == {"queued": 1}
        names = {name for (name,) in db.conn.execute("select name from sqlite_master")}
        assert {"outbox_open", "silences", "entries_source"} <= names
        assert "letters" not in names
