"""Text of pages as readers may get it: characters, lines, HTML, and how a text begins."""

from __future__ import annotations

import re
from typing import Final

import nh3

#: No Char of XML 1.0 (section 2.2), no character of Unicode, or a control: C0, C1, and those that turn lines round.
#: `clean` leaves none; should one come in otherwise, it must not cost the feed, nor the order of words around it.
_UNFIT: Final = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)
#: Behind a sentence: its mark, what closes a quotation, white space; after marks of Chinese and Japanese there is none.
_ENDS: Final = re.compile(r"(?<=[.!?…])[\"'»”’)\]]*\s+|(?<=[。！？])[」』”]?")
#: Two or three sentences of news, as long as a snippet in a list of them.
LEAD: Final = 300
#: What nh3 leaves of a link whose address no browser would follow.
_NOWHERE: Final = re.compile(r"<a>([^<]*)</a>")
_TAGS: Final = {"p", "a"}
_SCHEMES: Final = {"http", "https"}


def fit(text: str) -> str:
    """Without what no feed may hold."""
    # Most text has nothing of the kind, which isprintable tells ten times faster for one line.
    return text if text.isprintable() else _UNFIT.sub("", text)


def line(text: str, most: int | None = None) -> str:
    """One line; of at most so many characters."""
    told = " ".join(fit(text).split())
    return told if most is None or len(told) <= most else told[: most - 1].rstrip() + "…"


def unfit(text: str) -> bool:
    """Whether a text holds what no feed may hold, or white space."""
    return bool(_UNFIT.search(text)) or any(char.isspace() for char in text)


def escaped(text: str) -> str:
    """Text as HTML, as nh3 writes it: what is counted before is what is written."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def paragraph(html: str) -> str:
    """One paragraph of HTML, on a line of its own."""
    return f"<p>{html}</p>\n"


def paragraphs(text: str) -> str:
    """Plain text as HTML: one `p` a line, everything escaped."""
    return "".join(paragraph(escaped(told)) for told in text.split("\n") if told)


def linked(name: str, href: str) -> str:
    """A link in HTML."""
    return f'<a href="{escaped(href).replace(chr(34), "&quot;")}">{escaped(name)}</a>'


def safe(html: str) -> str:
    """HTML with nothing but paragraphs and links of the web in it, whatever was made of it before."""
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None)
    return _NOWHERE.sub(r"\1", clean) if "<a>" in clean else clean


def lead(text: str, title: str) -> str:
    """The first sentences, as one line; the title over again is none of them."""
    lines = (told for told in (line(part) for part in text.split("\n")) if told)
    first = next((told for told in lines if told.rstrip(".") != title.rstrip(".")), "")
    end = 0
    for found in _ENDS.finditer(first[: LEAD + 1]):
        if 0 < found.start() <= LEAD:
            end = found.end()
    return first if len(first) <= LEAD else line(first[: end or None], LEAD)
