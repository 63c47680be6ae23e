"""What HTML says of its lines, as evidence in the same reading that plain text gets."""

from __future__ import annotations

from datetime import date

import pytest
from page_readings import lawful

from worker.intake import clean, decode, describe
from worker.model import Article, Kind, Page

LATEST = date(2027, 1, 1)
_LEAD = "The night ferry between Tuzkent and Ulyterek sails again, after nine years in which nobody crossed the lake."
_MORE = (
    "Its captain has counted forty sheep, two pianos and a bride among the things that he carried on the first night."
)


def _page(body: str, head: str = "") -> Page:
    (page,) = decode.decode(f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode())
    return page


def _articles(page: Page) -> list[Article]:
    texts = [clean.clean(page, cut) for cut in lawful(page).cuts]
    return [describe.describe(page, text, latest=LATEST) for text in texts if text]


_TITLES = (
    "Ferry returns to the lake",
    "Goats hold up the morning train",
    "Bakery wins with an old loaf",
    "Museum of ropes opens",
)
_JSON = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Night Ferry Returns",
    "datePublished": "2026-11-07T09:40:00+05:00", "publisher": {"name": "Lake Courier"}}</script>"""


def test_the_title_that_json_ld_states() -> None:
    body = f"""<div>Lake Courier of Tuzkent</div><h1>Night Ferry Returns</h1><div>Ann Lee</div>
        <p>{_LEAD}</p><p>{_MORE}</p><h2>Sheep first</h2><p>{_MORE} They slept.</p>"""
    (article,) = _articles(_page(body, _JSON))
    assert (article.title, article.title_derived) == ("Night Ferry Returns", False)
    assert article.published is not None
    assert (article.published.iso(), article.source) == ("2026-11-07T09:40:00+05:00", "Lake Courier")
    assert article.dated == "the markup of the page; offset as stated"
    assert article.text.startswith(_LEAD)
    assert article.text.endswith("They slept.")


def test_a_time_element_says_more_than_its_words() -> None:
    body = f"""<h1>Night Ferry Returns to the Lake</h1><time datetime="2026-11-07T09:40+05:00">7 November 2026</time>
        <p>{_LEAD}</p><p>{_MORE}</p>"""
    (article,) = _articles(_page(body))
    assert article.published is not None
    assert article.published.iso() == "2026-11-07T09:40+05:00"
    assert article.dated.endswith("as its time element has it; offset as stated")


@pytest.mark.parametrize("frame", ["nav", "aside", "footer", "form"])
def test_parts_that_are_no_article_by_their_element(frame: str) -> None:
    body = f"""<h1>Night Ferry Returns to the Lake</h1><p>7 November 2026</p><p>{_LEAD}</p><p>{_MORE}</p>

        <{frame}><p>Nine readers have written to us that it should carry more goats.</p></{frame}>"""
    (article,) = _articles(_page(body))
    assert article.text == f"{_LEAD}\n{_MORE}"


def test_captions_and_rows_of_links_are_no_text() -> None:
    body = f"""<h1>Night Ferry Returns to the Lake</h1><p>7 November 2026</p><p>{_LEAD}</p>
        <figure><img src=a.png><figcaption>The ferry seen from the weir, with the captain's goat.</figcaption></figure>
        <p><a href=/b>How the captain of the ferry lost his hat in spring</a></p><p>{_MORE}</p>
        <p><a href=/c>Goats on the weir once more, keepers say</a></p>
        <p><a href=/d>Bakery wins with a loaf from 1954</a></p>
        <p><a href=/e>Museum of ropes opens its second knot</a></p>"""
    page = _page(body)
    (article,) = _articles(page)
    assert article.text == f"{_LEAD}\n{_MORE}"
    reasons = {piece.reason for piece in lawful(page).pieces if piece.kind is Kind.CHROME}
    assert {"caption of a picture", "link to another article"} <= reasons


def test_a_listing_of_article_elements() -> None:
    items = "".join(
        f"<article><h2><a href=/{title[:4]}>{title}</a></h2><p>{_LEAD} {title}.</p></article>" for title in _TITLES
    )
    assert [article.title for article in _articles(_page(f"<h1>News</h1>{items}"))] == [*_TITLES]


def test_a_title_that_is_stated_of_a_listing_is_none_of_its_articles() -> None:
    head = '<meta property="og:title" content="News of the lake and its ferries">'
    items = "".join(
        f"<h2>{title}</h2><p>{n} November 2026</p><p>{_LEAD} {title}.</p>" for n, title in enumerate(_TITLES, 1)
    )
    articles = _articles(_page(f"<h1>News of the lake and its ferries</h1>{items}", head))
    assert [article.title for article in articles] == [*_TITLES]
