"""Charts: numbers → SVG, drawn here, so that a page needs no script.

They have no viewBox: lengths across are shares of the page's width, heights and letters are pixels, so that a chart
fits a telephone and its words are as large there as anywhere; a scale stands beside its plot in a drawing of its own,
as a length that is neither cannot be written without a style. Series are told apart by pattern as well as by colour;
colours are classes of the style sheet (`s1` to `s6`), which knows light from dark. Each chart says in words what it
shows; the numbers themselves belong beside it, as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

from markupsafe import Markup

_PLOT, _TOP, _FOOT = 150, 18, 22  # pixels: the plot, room for the topmost number above it, for days below
_ROW = 40  # pixels that a bar lying down takes with its label
_GAP = 0.22  # of a column's width, left free
#: A day is left out of account for the scale where it stands alone: one in so many, so many times above all others.
_RARE, _ABOVE = 7, 3
_TEAR = 16  # pixels from the top of a column that is cut short to the middle of the gap in it
_LABELS = 4  # days named along a chart at the most: more collide at 320 pixels
#: Drawn over the colour of a series, in that of the page.
_PATTERNS = (
    "",
    '<path class="hatch" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"/>',
    '<circle class="hole" cx="2" cy="2" r="1"/><circle class="hole" cx="5" cy="5" r="1"/>',
    '<path class="hatch" d="M0 3H6"/>',
    '<path class="hatch" d="M-1 -1L7 7M-1 5L1 7M5 -1L7 1"/>',
    '<path class="hatch" d="M3 0V6"/>',
)
SERIES = len(_PATTERNS)  #: so many can be told apart in one chart
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Marks of a scale of time, in seconds.
_TIMES = ((1.0, "1 s"), (10.0, "10 s"), (60.0, "1 min"), (600.0, "10 min"), (3600.0, "1 h"), (86400.0, "1 day"))
_SHORTEST = 0.4  # seconds, where that scale begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What one colour stands for: a number a day."""

    name: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of all days."""
        return sum(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How long something has lasted, and how long it usually does: in seconds."""

    label: str
    length: float
    usual: float
    told: str  #: the length in words


def stacked(key: str, title: str, days: Sequence[date], series: Sequence[Series]) -> Markup:
    """Columns of several series upon each other. `key` tells apart what charts of one page name."""
    sums = sums_of(series, len(days))
    most = limit(sums)
    busiest = max(range(len(days)), key=sums.__getitem__, default=0)
    told = ", ".join(f"{one.name} {one.total:,}" for one in series if one.total) or "nothing"
    words = f"{_stretch(days)}: {told}." + (
        f" Most on {_day(days[busiest])}: {sums[busiest]:,}." if days and sums[busiest] else ""
    )
    marks = [(_height(number / most), f"{number:,}") for number in dict.fromkeys((most, most // 2, 0))]
    body = [_patterns(key, len(series)), _grid(height for height, _ in marks)]
    base = [0] * len(days)
    for number, one in enumerate(series):
        columns = []
        for place, value in enumerate(one.values):
            if value:
                whole = max(most, sums[place])  # what is cut short has its parts in proportion
                top, bottom = _height((base[place] + value) / whole), _height(base[place] / whole)
                columns.append(_column(place, len(days), top, bottom))
                base[place] += value
        body.append(f'<g fill="url(#{key}-{number + 1})">{"".join(columns)}</g>')
    body += [_torn(sums, most), _days(days)]
    return _scaled(marks, _chart(key, title, words, body, _TOP + _PLOT + _FOOT))


def sums_of(series: Iterable[Series], days: int) -> list[int]:
    """Of all series together, day by day."""
    known = list(series)
    return [sum(one.values[place] for one in known) for place in range(days)]


def limit(sums: Sequence[int]) -> int:
    """Where a scale ends: a few days that stand far above all others go beyond it, so that the others can be seen."""
    ranked = sorted(sums, reverse=True)
    for rare in range(len(ranked) // _RARE, 0, -1):
        if ranked[rare - 1] > _ABOVE * ranked[rare] > 0:
            return _ceiling(ranked[rare])
    return _ceiling(max(ranked, default=0))


def lasting(key: str, title: str, days: Sequence[date], spans: Sequence[tuple[float, float] | None]) -> Markup:
    """Of each day the median and the worst of something that takes seconds to hours, on a logarithmic scale."""
    known = [span for span in spans if span]
    longest = max((worst for _, worst in known), default=0.0)
    top = next((mark for mark, _ in _TIMES[1:] if mark >= longest), _TIMES[-1][0])
    scale = log(top / _SHORTEST)

    def share(seconds: float) -> float:
        return min(max(log(max(seconds, _SHORTEST) / _SHORTEST) / scale, 0.0), 1.0)

    medians = sorted(median for median, _ in known)
    words = f"{_stretch(days)}: " + (
        f"median between {medians[0]:,.1f} and {medians[-1]:,.1f} seconds, at worst {longest:,.1f} seconds."
        if known
        else "nothing yet."
    )
    marks = []
    for place, span in enumerate(spans):
        if span:
            middle = f"{100 * (place + 0.5) / len(days):.2f}%"
            low, high = _height(share(span[0])), _height(share(span[1]))
            marks.append(
                f'<line class="reach" x1="{middle}" x2="{middle}" y1="{low}" y2="{high}"/>'
                f'<circle class="worst" cx="{middle}" cy="{high}" r="2.5"/>'
                f'<circle class="s1" cx="{middle}" cy="{low}" r="3.5"/>'
            )
    named = [(_height(share(mark)), name) for mark, name in _TIMES if mark <= top]
    grid = _grid([*(height for height, _ in named), _height(0)])
    return _scaled(named, _chart(key, title, words, [grid, *marks, _days(days)], _TOP + _PLOT + _FOOT))


def lying(key: str, title: str, bars: Sequence[Bar]) -> Markup:
    """Bars that lie under their labels, each with a mark where it usually ends."""
    most = max((max(bar.length, bar.usual) for bar in bars), default=0.0) or 1.0
    words = "; ".join(f"{bar.label}: {bar.told}" for bar in bars) or "None."
    body = [_patterns(key, 1)]
    for row, bar in enumerate(bars):
        top = row * _ROW
        usual = f"{100 * bar.usual / most:.2f}%"
        body.append(
            f'<text class="name" x="0" y="{top + 13}">{Markup.escape(bar.label)}</text>'
            f'<text class="soft" x="100%" y="{top + 13}" text-anchor="end">{Markup.escape(bar.told)}</text>'
            f'<rect fill="url(#{key}-1)" x="0" y="{top + 19}" width="{100 * bar.length / most:.2f}%" height="10"/>'
            f'<line class="usual" x1="{usual}" x2="{usual}" y1="{top + 16}" y2="{top + 32}"/>'
        )
    return _chart(key, title, words, body, max(len(bars), 1) * _ROW)


def swatch(key: str, number: int) -> Markup:
    """A sample of the pattern of a chart's series, from 1, for its legend."""
    return Markup(
        '<svg class="swatch" width="14" height="14" aria-hidden="true"><rect width="14" height="14" '
    ) + Markup('fill="url(#{}-{})"/></svg>').format(key, number)


# ── Parts ───────────────────────────────────────────────────────────────────────────────────────────


def _chart(key: str, title: str, words: str, body: Iterable[str], height: int) -> Markup:
    head = Markup(
        '<svg class="chart" width="100%" height="{0}" role="img" aria-labelledby="{1}-title {1}-words">'
        '<title id="{1}-title">{2}</title><desc id="{1}-words">{3}</desc>'
    ).format(height, key, title, words)
    return head + Markup("".join(body)) + Markup("</svg>")  # of numbers, and labels that are escaped


def _patterns(key: str, number: int) -> str:
    made = (
        f'<pattern id="{key}-{place}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect class="s{place}" width="6" height="6"/>{_PATTERNS[place - 1]}</pattern>'
        for place in range(1, number + 1)
    )
    return f"<defs>{''.join(made)}</defs>"


def _grid(heights: Iterable[float]) -> str:
    return "".join(f'<line class="grid" x1="0" x2="100%" y1="{height}" y2="{height}"/>' for height in heights)


def _scaled(marks: Sequence[tuple[float, str]], chart: Markup) -> Markup:
    """A chart, and names of heights on its left; whoever does not see them has the words of the chart."""
    width = 8 + 7 * max(len(name) for _, name in marks)
    names = "".join(
        f'<text class="soft" x="{width - 6}" y="{height + 4:g}" text-anchor="end">{name}</text>'
        for height, name in marks
    )
    scale = f'<svg class="scale" width="{width}" height="{_TOP + _PLOT + _FOOT}" aria-hidden="true">{names}</svg>'
    return Markup('<div class="scaled">') + Markup(scale) + chart + Markup("</div>")


def _torn(sums: Sequence[int], most: int) -> str:
    """A slanting gap in columns that are cut short, and above them how far they would go."""
    drawn, named = [], list[int]()
    for place in sorted(range(len(sums)), key=lambda place: -sums[place]):
        if sums[place] <= most:
            break
        left, right = (100 * (place + share) / len(sums) for share in (0, 1))
        drawn.append(
            f'<line class="tear" x1="{left:.2f}%" x2="{right:.2f}%" y1="{_TOP + _TEAR + 3}" y2="{_TOP + _TEAR - 3}"/>'
        )
        if all(_LABELS * 2 * abs(place - other) >= len(sums) for other in named):
            named.append(place)
            drawn.append(_beside(place, len(sums), _TOP - 5, f"{sums[place]:,}"))
    return "".join(drawn)


def _beside(place: int, places: int, y: int, words: str) -> str:
    """Words above or below a column; at the ends they stay inside."""
    middle = 100 * (place + 0.5) / places
    anchor = "start" if middle < 8 else "end" if middle > 92 else "middle"
    at = middle + {"start": -50, "middle": 0, "end": 50}[anchor] / places
    return f'<text class="soft" x="{at:.2f}%" y="{y}" text-anchor="{anchor}">{words}</text>'


def _column(place: int, places: int, top: float, bottom: float) -> str:
    width = 100 / places
    return (
        f'<rect x="{width * (place + _GAP / 2):.2f}%" y="{top:g}" width="{width * (1 - _GAP):.2f}%" '
        f'height="{bottom - top:.1f}"/>'
    )


def _height(share: float) -> float:
    """Pixels from the top, of a share of the plot."""
    return round(_TOP + _PLOT * (1 - share), 1)


def _days(days: Sequence[date]) -> str:
    """Names of some days, below their columns; the outer ones stay inside."""
    step = -(-len(days) // _LABELS) or 1
    return "".join(
        _beside(place, len(days), _TOP + _PLOT + 16, _day(days[place])) for place in range(len(days) - 1, -1, -step)
    )


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _stretch(days: Sequence[date]) -> str:
    return f"{_day(days[0])} to {_day(days[-1])} {days[-1].year}" if days else "No days"


def _ceiling(most: int) -> int:
    """The end of a scale that holds a number: 1, 2, 4, 6 or 8 times a power of ten."""
    step = 1
    while True:
        for factor in (1, 2, 4, 6, 8):
            if most <= factor * step:
                return factor * step
        step *= 10


def stretch(today: date, first: date | None, *, least: int = 7, most: int = 42) -> list[date]:
    """The days that a chart shows: up to today, from the first there is on, within bounds."""
    known = (today - first).days + 1 if first else 0
    number = min(max(known, least), most)
    return [today - timedelta(days=back) for back in range(number - 1, -1, -1)]
