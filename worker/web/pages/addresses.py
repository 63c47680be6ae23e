"""Where things are on the site: paths, with what is not ASCII encoded (RFC 3986)."""

from __future__ import annotations

from urllib.parse import quote

from worker.model import Channel, Named


def folder(channel: Channel) -> str:
    """Of a channel's page, and of its feeds."""
    return "/" + quote(channel.folder)


def source(named: Named) -> str:
    """Of a source's page."""
    return f"/sources/{quote(named.slug)}/"


def entry(key: str) -> str:
    """Of an entry's page."""
    return f"/entries/{quote(key, safe='')}"


def topic(slug: str) -> str:
    """Of a topic's page."""
    return f"/topics/{quote(slug)}/"
