"""Sources go quiet: one line, one event, one mail each time, whatever comes between."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from desks import TEMPLATES, Desk, Mailbox, page, rows, serving, smtp, states, subscribe, told
from power_cuts import MOST, crashing
from sqlite_utils import Database

from worker import jobs
from worker.model import DeliveryState
from worker.outlet.deliver import Route
from worker.store import outbox

BEGIN = datetime(2026, 3, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)
OPERATOR = jobs.Operator(
    email="desk@example.org",
    multiple=5,
    templates=TEMPLATES,
    sender="Wire <wire@example.org>",
    title="Wire",
    base_url="https://wire.example.org",
    folder="/srv/dumps",
    timezone="Asia/Almaty",
)
SILENT = replace(OPERATOR, email="")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk")


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        yield database


class Crawler:
    """Drops two new pages into a folder, which is the source, and has them read."""

    def __init__(self, desk: Desk, db: Database) -> None:
        self.desk, self.db, self.count = desk, db, 0

    def brings(self, now: datetime, *folders: str) -> None:
        for folder in folders:
            for _ in range(2):
                self.count += 1
                self.desk.drop(f"{folder}/{self.count}.txt", page(self.count))
        self.desk.ingest(self.db, now)

    def daily(self, days: int, *folders: str, begin: datetime = BEGIN) -> datetime:
        """The last moment of so many days."""
        for day in range(days):
            self.brings(begin + day * DAY, *folders)
        return begin + (days - 1) * DAY


@pytest.fixture
def crawler(desk: Desk, db: Database) -> Crawler:
    return Crawler(desk, db)


def look(desk: Desk, db: Database, now: datetime, operator: jobs.Operator = OPERATOR) -> list[str]:
    """One round as the daemon makes it; the names of those that have gone quiet."""
    noted = jobs.note_silences(db, operator, now=now)
    desk.post(db, now)
    return [one.name for one in noted]


def subjects(desk: Desk) -> list[str]:
    return [str(mail["subject"]) for mail in desk.mails()]


# ── Once ────────────────────────────────────────────────────────────────────────────────────────────


def test_one_mail_for_one_silence(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    noted = [look(desk, db, last + hours * timedelta(hours=1)) for hours in range(24 * 9)]
    assert [names for names in noted if names] == [["roads/"]]
    assert noted[24 * 5 + 1] == ["roads/"]
    (mail,) = desk.mails()
    assert mail["subject"] == "Quiet: roads/, nothing for 5 days (usually every day)"
    assert (mail["to"], mail["auto-submitted"]) == ("desk@example.org", "auto-generated")
    assert mail["list-id"] is None
    text = told(mail)
    for words in (
        "nothing for 5 days, usually every day",
        "last came in 11 March 2026, 08:00 (Asia/Almaty)",
        "Ferry 20 returns · 7 November 2026, 09:40",
        "https://wire.example.org/entries/",
        "/srv/dumps",
        "set quiet",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) <= 72


def test_who_speaks_again_and_stops_again_gets_another(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    assert look(desk, db, last + 8 * DAY) == ["roads/"]
    last = crawler.daily(3, "roads", begin=last + 10 * DAY)
    assert look(desk, db, last) == []
    assert look(desk, db, last + 8 * DAY) == ["roads/"]
    assert look(desk, db, last + 9 * DAY) == []
    assert len(desk.mails()) == len({mail["message-id"] for mail in desk.mails()}) == 2


def test_several_at_once_are_one_mail(desk: Desk, db: Database, crawler: Crawler) -> None:
    crawler.daily(10, "roads", "lakes", "ports")
    last = crawler.daily(9, "ports", begin=BEGIN + 10 * DAY)
    assert look(desk, db, last) == ["lakes/", "roads/"]
    assert look(desk, db, last + DAY) == []
    (mail,) = desk.mails()
    assert mail["subject"] == "Quiet: lakes/ and 1 more source"
    assert "roads/" in told(mail)


def test_a_dead_crawler_is_one_mail_and_then_every_source_has_its_time(
    desk: Desk, db: Database, crawler: Crawler
) -> None:
    folders = [f"site{number}" for number in range(5)]
    last = crawler.daily(20, *folders)
    noted = [names for day in range(30) if (names := look(desk, db, last + day * DAY))]
    assert noted == [["all sources"]]
    assert len(jobs.quiet(db, 5, now=last + 29 * DAY)) == 6
    back = last + 30 * DAY
    crawler.brings(back, "site0")
    assert [one.name for one in jobs.quiet(db, 5, now=back)] == []
    assert look(desk, db, back) == []
    crawler.daily(9, "site0", "site1", begin=back + DAY)
    assert look(desk, db, back + 9 * DAY) == ["site2/", "site3/", "site4/"]
    assert subjects(desk) == [
        "Quiet: nothing at all for 6 days (usually every day)",
        "Quiet: site2/ and 2 more sources",
    ]
    assert "crawler runs" in told(desk.mails()[0])


def test_without_an_address_it_is_noted_and_told_when_there_is_one(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    assert look(desk, db, last + 8 * DAY, SILENT) == ["roads/"]
    assert desk.mails() == []
    assert look(desk, db, last + 9 * DAY) == []
    assert look(desk, db, last + 10 * DAY) == []
    assert subjects(desk) == ["Quiet: roads/, nothing for 9 days (usually every day)"]


def test_what_is_no_silence_by_todays_multiple_is_not_told(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    assert look(desk, db, last + 6 * DAY, SILENT) == ["roads/"]
    for multiple in (0, 8):
        assert look(desk, db, last + 7 * DAY, replace(OPERATOR, multiple=multiple)) == []
        assert desk.mails() == []
    look(desk, db, last + 9 * DAY, replace(OPERATOR, multiple=8))
    assert len(desk.mails()) == 1


def test_switched_off(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    assert look(desk, db, last + 90 * DAY, replace(OPERATOR, multiple=0)) == []
    assert jobs.quiet(db, 0, now=last + 90 * DAY) == []


def test_a_look_that_finds_nothing_writes_nothing(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    look(desk, db, last + 8 * DAY)
    before = db.conn.total_changes
    look(desk, db, last + 9 * DAY)
    assert db.conn.total_changes == before


def test_pages_that_say_nothing_new_end_no_silence(desk: Desk, db: Database, crawler: Crawler) -> None:
    """The crawler goes on, and brings what it brought before, with another view count."""
    last = crawler.daily(10, "roads")
    for day in range(1, 8):
        desk.drop(f"roads/again{day}.txt", page(20, stated=f"07.11.2026, 09:40 {day}"))
        desk.ingest(db, last + day * DAY)
    assert look(desk, db, last + 7 * DAY) == ["roads/"]


def test_named_sources_are_one_however_they_are_written(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    db.conn.execute("update entries set source = 'Министерство дорог' where number % 2")
    db.conn.execute("update entries set source = 'МИНИСТЕРСТВО  ДОРОГ' where not number % 2")
    assert look(desk, db, last + 8 * DAY) == ["МИНИСТЕРСТВО  ДОРОГ"]
    db.conn.execute("update entries set source = null, link = 'https://www.roads.example.org/' || number")
    assert [one.name for one in jobs.quiet(db, 5, now=last + 8 * DAY)] == ["roads.example.org"]


def test_a_name_that_is_half_a_header_stays_one_line(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    db.conn.execute("update entries set source = ?", ("Roads\r\nBcc: all@example.org\u2028" + "x" * 200,))
    look(desk, db, last + 8 * DAY)
    (mail,) = desk.mails()
    assert mail["bcc"] is None
    assert str(mail["subject"]).startswith("Quiet: Roads Bcc: all@example.org")


# ── The way out ─────────────────────────────────────────────────────────────────────────────────────


def test_a_server_that_is_down_for_a_week_and_refuses_at_first(desk: Desk, db: Database, crawler: Crawler) -> None:
    """A notice is not a digest: nothing comes after it, so it is never too late."""
    last = crawler.daily(10, "roads")
    mailbox, now = Mailbox(), last + 8 * DAY
    blocked = desk.folder / "mail"
    blocked.write_text("a file where the Maildir should be")
    with pytest.raises(Exception, match="Maildir"):
        look(desk, db, now)
    assert states(db) == {"queued": 1}
    mailbox.answers = ["451 later"]
    with serving(mailbox) as port, smtp(port) as route:
        desk.post(db, now + 7 * DAY, route)
        assert states(db) == {"deferred": 1}
        desk.post(db, now + 8 * DAY, route)
        desk.post(db, now + 9 * DAY, route)
    assert [str(mail["subject"])[:13] for mail in mailbox.taken] == ["Quiet: roads/"]
    assert states(db) == {"sent": 1}


def test_it_goes_beside_digests(desk: Desk, db: Database, crawler: Crawler) -> None:
    last = crawler.daily(10, "roads")
    subscribe(db, created=last - DAY)
    look(desk, db, last + 8 * DAY)
    assert sorted(mail["to"] for mail in desk.mails()) == ["ana@example.org", "desk@example.org"]


# ── Crashes ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def overdue(desk: Desk) -> Desk:
    """A source that is quiet, and one that fell silent, was told of, and speaks again."""
    with desk.store() as db:
        crawler = Crawler(desk, db)
        crawler.daily(10, "roads", "lakes")
        crawler.daily(10, "lakes", begin=BEGIN + 10 * DAY)
        look(desk, db, BEGIN + 12 * DAY, replace(OPERATOR, multiple=1000))
        assert look(desk, db, BEGIN + 17 * DAY) == ["roads/"]
        crawler.brings(BEGIN + 20 * DAY, "roads", "lakes")
        crawler.daily(9, "roads", begin=BEGIN + 21 * DAY)
    return desk


def copied(desk: Desk, name: str) -> Desk:
    copytree(desk.folder, desk.folder.with_name(name))
    return Desk(desk.folder.with_name(name))


NOW = BEGIN + 30 * DAY


def test_noting_and_posting_to_a_maildir_that_die_at_any_step(overdue: Desk) -> None:
    def work(desk: Desk) -> None:
        with desk.store() as db:
            look(desk, db, NOW)

    unbroken = copied(overdue, "unbroken")
    work(unbroken)
    assert len(unbroken.mails()) == 2
    for at in range(1, MOST):
        desk = copied(overdue, str(at))
        died = crashing(functools.partial(work, desk), at)
        work(desk)
        work(desk)
        assert [bytes(mail) for mail in desk.mails()] == [bytes(mail) for mail in unbroken.mails()], f"died at {at}"
        with desk.store() as db, unbroken.store() as other:
            assert rows(db)["silences"] == rows(other)["silences"]
            assert states(db) == {"sent": 2}
        if not died:
            break
    assert 15 < at < MOST - 1


def test_noting_and_posting_to_a_server_that_die_at_any_step(overdue: Desk) -> None:
    def work(desk: Desk, route: Route) -> None:
        with desk.store() as db:
            jobs.note_silences(db, OPERATOR, now=NOW)
            desk.post(db, NOW, route)

    held = 0
    for at in range(1, MOST):
        desk, mailbox = copied(overdue, str(at)), Mailbox()
        with serving(mailbox) as port:
            with smtp(port) as route:
                died = crashing(functools.partial(work, desk, route), at)
            with smtp(port) as route:
                work(desk, route)
                work(desk, route)
        with desk.store() as db:
            doubtful = [one for one in outbox.waiting(db, 9) if one.state is DeliveryState.HELD]
        assert len(mailbox.taken) == 1 or (doubtful and not mailbox.taken), f"died at {at}"
        held += len(doubtful)
        if not died:
            break
    assert 15 < at < MOST - 1
    assert held > 1
