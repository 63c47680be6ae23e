"""Labelled pages, cut as a person would; what is not so yet stands in one table."""

from __future__ import annotations

from datetime import date

import pytest
from page_readings import CASES, articles_of, case_page, differences, gold, lawful, names, page_of

from worker.intake import clean, segment
from worker.intake.shapes.recurrence import key_of
from worker.model import Kind, Page, Verdict

#: What differs from the gold today. A line that no longer differs must go from here.
SHORTFALLS: dict[str, set[str]] = {
    "month_name_dates": {
        "end of Fountain back in the park",
        "chrome: Customer line 0 55 14 / open until six",
    },
    "russian_dateline": {"source of Школьники Жармы вырастили лес на подоконниках"},
}
_VERDICTS = {"single": Verdict.ARTICLE, "listing": Verdict.LISTING, "other": Verdict.NO_ARTICLE}


@pytest.mark.parametrize("name", names())
def test_case(name: str) -> None:
    page, wanted = case_page(name), gold(CASES / name / "gold.json")
    assert lawful(page).verdict is _VERDICTS[wanted.kind]
    assert differences(wanted, articles_of(page)) == SHORTFALLS.get(name, set())


def test_shortfalls_are_of_cases_that_exist() -> None:
    assert set(SHORTFALLS) <= set(names())
    assert len(names()) >= 17


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("listing_dates_before_titles", "posted_on_by_author"),
        ("titles_before_dates", "listing_dates_before_titles"),
        ("title_with_date_at_end", "titles_before_dates"),
        ("doubled_title", "month_name_dates"),
    ],
)
def test_two_pages_in_one_are_the_articles_of_both(one: str, other: str) -> None:
    both = page_of(case_page(one).text.rstrip("\n") + "\n\n\n" + case_page(other).text)
    lawful(both)
    apart = [article.title for name in (one, other) for article in articles_of(case_page(name))]
    assert [article.title for article in articles_of(both)] == apart


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("tail", [" ", "\t \u00a0", " \n", "\n\n\n \n"])
def test_white_space_at_the_end_changes_no_article(name: str, tail: str) -> None:
    page = case_page(name)
    longer = page_of(page.text + tail, captured=page.captured, header=page.header)
    lawful(longer)
    assert articles_of(longer) == articles_of(page)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\n", "\u3000\u2028\x1c"])
def test_a_page_without_text(text: str) -> None:
    split = lawful(page_of(text))
    assert split.verdict is Verdict.NO_ARTICLE
    assert [piece.kind for piece in split.pieces] == [Kind.CHROME] * bool(text)


def test_a_page_that_cannot_be_read() -> None:
    page = Page(number=1, text="", charset="binary", charset_reason="NUL bytes", rejected="holds NUL bytes")
    assert lawful(page).verdict is Verdict.REJECTED


def test_the_crawlers_header_is_the_first_piece() -> None:
    page = case_page("bare_single")
    first, second = lawful(page).pieces
    assert (page.text[: first.end], first.kind) == (" date 2026-08-07 ", Kind.CHROME)
    assert second.kind is Kind.ARTICLE


def test_what_stands_behind_chrome_within_an_article_is_a_continuation() -> None:
    page = case_page("subheads_inside_body")
    shares = page.text.replace("\n\nIn February", "\n\nTell a friend\n\nIn February")
    (cut,), pieces = lawful(page_of(shares)).cuts, lawful(page_of(shares)).pieces
    assert [piece.kind for piece in pieces[-4:]] == [
        Kind.ARTICLE,
        Kind.CHROME,
        Kind.CONTINUATION,
        Kind.CHROME,
    ]
    text = clean.clean(page_of(shares), cut)
    assert text is not None
    assert "Tell a friend" not in text.text


@pytest.mark.parametrize("last", ["Nobody was hurt.", "He agreed.", "Все живы.", "“Not at all!”"])
def test_a_short_last_sentence_belongs_to_its_article(last: str) -> None:
    text = case_page("subheads_inside_body").text
    page = page_of(text[: text.index("Northern Gazette.")] + f"{last}\n\nTell a friend\n")
    (article,) = articles_of(page)
    assert article.text.endswith(f"let the cat stay.\n{last}")


_ITEM = "TUZKENT, 16 April - Northern Gazette. {} has come back to the lake, and the town is glad of it.\n– {} …\n\n\n"


def test_articles_that_begin_for_the_same_reasons_stay_apart() -> None:
    told = [("The ferry", "soap"), ("A white stork", "two ropes"), ("The miller", "bread"), ("Ice", "a whistle")]
    page = page_of("".join(_ITEM.format(*words) for words in told))
    split = lawful(page)
    assert len(split.cuts) == 4
    assert len({piece.reason for piece in split.pieces}) < 4, "the page no longer shows what it is for"


def test_the_last_day_of_the_calendar_as_the_day_of_the_crawl() -> None:
    page = case_page("bare_single")
    assert lawful(page_of(page.text, captured=date.max, header=page.header)).verdict is Verdict.ARTICLE


_CLOSING = """Ferry to the islands sails again from Monday
{date}
The ferry to the islands sails again after nine weeks in the dock, and the first boat leaves at six in the morning.

{line}
"""


@pytest.mark.parametrize(
    ("line", "pages", "kept"),
    [
        ("Our islands our boats our gazette every day", 47, True),  # a headline may be listed that often
        ("Our islands our boats our gazette every day", 48, False),
        ("The gazette has told the islanders what happens on the mainland since the autumn of 1953.", 24, False),
        ("The council paid 1953 crowns for the new bell.", 99, True),  # another number is other news
    ],
)
def test_a_line_that_a_site_shows_around_many_articles(line: str, pages: int, kept: bool) -> None:
    page = page_of(_CLOSING.format(date="9 March 2026", line=line))
    split = segment.segment(page, {key_of(line): pages})
    told = [piece.kind for piece in split.pieces if line in page.text[piece.start : piece.end]]
    assert (told[0] in {Kind.ARTICLE, Kind.CONTINUATION, Kind.TEASER}) is kept


_ROWS = """New timetable of the ferry from Monday
9 March 2026
The town has published the new timetable of its ferries, and asks passengers to note the times at which they sail.

Ferry 4: 7:10, 8:10, 9:10
Ferry 5: 7:20, 8:20, 9:20
Ferry 6: 7:30, 8:30, 9:30
"""


def test_rows_that_differ_in_numbers_only_are_a_list_of_the_text() -> None:
    (article,) = articles_of(page_of(_ROWS))
    assert article.text.endswith("Ferry 5: 7:20, 8:20, 9:20\nFerry 6: 7:30, 8:30, 9:30")


def test_a_number_behind_an_abbreviation_is_no_view_count() -> None:
    text = "She told of it in the hall of school No. 11"
    (article,) = articles_of(page_of(_CLOSING.format(date="9 March 2026", line=text)))
    assert article.text.endswith(text)


_LATE = """Harbour wall of Senneby to be rebuilt from May on
{}
The council voted on the plan to rebuild the old harbour wall, and the works start as soon as the weather is fair.
"""


def test_a_date_line_after_the_capture_is_no_date_and_says_why() -> None:
    page = page_of(_LATE.format("March 12, 2025"), captured=date(2025, 3, 10))
    pieces = lawful(page).pieces
    assert (pieces[1].kind, pieces[1].reason) == (Kind.DATE, "a date after the capture, not believed")
    (article,) = articles_of(page)
    assert (article.published, article.dated) == (
        None,
        "date line at 50-64: 2025-03-12 is after the capture and not believed",
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("HARBOUR WALL OF SENNEBY TO BE REBUILT FROM MAY ON", "the headline printed twice"),
        ("Harbour wall of Senneby to be rebuilt from May on - Northern Gazette", "the headline printed twice"),
        ("Seen from the lighthouse", "a line between the headline and the text"),
    ],
)
def test_a_headline_is_said_to_be_printed_twice_only_where_it_is(line: str, reason: str) -> None:
    pieces = lawful(page_of(_LATE.format(line))).pieces
    assert reason in {piece.reason for piece in pieces if piece.kind is Kind.TITLE}
