"""What is told of ordinary words by cheap means is what looking closer says of them, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.intake.segment import ordinary, shape

_PAGES = sorted((Path(__file__).parent.parent / "labelled" / "pages").glob("*.txt"))
_LINES = sorted({line.strip() for path in _PAGES for line in path.read_text("utf-8", "replace").split("\n")} - {""})


def test_ordinary_words_are_what_they_are_at_a_closer_look(monkeypatch: pytest.MonkeyPatch) -> None:
    shape._short.cache_clear()
    quick = {line: shape.shapes_of(line, month_first=False) for line in _LINES}
    shape._short.cache_clear()
    monkeypatch.setattr(ordinary, "wordy", lambda _line, _size: False)
    differing = [line for line in _LINES if shape.shapes_of(line, month_first=False) != quick[line]]
    shape._short.cache_clear()

    assert _LINES
    assert differing == []


@pytest.mark.parametrize(
    "line",
    [
        "Council votes on 12 new ferries for the northern islands",
        "Рыбаки «Северного берега» вернулись в порт раньше срока",
        "The bridge is closed, and nobody knows until when.",
    ],
)
def test_headlines_and_sentences_are_ordinary(line: str) -> None:
    assert ordinary.wordy(line, len(line))


@pytest.mark.parametrize(
    "line",
    [
        "Ferries return on 3 May 2026",  # a date may be glued to it
        "Photo: Ann Lee",
        "All rights reserved",
        "Share Print Facebook",
        "Three killed  Read on",
        "New ferries for the islandsRead more",
        "HARBOR POINT (AP) — The ferries are back",
    ],
)
def test_signs_of_anything_else_are_looked_at_closely(line: str) -> None:
    assert not ordinary.wordy(line, len(line))
