"""A digest becomes a mail: the same arguments give the same bytes, so that a retry never makes another mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment

from worker.model import Digest, Message
from worker.outlet import mime
from worker.outlet.also import StoryDigest, names
from worker.templating import render

#: Gmail hides what lies behind 102 kB of HTML; below this the footer is always seen.
_HTML_BYTES: Final = 90_000


def compose(
    digest: StoryDigest, *, templates: Environment, sender: str, title: str, base_url: str, now: datetime
) -> Message:
    """The mail of a digest: text, and HTML beside it unless the subscription is plain.

    `sender` is an address or `Name <address>`, `title` the name of the feed, `base_url` its public address,
    `now` the moment that Date states. Where the HTML would be clipped by mail programs, the last entries go
    into "and N more". Raises TemplateError, and SettingsError where `sender` is no address.
    """
    author = mime.mailbox(sender)
    recipient = mime.with_ascii_domain(mime.line(digest.subscription.email))
    name = _name(digest, author.domain)
    message_id = f"<{name}@{author.domain}>"
    data = _data(digest, title=title, base_url=base_url, address=author.address)
    subject, text, html = _render(templates, data, plain=digest.subscription.plain)
    headers = {
        "From": author.words,
        "To": [recipient],
        "Subject": mime.unstructured(subject),
        "Date": format_datetime(now.astimezone(UTC)).split(),
        "Message-ID": [message_id],
        "List-Id": [_list_id(author)],
        "List-Unsubscribe": [f"<{data['unsubscribe']}>"],
        "Auto-Submitted": ["auto-generated"],
        "Precedence": ["bulk"],
        "MIME-Version": ["1.0"],
    }
    body = mime.part("plain", text) if html is None else mime.alternative(text, html, boundary=f"=_{name}")
    return Message(message_id=message_id, sender=author.address, recipient=recipient, content=mime.head(headers) + body)


# ── Who, and which mail ─────────────────────────────────────────────────────────────────────────────


def _name(digest: Digest, domain: str) -> str:
    """What the Message-ID and the boundary are made of: one name for one subscription on one occasion."""
    subscription = digest.subscription
    return mime.name_of(domain, str(subscription.number), subscription.email, digest.occasion.name)


def _list_id(author: mime.Mailbox) -> str:
    """RFC 2919: wire@example.org posts as the list <wire.example.org>."""
    local = author.address.rpartition("@")[0].lower()
    return f"<{re.sub(r'[^a-z0-9]+', '-', local).strip('-') or 'digest'}.{author.domain}>"


# ── What it says ────────────────────────────────────────────────────────────────────────────────────


def _data(digest: StoryDigest, *, title: str, base_url: str, address: str) -> dict[str, object]:
    """What the templates may use. The window is that of the entries shown: what it says is always true."""
    subscription = digest.subscription
    zone = ZoneInfo(subscription.timezone)
    stored = [entry.stored for entry in digest.entries] or [digest.occasion.due]
    return {
        "title": mime.line(title),
        "base_url": base_url.rstrip("/"),
        "subscription": subscription,
        "entries": digest.entries,
        "also": {entry.number: names(digest.also.get(entry.number, ())) for entry in digest.entries},
        "total": digest.total,
        "opened": min(stored).astimezone(zone),
        "closed": max(*stored, digest.occasion.due).astimezone(zone),
        "zone": subscription.timezone.replace("_", " "),
        "address": address,
        "unsubscribe": f"mailto:{quote(address, safe='@+')}?subject=unsubscribe",
    }


def _render(environment: Environment, data: dict[str, object], *, plain: bool) -> tuple[str, str, str | None]:
    """Subject, text and HTML, with as many entries as the HTML has room for."""
    entries, total = data["entries"], data["total"]
    assert isinstance(entries, tuple) and isinstance(total, int)
    count = len(entries)
    while True:
        shown = {**data, "entries": entries[:count], "more": max(total - count, 0)}
        subject = mime.line(render(environment, "digest/subject.txt", **shown))
        html = None if plain else render(environment, "digest/html.html", subject=subject, **shown)
        size = 0 if html is None else len(mime.utf8(html))
        if size <= _HTML_BYTES or count <= 1:
            return subject, render(environment, "digest/text.txt", subject=subject, **shown), html
        count = max(1, min(count - 1, count * _HTML_BYTES // size))
