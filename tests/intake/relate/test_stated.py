"""stated: what two tellings say of themselves, and whether it is the same."""

from __future__ import annotations

from typing import Any

import pytest
from side_by_side import article, entry

from worker.intake.relate.stated import agreement, other_outlet, same_source

_AGREEMENT = ("day", "minute", "apart")


def agreed(one: dict[str, Any], other: dict[str, Any]) -> Any:
    return agreement(article("x", **one), entry("y", **other))


# ── Times ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (None, None, (None, None, None)),
        ("2026-05-14", None, (None, None, None)),
        ("2026-05-14", "2026-05-14", (True, None, 0)),
        ("2026-05-14", "2026-05-15", (False, None, 1)),
        ("2026-05-14", "2025-05-14", (False, None, 365)),
        ("2026-05-14T09:40", "2026-05-14", (True, None, 0)),
        ("2026-05-14T09:40", "2026-05-14T09:40", (True, True, 0)),
        ("2026-05-14T09:40", "2026-05-14T09:41", (False, False, 0)),
        ("2026-05-14T09:40:00", "2026-05-14T09:40:59", (True, True, 0)),
        ("2026-05-14T09:40:30", "2026-05-14T09:40", (True, True, 0)),
        ("2026-05-14T09:40+05:00", "2026-05-14T04:40+00:00", (True, True, 0)),
        ("2026-05-14T09:40+05:00", "2026-05-14T09:40+00:00", (False, False, 0)),
        ("2026-05-14T09:40+05:00", "2026-05-14T09:40", (True, True, 0)),  # one does not say where: the wall clock
        ("2026-05-15T01:00+05:00", "2026-05-14T20:00+00:00", (True, True, 0)),
        ("2026-05-15T01:00+05:00", "2026-05-15T20:00+00:00", (False, False, 1)),
        ("2026-05-14T23:59", "2026-05-15T00:01", (False, False, 1)),
    ],
)
def test_times(one: str | None, other: str | None, told: tuple[object, ...]) -> None:
    for first, second in ((one, other), (other, one)):
        found = agreed({"published": first}, {"published": second})
        assert tuple(getattr(found, name) for name in _AGREEMENT) == told


# ── Sources ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, None, None),
        ("Corvane", None, None),
        ("Corvane", "Corvane", True),
        ("Corvane", "CORVANE", True),
        ("Corvane", "Corvane News Agency", True),
        ("the Corvane agency", "Corvane", True),  # words with capitals tell
        ("Corvane News", "Corvane Sport", False),
        ("Corvane", "Belmar", False),
        ("«Корвейн»", "Корвейн", True),
        ("акимат", "пресс-служба акимата", False),
        ("lake office", "the lake office", True),
        ("lake office", "Lake Office", True),
        ("corvane.example", "Corvane", False),
    ],
)
def test_sources(one: str | None, other: str | None, same: bool | None) -> None:
    assert same_source(one, other) is same
    assert same_source(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({}, {}, False),
        ({"source": "Corvane"}, {}, False),
        ({"source": "Corvane"}, {"source": "Belmar"}, True),
        ({"source": "Corvane"}, {"source": "Corvane Agency"}, False),
        ({"link": "https://corvane.example/1"}, {"link": "https://corvane.example/2"}, False),
        ({"link": "https://corvane.example/1"}, {"link": "https://en.corvane.example/1"}, False),
        ({"link": "https://ru.corvane.example/1"}, {"link": "https://en.corvane.example/1"}, True),
        ({"link": "https://corvane.example/1"}, {"link": "https://newcorvane.example/1"}, True),
        ({"link": "https://corvane.example/1"}, {"link": "https://belmar.example/1"}, True),
        ({"link": "https://corvane.example/1"}, {"source": "Belmar"}, False),
    ],
)
def test_outlets(one: dict[str, Any], other: dict[str, Any], differ: bool) -> None:
    assert other_outlet(article("x", **one), entry("x", **other)) is differ
    assert other_outlet(article("x", **other), entry("x", **one)) is differ


def test_hosts_tell_more_than_sources() -> None:
    """A page names the agency whose report it carries; its address says who carries it."""
    one = article("x", source="Corvane", link="https://belmar.example/1")
    assert other_outlet(one, entry("x", source="Corvane", link="https://corvane.example/1"))
    assert not other_outlet(one, entry("x", source="Belmar", link="https://belmar.example/2"))


# ── Titles, and all of it ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ferry returns", "Ferry returns", True),
        ("Ferry returns", "«FERRY» returns!", True),
        ("Ferry returns – at last", "Ferry returns at last", True),
        ("Nazarbaev opens a bridge", "Nazarbayev opens a bridge", True),
        ("Ferry returns", "Ferry returns again", False),
        ("Ferry returns", "Returns ferry", False),
        ("Ferry 3 returns", "Ferry 4 returns", False),
        ("Ferry returns", None, None),
        (None, None, None),
    ],
)
def test_titles(one: str | None, other: str | None, same: bool | None) -> None:
    assert agreed({"title": one}, {"title": other}).title is same
    assert agreed({"title": other}, {"title": one}).title is same


_TITLED = {"title": "Ferry returns"}
_DATED = {"published": "2026-05-14T09:40"}
_SOURCED = {"source": "Corvane"}
_LINKED = {"link": "https://corvane.example/1"}


@pytest.mark.parametrize(
    ("one", "other", "identified"),
    [
        ({}, {}, False),
        (_TITLED, _TITLED, False),
        (_TITLED | _DATED, _TITLED | _DATED, True),
        (_TITLED | _SOURCED, _TITLED | _SOURCED, True),
        (_TITLED | _LINKED, _TITLED | _LINKED, True),
        (_DATED | _SOURCED | _LINKED, _DATED | _SOURCED | _LINKED, False),  # without a title, nothing
        (_TITLED | _DATED | _SOURCED, _TITLED | _DATED | {"source": "Belmar"}, False),
        (_TITLED | _DATED | _SOURCED, _TITLED | {"published": "2026-05-14T10:40"} | _SOURCED, False),
        (_TITLED | _DATED | _SOURCED, _TITLED | {"published": "2026-05-14"} | _SOURCED, True),
        (_TITLED | _DATED | _SOURCED, {"title": "Goats"} | _DATED | _SOURCED, False),
        (_TITLED | _LINKED | _DATED, _TITLED | _LINKED | {"published": "2026-05-16"}, True),
        (_TITLED | _LINKED | _DATED, _TITLED | _DATED | {"link": "https://corvane.example/2"}, True),
        (_TITLED | _DATED | _SOURCED, _TITLED | _SOURCED, True),
    ],
)
def test_what_identifies_an_article(one: dict[str, Any], other: dict[str, Any], identified: bool) -> None:
    assert agreed(one, other).identified is identified
    assert agreed(other, one).identified is identified


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_SOURCED, {"source": "Belmar"}),
        (_TITLED, {"title": "Goats"}),
        (_DATED, {"published": "2026-05-15"}),
        (_DATED, {"published": "2026-05-14T09:41"}),
    ],
)
def test_what_denies_that_two_are_one(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert agreed(one, other).denied
    assert not agreed(one, one).denied
    assert not agreed(one, {}).denied


def test_another_address_denies_nothing() -> None:
    assert not agreed(_LINKED, {"link": "https://corvane.example/2"}).denied
