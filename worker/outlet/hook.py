"""What a webhook is told of an entry, and the signature by which it knows that we tell it.

The scheme is that of Standard Webhooks (standardwebhooks.com, version 1): headers webhook-id, the same at every try;
webhook-timestamp, of the try; and webhook-signature, "v1," and the base64 of the HMAC-SHA256 over
"<id>.<timestamp>.<body>".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from worker.model import Also, Entry, Topic
from worker.model.calls import Call
from worker.outlet.also import address, told
from worker.outlet.wording import fit, paragraphs

_PREFIX: Final = "whsec_"
#: Of the key, in bytes, and of a plain secret, in characters: 128 bits where they are well chosen.
_SHORTEST: Final = 16
#: The most others that are named; the page of the entry lists all.
_MOST_NAMED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry with all that is told of it."""

    entry: Entry
    also: Sequence[Also] = ()  #: who else tells its story
    topics: Sequence[Topic] = ()


def body(one: Told, *, base_url: str, zone: tzinfo) -> bytes:
    """An entry as JSON in UTF-8; `zone` is of stated dates without an offset, `base_url` has no slash at its end."""
    entry, published = one.entry, one.entry.published
    fields = {
        "type": "entry.new",
        "id": entry.uri,
        "url": _page(base_url, entry.key),
        "title": entry.title,
        "published": _instant(published.instant(zone)) if published else None,
        "published_stated": published.iso() if published else None,
        "updated": _instant(entry.updated),
        "source": entry.source,
        "language": entry.language,
        "link": address(entry.link),
        "topics": [
            {"name": topic.name, "slug": topic.slug, "url": f"{base_url}/topics/{topic.slug}/"} for topic in one.topics
        ],
        "text": entry.text,
        "content_html": paragraphs(entry.text),
        "also_in": _also_in(one.also, base_url),
        "also_count": len(one.also),
    }
    return fit(json.dumps(fields, ensure_ascii=False, separators=(",", ":"))).encode()


def message_id(call: Call) -> str:
    """What a receiver knows a call by: the same at every try, and after a backup was put back."""
    return "msg_" + hashlib.sha256(f"{call.url}\n{call.subject}".encode()).hexdigest()[:32]


def signature(secret: str, id_: str, moment: datetime, content: bytes) -> dict[str, str]:
    """The three headers of a call."""
    stamp = str(int(moment.timestamp()))
    digest = hmac.new(_key(secret), b".".join((id_.encode(), stamp.encode(), content)), hashlib.sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def wrong_with(secret: str) -> str | None:
    """What is wanted of a secret instead; None where it can be used. It is never repeated."""
    if secret.startswith(_PREFIX):
        try:
            sound = len(_key(secret)) >= _SHORTEST
        except (binascii.Error, ValueError):
            sound = False
        return None if sound else f"want {_PREFIX} and the base64 of {_SHORTEST} bytes or more"
    sound = len(secret) >= _SHORTEST and secret.isprintable()
    return None if sound else f"want {_SHORTEST} characters or more, or {_PREFIX} and the base64 of a key"


def _key(secret: str) -> bytes:
    if secret.startswith(_PREFIX):
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    return secret.encode()


def _page(base_url: str, key: str) -> str:
    return f"{base_url}/entries/{key}"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _also_in(others: Iterable[Also], base_url: str) -> list[dict[str, str | None]]:
    named = [(one, told(one)) for one in others][:_MOST_NAMED]
    return [{"name": teller.name, "link": teller.link, "url": _page(base_url, one.key)} for one, teller in named]
