"""The frame of all pages: the template, the style sheet within it, and the headers that guard and spare them."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from worker.model import Channel, ChannelKind
from worker.templating import render
from worker.web.access import is_operator
from worker.web.conditions import accepts_gzip, has_one
from worker.web.pages.addresses import folder
from worker.web.site import Site

#: Of a page under 100 KB: a millisecond, for a fifth of the bytes.
_LEVEL = 5
_FORMATS = (
    ("feed.atom", "application/atom+xml", "Atom"),
    ("feed.rss", "application/rss+xml", "RSS"),
    ("feed.json", "application/feed+json", "JSON Feed"),
)
#: Of a page, as it is before it is compressed.
MOST_BYTES: Final = 100_000
#: What a page shows when it shows that many things.
Data = Callable[[int], Mapping[str, object]]
_WIRE = Channel(number=1, kind=ChannelKind.WIRE, slug="", name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page leads to."""

    name: str
    type: str
    path: str


class Frame:
    """Makes whole answers of what pages show. What hangs on the site alone is computed once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        # Only a browser's own line ends go into what it hashes, and nothing in the sheet may end the element.
        style = site.style.decode().replace("\r\n", "\n").replace("\r", "\n").replace("</", "<\\/")
        self._style = Markup(style)
        digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._headers = _guard(f"'sha256-{digest}'")

    def answer(
        self, request: Request, name: str, data: Mapping[str, object], *, here: str = "", channel: Channel | None = None
    ) -> Response:
        """A page, or word that the reader has it already."""
        return self._told(request, self._render(request, name, data, here=here, channel=channel))

    def fitting(
        self, request: Request, name: str, most: int, data: Data, *, here: str = "", channel: Channel | None = None
    ) -> Response:
        """A page that shows as many things as it is said to, or so many fewer that it stays under `MOST_BYTES`."""
        body = self._render(request, name, data(most), here=here, channel=channel)
        while len(body) > MOST_BYTES and most > 1:  # as titles of hundreds of quotation marks make it
            most //= 2
            body = self._render(request, name, data(most), here=here, channel=channel)
        return self._told(request, body)

    def _told(self, request: Request, body: bytes) -> Response:
        headers = dict(request.headers.raw)
        zipped = accepts_gzip(headers.get(b"accept-encoding", b""))
        etag = f'"{hashlib.sha256(body).hexdigest()[:24]}{"-gz" if zipped else ""}"'
        told = {**self._headers, "etag": etag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
        # Without a date of its own a page has no answer to If-Modified-Since.
        if has_one(headers.get(b"if-none-match", b""), etag.encode()):
            return Response(status_code=304, headers=told)
        if zipped:
            body = gzip.compress(body, _LEVEL, mtime=0)
            told["content-encoding"] = "gzip"
        return Response(body, 200, told, media_type="text/html")

    def failure(self, request: Request, name: str, status: int, data: Mapping[str, object] | None = None) -> Response:
        """A page that says why there is none."""
        body = self._render(request, name, data or {}, here="", channel=None)
        return Response(body, status, {**self._headers, "cache-control": "no-store"}, media_type="text/html")

    def _render(
        self, request: Request, name: str, data: Mapping[str, object], *, here: str, channel: Channel | None
    ) -> bytes:
        frame = {
            "title": self._site.title,
            "style": self._style,
            "here": here,
            "operator": is_operator(request.scope),
            "feeds": self._feeds(channel),
        }
        # A lone surrogate has no bytes in UTF-8; the store holds none, an address might.
        return render(self._site.templates, name, **frame, **data).encode("utf-8", "replace")

    def _feeds(self, channel: Channel | None) -> list[FeedLink]:
        channels = [_WIRE] if channel is None or channel.slug == "" else [channel, _WIRE]
        return [
            FeedLink(name=f"{one.name or self._site.title} ({name})", type=type_, path=folder(one) + file)
            for one in channels
            for file, type_, name in _FORMATS
        ]


def _guard(style: str) -> dict[str, str]:
    """Pages run no script, load nothing from elsewhere, and use nothing of the machine that shows them."""
    policy = {
        "default-src": "'none'",
        "style-src": style,
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    }
