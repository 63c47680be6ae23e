"""Documents that are made when they are asked for, with the same validators as those that lie ready."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from email.utils import formatdate
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

from worker.web.answers import SECURITY, STILL, link
from worker.web.conditions import accepts_gzip, is_unchanged
from worker.web.documents import AHEAD

#: URLs whose versions are remembered: about 300 KB.
_REMEMBERED = 1_000
_LEVEL = 5  # a feed of 100 KB takes 2 ms


class Versions:
    """When what lies at a URL became what it is: Last-Modified, which moves whenever the ETag does.

    Nothing that is stored tells it, since a document also changes by what leaves it. So a version dates from when it
    was first made; and one that is remembered no more, or was made by a process before this one, dates from now, which
    costs its readers an answer that they could have been spared, and never keeps one from them.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[str, int]] = OrderedDict()
        self._forgotten = 0  # the latest date of what is remembered no more
        self._lock = Lock()  # requests are answered by many threads

    def modified(self, url: str, digest: str, second: int) -> int:
        """Seconds since 1970 of this version; it may lie ahead, as two versions never share one."""
        mark = hashlib.sha256(url.encode()).digest()  # a URL may be long
        with self._lock:
            known, modified = self._known.pop(mark, ("", self._forgotten))
            if known != digest:
                modified = max(second, modified + 1)
            self._known[mark] = (digest, modified)
            if len(self._known) > _REMEMBERED:
                _, (_, date) = self._known.popitem(last=False)
                self._forgotten = max(self._forgotten, date)
            return modified

    def answer(self, request: Request, url: str, body: bytes, *, second: int, max_age: int) -> Response:
        """The document in Atom, or word that the reader has it already."""
        digest = hashlib.sha256(body).hexdigest()[:24]
        modified = self.modified(url, digest, second)
        asked = dict(request.headers.raw)
        zipped = accepts_gzip(asked.get(b"accept-encoding", b""))
        etag = f'"{digest}{"-gz" if zipped else ""}"'
        told = {
            "etag": etag,
            "last-modified": formatdate(min(modified, second + AHEAD), usegmt=True),
            "cache-control": f"public, max-age={max_age}",
            "vary": "Accept-Encoding",
            "link": link(url, "self"),
        }
        if is_unchanged(asked, request.headers.raw, etag.encode(), modified):
            return Response(None, 304, told)
        told |= {name.decode(): value.decode() for name, value in (*SECURITY, STILL)}
        if zipped:
            body = gzip.compress(body, _LEVEL, mtime=0)
            told["content-encoding"] = "gzip"
        return Response(body, 200, {**told, "content-type": "application/atom+xml; charset=utf-8"})
