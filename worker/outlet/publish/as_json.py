"""JSON Feed 1.1, the same entries under the same ids."""

from __future__ import annotations

import json
from typing import Any

from worker.outlet.publish.items import Item
from worker.outlet.publish.sheet import Sheet


def write(sheet: Sheet) -> bytes:
    """The document."""
    address = sheet.address
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": address.title,
        "home_page_url": address.page,
        "feed_url": address.json,
        "authors": [{"name": sheet.author}],
    }
    if address.hubs:
        feed["hubs"] = [{"type": "WebSub", "url": hub} for hub in address.hubs]
    feed["items"] = [_item(one) for one in sheet.items]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _item(one: Item) -> dict[str, Any]:
    told: dict[str, Any] = {"id": one.uri, "url": one.page}
    if one.link is not None:
        told["external_url"] = one.link
    told["title"] = one.title
    if one.html:
        told["content_html"] = one.html
    else:
        told["content_text"] = one.lead or one.title  # one of both must be there
    if one.lead:
        told["summary"] = one.lead
    if one.published is not None:
        told["date_published"] = one.published.isoformat()
    told["date_modified"] = one.updated.isoformat()
    if one.source is not None:
        told["authors"] = [{"name": one.source.name}]
    if one.language is not None:
        told["language"] = one.language
    return told
