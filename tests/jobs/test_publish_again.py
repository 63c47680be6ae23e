"""publish: what is written again when settings, files or what may be seen are others, and that nothing else is."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from desks import NOW
from editions import Edition, graves, heads, unchanged
from feed_rules import ATOM, ids, proper
from gazette import news
from takedowns import restore, retract

from worker.outlet import publish as feeds
from worker.store import channels, presses
from worker.store.database import transaction

LATER = NOW + timedelta(hours=1)
STORIES = [news(number) for number in range(200)]


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    made = Edition(tmp_path)
    made.put_in(*STORIES[:60])
    made.issue()
    return made


# ── Nothing new, and lost files ─────────────────────────────────────────────────────────────────────


def test_nothing_new_writes_nothing(edition: Edition) -> None:
    with unchanged(edition):
        done = edition.issue(LATER)
        assert (done.changed, done.channels) == ([], [])
        edition.fill(1)
        edition.issue(LATER)


def test_what_changes_no_document_writes_none(edition: Edition) -> None:
    """They are looked at, and found to be as they were."""
    with edition.store() as db, transaction(db):
        channels.soil(db, [channel.number for channel in channels.every(db)])
        channels.soil(db, (channels.WIRE,), 1)
    with unchanged(edition):
        assert edition.issue(LATER).changed == []


@pytest.mark.parametrize(
    "lost", ["", "archive", "sources", "archive/1.atom", "feed.atom", "feed.rss", "feed.json", "opml"]
)
def test_what_is_lost_comes_back(edition: Edition, lost: str) -> None:
    before = {path: content for path, (content, _) in edition.files().items()}
    path = edition.public / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    edition.issue(LATER)
    assert {path: content for path, (content, _) in edition.files().items()} == before


def test_a_store_that_begins_anew_leaves_nothing_of_the_one_before(edition: Edition) -> None:
    """Same folder, other archive: as after a move of a damaged store."""
    (edition.folder / "seedwire.db").unlink()
    told = edition.put_in(*STORIES[100:130], now=LATER)
    edition.issue(LATER)
    assert edition.held() == [*told[::-1], *told[24::-1]]


def test_a_backup_that_is_older_than_the_folder(edition: Edition) -> None:
    shutil.copy(edition.folder / "seedwire.db", edition.folder / "backup.db")
    edition.put_in(*STORIES[60:120])
    edition.issue()
    shutil.copy(edition.folder / "backup.db", edition.folder / "seedwire.db")
    told = edition.uris(*range(1, 61)) + edition.put_in(*STORIES[120:160])
    edition.issue(LATER)
    assert ids(edition.head()) == told[:-51:-1]
    assert set(edition.held()) == set(told)


# ── Other settings ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("title", "Another wire"),
        ("base_url", "https://other.example.net"),
        ("authority", "other.example.net,2027"),
        ("zone", ZoneInfo("Asia/Almaty")),
        ("summary", True),
        ("hubs", ("https://hub.example.org/",)),
    ],
)
def test_what_documents_look_like(edition: Edition, setting: str, value: Any) -> None:
    """All are written again, and none is refused."""
    before = edition.files()
    edition.settings[setting] = value
    edition.issue(LATER)
    after = edition.files()
    assert before.keys() == after.keys()
    same = {path for path in before if before[path] == after[path]}
    assert not [path for path in same if path.endswith(".atom") and (setting, "/" in path) != ("hubs", True)]
    with unchanged(edition):
        edition.issue(LATER)
    for path in (path for path in after if path.endswith(".atom")):
        proper(after[path][0])
    edition.settings.clear()
    edition.issue(LATER)
    assert {path: content for path, (content, _) in edition.files().items()} == {
        path: content for path, (content, _) in before.items()
    }


@pytest.mark.parametrize("setting", [{"size": 10}, {"size": 120}, {"bytes": 64 << 10}, {"bytes": 8 << 20}])
def test_what_heads_hold(edition: Edition, setting: dict[str, int]) -> None:
    """Archive documents stay; those that follow are other."""
    told = edition.uris(*range(1, 61))
    edition.settings |= setting
    before = edition.files()
    edition.issue(LATER)
    assert {path: held for path, held in edition.files().items() if "/2.atom" in path or "/1.atom" in path} == {
        path: held for path, held in before.items() if "archive" in path
    }
    assert set(edition.held()) == set(told)
    assert len(ids(edition.head())) <= edition.press.size
    edition.put_in(*STORIES[60:100])
    edition.issue(LATER)
    assert len(ids(edition.archives()[0])) == (12 if edition.press.bytes < 1 << 18 else min(25, edition.press.size))


def test_lead_sentences_only(edition: Edition) -> None:
    edition.settings["summary"] = True
    edition.issue(LATER)
    for node in (edition.head(), *edition.archives()):
        for entry in node.iterfind(f"{ATOM}entry"):
            assert entry.find(f"{ATOM}content") is None
            assert 0 < len(entry.findtext(f"{ATOM}summary") or "") <= 300


@pytest.mark.parametrize("room", [64 << 10, 512 << 10])
def test_the_budget_holds_whatever_comes(tmp_path: Path, room: int) -> None:
    edition = Edition(tmp_path, settings={"bytes": room})
    huge = ("&<>\"'\\ " * 100, "Короткое слово " * 1000, "]]>" * 9000)
    told: list[str] = []
    for at in range(0, 60, 6):
        some = [
            replace(one, sentences=tuple(f"{huge[at % 3]} {one.number} {n}" for n in range(1 + one.number % 9)))
            for one in STORIES[at : at + 6]
        ]
        told += edition.put_in(*some)
        edition.issue()
        for path, (content, _) in edition.files().items():
            assert len(content) <= room or "archive" in path
    assert set(edition.held()) == set(told)
    assert min(len(ids(node)) for node in edition.archives()) < 25


# ── What was taken down ─────────────────────────────────────────────────────────────────────────────


def test_a_tombstone_stands_in_the_head_for_a_month(edition: Edition) -> None:
    told = edition.uris(*range(1, 61))
    source = edition.source(3)
    retract(edition, 3, now=LATER)
    with unchanged(edition, "archive/1.atom", "feed.atom", *heads(source)):
        edition.issue(LATER)
    assert graves(edition.head()) == graves(edition.head(source)) == [told[2]]
    assert graves(edition.archives()[-1]) == [told[2]]
    assert set(edition.held()) == set(told) - {told[2]}
    with unchanged(edition):
        edition.issue(LATER + timedelta(days=29))
    with unchanged(edition, *(path for path in heads("", source) if path.endswith("atom"))):
        edition.issue(LATER + timedelta(days=31))
    assert graves(edition.head()) == []
    assert graves(edition.archives()[-1]) == [told[2]]


def test_what_is_restored_comes_back_everywhere(edition: Edition) -> None:
    told, before = edition.uris(*range(1, 61)), edition.files()["archive/1.atom"][0]
    retract(edition, 3, now=LATER)
    edition.issue(LATER)
    restore(edition, 3, LATER)
    edition.issue(LATER)
    assert edition.files()["archive/1.atom"][0] == before
    assert ids(edition.head())[0] == told[2]
    assert graves(edition.head()) == []


def test_what_is_closed_while_it_is_down(edition: Edition) -> None:
    told = edition.uris(*range(1, 61))
    retract(edition, 55, now=LATER)
    told += edition.put_in(*STORIES[60:100])
    edition.issue(LATER)
    node = edition.archives()[-3]
    assert graves(node) == [told[54]]
    assert len(ids(node)) == 25
    restore(edition, 55, LATER)
    edition.issue(LATER)
    assert told[54] in ids(edition.archives()[-3])


def test_what_a_replay_finds_to_tell_what_is_down_goes_from_closed_documents(edition: Edition) -> None:
    told = edition.uris(*range(1, 61))
    retract(edition, 3, now=LATER)
    edition.issue(LATER)
    edition.fill(7, story=3)
    edition.issue(LATER)
    assert set(edition.held()) == set(told) - {told[2], told[6]}
    assert graves(edition.archives()[-1]) == [told[6], told[2]]


# ── The list of all feeds ───────────────────────────────────────────────────────────────────────────


def test_the_list_of_all_feeds_names_every_channel(edition: Edition) -> None:
    content = (edition.public / "opml").read_text()
    assert content.count("<outline ") == 7
    with edition.store() as db:
        assert feeds.opml(edition.press, channels.every(db)).decode() == content
    with unchanged(edition, *heads("", "sources/a-new-paper/"), "opml"):
        edition.put_in(replace(STORIES[60], source="A new paper"))
        edition.issue(LATER)
    assert "A new paper" in (edition.public / "opml").read_text()


def test_a_channel_that_is_renamed_while_they_are_listed(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def renaming(*args: Any, **named: Any) -> bool:
        written = real(*args, **named)
        with edition.store() as other, transaction(other):
            other.conn.execute("update channels set name = 'Renamed' where id = (select max(id) from channels)")
            presses.keep(other, replace(presses.get(other), listed=None))
        return written

    real = feeds.publish_opml
    edition.put_in(replace(STORIES[60], source="A new paper"))
    with monkeypatch.context() as patch:
        patch.setattr(feeds, "publish_opml", renaming)
        edition.issue(LATER)
    edition.issue(LATER)
    assert "Renamed" in (edition.public / "opml").read_text()
