"""An invented site with its channels, and documents of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from feed_rules import ids, parsed, proper, proper_json, proper_rss
from lxml import etree

from worker.model import Channel, ChannelKind, Document, Entry, Press, Retraction
from worker.outlet import publish

NOW = datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=UTC)
PRESS = Press(
    title="Wire <& Co>",
    base_url="https://wire.example.org",
    authority="wire.example.org,2026",
    zone=ZoneInfo("Asia/Almaty"),
    since=datetime(2026, 11, 1, tzinfo=UTC),
)
WIRE = Channel(number=1, kind=ChannelKind.WIRE, slug="", name="")
ROADS = Channel(number=2, kind=ChannelKind.TOPIC, slug="roads", name="Roads")
COURIER = Channel(number=3, kind=ChannelKind.SOURCE, slug="steppe-courier", name="Steppe Courier")
LAKE = Channel(number=4, kind=ChannelKind.SOURCE, slug="озёрный-край", name="Озёрный край")
HOSTILE = [
    *("control \x00\x01\x0b\x1f\x7f\x9f characters", "]]> & <![CDATA[x]]>", "<script>alert('x')</script>", "&amp;#0;"),
    *("\u202egnirts detrever\u202c \u2066x\u2069", "🐐👩‍👩‍👧 emoji", "x" * 10_000, "lone \ud800 surrogate \udfff"),
    *("\ufffe \uffff no characters", "two\nlines\r\n\u2028", "\"quotes\" 'too'", "<!-- -- -->", "<?php ?>", "%s {0}"),
    *("", " \t\n", "no\xa0break", "</p><a href=javascript:alert(1)>x</a>", "&" * 10_000, "\U0001fffe\ufdd0"),
]


def document(*entries: Entry, channel: Channel = WIRE, **more: Any) -> Document:
    return Document(channel=channel, entries=entries, **more)


def head(*entries: Entry, press: Press = PRESS, channel: Channel = WIRE, **more: Any) -> etree._Element:
    """A feed in Atom, once all formats are found proper and alike."""
    told = document(*entries, channel=channel, **more)
    atom, rss, json = publish.atom(press, told), publish.rss(press, told), publish.json_feed(press, told)
    assert (atom, rss, json) == (publish.atom(press, told), publish.rss(press, told), publish.json_feed(press, told))
    assert max(map(len, (atom, rss, json))) <= press.bytes
    root = proper(atom)
    assert ids(root) == proper_rss(rss) == proper_json(json)
    assert [one.id for one in parsed(rss).entries] == ids(root)
    return root


def archive(number: int, *entries: Entry, press: Press = PRESS, **more: Any) -> etree._Element:
    return proper(publish.atom(press, document(*entries, archive=number, **more)))


def retraction(number: int, reason: str = "Invented by mistake") -> Retraction:
    made = datetime(2026, 11, 20, tzinfo=UTC)
    uri = f"tag:wire.example.org,2026:{number}"
    return Retraction(number=number, uri=uri, key=f"e{number}", reason=reason, made=made)
