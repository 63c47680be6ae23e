"""Conservation: whatever a page holds, its pieces are the page, and each cut is one piece of kind article."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_readings import articles_of, case_page, lawful, names, page_of

from worker.intake import decode
from worker.model import Page

_DATES = [
    *("29.11.2025, 09:40 52751", "30.11.2025, 16:259486Ferry returns to the lake", "14 May 2026"),
    *("Posted on Saturday, May 9, 2026 by farida", "2026-03-12 14:05", "Published: 24/03/2026 at 18:20"),
    *("12 қараша 2026", "9 ноября 2026 года, 10:15", "31.02.2026", "Feb 11, 2026 | Sky", "1 auguſt 2020"),
    *("10.10.2026", "Sunday, 12 May 2024, 19:00-20:15", "Goat path gets a handrail (14.09.2026)"),
]
_TITLES = [
    *("Goat path to the upper school gets a handrail", "Ferry returns to the lake", "Small repairs"),
    *("В Сарыбеле открыли мастерскую по ремонту всего", "*Melon train leaves a day early*", "Ice"),
    *("Көпір қайта ашылды деп хабарлайды қала", "What would it cost to lose it?", "A runway: also a road"),
]
_PROSE = [
    "Children who walk to the upper school no longer have to hold on to the goats, the council announced.",
    "TUZKENT, 16 April - Northern Gazette. The ferry has come back, and the whole town is glad of it.",
    "KOKOZEN. May 4. GAZETTE /A. B./ - The mill grinds on Sundays until the end of the summer, it said.",
    "По словам смотрителя, лодки вернутся на озеро, как только сойдёт лёд, сообщает Министерство дорог.",
    "«Әзірге бәрі дұрыс», деді кеме капитаны Дәурен жағада тұрған балаларға қолын бұлғап. Содан кетіп қалды.",
    "He agreed.",
    "– a whistle,",
    "– two ropes.",
    "1) soap.",
    "as long as nobody asks, and then …",
    "The posts were set by the fathers of the pupils. Source: courier.example",
    "and after that nobody said a word about it for as long as the boat was on the lake that summer",
    "The coach left its passengers behind and the driver said only this:",
    "Walkers can now follow the shore for 5.4 kilometres without a step onto the road. Read More ...",
]
_CHROME = [
    *("Tell a friend", "Images | aksary.example", "relevant news", "MOST VIEWED", "Read more »", "Home"),
    *("All rights reserved.", "Source: courier.example", "Views: 18", "Search results for: ferry", "1 2 3 4"),
    *("Content type: news", "Author Archives: Desk", "Перепечатка разрешена со ссылкой", "Comments: 4", "7940"),
    "11.07.2026, 07:3024102Hail breaks every window 09.07.2026, 13:1522987Orchestra seeks a tuba 08.07.2026",
]
_ODD = [
    *("\u2028", "a\u2029b", "\x85", "\x0b\x0c", "\x1c", "\ufeffBOM", "\u200b\u200d", "\ud800", "\ufffe", "\x00"),
    *("e\u0301" * 9, "مرحبا بالعالم", "\U0001f600" * 30, "word " * 400, "x" * 3000, "." * 900, "\u00a0"),
    *("Goat path gets a handrail\u00a0– 14.09.2026", "\tDate: 10.10.2026\u00a0", "Ferry \u3000| 1 May 2026", "\r"),
]
_LINES = st.lists(
    st.one_of(*(st.sampled_from(pool) for pool in (_DATES, _TITLES, _PROSE, _PROSE, _CHROME, _ODD))),
    min_size=1,
    max_size=30,
)
_BREAKS = st.sampled_from(["\n", "\n", "\n\n", "\n\n\n\n", " \n \n", "\r\n", " "])
_CAPTURES = st.none() | st.dates()
_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=400)


@st.composite
def _realistic(draw: st.DrawFn) -> str:
    lines = draw(_LINES)
    ends = draw(st.lists(_BREAKS, min_size=len(lines), max_size=len(lines)))
    return "".join(line + end for line, end in zip(lines, ends, strict=True))


@settings(max_examples=250, deadline=None)
@given(_realistic(), _CAPTURES)
@example("Ferry returns to the lake\n1 auguſt 2020\n" + _PROSE[0], None)
@example(_PROSE[0] + "\n10 May 2026\n", date.max)
@example(_PROSE[0] + "\n10 May 2026\n", date.min)
@example("".join(f"{_PROSE[1]} {what}\n– soap …\n\n\n" for what in ("One.", "Two.", "Three.")), None)
def test_pieces_of_a_likely_page(text: str, captured: date | None) -> None:
    page = page_of(text, captured=captured)
    assert lawful(page) == lawful(page)


@settings(max_examples=250, deadline=None)
@given(_ANY_TEXT, _CAPTURES, st.data())
def test_pieces_of_any_text(text: str, captured: date | None, data: st.DataObject) -> None:
    header = data.draw(st.integers(0, len(text)))
    if text[header:].startswith(tuple(" \n")) and header:
        header = 0  # a header takes the space behind it along
    lawful(_page(text, captured, header))


def _page(text: str, captured: date | None, header: int) -> Page:
    return page_of(text, captured=captured, header=header)


@settings(max_examples=100, deadline=None)
@given(_realistic(), st.sampled_from(["", " date 2026-10-10 ", "\ufeff", "<html><body><pre>"]))
def test_pieces_of_what_decode_makes_of_it(text: str, before: str) -> None:
    for page in decode.decode((before + text).encode("utf-8", "surrogatepass")):
        lawful(page)


@settings(max_examples=150, deadline=None)
@given(_realistic(), st.integers(0, 3000))
def test_a_page_cut_off_anywhere(text: str, at: int) -> None:
    lawful(page_of(text[:at]))


@settings(max_examples=150, deadline=None)
@given(_realistic(), _CAPTURES)
def test_articles_of_a_likely_page_can_be_told(text: str, captured: date | None) -> None:
    page = page_of(text, captured=captured)
    for article in articles_of(page):
        assert article.title.strip()
        assert any(map(str.isalnum, article.text))
        assert page.text[article.start : article.end].strip()
        published = article.published
        assert published is None or captured is None or (published.wall.date() - captured).days <= 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(names()), st.data())
def test_a_labelled_page_with_a_line_too_many(name: str, data: st.DataObject) -> None:
    page = case_page(name)
    lines = page.text.split("\n")
    at = data.draw(st.integers(1, len(lines)))
    lines[at:at] = data.draw(_LINES)
    lawful(page_of("\n".join(lines), captured=page.captured, header=page.header))
