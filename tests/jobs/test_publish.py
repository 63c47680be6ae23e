"""publish: heads, their archive documents, what is written again and what is not."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from desks import NOW
from editions import Edition, heads, put_in, texts, unchanged
from feed_rules import ids
from gazette import news
from sqlite_utils import Database

from worker import jobs
from worker.errors import FeedRefused, PublishError
from worker.jobs import archiving
from worker.model import Document
from worker.outlet import publish as feeds
from worker.store import channels

LATER = NOW + timedelta(hours=1)
STORIES = [news(number) for number in range(400)]


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return Edition(tmp_path)


# ── Heads and archive documents ─────────────────────────────────────────────────────────────────────


def test_archive_documents_hold_25_entries_each_in_ingest_order(edition: Edition) -> None:
    told = edition.put_in(*STORIES[:130])
    edition.issue()
    assert ids(edition.head()) == told[:-51:-1]
    assert [ids(node) for node in edition.archives()] == [told[at : at + 25][::-1] for at in (100, 75, 50, 25, 0)]


def test_a_young_wire_has_none(edition: Edition) -> None:
    told = edition.put_in(*STORIES[:24])
    edition.issue()
    assert edition.archives() == []
    assert edition.held() == told[::-1]
    told += edition.put_in(STORIES[24])
    edition.issue()
    assert [ids(node) for node in edition.archives()] == [told[::-1]]


def test_how_entries_come_makes_no_difference(tmp_path: Path) -> None:
    at_once, one_by_one = Edition(tmp_path / "1"), Edition(tmp_path / "2")
    at_once.put_in(*STORIES[:80])
    at_once.issue()
    for one in STORIES[:80]:
        one_by_one.put_in(one)
        one_by_one.issue(thoroughly=False)
    assert {path: content for path, (content, _) in at_once.files().items()} == {
        path: content for path, (content, _) in one_by_one.files().items()
    }


def test_closed_documents_stay_as_they_are(edition: Edition) -> None:
    for at in range(0, 200, 20):
        edition.put_in(*STORIES[at : at + 20], now=NOW + timedelta(minutes=at))
        before = {path: held for path, held in edition.files().items() if "archive" in path} if at else {}
        edition.revise(1 + at // 2, f"Corrected at {at}.", NOW + timedelta(minutes=at, seconds=30))
        edition.issue(NOW + timedelta(minutes=at + 1))
        after = edition.files()
        assert {path: after[path] for path in before} == before
    assert len(edition.archives()) == 8


def test_a_correction_comes_back_through_the_head(edition: Edition) -> None:
    told = edition.put_in(*STORIES[:120])
    edition.issue()
    edition.revise(3, "What was said here was wrong.", LATER)
    with unchanged(edition, *heads("", edition.source(3))):
        edition.issue(LATER)
    head = edition.head()
    assert ids(head)[0] == told[2]
    assert "was wrong" in texts(head)[told[2]]
    assert set(edition.held()) == set(told)
    edition.put_in(*STORIES[120:150])
    edition.issue(LATER)
    assert "was wrong" in texts(edition.archives()[1])[told[2]], "it is closed in once more"
    assert "was wrong" not in texts(edition.archives()[-1])[told[2]]


def test_one_that_is_corrected_all_day_takes_one_place(edition: Edition) -> None:
    told = edition.put_in(*STORIES[:30])
    for at in range(60):
        edition.revise(3, f"Correction {at}.", NOW + timedelta(minutes=at))
    edition.issue(LATER)
    assert ids(edition.head()) == [told[2], *(uri for uri in told[::-1] if uri != told[2])]
    assert len(edition.archives()) == 1


# ── What a replay finds ─────────────────────────────────────────────────────────────────────────────


def test_what_is_of_the_past_is_closed_in_at_once(edition: Edition) -> None:
    told = edition.put_in(*STORIES[:60])
    edition.issue()
    head = ids(edition.head())
    old = edition.put_in(*STORIES[60:90], place=5)
    edition.issue()
    assert ids(edition.head()) == head
    assert [sorted(ids(node)) for node in edition.archives()] == [
        sorted(old[25:]), sorted(old[:25]), sorted(told[25:50]), sorted(told[:25])]  # fmt: skip
    older = edition.put_in(STORIES[90], place=1)
    edition.issue()
    assert ids(edition.archives()[0]) == older
    assert ids(edition.head()) == head


def test_it_is_at_the_end_of_a_small_head(edition: Edition) -> None:
    told = edition.put_in(*STORIES[:10])
    old = edition.put_in(*STORIES[10:13], place=1)
    edition.issue()
    assert ids(edition.head())[:10] == told[::-1]
    assert ids(edition.head())[10:] == old[::-1]


def test_more_of_the_past_than_is_looked_at_at_once(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "_AT_ONCE", 40)
    told = edition.put_in(*STORIES[:100])
    told += edition.put_in(*STORIES[100:230], place=5)
    edition.issue()
    assert set(edition.held()) == set(told)


# ── At every moment ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("written", range(8))
def test_whatever_could_be_written_nothing_is_lost(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """The disk is full after some documents."""
    told = edition.put_in(*STORIES[:60])
    edition.issue()
    told += edition.put_in(*STORIES[60:230])
    count = 0

    def full(*args: Any, **named: Any) -> tuple[str, ...]:
        nonlocal count
        if count == written:
            raise PublishError("no space left")
        count += 1
        return real(*args, **named)

    real = feeds.publish
    monkeypatch.setattr(feeds, "publish", full)
    with pytest.raises(PublishError):
        edition.issue(LATER)
    assert set(told[:60]) <= set(edition.held(strictly=False))
    monkeypatch.setattr(feeds, "publish", real)
    edition.issue(LATER)
    assert set(edition.held()) == set(told)


def test_what_is_refused_waits_and_the_others_go_on(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    told = edition.put_in(*STORIES[:60])
    edition.issue()
    told += edition.put_in(*STORIES[60:120])
    real = feeds.publish

    def refusing(public: Path, press: Any, document: Document, **named: Any) -> tuple[str, ...]:
        if document.archive == 3:
            raise FeedRefused("archive/3.atom is not published")
        return real(public, press, document, **named)

    monkeypatch.setattr(feeds, "publish", refusing)
    before = edition.files()
    with edition.store() as db:
        done = jobs.publish(db, jobs.Pressing(public=edition.public, press=edition.press, now=LATER))
    assert done.refused == ["archive/3.atom is not published"]
    assert {path: held for path, held in edition.files().items() if "/" not in path} == {
        path: held for path, held in before.items() if "/" not in path
    }
    assert edition.held() == [*ids(edition.head()), *told[25:50][::-1], *told[:25][::-1]]
    assert edition.source(61) + "feed.atom" in done.changed
    monkeypatch.setattr(feeds, "publish", real)
    edition.issue(LATER)
    assert set(edition.held()) == set(told)


@pytest.mark.parametrize("looks", range(14))
def test_one_that_is_stopped_goes_on_later(edition: Edition, looks: int) -> None:
    told = edition.put_in(*STORIES[:60])
    edition.issue()
    told += edition.put_in(*STORIES[60:230])
    left = iter([False] * looks)
    edition.issue(LATER, stopping=lambda: next(left, True))
    assert set(told[:60]) <= set(edition.held(strictly=False))
    done = edition.issue(LATER)
    assert set(edition.held()) == set(told)
    assert done.changed


@pytest.mark.parametrize("when", range(1, 6))
def test_what_comes_meanwhile_is_not_lost(edition: Edition, monkeypatch: pytest.MonkeyPatch, when: int) -> None:
    """Another process reads while documents are written: more than a head has room for, behind its back."""
    told = edition.put_in(*STORIES[:60])
    real, count = feeds.publish, 0

    def publish(*args: Any, **named: Any) -> tuple[str, ...]:
        nonlocal count
        count += 1
        if count == when:
            told.extend(edition.put_in(*STORIES[60:170], now=LATER))
            edition.revise(1, "Corrected meanwhile.", LATER)
        return real(*args, **named)

    monkeypatch.setattr(feeds, "publish", publish)
    edition.issue(LATER)
    edition.issue(LATER)
    assert set(edition.held()) == set(told)
    assert texts(edition.head())[told[0]] == "<p>Corrected meanwhile.</p>\n"
    assert edition.issue(LATER).changed == []


def test_what_comes_between_archive_documents_and_head(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    told = edition.put_in(*STORIES[:60])
    real, more = archiving.close_all, iter([STORIES[60:170], STORIES[170:280]])

    def close_all(db: Database, channel: int, *given: Any) -> None:
        real(db, channel, *given)
        if channel == channels.WIRE:
            told.extend(put_in(db, *next(more, ())))

    monkeypatch.setattr(import_module("worker.jobs.publish"), "close_all", close_all)
    edition.issue()
    assert set(told[:60]) <= set(edition.held())
    for _ in range(2):  # it waits for the next one, and is lost for none
        edition.issue()
    assert set(edition.held()) == set(told)
    assert len(edition.archives()) == 11
