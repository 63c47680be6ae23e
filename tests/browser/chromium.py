"""Debian's Chromium, driven by Playwright; no browser is ever downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NARROW = 320  #: CSS pixels: WCAG 2.2, 1.4.10


def missing() -> str:
    """What keeps a browser from being shown anything, or nothing."""
    try:
        import playwright.sync_api  # noqa: F401, PLC0415
    except ImportError:
        return "Playwright for Python is not installed"
    return "" if shutil.which("chromium") else "not installed: chromium (Debian: apt-get install chromium)"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; the test is skipped where there is none."""
    if told := missing():
        pytest.skip(told)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Window:
    """A page of a browser, and whatever went wrong in it."""

    page: Page
    base: str
    status: int = 0
    complaints: list[str] = field(default_factory=list)  #: of the console, CSP violations included
    asked: list[str] = field(default_factory=list)  #: addresses of all requests of this page

    def open(self, path: str) -> int:
        """Go there; the status of the answer."""
        self.asked.clear()
        answer = self.page.goto(self.base + path)
        assert answer is not None
        self.status = answer.status
        return self.status

    def said(self, message: Any) -> None:
        """Note what the console says, but for the status of the page itself."""
        url = str(message.location.get("url"))
        if message.type in ("error", "warning") and url != self.page.url:
            self.complaints.append(f"{url}: {message.text}")

    def width(self) -> int:
        """CSS pixels that the page needs."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def style(self, selector: str, name: str) -> str:
        """A computed property of the first such element."""
        script = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
        return str(self.page.evaluate(script, [selector, name]))

    def luminance(self, selector: str, name: str = "backgroundColor") -> float:
        """From 0, black, to 1, white (WCAG 2.2); of a transparent ground 1, as paper is."""
        numbers = self.style(selector, name).partition("(")[2].rstrip(")").split(",")
        red, green, blue, *alpha = (float(number) for number in numbers)
        if alpha == [0.0]:
            return 1.0
        linear = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (red / 255, green / 255, blue / 255)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@contextmanager
def window(browser: Browser, base: str, **options: Any) -> Iterator[Window]:
    """A window of its own, without memory of others; `options` as Playwright's new_context has them."""
    context: BrowserContext = browser.new_context(**options)
    context.set_default_timeout(15_000)
    try:
        page = context.new_page()
        opened = Window(page, base)
        page.on("console", opened.said)
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.on("request", lambda request: opened.asked.append(request.url))
        yield opened
    finally:
        context.close()
