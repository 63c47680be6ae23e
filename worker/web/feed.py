"""Feeds over HTTP: bytes held in memory in two encodings, with validators that move together (RFC 9110)."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from starlette.types import Receive, Scope, Send

_TYPES = {".atom": "application/atom+xml; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One version of a file: its bytes plain and gzipped, with a strong ETag each (section 8.8.3)."""

    stamp: tuple[int, int, int]  #: of the file it was made from: mtime, size, inode
    plain: bytes
    gzipped: bytes
    etag: str  #: without quotes
    modified: int  #: seconds since 1970


class PublishedFile:
    """An ASGI app for one file of the public tree. It is read again when another takes its place."""

    def __init__(self, path: Path, *, max_age: int) -> None:
        self._path, self._max_age = path, max_age
        self._rendition: Rendition | None = None

    def rendition(self) -> Rendition | None:
        """The file as it is now; None while it has not been published."""
        try:
            state = self._path.stat()
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if self._rendition is None or self._rendition.stamp != stamp:
                self._rendition = _rendition(self._path.read_bytes(), stamp)
        except OSError:
            return None
        return self._rendition

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer GET and HEAD, conditional or not; 404 before the first publish, 405 for other methods."""
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [(b"allow", b"GET, HEAD")])
            return
        found = self.rendition()
        if found is None:
            await _answer(send, 404, [(b"content-type", b"text/plain; charset=utf-8")], b"not published yet\n")
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        gzipped = accepts_gzip(headers.get("accept-encoding", ""))
        etag = f'"{found.etag}-gz"' if gzipped else f'"{found.etag}"'
        told = [
            (b"etag", etag.encode()),
            (b"last-modified", formatdate(found.modified, usegmt=True).encode()),
            (b"cache-control", f"public, max-age={self._max_age}".encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        if unchanged(headers, etag, found.modified):
            await _answer(send, 304, told)
            return
        body = found.gzipped if gzipped else found.plain
        told += [
            (b"content-type", _TYPES[self._path.suffix].encode()),
            (b"content-length", str(len(body)).encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        if gzipped:
            told.append((b"content-encoding", b"gzip"))
        await _answer(send, 200, told, b"" if scope["method"] == "HEAD" else body)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _rendition(content: bytes, stamp: tuple[int, int, int]) -> Rendition:
    return Rendition(
        stamp=stamp,
        plain=content,
        gzipped=gzip.compress(content, 9, mtime=0),
        etag=hashlib.sha256(content).hexdigest()[:24],
        modified=stamp[0] // 10**9,
    )


def accepts_gzip(header: str) -> bool:
    """Whether Accept-Encoding takes gzip (section 12.5.3); a quality of 0 refuses it, "*" means what is not named."""
    taken: dict[str, bool] = {}
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        taken[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(?:\.0*)?\s*", quality)
    return next((taken[name] for name in ("gzip", "x-gzip", "*") if name in taken), False)


def unchanged(headers: dict[str, str], etag: str, modified: int) -> bool:
    """Whether the reader has this version: If-None-Match first, by weak comparison (section 13.1.2);
    If-Modified-Since only without it (section 13.1.3).
    """
    if (wanted := headers.get("if-none-match")) is not None:
        tags = re.findall(r'(?:W/)?("[^"]*")', wanted)
        return wanted.strip() == "*" or etag in tags
    if (since := headers.get("if-modified-since")) is not None:
        try:
            return modified <= int(parsedate_to_datetime(since).timestamp())
        except (ValueError, TypeError):
            return False
    return False
