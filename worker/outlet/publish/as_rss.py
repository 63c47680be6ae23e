"""RSS 2.0, the same entries under the same ids.

Not through feedgen, which changes the locale of the whole process whenever it writes a date.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import Final

from lxml import etree

from worker import __version__
from worker.outlet.publish.items import Item
from worker.outlet.publish.sheet import Sheet
from worker.outlet.wording import escaped, paragraph

ATOM: Final = "http://www.w3.org/2005/Atom"
CREATOR: Final = "http://purl.org/dc/elements/1.1/"


def write(sheet: Sheet, sources: dict[str, tuple[str, str]]) -> bytes:
    """The document. `sources` holds title and URL of the feeds of its entries' sources, by slug."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "dc": CREATOR})
    channel = etree.SubElement(root, "channel")
    address = sheet.address
    for name, text in (("title", address.title), ("link", address.page), ("description", address.title)):
        etree.SubElement(channel, name).text = text
    links = [("self", address.rss), *(("hub", hub) for hub in address.hubs)]
    for rel, href in links:
        attributes = {"rel": rel, "href": href} | ({"type": "application/rss+xml"} if rel == "self" else {})
        etree.SubElement(channel, f"{{{ATOM}}}link", attributes)
    etree.SubElement(channel, "generator").text = f"seedwire {__version__}"
    etree.SubElement(channel, "lastBuildDate").text = format_datetime(sheet.updated.astimezone(UTC), usegmt=True)
    for one in sheet.items:
        _add(channel, one, sources)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _add(channel: etree._Element, one: Item, sources: dict[str, tuple[str, str]]) -> None:
    node = etree.SubElement(channel, "item")
    etree.SubElement(node, "title").text = one.title
    etree.SubElement(node, "link").text = one.page
    etree.SubElement(node, "guid", {"isPermaLink": "false"}).text = one.uri
    etree.SubElement(node, "description").text = one.html or (paragraph(escaped(one.lead)) if one.lead else "")
    if one.published is not None:
        # The obsolete but only form that RSS has; years have four digits in it, whatever the calendar.
        etree.SubElement(node, "pubDate").text = format_datetime(one.published, usegmt=True)
    etree.SubElement(node, f"{{{ATOM}}}updated").text = one.updated.isoformat()
    if one.source is not None:
        etree.SubElement(node, f"{{{CREATOR}}}creator").text = one.source.name
        if one.source.slug in sources:
            title, url = sources[one.source.slug]
            etree.SubElement(node, "source", {"url": url}).text = title
