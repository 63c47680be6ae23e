"""What elements and their names mean: what stands aside, what is one of several, what is seen at all."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice

from lxml import etree

_WITHIN = frozenset({"article", "main", "section"})  #: headers and footers of these belong to what they head
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
#: Parts of class names and ids that sites use for what is no news. Whole words only: "promo" is not "promotion".
_WORDS = frozenset({
    "sidebar", "related", "comments", "comment", "share", "sharing", "social", "breadcrumb", "breadcrumbs",
    "cookie", "cookies", "newsletter", "menu", "submenu", "navbar", "promo", "advert", "adverts", "ads",
    "advertisement", "banner", "popup", "pagination", "pager", "widget", "subscribe", "tagcloud", "recommended",
    "popular", "trending"
})  # fmt: skip
_NEVER = frozenset({"html", "body", "main", "article"})  #: a name on these tells how the whole page is laid out
_WORD = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d+")
_ITEMS = frozenset({"div", "li", "section", "tr", "dl", "a", "td"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEAST_ITEMS = 3
_LOOKED_AT = 120  #: descendants of an element that are asked for a heading or link
_HIDDEN_TEXT = 300  #: characters; more than these are hidden by mistake, or for as long as a dialogue is open
_ROW = 240  #: characters of a table's row that is read as one line


def aside_by(node: etree._Element, tag: str, within: int) -> str:
    """Why an element stands aside: "element" for its own meaning, "name" for its class or id, "" where it does not.

    `within` is how many articles and the like it lies in.
    """
    if tag in _NEVER:
        return ""
    if tag in {"nav", "aside"} or (tag in {"header", "footer"} and not within) or node.get("role") in _ROLES:
        return "element"
    if tag == "form":
        return "name"  # some sites wrap whole pages into one
    name = f"{node.get('class') or ''} {node.get('id') or ''}"
    return "name" if len(name) > 1 and words_of(name) & _WORDS else ""


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """The word parts of class names and ids: "post-related__list" → post, related, list."""
    return frozenset(_WORD.findall(name[:500].lower()))


def is_caption(node: etree._Element, tag: str) -> bool:
    """Whether an element is the caption of a figure."""
    return tag == "figcaption" or "caption" in words_of(node.get("class") or "")


def is_hidden(node: etree._Element, tag: str) -> bool:
    """Whether nobody sees an element, and little is lost without it."""
    if node.get("hidden") in {None, "until-found"} and node.get("aria-hidden") != "true":
        return False
    if tag in _NEVER:
        return False
    size = 0
    for text in islice(node.itertext(), _LOOKED_AT):
        size += len(text)
        if size > _HIDDEN_TEXT:
            return False
    return True


_WORDING = frozenset(
    {"a", "abbr", "b", "br", "code", "em", "i", "q", "small", "span", "strong", "sub", "sup", "time", "u"}
)


def items_of(parent: etree._Element) -> set[etree._Element]:
    """The children of an element that are several of a kind, each with a heading or a link: cards, posts, results."""
    if len(parent) < _LEAST_ITEMS:
        return set()
    kinds = [(_kind(child), child) for child in parent]
    counts = Counter(kind for kind, _ in kinds if kind)
    often = {kind for kind, count in counts.items() if count >= _LEAST_ITEMS}
    found = [(kind, child) for kind, child in kinds if kind in often and _leads(child)]
    kept = Counter(kind for kind, _ in found)
    return {child for kind, child in found if kept[kind] >= max(_LEAST_ITEMS, counts[kind] * 0.6)}


def _kind(node: etree._Element) -> str:
    """Tag and class, numbers left out: the same for things of the same kind."""
    if not isinstance(node.tag, str) or node.tag not in _ITEMS:
        return ""
    names = (node.get("class") or "")[:200].split()
    return " ".join([node.tag, *sorted(_DIGITS.sub("", name) for name in names[:2])])


def _leads(node: etree._Element) -> bool:
    own = node.tag == "a"
    for child in islice(node.iterdescendants(), _LOOKED_AT):
        if child.tag in _HEADINGS or (child.tag == "a" and not own):
            return True
    return False


def lists_told(node: etree._Element, tag: str) -> bool:
    """Whether an item of a list belongs to the text that goes on from the paragraph right before the list.

    Such items are words, without parts of their own; those of menus and of lists of headlines are links.
    """
    parent = node.getparent()
    before = parent.getprevious() if tag == "li" and parent is not None else None
    if before is None or before.tag != "p":
        return False
    parts = list(islice(node.iterdescendants(), _LOOKED_AT))
    text = _words(node).strip()
    linked = sum([len(_words(part)) for part in parts if part.tag == "a"])
    return bool(text) and all(part.tag in _WORDING for part in parts) and linked * 2 < len(text)


def _words(node: etree._Element) -> str:
    return "".join(map(str, node.itertext()))


def is_row(node: etree._Element) -> bool:
    """Whether a table's row is one of figures and words, which people read across, and no part of a layout."""
    size = 0
    for child in islice(node.iterdescendants(), _LOOKED_AT):
        if child.tag in _HEADINGS or child.tag in {"table", "ul", "ol", "article"}:
            return False
        size += len(child.text or "") + len(child.tail or "")
        if size > _ROW:
            return False
    return all(len(cell) <= 1 or all(child.tag not in {"p", "div", "br"} for child in cell) for cell in node)
