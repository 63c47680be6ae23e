"""What a document says of its one article: JSON-LD and microdata (schema.org), Open Graph, meta elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from worker.intake.shapes import legible
from worker.model import Stated

_MOST_NODES = 2000  #: of JSON-LD, and of meta elements, that are looked at
_MOST_JSON = 1 << 20  #: characters of one JSON-LD script
_KINDS = re.compile(r"(?:^|[/:])(?:\w*Article|BlogPosting|LiveBlogPosting|Report|PressRelease)$")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")
_TRAILING = re.compile(r",(?=\s*[}\]])")
_FRAME = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>)?\s*;?\s*$", re.DOTALL
)
_META = {
    "og:title": "title",
    "twitter:title": "title",
    "article:published_time": "published",
    "og:article:published_time": "published",
    "datepublished": "published",
    "date": "published",
    "dc.date": "published",
    "dc.date.issued": "published",
    "dcterms.created": "published",
    "pubdate": "published",
    "publish-date": "published",
    "og:site_name": "source",
    "application-name": "source",
    "dc.publisher": "source",
    "og:url": "link",
    "og:locale": "language",
}
_Found = dict[str, str]


def stated_of(root: etree._Element) -> Stated | None:
    """What is stated, the most careful way of stating it first; None where nothing is."""
    found = _linked(root)
    for more in (_microdata(root), _links(root), _metas(root)):
        found = more | found
    if language := _text(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")):
        found["language"] = language
    if "language" in found:
        found["language"] = found["language"].replace("_", "-")
    return Stated(**found) if found else None


# ── JSON-LD ─────────────────────────────────────────────────────────────────────────────────────────


def _linked(root: etree._Element) -> _Found:
    """Of the only article that JSON-LD tells of; a list of several says nothing of one."""
    articles: list[dict[str, Any]] = []
    for script in islice(root.iter("script"), 200):
        if "ld+json" in (script.get("type") or "").lower():
            articles += _articles(_parsed(script.text or ""))
    distinct = {str(node.get("headline") or node.get("name")) for node in articles}
    if len(distinct) != 1:
        return {}
    node = articles[0]
    told = {
        "title": node.get("headline") or node.get("name"),
        "published": node.get("datePublished") or node.get("dateCreated"),
        "source": _name(node.get("publisher")) or _name(node.get("sourceOrganization")),
        "language": _name(node.get("inLanguage")),
        "link": _address(node.get("mainEntityOfPage")) or _address(node.get("url")),
    }
    return {name: text for name, value in told.items() if (text := _text(value))}


def _parsed(text: str) -> Any:
    """JSON as sites write it: in comments, with line feeds in strings, with a comma too many; None where it is none."""
    text = _FRAME.sub("", text[:_MOST_JSON])
    for attempt in (text, _TRAILING.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _articles(node: Any) -> Iterator[dict[str, Any]]:
    """Nodes of an article's type, wherever JSON-LD lists its nodes."""
    stack, looked = [node], 0
    while stack and looked < _MOST_NODES:
        looked += 1
        node = stack.pop()
        if isinstance(node, list):
            stack += node[:_MOST_NODES]
        elif isinstance(node, dict):
            kinds = node.get("@type")
            if any(
                isinstance(kind, str) and _KINDS.search(kind)
                for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield node
            else:
                stack += [node[key] for key in _WITHIN if key in node]


def _name(value: Any) -> Any:
    """The name of an organisation or language, however it is wrapped."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value.get("name") or value.get("alternateName") if isinstance(value, dict) else value


def _address(value: Any) -> Any:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) and value.startswith(("http:", "https:")) else None


# ── Microdata, links, meta ──────────────────────────────────────────────────────────────────────────


def _microdata(root: etree._Element) -> _Found:
    """Of the only item of an article's type (WHATWG HTML, 5)."""
    items = [
        node
        for node in islice(root.iterfind(".//*[@itemtype]"), 200)
        if _KINDS.search((node.get("itemtype") or "").strip())
    ]
    if len(items) != 1:
        return {}
    found: _Found = {}
    names = {"headline": "title", "datePublished": "published"}
    for node in islice(items[0].iterfind(".//*[@itemprop]"), _MOST_NODES):
        key = names.get(node.get("itemprop") or "")
        value = (
            node.get("content") or node.get("datetime") or "".join(str(text) for text in islice(node.itertext(), 50))
        )
        if key and key not in found and (text := _text(value)):
            found[key] = text
    return found


def _links(root: etree._Element) -> _Found:
    for link in islice(root.iter("link"), _MOST_NODES):
        if "canonical" in (link.get("rel") or "").lower().split() and (address := _text(_address(link.get("href")))):
            return {"link": address}
    return {}


def _metas(root: etree._Element) -> _Found:
    found: _Found = {}
    for meta in islice(root.iter("meta"), _MOST_NODES):
        name = _META.get((meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower())
        value = _address(meta.get("content")) if name == "link" else meta.get("content")
        if name and name not in found and (text := _text(value)):
            found[name] = text
    return found


def _text(value: Any) -> str | None:
    """A stated value in one line, fit to be shown; None for what is no text."""
    return legible.tidy(value[:2000])[:500] or None if isinstance(value, str) else None
