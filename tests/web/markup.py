"""Whether a page is sound HTML, and what WCAG asks of its structure that can be read off it."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

from lxml import html
from lxml.html import HtmlElement

_VOID = {"meta", "link", "input", "br", "hr", "img"}
_INLINE = {"a", "span", "bdi", "time", "b", "ins", "del", "code", "mark", "label"}
_BLOCKS = {"p", "ul", "ol", "li", "dl", "dt", "dd", "div", "section", "article", "nav", "main", "header", "footer"}
_BLOCKS |= {"h1", "h2", "h3", "table", "form", "figure", "blockquote"}


class Soundness(HTMLParser):
    """Collects what is wrong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.refers: set[str] = set()
        self.links: list[str] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self._heading = 0
        self._named = ""  # text of the link that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        given = dict(attrs)
        self.counts[tag] += 1
        if len(given) < len(attrs):
            self.wrong.append(f"<{tag}> has an attribute twice")
        if any(name.startswith("on") or name == "style" for name in given):
            self.wrong.append(f"<{tag}> has a script or a style of its own")
        self._placed(tag)
        self._attributes(tag, given)
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "a":
            self._named = ""

    def _placed(self, tag: str) -> None:
        inside = self._open[-1] if self._open else ""
        if tag in _BLOCKS and (inside in _INLINE or inside in {"p", "h1", "h2", "h3"}):
            self.wrong.append(f"<{tag}> within <{inside}>")
        if (inside in {"ul", "ol"} and tag != "li") or (inside == "dl" and tag not in {"dt", "dd"}):
            self.wrong.append(f"<{tag}> within <{inside}>")
        if tag == "a" and "a" in self._open:
            self.wrong.append("a link within a link")
        if tag in {"h1", "h2", "h3", "h4"}:
            level = int(tag[1])
            if level > self._heading + 1:
                self.wrong.append(f"<{tag}> follows a heading of level {self._heading}")
            self._heading = level

    def _attributes(self, tag: str, given: dict[str, str | None]) -> None:
        if name := given.get("id"):
            self.ids[name] += 1
        for key in ("for", "aria-labelledby"):
            if name := given.get(key):
                self.refers.add(name)
        if tag == "nav" and not given.get("aria-label"):
            self.wrong.append("a <nav> without a name")
        if tag == "html" and not given.get("lang"):
            self.wrong.append("no language")
        if tag in {"a", "link"} and (href := given.get("href")) is not None:
            self.links.append(href)
            if href.startswith("#"):
                self.refers.add(href[1:])

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if not self._open or self._open[-1] != tag:
            self.wrong.append(f"</{tag}> where <{self._open[-1] if self._open else ''}> is open")
        else:
            self._open.pop()
        if tag == "a" and not self._named.strip():
            self.wrong.append("a link without words")

    def handle_data(self, data: str) -> None:
        """Text."""
        if "style" not in self._open:
            self.text.append(data)
            self._named += data

    def close(self) -> None:
        """The end of the page."""
        super().close()
        self.wrong += [f"<{tag}> is never closed" for tag in self._open]
        self.wrong += [f"id {name} is there {count} times" for name, count in self.ids.items() if count > 1]
        self.wrong += [f"nothing has the id {name}" for name in self.refers - set(self.ids)]
        for tag, wanted in {"h1": 1, "main": 1, "title": 1, "script": 0, "iframe": 0}.items():
            if self.counts[tag] != wanted:
                self.wrong.append(f"{self.counts[tag]} times <{tag}>")


def read(page: bytes) -> Soundness:
    """A page, read through."""
    found = Soundness()
    text = page.decode("utf-8")
    if not text.startswith("<!DOCTYPE html>"):
        found.wrong.append("no doctype")
    found.feed(text)
    found.close()
    return found


def tree(page: bytes) -> HtmlElement:
    """A page, to look for things in."""
    return html.document_fromstring(page.decode("utf-8"))


def found(page: HtmlElement, path: str) -> list[str]:
    """The texts and attributes at an XPath; of elements all the text within."""
    result = page.xpath(path)
    assert isinstance(result, list)
    return [one.text_content() if isinstance(one, HtmlElement) else str(one) for one in result]


def words(page: HtmlElement, path: str) -> str:
    """All text at an XPath."""
    return "".join(found(page, path))
