"""Whether two texts tell the same, and as what. The thresholds were set on generated pairs with up to a tenth of the
words edited, and on the hand-written ones of `tests/stories/pairs`.

It is what differs that decides, not the share of equal words: bulletins that report other days, places, people or
numbers in the same words are different news.
"""

from __future__ import annotations

from worker.intake.relate import facts
from worker.intake.relate.alike import Alike
from worker.intake.relate.facts import Difference, Sort
from worker.intake.relate.stated import Agreement, agreement
from worker.intake.shapes.dateline import dateline_of
from worker.intake.shapes.prose import ended
from worker.model import Article, Entry, Outcome, Relation

RECIPE = 1  #: the number of this way of relating; raised whenever an article could become something else

#: The share of the shorter text that is told alike. Of 2,341 generated reprints and excerpts the least is .967, of
#: boilerplate shared by unrelated news the most is .3. What lies between shares a passage: it is the same news if that
#: is where one of the two begins, since news texts tell first what is new, and background last.
_NEARLY_ALL, _A_PASSAGE = 0.85, 0.45
_OPENING_WORDS, _OPENING_SHARE = 20, 0.5
_WORD_BY_WORD = 0.6  # of what is told alike, so much is the same words; of what belongs together it is .81 and more
_ALL = 0.97  # of all words are the same: the same article, read from another page
_LONGER = 1.15  # times the entry's words: less is another way to trim it
_SHORTENED = 0.85  # of the entry's length: less is no new text but a part of it
#: Days that may lie between a telling and its reprint; bulletins come again after a year in the same words.
_REPRINTED = 30
#: One corrected fact among so many others, told within so many days, is a correction.
_OTHER_FACTS, _CORRECTED_WITHIN = 8, 3
#: The part of a revised text's names that may be others: a corrected name, but not a bulletin for another place.
_NAMES_REVISED, _FACTS_REVISED = 0.25, 0.5
_CAPTION_WORDS = 20


def judge(article: Article, entry: Entry, sides: Alike, *, beside: bool = False) -> Relation | None:
    """What the article is to an entry with a text like its own; None where it tells something else. `beside`: both
    stand on one page, so that they are no versions of one article.
    """
    skips = _dateline_words(article.text), _dateline_words(entry.own or entry.text)
    if not _one_news(sides, skips):
        return None
    stated = agreement(article, entry)
    whose = filter(None, (article.source, entry.source))
    # Of one source, another place in the dateline is another place.
    skipped = (0, 0) if stated.source else skips
    differing = facts.differences(sides.sides, whose, language=article.language, skips=skipped)
    if beside:
        return _reprinted(entry, sides, differing) if _retold(sides, differing, stated) else None
    if stated.identified and _may_be_revised(sides, differing, stated):
        return _same_article(article, entry, sides, differing, stated)
    if stated.source and not stated.denied and not differing and sides.contained >= _ALL:
        return _of_one_source(entry, sides)
    return _reprinted(entry, sides, differing) if _retold(sides, differing, stated) else None


def _reprinted(entry: Entry, sides: Alike, differing: list[Difference]) -> Relation:
    corrected = f"; one fact is another: {_told(differing)}" if differing else ""
    return Relation(
        outcome=Outcome.REPRINT,
        entry=None,
        to=entry.number,
        evidence=f"tells the same as {entry.key}: {sides.sides.covered:.0%} of the shorter text{corrected}",
        likeness=sides.kept([(one.first, one.second) for one in differing]),
    )


def _dateline_words(text: str) -> int:
    dateline = dateline_of(text)
    return len(dateline.words.split()) if dateline else 0


def _one_news(sides: Alike, skips: tuple[int, int]) -> bool:
    """Whether enough is told alike, and in the right place; `skips`: words of datelines."""
    covered = sides.sides.covered
    if sides.contained < _WORD_BY_WORD * covered:
        return False
    if covered >= _NEARLY_ALL:
        return True
    return covered >= _A_PASSAGE and any(
        sides.opening(side, _OPENING_WORDS, skip) >= _OPENING_SHARE for side, skip in enumerate(skips)
    )


def _may_be_revised(sides: Alike, differing: list[Difference], stated: Agreement) -> bool:
    """Whether what differs may be a correction of the same article, though its numbers are others."""
    count = {sort: sum(one.sort is sort for one in differing) for sort in Sort}
    if not differing:
        return True
    if count[Sort.NAME] > 1 and count[Sort.NUMBER]:
        return False  # another person or place, and what belongs to it
    told = facts.shared(sides.sides)
    if stated.day is None and not stated.link:
        return False
    if stated.minute or stated.link:
        return count[Sort.NAME] <= _NAMES_REVISED * (told[Sort.NAME] + count[Sort.NAME]) and len(
            differing
        ) <= _FACTS_REVISED * (sum(told.values()) + len(differing))
    return not any(count[sort] for sort in Sort if sort is not Sort.NUMBER) and len(differing) <= _NAMES_REVISED * sum(
        told.values()
    )


def _same_article(
    article: Article, entry: Entry, sides: Alike, differing: list[Difference], stated: Agreement
) -> Relation:
    """A revision where the text has really changed; else the same article again."""
    said = (("address", stated.link), ("source", stated.source), ("time", stated.day), ("title", stated.title))
    by = ", ".join(name for name, agrees in said if agrees)
    held = entry.own or entry.text
    length = len(sides.sides.first) / max(1, len(sides.sides.second))
    if length < _SHORTENED and not differing and sides.sides.covered >= _ALL:
        return _as_duplicate(entry, f"the same {by}, shortened")
    if _without_captions(article.text) == _without_captions(held):
        return _as_duplicate(entry, f"the same {by}; only captions differ")
    what = f": {_told(differing)}" if differing else ""
    return Relation(
        outcome=Outcome.REVISION,
        entry=entry.number,
        evidence=f"the same {by}; {_words(sides)}{what}",
        likeness=sides.kept([(one.first, one.second) for one in differing]),
    )


def _of_one_source(entry: Entry, sides: Alike) -> Relation:
    """The same source tells the same, and nothing it states says that these are two articles: a sighting of one, be it
    shortened or trimmed otherwise; only a good deal more is worth a new text.
    """
    evidence = f"the same source; {_words(sides)}, and no fact differs"
    if len(sides.sides.first) <= _LONGER * len(sides.sides.second):
        return _as_duplicate(entry, evidence)
    return Relation(outcome=Outcome.REVISION, entry=entry.number, evidence=evidence, likeness=sides.kept(()))


def _retold(sides: Alike, differing: list[Difference], stated: Agreement) -> bool:
    """Whether this is another telling: no fact is another, or one was corrected; and not a year has gone by."""
    if stated.apart is not None and stated.apart > _REPRINTED:
        return False
    if not differing:
        return True
    return (
        len(differing) == 1
        and differing[0].sort not in {Sort.DAY, Sort.WEEKDAY}
        and stated.apart is not None
        and stated.apart <= _CORRECTED_WITHIN
        and sum(facts.shared(sides.sides).values()) >= _OTHER_FACTS
    )


def _as_duplicate(entry: Entry, evidence: str) -> Relation:
    return Relation(outcome=Outcome.DUPLICATE, entry=entry.number, evidence=evidence)


def _without_captions(text: str) -> list[str]:
    """A text's words without lines that are but captions, credits or counters."""
    return [word for line in text.split("\n") if not _caption(line) for word in line.split()]


def _caption(line: str) -> bool:
    """A short line that is no sentence, of words alone or of numbers alone: a row of a table has both."""
    digits, letters = any(map(str.isdigit, line)), sum(map(str.isalpha, line))
    return not ended(line) and len(line.split()) <= _CAPTION_WORDS and (not digits or letters == 0)


def _words(sides: Alike) -> str:
    return f"{sides.sides.equal} of {max(len(sides.sides.first), len(sides.sides.second))} words are the same"


def _told(differing: list[Difference]) -> str:
    return ", ".join(f"{one.second} → {one.first}" for one in differing[:4])
