"""What an article says of itself: title, date, source, language, link; and what it never said."""

from __future__ import annotations

from datetime import date

import pytest
from page_readings import cut_of, page_of

from worker.intake import clean
from worker.intake.describe import derived_title, describe
from worker.model import Article

_LATEST = date(2026, 5, 20)


def described(text: str, *body: str, captured: date | None = None, latest: date = _LATEST, **head: str) -> Article:
    """The article whose paragraphs, and whose title, date and source line, hold these words."""
    page = page_of(text, captured=captured)
    done = clean.clean(page, cut_of(text, *body, **head))
    assert done is not None
    return describe(page, done, latest=latest)


def test_all_that_a_page_states() -> None:
    text = "Ferry  returns\n14 May 2026, 09:30\nIt sails at nine.\nIt has\tone cat.\nSource: The Courier.\n"
    article = described(
        text,
        *("It sails at nine.", "It has\tone cat."),
        title="Ferry  returns",
        stated="14 May 2026, 09:30",
        source="Source: The Courier.",
    )
    assert (article.title, article.title_derived) == ("Ferry returns", False)
    assert article.published is not None
    assert article.published.iso() == "2026-05-14T09:30"
    assert (article.source, article.link) == ("The Courier", None)
    assert article.text == "It sails at nine.\nIt has one cat."
    assert text[article.start : article.end] == "It sails at nine.\nIt has\tone cat."
    assert article.evidence == "made here"


# ── Titles ──────────────────────────────────────────────────────────────────────────────────────────

_LONG = "The weather station on Mount Tasqor has a new observer after eleven months without one, and for the first time"


@pytest.mark.parametrize(
    ("lead", "title"),
    [
        ("The ferry is back. It sails at nine.", "The ferry is back"),
        ("Is the ferry back? It is.", "Is the ferry back?"),
        ("Dr. no. 5 has gone… She left.", "Dr. no. 5 has gone…"),
        ("“It is back.” The captain smiled.", "“It is back.”"),
        ("Паром вернулся. Он ходит в девять.", "Паром вернулся"),
        ("Паром вернулся. «Қарлығаш» жолда.", "Паром вернулся"),
        ("TUZKENT, 16 April – The ferry is back. It sails.", "The ferry is back"),
        ("ТУЗКЕНТ, 16 апреля - Северная газета. Семь дней тихо.", "Северная газета"),
        ("TUZKENT, 16 April – ", "TUZKENT, 16 April"),
        ("– The ferry is back, she said.", "The ferry is back, she said"),
        ("... The ferry is back. It sails.", "The ferry is back"),
        ("The ferry is back", "The ferry is back"),
        (_LONG, "The weather station on Mount Tasqor has a new observer after eleven months without one, and for the…"),
        ("- " + "x" * 200, "x" * 100 + "…"),
        ("x" * 100, "x" * 100),
        ("." * 50_000 + " Ferry", "Ferry"),
    ],
)
def test_derived_title(lead: str, title: str) -> None:
    assert derived_title(lead) == title
    assert len(title) <= 101


def test_a_page_without_a_title_has_one_derived() -> None:
    article = described("The ferry is back. It sails at nine.", "The ferry is back. It sails at nine.")
    assert (article.title, article.title_derived) == ("The ferry is back", True)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("*Ferry returns*", "Ferry returns"),
        ("## Ferry\u00a0returns", "Ferry returns"),
        ("Fer\u00adry re\u200bturns\x00", "Ferry returns"),
        ("***", "It sails at nine"),
        ("\u200b", "It sails at nine"),
    ],
)
def test_stated_title(line: str, title: str) -> None:
    article = described(f"{line}\nIt sails at nine.", "It sails at nine.", title=line)
    assert (article.title, article.title_derived) == (title, title == "It sails at nine")


# ── Dates ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stated", "captured", "latest", "published"),
    [
        ("20 May 2026", None, _LATEST, "2026-05-20"),
        ("21 May 2026 00:30", None, _LATEST, "2026-05-21T00:30"),  # a day is left for zones
        ("22 May 2026", None, _LATEST, None),
        ("14 May 2026", date(2026, 5, 13), _LATEST, "2026-05-14"),
        ("15 May 2026", date(2026, 5, 13), _LATEST, None),
        ("22 May 2026", date(2026, 6, 1), _LATEST, None),  # the file was there before the crawler says
        ("31.02.2026", None, _LATEST, None),
        ("01.05.1999", None, _LATEST, "1999-05-01"),
    ],
)
def test_published(stated: str, captured: date | None, latest: date, published: str | None) -> None:
    text = f"Ferry returns\n{stated}\nIt sails at nine."
    article = described(text, "It sails at nine.", stated=stated, captured=captured, latest=latest)
    assert (article.published.iso() if article.published else None) == published


@pytest.mark.parametrize(
    ("lead", "captured", "published"),
    [
        ("TUZKENT, 16 April – The ferry is back.", date(2026, 4, 17), "2026-04-16"),
        ("ASTANA. December 30. GAZETTE /A. B./ - The ferry is back.", date(2026, 1, 2), "2025-12-30"),
        ("ТУЗКЕНТ, 16 апреля - Газета. Паром вернулся.", date(2026, 4, 17), "2026-04-16"),
        ("TUZKENT, 16 April 2026 – The ferry is back.", None, "2026-04-16"),
        ("TUZKENT, 16 April – The ferry is back.", None, None),  # no year is known
        ("TUZKENT – The ferry came on 16 April 2026.", None, None),  # the day of what is told
        ("The ferry came on 16 April 2026.", date(2026, 4, 17), None),
    ],
)
def test_day_of_a_dateline(lead: str, captured: date | None, published: str | None) -> None:
    article = described(lead, lead, captured=captured)
    assert (article.published.iso() if article.published else None) == published


def test_a_page_that_writes_the_month_first_is_read_so() -> None:
    text = "04/30/2026\nOne boat.\n03/04/2026\nTwo boats."
    article = described(text, "Two boats.", stated="03/04/2026")
    assert article.published is not None
    assert article.published.iso() == "2026-03-04"


# ── Sources, links, languages ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "source", "link"),
    [
        ("Source: The Courier", "The Courier", None),
        ("Источник: Степной курьер.", "Степной курьер", None),
        ("Дереккөз: Дала курьері", "Дала курьері", None),
        ("Source: https://www.Courier.example/a?b=1", "courier.example", "https://www.Courier.example/a?b=1"),
        ("Source: http://courier.example:8080/a", "courier.example", "http://courier.example:8080/a"),
    ],
)
def test_source_line(line: str, source: str, link: str | None) -> None:
    text = f"The ferry is back, Ministry of Roads reports.\n{line}\n"
    article = described(text, "The ferry is back, Ministry of Roads reports.", source=line)
    assert (article.source, article.link) == (source, link)


@pytest.mark.parametrize(
    ("body", "source"),
    [
        (("The ferry is back, Ministry of Roads reports.", "More.", "Still more."), "Ministry of Roads"),
        (("The ferry is back.", "It sails, Ministry of Roads reports.", "More."), "Ministry of Roads"),
        (("The ferry is back.", "More.", "It sails, Ministry of Roads reports."), "Ministry of Roads"),
        (("The ferry is back.", "More.", "It sails, Ministry of Roads reports.", "End."), None),
        (("Паром вернулся, сообщает Министерство дорог.",), "Министерство дорог"),
        (("Паром қайтты, деп хабарлайды ҚазАқпарат.",), "ҚазАқпарат"),
        (("ASTANA. February 2. GAZETTE /A. B./ - The ferry is back.",), "GAZETTE"),
        (("Bishkek, Jan. 19, 2018 / Kabar /. The ferry, Ministry of Roads reports, is back.",), "Ministry of Roads"),
        (("Астана. 23 февраля. ГАЗЕТА - Паром вернулся.",), "ГАЗЕТА"),
        (("The ferry is back.",), None),
    ],
)
def test_source_in_the_text(body: tuple[str, ...], source: str | None) -> None:
    article = described("\n".join(body), *body)
    assert (article.source, article.link) == (source, None)


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("The ferry is back, and the children are glad of it.", "en"),
        ("Паром вернулся, и все этому рады.", "ru"),
        ("Паром қайта жүре бастады, бәрі қуанышты.", "kk"),
        ("Ferry 2026", None),
    ],
)
def test_language_is_that_of_the_text_not_of_the_title(body: str, language: str | None) -> None:
    title = "Паром вернулся" if language == "en" else "The ferry is back and all are glad"
    assert described(f"{title}\n{body}", body, title=title).language == language
