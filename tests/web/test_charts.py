"""Charts are well-formed, say what they show, and draw what they were given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from worker.web import charts
from worker.web.charts import Bar, Series

DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(5)]
HOSTILE = 'A "ferry" <script> & ]]>'


def drawn(chart: Markup) -> Any:
    tree: Any = etree.fromstring(str(chart))
    if tree.tag == "div":  # a scale, and what stands beside it
        assert tree[0].get("aria-hidden") == "true"
        tree = tree[1]
    assert tree.get("role") == "img"
    named = [tree.xpath(f"//*[@id='{name}']")[0] for name in tree.get("aria-labelledby", "").split()]
    assert all(node.text for node in named)
    assert not tree.xpath("//@style")
    return tree


def heights(tree: Any, key: str, number: int) -> list[float]:
    return [float(one) for one in tree.xpath(f"//g[@fill='url(#{key}-{number})']/rect/@height")]


def test_columns_are_as_high_as_numbers_and_stand_upon_each_other() -> None:
    series = [Series(name="a", values=(4, 0, 2, 0, 0)), Series(name="b", values=(2, 4, 2, 0, 0))]
    tree = drawn(charts.stacked("x", "Title", DAYS, series))
    assert heights(tree, "x", 1) == [100.0, 50.0]
    assert heights(tree, "x", 2) == [50.0, 100.0, 50.0]
    first, above = (tree.xpath(f"//g[@fill='url(#x-{number})']/rect[1]")[0] for number in (1, 2))
    assert float(above.get("y")) + float(above.get("height")) == float(first.get("y"))
    assert tree.xpath("//*[@id='x-words']")[0].text == "1 Nov to 5 Nov 2026: a 6, b 8. Most on 1 Nov: 6."


def test_series_differ_by_pattern_as_well_as_by_colour() -> None:
    series = [Series(name=str(number), values=(1,)) for number in range(charts.SERIES)]
    tree = drawn(charts.stacked("x", "Title", DAYS[:1], series))
    patterns = [etree.tostring(node) for node in tree.xpath("//pattern")]
    shapes = {one.partition(b"/>")[2] for one in patterns}  # behind the coloured ground
    assert len(patterns) == len(shapes) == charts.SERIES


def test_what_is_empty_is_drawn_empty() -> None:
    assert "nothing" in drawn(charts.stacked("x", "Title", DAYS, [])).xpath("//*[@id='x-words']")[0].text
    assert not drawn(charts.lasting("x", "Title", DAYS, [None] * 5)).xpath("//circle")
    assert not drawn(charts.lying("x", "Title", [])).xpath("//text")


@given(st.lists(st.lists(st.integers(0, 10**9), min_size=14, max_size=14), max_size=charts.SERIES))
def test_nothing_stands_out_of_the_plot(numbers: list[list[int]]) -> None:
    days = [DAYS[0] + timedelta(days=number) for number in range(14)]
    series = [Series(name=HOSTILE, values=tuple(one)) for one in numbers]
    tree = drawn(charts.stacked("x", HOSTILE, days, series))
    for rect in tree.xpath("//g/rect"):
        assert 17.9 <= float(rect.get("y")) <= float(rect.get("y")) + float(rect.get("height")) <= 168.2


def test_a_day_that_stands_far_above_all_others_is_cut_short() -> None:
    days = [DAYS[0] + timedelta(days=number) for number in range(14)]
    series = [
        Series(name="a", values=(4,) * 13 + (300,)),
        Series(name="b", values=(4,) * 13 + (100,)),
    ]
    tree = drawn(charts.stacked("x", "Title", days, series))
    assert charts.limit(charts.sums_of(series, 14)) == 8
    assert heights(tree, "x", 1) == [75.0] * 13 + [112.5]  # in proportion
    assert len(tree.xpath("//line[@class='tear']")) == 1
    assert "400" in tree.xpath("//text/text()")


@pytest.mark.parametrize(
    ("sums", "most"),
    [([], 1), ([0] * 14, 1), ([9, 2, 1], 10), ([5] * 13 + [14], 20), ([5] * 13 + [40], 6), ([0] * 13 + [40], 40)],
)
def test_a_scale_ends_where_most_days_do(sums: list[int], most: int) -> None:
    assert charts.limit(sums) == most


@given(st.lists(st.none() | st.tuples(st.floats(0, 86400), st.floats(0, 86400)), min_size=5, max_size=5))
def test_times_stay_on_their_scale(spans: list[tuple[float, float] | None]) -> None:
    known = [None if span is None else (min(span), max(span)) for span in spans]
    tree = drawn(charts.lasting("x", "Title", DAYS, known))
    for circle in tree.xpath("//circle"):
        assert 18 <= float(circle.get("cy")) <= 168


def test_bars_tell_how_long_and_how_long_usually() -> None:
    bars = [
        Bar(label=HOSTILE, length=40.0, usual=10.0, told="40 seconds"),
        Bar(label="b", length=20.0, usual=80.0, told="x"),
    ]
    tree = drawn(charts.lying("x", "Title", bars))
    assert [rect.get("width") for rect in tree.xpath("/svg/rect")] == ["50.00%", "25.00%"]
    assert [line.get("x1") for line in tree.xpath("//line")] == ["12.50%", "100.00%"]
    assert tree.xpath("//text")[0].text == HOSTILE


@pytest.mark.parametrize(
    ("first", "shown"), [(None, 7), (date(2026, 11, 23), 7), (date(2026, 11, 14), 10), (date(2020, 1, 1), 42)]
)
def test_days_go_from_the_first_there_is_to_today(first: date | None, shown: int) -> None:
    days = charts.stretch(date(2026, 11, 23), first)
    assert (len(days), days[-1]) == (shown, date(2026, 11, 23))


@given(st.integers(1, 10**12))
def test_scales_end_at_round_numbers(most: int) -> None:
    top = charts._ceiling(most)
    assert most <= top <= 2 * most
    assert int(str(top).rstrip("0")) in {1, 2, 4, 6, 8}
