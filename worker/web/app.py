"""The site: which URL is answered by what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.model import ChannelKind, JobRun
from worker.web import icon, searching, status
from worker.web.pages.archive import ArchivePage, MonthPage
from worker.web.pages.channel import ChannelList, ChannelPage
from worker.web.pages.entry import EntryPage
from worker.web.pages.frame import Frame
from worker.web.pages.front import FrontPage
from worker.web.site import Site
from worker.web.slashes import counterparts

__all__ = ["Site", "create_app", "health"]


def create_app(site: Site) -> Starlette:
    """The ASGI application of the site."""
    frame = Frame(site)

    def healthz(_request: Request) -> Response:
        told = health(site.runs(), alive=site.alive(), now=site.clock())
        return JSONResponse(told, 200 if told["status"] == "ok" else 503, {"cache-control": "no-store"})

    def lost(request: Request, _error: Exception) -> Response:
        return frame.failure(request, "web/lost.html", 404)

    def broken(request: Request, _error: Exception) -> Response:  # which is logged by the server
        return frame.failure(request, "web/error.html", 500)

    pages = [*_pages(site, frame), *searching.routes(site, frame), *status.routes(site, frame)]
    app = Starlette(
        routes=[*pages, Route("/healthz", healthz), icon.route(), *counterparts(pages)],
        exception_handlers={404: lost, 500: broken},
    )
    app.router.redirect_slashes = False  # see worker.web.slashes
    return app


def _pages(site: Site, frame: Frame) -> list[Route]:
    pages: dict[str, Callable[[Request], Response]] = {
        "/": FrontPage(site, frame).answer,
        "/entries/{key:str}": EntryPage(site, frame).answer,
        "/archive/": ArchivePage(site, frame).answer,
        "/archive/{month:str}/": MonthPage(site, frame).answer,
    }
    for kind in (ChannelKind.TOPIC, ChannelKind.SOURCE):
        pages[f"/{kind.value}s/"] = ChannelList(site, frame, kind).answer
        pages[f"/{kind.value}s/{{slug:str}}/"] = ChannelPage(site, frame, kind).answer
    # An object that is called would be taken for an ASGI application; a bound method is not.
    return [Route(path, page) for path, page in pages.items()]


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
