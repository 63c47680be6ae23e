"""HTML as lines of text: block elements part lines, headings and paragraphs stand apart."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree, html

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "button"})
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "blockquote", "ul", "ol", "table"})
_LINE = frozenset(
    [
        "address",
        "aside",
        "div",
        "dd",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "pre",
        "tr",
        "time",
        "br",
    ]
)
_CELL = frozenset({"td", "th"})


def is_html(text: str) -> bool:
    """Whether a text begins like an HTML document."""
    return _HTML.match(text[:4096]) is not None


def text_of(text: str) -> str:
    """The visible text of an HTML document, one block a line; falls back to stripping tags where none parses."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _stripped(text)
    if parser.error_log.filter_from_fatals():  # nested too deep: the parser then drops all that it has read
        return _stripped(text)
    parts: list[str] = []
    _walk(root, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _stripped(text: str) -> str:
    """The text without its tags, by no parser."""
    text = re.sub(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", "", text, flags=re.IGNORECASE | re.DOTALL)
    return unescape(re.sub(r"<[^<>]*>", "\n", text))


def _walk(root: etree._Element, parts: list[str]) -> None:
    """Depth first with a stack of our own: hostile nesting must not exhaust Python's."""
    stack: list[tuple[etree._Element, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        part = "\n\n" if tag in _APART else "\n" if tag in _LINE else " " if tag in _CELL else ""
        if done:
            parts += (part, _flat(node.tail))
            continue
        if tag in _SILENT or not tag:
            parts.append(_flat(node.tail))
            continue
        parts += (part, (node.text or "") if tag == "pre" else _flat(node.text))
        stack.append((node, True))
        stack += ((child, False) for child in reversed(node))


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""
