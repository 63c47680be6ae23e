"""A slash too many or too few at the end of an address leads to the page that is meant.

Starlette would do that, too, but with a whole URL: it believes the Host header, and forgets a key that stands before
the path. A reference relative to the address that was asked for (RFC 3986 section 4.2) does neither, and names no key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.web.answers import SECURITY, STILL

_HEADERS = {name.decode(): value.decode() for name, value in (*SECURITY, STILL)}


def counterparts(routes: Iterable[Route]) -> list[Route]:
    """For each page the same address with a slash, or without it."""
    return [
        Route(route.path.removesuffix("/") if route.path.endswith("/") else f"{route.path}/", _leading(route.endpoint))
        for route in routes
        if route.path != "/"
    ]


def _leading(page: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def lead(request: Request) -> Response:
        """What the page says where it is none, such as `/archive/01.atom` without a slash: nobody is led there."""
        answer = page(request)
        return answer if answer.status_code >= 400 else _redirect(request)

    return lead


def _redirect(request: Request) -> Response:
    path = str(request.scope["path"])
    name = quote(path.rstrip("/").rpartition("/")[2], safe="")
    query = f"?{told.decode('latin-1')}" if (told := request.scope["query_string"]) else ""
    to = f"../{name}{query}" if path.endswith("/") else f"./{name}/{query}"
    return Response(None, 308, {"location": to, "cache-control": "no-cache", **_HEADERS})
