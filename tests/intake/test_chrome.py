"""The words by which sites frame their articles, and sentences that only look like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.intake.shapes import chrome
from worker.intake.shapes.chrome import Chrome

_TABLE = {
    Chrome.CREDIT: [
        "Images | gov.example",
        "Photo: M. Arden",
        "Фото: Анна Восс",
        "Изображения | Степной курьер",
        "Photo: © 2026 Courier",
        "Сурет: Дана",
        "© Northern Gazette",
    ],
    Chrome.SHARE: ["Tell a friend", "Share", "Share on Facebook", "Print version", "Рассказать другу", "Бөлісу"],
    Chrome.MORE: [
        "Read More ...",
        "Continue reading",
        "More »",
        "Read more »",
        "Читать далее »",
        "Подробнее...",
        "Толығырақ",
    ],
    Chrome.LEGAL: [
        "Northern Gazette. All rights reserved.",
        "ALL RIGHTS RESERVED",
        "Copyright: Northern Gazette",
        "Все права защищены",
        "При использовании материалов ссылка обязательна",
        "Reprints are welcome. "
        + "Copyright of all texts: Steppe Courier News Agency, its authors and its heirs. " * 2,
    ],
    Chrome.SECTION: ["relevant news", "MOST VIEWED", "Most read stories", "See also:", "Новости по теме", "Танымал"],
    Chrome.NAVIGATION: [
        "Skip to content",
        "Home",
        "« Older posts",
        "Next →",
        "1 2 3 4 5 Next",
        "Главная",
        "Page 1 of 9",
    ],
    Chrome.META: ["Tags: boats, ice", "Views: 811", "Просмотров: 811", "3 comments", "4 min read"],
    Chrome.BYLINE: [
        "By Lena Marsh",
        "Von: Jana Merk",
        "Por Inés Albarrán",
        "Текст: Полина Вересова",
        "Published by Lena",
    ],
    Chrome.LISTING: ["News Archive", "Author Archives: Press Desk", "Posts by: Press Desk", "Архив новостей"],
    Chrome.SEARCH: ["Search results for: ferry", "About 214 results", "Результаты поиска", "You searched for ferry"],
}


@pytest.mark.parametrize(("kind", "line"), [(kind, line) for kind, lines in _TABLE.items() for line in lines])
def test_chrome(kind: Chrome, line: str) -> None:
    assert chrome.chrome_of(line) is kind


@pytest.mark.parametrize(
    "line",
    [
        "The ferry sails at nine.",
        "Share prices fell on Monday, and nobody could say why.",
        "Home is where the boat is, says the captain.",
        "The most viewed picture of the year shows a goat.",
        "Search for the lost boat goes on",
        "Facebook opens an office in Tuzkent",
        "Главная улица Сарыбеля закрыта до весны",
        "Menu of the school kitchen gets a second soup",
        "Photo of a goat wins the prize of the province",
        "All rights " + "and duties of the boatmen were read to them. " * 10,
        "x" * 401,
        "",
    ],
)
def test_text(line: str) -> None:
    assert chrome.chrome_of(line) is None


@pytest.mark.parametrize(
    ("line", "at", "which"),
    [
        ("The gap will be closed in November. Read More ...", "Read More ...", "more"),
        ("Паром вернулся. Читать далее →", "Читать далее →", "more"),
        ("The lake is clean. Source: https://courier.example/a", "Source: https://courier.example/a", "source"),
        ("Көл таза. Дереккөз: Курьер", "Дереккөз: Курьер", "source"),
        ("x" * 5000 + " ends. Read more", "Read more", "more"),
    ],
)
def test_glued(line: str, at: str, which: str) -> None:
    assert chrome.glued(line) == (line.index(at), which)


@pytest.mark.parametrize(
    "line",
    ["Read More ...", "Source: courier.example", "Read more books, she said.", "The source: unknown to all", "", " "],
)
def test_not_glued(line: str) -> None:
    assert chrome.glued(line) is None


@pytest.mark.parametrize(
    ("line", "name"), [("SOURCE : The Courier", "The Courier"), ("Источник: ТАСС", "ТАСС"), ("Source:", None)]
)
def test_source_line(line: str, name: str | None) -> None:
    found = chrome.SOURCE_LINE.fullmatch(line)
    assert (found["name"] if found else None) == name


_HEADLINES = (Path(__file__).parent / "headlines.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", _HEADLINES)
def test_headlines_that_begin_with_the_words_of_menus(line: str) -> None:
    assert chrome.chrome_of(line) is None
    assert not chrome.is_menu(line)
    assert not chrome.is_share_bar(line)


@pytest.mark.parametrize(
    "line",
    [
        "a  " * 50 + "b.",
        "a / " * 39 + "b.",
        "1" * 120 + "x",
        "first page " * 14 + "x",
        "!.1" * 50 + "x",
        "share " * 26 + "y",
        "5 March 2024 page " * 8,
    ],
)
def test_lines_on_which_patterns_could_go_astray(line: str) -> None:
    """Each of them took a careless pattern longer than anybody would wait."""
    assert len(line) <= 160
    chrome.chrome_of(line)


_PARTS = st.sampled_from(
    [*"aB1 :|.,…»→°-©\n", "Read ", "more", "cookies", "copyright", "ссылка", "при использовании", "by "]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PARTS, max_size=300).map("".join) | st.text(max_size=500))
def test_any_line_can_be_asked(line: str) -> None:
    chrome.chrome_of(line)
    if tail := chrome.glued(line):
        at, which = tail
        assert line[:at].strip()
        assert line[at:].strip()
        assert which in {"source", "more"}
