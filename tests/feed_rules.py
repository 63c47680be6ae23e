"""What every feed must be, said once more without the code that writes and checks them."""

from __future__ import annotations

import io
import json
import os
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SCHEMAS: dict[str, etree.RelaxNG] = {}


def schema() -> etree.RelaxNG | None:
    """RFC 4287, Appendix B, where SEEDTEST_ATOM_RNG names it."""
    path = os.environ.get("SEEDTEST_ATOM_RNG")
    if path and path not in _SCHEMAS:
        _SCHEMAS[path] = etree.RelaxNG(file=path)
    return _SCHEMAS[path] if path else None


def proper(content: bytes) -> etree._Element:
    """The feed in Atom, after all rules that a schema knows, and those that it does not."""
    root = etree.fromstring(content)
    if (rules := schema()) is not None:
        rules.assertValid(etree.ElementTree(root))
    entries = root.findall(f"{ATOM}entry")
    for name in ("id", "title", "updated"):
        assert [len(node.findall(ATOM + name)) for node in (root, *entries)] == [1] * (len(entries) + 1)
    assert len(root.findall(f"{ATOM}author/{ATOM}name")) == 1
    _paged(root)
    for entry in entries:
        _linked(entry)
        _sourced(entry)
    found = ids(root)
    assert len(set(found)) == len(found)
    assert all(re.match(r"(tag|urn):", uri) for uri in (str(root.findtext(f"{ATOM}id")), *found))
    buried = [grave.get("ref") for grave in root.iter(f"{TOMBSTONES}deleted-entry")]
    assert not set(buried) & set(found)
    updated = [datetime.fromisoformat(str(entry.findtext(f"{ATOM}updated"))) for entry in entries]
    own = datetime.fromisoformat(str(root.findtext(f"{ATOM}updated")))
    assert own == max(updated, default=own)
    _safe(root)
    return root


def ids(root: etree._Element) -> list[str]:
    return [str(entry.findtext(f"{ATOM}id")) for entry in root.findall(f"{ATOM}entry")]


def links(node: etree._Element, rel: str) -> list[dict[str, str]]:
    """Attributes of the links of an element, those with `rel` alone."""
    found = [{str(name): str(value) for name, value in link.attrib.items()} for link in node.findall(f"{ATOM}link")]
    return [link for link in found if link.get("rel") == rel]


def parsed(content: bytes) -> Any:
    """As feedparser reads it, without a fault."""
    feed: Any = feedparser.parse(io.BytesIO(content), sanitize_html=False)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def proper_rss(content: bytes) -> list[str]:
    """The ids of a feed in RSS 2.0."""
    root = etree.fromstring(content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    assert [link["rel"] for link in links(channel, "self")] == ["self"]
    for item in channel.iterfind("item"):
        assert item.findtext("title")
        assert re.match(r"https?://", str(item.findtext("link")))
        assert item.find("description") is not None
        assert [guid.get("isPermaLink") for guid in item.iterfind("guid")] == ["false"]
        for date in item.iterfind("pubDate"):
            assert parsedate_to_datetime(str(date.text)).tzinfo
    return [str(guid.text) for guid in channel.iterfind("item/guid")]


def proper_json(content: bytes) -> list[str]:
    """The ids of a JSON Feed 1.1."""
    feed = json.loads(content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert "content_html" in item or "content_text" in item
        assert all(datetime.fromisoformat(item[name]).tzinfo for name in item if name.startswith("date_"))
        assert all(author["name"] for author in item.get("authors", ()))
        assert all(re.match(r"https?://", item[name], re.IGNORECASE) for name in item if name.endswith("url"))
    return [item["id"] for item in feed["items"]]


def _paged(root: etree._Element) -> None:
    """RFC 5005 section 4."""
    closed = root.find(f"{HISTORY}archive") is not None
    rels = sorted(str(link.get("rel")) for link in root.findall(f"{ATOM}link"))
    assert [rel for rel in rels if rel not in ("hub", "prev-archive")] == (
        ["alternate", "current", "self"] if closed else ["alternate", "self"]
    )
    assert rels.count("prev-archive") <= 1
    assert not closed or "hub" not in rels


def _linked(entry: etree._Element) -> None:
    """One alternate, each place that the news was read at once, and the others counted once."""
    found = [(str(link.get("rel")), str(link.get("href"))) for link in entry.findall(f"{ATOM}link")]
    assert len(set(found)) == len(found)
    assert [rel for rel, _ in found if rel != "via"] in (["alternate"], ["alternate", "replies"])
    assert all(re.fullmatch(r"https?://[^\s<>\"\\^`{|}]+", href, re.IGNORECASE) for _, href in found)


def _sourced(entry: etree._Element) -> None:
    for source in entry.findall(f"{ATOM}source"):
        assert [len(source.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert len(links(source, "self")) == 1


def _safe(root: etree._Element) -> None:
    """Nothing in HTML but paragraphs and links of the web."""
    for content in root.iter(f"{ATOM}content"):
        assert content.get("type") == "html"
        for tag in re.findall(r"<[^>]*>", content.text or ""):
            assert re.fullmatch(r'</?p>|</?a>|<a href="https?://[^"<>]*">', tag, re.IGNORECASE), tag
