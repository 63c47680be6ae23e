"""Leafing through lists: nothing twice, nothing left out, whatever comes in meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from markup import found, tree, words
from sites import NOW, Press, keep, served, told

from worker.model import ChannelKind, StatedDate
from worker.store import indexes
from worker.store.database import transaction

MANY = 130


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        yield site


def listed(press: Press, path: str, tag: str = "h3") -> list[list[str]]:
    """The keys of the entries on each leaf, from a page on."""
    leaves = []
    while path:
        answer = press.get(path)
        assert answer.status == 200
        page = tree(answer.body)
        keys = [href.rpartition("/")[2] for href in found(page, f"//main//{tag}//a/@href") if "/entries/" in href]
        leaves.append(keys)
        path = next(iter(found(page, "//a[@rel='next']/@href")), "")
    return leaves


def flat(leaves: list[list[str]]) -> list[str]:
    return [key for leaf in leaves for key in leaf]


def keys(*numbers: int) -> list[str]:
    return [f"key{number:013}" for number in numbers]


def test_the_front_page_goes_on_to_the_first_entry(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(number) for number in range(1, MANY + 1)])
    leaves = listed(press, "/")
    assert flat(leaves) == keys(*range(MANY, 0, -1))
    assert len(leaves) == 4


def test_what_comes_in_meanwhile_moves_nothing(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(number) for number in range(1, MANY + 1)])
        older = re.search(rb'href="(/\?before=[^"]+)"', press.get("/").body)
        assert older is not None
        before = listed(press, older[1].decode())
        keep(db, [told(number) for number in range(MANY + 1, MANY + 30)])
        assert listed(press, older[1].decode()) == before


def test_days_are_those_of_the_zone(press: Press) -> None:
    late = NOW.replace(hour=18, minute=59)  # Almaty is five hours ahead
    with press.store() as db:
        rows = [told(number, stored=late + timedelta(minutes=number - 1)) for number in (1, 2)]
        keep(db, rows)
    page = tree(press.get("/").body)
    assert found(page, "//h2/text()") == ["Tuesday, 24 November 2026", "Monday, 23 November 2026"]
    assert found(page, "//time/text()") == ["00:00", "23:59"]


def test_what_a_replay_found_stands_where_its_page_came_in(press: Press) -> None:
    with press.store() as db:
        rows = [told(number) for number in range(1, MANY + 1)]
        late = [told(number, place=60, stored=NOW) for number in range(MANY + 1, MANY + 4)]
        keep(db, rows + late)
    whole = flat(listed(press, "/"))
    assert whole == keys(*range(MANY, 59, -1), 133, 132, 131, *range(59, 0, -1))
    page = tree(press.get("/?before=60").body)
    assert found(page, "//time/@datetime")[0] == found(page, "//time/@datetime")[3]  # the moment of number 59


@pytest.mark.parametrize("border", ["60", "60-132", "60-131"])
def test_a_leaf_may_end_among_what_a_replay_found(press: Press, border: str) -> None:
    with press.store() as db:
        keep(db, [told(number) for number in range(1, MANY + 1)])
        keep(db, [told(number, place=60) for number in range(MANY + 1, MANY + 4)])
    rest = {"60": [133, 132, 131], "60-132": [131], "60-131": []}[border]
    assert listed(press, f"/?before={border}")[0][:4] == keys(*rest, 59, 58, 57, 56)[:4]


@pytest.mark.parametrize("path", ["/?before={}", "/sources/paper-1/?before={}", "/archive/2026-11/?before={}"])
@pytest.mark.parametrize("value", ["x", "1e3", "-", "1-2-3", "9" * 30, "%D9%A3", "", "1%00"])
def test_a_border_that_is_none(press: Press, path: str, value: str) -> None:
    with press.store() as db:
        keep(db, [told(number) for number in range(1, 4)])
        keep(db, [told(4, stored=NOW)])
    assert press.get(path.format(value)).status == 404


def test_a_source_shows_all_it_told_and_goes_on(press: Press) -> None:
    with press.store() as db:
        rows = [told(number, source="Herald") for number in range(1, MANY + 1)]
        rows[8] = replace(rows[8], story=1)
        keep(db, rows)
    assert flat(listed(press, "/sources/herald/")) == keys(*range(MANY, 0, -1))
    assert flat(listed(press, "/")) == [key for key in keys(*range(MANY, 0, -1)) if key != keys(9)[0]]


def test_sources_are_listed_by_name_over_several_leaves(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(number, source=f"Paper {number:03}") for number in range(1, 201)])
    path = "/sources/"
    names: list[str] = []
    while path:
        page = tree(press.get(path).body)
        names += found(page, "//ul[@class='index']//a/bdi/text()")
        path = next(iter(found(page, "//a[@rel='next']/@href")), "")
    assert names == [f"Paper {number:03}" for number in range(1, 201)]


def test_long_lists_are_entered_by_letter(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(number, source=f"{'ÄBЯ字'[number % 4]} paper {number:03}") for number in range(1, 201)])
    page = tree(press.get("/sources/").body)
    letters = found(page, "//nav[@aria-label='By first letter']//bdi/text()")
    assert letters == ["B", "Ä", "Я", "字"]
    for path, letter in zip(found(page, "//nav[@aria-label='By first letter']//@href"), letters, strict=True):
        assert found(tree(press.get(path).body), "//ul[@class='index']//a/bdi/text()")[0][0] == letter
    with press.store() as db:
        assert [one.channel.slug[0] for one in indexes.channels(db, ChannelKind.SOURCE, 1, start="я")] == ["я"]


def test_short_lists_are_not(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(number) for number in range(1, 9)])
    assert found(tree(press.get("/sources/").body), "//nav[@aria-label='By first letter']") == []


def test_a_list_dates_a_story_by_what_its_page_states(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(1, source="Herald", published=StatedDate.from_iso("2026-11-07")), told(2, source="Herald")])
    page = tree(press.get("/sources/herald/").body)
    assert words(page, "//article[1]/time//text()") == "Read 13 Oct 2026"
    assert words(page, "//article[1]/p[1]//text()") == "No date stated, read that day"
    assert words(page, "//article[2]/time//text()") == "Published 7 Nov 2026"


def test_what_many_tell_stands_out(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(1), *(told(n, story=1, source=f"Other {n}") for n in (2, 3, 4)), told(5), told(6, story=5)])
    page = tree(press.get("/").body)
    assert found(page, "//article[contains(@class, 'major')]//h3/a/@href") == [f"/entries/{keys(1)[0]}"]


def test_a_month_has_what_came_in_within_it(press: Press) -> None:
    with press.store() as db:
        rows = [told(number) for number in range(1, 1001)]  # hourly, to the moment of NOW
        keep(db, rows)
    october = flat(listed(press, "/archive/2026-10/", "li/span"))
    november = flat(listed(press, "/archive/2026-11/", "li/span"))
    whole = [row.key for row in reversed(rows)]
    assert november + october == whole
    first = rows[whole[::-1].index(november[-1])].stored
    assert first.isoformat() == "2026-10-31T19:00:00+00:00"  # midnight in Almaty
    page = tree(press.get("/archive/2026-11/").body)
    assert len(found(page, "//ul[@class='calendar']/li")) == 23
    tenth = found(page, "//ul[@class='calendar']/li[10]/a/@href")[0]
    shown = tree(press.get(tenth).body)
    assert found(shown, "//h2/text()")[0] == "Tuesday, 10 November 2026"
    assert press.get("/archive/2026-12/").status == 404


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "0000-01", "9999-12", "2026-1", "x", "٢٠٢٦-11"])
def test_a_month_that_is_none(press: Press, month: str) -> None:

    assert press.get(f"/archive/{quote(month)}/").status == 404


def test_what_was_taken_down_is_in_no_list(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(number, source="Herald") for number in range(1, 4)])
        with transaction(db):
            db.conn.execute("insert into retractions values (2, 'It <b>was</b> wrong', '2026-11-23T00:00:00Z')")
    for path, tag in (("/", "h3"), ("/sources/herald/", "h3"), ("/archive/2026-10/", "li/span")):
        assert flat(listed(press, path, tag)) == keys(3, 1)
    answer = press.get(f"/entries/{keys(2)[0]}")
    assert answer.status == 410
    assert b"It &lt;b&gt;was&lt;/b&gt; wrong" in answer.body
    assert b"goat" not in answer.body.lower()
