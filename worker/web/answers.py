"""What every answer carries, and answers that are one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import quote

from starlette.types import Message, Scope, Send

Headers = list[tuple[bytes, bytes]]
#: Status, header lines as they are sent, and pieces of the body.
Answer = tuple[int, bytes, Sequence[bytes]]
#: Of every answer: nothing is guessed, no site elsewhere is told of ours, and none shows ours as its own.
SECURITY: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
#: Of answers that are no page: nothing in them runs or is loaded.
STILL = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
#: What a URL is written with; all else is percent-encoded (RFC 3986 section 2).
_IN_URLS = ":/?#[]@!$&'()*+,;=%-._~"


@lru_cache(4)
def date_of(second: int) -> bytes:
    """The line of Date, which every answer of this second has."""
    return b"date: %b\r\n" % formatdate(second, usegmt=True).encode()


def second_of(scope: Scope) -> int | None:
    """When a request is answered, as Date tells it; None where no server has said so."""
    second: int | None = scope.get("state", {}).get("second")
    return second


def link(url: str, relation: str) -> str:
    """Of the Link header (RFC 8288)."""
    return f'<{quote(url, safe=_IN_URLS)}>; rel="{relation}"'


def lines(headers: Headers) -> bytes:
    """Headers as they are sent."""
    return b"".join(b"%b: %b\r\n" % header for header in headers)


def line(status: int, words: str = "") -> tuple[Headers, bytes]:
    """Headers and body of an answer in words."""
    body = (words or HTTPStatus(status).phrase).encode() + b"\n"
    return [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *SECURITY,
        STILL,
    ], body


async def refuse(send: Send, status: int, *more: tuple[bytes, bytes], words: str = "") -> None:
    """Answer with a status and its meaning."""
    headers, body = line(status, words)
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})
    await send({"type": "http.response.body", "body": body})


def dressed(send: Send, *, private: bool) -> Send:
    """A `send` that adds what every answer carries, and keeps shared caches away where keys are in force."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            names = {name.lower() for name, _ in headers}
            headers += [header for header in SECURITY if header[0] not in names]
            message["headers"] = _private(headers) if private else headers
        await send(message)

    return told


def _private(headers: Headers) -> Headers:
    said = b", ".join(value for name, value in headers if name.lower() == b"cache-control").lower()
    kept = [part for part in map(bytes.strip, said.split(b",")) if part and part not in (b"public", b"private")]
    kept = [part for part in kept if not part.startswith(b"s-maxage")]
    rest = [header for header in headers if header[0].lower() != b"cache-control"]
    return [*rest, (b"cache-control", b", ".join(kept if b"no-store" in kept else [b"private", *kept]))]
