"""What a pattern tells of its matches: beginnings and words that none of them lacks."""

from __future__ import annotations

import re

import pytest

from worker.intake.shapes.chrome import patterns
from worker.intake.shapes.chrome.patterns import ANY, DIGIT, SIGN


@pytest.mark.parametrize(
    ("pattern", "starts", "needs"),
    [
        ("read more", {"rea"}, ("read",)),
        ("x", {"x"}, ("x",)),
        ("e-?mail this", {"e"}, ("mail",)),
        ("(?:the )?(?:most|top) news", {"the", "mos", "top"}, ("news",)),
        ("(?:read|lire)(?: more)?", {"rea", "lir"}, ("read", "lire")),
        (r"\d+ (?:views?|vues)", {DIGIT}, ("view", "vues")),
        (r"(?:about )?\d+ hits", {"abo", DIGIT}, ("hits",)),
        (r"[«<]+\s*.{0,9}", {"«", "<"}, ("«", "<")),
        (r"[\[(].{2,9}[\])]", {"[", "("}, ("[", "(")),
        (r"\[\s*\d\s*\]", {"["}, ("[",)),
        (r"\(more\)", {"(mo"}, ("(more)",)),
        (r"[\W_]{3,}", {SIGN}, ()),
        (r".{0,20}\b(?:our|nos) partners?", {ANY}, ("partner",)),
        (r"[^|]{3,9}\s©\s?.{1,9}", {ANY}, ("©",)),
        (r"[a-z]+", {ANY}, ()),
        (r"(?:by|.*) name|.", {ANY}, ()),
    ],
)
def test_told(pattern: str, starts: set[str], needs: tuple[str, ...]) -> None:
    assert patterns.starts(pattern) == starts
    assert patterns.needs(pattern) == needs


_LINES = ["Read more", "E-mail this", "The top news", "12 views", "(more)", "We and our partner"]


@pytest.mark.parametrize("line", _LINES)
def test_matches_begin_and_hold_what_is_told(line: str) -> None:
    told = [
        *("read more", "e-?mail this", "(?:the )?(?:most|top) news", r"\d+ (?:views?|vues)", r"\(more\)"),
        r".{0,20}\b(?:our|nos) partners?",
    ]
    matching = [pattern for pattern in told if re.fullmatch(pattern, line, re.IGNORECASE)]
    assert matching
    for pattern in matching:
        starts, needs = patterns.starts(pattern), patterns.needs(pattern)
        assert starts == {ANY} or line.lower().startswith(tuple(starts)) or (DIGIT in starts and line[0].isdigit())
        assert any(need in line.lower() for need in needs)
