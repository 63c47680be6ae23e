"""How well pages are split, as figures over many labelled pages; floors that only ever rise.

SEEDTEST_DIR may name a folder with further pages: `seeds/` and `pages/`, their gold in `gold/`.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from bench import extraction
from worker import jobs
from worker.evaluate import Counts, Figures, load, score
from worker.model import Article

_HERE = Path(__file__).parent
_PLACE = os.environ.get("SEEDTEST_DIR", "")
_LATEST = date(2027, 1, 1)


def _articles(page: Path) -> list[Article]:
    readings = jobs.Reader().pages(page.read_bytes(), page.name, latest=_LATEST)
    return [found[0] for reading in readings for found in reading.articles if found]


def _figures(*sets: tuple[Path, Path]) -> Figures:
    counts = Counts()
    for golds, pages in sets:
        for gold in sorted(golds.glob("*.json")):
            page = pages / gold.stem if (pages / gold.stem).exists() else pages / f"{gold.stem}.txt"
            counts += score(load(gold.read_bytes(), str(gold)), _articles(page))[0]
    return Figures.of(counts)


def _least(figures: Figures, *, chrome: float, **floors: float) -> None:
    below = {name: getattr(figures, name) for name, floor in floors.items() if getattr(figures, name) < floor}
    assert not below
    assert figures.chrome <= chrome


def test_the_labelled_pages() -> None:
    figures = _figures((_HERE / "labelled" / "gold", _HERE / "labelled" / "pages"))
    _least(figures, f1=0.955, exact=0.96, title=0.935, date=0.96, source=0.82, chrome=0.032)


@pytest.mark.skipif(not _PLACE, reason="SEEDTEST_DIR names no folder of labelled pages")
def test_further_labelled_pages() -> None:
    place = Path(_PLACE)
    figures = _figures((place / "gold" / "seeds", place / "seeds"), (place / "gold" / "pages", place / "pages"))
    _least(figures, f1=0.97, exact=0.95, title=0.97, date=0.97, source=0.90, chrome=0.01)


def test_bodies_of_html_pages_are_at_least_as_good_as_those_of_trafilatura() -> None:
    ours, theirs = extraction.figures()
    assert len(ours) >= 30
    assert sum(ours) >= sum(theirs)
    assert sum(ours) / len(ours) >= 0.955
