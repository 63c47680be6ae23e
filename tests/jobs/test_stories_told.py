"""What readers get of a story that several tell: one entry of the feed and of each mail, which names the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from desks import NOW, Desk, all_entries, subscribe, title, told
from sqlite_utils import Database

from worker import jobs
from worker.model import Frequency, Occasion
from worker.store import entries
from worker.store.database import open_database, transaction

AUTHORITY = "example.org,2026"
DAY = timedelta(days=1)
DUE = NOW.replace(hour=2, minute=30) + DAY  # 07:30 in Almaty


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        yield database


def named(db: Database, *sources: str) -> None:
    """Let entries have these sources, and a link each, the oldest first."""
    changed = [
        replace(entry, source=source, link=f"https://p{entry.number}.example/ferry")
        for entry, source in zip(all_entries(db), sources, strict=False)
    ]
    with transaction(db):
        entries.update(db, changed)


def join(db: Database, lead: int, *others: int) -> None:
    """An operator says that entries tell the story of another."""
    found = {entry.number: entry for entry in entries.numbered(db, (lead, *others))}
    jobs.join(db, found[lead], [found[number] for number in others], authority=AUTHORITY, now=NOW)


def published(desk: Desk, db: Database) -> list[Any]:
    """The entries of the feed, as a reader of feeds sees them."""
    desk.publish(db)
    parsed: Any = feedparser.parse(desk.feed.read_bytes())
    assert not parsed.bozo
    return list(parsed.entries)


# ── The feed ────────────────────────────────────────────────────────────────────────────────────────


def test_the_feed_tells_a_story_once_and_names_the_others(desk: Desk, db: Database) -> None:
    desk.news(db, 1, 2, 3, 4)
    named(db, "Steppe Courier", "Lake Herald", "Pasture Gazette")
    before = {one.id: one.updated for one in published(desk, db)}
    join(db, 1, 3, 2)
    last, story = published(desk, db)
    assert (last.title, story.title) == (title(4), title(1))
    line = '<p>Also in: <a href="https://p2.example/ferry">Lake Herald</a>, '
    line += '<a href="https://p3.example/ferry">Pasture Gazette</a></p>'
    assert story.content[0].value.endswith(line)
    assert "Also in" not in last.content[0].value
    assert story.updated == before[story.id]
    assert [link["thr:count"] for link in story.links if link.rel == "replies"] == ["2"]


def test_the_bytes_follow_from_the_store(desk: Desk, db: Database) -> None:
    desk.news(db, 1, 2, 3)
    join(db, 1, 2)
    assert desk.publish(db)
    assert not desk.publish(db, NOW + DAY)
    alike = Desk(desk.folder / "other")
    with alike.store() as other:
        alike.news(other, 1, 2, 3)
        join(other, 1, 2)
        alike.publish(other)
    assert alike.feed.read_bytes() == desk.feed.read_bytes()


def test_a_split_is_an_entry_of_its_own_again(desk: Desk, db: Database) -> None:
    desk.news(db, 1, 2)
    join(db, 1, 2)
    assert len(published(desk, db)) == 1
    jobs.split(db, next(entries.numbered(db, [2])), authority=AUTHORITY, now=NOW)
    found = published(desk, db)
    assert sorted(one.title for one in found) == [title(1), title(2)]
    assert not any("Also in" in one.content[0].value for one in found)


# ── Mail ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_digest_tells_a_story_once(desk: Desk, db: Database) -> None:
    subscribe(db)
    desk.news(db, 1, 2, 3)
    named(db, "Steppe Courier", "Lake Herald")
    join(db, 1, 2)
    desk.post(db, DUE)
    (mail,) = desk.mails()
    text = told(mail).replace("\r\n", "\n")
    assert "2 stories" in text
    assert "Steppe Courier · 7 November 2026, 09:40\nalso in Lake Herald\n" in text
    assert [title(number) in text for number in (1, 2, 3)] == [True, False, True]
    html = mail.get_body(("html",))
    assert html is not None
    assert '<span lang="en">also in</span> <bdi>Lake Herald</bdi>' in html.get_content()


@pytest.mark.parametrize("frequency", [Frequency.INSTANT, Frequency.HOURLY, Frequency.DAILY])
def test_who_only_tells_what_was_told_makes_no_mail(desk: Desk, db: Database, frequency: Frequency) -> None:
    """The first of a story was in the digest before; that others tell it too is no news."""
    subscribe(db, frequency=frequency, at="07:30" if frequency is Frequency.DAILY else "")
    desk.news(db, 1)
    desk.post(db, DUE)
    desk.news(db, 2, now=DUE)
    join(db, 1, 2)
    assert desk.post(db, DUE + DAY) == {}
    desk.news(db, 3, now=DUE + DAY)
    desk.post(db, DUE + 2 * DAY)
    assert [title(3) in told(mail) for mail in desk.mails()] == [False, True]
    assert not any(title(2) in told(mail) for mail in desk.mails())


def test_a_digest_knows_who_else_tells_its_stories(desk: Desk, db: Database) -> None:
    who = subscribe(db)
    desk.news(db, 1, 2)
    join(db, 1, 2)
    found = jobs.digest_of(db, who.email, Occasion(name="2026-11-24", due=DUE), entries.last_number(db))
    assert found is not None
    assert [one.number for one in found.entries] == [1]
    assert {number: [one.title for one in others] for number, others in found.also.items()} == {1: [title(2)]}


# ── The outlook of a replay ─────────────────────────────────────────────────────────────────────────


def test_an_outlook_goes_by_stories(desk: Desk, db: Database) -> None:
    subscribe(db)
    desk.news(db, 1, 2, 3)
    copy = desk.folder / "copy.db"
    db.conn.execute("vacuum into ?", (str(copy),))
    with closing(open_database(copy)) as after:
        join(after, 1, 2)
        with transaction(after):
            after.conn.execute("update pieces set entry = 1 where entry in (2, 3)")
        outlook = jobs.outlook(db, after, 50)
        back = jobs.outlook(after, db, 50)
    assert [(due.before, due.after) for due in outlook.mails] == [(3, 2)]
    assert outlook.feed == ()
    assert [entry.number for entry in outlook.unseen] == [3], "2 is named in 1 and nowhere else"
    assert [(lit.entry.number, lit.new) for lit in back.feed] == [(2, True)]
