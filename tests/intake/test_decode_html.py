"""Markup as text that a person would read, with marks at the right places, and what a page states of itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.intake.decode import html
from worker.model import Markup, Stated


def text(body: str) -> str:
    return html.read(f"<html><body>{body}</body></html>").text


def marks(body: str, kind: Markup, *, url: str | None = None) -> list[tuple[str, str]]:
    """The words of each mark of a kind, and its value."""
    read = html.read(f"<html><body>{body}</body></html>", url)
    return [(read.text[mark.start : mark.end], mark.value) for mark in read.marks if mark.kind is kind]


# ── Text ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("One.<br>Two.", "One.\nTwo.\n"),
        ("One.<br><br>Two.<br> <br>\n<br>Three.", "One.\n\nTwo.\n\nThree.\n"),
        ("<div>One.</div><div>Two.</div>", "One.\nTwo.\n"),
        ("<div><div><div>One.</div></div></div><div>Two.</div>", "One.\nTwo.\n"),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo.\n"),
        ("<h2>One</h2>Two.", "One\n\nTwo.\n"),
        ("A <b>bold</b>, <i>fine</i> word", "A bold, fine word\n"),
        ("<a>Home</a><a>All</a> <a>News</a>", "Home All News\n"),
        ("<span>By Ana</span><time>14 May</time><span>12 views</span>", "By Ana 14 May 12 views\n"),
        ("It opened on <time>14 May</time>.", "It opened on 14 May.\n"),
        ("<table><tr><th>Port<th>Boats<tr><td><p>Tuzkent</p><td><div>12</div></table>", "Port Boats\nTuzkent 12\n"),
        (
            "<table><tr><td><h2>Menu</h2><p>One.</p><td><p>Two.</p><p>Three.</p></table>",
            "Menu\n\nOne.\n\nTwo.\n\nThree.\n",
        ),
        ("<pre>one\n  two\n\nthree</pre>", "one\ntwo\n\nthree\n"),
        ("<ul><li>soap<li>bread</ul>", "soap\nbread\n"),
        ("<p>Bring:</p><ul><li>soap<li>much <b>bread</b></ul>", "Bring:\n\n• soap\n• much bread\n"),
        ("<p>More:</p><ul><li><a href=a>Soap</a><li><a href=b>Bread</a></ul>", "More:\n\nSoap\nBread\n"),
        ("One<p hidden>Two</p><span aria-hidden=true>•</span> three", "One three\n"),
        ("<main aria-hidden=true>All of it.</main>", "All of it.\n"),
        ("<img alt='A ferry'>One<svg><text>x</text></svg><template>y</template>", "One\n"),
        ("a&nbsp;b\u2003c &lt;d&gt;", "a b c <d>\n"),
    ],
)
def test_text(body: str, wanted: str) -> None:
    assert text(body) == wanted


@pytest.mark.parametrize("piece", ["<div class=a><p>a</p><p>b</p></div>", "<article><h1>a</h1><p>b</p></article>"])
def test_a_piece_of_a_document_is_html(piece: str) -> None:
    assert html.is_html(piece)


# ── Marks ───────────────────────────────────────────────────────────────────────────────────────────


def test_headings_times_and_links() -> None:
    body = """<base href='https://x.example/a/'><h1> Ferry\n returns </h1><time datetime='2026-11-07T09:40'>7 Nov</time>
        <p>See <a href='b?c'>more</a>, <a href='#top'>top</a>, <a href='javascript:x()'>x</a>, <a href='//y'></a>
        <h3>Later</h3><span itemprop=datePublished content=2026-11-08>today</span>"""
    assert marks(body, Markup.HEADING) == [("Ferry returns", "1"), ("Later", "3")]
    assert marks(body, Markup.TIME) == [("7 Nov", "2026-11-07T09:40"), ("today", "2026-11-08")]
    assert marks(body, Markup.LINK) == [("more", "https://x.example/a/b?c")]


def test_links_are_absolute_where_the_address_is_known() -> None:
    assert marks("<a href=/b>c</a>", Markup.LINK, url="https://x.example/a/") == [("c", "https://x.example/b")]
    assert marks("<a href=/b>c</a>", Markup.LINK) == [("c", "/b")]


def test_articles_and_cards_are_items() -> None:
    body = "<article><h2>One</h2><article>A comment</article></article><article>Two</article>"
    assert [words for words, _ in marks(body, Markup.ITEM)] == ["One\n\nA comment", "Two"]
    cards = "".join(f"<div class='card n{n}'><h3>Title {n}</h3>Text.</div>" for n in range(3))
    assert [words for words, _ in marks(cards, Markup.ITEM)] == [f"Title {n}\n\nText." for n in range(3)]


@pytest.mark.parametrize(
    "body",
    [
        "<div class=card><h3>a</h3></div><div class=card><h3>b</h3></div>",
        "<div class=x>a</div><div class=x>b</div><div class=x>c</div>",
        "<p><a>a</a></p><p><a>b</a></p><p><a>c</a></p>",
        "<nav><li><a>a</a></li><li><a>b</a></li><li><a>c</a></li></nav>",
        "<div class=a><a>a</a></div><div class=b><a>b</a></div><div class=c><a>c</a></div>",
    ],
)
def test_what_is_no_list_of_items(body: str) -> None:
    assert marks(body, Markup.ITEM) == []


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<header>Site</header>One.", ["Site"]),
        ("<article><header>Title</header>One.<footer>Ana</footer></article><footer>Imprint</footer>", ["Imprint"]),
        ("<div role=navigation>Home</div>One.", ["Home"]),
        ("<div class='post-related__list'>More</div>One, and two, and three.", ["More"]),
        ("<div id=SideBar>x</div><div class=promotion>y</div><div class=unrelated>z</div>One, two, three.", ["x"]),
        ("<div class=with-sidebar><h1>Ferry</h1><p>One, two, three.</p></div>Four.", []),
        ("<form><h1>Ferry</h1><p>One, two, three.</p></form>Four.", []),
        ("<body class=sidebar>One.", []),
    ],
)
def test_what_stands_aside(body: str, wanted: list[str]) -> None:
    assert [words for words, _ in marks(body, Markup.ASIDE)] == wanted


def test_captions() -> None:
    body = "<figure><img><figcaption>A ferry</figcaption></figure><p class=wp-caption-text>A barge</p>"
    assert [words for words, _ in marks(body, Markup.CAPTION)] == ["A ferry", "A barge"]


_BITS = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "<br>",
        "<h2>",
        "</h2>",
        "<a href=x>",
        "</a>",
        "<nav>",
        "</nav>",
        "<li>",
        "<table><tr><td>",
        "</table>",
        "<article>",
        "</article>",
        "\n    <pre>",
        "</pre>",
        " ",
        "one",
        "two three",
        "&nbsp;",
        "<time>",
        "</time>",
        "<figcaption>",
        "</figcaption>",
        "<div class=menu>",
        "<section>",
        "</section>",
        "\n    <span hidden>",
        "</span>",
        ".",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_BITS, max_size=40))
def test_marks_of_any_markup(bits: list[str]) -> None:
    """Marks are in order, lie within the text, and begin and end with a word; the text has tidy lines."""
    read = html.read("<html><body>" + "".join(bits))
    assert read == html.read("<html><body>" + "".join(bits))
    assert "\n\n\n" not in read.text
    assert all(line == line.strip() for line in read.text.split("\n"))
    assert list(read.marks) == sorted(read.marks, key=lambda mark: (mark.start, -mark.end))
    for mark in read.marks:
        words = read.text[mark.start : mark.end]
        assert words
        assert words == words.strip()


# ── What is stated ──────────────────────────────────────────────────────────────────────────────────


def stated(head: str, body: str = "") -> Stated | None:
    return html.read(f"<html lang=en-GB><head>{head}</head><body>{body}</body></html>").stated


def linked(json: str) -> str:
    return f"<script type='application/ld+json'>{json}</script>"


_NODE = (
    '"@type": "NewsArticle", "headline": "Ferry &amp; boat", "datePublished": "2026-11-07", '
    '"publisher": {"name": "Wire"}'
)


@pytest.mark.parametrize(
    "json",
    [
        "{%s}",
        "[{%s}]",
        '{"@graph": [{"@type": "WebSite", "name": "x"}, {%s}]}',
        '{"@type": "WebPage", "mainEntity": {%s}}',
        "<!-- {%s} -->",
        "//<![CDATA[\n{%s}\n//]]>",
        "{%s,}",
        "{%s};",
        '{%s, "articleBody": "one\ntwo\tthree"}',
    ],
)
def test_json_ld_however_it_is_written(json: str) -> None:
    found = stated(linked(json.replace("%s", _NODE)))
    assert found is not None
    assert (found.title, found.published, found.source, found.language) == (
        "Ferry &amp; boat", "2026-11-07", "Wire", "en-GB",
    )  # fmt: skip


@pytest.mark.parametrize(
    "json", ["{", "[[[[", '{"@type": 7}', '{"@graph": {"@graph": 3}}', "null", '{"@type": "JobPosting"}', "\\"]
)
def test_json_ld_that_says_nothing(json: str) -> None:
    assert stated(linked(json)) == Stated(language="en-GB")


def test_what_is_stated_is_fit_to_be_shown() -> None:
    found = stated(linked(r'{"@type": "NewsArticle", "headline": "Goats \u0000\u001b climb \u202e a\ud800 tower"}'))
    assert found is not None
    assert found.title == "Goats climb a tower"


def test_a_list_of_articles_says_nothing_of_one() -> None:
    json = '[{"@type": "NewsArticle", "headline": "One"}, {"@type": "NewsArticle", "headline": "Two"}]'
    assert stated(linked(json)) == Stated(language="en-GB")


def test_open_graph_meta_and_links() -> None:
    found = stated(
        """<meta property=og:title content='Ferry returns'><meta property=og:site_name content=Wire>
        <meta property=article:published_time content=2026-11-07T09:40:00+05:00><meta name=author content=Ana>
        <link rel=canonical href=https://x.example/1><link rel=alternate hreflang=de href=https://x.example/de>"""
    )
    assert found == Stated(
        title="Ferry returns",
        published="2026-11-07T09:40:00+05:00",
        source="Wire",
        language="en-GB",
        link="https://x.example/1",
    )


def test_json_ld_stands_before_microdata_and_that_before_open_graph() -> None:
    head = "<meta property=og:title content='Third'><meta name=date content=2026-01-03>"
    body = "<div itemscope itemtype=https://schema.org/NewsArticle><h1 itemprop=headline>Second</h1></div>"
    json = linked('{"@type": "Article", "headline": "First"}')
    assert [found.title for h, b in ((head, ""), (head, body), (head + json, body)) if (found := stated(h, b))] == [
        "Third",
        "Second",
        "First",
    ]
