"""Atom (RFC 4287) through feedgen, and what feedgen cannot say.

What it calls extensions runs behind its own elements, those of the feed before the entries. It keeps nothing but
href of an entry's links (python-feedgen#135), and nothing but title and link of a source; both are written here. In
memory, elements of Atom have no namespace.
"""

from __future__ import annotations

from typing import Final

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from worker import __version__
from worker.model import Retraction
from worker.outlet.publish.items import Item
from worker.outlet.publish.sheet import Sheet

HISTORY: Final = "http://purl.org/syndication/history/1.0"
TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
THREAD: Final = "http://purl.org/syndication/thread/1.0"
TYPE: Final = "application/atom+xml"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


class FeedExtras:
    """That a document is closed (RFC 5005), and what was taken down (RFC 6721); no prefix that is not used."""

    archive = False
    retracted: tuple[Retraction, ...] = ()
    threads = False

    def extend_ns(self) -> dict[str, str]:
        """Prefixes of the feed."""
        used = (("fh", HISTORY, self.archive), ("at", TOMBSTONES, self.retracted), ("thr", THREAD, self.threads))
        return {prefix: name for prefix, name, use in used if use}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Called by feedgen, behind all that the feed says of itself."""
        if self.archive:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        for one in self.retracted:
            when = one.made.isoformat()
            node = etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", {"ref": one.uri, "when": when})
            if one.reason:
                etree.SubElement(node, f"{{{TOMBSTONES}}}comment").text = one.reason
        return feed


class EntryExtras:
    """Language, links, source and thread (RFC 4685) of one entry."""

    item: Item
    links: list[dict[str, str]]
    source: tuple[str, str, str] | None = None  #: id, title and URL of its feed

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Called by feedgen, behind all that it writes itself."""
        if self.item.language:
            entry.set(_LANGUAGE, self.item.language)
        for bare in entry.findall("link"):
            entry.remove(bare)
        for link in self.links:
            etree.SubElement(entry, "link", link)
        if self.item.reply:
            ref, page = self.item.reply
            etree.SubElement(entry, f"{{{THREAD}}}in-reply-to", {"ref": ref, "href": page, "type": "text/html"})
        if self.source:
            uri, title, url = self.source
            node = etree.SubElement(entry, "source")
            for name, text in (("id", uri), ("title", title), ("updated", self.item.updated.isoformat())):
                etree.SubElement(node, name).text = text
            etree.SubElement(node, "link", {"rel": "self", "type": TYPE, "href": url})
        return entry


def write(sheet: Sheet, sources: dict[str, tuple[str, str, str]]) -> bytes:
    """The document. `sources` holds id, title and URL of the feeds of its entries' sources, by slug."""
    atom = FeedGenerator()
    atom.register_extension("extras", FeedExtras, EntryExtras, rss=False)
    atom.extras.archive = sheet.archive is not None
    atom.extras.retracted = sheet.retracted
    atom.extras.threads = any(one.others or one.reply for one in sheet.items)
    atom.id(sheet.address.uri)
    atom.title(sheet.address.title)
    atom.author({"name": sheet.author})
    for rel, href, type_ in _links(sheet):
        atom.link(**{"rel": rel, "href": href} | ({"type": type_} if type_ else {}))
    # What is closed shall not change with our version.
    atom.generator("seedwire", version=__version__ if sheet.archive is None else None)
    atom.updated(sheet.updated)
    for one in sheet.items:
        _add(atom.add_entry(order="append"), one, sources)
    return bytes(atom.atom_str(pretty=True))


def _links(sheet: Sheet) -> list[tuple[str, str, str]]:
    address = sheet.address
    links = [("self", sheet.url, TYPE), ("alternate", address.page, "text/html")]
    if sheet.archive is None:
        links += [("hub", hub, "") for hub in address.hubs]
    else:
        links.append(("current", address.atom, TYPE))
    if sheet.previous is not None:
        links.append(("prev-archive", address.archive(sheet.previous), TYPE))
    return links


def _add(entry: FeedEntry, one: Item, sources: dict[str, tuple[str, str, str]]) -> None:
    entry.id(one.uri)
    entry.title(one.title)
    entry.updated(one.updated)
    entry.link(href=one.page)  # feedgen wants one where there is no content; it is written below
    if one.published is not None:
        entry.published(one.published)
    if one.source is not None:
        entry.author({"name": one.source.name})
        entry.extras.source = sources.get(one.source.slug)
    if one.html:
        entry.content(one.html, type="html")
    else:
        entry.summary(one.lead or one.title)
    entry.extras.item = one
    entry.extras.links = _entry_links(one)


def _entry_links(one: Item) -> list[dict[str, str]]:
    alternate = {"rel": "alternate", "type": "text/html", "href": one.page}
    if one.language:
        alternate["hreflang"] = one.language
    links = [alternate, *({"rel": "via", "href": str(via.link), "title": via.name} for via in one.vias)]
    if one.others:
        replies = {"rel": "replies", "type": "text/html", "href": f"{one.page}#also"}
        replies[f"{{{THREAD}}}count"] = str(one.others)
        if one.latest is not None:
            replies[f"{{{THREAD}}}updated"] = one.latest.isoformat()
        links.append(replies)
    return links
