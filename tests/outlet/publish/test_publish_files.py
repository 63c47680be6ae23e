"""publish: files are checked, then replaced whole or not at all, and only where bytes differ."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from channels import COURIER, LAKE, NOW, PRESS, ROADS, WIRE, document
from feed_rules import ids, proper, proper_json, proper_rss
from mail_digests import entry

from worker.errors import FeedRefused, PublishError
from worker.model import Document
from worker.outlet import publish

FORMATS = ("feed.atom", "feed.rss", "feed.json")
LATER = NOW + timedelta(hours=1)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def told(*numbers: int) -> Document:
    return document(*(entry(number) for number in numbers))


def test_a_head_is_three_files_and_an_archive_document_one(tmp_path: Path) -> None:
    assert publish.publish(tmp_path, PRESS, told(1), now=NOW) == FORMATS
    roads = document(entry(1), channel=ROADS)
    assert publish.publish(tmp_path, PRESS, roads, now=NOW) == tuple(f"topics/roads/{name}" for name in FORMATS)
    closed = replace(roads, archive=3, previous=2)
    assert publish.publish(tmp_path, PRESS, closed, now=NOW) == ("topics/roads/archive/3.atom",)
    lake = document(channel=LAKE)
    assert publish.publish(tmp_path, PRESS, lake, now=NOW)[0] == "sources/озёрный-край/feed.atom"
    assert ids(proper((tmp_path / "feed.atom").read_bytes())) == [entry(1).uri]
    assert proper_rss((tmp_path / "feed.rss").read_bytes()) == [entry(1).uri]
    assert proper_json((tmp_path / "feed.json").read_bytes()) == [entry(1).uri]


def test_written_only_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "public" / "feed.atom"
    assert publish.publish(tmp_path / "public", PRESS, told(1), now=NOW)
    before = path.stat()
    assert publish.publish(tmp_path / "public", PRESS, told(1), now=LATER) == ()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert publish.publish(tmp_path / "public", PRESS, told(2, 1), now=LATER) == FORMATS
    assert (path.stat().st_mtime, path.stat().st_ino != before.st_ino) == (int(NOW.timestamp()) + 3600, True)
    assert files(tmp_path / "public") == sorted(FORMATS)


def test_a_format_that_is_missing_is_written_alone(tmp_path: Path) -> None:
    publish.publish(tmp_path, PRESS, told(1), now=NOW)
    (tmp_path / "feed.rss").unlink()
    assert publish.publish(tmp_path, PRESS, told(1), now=LATER) == ("feed.rss",)
    link = document(replace(entry(1), text="Other text."))
    assert publish.publish(tmp_path, PRESS, link, now=LATER) == FORMATS


def test_two_versions_never_share_a_second_even_if_the_clock_goes_back(tmp_path: Path) -> None:
    times = []
    for number in range(4):
        publish.publish(tmp_path, PRESS, told(number), now=NOW - timedelta(minutes=number))
        times.append([(tmp_path / name).stat().st_mtime for name in FORMATS])
    for column in zip(*times, strict=True):
        assert list(column) == sorted(set(column))
        assert all(time == int(time) for time in column)


def test_a_reader_who_has_it_open_reads_the_old_one_to_its_end(tmp_path: Path) -> None:
    publish.publish(tmp_path, PRESS, told(1), now=NOW)
    old = (tmp_path / "feed.atom").read_bytes()
    with (tmp_path / "feed.atom").open("rb") as reader:
        publish.publish(tmp_path, PRESS, told(2), now=NOW)
        assert reader.read() == old


@pytest.mark.parametrize("step", ["fsync", "utime", "replace"])
def test_a_full_disk_keeps_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    publish.publish(tmp_path, PRESS, told(1), now=NOW)
    path = tmp_path / "feed.atom"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    with monkeypatch.context() as patch, pytest.raises(PublishError, match=rf"{path} .*No space left") as caught:
        patch.setattr(os, step, full)
        publish.publish(tmp_path, PRESS, told(2), now=NOW)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert files(tmp_path) == sorted(FORMATS)
    assert publish.publish(tmp_path, PRESS, told(2), now=NOW) == FORMATS


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("a file")
    with pytest.raises(PublishError, match="public"):
        publish.publish(tmp_path / "public", PRESS, told(1), now=NOW)
    (tmp_path / "feed.atom").mkdir()
    with pytest.raises(PublishError, match=r"feed\.atom .*directory"):
        publish.publish(tmp_path, PRESS, told(1), now=NOW)


def test_what_a_crash_left_behind_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".feed.atom.tmp").write_bytes(b"half a fe")
    (tmp_path / "feed.rss").write_bytes(b"half a fe")
    assert publish.publish(tmp_path, PRESS, told(1), now=NOW) == FORMATS
    assert files(tmp_path) == sorted(FORMATS)
    proper((tmp_path / "feed.atom").read_bytes())


def test_a_last_one_that_cannot_be_read_does_not_hold_up_the_next(tmp_path: Path) -> None:
    (tmp_path / "feed.atom").write_bytes(b"<feed><ent")
    assert publish.publish(tmp_path, PRESS, told(1), now=NOW) == FORMATS


def test_what_is_refused_leaves_all_as_it_is(tmp_path: Path) -> None:
    publish.publish(tmp_path, PRESS, told(1), now=NOW)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in FORMATS}
    again = document(entry(2), replace(entry(1), updated=NOW))
    with pytest.raises(FeedRefused) as caught:
        publish.publish(tmp_path, PRESS, again, now=LATER)
    assert str(caught.value) == (
        f"{tmp_path}/feed.atom is not published: entry tag:wire.example.org,2026:1 would be new again without a change "
        "of its text; the last good one stays; if that is meant, remove the file: it is written anew"
    )
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in FORMATS} == before
    (tmp_path / "feed.atom").unlink()
    assert publish.publish(tmp_path, PRESS, again, now=LATER) == FORMATS


def test_what_is_required_is_there_or_nothing(tmp_path: Path) -> None:
    twice = document(entry(1), entry(1), required=2)
    with pytest.raises(FeedRefused, match=r"id tag:\S+ stands there 2 times"):
        publish.publish(tmp_path, PRESS, twice, now=NOW)
    assert files(tmp_path) == []


# ── Documents that end, and the list of all ──────────────────────────────────────────────────────────


def test_archive_documents_that_are_no_more(tmp_path: Path) -> None:
    publish.publish(tmp_path, PRESS, told(1), now=NOW)
    for number in (1, 2, 3):
        publish.publish(tmp_path, PRESS, document(entry(1), channel=ROADS, archive=number), now=NOW)
    for _ in range(2):
        publish.withdraw(tmp_path, ROADS, (2, 3, 4))
        assert files(tmp_path) == sorted((*FORMATS, "topics/roads/archive/1.atom"))
    publish.withdraw(tmp_path, LAKE, (1,))


def test_archive_documents_that_cannot_be_removed_are_named(tmp_path: Path) -> None:
    (tmp_path / "topics/roads/archive/1.atom").mkdir(parents=True)
    with pytest.raises(PublishError, match="topics/roads"):
        publish.withdraw(tmp_path, ROADS, (1,))


def test_the_list_of_all_feeds(tmp_path: Path) -> None:
    channels = [LAKE, COURIER, ROADS, WIRE]
    assert publish.publish_opml(tmp_path, PRESS, channels, now=NOW)
    assert not publish.publish_opml(tmp_path, PRESS, channels[::-1], now=LATER)
    assert (tmp_path / publish.OPML).read_bytes() == publish.opml(PRESS, channels)
