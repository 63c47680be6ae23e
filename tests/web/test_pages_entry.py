"""The page of an entry: its text, and what is known of where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml.html import HtmlElement
from markup import found, read, tree, words
from sites import HOSTILE, NOW, Press, keep, served, told

from worker.model import Join, Likeness, StatedDate
from worker.store import stories
from worker.store.database import transaction
from worker.web.pages import provenance
from worker.web.pages.frame import MOST_BYTES


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        yield site


def entry(press: Press, number: int = 1, query: str = "") -> HtmlElement:
    answer = press.get(f"/entries/key{number:013}{query}")
    assert answer.status == 200
    assert len(answer.body) <= MOST_BYTES
    assert read(answer.body).wrong == []
    return tree(answer.body)


def test_where_it_was_seen_and_by_what_it_is_dated(press: Press) -> None:
    press.read(a="Ferry returns")
    (key,) = found(tree(press.get("/").body), "//h3/a/@href")
    page = tree(press.get(key).body)
    seen = words(page, "//*[@id='sightings']")
    assert "a.txt, page 1, characters" in seen
    assert "stored:" in seen
    assert "utf-8" in seen
    assert "dated by: " in words(page, "//dl")


def test_its_source_leads_to_the_page_of_the_source(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(1, source="Вестник & Co"), told(2, source=None), told(3, source=None, link="ftp://x/")])
    (path,) = set(found(entry(press, 1), "//a[starts-with(@href, '/sources/')]/@href")) - {"/sources/"}
    assert press.get(path).status == 200
    assert "paper2.example" in words(entry(press, 2), "//dl")
    assert found(entry(press, 3), "//*[@class='out']") == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "https:", "x"])
def test_only_links_of_the_web_are_links(press: Press, link: str) -> None:
    with press.store() as db:
        keep(db, [told(1, link=link)])
    assert all(href.startswith(("/", "#")) for href in found(entry(press), "//a/@href"))


def test_what_changed_word_by_word(press: Press) -> None:
    with press.store() as db:
        row = told(1, text="The herd has 214 goats, as was counted today.", updated=NOW)
        keep(db, [row])
        with transaction(db):
            stories.add_revisions(db, [(1, "The herd has 241 goats, as was counted.", "a <b>correction</b>")], NOW)
    page = entry(press)
    assert found(page, "//p/del") == [
        "struck through",
        "[went:] 241",
        "[went:] counted.",
    ]
    assert found(page, "//p/ins") == [
        "underlined",
        "[came:] 214",
        "[came:] counted today.",
    ]
    assert "a <b>correction</b>" in words(page, "//*[@id='revisions']")


def test_why_others_tell_the_same(press: Press) -> None:
    likeness = Likeness(score=0.91, words=40, mine=44, other=50, passages=(), differs=(("214", "241"),))
    with press.store() as db:
        keep(db, [told(1), told(2, story=1, title=HOSTILE, published=StatedDate.from_iso("2026-11-07"))])
        with transaction(db):
            join = Join(entry=2, to=1, evidence="tells the same", likeness=likeness, recipe=1)
            stories.add_joins(db, [join], NOW)
    also = words(entry(press), "//*[@id='also']")
    for part in (HOSTILE, "tells the same; 40 words alike, of 44 here and 50 there; differs: 214, there 241"):
        assert part in also
    assert "7 November 2026" in also
    assert "tells the same" in words(entry(press, 2), "//dl")


def test_what_speaks_for_all_is_said_once(press: Press) -> None:
    with press.store() as db:
        keep(db, [told(1), *(told(number, story=1) for number in (2, 3, 4))])
        with transaction(db):
            joins = [
                Join(entry=number, to=1, evidence=why, likeness=None, recipe=1)
                for number, why in ((2, "the same text"), (3, "by the operator"), (4, "the same text"))
            ]
            stories.add_joins(db, joins, NOW)
    also = words(entry(press), "//*[@id='also']")
    assert also.count("the same text") == also.count("by the operator") == 1
    assert "All of these: the same text." in also


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, None),
        ("the page states none", "the page states none"),
        ("date line at 17-34; no offset stated, UTC assumed",
         "a date line on the page; no time zone stated, taken for UTC"),
        ("date line at 1-2 is a time without a day", "a date line on the page is a time without a day"),
        ("date line at 1-2, its day from the heading at 9; offset as stated",
         "a date line on the page, its day from the heading above it; time zone as stated"),
    ],
)  # fmt: skip
def test_what_tells_the_date_is_said_in_words(told: str | None, said: str | None) -> None:
    assert provenance._in_words(told) == said


# ── Whatever the store holds ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("char", ["x", '"', "&", "\xa0", "щ", "🐐", "\u202e", "字", "a ", "\n&"])
def test_a_long_text_comes_in_parts_that_lose_nothing(press: Press, char: str) -> None:
    with press.store() as db:
        keep(db, [told(1, text=f"Begins. {char * 100_000} Ends.")])
    text, query = "", ""
    for _ in range(100):
        page = entry(press, query=query)
        text += words(page, "//*[@class='text']")
        following = found(page, "//a[@rel='next']/@href")
        if not following:
            break
        query = "?" + following[0].rpartition("?")[2]
    wanted = f"Begins. {char * 100_000} Ends."
    assert "".join(text.split()) == "".join(wanted.split())


@pytest.mark.parametrize("part", ["0", "-1", "2", "x", "", "999999999", "٢"])
def test_a_part_that_is_not_there(press: Press, part: str) -> None:
    with press.store() as db:
        keep(db, [told(1)])
    assert press.get(f"/entries/key0000000000001?part={quote(part)}").status == 404


@pytest.mark.parametrize("char", ["w", '"', "&", "щ", "🐐", "\u202e"])
def test_pages_stay_small_whatever_is_long(press: Press, char: str) -> None:
    long = char * 10_000
    with press.store() as db:
        rows = [told(number, title=long, source=f"{long[:300]}{number}", text=long) for number in range(1, 121)]
        rows += [told(number, story=1, title=long, source=f"{char * 99}{number}") for number in range(121, 400)]
        keep(db, rows)
        with transaction(db):
            texts = [(1, f"{char * number} {char * 9}", long) for number in range(1, 60)]
            stories.add_revisions(db, texts, NOW + timedelta(hours=1))
            stories.add_joins(
                db, [Join(entry=n, to=1, evidence=long, likeness=None, recipe=1) for n in range(121, 400)], NOW
            )
    assert "more" in words(entry(press), "//*[@id='also']")
    assert "earlier changes are not shown" in words(entry(press), "//*[@id='revisions']")
    for path in ("/", "/sources/", "/archive/2026-10/", "/?before=90"):
        answer = press.get(path)
        assert (answer.status, read(answer.body).wrong) == (200, [])
        assert len(answer.body) <= MOST_BYTES
        assert len(found(tree(answer.body), "//main//li | //main//article")) > 4
