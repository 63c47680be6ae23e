"""What feedgen cannot say of an entry: links with attributes, and how many tell its story (RFC 4685).

Both classes are what feedgen calls extensions. It drops every attribute but href of an entry's own links
(python-feedgen#135), so that links are added here, behind all that it writes itself.
"""

from __future__ import annotations

from datetime import datetime

from lxml import etree

_THREAD = "http://purl.org/syndication/thread/1.0"


class FeedThread:
    """Declares the namespace where an entry needs it, and nothing where none does."""

    used = False

    def extend_ns(self) -> dict[str, str]:
        """Prefixes of the feed."""
        return {"thr": _THREAD} if self.used else {}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """The feed says nothing more of itself."""
        return feed


class EntryThread:
    """The links of one entry, in the order in which they were added."""

    def __init__(self) -> None:
        self._links: list[dict[str, str]] = []

    def via(self, href: str, title: str) -> None:
        """Where the news was read; a link that is there already is not added again."""
        if all(link["href"] != href for link in self._links):
            self._links.append({"rel": "via", "href": href, "title": title})

    def replies(self, href: str, *, count: int, updated: datetime | None) -> None:
        """Where all who tell it are listed, how many they are, and the latest date that one of them states."""
        link = {"rel": "replies", "type": "text/html", "href": href, f"{{{_THREAD}}}count": str(count)}
        if updated is not None:
            link[f"{{{_THREAD}}}updated"] = updated.isoformat()
        self._links.append(link)

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Called by feedgen; what stands in an element of Atom has no namespace until it is written."""
        for link in self._links:
            etree.SubElement(entry, "link", link)
        return entry
