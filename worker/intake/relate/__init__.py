"""relate: what an article is to the candidates found. Pure: the store finds them, this decides."""

from __future__ import annotations

from collections.abc import Sequence

from worker.model import Article, Entry, Outcome, Relation

#: What becomes of a cut of which nothing is left.
ILLEGIBLE = Relation(outcome=Outcome.REJECTED, entry=None, evidence="nothing legible is left of it")


def relate(article: Article, candidates: Sequence[Entry]) -> Relation:
    """Duplicate of a candidate, or new. `candidates` are the entries with the article's fingerprint."""
    if not candidates:
        return Relation(outcome=Outcome.STORED, entry=None, evidence="no entry has this text")
    entry = min(candidates, key=lambda entry: entry.number)
    return Relation(
        outcome=Outcome.DUPLICATE,
        entry=entry.number,
        evidence="the same text, but for case, quotes, punctuation and white space",
        fills=_fills(article, entry),
    )


def _fills(article: Article, entry: Entry) -> tuple[str, ...]:
    """What this sighting states and the entry has lacked so far; what is there never changes."""
    fills = []
    if entry.title_derived and not article.title_derived:
        fills.append("title")
    fills += [
        name
        for name in ("published", "source", "link")
        if getattr(entry, name) is None and getattr(article, name) is not None
    ]
    return tuple(fills)
