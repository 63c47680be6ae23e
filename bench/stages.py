"""The pure stages that cut and describe, on one core, against reading, hashing and inserting the same articles."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.corpus import LATEST, corpus_in, floor, fresh, one_core
from bench.rounds import Report, Row, interleaved, ratios
from worker.intake import clean, decode, describe, segment
from worker.model import Page

_ROUNDS, _BUDGET = 9, 40.0


def measure() -> Report:
    """Rounds of floor and stages in turn; pages are decoded beforehand, and read one by one as the daemon does."""
    with TemporaryDirectory(prefix="seedwire-bench-") as name, one_core() as core:
        corpus = corpus_in(Path(name))
        pages = [page for path in corpus.files for page in decode.decode(path.read_bytes())]
        taken = interleaved(
            {
                "floor": lambda: floor(corpus, fresh(Path(name) / "state")),
                "stages": lambda: _read(pages),
            },
            rounds=_ROUNDS,
            budget=_BUDGET,
        )
    each = 1e6 / len(corpus.articles)
    return Report(
        rows=(Row.of("stages / floor", ratios(taken, "stages", "floor"), unit="×", aim="≤ 4"),),
        notes=(
            (
                f"stages: segment, clean and describe take {median(taken['stages']) * each:.0f} µs an article on "
                f"{core}, the floor {median(taken['floor']) * each:.0f} µs; pages from {corpus.origin}"
            ),
        ),
    )


def _read(pages: list[Page]) -> None:
    for page in pages:
        for cut in segment.segment(page).cuts:
            if text := clean.clean(page, cut):
                describe.describe(page, text, latest=LATEST)
