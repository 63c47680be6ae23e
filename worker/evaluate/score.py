"""Figures of pages against their gold.

An article is a *hit* where its text holds the first and the last words of a gold article and the first words of no
other; what is left on either side is a miss or one too many. Everything else is asked of hits only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from worker.evaluate.gold import Gold, GoldArticle, collapsed
from worker.model import Article

#: A chrome line of so many characters is looked for anywhere in a text; a shorter one only as a whole line.
_LONG = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted on some pages; counts of several pages add up."""

    hit: int = 0
    miss: int = 0
    extra: int = 0
    exact: int = 0  #: hits that begin and end on just those words
    title: int = 0  #: of `titles`
    titles: int = 0  #: hits to which the page gives a title
    date: int = 0  #: hits whose date is right, none included
    source: int = 0  #: of `sources`
    sources: int = 0  #: hits to which the page gives a source
    chrome: int = 0  #: of `chrome_lines`
    chrome_lines: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares from 0 to 1; of nothing, all is right. Of `chrome`, less is better."""

    precision: float
    recall: float
    f1: float
    exact: float
    title: float
    date: float
    source: float
    chrome: float

    @classmethod
    def of(cls, counts: Counts) -> Figures:
        """The figures of what was counted."""
        hit = counts.hit
        return cls(
            precision=_share(hit, hit + counts.extra),
            recall=_share(hit, hit + counts.miss),
            f1=_share(2 * hit, 2 * hit + counts.miss + counts.extra),
            exact=_share(counts.exact, hit),
            title=_share(counts.title, counts.titles),
            date=_share(counts.date, hit),
            source=_share(counts.source, counts.sources),
            chrome=counts.chrome / counts.chrome_lines if counts.chrome_lines else 0.0,
        )


def score(gold: Gold, found: Sequence[Article]) -> tuple[Counts, list[str]]:
    """Count one page, and tell of everything that is not as its gold has it."""
    texts = [collapsed(article.text) for article in found]
    real = [article for article in gold.articles if not article.teaser and article.first_words]
    free, counts, notes = list(range(len(found))), Counts(), list[str]()
    for wanted in (article for article in real if not article.optional):
        hit = next((at for at in free if _is(wanted, texts[at], real)), None)
        if hit is None:
            counts += Counts(miss=1)
            notes.append(f"miss: {wanted.name}")
            continue
        free.remove(hit)
        counts += _compare(wanted, found[hit], texts[hit], notes)
    extra = [at for at in free if not any(one.optional and _holds(texts[at], one) for one in real)]
    notes += [f"extra: {texts[at][:80]!r}" for at in extra]
    return counts + Counts(extra=len(extra)) + _chrome(gold, found, texts, notes), notes


def _is(wanted: GoldArticle, text: str, real: Sequence[GoldArticle]) -> bool:
    """Whether a text is this article and none of the others with it."""
    firsts = wanted.firsts()
    others = [
        words for one in real if one is not wanted and not one.optional for words in one.firsts() if words not in firsts
    ]
    return _holds(text, wanted) and not any(words in text for words in others)


def _holds(text: str, article: GoldArticle) -> bool:
    return any(words in text for words in article.firsts()) and any(words in text for words in article.lasts())


def _compare(wanted: GoldArticle, found: Article, text: str, notes: list[str]) -> Counts:
    """A hit, and what of it is right; what is not goes to the notes."""
    stated = found.published.iso() if found.published else None
    exact = text.startswith(tuple(wanted.firsts())) and text.endswith(tuple(wanted.lasts()))
    title = any(_bare(one) == _bare(found.title) for one in wanted.titles())
    source = any(_named(one, found.source) for one in wanted.sources())
    date = _same_date(wanted.published, stated)
    if not exact:
        notes.append(f"edges: {text[:60]!r} … {text[-60:]!r}")
    if wanted.titles() and not title:
        notes.append(f"title: {found.title!r} for {wanted.title!r}")
    if not date:
        notes.append(f"date: {stated} for {wanted.published}")
    if wanted.sources() and not source:
        notes.append(f"source: {found.source!r} for {wanted.source!r}")
    return Counts(
        hit=1,
        exact=exact,
        title=title,
        titles=bool(wanted.titles()),
        date=date,
        source=source,
        sources=bool(wanted.sources()),
    )


def _bare(title: str) -> str:
    return collapsed(title).strip('*"“”«» ').casefold()


def _named(wanted: str, found: str | None) -> bool:
    """Whether one name holds the other: "Ministry of Roads" is right for "Press service of the Ministry of Roads"."""
    name, got = collapsed(wanted).casefold(), collapsed(found).casefold()
    return bool(got) and (name in got or got in name)


def _same_date(wanted: str | None, found: str | None) -> bool:
    """Whether a date is right as far as the gold goes. Of a day alone, midnight is the only time."""
    if wanted is None or found is None:
        return wanted == found
    if len(wanted) == len("2026-11-07") < len(found):
        return found[:10] == wanted and found[11:16] in {"00:00", ""}
    return found[: len(wanted)] == wanted


def _chrome(gold: Gold, found: Sequence[Article], texts: Sequence[str], notes: list[str]) -> Counts:
    lines = {collapsed(line) for article in found for line in article.text.splitlines()}
    whole = " \n ".join(texts)
    chrome = map(collapsed, gold.chrome_lines)
    within = [line for line in chrome if line in lines or (len(line) > _LONG and line in whole)]
    notes += [f"chrome: {line[:80]!r}" for line in within]
    return Counts(chrome=len(within), chrome_lines=len(gold.chrome_lines))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
