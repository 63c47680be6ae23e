"""How it goes: a page where people look rather than read, and the same numbers for a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup
from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.model import Silence
from worker.store import lags, outbox, runs, silences, tallies
from worker.templating import duration, shorten
from worker.web import charts
from worker.web.charts import Bar, Series
from worker.web.metrics import exposition
from worker.web.pages.frame import Frame
from worker.web.site import Site

_DAYS = 42  # shown: six weeks, in 30 KB
_FAILURES, _QUIET = 20, 20  # named, of however many there are
#: What to know when looking.
_CUT = "A column with a gap is cut short; its number stands above it."
_DOTS = (
    "A dot is the median of a day, the ring above it the worst. Files older than a day when they were read are left "
    "out: they lay there before."
)
_EMPTY = "Nothing yet."
_LABEL = 32  # characters of a source beside a number, at 320 pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing, what its colours mean, and its numbers as a table."""

    key: str
    title: str
    drawing: Markup
    legend: Sequence[tuple[Markup, str]] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    words: str = ""  #: what to know when looking
    more: int = 0  #: that are not shown


def routes(site: Site, frame: Frame) -> list[Route]:
    """`/status` and `/metrics`."""

    def status(request: Request) -> Response:
        jobs = site.runs()
        now = site.clock()  # behind what the jobs have noted
        with site.store() as db:
            data = _picture(db, now)
        runs = [(run, _age(now - run.succeeded) if run.succeeded else "never") for run in jobs]
        data |= {"runs": runs, "alive": site.alive(), "now": now, "refused": site.refused()}
        return frame.answer(request, "web/status.html", data, here="status")

    def metrics(_request: Request) -> Response:
        with site.store() as db:
            body, media_type = exposition(db, site.runs(), site.refused())
        return Response(body, 200, {"cache-control": "no-store", "content-type": media_type})

    return [Route("/status", status), Route("/metrics", metrics)]


def _picture(db: Database, now: datetime) -> dict[str, object]:
    since = now.date() - timedelta(days=_DAYS - 1)
    counted, named, late = tallies.by_day(db, since), tallies.entries_by_day(db, since), lags.by_day(db, since)
    days = charts.stretch(now.date(), min((*counted, *named, *late), default=None), most=_DAYS)
    quiet = silences.going_on(db)
    return {
        "charts": [_articles(days, named), _outcomes(days, counted), _lags(days, late), _quiet(quiet, now)],
        "today": sum(named.get(now.date(), {}).values()),
        "quiet": len(quiet),
        "totals": tallies.totals(db),
        "failures": runs.failures(db, _FAILURES),
        "failing": runs.failing(db),
        "mail": outbox.counts(db),
        "calls": tallies.calls(db),
    }


# ── The charts ──────────────────────────────────────────────────────────────────────────────────────


def _articles(days: Sequence[date], named: Mapping[date, Mapping[str, int]]) -> Chart:
    """New articles by source; those of whom most came each have a colour, the others one together."""
    totals: dict[str, int] = {}
    for day in days:
        for source, number in named.get(day, {}).items():
            totals[source] = totals.get(source, 0) + number
    ranked = sorted(totals, key=lambda source: (-totals[source], source))
    own = ranked if len(ranked) <= charts.SERIES else ranked[: charts.SERIES - 1]
    series = [
        Series(name=source or "no source named", values=tuple(named.get(day, {}).get(source, 0) for day in days))
        for source in own
    ]
    if rest := ranked[len(own) :]:
        values = tuple(sum(named.get(day, {}).get(source, 0) for source in rest) for day in days)
        series.append(Series(name=f"{len(rest)} other sources", values=values))
    return _stacked("articles", "New articles by day and source", days, series)


def _outcomes(days: Sequence[date], counted: Mapping[date, Mapping[str, int]]) -> Chart:
    series = [
        Series(name=outcome, values=tuple(counted.get(day, {}).get(outcome, 0) for day in days))
        for outcome in tallies.OUTCOMES
    ]
    return _stacked("outcomes", "What became of article pieces, by day", days, series)


def _stacked(key: str, title: str, days: Sequence[date], series: Sequence[Series]) -> Chart:
    rows = [
        [day.isoformat(), *(f"{one.values[place]:,}" for one in series)]
        for place, day in reversed(list(enumerate(days)))
        if any(one.values[place] for one in series)
    ]
    sums = charts.sums_of(series, len(days))
    return Chart(
        key=key,
        title=title,
        drawing=charts.stacked(key, title, days, series),
        legend=[(charts.swatch(key, number), one.name) for number, one in enumerate(series, 1) if any(sums)],
        heads=["Day", *(one.name for one in series)],
        rows=rows,
        words=_CUT if max(sums, default=0) > charts.limit(sums) else "" if any(sums) else _EMPTY,
    )


def _lags(days: Sequence[date], late: Mapping[date, lags.Lags]) -> Chart:
    spans = [(one.median, one.worst) if (one := late.get(day)) and one.entries else None for day in days]
    title = "From dropped file to feed, by day"
    return Chart(
        key="lags",
        title=title,
        drawing=charts.lasting("lags", title, days, spans),
        heads=["Day", "Articles", "Median", "Worst"],
        rows=[
            [day.isoformat(), f"{one.entries:,}", _length(one.median), _length(one.worst)]
            for day in reversed(days)
            if (one := late.get(day)) and one.entries
        ],
        words=_DOTS if any(spans) else _EMPTY,
    )


def _quiet(quiet: Sequence[Silence], now: datetime) -> Chart:
    found = quiet[:_QUIET]
    title = "Sources that have gone quiet"
    bars = [
        Bar(
            label=shorten(one.name, _LABEL),
            length=(now - one.last).total_seconds(),
            usual=one.usual_gap.total_seconds(),
            told=duration(now - one.last),
        )
        for one in found
    ]
    return Chart(
        key="quiet",
        title=title,
        drawing=charts.lying("quiet", title, bars) if bars else Markup(""),
        heads=["Source", "Last article", "Silent for", "Usual gap"],
        rows=[
            [one.name, f"{one.last:%Y-%m-%d %H:%M}", duration(now - one.last), duration(one.usual_gap)] for one in found
        ],
        words="A bar is the time since the last article; the mark in it is the usual gap."
        if bars
        else "None: every source that has a rhythm keeps to it.",
        more=len(quiet) - len(found),
    )


def _age(length: timedelta) -> str:
    return "just now" if length < timedelta(minutes=1) else f"{duration(length)} ago"


def _length(seconds: float) -> str:
    return "under a second" if seconds < 1 else duration(timedelta(seconds=seconds))
