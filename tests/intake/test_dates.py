"""Dates as pages write them: line by line, and what is no date at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.intake.segment.shape import Role, shapes_of
from worker.intake.shapes import dates
from worker.model import Precision

_DATE_LINES = """
2026-03-12                                  | 2026-03-12
2026-03-12 14:05                            | 2026-03-12T14:05
2026-03-12T14:05:09Z                        | 2026-03-12T14:05:09+00:00
2026-03-12T14:05:09+05:00                   | 2026-03-12T14:05:09+05:00
29.11.2025, 09:40                           | 2025-11-29T09:40
29.11.2025, 09:40 52751                     | 2025-11-29T09:40
18.05.2026, 11:0214873                      | 2026-05-18T11:02
14.05.2026 23:59:59                         | 2026-05-14T23:59:59
4.5.2026 8:05                               | 2026-05-04T08:05
14-05-2026                                  | 2026-05-14
29.02.2024                                  | 2024-02-29
00:00, 14.05.2026                           | 2026-05-14T00:00
24/03/2026 at 18:20                         | 2026-03-24T18:20
Published: 24/03/2026 at 18:20              | 2026-03-24T18:20
Updated: 10.10.2026                         | 2026-10-10
Date 2026-10-10                             | 2026-10-10
(10.10.2026)                                | 2026-10-10
Posted on Saturday, May 9, 2026 by farida   | 2026-05-09
Monday, 3 August 2026                       | 2026-08-03
August 1, 2026                              | 2026-08-01
31 Jul 2026                                 | 2026-07-31
5th September 2026                          | 2026-09-05
Sept. 5th, 2026                             | 2026-09-05
14 MAY 2026                                 | 2026-05-14
Feb 11, 2026 / Sky                          | none
Feb 11, 2026 • Sky                          | 2026-02-11
10.10.2026 Views: 1 234                     | 2026-10-10
10.10.2026 1,234 views                      | 2026-10-10
10.10.2026 • 12 просмотров                  | 2026-10-10
12 ноября 2026 года                         | 2026-11-12
9 ноября 2026 г., 10:15                     | 2026-11-09T10:15
Суббота, 9 ноября 2026                      | 2026-11-09
вт, 3 июня 2026, 18:05                      | 2026-06-03T18:05
Опубликовано: 3 июня 2026                   | 2026-06-03
12 қараша 2026                              | 2026-11-12
12 Қазан 2026 ж. 10:15                      | 2026-10-12T10:15
Жарияланған күні: 12.11.2026 10:15          | 2026-11-12T10:15
14. märz 2026 um 9:30                       | 2026-03-14T09:30
Veröffentlicht am 14.03.2026                | 2026-03-14
Mittwoch, 3. Juni 2026                      | 2026-06-03
Publié le 14 août 2026 à 9:30               | 2026-08-14T09:30
mercredi 3 décembre 2026                    | 2026-12-03
14 de marzo de 2026                         | 2026-03-14
miércoles, 3 de junio de 2026               | 2026-06-03
9:30 p.m., 14 May 2026                      | 2026-05-14T21:30
May 14, 2026 9:30 PM                        | 2026-05-14T21:30
May 14, 2026 12:05 am                       | 2026-05-14T00:05
May 14, 2026 12:05 pm                       | 2026-05-14T12:05
May 14, 2026 at 9:30 am GMT                 | 2026-05-14T09:30+00:00
14 May 2026 09:30 +0530                     | 2026-05-14T09:30+05:30
14 May 2026 09:30 UTC+5                     | 2026-05-14T09:30+05:00
14 May 2026, 09:30 -03:00                   | 2026-05-14T09:30-03:00
March 8, 2025 11:15 PM EST                  | 2025-03-08T23:15-05:00
March 8, 2025 at 3:30 p.m. ET               | 2025-03-08T15:30-05:00
July 8, 2025 at 3:30 p.m. ET                | 2025-07-08T15:30-04:00
8 марта 2025, 12:00 МСК                     | 2025-03-08T12:00+03:00
8.3.2025 12:00 (MSK)                        | 2025-03-08T12:00+03:00
08.03.25 12:00 CET                          | 2025-03-08T12:00+01:00
Thursday 9 January 2025 08.12 CET           | 2025-01-09T08:12+01:00
11:15 PM PDT, March 8, 2025                 | 2025-03-08T23:15-07:00
mié, 5 mar 2025                             | 2025-03-05
mer. 5 mars 2025, 8 h 12                    | 2025-03-05T08:12
Mi., 5. März 2025                           | 2025-03-05
сәр, 5 наурыз 2025                          | 2025-03-05
8. Jänner 2025                              | 2025-01-08
8. Feber 2025                               | 2025-02-08
12.13.2026                                  | 2026-12-13
Sunday, 12 May 2024, 19:00-20:15        | none
12 May 2024, 19:00–20:15                  | none
31.02.2026                                  | none
29.02.2025                                  | none
2026-13-40                                  | none
1899-12-31                                  | none
14.05.2026 25:00                            | none
14.05.26                                      | 2026-05-14
20260312                                    | none
14.05-2026                                  | none
May 2026                                    | none
12 May                                      | none
2026                                        | none
On 14 May 2026 the bridge was opened        | none
The law of 14 May 2026                      | none
10.10.2026 11.10.2026                       | none
1 auguſt 2020                               | none
"""
_TABLE = [tuple(map(str.strip, line.rsplit("|", 1))) for line in _DATE_LINES.strip().splitlines()]


def _iso(found: dates.Dated | None) -> str:
    return found.date.iso() if found else "none"


@pytest.mark.parametrize(("line", "stated"), _TABLE)
def test_date_line(line: str, stated: str) -> None:
    assert _iso(dates.date_line(line)) == stated


def test_bars_stand_between_the_parts_of_a_date_line() -> None:
    assert _iso(dates.date_line("Feb 11, 2026 | Sky")) == "2026-02-11"
    assert _iso(dates.date_line("18:12, 28 November 2011 | GMT +5")) == "2011-11-28T18:12+05:00"


_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


@pytest.mark.parametrize("language", _MONTHS)
def test_months_in_six_languages(language: str) -> None:
    for number, month in enumerate(_MONTHS[language].split(), 1):
        for name in (month, month.title(), month.upper()):
            assert _iso(dates.date_line(f"7 {name} 2026")) == f"2026-{number:02}-07"


# ── More than a date on the line ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "stated", "rest"),
    [
        ("30.11.2025, 16:259486Ferry returns", "2025-11-30T16:25", "Ferry returns"),
        ("30.11.2025, 16:25 9486 Ferry returns", "2025-11-30T16:25", " Ferry returns"),
        ("2026-03-12 14:05 Ferry returns", "2026-03-12T14:05", "Ferry returns"),
        ("30.11.2025 16:25 PT Ferry returns", "2025-11-30T16:25", "PT Ferry returns"),
        ("30.11.2025 Ferry returns", "2025-11-30", "Ferry returns"),
        ("30 November 2025, 16:25 the ferry came", "2025-11-30T16:25", "the ferry came"),
        ("Ferry returns 30.11.2025, 16:25", "none", ""),
    ],
)
def test_leading_date(line: str, stated: str, rest: str) -> None:
    found = dates.leading_date(line)
    assert (_iso(found), line[found.end :] if found else "") == (stated, rest)


@pytest.mark.parametrize(
    ("line", "stated", "title"),
    [
        ("Potters open their kilns (14.09.2026)", "2026-09-14", "Potters open their kilns ("),
        ("Potters open their kilns 14.09.2026 22:15", "2026-09-14T22:15", "Potters open their kilns "),
        ("Potters open their kilns | 14 September 2026", "2026-09-14", "Potters open their kilns | "),
        ("Potters open their kilns – 14 сентября 2026", "2026-09-14", "Potters open their kilns – "),
        ("Potters opened their kilns on 14 September 2026", "none", ""),
        ("14.09.2026", "none", ""),
        ("Potters open their kilns 14.09.2026 for one night only", "none", ""),
    ],
)
def test_trailing_date(line: str, stated: str, title: str) -> None:
    found = dates.trailing_date(line)
    assert (_iso(found), line[: found.start] if found else "") == (stated, title)


@pytest.mark.parametrize("behind", range(30, 61))
def test_a_trailing_date_is_read_whole_or_not_at_all(behind: int) -> None:
    line = "Goat path gets a handrail 12.03.2026 by " + ("Anna Voss de la Tour du Pin and all of them " * 2)[:behind]
    assert _iso(dates.trailing_date(line)) in {"2026-03-12", "none"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("From 1 May 2026 to 31 May 2026, and on 2027-01-02", ["2026-05-01", "2026-05-31", "2027-01-02"]),
        ("31.02.2026 01.03.2026", ["2026-03-01"]),
        ("On March 25-26, the school of 2026 opens", []),
        ("Tickets cost 2026 or 1999", []),
        ("x" * 500 + " 14 May 2026 " + "y" * 500, ["2026-05-14"]),
    ],
)
def test_dates_in(line: str, found: list[str]) -> None:
    assert [dated.date.iso() for dated in dates.dates_in(line)] == found


# ── What the page has to settle ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("page", "first"),
    [
        ("03/25/2026\n03/04/2026", True),
        ("25/03/2026\n03/04/2026", False),
        ("03/04/2026", False),
        ("03/25/2026 03/26/2026 25/03/2026", True),
        ("03/25/2026 25/03/2026", False),
        ("25.03.2026 03/25/2026", True),
        ("see /page/03/25/2026", False),
        ("no date", False),
    ],
)
def test_month_first(page: str, first: bool) -> None:
    assert dates.month_first(page) is first


def test_month_first_turns_only_slashes() -> None:
    read = [_iso(dates.date_line(line, month_first=True)) for line in ("03/04/2026", "03.04.2026", "25/03/2026")]
    assert read == ["2026-03-04", "2026-04-03", "2026-03-25"]


@pytest.mark.parametrize(
    ("line", "latest", "stated"),
    [
        ("ASTANA. February 2. GAZETTE", date(2026, 2, 3), "2026-02-02"),
        ("ТУЗКЕНТ, 16 апреля -", date(2026, 4, 16), "2026-04-16"),
        ("ASTANA. December 30.", date(2026, 1, 2), "2025-12-30"),
        ("ASTANA. February 29.", date(2025, 3, 1), "2024-02-29"),
        ("ASTANA. February 29.", date(2026, 3, 1), "none"),
        ("ASTANA. February 31.", date(2026, 3, 1), "none"),
        ("5 aprıl", date(2026, 3, 1), "none"),
        ("ASTANA. January 1.", date(1, 1, 1), "0001-01-01"),
        ("ASTANA - ", date(2026, 3, 1), "none"),
    ],
)
def test_day_without_year(line: str, latest: date, stated: str) -> None:
    found = dates.day_without_year(line, latest)
    assert (found.iso() if found else "none") == stated


# ── Any line ────────────────────────────────────────────────────────────────────────────────────────

_PARTS = st.sampled_from(
    [*"0123456789 .,:/-|–+()\u0661ſıİ", "2026", "1999", " May ", "мая", "августа", "AM", "p.m.", "GMT", "UTC", "Z", "T"]
)
_LINES = st.lists(_PARTS, max_size=25).map("".join) | st.text(max_size=60)


@settings(max_examples=500, deadline=None)
@given(_LINES, st.booleans())
def test_any_line_can_be_asked_for_dates(line: str, first: bool) -> None:
    found = dates.dates_in(line, month_first=first)
    ends = [0, *(dated.end for dated in found)]
    assert all(end <= dated.start < dated.end <= len(line) for end, dated in zip(ends, found, strict=False))
    for dated in (
        *found,
        dates.date_line(line, month_first=first),
        dates.leading_date(line, month_first=first),
        dates.trailing_date(line, month_first=first),
    ):
        if dated:
            assert abs(dated.date.offset or timedelta(0)) < timedelta(hours=15)
            assert dated.date.precision is not Precision.DAY or dated.date.offset is None
            assert dated.date.from_iso(dated.date.iso()) == dated.date


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("By Lena Ortwin | Published: Tuesday, 3 November 2026 14:05 | Updated: 4 November 2026", "2026-11-03T14:05"),
        ("Updated 9 Mar 2025, published 8 Mar 2025", "2025-03-08"),
        ("First published 8 Mar 2025, last updated 9 Mar 2025", "2025-03-08"),
        ("Обновлено: 9 марта 2025, опубликовано: 8 марта 2025", "2025-03-08"),
        ("Жаңартылды: 09.03.2025 | Жарияланды: 08.03.2025", "2025-03-08"),
        ("Aktualisiert am 9. März 2025, veröffentlicht am 8. März 2025", "2025-03-08"),
        ("Mis à jour le 9 mars 2025, publié le 8 mars 2025 à 10h12", "2025-03-08T10:12"),
        ("Actualizado el 9 de marzo de 2025 | Publicado el 8 de marzo de 2025", "2025-03-08"),
        ("2026 жылғы 5 қараша 11:20", "2026-11-05T11:20"),
        ("2026 ж. 5 қараша", "2026-11-05"),
        ("12. November 2026, 18:22 Uhr", "2026-11-12T18:22"),
        ("The fair ran from 3 November 2026 to 4 November 2026", None),
    ],
)
def test_lines_with_an_author_two_dates_or_the_year_first(line: str, stated: str | None) -> None:
    found = dates.date_line(line)
    assert (found and found.date.iso()) == stated
    assert found is None or dates.published_in(line) == found


def test_a_day_before_a_headline_is_set_off_by_a_bar() -> None:
    found = dates.leading_date("2026-10-30 | Harbour basin two is closed for dredging")
    assert found is not None
    assert (found.date.iso(), found.end) == ("2026-10-30", 13)
    (sentence,) = shapes_of("2026-10-30 was a quiet day in the harbour", month_first=False)
    assert sentence.role is Role.TEXT
