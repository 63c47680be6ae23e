"""Pages to cut, and how they come out: the pure stages joined, the law of pieces, and hand-made gold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from worker.intake import clean, decode, describe, segment
from worker.model import Article, Cut, Kind, Page, Span, Split, Verdict

CASES = Path(__file__).parent / "segment" / "cases"
LATEST = date(2027, 1, 1)  # later than any page here
_TEXT = (Kind.ARTICLE, Kind.CONTINUATION)


def names() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/gold.json"))


def case_page(name: str) -> Page:
    (page,) = decode.decode((CASES / name / "page.txt").read_bytes())
    return page


def page_of(text: str, *, captured: date | None = None, header: int = 0) -> Page:
    return Page(number=1, text=text, charset="utf-8", charset_reason="made here", captured=captured, header=header)


def articles_of(page: Page, *, latest: date = LATEST) -> list[Article]:
    texts = [clean.clean(page, cut) for cut in segment.segment(page).cuts]
    return [describe.describe(page, text, latest=latest) for text in texts if text]


def span_of(text: str, part: str) -> Span:
    at = text.index(part)
    return Span(start=at, end=at + len(part))


def cut_of(
    text: str, *body: str, title: str | None = None, stated: str | None = None, source: str | None = None
) -> Cut:
    """A cut by the words that its spans hold."""
    return Cut(
        body=tuple(span_of(text, part) for part in body),
        title=span_of(text, title) if title else None,
        date=span_of(text, stated) if stated else None,
        source=span_of(text, source) if source else None,
        evidence="made here",
    )


# ── The law of pieces ───────────────────────────────────────────────────────────────────────────────


def lawful(page: Page) -> Split:
    """Cut a page; AssertionError where pieces and cuts are not what ARCHITECTURE.md promises of them."""
    split = segment.segment(page)
    text, pieces = page.text, split.pieces
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces)][: len(pieces)]
    assert all(piece.start < piece.end for piece in pieces) or page.rejected is not None
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert not any(text[piece.start].isspace() for piece in pieces[1:]), "white space goes with the one before"
    assert all(piece.reason for piece in pieces)
    starts = [piece.start for piece in pieces if piece.kind is Kind.ARTICLE]
    assert len(starts) == len(split.cuts), "a cut is a piece of kind article"
    ends = [*starts[1:], len(text)][: len(starts)]
    for cut, start, end in zip(split.cuts, starts, ends, strict=True):
        assert not text[start : cut.body[0].start].strip(), "an article piece begins with its text"
        assert cut.body[-1].end <= end
        _spans_fit(split, text, cut)
    if page.rejected is None:
        assert split.verdict is (Verdict.NO_ARTICLE, Verdict.ARTICLE, Verdict.LISTING)[min(len(starts), 2)]
    return split


def _spans_fit(split: Split, text: str, cut: Cut) -> None:
    at = 0
    for span in cut.body:
        assert at <= span.start < span.end
        at = span.end
    heads = ((cut.title, Kind.TITLE), (cut.date, Kind.DATE), (cut.source, Kind.SOURCE))
    spans = [(span, _TEXT) for span in cut.body] + [(span, (kind,)) for span, kind in heads if span]
    for span, kinds in spans:
        held = text[span.start : span.end]
        assert held
        assert held == held.strip()
        (kind,) = [piece.kind for piece in split.pieces if piece.start <= span.start and span.end <= piece.end]
        assert kind in kinds


# ── Gold ────────────────────────────────────────────────────────────────────────────────────────────


class GoldArticle(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says an article on a page is."""

    title: str | None
    published: str | None
    source: str | None
    first_words: str | None
    last_words: str | None
    teaser: bool
    first_words_alt: str | None = None
    last_words_alt: str | None = None
    title_alternatives: tuple[str, ...] = ()
    source_alt: tuple[str, ...] = ()
    optional: bool = False  #: may as well be the end of the one before it

    @property
    def name(self) -> str:
        return self.title or self.first_words or ""

    def firsts(self) -> tuple[str, ...]:
        return tuple(_flat(words) for words in (self.first_words, self.first_words_alt) if words)

    def lasts(self) -> tuple[str, ...]:
        return tuple(_flat(words) for words in (self.last_words, self.last_words_alt) if words)


class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says a page is."""

    kind: str
    articles: tuple[GoldArticle, ...]
    chrome_lines: tuple[str, ...]


def gold(path: Path) -> Gold:
    return msgspec.json.decode(path.read_bytes(), type=Gold)


def differences(wanted: Gold, found: list[Article]) -> set[str]:
    """Everything that is not as the gold has it, in words."""
    free, told = list(found), set[str]()
    for one in (article for article in wanted.articles if article.firsts() and not article.teaser):
        hit = next((article for article in free if _holds(_flat(article.text), one)), None)
        if hit is not None:
            free.remove(hit)
            told |= {f"{what} of {one.name}" for what in _differing(one, hit)}
        elif not one.optional:
            told.add(f"missing: {one.name}")
    told |= {f"too many: {article.title}" for article in free}
    lines = {_flat(line) for article in found for line in article.text.split("\n")}
    whole = "\n".join(_flat(article.text) for article in found)
    chrome = map(_flat, wanted.chrome_lines)
    return told | {f"chrome: {line}" for line in chrome if line in lines or (len(line) > 25 and line in whole)}


def _holds(text: str, one: GoldArticle) -> bool:
    return any(first in text for first in one.firsts()) and any(last in text for last in one.lasts())


def _differing(one: GoldArticle, hit: Article) -> list[str]:
    text, source = _flat(hit.text), _flat(hit.source).casefold()
    titles = {_bare(title) for title in (one.title, *one.title_alternatives) if title}
    sources = [_flat(name).casefold() for name in (one.source, *one.source_alt) if name]
    rules = {
        "beginning": text.startswith(one.firsts()),
        "end": text.endswith(one.lasts()),
        "title": _bare(hit.title) in titles if titles else hit.title_derived,
        "date": (hit.published and hit.published.iso()) == one.published,
        "source": not sources or any(source and (name in source or source in name) for name in sources),
    }
    return [what for what, holds in rules.items() if not holds]


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


def _bare(title: str) -> str:
    return _flat(title).strip('*"“”«» ').casefold()
