"""sites: which profile a page has, what it says of lines, and what a profile cannot say."""

from __future__ import annotations

from typing import Any

import pytest
from page_readings import page_of

from worker.intake import segment
from worker.intake.shapes.sites import dropped_by, kept_by, site_for, wrong_with
from worker.model import Kind, Page, Site, Stated


def site(**given: Any) -> Site:
    return Site(**({"name": "aksary", "match": "*"} | given))


def page(*, url: str | None = None, link: str | None = None) -> Page:
    stated = Stated(link=link) if link else None
    return Page(number=1, text="", charset="utf-8", charset_reason="made here", url=url, stated=stated)


# ── Hosts ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Aksary.example/news/1?x=y", "aksary.example"),
        ("http://user:word@aksary.example:8080/", "aksary.example"),
        ("//aksary.example", "aksary.example"),
        ("https://новости.example/а", "новости.example"),
        ("aksary.example/news", ""),
        ("/news/1", ""),
        ("http://", ""),
        ("http://\udcff/", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_page(url: str, host: str) -> None:
    assert page(url=url).host == host


def test_where_it_was_crawled_goes_before_where_it_says_it_stands() -> None:
    assert page(url="https://a.example/", link="https://b.example/").host == "a.example"
    assert page(link="https://b.example/").host == "b.example"
    assert page().host == ""


# ── Which profile ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("match", "url", "path", "does"),
    [
        ("https://aksary.example/*", "https://aksary.example/news/1", "x/1.txt", True),
        ("https://aksary.example/*", "https://AKSARY.example/news/1", "x/1.txt", True),
        ("https://aksary.example/*", "https://other.example/aksary.example/", "x/1.txt", False),
        ("aksary/*", "https://other.example/", "aksary/1.txt", False),
        ("aksary/*", None, "aksary/2026/1.txt", True),
        ("aksary/*", None, "other/aksary/1.txt", False),
        ("*/page-[0-9].txt", None, "aksary/page-7.txt", True),
        ("*.html", None, "a.txt", False),
    ],
)
def test_a_profile_matches_the_whole_address_or_path(match: str, url: str | None, path: str, does: bool) -> None:
    assert (site_for(page(url=url), path, [site(match=match)]) is not None) is does


def test_the_first_profile_that_matches_wins() -> None:
    one, two = site(name="one", match="a/*"), site(name="two", match="a/b/*")
    assert site_for(page(), "a/b/c.txt", [one, two]) is one
    assert site_for(page(), "a/b/c.txt", [two, one]) is two
    assert site_for(page(), "x", [one, two]) is None
    assert site_for(page(), "x", []) is None


# ── Lines ───────────────────────────────────────────────────────────────────────────────────────────


def test_patterns_are_of_whole_lines() -> None:
    profile = site(drop=("subscribe*", "[[]ad[]]"), keep=("*goat*",))
    assert dropped_by(profile, "Subscribe to our letter") == "subscribe*"
    assert dropped_by(profile, "[ad]") == "[[]ad[]]"
    assert dropped_by(profile, "Please subscribe") is None
    assert kept_by(profile, "Three Goats") == "*goat*"


_PAGE = """03.05.2026, 10:00

Goats climb a tower

Three goats have climbed the water tower of Aksary and show no wish to come down again, says the keeper.

Our readers wrote this many times.

Tell a friend

The keeper has put hay at the foot of the tower, and the town has closed the street for the night.
"""


def told(profile: Site | None, text: str = _PAGE) -> dict[str, tuple[Kind, str]]:
    """Each line of a page with the kind and the reason of its piece."""
    split = segment.segment(page_of(text), {}, profile)
    return {
        line.strip(): (piece.kind, piece.reason)
        for piece in split.pieces
        for line in text[piece.start : piece.end].splitlines()
        if line.strip()
    }


def test_dropped_lines_are_chrome_whatever_they_look_like() -> None:
    line = "Our readers wrote this many times."
    assert told(None)[line][0] is Kind.ARTICLE
    assert told(site(drop=("our readers*",)))[line] == (Kind.CHROME, "site profile aksary: drop 'our readers*'")


def test_kept_lines_are_text_and_win_over_dropped_ones() -> None:
    assert told(None)["Tell a friend"][0] is Kind.CHROME
    assert told(site(keep=("tell a friend",)))["Tell a friend"][0] is Kind.ARTICLE
    assert told(site(keep=("tell*",), drop=("tell a*",)))["Tell a friend"][0] is Kind.ARTICLE


def test_lines_of_the_date_format_are_dates() -> None:
    text = _PAGE.replace("03.05.2026, 10:00", "2026 / 05 / 03")
    assert told(None, text)["2026 / 05 / 03"][0] is not Kind.DATE
    assert told(site(date_format="%Y / %m / %d"), text)["2026 / 05 / 03"] == (Kind.DATE, "site profile aksary: a date")


# ── What cannot be ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"name": " "}, "name"),
        ({"match": ""}, "match"),
        ({"drop": ("*",)}, "drop"),
        ({"drop": ("Menu", "")}, "drop"),
        ({"keep": ("**",)}, "keep"),
        ({"date_format": "%d.%m"}, "date_format"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"timezone": "../zones"}, "timezone"),
        ({"timezone": ""}, "timezone"),
    ],
)
def test_wrong_profiles(given: dict[str, Any], key: str) -> None:
    wrong = wrong_with(site(**given))
    assert wrong is not None
    assert wrong[0] == key


def test_right_profiles() -> None:
    assert wrong_with(site()) is None
    assert wrong_with(site(drop=("a*",), keep=("*b",), date_format="%d.%m.%Y", timezone="Asia/Almaty")) is None
