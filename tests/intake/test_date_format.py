"""date_format: date lines by a format of strptime, in six languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.intake.shapes.date_format import parse_with, wrong_with


def iso(format_: str, line: str) -> str | None:
    assert wrong_with(format_) is None
    found = parse_with(format_, line)
    return found.iso() if found else None


@pytest.mark.parametrize(
    ("format_", "line", "stated"),
    [
        ("%Y / %m / %d", "2026 / 5 / 3", "2026-05-03"),
        ("%Y%m%d", "20260503", "2026-05-03"),
        ("%d.%m.%y", "03.05.26", "2026-05-03"),
        ("%d.%m.%y", "03.05.97", "1997-05-03"),
        ("%d %B %Y", "3 May 2026", "2026-05-03"),
        ("%d %B %Y", "3  мая\u00a02026", "2026-05-03"),
        ("%d %B %Y", "3 МАМЫР 2026", "2026-05-03"),
        ("%d. %B %Y", "3. März 2026", "2026-03-03"),
        ("%d %B %Y", "3 août 2026", "2026-08-03"),
        ("%d de %B de %Y", "3 de diciembre de 2026", "2026-12-03"),
        ("%b %d, %Y", "Sept. 3, 2026", "2026-09-03"),
        ("%A, %d %B %Y", "воскресенье, 3 мая 2026", "2026-05-03"),
        ("%a %d %b %Y", "Sun. 3 May 2026", "2026-05-03"),
        ("%d.%m.%Y um %H.%M Uhr", "03.05.2026 um 9.05 Uhr", "2026-05-03T09:05"),
        ("%d.%m.%Y %H", "03.05.2026 9", "2026-05-03T09:00"),
        ("%d/%m/%Y %I:%M %p", "03/05/2026 12:05 a.m.", "2026-05-03T00:05"),
        ("%d/%m/%Y %I:%M %p", "03/05/2026 12:05 PM", "2026-05-03T12:05"),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-05-03T09:05:07+05:00", "2026-05-03T09:05:07+05:00"),
        ("%Y-%m-%d %H:%M %z", "2026-05-03 09:05 -0330", "2026-05-03T09:05-03:30"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-05-03T09:05:07.123Z", "2026-05-03T09:05:07+00:00"),
        ("%d %b %Y %H:%M %Z", "3 May 2026 09:05 GMT", "2026-05-03T09:05+00:00"),
        ("100%% %d.%m.%Y", "100% 03.05.2026", "2026-05-03"),
        ("  %d.%m.%Y ", " 03.05.2026\t", "2026-05-03"),
        ("[%d.%m.%Y]", "[03.05.2026]", "2026-05-03"),
    ],
)
def test_dates(format_: str, line: str, stated: str) -> None:
    assert iso(format_, line) == stated


@pytest.mark.parametrize(
    ("format_", "line"),
    [
        ("%d.%m.%Y", "31.02.2026"),
        ("%d.%m.%Y", "03.05.0000"),
        ("%d.%m.%Y", "03.05.2026 and more"),
        ("%d.%m.%Y", "on 03.05.2026"),
        ("%d.%m.%Y", "03x05x2026"),
        ("%d.%m.%Y", ""),
        ("%d %B %Y", "3 Maybe 2026"),
        ("%d %B %Y", "3 mayor 2026"),
        ("%d.%m.%Y %H:%M", "03.05.2026 24:00"),
    ],
)
def test_other_lines(format_: str, line: str) -> None:
    assert iso(format_, line) is None


@pytest.mark.parametrize(
    ("format_", "words"),
    [
        ("", "%Y or %y"),
        ("%d.%m", "year"),
        ("%Y %d", "month"),
        ("%Y %B", "day"),
        ("%d %m %B %Y", "not several"),
        ("%d %d %m %Y", "twice"),
        ("%d.%m.%Y %Q", "%Q"),
        ("%d.%m.%Y %", "%"),
        ("%x", "%x"),
        ("%d.%m.%Y %M", "hour"),
        ("%d.%m.%Y %I:%M", "%p"),
        ("%d.%m.%Y %H %p", "%I"),
        ("%d.%m.%Y %H %I %p", "not both"),
        ("%d.%m.%Y %H %z %Z", "not both"),
    ],
)
def test_wrong_formats_say_what_is_wanted(format_: str, words: str) -> None:
    assert words in str(wrong_with(format_))


_MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_DAYS = st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%b %d, %y", "%A %d %B %Y", "%Y%m%d", "%a, %d %b %Y"])
_TIMES = st.sampled_from(["", " %H:%M", " %I:%M %p", "T%H:%M:%S%z", " (%H.%M.%S.%f)", " %H%M %Z"])


@given(_MOMENTS, _DAYS, _TIMES)
def test_english_dates_are_read_as_strptime_reads_them(moment: datetime, day: str, time: str) -> None:
    format_ = day + time
    assert wrong_with(format_) is None
    line = moment.strftime(format_)
    wanted = datetime.strptime(line, format_)  # noqa: DTZ007 - wall-clock times are compared
    found = parse_with(format_, line)
    assert found is not None
    assert found.wall == wanted.replace(microsecond=0, tzinfo=None)
    assert found.offset == (timedelta() if "%z" in format_ or "%Z" in format_ else None)


@given(st.text(), st.text())
def test_any_format_is_right_or_wrong_and_never_fails(format_: str, line: str) -> None:
    if wrong_with(format_) is None:
        parse_with(format_, line)


@given(st.lists(st.sampled_from("%YymBbdHIpMSfzZAa .:/[(*é"), max_size=16).map("".join), st.text())
def test_formats_of_directives(format_: str, line: str) -> None:
    if wrong_with(format_) is None:
        parse_with(format_, line)
