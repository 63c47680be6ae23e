"""relate: what an article is to the entries found. Pure: the store finds them, this decides, and says why.

duplicate  the same article again
revision   the same source, time and title (or address and title), another text
reprint    another telling of the same news: another outlet's copy, a shortened one, one within a longer text
stored     none of these: news
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.intake.relate.alike import Alike, alike
from worker.intake.relate.judge import RECIPE, judge
from worker.intake.relate.stated import agreement, other_outlet
from worker.intake.relate.wording import Wording
from worker.model import Article, Entry, Near, Outcome, Relation

__all__ = ["ILLEGIBLE", "NEWS", "RECIPE", "fuller", "lends", "other_outlet", "relate"]

#: What becomes of a cut of which nothing is left.
ILLEGIBLE = Relation(outcome=Outcome.REJECTED, entry=None, evidence="nothing legible is left of it")

#: What becomes of one that nothing is like.
NEWS = Relation(outcome=Outcome.STORED, entry=None, evidence="news: none is like it")

_SAME_TEXT = "the same text, but for case, quotes, punctuation and white space"
_MOST_VERIFIED = 8  # candidates whose texts are compared; of all pairs seen the right one was among the first three
#: A telling is fuller than another whose news it has where it is so much longer, and has so much of the other: a
#: dateline or a closing line more is no reason to light an entry up again.
_LONGER, _WHOLE = 1.15, 0.8
_OPENING = (
    300  # characters, a dateline and a sentence: a round-up that tells it further down is no fuller telling of it
)


def relate(article: Article, named: Sequence[Entry], near: Sequence[Near] = ()) -> Relation:
    """What the article is. `named`: the entries with its fingerprint (and all others of their story, where outlets
    differ); `near`: those whose sketches are like its own.
    """
    if named:
        return _again(article, named)
    if not near:
        return NEWS
    mine = Wording.of(article.text)
    found: Relation | None = None
    ranked = sorted((_rank(article, one), one) for one in near)[:_MOST_VERIFIED]
    for (unidentified, *_), one in ranked:
        if found and unidentified:
            break
        sides = alike(mine, one)
        relation = judge(article, one.entry, sides, beside=one.beside)
        if relation and relation.outcome is not Outcome.REPRINT:
            return _filled(article, one.entry, relation)
        found = found or relation
    evidence = f"news: of {len(ranked)} that are like it none tells the same"
    return found or Relation(outcome=Outcome.STORED, entry=None, evidence=evidence)


def lends(relation: Relation) -> bool:
    """Whether a reprint is a fuller telling than the entry that it was found to tell the same as."""
    like = relation.likeness
    if like is None or not like.passages or like.mine <= _LONGER * like.other or like.score < _WHOLE:
        return False
    return like.passages[0].start <= _OPENING and like.passages[0].other_start <= _OPENING


def fuller(text: str, other: str) -> bool:
    """Whether a text has what another has, and a good deal more."""
    mine, theirs = Wording.of(text), Wording.of(other)
    if len(mine) <= _LONGER * len(theirs):
        return False
    sides = Alike.of(mine, theirs).sides
    if sides.alike[1] < _WHOLE * len(theirs):
        return False
    return mine.ends()[sides.runs[0].first] <= _OPENING and theirs.ends()[sides.runs[0].second] <= _OPENING


def _again(article: Article, named: Sequence[Entry]) -> Relation:
    """The same text: a duplicate, unless another outlet has it; each outlet's copy is an entry of the story."""
    own = min(named, key=lambda entry: entry.number)
    if other_outlet(article, own):
        outlets = [entry for entry in named if not other_outlet(article, entry)]
        if not outlets:
            evidence = f"{_SAME_TEXT}, of another outlet"
            return Relation(outcome=Outcome.REPRINT, entry=None, to=own.number, evidence=evidence)
        own = min(outlets, key=lambda entry: entry.number)
    return _filled(article, own, Relation(outcome=Outcome.DUPLICATE, entry=own.number, evidence=_SAME_TEXT))


def _rank(article: Article, one: Near) -> tuple[bool, float, int, int]:
    """Those first that may be this very article, then by how much they share that few others have, then the oldest."""
    return not agreement(article, one.entry).identified, -one.rare / max(1, one.of), -one.shared, one.entry.number


def _filled(article: Article, entry: Entry, relation: Relation) -> Relation:
    """With what this sighting states and the entry has lacked so far; what is there never changes."""
    fills = []
    if entry.title_derived and not article.title_derived:
        fills.append("title")
    fills += [
        name
        for name in ("published", "source", "link")
        if getattr(entry, name) is None and getattr(article, name) is not None
    ]
    return replace(relation, fills=tuple(fills)) if fills else relation
