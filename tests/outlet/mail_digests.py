"""Digests to compose, and mails read without the code that wrote them."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec

from worker.model import Also, Entry, Frequency, Message, Occasion, StatedDate, Subscription
from worker.outlet.also import StoryDigest
from worker.outlet.compose import compose
from worker.templating import load

CASES = Path(__file__).parent / "compose" / "cases"
TEMPLATES = load(None)
NOW = datetime(2026, 11, 13, 2, 30, 5, tzinfo=UTC)
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe"),
    *("Auto-Submitted", "Precedence", "MIME-Version", "Content-Type"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What digest.json holds."""

    sender: str
    title: str
    base_url: str
    now: datetime
    digest: StoryDigest

    def compose(self) -> Message:
        return compose(
            self.digest,
            templates=TEMPLATES,
            sender=self.sender,
            title=self.title,
            base_url=self.base_url,
            now=self.now,
        )


def case(name: str) -> Case:
    return msgspec.json.decode((CASES / name / "digest.json").read_bytes(), type=Case)


def names() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/digest.json"))


SUBSCRIPTION = Subscription(
    number=7,
    email="reader@example.org",
    frequency=Frequency.DAILY,
    at="07:30",
    weekday=0,
    timezone="Asia/Almaty",
    language="en",
    plain=False,
    cursor=0,
    served=None,
    created=datetime(2026, 11, 1, tzinfo=UTC),
)


def entry(number: int, title: str = "Ferry returns", text: str = "It sails at nine.") -> Entry:
    stored = datetime(2026, 11, 12, tzinfo=UTC) + timedelta(minutes=number)
    return Entry(
        number=number,
        key=f"e{number}",
        uri=f"tag:wire.example.org,2026:{number}",
        title=title,
        title_derived=False,
        published=None,
        source="Steppe Courier",
        language="ru",
        link=None,
        text=text,
        stored=stored,
        updated=stored,
    )


def other(number: int, source: str | None = None, link: str | None = None, stated: str = "", title: str = "") -> Also:
    """Somebody else who tells a story."""
    published = StatedDate.from_iso(stated) if stated else None
    return Also(key=f"o{number}", source=source, title=title or f"Other {number}", link=link, published=published)


def digest(
    *entries: Entry,
    subscription: Subscription = SUBSCRIPTION,
    total: int | None = None,
    also: dict[int, tuple[Also, ...]] | None = None,
) -> StoryDigest:
    return StoryDigest(
        subscription=subscription,
        occasion=Occasion(name="2026-11-13", due=datetime(2026, 11, 13, 2, 30, tzinfo=UTC)),
        entries=entries,
        total=len(entries) if total is None else total,
        upto=99,
        also=also or {},
    )


def composed(what: StoryDigest, *, sender: str = "wire@example.org", title: str = "Wire") -> Message:
    url = "https://wire.example.org/"
    return compose(what, templates=TEMPLATES, sender=sender, title=title, base_url=url, now=NOW)


def parsed(message: Message) -> EmailMessage:
    return email.message_from_bytes(message.content, policy=email.policy.default)


def body(message: Message, kind: str) -> str:
    part = parsed(message).get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def fields(message: Message) -> list[tuple[str, str]]:
    """Header fields as RFC 5322 unfolds them, by no library."""
    head = message.content.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
    return [(name, value) for name, _, value in (line.partition(": ") for line in head.split("\r\n"))]


def decoded(value: str) -> str:
    """RFC 2047, by no library: white space between two encoded words is not there."""
    value = re.sub(r"(=\?utf-8\?b\?[^?]*\?=) +(?==\?)", r"\1", value)
    return re.sub(r"=\?utf-8\?b\?([^?]*)\?=", lambda found: base64.b64decode(found[1]).decode(), value)


def one_line(text: str) -> str:
    """What a header keeps of a text: controls and line ends become spaces, lone surrogates U+FFFD."""
    spaced = re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", text).strip()
    return re.sub(r"[\ud800-\udfff]", "\ufffd", spaced)
