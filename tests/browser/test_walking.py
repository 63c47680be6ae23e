"""How one gets about: by links, by searching, and with nothing but the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from chromium import NARROW, Window, chromium, window
from edition import KINDS, MANY, TAKEN, WORD, Edition, edition
from lxml import etree
from newsstand import ATOM
from playwright.sync_api import Browser
from requests import Response

#: Kinds that links lead to.
LINKED = [kind for kind, status in KINDS.items() if status == 200 and not kind.startswith("found")]
MOST_LINKS = 600  #: followed; there are no more
PARTS = 12  #: further stops within fields for dates: day, month, year and the calendar
STILL: Any = {"reduced_motion": "reduce"}  #: what has the focus is in sight at once

#: Of the element that has the focus: what it is, and whether one sees that it has it.
_FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {
    name: one.tagName, text: one.innerText || one.getAttribute("aria-label") || one.name || "",
    href: one.getAttribute("href") || "", place: [...document.querySelectorAll("*")].indexOf(one),
    outlined: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none",
    inside: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
  };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    with edition(tmp_path_factory.mktemp("edition")) as opened:
        yield opened


@pytest.fixture
def opened(browser: Browser, site: Edition) -> Iterator[Window]:
    with window(browser, site.stand.base, **STILL) as shown:
        yield shown
        assert shown.complaints == []


# ── Links ───────────────────────────────────────────────────────────────────────────────────────────


def test_every_link_leads_somewhere_and_to_every_kind_of_page(site: Edition) -> None:
    seen, waiting = {"/"}, ["/"]
    while waiting:
        path = waiting.pop()
        answer = site.stand.get(path[1:])
        assert answer.status_code == 200, path
        for link in links(answer):
            url = urlsplit(urldefrag(urljoin(site.stand.base + path, link)).url)
            to = url.path + (f"?{url.query}" if url.query else "")
            if site.stand.base == f"{url.scheme}://{url.netloc}" and to not in seen and len(seen) < MOST_LINKS:
                seen.add(to)
                waiting.append(to)
    wanted = [*(site.path(kind) for kind in LINKED), "/archive/1.atom", "/opml"]
    assert len(seen) < MOST_LINKS
    assert [path for path in wanted if path not in seen] == []


def links(answer: Response) -> list[str]:
    """Of a page or a feed; what is told of an entry elsewhere is within its text."""
    if answer.headers["Content-Type"].startswith("text/html"):
        return [str(link["href"]) for link in BeautifulSoup(answer.content, "lxml").find_all(["a", "link"], href=True)]
    if answer.headers["Content-Type"].startswith("application/atom+xml"):
        return [str(link.get("href")) for link in etree.fromstring(answer.content).iter(f"{ATOM}link")]
    return []


def test_fragments_are_there(site: Edition) -> None:
    """Links within a page, as the one that skips to its content."""
    for kind in LINKED:
        if site.stand.get(site.path(kind)[1:]).status_code != 200:
            continue
        tree = BeautifulSoup(site.stand.get(site.path(kind)[1:]).content, "lxml")
        for link in tree.find_all("a", href=re.compile("^#.")):
            assert tree.find(id=str(link["href"])[1:]) is not None, (kind, link["href"])


def test_from_the_front_page_to_an_entry_and_back(opened: Window) -> None:
    opened.open("/")
    opened.page.get_by_role("link", name=MANY, exact=True).first.click()
    opened.page.wait_for_url("**/entries/*")
    assert opened.page.locator("h1").inner_text() == MANY
    opened.page.go_back()
    assert urlsplit(opened.page.url).path == "/"


@pytest.mark.parametrize("kind", ["topics", "sources", "archive", "status"])
def test_the_head_of_a_page_leads_everywhere(opened: Window, site: Edition, kind: str) -> None:
    path = site.path(kind)
    opened.open(site.path("entry"))
    opened.page.locator(f"header a[href='{path}'], nav a[href='{path}']").first.click()
    opened.page.wait_for_url(f"**{path}")


def test_an_entry_tells_what_became_of_it(opened: Window, site: Edition) -> None:
    """Who else told it; what was changed, as a diff of words."""
    assert site.stand.get("status").status_code == 200, "the whole page of an entry"
    opened.open(site.entry)
    text = opened.page.locator("main").inner_text().lower()
    assert "also in" in text
    assert opened.page.locator("main ins").count()
    assert opened.page.locator("main del").count()
    assert opened.page.locator("main a[href^='/entries/']").count() >= 9


def test_what_was_taken_down_is_nowhere(opened: Window, site: Edition) -> None:
    for path in ("/", "/search?q=council", site.path("source"), site.path("month")):
        opened.open(path)
        assert opened.page.get_by_text(TAKEN).count() == 0, path


# ── Search ──────────────────────────────────────────────────────────────────────────────────────────


def test_search_by_typing_a_word(opened: Window, site: Edition) -> None:
    opened.open(site.path("search"))
    box = opened.page.get_by_role("searchbox").or_(opened.page.locator("main input[name=q]")).first
    box.fill(WORD)
    box.press("Enter")
    opened.page.wait_for_url(f"**/search?q={WORD}*")
    assert opened.page.locator("main input[name=q]").first.input_value() == WORD, "what was asked stays there"
    marks = opened.page.locator("main mark").all_inner_texts()
    assert marks
    assert {mark.lower() for mark in marks} == {WORD}
    assert opened.page.locator("main a[href^='/entries/']").count()
    assert opened.page.locator("head link[type='application/atom+xml'][href*='/search.atom?']").count() == 1


@pytest.mark.parametrize(
    "words", ['"', "AND (", "<script>alert(1)</script>", "title:", "ferry OR", "*", "\u202e", "é" * 500]
)
def test_search_for_what_is_no_query(opened: Window, site: Edition, words: str) -> None:
    opened.open(site.path("search"))
    box = opened.page.locator("main input[name=q]").first
    box.fill(words)
    box.press("Enter")
    opened.page.wait_for_url("**/search?q=*")
    opened.page.locator("h1").wait_for()
    assert opened.width() <= 1280
    opened.complaints[:] = [told for told in opened.complaints if "400" not in told]


# ── Keyboard ────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_tab_skips_to_the_content(opened: Window) -> None:
    opened.open("/")
    opened.page.keyboard.press("Tab")
    first = opened.page.evaluate(_FOCUSED)
    assert first["href"].startswith("#"), "a link that skips to the content"
    assert first["inside"], "it is seen while it has the focus"
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize(("kind", "width"), [(kind, 1280) for kind in LINKED] + [("front", NARROW), ("found", NARROW)])
def test_everything_is_reached_by_tab_in_order(browser: Browser, site: Edition, kind: str, width: int) -> None:
    path = site.path(kind)
    with window(browser, site.stand.base, viewport={"width": width, "height": 720}, **STILL) as opened:
        opened.open(path)
        wanted = "a[href], input:not([type=hidden]), select, button, textarea, summary"
        count = opened.page.locator(wanted).evaluate_all("all => all.filter(one => one.checkVisibility()).length")
        places: list[int] = []
        for _ in range(count + PARTS):
            opened.page.keyboard.press("Tab")
            focused = opened.page.evaluate(_FOCUSED)
            if focused["place"] == (places[-1] if places else None):
                continue  # the next part of a field for a date
            places.append(focused["place"])
            assert focused["outlined"], f"no focus is seen on {focused}"
            assert focused["inside"], f"out of sight: {focused}"
            if len(places) == count:
                break
        assert len(places) == count
        assert places == sorted(set(places)), "from top to bottom, each once"


def test_an_entry_is_opened_by_enter(opened: Window) -> None:
    opened.open("/")
    opened.page.get_by_role("link", name=MANY, exact=True).first.focus()
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url("**/entries/*")
    assert opened.page.locator("h1").inner_text() == MANY
