"""Headlines, prose, scraps, and how datelines look."""

from __future__ import annotations

import pytest

from worker.intake.shapes import prose
from worker.intake.shapes.dateline import dateline_of


@pytest.mark.parametrize(
    ("line", "likeness"),
    [
        ("Goat path to the upper school gets a handrail", 1.0),
        ("В Сарыбеле открыли мастерскую по ремонту всего", 1.0),
        ("“Who owns the old bridge?”", 1.0),
        ("24 storks ringed on a single roof", 1.0),
        ("Small repairs", 0.4),
        ("word " * 26 + "word", 0.0),  # small letters begin it
        ("Word " * 26, 1.0),
        ("Word " * 27, 1.0),
        ("Word " * 33, 0.0),
        ("Ice", 0.0),
        ("Perdu", 0.2),
        ("goat path to the upper school", 0.0),
        ("The goat path has a handrail.", 0.0),
        ("The programme consists of:", 0.0),
        ("– how to find a pasture on a map", 0.0),
        ("1. How to find a pasture on a map", 0.0),
        ("The harbour board met on Monday to ...", 0.0),
        ("Write to desk@courier.example for more", 0.0),
        ("See https://courier.example for more", 0.0),
        ("Long " + "x" * 260, 0.0),
        ("", 0.0),
    ],
)
def test_headline(line: str, likeness: float) -> None:
    assert prose.headline(line.strip()) == likeness


@pytest.mark.parametrize(
    ("line", "is_prose"),
    [
        ("The goat path has a handrail.", True),
        ("He agreed.", False),
        ("The goat path has a handrail", False),
        ("word " * 25, True),
        ("word " * 24, False),
        ("x" * 401, True),
        ("«Мост открыт, и это хорошо», — сказал он.", True),
    ],
)
def test_prose(line: str, is_prose: bool) -> None:
    assert prose.prose(line) is is_prose


@pytest.mark.parametrize("line", ["So.", "So!”", "So?)", "So…", "So.»", 'So."'])
def test_ended(line: str) -> None:
    assert prose.ended(line)


@pytest.mark.parametrize("line", ["So", "So,", "So.x", "So:", ""])
def test_not_ended(line: str) -> None:
    assert not prose.ended(line)


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("and then …", True),
        ("and then ... ]", True),
        ("and then..", False),
        ("… and then", True),
        ("... and then", True),
    ],
)
def test_cut_off(line: str, cut: bool) -> None:
    assert prose.cut_off(line) is cut


@pytest.mark.parametrize("line", ["Ferry", "7 boats", "«Паром»", "“(Ferry", "Әзірге"])
def test_opens(line: str) -> None:
    assert prose.opens(line)


@pytest.mark.parametrize("line", ["ferry", "… Ferry", "- Ferry", "", "«"])
def test_does_not_open(line: str) -> None:
    assert not prose.opens(line)


@pytest.mark.parametrize(
    ("lead", "dateline", "agency"),
    [
        ("TUZKENT, 16 April – Seven days", "TUZKENT, 16 April – ", None),
        ("SKOPJE, 14 May 2025 – The mission", "SKOPJE, 14 May 2025 – ", None),
        ("ТУЗКЕНТ, 16 апреля - Семь дней", "ТУЗКЕНТ, 16 апреля - ", None),
        ("HARBOR POINT — The ferry", "HARBOR POINT — ", None),
        ("ASTANA. February 2. GAZETTE /A. B./ The ferry", "ASTANA. February 2. GAZETTE /A. B./ ", "GAZETTE"),
        ("Bishkek, Jan. 19, 2018 / Kabar /. The ferry", "Bishkek, Jan. 19, 2018 / Kabar /. ", "Kabar"),
        ("Астана. 23 февраля. ГАЗЕТА - Мост", "Астана. 23 февраля. ГАЗЕТА - ", "ГАЗЕТА"),
        ("АСТАНА. ГАЗЕТА - Мост", "АСТАНА. ГАЗЕТА - ", "ГАЗЕТА"),
        ("The ferry – it sails", None, None),
        ("Ferry, May 4 nobody came", None, None),
        ("Tuzkent is a town - a small one", None, None),
    ],
)
def test_dateline(lead: str, dateline: str | None, agency: str | None) -> None:
    found = dateline_of(lead)
    assert (found.words if found else None) == dateline
    assert (found.agency if found else None) == agency


def test_titles_printed_twice() -> None:
    assert prose.same_words("Comet seen: from the car-park!", "COMET SEEN FROM THE CAR PARK")
    assert not prose.same_words("Comet seen from the car park", "Comet seen from the bus stop")


@pytest.mark.parametrize(
    ("title", "lead", "repeated"),
    [
        ("Comet seen from the car park", "Comet seen from the car park, says the guide.", True),
        ("Comet seen from the car park", "A comet was seen from the car park.", False),
        ("Comet seen", "Comet seen from the car park.", False),
    ],
)
def test_leads_that_repeat_their_title(title: str, lead: str, repeated: bool) -> None:
    assert prose.repeats(title, lead) is repeated
