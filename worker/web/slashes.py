"""A slash too many or too few at the end of an address leads to the page that is meant.

Starlette would do that, too, but with a whole URL: it believes the Host header, and forgets a key that stands before
the path. A reference relative to the address that was asked for (RFC 3986 section 4.2) does neither, and names no key.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.web.answers import SECURITY, STILL

_HEADERS = {name.decode(): value.decode() for name, value in (*SECURITY, STILL)}


def counterparts(routes: Iterable[Route]) -> list[Route]:
    """For each page the same address with a slash, or without it."""
    paths = [route.path for route in routes if route.path != "/"]
    return [Route(path.removesuffix("/") if path.endswith("/") else f"{path}/", _redirect) for path in paths]


def _redirect(request: Request) -> Response:
    path = str(request.scope["path"])
    name = quote(path.rstrip("/").rpartition("/")[2], safe="")
    query = f"?{told.decode('latin-1')}" if (told := request.scope["query_string"]) else ""
    to = f"../{name}{query}" if path.endswith("/") else f"./{name}/{query}"
    return Response(None, 308, {"location": to, "cache-control": "no-cache", **_HEADERS})
