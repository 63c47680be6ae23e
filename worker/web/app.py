"""The site: which URL is answered by what."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from jinja2 import Environment
from sqlite_utils import Database
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from worker.model import JobRun
from worker.outlet.also import names, told
from worker.store import entries, stories
from worker.templating import render
from worker.web.feed import PublishedFile

#: Pages run no script and load nothing from elsewhere.
_GUARD = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_FRONT = 50  # entries on the front page


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that the site needs to know, handed down by whoever wires it."""

    title: str
    public: Path
    max_age: int  #: seconds until a feed may have changed
    templates: Environment
    style: bytes  #: the style sheet
    store: Callable[[], AbstractContextManager[Database]]
    clock: Callable[[], datetime]
    runs: Callable[[], list[JobRun]]
    alive: Callable[[], bool]


def create_app(site: Site) -> Starlette:
    """The ASGI application of the site."""

    def front(_request: Request) -> Response:
        with site.store() as db:
            newest = entries.newest(db, _FRONT)
            also = stories.also(db, [entry.number for entry in newest])
        named = {entry.number: names(also.get(entry.number, ())) for entry in newest}
        return _page(site, "web/front.html", entries=newest, also=named)

    def entry(request: Request) -> Response:
        with site.store() as db:
            found = entries.get(db, request.path_params["key"])
            if found is None:
                raise HTTPException(404)
            others = stories.also(db, [found.number]).get(found.number, ())
            lead = None if found.leads else next(entries.numbered(db, [found.lead]))
        also = [(one, told(one)) for one in others]
        return _page(site, "web/entry.html", entry=found, also=also, lead=lead)

    def healthz(_request: Request) -> Response:
        told = health(site.runs(), alive=site.alive(), now=site.clock())
        return JSONResponse(told, 200 if told["status"] == "ok" else 503, {"cache-control": "no-store"})

    def style(_request: Request) -> Response:
        return Response(site.style, media_type="text/css", headers={"cache-control": "max-age=3600"})

    def lost(_request: Request, _error: Exception) -> Response:
        return _page(site, "web/lost.html", status=404)

    return Starlette(
        routes=[
            Route("/", front),
            Route("/feed.atom", PublishedFile(site.public / "feed.atom", max_age=site.max_age)),
            Route("/entries/{key:str}", entry),
            Route("/healthz", healthz),
            Route("/style.css", style),
        ],
        exception_handlers={404: lost},
    )


def _page(site: Site, name: str, *, status: int = 200, **data: object) -> Response:
    return HTMLResponse(render(site.templates, name, title=site.title, **data), status, _GUARD)


def health(runs: list[JobRun], *, alive: bool, now: datetime) -> dict[str, object]:
    """What `/healthz` tells: `ok` while nothing has failed; a job that has never been due is no failure."""
    failing = [run.job for run in runs if run.error is not None]
    return {
        "status": "ok" if alive and not failing else "failing",
        "scheduler": "alive" if alive else "stuck: restart the daemon",
        "jobs": {
            run.job: {
                "ok": run.error is None,
                "last_run": _iso(run.started),
                "last_ok": _iso(run.succeeded),
                "age_seconds": _seconds(now - run.succeeded) if run.succeeded else None,
                "error": run.error,
            }
            for run in runs
        },
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def _seconds(span: timedelta) -> float:
    return round(span.total_seconds(), 1)
