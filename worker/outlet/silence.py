"""silence: which sources have gone quiet. Pure: time is an argument.

A source speaks in a rhythm that nobody has told us: by the minute, on workdays, in one nightly batch. What is
usual is learned from the gaps between its arrivals. Arrivals are instants of storing and not stated dates: those
are day-exact at best, sometimes wrong, and what is asked is whether anything still comes.

The usual gap is the median weighted by time: half of the time lies in gaps no longer than it. A plain median
would be seconds wherever a batch is read in several scans, or a backfill of years in a hundred; weighted, these
gaps count for the seconds they last. It is also what one waits in at a random moment (the inspection paradox,
W. Feller, An Introduction to Probability Theory and Its Applications, vol. 2, section I.4). For articles that
come at random, five of these are 8.4 mean gaps, which one gap in 4,400 exceeds; five plain medians, one in 32.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from worker.model import EVERYTHING, Arrival, Credit, Outage, Silence, Source

#: A source with less behind it has no rhythm that could be known.
_LEAST_ARTICLES, _LEAST_ARRIVALS = 8, 5
#: Rhythms change: older gaps count only where there are fewer than so many younger ones.
_MEMORY, _LEAST_GAPS = timedelta(days=90), 20
#: No shorter silence is one, however busy the source: newsrooms sleep.
_NIGHT = timedelta(days=1)
#: Nor this, before it was known long enough to have shown what its weekends are like.
_WEEKEND, _FORTNIGHT = timedelta(days=3), timedelta(days=14)
#: Nor what is hardly longer than a gap that it has made before: a Monday may be a holiday.
_BEFORE = 1.5
#: Who has said nothing for longer than this is no source any more: a status full of the dead helps nobody.
FOLLOWED = timedelta(days=400)


def sources(rows: Iterable[tuple[Credit, Arrival]]) -> list[Source]:
    """Rows in the order of their moments as sources; the first is all of them together, where there are several.

    Of each it keeps what tells of its present rhythm: memory grows with the last months, not with the archive.
    """
    names: dict[str, str] = {EVERYTHING: "all sources"}
    arrivals: dict[str, deque[Arrival]] = {EVERYTHING: deque()}
    for credit, arrival in rows:
        name = _name(credit)
        key = " ".join(name.casefold().split())
        names[key] = name  # as it was written last
        _add(arrivals.setdefault(key, deque()), arrival)
        _add(arrivals[EVERYTHING], arrival)
    if len(arrivals) <= 2:
        del arrivals[EVERYTHING]
    return [Source(key=key, name=names[key], arrivals=tuple(found)) for key, found in arrivals.items()]


def _name(credit: Credit) -> str:
    """The named source; else the site that the entry's link leads to; else the folder that its dump lies in."""
    if credit.source:
        return credit.source
    try:
        host = urlsplit(credit.link or "").hostname
    except ValueError:
        host = None
    if host:
        return host.removeprefix("www.")
    folder, below, _ = (credit.path or "").partition("/")
    return f"{folder}/" if below else "./"


def _add(found: deque[Arrival], arrival: Arrival) -> None:
    moment, articles, newest = arrival
    if found and found[-1].moment == moment:
        known = found.pop()
        arrival = Arrival(moment, known.articles + articles, max(known.newest, newest))
    found.append(arrival)
    while len(found) > _LEAST_GAPS + 1 and found[0].moment < moment - _MEMORY:
        found.popleft()


def silences(heard: Iterable[Source], now: datetime, *, multiple: float, outage: Outage | None = None) -> list[Silence]:
    """The sources that are quiet at `now`, those that are so for longest first, all together before each.

    A source is quiet when nothing of it has come for more than `multiple` of its usual gaps; 0: none ever is.
    `outage` is the last one that is over: whoever was not quiet before it is waited for anew from its end.
    """
    found = [silence for source in heard if multiple and (silence := _silence(source, multiple, outage))]
    quiet = (silence for silence in found if silence.since < now)
    return sorted(quiet, key=lambda silence: (silence.source != EVERYTHING, silence.since, silence.source))


def ended(silence: Silence, heard: Source) -> datetime | None:
    """When the source spoke again; None where it did not."""
    return next((arrival.moment for arrival in heard.arrivals if arrival.moment > silence.last), None)


def _silence(source: Source, multiple: float, outage: Outage | None) -> Silence | None:
    """The silence that begins with the last arrival, from the moment when it is one; None without a rhythm."""
    arrivals = source.arrivals
    # The longest gap tells nothing: one outage, theirs or ours, is no habit.
    gaps = sorted(later.moment - earlier.moment for earlier, later in pairwise(arrivals))[:-1]
    known = sum(gaps, timedelta(0))
    if len(arrivals) < _LEAST_ARRIVALS or sum(arrival.articles for arrival in arrivals) < _LEAST_ARTICLES:
        return None
    usual = _usual(gaps, known)
    limit = max(multiple * usual, _BEFORE * gaps[-1], _NIGHT if known >= _FORTNIGHT else _WEEKEND)
    if known < limit:  # nobody is missed for longer than they were known: not the end of a backfill
        return None
    last = arrivals[-1]
    since = last.moment + limit
    if outage and last.moment <= outage.ended and since > outage.began:
        since = outage.ended + limit
    return Silence(
        source=source.key, name=source.name, last=last.moment, newest=last.newest, usual_gap=usual, since=since
    )


def _usual(gaps: Sequence[timedelta], total: timedelta) -> timedelta:
    """The median of sorted gaps, each weighted by its length."""
    reached = timedelta(0)
    for gap in gaps:
        reached += gap
        if 2 * reached >= total:
            return gap
    return timedelta(0)
