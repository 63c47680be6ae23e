"""What a dump holds: pages, and the pieces they are cut into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

#: Scheme, user and "www." aside; a port, a path, a query or a fragment ends it (RFC 3986, 3.2).
_HOST = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?:www\.)?([\w.-]{1,253})", re.IGNORECASE)


class Markup(StrEnum):
    """What the markup of a page says of a stretch of its text."""

    HEADING = "heading"  #: h1 to h6; the value is the level
    TIME = "time"  #: a time element; the value is its machine-readable datetime
    LINK = "link"  #: a link; the value is its address
    ITEM = "item"  #: one of several containers of the same kind: an article element, a card, a list item
    ASIDE = "aside"  #: navigation, header, footer, sidebar, form: by the element's own meaning
    CAPTION = "caption"  #: of a figure


class Mark(NamedTuple):
    """A stretch of a page's text of which its markup says something. Marks are evidence, never decisions."""

    start: int  #: offset in characters of the page's text
    end: int
    kind: Markup
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a page says of its one article in JSON-LD (schema.org), Open Graph or meta elements."""

    title: str | None = None
    published: str | None = None  #: as it stands there
    source: str | None = None
    language: str | None = None  #: BCP 47
    link: str | None = None  #: canonical address


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The decoded text of a dump, or of one record of it."""

    number: int  #: from 1 within the dump
    text: str
    charset: str  #: IANA name
    charset_reason: str
    captured: date | None = None  #: the day the crawler states, where it does
    header: int = 0  #: characters at the start of `text` that the crawler wrote, not the site
    rejected: str | None = None  #: why nothing of this page can be read, if so
    url: str | None = None  #: where it was crawled, if the dump says so
    marks: tuple[Mark, ...] = ()  #: of HTML, in the order of their starts
    stated: Stated | None = None  #: of HTML

    @property
    def address(self) -> str | None:
        """Where it was crawled, else where it says that it stands."""
        return address_of(self.url, self.stated)

    @property
    def host(self) -> str:
        """Of its address; pages of a host share a frame."""
        return host_of(self.address)


def address_of(url: str | None, stated: Stated | None) -> str | None:
    """Where a page was crawled, else where it says that it stands; None where neither is known."""
    return url or (stated.link if stated else None)


def host_of(address: str | None) -> str:
    """The host of a page's address, in lower case without "www."; empty where none is known."""
    found = _HOST.match(address or "")
    return found[1].lower() if found else ""


class Kind(StrEnum):
    """What a piece of a page is."""

    ARTICLE = "article"  #: the text of a news item, or its beginning
    CONTINUATION = "continuation"  #: more of the article before it, behind chrome that stands within it
    TITLE = "title"
    DATE = "date"
    SOURCE = "source"
    CHROME = "chrome"
    TEASER = "teaser"  #: a headline of a list whose text is not on this page
    REJECTED = "rejected"


class Piece(NamedTuple):
    """A span of a page and what it is. Pieces tile their page: none overlap, none leave a gap."""

    start: int  #: offset in characters of the page's text
    end: int
    kind: Kind
    reason: str


class Span(NamedTuple):
    """A stretch of a page's text without the white space around it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One article as segment marks it on the page: spans only, nothing read yet."""

    body: tuple[Span, ...]  #: its paragraphs in order
    title: Span | None = None
    date: Span | None = None
    day: Span | None = None  #: of a heading over several articles, where `date` is but a time of day
    source: Span | None = None
    sole: bool = False  #: the only article of its page
    evidence: str  #: why an article starts here


class Verdict(StrEnum):
    """What a page turned out to be."""

    ARTICLE = "article"
    LISTING = "listing"
    NO_ARTICLE = "no-article"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A page cut into pieces. Each cut begins at exactly one piece of kind article."""

    verdict: Verdict
    pieces: tuple[Piece, ...]
    cuts: tuple[Cut, ...]
