"""A gold file made of what was found on a page, to be corrected by hand: it agrees with the page as it is read now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from worker.evaluate.gold import Gold, GoldArticle, collapsed
from worker.model import Article, Kind, Page, Split, Verdict

#: So many words are enough to know an edge by, unless another article has the same.
_WORDS = 8
_KINDS = {Verdict.ARTICLE: "single", Verdict.LISTING: "listing"}


def draft(read: Iterable[tuple[Page, Split, Sequence[Article]]]) -> Gold:
    """The gold of a dump, by the pages that were read of it, each with its split and its articles."""
    articles: list[Article] = []
    captured: date | None = None
    teasers, chrome = dict[str, None](), dict[str, None]()  # in the order of the pages, each line once
    for page, split, found in read:  # once: a dump may have more pages than memory
        articles += found
        captured = captured or page.captured
        teasers.update(dict.fromkeys(_lines(page, split, Kind.TEASER)))
        chrome.update(dict.fromkeys(_lines(page, split, Kind.CHROME)))
    texts = [collapsed(article.text) for article in articles]
    told = [_article(article, text, texts) for article, text in zip(articles, texts, strict=True)]
    lines = {collapsed(line) for article in articles for line in article.text.splitlines()}
    return Gold(
        kind=_KINDS[Verdict.LISTING if len(articles) > 1 else Verdict.ARTICLE] if articles else "no-article",
        crawl_date=captured.isoformat() if captured else None,
        articles=(*told, *(GoldArticle(title=line, teaser=True) for line in teasers)),
        chrome_lines=tuple(line for line in chrome if line not in lines and not any(line in text for text in texts)),
        notes="made by seedwire: correct it by hand",
    )


def _article(article: Article, text: str, texts: Sequence[str]) -> GoldArticle:
    words = text.split(" ")
    return GoldArticle(
        title=None if article.title_derived else article.title,
        published=article.published.iso() if article.published else None,
        source=article.source,
        first_words=_first(words, [other for other in texts if other != text]),
        last_words=" ".join(words[-_WORDS:]),
    )


def _first(words: Sequence[str], others: Sequence[str]) -> str:
    """The first words of a text, as many as it takes that no other text holds them."""
    for count in range(min(_WORDS, len(words)), len(words)):
        first = " ".join(words[:count])
        if not any(first in other for other in others):
            return first
    return " ".join(words)


def _lines(page: Page, split: Split, kind: Kind) -> Iterator[str]:
    """The lines of the pieces of one kind, without what the crawler wrote."""
    for piece in split.pieces:
        if piece.kind is kind and piece.start >= page.header:
            yield from filter(None, map(collapsed, page.text[piece.start : piece.end].splitlines()))
