"""publish: RSS 2.0, JSON Feed 1.1 and OPML 2.0, by the same entries."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import feedparser
from channels import COURIER, LAKE, PRESS, ROADS, WIRE, document
from feed_rules import links, parsed, proper_json, proper_rss
from lxml import etree
from mail_digests import entry

from worker.model import Entry, StatedDate
from worker.outlet import publish

HUBBED = replace(PRESS, hubs=("https://hub.example/",))


def dated(number: int, **changes: Any) -> Entry:
    stated = StatedDate.from_iso("2026-11-07T09:40")
    return replace(entry(number), published=stated, link="https://courier.example/1", **changes)


def test_rss() -> None:
    content = publish.rss(HUBBED, document(dated(1), replace(entry(2), source=None), channel=ROADS))
    assert proper_rss(content) == [entry(1).uri, entry(2).uri]
    channel = etree.fromstring(content).find("channel")
    assert channel is not None
    feed = "https://wire.example.org/topics/roads/feed.rss"
    assert links(channel, "self") == [{"rel": "self", "href": feed, "type": "application/rss+xml"}]
    assert links(channel, "hub") == [{"rel": "hub", "href": "https://hub.example/"}]
    assert channel.findtext("lastBuildDate") == "Thu, 12 Nov 2026 00:02:00 GMT"
    one, other = channel.findall("item")
    assert one.findtext("pubDate") == "Sat, 07 Nov 2026 04:40:00 GMT"
    assert one.findtext("link") == "https://wire.example.org/entries/e1"
    source = one.find("source")
    assert source is not None
    assert (source.text, source.get("url")) == (
        "Steppe Courier – Wire <& Co>",
        "https://wire.example.org/sources/steppe-courier/feed.rss",
    )
    assert (other.find("pubDate"), other.find("source")) == (None, None)


def test_rss_as_a_reader_sees_it() -> None:
    feed = parsed(publish.rss(HUBBED, document(dated(1))))
    (one,) = feed.entries
    assert (feed.version, feed.feed.title) == ("rss20", "Wire <& Co>")
    assert (one.id, one.link, one.title) == (entry(1).uri, "https://wire.example.org/entries/e1", "Ferry returns")
    assert (one.author, one.guidislink) == ("Steppe Courier", False)
    assert (one.summary, one.updated) == ("<p>It sails at nine.</p>", "2026-11-12T00:01:00+00:00")


def test_json_feed() -> None:
    content = publish.json_feed(HUBBED, document(dated(1), replace(entry(2), source=None, language=None)))
    assert proper_json(content) == [entry(1).uri, entry(2).uri]
    feed = json.loads(content)
    one, other = feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Wire <& Co>",
        "home_page_url": "https://wire.example.org/",
        "feed_url": "https://wire.example.org/feed.json",
        "authors": [{"name": "Wire <& Co>"}],
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    }
    assert one == {
        "id": entry(1).uri,
        "url": "https://wire.example.org/entries/e1",
        "external_url": "https://courier.example/1",
        "title": "Ferry returns",
        "content_html": "<p>It sails at nine.</p>\n",
        "summary": "It sails at nine.",
        "date_published": "2026-11-07T04:40:00+00:00",
        "date_modified": "2026-11-12T00:01:00+00:00",
        "authors": [{"name": "Steppe Courier"}],
        "language": "ru",
    }
    assert not {"external_url", "date_published", "authors", "language"} & set(other)


def test_json_feed_of_beginnings() -> None:
    press = replace(PRESS, summary=True)
    (one,) = json.loads(publish.json_feed(press, document(dated(1, text="It sails.\nAt nine."))))["items"]
    assert "content_html" not in one
    assert (one["content_text"], one["summary"]) == ("It sails.", "It sails.")


def test_json_feed_as_a_reader_sees_it() -> None:
    read: Any = feedparser.parse(publish.json_feed(PRESS, document(dated(1), entry(2))).decode())
    assert read.version == "json11"
    assert [one.id for one in read.entries] == [entry(1).uri, entry(2).uri]


def test_opml() -> None:
    root = etree.fromstring(publish.opml(PRESS, [LAKE, COURIER, WIRE, ROADS]))
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Wire <& Co>")
    feeds = [dict(outline.attrib) for outline in root.iter("outline") if outline.get("xmlUrl")]
    assert feeds[0] == {
        "type": "rss",
        "text": "Wire <& Co>",
        "title": "Wire <& Co>",
        "xmlUrl": "https://wire.example.org/feed.atom",
        "htmlUrl": "https://wire.example.org/",
    }
    assert [feed["text"] for feed in feeds[1:]] == ["Roads", "Steppe Courier", "Озёрный край"]
    assert all(outline.get("text") for outline in root.iter("outline"))
    assert [node.get("text") for node in root.findall("body/outline")] == ["Wire <& Co>", "Topics", "Sources"]
    alone = etree.fromstring(publish.opml(PRESS, [WIRE]))
    assert len(alone.findall("body/outline")) == 1
