"""publish: a valid Atom feed (RFC 4287), the same bytes for the same entries, replaced whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from mail_digests import entry

from worker.errors import PublishError
from worker.model import Entry, StatedDate
from worker.outlet import publish
from worker.outlet.publish import FeedHead

NOW = datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
HEAD = FeedHead(
    uri="tag:wire.example.org,2026:wire",
    title="Wire <& Co>",
    base_url="https://wire.example.org",
    path="feed.atom",
    zone=ZoneInfo("Asia/Almaty"),
    since=datetime(2026, 11, 1, tzinfo=UTC),
)
HOSTILE = [
    *("control \x00\x01\x0b\x1f\x7f\x9f characters", "]]> & <![CDATA[x]]>", "<script>alert('x')</script>", "&amp;#0;"),
    *("\u202egnirts detrever\u202c \u2066x\u2069", "🐐👩‍👩‍👧 emoji", "x" * 10_000, "lone \ud800 surrogate \udfff"),
    *("\ufffe \uffff no characters", "two\nlines\r\n\u2028", "\"quotes\" 'too'", "<!-- -- -->", "<?php ?>", "%s {0}"),
]


def read(content: bytes) -> etree._Element:
    """The feed, after all rules that a schema knows, and those that it does not."""
    root = etree.fromstring(content)
    if schema := os.environ.get("SEEDTEST_ATOM_RNG"):
        etree.RelaxNG(file=schema).assertValid(etree.ElementTree(root))
    items = root.findall(f"{ATOM}entry")
    for name in ("id", "title", "updated"):
        assert [len(node.findall(ATOM + name)) for node in (root, *items)] == [1] * (len(items) + 1)
    assert len(root.findall(f"{ATOM}author/{ATOM}name")) == 1
    links = [link.get("rel") for link in root.findall(f"{ATOM}link")]
    assert sorted(str(rel) for rel in links) == ["alternate", "self"]
    for item in items:
        linked(item)
    ids = [item.findtext(f"{ATOM}id") for item in items]
    assert len(set(ids)) == len(ids)
    updated = [str(item.findtext(f"{ATOM}updated")) for item in items]
    assert root.findtext(f"{ATOM}updated") == max(updated, default=HEAD.since.isoformat())
    return root


def linked(item: etree._Element) -> None:
    """One alternate, each place that the news was read at once, and the others counted once."""
    found = [(link.get("rel", "alternate"), str(link.get("href"))) for link in item.findall(f"{ATOM}link")]
    assert len(set(found)) == len(found)
    assert [rel for rel, _ in found if rel != "via"] in (["alternate"], ["alternate", "replies"])
    assert all(re.fullmatch(r"https?://[^\s<>\"\\^`{|}]+", href) for _, href in found)


def feed(*entries: Entry) -> etree._Element:
    return read(publish.feed(HEAD, entries))


def titled(text: str, number: int = 1) -> Entry:
    return replace(entry(number), title=text)


# ── The document ────────────────────────────────────────────────────────────────────────────────────


def test_valid_by_the_schema_of_the_rfc() -> None:
    if "SEEDTEST_ATOM_RNG" not in os.environ:
        pytest.skip("SEEDTEST_ATOM_RNG names no RELAX NG schema of RFC 4287")
    feed()
    feed(*(entry(number) for number in range(50)))


def test_what_the_feed_says_of_itself() -> None:
    root = feed(entry(1))
    assert root.findtext(f"{ATOM}id") == HEAD.uri
    assert root.findtext(f"{ATOM}title") == HEAD.title
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": "https://wire.example.org/feed.atom", "alternate": "https://wire.example.org/"}


def test_entries_in_the_order_given_and_updated_that_of_the_latest() -> None:
    old = replace(entry(3), updated=datetime(2026, 11, 20, tzinfo=UTC))
    root = feed(old, entry(2), entry(1))
    ids = [item.findtext(f"{ATOM}id") for item in root.findall(f"{ATOM}entry")]
    assert ids == [f"tag:wire.example.org,2026:{number}" for number in (3, 2, 1)]
    assert root.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00+00:00"


def test_a_feed_without_entries_is_as_old_as_its_first_publication() -> None:
    assert feed().findtext(f"{ATOM}updated") == "2026-11-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        (None, None),
        ("2026-11-07", "2026-11-06T19:00:00+00:00"),
        ("2026-11-07T09:40", "2026-11-07T04:40:00+00:00"),
        ("2026-11-07T09:40-03:00", "2026-11-07T12:40:00+00:00"),
    ],
)
def test_published_only_where_the_page_states_it(stated: str | None, published: str | None) -> None:
    """A day alone is its midnight in the zone of the seeds; an offset that is stated counts."""
    item = feed(replace(entry(1), published=StatedDate.from_iso(stated) if stated else None)).find(f"{ATOM}entry")
    assert item is not None
    assert item.findtext(f"{ATOM}published") == published


def test_the_source_is_the_author_of_its_entry() -> None:
    one, other = feed(entry(1), replace(entry(2), source=None)).findall(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}author/{ATOM}name") == "Steppe Courier"
    assert other.find(f"{ATOM}author") is None


def test_text_is_safe_html_paragraphs() -> None:
    text = "One <b>bold</b> & plain.\n\nTwo <script>x</script>."
    item = feed(entry(1, text=text)).find(f"{ATOM}entry")
    assert item is not None
    content = item.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    html = "<p>One &lt;b&gt;bold&lt;/b&gt; &amp; plain.</p>\n<p>Two &lt;script&gt;x&lt;/script&gt;.</p>\n"
    assert content.text == html


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_in_a_title_or_text_breaks_the_feed(hostile: str) -> None:
    bad = replace(entry(1), title=hostile, text=hostile, source=hostile)
    items = feed(entry(2), bad).findall(f"{ATOM}entry")
    assert [item.findtext(f"{ATOM}id") for item in items] == [entry(2).uri, bad.uri]


@pytest.mark.parametrize("title", ["<b>bold</b> & ]]> here", "🐐 goat", "x" * 10_000, "Тётя и гусь", "a &amp; b"])
def test_a_title_is_plain_text(title: str) -> None:
    item = feed(titled(title)).find(f"{ATOM}entry")
    assert item is not None
    node = item.find(f"{ATOM}title")
    assert node is not None
    assert (node.text, node.get("type", "text")) == (title, "text")


def test_a_reader_of_feeds_reads_it() -> None:
    told = [titled("<b>bold</b> & more", 2), replace(entry(1), text="One.\nTwo.", source=None)]
    parsed: Any = feedparser.parse(io.BytesIO(publish.feed(HEAD, told)), sanitize_html=False)
    assert not parsed.bozo
    assert (parsed.version, parsed.feed.id, parsed.feed.title) == ("atom10", HEAD.uri, "Wire <& Co>")
    assert [item.id for item in parsed.entries] == [one.uri for one in told]
    assert [item.link for item in parsed.entries] == [f"https://wire.example.org/entries/{one.key}" for one in told]
    assert parsed.entries[1].content[0].value == "<p>One.</p>\n<p>Two.</p>"
    assert "published" not in parsed.entries[0]


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60), st.text(st.characters(exclude_categories=())))
def test_any_text_makes_a_feed_and_always_the_same(title: str, text: str) -> None:
    told = [replace(entry(1), title=title, text=text)]
    assert publish.feed(HEAD, told) == publish.feed(HEAD, told)
    read(publish.feed(HEAD, told))


def test_the_same_moments_in_another_zone_are_the_same_bytes() -> None:
    one = entry(1)
    other = replace(one, updated=one.updated.astimezone(timezone(timedelta(hours=5))))
    assert feed(one).findtext(f"{ATOM}updated") == "2026-11-12T00:01:00+00:00"
    assert publish.feed(HEAD, [one]) == publish.feed(HEAD, [one])
    assert datetime.fromisoformat(str(feed(other).findtext(f"{ATOM}updated"))) == one.updated


# ── The file ────────────────────────────────────────────────────────────────────────────────────────


def test_written_only_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "public" / "feed.atom"
    assert publish.publish(tmp_path / "public", HEAD, [entry(1)], now=NOW)
    before = path.stat()
    assert not publish.publish(tmp_path / "public", HEAD, [entry(1)], now=NOW + timedelta(hours=1))
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert publish.publish(tmp_path / "public", HEAD, [entry(2), entry(1)], now=NOW + timedelta(hours=1))
    assert (path.stat().st_mtime, path.stat().st_ino != before.st_ino) == (int(NOW.timestamp()) + 3600, True)
    assert [each.name for each in path.parent.iterdir()] == ["feed.atom"]


def test_two_versions_never_share_a_second_even_if_the_clock_goes_back(tmp_path: Path) -> None:
    times = []
    for number in range(4):
        publish.publish(tmp_path, HEAD, [entry(number)], now=NOW - timedelta(minutes=number))
        times.append((tmp_path / "feed.atom").stat().st_mtime)
    assert times == sorted(set(times))
    assert all(time == int(time) for time in times)


def test_a_reader_who_has_it_open_reads_the_old_one_to_its_end(tmp_path: Path) -> None:
    publish.publish(tmp_path, HEAD, [entry(1)], now=NOW)
    old = (tmp_path / "feed.atom").read_bytes()
    with (tmp_path / "feed.atom").open("rb") as reader:
        publish.publish(tmp_path, HEAD, [entry(2)], now=NOW)
        assert reader.read() == old


@pytest.mark.parametrize("step", ["fsync", "utime", "replace"])
def test_a_full_disk_keeps_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    publish.publish(tmp_path, HEAD, [entry(1)], now=NOW)
    path = tmp_path / "feed.atom"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    with monkeypatch.context() as patch, pytest.raises(PublishError, match=rf"{path} .*No space left") as caught:
        patch.setattr(os, step, full)
        publish.publish(tmp_path, HEAD, [entry(2)], now=NOW)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [each.name for each in tmp_path.iterdir()] == ["feed.atom"]
    assert publish.publish(tmp_path, HEAD, [entry(2)], now=NOW)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("a file")
    with pytest.raises(PublishError, match="public"):
        publish.publish(tmp_path / "public", HEAD, [entry(1)], now=NOW)


def test_what_a_crash_left_behind_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".feed.atom.tmp").write_bytes(b"half a fe")
    assert publish.publish(tmp_path, HEAD, [entry(1)], now=NOW)
    assert [each.name for each in tmp_path.iterdir()] == ["feed.atom"]
    read((tmp_path / "feed.atom").read_bytes())
