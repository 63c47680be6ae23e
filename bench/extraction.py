"""Bodies of HTML pages with one article: the words that are right, ours beside trafilatura's on the same pages."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import mean

import trafilatura

from bench.rounds import Report, Row
from worker import jobs

_PAGES = Path(__file__).parent / "html_pages"
_LATEST = date(2027, 1, 1)
_WORD = re.compile(r"\w+")


def measure() -> Report:
    """Word F1 of both on every page whose gold is one text."""
    ours, theirs = figures()
    wins = sum(mine > other for mine, other in zip(ours, theirs, strict=True))
    ties = sum(mine == other for mine, other in zip(ours, theirs, strict=True))
    return Report(
        rows=(
            Row.of("word F1, HTML", [100 * mine for mine in ours], unit="%", aim="mean ≥ trafilatura's"),
            Row.of("  trafilatura", [100 * other for other in theirs], unit="%", aim=""),
        ),
        notes=(
            (
                f"extraction: {len(ours)} pages, mean word F1 {mean(ours):.1%}, trafilatura {trafilatura.__version__} "
                f"{mean(theirs):.1%}; better on {wins}, the same on {ties}"
            ),
        ),
    )


def figures() -> tuple[list[float], list[float]]:
    """Word F1 from 0 to 1 of every page, ours and trafilatura's."""
    ours, theirs = [], []
    for gold in sorted((_PAGES / "gold").glob("*.json")):
        wanted = json.loads(gold.read_text(encoding="utf-8")).get("text")
        if wanted is None:
            continue  # a listing: trafilatura gives one text for all of its articles
        content = (_PAGES / "pages" / f"{gold.stem}.html").read_bytes()
        ours.append(_f1(_ours(content), wanted))
        theirs.append(_f1(trafilatura.extract(content) or "", wanted))
    return ours, theirs


def _ours(content: bytes) -> str:
    """All that is taken for article text: an article too many costs, as an article in two parts does not."""
    readings = jobs.Reader().pages(content, "page.html", latest=_LATEST)
    return "\n".join(found[0].text for reading in readings for found in reading.articles if found)


def _f1(text: str, wanted: str) -> float:
    """The harmonic mean of precision and recall over words, each counted as often as it stands there."""
    got, gold = Counter(_words(text)), Counter(_words(wanted))
    common = (got & gold).total()
    return 2 * common / (got.total() + gold.total()) if common else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
