"""The public tree over HTTP: bytes held in memory in two encodings, with validators that move together (RFC 9110)."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import re
import stat
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from worker.web.answers import SECURITY, STILL, Answer, Headers, lines, link, refuse, second_of
from worker.web.conditions import accepts_gzip, is_unchanged

_TYPES = {
    "atom": b"application/atom+xml; charset=utf-8",
    "rss": b"application/rss+xml; charset=utf-8",
    "json": b"application/feed+json; charset=utf-8",
    "opml": b"text/x-opml; charset=utf-8",
}
#: No other name is ever opened. A slug may be of any script and hold dots, but neither begins with one nor leaves
#: its folder; what begins with a dot is in the making.
_NAMES = re.compile(
    r"/opml|/(?:(?:topics|sources)/(?!\.)[^/\\%?#\x00-\x20\x7f]{1,255}/)?(?:feed\.(?:atom|rss|json)|archive/[1-9]\d{0,9}\.atom)",
    re.ASCII,
)
_ARCHIVE = re.compile(r"/archive/\d+\.atom\Z")
#: Hubs are told of heads, and of nothing else.
_HEAD = re.compile(r"/feed\.[a-z]+\Z")
#: An archive document changes only when an entry is taken down, which a reader shall notice within a day.
_ARCHIVE_AGE = 86_400
#: A document is kept with its headers for four kinds of answers; about this much beside its bytes.
_OVERHEAD = 6_000
#: Bytes of documents in memory: about 250 feeds of the usual length, in both encodings. One that was not asked for
#: as lately is read and compressed again in 3 ms; whoever goes through a long history shall not fill the memory.
_LIMIT = 16 << 20
#: A slow reader holds no more of a document than this outside of the cache.
_PIECE = 32 << 10
_MOST_PIECES = 2  # that are written without waiting for the reader


def is_document(path: str) -> bool:
    """Whether this is the path of a document of the public tree, published or not."""
    return _NAMES.fullmatch(path) is not None


#: Seconds that Last-Modified may be ahead of Date.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Variant:
    """A document in one encoding, and the headers of its answers."""

    etag: bytes  #: strong (RFC 9110 section 8.8.3), in quotes
    pieces: tuple[bytes, ...]
    whole: Headers
    unchanged: Headers
    whole_lines: bytes  #: the same headers as they are sent, with the empty line behind them
    unchanged_lines: bytes

    def dated(self, second: int) -> Variant:
        """The same as if it had been made at that second."""
        told = (b"last-modified", formatdate(second, usegmt=True).encode())
        whole, unchanged = (
            [told if header[0] == told[0] else header for header in headers] for headers in (self.whole, self.unchanged)
        )
        return Variant(self.etag, self.pieces, whole, unchanged, _ended(whole), _ended(unchanged))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One version of a document."""

    stamp: tuple[int, int, int]  #: of the file it was made from: mtime, size, inode
    digest: str  #: of its bytes
    modified: int  #: seconds since 1970; it may lie ahead, as two versions never share one
    size: int  #: of all that is held
    variants: tuple[Variant, ...]  #: plain, gzipped; private plain, private gzipped


class Documents:
    """What lies in the public tree, as an ASGI app. A document is read again when another takes its place."""

    def __init__(
        self, public: Path, *, base_url: str, max_age: int, hubs: Sequence[str] = (), limit: int = _LIMIT
    ) -> None:
        self._public, self._max_age = os.fspath(public), max_age
        self._base_url = base_url.rstrip("/")
        self._hubs = [link(hub, "hub") for hub in hubs]
        self._limit, self._held = limit, 0
        self._shelf: OrderedDict[str, Rendition] = OrderedDict()
        self._reading: dict[str, asyncio.Future[Rendition | None]] = {}

    @property
    def held(self) -> int:
        """Bytes in memory."""
        return self._held

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer GET and HEAD, conditional or not; 404 for what is not published, 405 for other methods."""
        if scope["method"] not in ("GET", "HEAD"):
            await refuse(send, 405, (b"allow", b"GET, HEAD"))
            return
        found = self._at_hand(scope["path"]) or await self._fetched(scope["path"])
        if found is None:
            await refuse(send, 404)
            return
        private = scope.get("state", {}).get("private", False)
        variant, unchanged = _chosen(found, scope["headers"], second_of(scope), private=private)
        if unchanged:
            await send({"type": "http.response.start", "status": 304, "headers": variant.unchanged})
            await send({"type": "http.response.body"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": variant.whole})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body"})
            return
        for piece in variant.pieces[:-1]:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": variant.pieces[-1]})

    def prompt(self, method: bytes, target: bytes, headers: Headers, second: int) -> Answer | None:
        """The public answer to a request whose document is at hand and small: status, header lines and body. Twice as
        fast as the same answer through ASGI, since nothing is made for it; None where it must go that way.
        """
        if method not in (b"GET", b"HEAD"):
            return None
        found = self._at_hand(target.decode("ascii", "replace"))  # no name of a document has a "%" or "?" in it
        if found is None:
            return None
        variant, unchanged = _chosen(found, headers, second, private=False)
        if unchanged:
            return 304, variant.unchanged_lines, ()
        if len(variant.pieces) > _MOST_PIECES:
            return None
        return 200, variant.whole_lines, variant.pieces if method == b"GET" else ()

    def _at_hand(self, path: str) -> Rendition | None:
        """What is in memory, if it is still what lies there."""
        found = self._shelf.get(path)
        if found is None:
            return None
        try:
            state = os.stat(self._public + path)  # noqa: PTH116 - for each request: pathlib takes three times as long
        except OSError:
            return None
        if found.stamp != (state.st_mtime_ns, state.st_size, state.st_ino):
            return None
        self._shelf.move_to_end(path)
        return found

    async def _fetched(self, path: str) -> Rendition | None:
        """What lies there, read aside and once, however many ask; others are served meanwhile."""
        if not is_document(path):
            return None
        reading = self._reading.get(path)
        if reading is None:
            loop = asyncio.get_running_loop()
            reading = self._reading[path] = loop.run_in_executor(None, self._read, path, self._shelf.get(path))
            reading.add_done_callback(lambda done: self._put(path, done))
        return await asyncio.shield(reading)

    def _put(self, path: str, done: asyncio.Future[Rendition | None]) -> None:
        del self._reading[path]
        if old := self._shelf.pop(path, None):
            self._held -= old.size
        found = None if done.cancelled() or done.exception() else done.result()
        if found is None:
            return
        self._shelf[path] = found
        self._held += found.size
        while self._held > self._limit:
            _, dropped = self._shelf.popitem(last=False)
            self._held -= dropped.size

    def _read(self, path: str, old: Rendition | None) -> Rendition | None:
        try:
            if not stat.S_ISREG(os.stat(self._public + path).st_mode):  # noqa: PTH116
                return None
            with Path(self._public + path).open("rb") as file:
                state = os.fstat(file.fileno())
                content = file.read()
        except (OSError, ValueError):
            return None
        digest = hashlib.sha256(content).hexdigest()[:24]
        modified = state.st_mtime_ns // 10**9
        if old is not None and digest != old.digest:
            modified = max(modified, old.modified + 1)  # as where an older file was put back
        zipped = gzip.compress(content, 9, mtime=0)
        return Rendition(
            stamp=(state.st_mtime_ns, state.st_size, state.st_ino),
            digest=digest,
            modified=modified,
            size=len(content) + len(zipped) + _OVERHEAD,
            variants=self._variants(path, digest, modified, (content, zipped)),
        )

    def _variants(self, path: str, digest: str, modified: int, both: tuple[bytes, bytes]) -> tuple[Variant, ...]:
        told = formatdate(modified, usegmt=True).encode()
        age = _ARCHIVE_AGE if _ARCHIVE.search(path) else self._max_age
        links = [*(self._hubs if _HEAD.search(path) else ()), link(self._base_url + quote(path), "self")]
        kind = path.rpartition(".")[2].strip("/")
        pieces = _pieces(both[0]), _pieces(both[1])
        made = []
        for whose in ("public", "private"):
            for number, name in enumerate((f'"{digest}"', f'"{digest}-gz"')):
                etag = name.encode()
                unchanged = [
                    (b"etag", etag),
                    (b"last-modified", told),
                    (b"cache-control", f"{whose}, max-age={age}".encode()),
                    (b"vary", b"Accept-Encoding"),
                    (b"link", ", ".join(links).encode()),
                ]
                whole = [
                    *unchanged,
                    (b"content-type", _TYPES[kind]),
                    (b"content-length", b"%d" % sum(map(len, pieces[number]))),
                    *((b"content-encoding", b"gzip") for _ in range(number)),
                    *SECURITY,
                    STILL,
                ]
                made.append(Variant(etag, pieces[number], whole, unchanged, _ended(whole), _ended(unchanged)))
        return tuple(made)


def _pieces(content: bytes) -> tuple[bytes, ...]:
    return tuple(content[at : at + _PIECE] for at in range(0, len(content), _PIECE)) or (b"",)


def _ended(headers: Headers) -> bytes:
    return lines(headers) + b"\r\n"


def _chosen(found: Rendition, headers: Headers, second: int | None, *, private: bool) -> tuple[Variant, bool]:
    """The variant that the reader takes, and whether they have it.

    Last-Modified is not told much later than Date (RFC 9110 section 8.8.2.1), as where a document changed again and
    again within a second or the clock was set back. A moment later it may be: else two versions of a second would share
    it, and there are readers who then go on with the ETag of the first. If-Modified-Since is held against the true one:
    every version that came before was told earlier, so that nobody who has one of them gets 304. Whoever was told less
    than the true one gets this version once more.
    """
    asked = dict(headers)
    gzipped = b"accept-encoding" in asked and accepts_gzip(asked[b"accept-encoding"])
    variant = found.variants[2 * private + gzipped]
    if second is not None and found.modified > second + AHEAD:
        variant = variant.dated(second + AHEAD)
    return variant, is_unchanged(asked, headers, variant.etag, found.modified)
