"""OPML 2.0: the list of all feeds, for readers that take many at once."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from worker.model import Channel, ChannelKind, Press
from worker.outlet.publish.address import addressed
from worker.outlet.wording import line

_FOLDERS = {ChannelKind.TOPIC: "Topics", ChannelKind.SOURCE: "Sources"}


def write(press: Press, channels: Iterable[Channel]) -> bytes:
    """The document: the wire, then topics and sources, each in a folder of their own, by name."""
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = line(press.title) or "seedwire"
    body = etree.SubElement(root, "body")
    told = sorted(channels, key=lambda one: (one.name.casefold(), one.slug))
    for kind in ChannelKind:
        listed = [one for one in told if one.kind is kind]
        parent = body
        if listed and kind in _FOLDERS:
            parent = etree.SubElement(body, "outline", {"text": _FOLDERS[kind], "title": _FOLDERS[kind]})
        for one in listed:
            address = addressed(press, one)
            name = line(one.name) or address.title
            attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": address.atom, "htmlUrl": address.page}
            etree.SubElement(parent, "outline", attributes)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
