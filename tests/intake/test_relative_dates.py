"""Dates that hang on the day of the capture."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.intake.shapes import dates

CAPTURED = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("2 hours ago", "2026-03-05"),
        ("an hour ago", "2026-03-05"),
        ("3 days ago", "2026-03-02"),
        ("1 week ago", "2026-02-26"),
        ("5 минут назад", "2026-03-05"),
        ("2 дня назад", "2026-03-03"),
        ("час назад", "2026-03-05"),
        ("3 күн бұрын", "2026-03-02"),
        ("vor 3 Stunden", "2026-03-05"),
        ("vor zwei Tagen", None),  # numbers in words are few, and sentences begin so
        ("il y a 2 jours", "2026-03-03"),
        ("hace 2 horas", "2026-03-05"),
        ("Today, 09:15", "2026-03-05T09:15"),
        ("Yesterday at 6:40 pm", "2026-03-04T18:40"),
        ("Сегодня, 09:15 Просмотров: 61", "2026-03-05T09:15"),
        ("вчера, 14:20👁 1 907", "2026-03-04T14:20"),
        ("Вчера, 18:42, Тузкент - Степь", "2026-03-04T18:42"),
        ("Кеше, 10:00", "2026-03-04T10:00"),
        ("Gestern, 12:30 Uhr", "2026-03-04T12:30"),
        ("Hier à 17h42", "2026-03-04T17:42"),
        ("Ayer, 18:40", "2026-03-04T18:40"),
        ("3 марта, 19:42", "2026-03-03T19:42"),
        ("5 March", "2026-03-05"),
        ("28 December", "2025-12-28"),  # the last one that was not after the capture
        ("Posted 2 hours ago | World", "2026-03-05"),
        ("March 30", "2025-03-30"),
        ("Two hours ago the ferry left the harbour for the last time", None),
        ("5 March 2024", None),
        ("Yesterday everybody went home early", None),
        ("31 April", None),
        ("1 января 0001", None),  # a database's empty date, not seen by one reader
        ("Zimmer 3", None),
        ("", None),
    ],
)
def test_relative(line: str, stated: str | None) -> None:
    found = dates.relative_date(line, CAPTURED) if dates.relative_line(line) else None
    assert (found.iso() if found else None) == stated


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("14:20", time(14, 20)),
        ("14h20", time(14, 20)),
        ("[9:05]", time(9, 5)),
        ("25:00", None),
        ("14:20 Uhr", time(14, 20)),
    ],
)
def test_times_of_day(line: str, stated: time | None) -> None:
    assert dates.time_line(line) == (stated is not None)
    assert dates.time_of(line) == stated


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("Posted by Ann Lee at 8:42 PM", time(20, 42)),
        ("Publié par Marguerite à 18:22 2 commentaires", time(18, 22)),
        ("Posted by Ann Lee", None),
        ("Published in Slow Transport", None),
    ],
)
def test_the_time_behind_a_post(line: str, stated: time | None) -> None:
    assert dates.posted_time(line) == stated


@given(st.dates(date(1971, 1, 1), date(2900, 1, 1)), st.integers(0, 200))
def test_days_ago_are_days_before_the_capture(captured: date, days: int) -> None:
    found = dates.relative_date(f"{days} days ago", captured)
    assert found is not None
    assert found.wall.date() == captured - timedelta(days=days)


@given(st.text(max_size=70), st.dates())
def test_any_line_can_be_asked(line: str, captured: date) -> None:
    if dates.relative_line(line):
        dates.relative_date(line, captured)
    dates.time_of(line)
    dates.posted_time(line)
