"""Lines that a crawler ran together, and lines that only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.intake.segment.glue import parts

_TEXT = "The keepers of the weir counted their herons again, and this time nobody disagreed about the number of them."


def _parts(line: str) -> list[tuple[str, str]]:
    return [(part.kind.value, line[part.begin : part.end]) for part in parts(line, month_first=False)]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Harbour dredger finds a piano9120", [("text", "Harbour dredger finds a piano"), ("views", "9120")]),
        (
            "The second train follows on Saturday. 5621",
            [("text", "The second train follows on Saturday."), ("views", "5621")],
        ),
        ("Goat path reopens in May views: 1204", [("text", "Goat path reopens in May"), ("views", "views: 1204")]),
        ("The lake is clean. Read More ...", [("text", "The lake is clean."), ("more", "Read More ...")]),
        ("Der See ist sauber. Weiterlesen", [("text", "Der See ist sauber."), ("more", "Weiterlesen")]),
        ("Le lac est propre. Lire la suite →", [("text", "Le lac est propre."), ("more", "Lire la suite →")]),
        ("The lake is clean. Source: Courier", [("text", "The lake is clean."), ("source", "Source: Courier")]),
        (
            "Herons counted again on the weir TUZKENT, 16 April (STA) – The keepers have counted.",
            [
                ("title", "Herons counted again on the weir"),
                ("text", "TUZKENT, 16 April (STA) – The keepers have counted."),
            ],
        ),
        (
            "Herons counted again on the weir Tuzkent, Jan. 19, 2018 / Steppe /. The keepers have counted.",
            [
                ("title", "Herons counted again on the weir"),
                ("text", "Tuzkent, Jan. 19, 2018 / Steppe /. The keepers have counted."),
            ],
        ),
        (
            "Breaking Society Sat, 20 Jan 2018 10:28:19 +0600 60 Rescuers reach the stranded herons",
            [
                ("label", "Breaking Society"),
                ("date", "Sat, 20 Jan 2018 10:28:19 +0600 60"),
                ("text", "Rescuers reach the stranded herons"),
            ],
        ),
        (
            f"Images | Provincial Weir Office {_TEXT}",
            [("credit", "Images | Provincial Weir Office"), ("text", _TEXT)],
        ),
        ("Goats on the road Goats on the road", [("text", "Goats on the road"), ("text", "Goats on the road")]),
        (
            "The third hand is missing. (Posted 27 February 2024)",
            [("text", "The third hand is missing."), ("date", "(Posted 27 February 2024)")],
        ),
    ],
)
def test_parts(line: str, wanted: list[tuple[str, str]]) -> None:
    assert _parts(line) == wanted


@pytest.mark.parametrize(
    "line",
    [
        "Visiting yachts up to 8 m 14.00",
        "Boeing 747 lands on the frozen lake",
        "The head of NATO – a tall man – has visited the weir and counted its herons with the keepers.",
        "On Thursday, 19 February 2026, 10:30 the ministry presents its herons.",
        "Am Donnerstag, 19. Februar 2026, 10:30 Uhr, stellt das Ministerium den Entwurf vor.",
        "Images of the harbour were shown to everybody who had ever counted a heron on the weir.",
        "Goats on the road",
    ],
)
def test_whole_lines(line: str) -> None:
    assert _parts(line) == [("text", line)]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                _TEXT,
                "TUZKENT, 16 April –",
                "Source: Courier",
                "9120",
                "20 Jan 2018 10:28",
                "Images | A",
                "/",
                "|",
                "Ä",
                " ",
                "…",
            ]
        ),
        min_size=1,
        max_size=8,
    ).map(" ".join)
)
def test_parts_are_in_order_and_lose_nothing_but_white_space(line: str) -> None:
    line = line.strip()
    if not line:
        return
    found = list(parts(line, month_first=False))
    assert [part.begin for part in found] == sorted(part.begin for part in found)
    assert all(part.begin < part.end for part in found)
    assert "".join(line.split()) == "".join("".join(line[part.begin : part.end].split()) for part in found)
