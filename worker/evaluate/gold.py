"""Gold: what a person says a page holds. One JSON file a page; fields that are not named here are welcome notes."""

from __future__ import annotations

from typing import Any

import msgspec

from worker.errors import GoldError
from worker.model import StatedDate


class GoldArticle(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says one article is. White space counts as one space everywhere."""

    title: str | None = None  #: none: the page gives none
    published: str | None = None  #: ISO 8601, as far as the page goes
    source: str | None = None
    first_words: str | None = None
    last_words: str | None = None
    teaser: bool = False  #: a headline of a list: must not come out as an article
    first_words_alt: str | None = None  #: equally right
    last_words_alt: str | None = None
    title_alternatives: tuple[str, ...] = ()
    source_alt: tuple[str, ...] = ()
    optional: bool = False  #: may stand alone or with the one before it

    @property
    def name(self) -> str:
        """What a person would call it."""
        return self.title or self.first_words or "an article without title or words"

    def firsts(self) -> list[str]:
        """The words that it may begin with."""
        return [collapsed(words) for words in (self.first_words, self.first_words_alt) if words]

    def lasts(self) -> list[str]:
        """The words that it may end with."""
        return [collapsed(words) for words in (self.last_words, self.last_words_alt) if words]

    def titles(self) -> list[str]:
        """The titles that are right; empty where the page gives none."""
        return [self.title, *self.title_alternatives] if self.title else []

    def sources(self) -> list[str]:
        """The sources that are right; empty where the page gives none."""
        return [self.source, *self.source_alt] if self.source else []


class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says a page holds."""

    kind: str = "listing"  #: single, listing or no-article; for people
    crawl_date: str | None = None
    truncated: bool = False  #: the page ends in the middle of a sentence; for people
    articles: tuple[GoldArticle, ...]
    chrome_lines: tuple[str, ...] = ()  #: must not be in any text
    notes: Any = None  #: for people


#: What a person looks for in a gold file: there even where there is nothing to say.
_ALWAYS = ("title", "published", "source", "first_words", "last_words", "teaser")


def written(gold: Gold) -> bytes:
    """A gold file, laid out for people."""
    blank = msgspec.to_builtins(GoldArticle())
    told = msgspec.to_builtins(gold)
    told["articles"] = [
        {key: value for key, value in article.items() if key in _ALWAYS or value != blank[key]}
        for article in told["articles"]
    ]
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def load(content: bytes, path: str) -> Gold:
    """A gold file. Raises GoldError, which names the file, the field and what belongs there."""
    try:
        gold = msgspec.json.decode(content, type=Gold)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # a ValidationError is a DecodeError
        raise GoldError(f"{path}: {error}: correct it, or make a new one with `seedwire parse --gold`") from error
    for number, article in enumerate(gold.articles):
        if article.published is not None and not _is_date(article.published):
            raise GoldError(
                f"{path}: {article.published!r} is no date such as 2026-11-07 or 2026-11-07T09:40"
                f" - at `$.articles[{number}].published`: correct it"
            )
    return gold


def collapsed(text: str | None) -> str:
    """A text on one line, white space as single spaces."""
    return " ".join((text or "").split())


def _is_date(text: str) -> bool:
    try:
        StatedDate.from_iso(text)
    except (ValueError, IndexError):
        return False
    return True
