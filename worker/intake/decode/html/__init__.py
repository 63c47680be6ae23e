"""HTML as lines of text with marks, and what the page states of itself.

text      the visible text, a block a line       evidence   what elements and their names mean
writer    text under way, and spans in it        stated     JSON-LD, microdata, Open Graph, meta
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from lxml import etree
from lxml import html as parsing

from worker.intake.decode.html.stated import stated_of
from worker.intake.decode.html.text import text_and_marks
from worker.model import Mark, Stated

HEAD = 4096  #: characters that are looked at to tell HTML from text
_BEFORE = r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*+"
_DOCUMENT = re.compile(_BEFORE + r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
#: A piece of a document, as some crawlers keep it: a block element first, and then more of them.
_PIECE = re.compile(
    _BEFORE + r"<(?:div|article|section|main|header|nav|table|h1|ul|meta|title|link)\b[^<>]*>(?:.*?</\w+\s*>){3}",
    re.IGNORECASE | re.DOTALL,
)
_META = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})")
_CRAWLED = re.compile(rb"\s*date \d{4}-\d\d-\d\d ?")


_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")
_MOST_TAGS = 300_000  #: half of them elements: 2 s; the longest pages of news sites have some ten thousand
_MOST_NAMES = 1 << 15  #: characters of the attributes of an element, values in quotes not counted: 0.2 s of parsing


class Html(NamedTuple):
    """A document as people see it, and what it says of itself."""

    text: str
    marks: tuple[Mark, ...] = ()
    stated: Stated | None = None


def is_html(text: str) -> bool:
    """Whether a text begins like an HTML document, or like a piece of one."""
    if "<" not in text:
        return False
    return _DOCUMENT.match(text, 0, HEAD) is not None or _PIECE.match(text, 0, HEAD) is not None


def begins(content: bytes) -> bool:
    """Whether bytes begin like HTML, as far as that can be told before their charset is known."""
    head = content[:HEAD].removeprefix(b"\xef\xbb\xbf")
    if b"<" not in head:
        return False
    crawled = _CRAWLED.match(head)
    return is_html((head[crawled.end() :] if crawled else head).decode("latin-1"))


def charset_of(content: bytes) -> str | None:
    """The charset that a meta element or XML declaration names (WHATWG HTML, 13.2.3.2)."""
    head = content[:HEAD]
    found = _XML.match(head) or _META.search(head)
    label = found[1].decode("ascii", "replace") if found else None
    # Whoever could read an ASCII declaration of UTF-16 was not reading UTF-16.
    return "utf-8" if label and label.lower().startswith("utf-16") else label


def read(text: str, url: str | None = None) -> Html:
    """The visible text of a document that was crawled at `url`; its text without tags where no parser can help."""
    if _overloaded(text):
        return Html(_stripped(text))
    parser = parsing.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    try:
        root = parsing.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Html(_stripped(text))
    if parser.error_log.filter_from_fatals():  # nested too deep: the parser then drops all that it has read
        return Html(_stripped(text))
    base = root.find(".//base[@href]")
    plain, marks = text_and_marks(root, url, None if base is None else base.get("href"))
    return Html(plain, marks, stated_of(root))


def _overloaded(text: str) -> bool:
    """Whether a parser would take seconds, or a gigabyte: far too many elements, or an element with attributes by
    the thousand, since libxml2 compares each name with all before it.
    """
    if text.count("<") > _MOST_TAGS:
        return True
    long = (tag[0] for tag in _TAG.finditer(text) if tag.end() - tag.start() > _MOST_NAMES)
    return any(len(_QUOTED.sub("", tag)) > _MOST_NAMES for tag in long)


def _stripped(text: str) -> str:
    """The text without its tags, by no parser."""
    text = re.sub(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", "", text, flags=re.IGNORECASE | re.DOTALL)
    return unescape(re.sub(r"<[^<>]*>", "\n", text)).encode("utf-8", "replace").decode()
