"""Every kind of page as it is looked at: light, dark, narrow, printed, without scripts, and by axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import NARROW, Window, chromium, window
from edition import KINDS, Edition, edition
from playwright.sync_api import Browser

#: Those that are off unless asked for; WCAG 2.2 AA has it (2.5.8).
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
LARGEST = 100 << 10  #: bytes of a page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    with edition(tmp_path_factory.mktemp("edition")) as opened:
        yield opened


def sound(opened: Window) -> None:
    """The console has nothing to say, and nothing came from elsewhere."""
    assert opened.complaints == []
    assert [url for url in opened.asked if not url.startswith(opened.base)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_sound(browser: Browser, site: Edition, kind: str) -> None:
    path = site.path(kind)
    with window(browser, site.stand.base) as opened:
        assert opened.open(path) == KINDS[kind]
        sound(opened)
        page = opened.page
        assert page.title().strip()
        assert page.locator("h1").count() == 1
        assert page.locator("html[lang]").count() == 1
        assert page.locator("main").count() == 1
        assert page.locator("script").count() == 0
        assert len(site.stand.get(path[1:]).content) <= LARGEST
        assert len(opened.asked) == 1, "one round trip"
        assert page.context.cookies() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_a_narrow_screen(browser: Browser, site: Edition, kind: str) -> None:
    """WCAG 2.2, 1.4.10: no scrolling to the side at 320 CSS pixels; 1.4.12: nor with wide spacing of text."""
    path = site.path(kind)
    spaced = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    with window(browser, site.stand.base, viewport={"width": NARROW, "height": 640}, bypass_csp=True) as opened:
        opened.open(path)
        assert opened.width() <= NARROW
        opened.page.add_style_tag(content=spaced)
        assert opened.width() <= NARROW


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_needs_no_script(browser: Browser, site: Edition, kind: str) -> None:
    path = site.path(kind)
    shown = []
    for enabled in (True, False):
        with window(browser, site.stand.base, java_script_enabled=enabled) as opened:
            opened.open(path)
            shown.append(opened.page.locator("main").inner_text())
    if kind == "status":  # ages go on
        shown = ["".join(letter for letter in text if not letter.isdigit()) for text in shown]
    assert shown[0] == shown[1]
    assert shown[0].strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_follows_the_light(browser: Browser, site: Edition, kind: str) -> None:
    path = site.path(kind)
    with window(browser, site.stand.base) as opened:
        opened.open(path)
        for dark in (False, True):
            opened.page.emulate_media(color_scheme="dark" if dark else "light")
            ground, ink = opened.luminance("body"), opened.luminance("body", "color")
            assert (ground < 0.1, ink > 0.6) == (dark, dark)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_printed_dark_on_white(browser: Browser, site: Edition, kind: str) -> None:
    path = site.path(kind)
    with window(
        browser, site.stand.base, color_scheme="light"
    ) as opened:  # as browsers print whatever is on the screen
        opened.open(path)
        opened.page.emulate_media(media="print")
        assert opened.luminance("body") > 0.9
        assert opened.luminance("body", "color") < 0.15
        assert opened.luminance("h1", "color") < 0.15
        assert opened.page.locator("h1").is_visible()
        assert not opened.page.locator("form >> visible=true").count(), "nobody fills in a form on paper"
        assert opened.page.pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.parametrize(("kind", "scheme"), list(product(KINDS, ("light", "dark"))))
def test_axe_finds_nothing(browser: Browser, site: Edition, kind: str, scheme: str) -> None:
    path = site.path(kind)
    with window(browser, site.stand.base, color_scheme=scheme, bypass_csp=True) as opened:
        opened.open(path)
        found = Axe().run(opened.page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
