"""A digest becomes a mail: the same arguments give the same bytes, so that a retry never makes another mail.

The headers are folded here and not by the standard library, which loses spaces between encoded words and
wraps a long List-Unsubscribe so that no mail program finds its address.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment

from worker.errors import SettingsError
from worker.model import Digest, Message
from worker.templating import render

#: Gmail hides what lies behind 102 kB of HTML; below this the footer is always seen.
_HTML_BYTES: Final = 90_000
#: RFC 5322 section 2.1.1 asks for at most 78 characters without the CRLF.
_LINE: Final = 77
#: 42 bytes are 56 of base64: a word of 68, which fits behind every header name written here.
_WORD_BYTES: Final = 42
#: Controls, and the two line ends of Unicode that some programs take for the end of a header.
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mailbox:
    """RFC 5322 section 3.4: a display name, which may be empty, and an address whose domain is ASCII."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def compose(
    digest: Digest, *, templates: Environment, sender: str, title: str, base_url: str, now: datetime
) -> Message:
    """The mail of a digest: text, and HTML beside it unless the subscription is plain.

    `sender` is an address or `Name <address>`, `title` the name of the feed, `base_url` its public address,
    `now` the moment that Date states. Where the HTML would be clipped by mail programs, the last entries go
    into "and N more". Raises TemplateError, and SettingsError where `sender` is no address.
    """
    author = _mailbox(sender)
    recipient = _with_ascii_domain(_line(digest.subscription.email))
    name = _name(digest, author.domain)
    message_id = f"<{name}@{author.domain}>"
    data = _data(digest, title=title, base_url=base_url, address=author.address)
    subject, text, html = _render(templates, data, plain=digest.subscription.plain)
    headers = {
        "From": [*_phrase(author.name), f"<{author.address}>" if author.name else author.address],
        "To": [recipient],
        "Subject": _unstructured(subject),
        "Date": format_datetime(now.astimezone(UTC)).split(),
        "Message-ID": [message_id],
        "List-Id": [_list_id(author)],
        "List-Unsubscribe": [f"<{data['unsubscribe']}>"],
        "Auto-Submitted": ["auto-generated"],
        "Precedence": ["bulk"],
        "MIME-Version": ["1.0"],
    }
    head = _utf8("".join(_header(key, words) for key, words in headers.items()))
    body = _part("plain", text) if html is None else _alternative(text, html, boundary=f"=_{name}")
    return Message(message_id=message_id, sender=author.address, recipient=recipient, content=head + body)


# ── Who, and which mail ─────────────────────────────────────────────────────────────────────────────


def _mailbox(text: str) -> _Mailbox:
    named = re.fullmatch(r"(.*?)\s*<([^<>]*)>", _line(text))
    name, address = (named[1], named[2].strip()) if named else ("", _line(text))
    if quoted := re.fullmatch(r'"((?:[^"\\]|\\.)*)"', name):
        name = re.sub(r"\\(.)", r"\1", quoted[1]).strip()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or re.search(r'[\s<>,;:"()]', address):
        raise SettingsError(f"[smtp] from is {text!r}: write an address, or Name <address>")
    return _Mailbox(name=name, address=_with_ascii_domain(address))


def _with_ascii_domain(address: str) -> str:
    """RFC 5890: пример.рф becomes xn--e1afmkfd.xn--p1ai; a domain that would turn into another stays."""
    local, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        same = ascii_domain.encode().decode("idna").casefold() == domain.lower()  # not so for ß
    except UnicodeError:
        return address
    return f"{local}{at}{ascii_domain}" if same else address


def _name(digest: Digest, domain: str) -> str:
    """What the Message-ID and the boundary are made of: one name for one subscription on one occasion."""
    subscription = digest.subscription
    parts = (domain, str(subscription.number), subscription.email, digest.occasion.name)
    return sha256(_utf8("\0".join(parts))).hexdigest()[:32]


def _list_id(author: _Mailbox) -> str:
    """RFC 2919: wire@example.org posts as the list <wire.example.org>."""
    local = author.address.rpartition("@")[0].lower()
    return f"<{re.sub(r'[^a-z0-9]+', '-', local).strip('-') or 'digest'}.{author.domain}>"


# ── What it says ────────────────────────────────────────────────────────────────────────────────────


def _data(digest: Digest, *, title: str, base_url: str, address: str) -> dict[str, object]:
    """What the templates may use. The window is that of the entries shown: what it says is always true."""
    subscription = digest.subscription
    zone = ZoneInfo(subscription.timezone)
    stored = [entry.stored for entry in digest.entries] or [digest.occasion.due]
    return {
        "title": _line(title),
        "base_url": base_url.rstrip("/"),
        "subscription": subscription,
        "entries": digest.entries,
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
        subject = _line(render(environment, "digest/subject.txt", **shown))
        html = None if plain else render(environment, "digest/html.html", subject=subject, **shown)
        size = 0 if html is None else len(_utf8(html))
        if size <= _HTML_BYTES or count <= 1:
            return subject, render(environment, "digest/text.txt", subject=subject, **shown), html
        count = max(1, min(count - 1, count * _HTML_BYTES // size))


# ── Bytes ───────────────────────────────────────────────────────────────────────────────────────────


def _alternative(text: str, html: str, *, boundary: str) -> bytes:
    """RFC 2046 section 5.1.4: the plainest first. No base64 line can hold the "=_" of the boundary."""
    border = f"--{boundary}"
    content_type = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    start, end = (f"{border}\r\n".encode(), f"{border}--\r\n".encode())
    return content_type.encode() + start + _part("plain", text) + start + _part("html", html) + end


def _part(subtype: str, text: str) -> bytes:
    lines = re.sub(r"\r\n|\r|\n", "\r\n", text)
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + encodebytes(_utf8(lines)).replace(b"\n", b"\r\n")


def _utf8(text: str) -> bytes:
    return _SURROGATES.sub("\ufffd", text).encode()


def _line(text: str) -> str:
    """One line of what may hold anything; only here is a header kept from growing a second one."""
    return _BREAKS.sub(" ", text).strip()


def _header(name: str, words: list[str]) -> str:
    """A header folded at the spaces between its words, nowhere else (RFC 5322 section 2.2.3)."""
    lines = [f"{name}: {words[0] if words else ''}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > _LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines) + "\r\n"


def _unstructured(line: str) -> list[str]:
    words = line.split(" ")
    if line.isascii() and "=?" not in line and max(map(len, words)) <= _WORD_BYTES:
        return words
    return _encoded_words(line)


def _phrase(name: str) -> list[str]:
    """RFC 5322 section 3.2.5: a display name as it is, in quotes, or encoded."""
    words = _unstructured(name) if name else []
    if not name or _ATOMS.fullmatch(name) or words[0].startswith("=?"):
        return words
    escaped = re.sub(r'([\\"])', r"\\\1", name)
    return f'"{escaped}"'.split(" ")


def _encoded_words(line: str) -> list[str]:
    """RFC 2047 base64 words, cut between characters; readers drop the white space between two of them."""
    words, word = [], b""
    for char in line:
        code = _utf8(char)
        if len(word) + len(code) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += code
    return [f"=?utf-8?b?{b64encode(part).decode()}?=" for part in [*words, word]]
