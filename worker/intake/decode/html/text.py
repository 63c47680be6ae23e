"""The visible text of a parsed document, one block a line, with a mark for whatever its markup says of it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin

from lxml import etree

from worker.intake.decode.html.evidence import aside_by, is_caption, is_hidden, is_row, items_of, lists_told
from worker.intake.decode.html.writer import Writer
from worker.model import Mark, Markup

_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "button", "textarea",
    "datalist", "title", "audio", "video", "canvas"
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_APART = _HEADINGS | {"p", "article", "section", "blockquote", "ul", "ol", "table"}
_LINE = frozenset({
    "address", "aside", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
    "nav", "option", "pre", "summary", "tr"
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_WITHIN = frozenset({"article", "main", "section"})
_DATES = frozenset({"datePublished", "dateCreated"})
_MOST_MARKS = 100_000  #: of a page; past them markup is no evidence any more


class _Open(NamedTuple):
    """An element that has begun and not ended."""

    node: etree._Element
    tag: str
    start: int  #: characters written before it
    said: tuple[tuple[Markup, str], ...]
    aside: str
    row: bool


class _Walk:
    """One walk over a document."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.writer = Writer()
        self.marks: list[Mark] = []
        self.doubtful: set[Mark] = set()  #: set aside by their names alone
        self.items: set[etree._Element] = set()
        self.within = self.asides = self.articles = 0
        self.after_link = -1  #: where the last link ended

    def begin(self, node: etree._Element, tag: str) -> _Open:
        aside = aside_by(node, tag, self.within)
        said = tuple(self._said(node, tag, aside))
        self.asides += bool(aside)
        self.within += tag in _WITHIN
        self.articles += tag == "article"
        self.part(tag)
        if tag == "a" and self.after_link == self.writer.length:
            self.writer.edge()
        opened = _Open(node, tag, self.writer.length, said, aside, tag == "tr" and is_row(node))
        if opened.row:
            self.writer.keep_in_line(1)
        if not self.asides:
            self.items |= items_of(node)
            if lists_told(node, tag):
                self.writer.write("• ")
        self.text(tag, node.text)
        return opened

    def end(self, opened: _Open) -> None:
        tag, end = opened.tag, self.writer.length
        if end > opened.start and len(self.marks) < _MOST_MARKS:
            for kind, value in opened.said:
                self.marks.append(mark := Mark(opened.start, end, kind, value))
                if kind is Markup.ASIDE and opened.aside == "name":
                    self.doubtful.add(mark)
        if opened.row:
            self.writer.keep_in_line(-1)
        if tag == "a":
            self.after_link = end
        self.asides -= bool(opened.aside)
        self.within -= tag in _WITHIN
        self.articles -= tag == "article"
        self.part(tag)
        self.items.discard(opened.node)

    def part(self, tag: str) -> None:
        if tag in _APART:
            self.writer.apart(2)
        elif tag in _LINE:
            self.writer.apart(1)
        elif tag in _CELLS:
            self.writer.space()
        elif tag == "time":
            self.writer.edge()

    def text(self, tag: str, text: str | None) -> None:
        if text:
            (self.writer.write_lines if tag == "pre" else self.writer.write)(text)

    def _said(self, node: etree._Element, tag: str, aside: str) -> list[tuple[Markup, str]]:
        said = []
        if (tag == "article" and not self.articles) or node in self.items:
            said.append((Markup.ITEM, ""))
        if aside:
            said.append((Markup.ASIDE, ""))
        if is_caption(node, tag):
            said.append((Markup.CAPTION, ""))
        if tag in _HEADINGS:
            said.append((Markup.HEADING, tag[1]))
        if tag == "time" or node.get("itemprop") in _DATES:
            said.append((Markup.TIME, _clean(node.get("datetime") or node.get("content") or "")))
        if (
            tag == "a"
            and (href := _clean(node.get("href") or ""))
            and not href.lower().startswith(("#", "javascript:"))
        ):
            said.append((Markup.LINK, _absolute(self.base, href)))
        return said


def text_and_marks(root: etree._Element, url: str | None, base: str | None) -> tuple[str, tuple[Mark, ...]]:
    """The text, and its marks in the order of their starts, longer ones first."""
    walk = _Walk(_absolute(url or "", base or ""))
    # Depth first with a stack of our own: hostile nesting must not exhaust Python's.
    stack: list[etree._Element | _Open] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, _Open):
            walk.end(node)
            walk.text("", node.node.tail)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag == "br":
            walk.writer.line_break()
        elif tag and tag not in _SILENT and not is_hidden(node, tag):
            stack.append(walk.begin(node, tag))
            stack += reversed(node)
            continue
        walk.text("", node.tail)
    text = walk.writer.text()
    return text, _settled(walk, text)


def _settled(walk: _Walk, text: str) -> tuple[Mark, ...]:
    """Marks without the white space that parts them from what comes before."""
    half = len(text) / 2
    settled = []
    for mark in walk.marks:
        if mark in walk.doubtful and mark.end - mark.start > half:
            continue  # the name of a layout, such as "with-sidebar": not most of a page stands aside
        start = mark.start
        while text[start] in "\n ":
            start += 1
        settled.append(mark._replace(start=start))
    return tuple(sorted(settled, key=lambda mark: (mark.start, -mark.end)))


def _absolute(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def _clean(value: str) -> str:
    """An attribute's value as one short word: nothing that could not be stored or printed."""
    return "".join(value[:2000].encode("utf-8", "replace").decode().split())
