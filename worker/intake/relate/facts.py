"""What makes a text this news and no other: its numbers, days and names; and which of them differ between two texts.

Where a text has one number and the other another in the same place, they report different things, however many words
they share. What only one of them has is no difference: an excerpt lacks numbers, a longer telling adds some.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from worker.intake.relate.align import Alignment, Gap
from worker.intake.relate.wording import Wording, number_of, plain
from worker.intake.shapes import spelling
from worker.intake.shapes.attribution import VOICES
from worker.intake.shapes.dates.words import MONTH_NUMBER
from worker.intake.shapes.numerals import DAY_NAMES, NUMERALS


class Sort(StrEnum):
    """Of a fact."""

    NUMBER = "number"
    DAY = "day"  #: by its month
    WEEKDAY = "weekday"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of the first text in whose place the second has another."""

    sort: Sort
    first: str
    second: str


#: Of a gap that is longer than this in both texts, so many of its words must recur in the other for it to be the same
#: passage with other facts (a table of rates) and not one passage in the place of another.
_LONG, _SAME_FRAME = 20, 0.4
_SENTENCE_ENDS = ".!?…:"
_AND = frozenset(("and", "und", "y", "et"))
_DASHES = ("-", "–", "—")
_CLOSING = "\"'”’»)"
_STEM = 4  # letters that inflected forms of a name have in common, at least
_ENDING = 3  # letters by which they differ, at most
_LONG_NAME = 6  # letters; in shorter ones a letter makes another name (Mali, Bali)
#: Before a name in a language that writes all nouns with capitals.
_BEFORE_NAMES = frozenset(["in", "nach", "aus", "bei", "von", "um", "bis", "ab", "herr", "herrn", "frau", "dr", "prof"])
#: Forms of months that stand in no date: what happened *in* one.
_WITHIN = """
    январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре
    қаңтарда ақпанда наурызда сәуірде мамырда маусымда шілдеде тамызда қыркүйекте қазанда қарашада желтоқсанда
"""
_MONTHS = {name for name in MONTH_NUMBER if len(name) > 3} | {"may", "mai", "май", "мая", *_WITHIN.split()}


def differences(
    sides: Alignment, known: Iterable[str] = (), *, language: str | None = None, skips: tuple[int, int] = (0, 0)
) -> list[Difference]:
    """The facts that differ, each pair once. `known`: names that may differ: whose report it is. `language`: BCP 47.
    `skips`: how many words of each text say from where and when.
    """
    nouns = language == "de"
    whose = {plain(word) for name in known for word in name.split()}
    found: dict[tuple[str, str], Difference] = {}
    vocabulary: tuple[frozenset[int], ...] = ()
    for gap in (_behind(gap, skips) for gap in sides.gaps):
        if not all(gap.sizes) or _another_passage(sides, gap):
            continue  # most gaps are a word or two of no weight, or stand on one side only
        first, second = _facts(sides.first, gap.first, nouns), _facts(sides.second, gap.second, nouns)
        if first is None or second is None:
            continue
        for sort in (sort for sort in first if sort in second):
            mine, theirs = _only(first[sort], second[sort], sort), _only(second[sort], first[sort], sort)
            if mine and theirs and sort is Sort.NAME:
                if _voiced(sides, gap):
                    continue
                vocabulary = vocabulary or (_vocabulary(sides.first), _vocabulary(sides.second))
                mine = [word for word in mine if word not in whose and not _elsewhere(word, vocabulary[1])]
                theirs = [word for word in theirs if word not in whose and not _elsewhere(word, vocabulary[0])]
            for one, other in zip(mine, theirs, strict=False):
                found.setdefault((one, other), Difference(sort, one, other))
    return list(found.values())


def shared(sides: Alignment) -> Counter[Sort]:
    """How many different facts of each sort the shared passages have."""
    told = set()
    for run in sides.runs:
        facts = _facts(sides.first, (run.first, run.first + run.length))
        told |= {(sort, word) for sort, words in (facts or {}).items() for word in words}
    return Counter(sort for sort, _ in told)


def _behind(gap: Gap, skips: tuple[int, int]) -> Gap:
    """A gap without the words that are skipped at the beginning of either text."""
    (start, end), (other, other_end) = gap
    if start >= skips[0] and other >= skips[1]:
        return gap
    return Gap((min(end, max(start, skips[0])), end), (min(other_end, max(other, skips[1])), other_end))


def _another_passage(sides: Alignment, gap: Gap) -> bool:
    if min(gap.sizes) <= _LONG:
        return False
    first = set(sides.first.numbers[slice(*gap.first)].tolist())
    second = set(sides.second.numbers[slice(*gap.second)].tolist())
    return len(first & second) < _SAME_FRAME * min(len(first), len(second))


def _voiced(sides: Alignment, gap: Gap) -> bool:
    """Whether a word of reporting stands beside: the names are of those who report."""
    words, (start, end) = sides.first.words, gap.first
    return any(plain(word) in VOICES for word in (*words[max(0, start - 2) : start], *words[end : end + 2]))


def _facts(wording: Wording, span: tuple[int, int], nouns: bool = False) -> dict[Sort, list[str]] | None:
    """The facts of a stretch of words by their sort; None where there are none."""
    facts: dict[Sort, list[str]] = {}
    words, number = wording.words, -3  # where the last number stood
    for at in range(*span):
        sort, canonical = _by_itself(words[at])
        if sort is None or (sort is Sort.NAME and not _is_name(words, at, nouns)):
            continue
        told = facts.setdefault(sort, [])
        if sort is Sort.NUMBER:
            in_words = plain(words[at]) in NUMERALS
            beside = at == number + 1 or (in_words and at == number + 2 and plain(words[at - 1]) in _AND)
            if beside and (whole := together(told[-1], canonical, in_words=in_words)):
                told.pop()
                canonical = whole
            number = at
        told.append(canonical)
    return facts or None


def together(one: str, next_one: str, *, in_words: bool) -> str | None:
    """Two numbers side by side as the one that they write; None where they are two: "10 041", "eight thousand",
    "hundred and forty". `in_words`: the second is.
    """
    if not (one.isdecimal() and next_one.isdecimal()):
        return None
    first, second = int(one), int(next_one)
    if not in_words:
        return one + next_one if len(next_one) == 3 and len(one) <= 3 else None
    if second >= 100:
        return str(first * second)
    return str(first + second) if first % 100 == 0 or (first % 10 == 0 and second < 10) else None


@lru_cache(maxsize=1 << 16)
def _by_itself(word: str) -> tuple[Sort | None, str]:
    """What kind of fact a word may be, and in which form it is compared; a name is one only by its place."""
    bare = plain(word)
    if any(map(str.isdigit, bare)):
        return Sort.NUMBER, _number(bare)
    if all(part in NUMERALS for part in bare.split("-")):  # twenty-six
        parts = [NUMERALS[part] for part in bare.split("-")]
        return Sort.NUMBER, (together(*parts, in_words=True) or bare) if len(parts) == 2 else parts[0]
    if bare in DAY_NAMES:
        return Sort.WEEKDAY, bare
    if bare in _MONTHS and (bare != "may" or word.strip("(«“\"'")[:1].isupper()):
        return Sort.DAY, bare
    first = next((char for char in word if char.isalnum()), "")
    if first.isupper() and bare != "i":
        return Sort.NAME, bare.removesuffix("'s").removesuffix("'")
    return None, bare


def _number(bare: str) -> str:
    """In one spelling: 12,500 and 12.500 are 12500, 4,5 is 4.5, 08:00 is 8:00."""
    if bare[:1] == "0" and bare[1:2].isdigit():
        bare = bare[1:]
    pointed = bare.replace("–", "-").replace(",", ".")
    head, _, last = pointed.rpartition(".")
    if head.strip("0") and len(last) == 3:
        return head.replace(".", "") + last
    return pointed


def _is_name(words: list[str], at: int, nouns: bool) -> bool:
    """Whether a word with a capital is a name where it stands; `nouns`: all nouns have capitals."""
    if _begins_sentence(words, at):
        following = words[at + 1] if at + 1 < len(words) else ""
        if not (words[at][-1:].isalnum() and following[:1].isupper()):
            return False
    return not nouns or _proper(words, at)


def _proper(words: list[str], at: int) -> bool:
    """Whether a noun is a name where all nouns have capitals: by the word before it, or that of a pair of them."""
    before = words[at - 1] if at else ""
    return plain(before) in _BEFORE_NAMES or (before[:1].isupper() and not _begins_sentence(words, at - 1))


def _begins_sentence(words: list[str], at: int) -> bool:
    return at == 0 or words[at - 1].rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS or words[at - 1] in _DASHES


def _only(mine: list[str], theirs: list[str], sort: Sort) -> list[str]:
    """Those that the other side has not, in any of its forms; in order, each once."""
    left = [word for word in dict.fromkeys(mine) if word not in theirs]
    if sort is Sort.NUMBER or not left:
        return left
    return [word for word in left if not any(same_name(word, other) for other in theirs)]


def same_name(one: str, other: str) -> bool:
    """Whether these are forms or spellings of one name: Токаев and Токаева, Nazarbaev and Nazarbayev, Qyzyl, Kyzyl."""
    if one == other:
        return True
    one, other = spelling.plain(one), spelling.plain(other)
    pairs = enumerate(zip(one, other, strict=False))
    shorter, longer = sorted((one, other), key=len)
    common = next((at for at, (mine, theirs) in pairs if mine != theirs), len(shorter))
    if common >= max(_STEM, len(longer) - _ENDING):
        return True
    # One letter more, less or another, within a long word.
    rests = one[common + (len(one) >= len(other)) :], other[common + (len(other) >= len(one)) :]
    return common > 0 and len(shorter) >= _LONG_NAME and rests[0] == rests[1]


def _vocabulary(wording: Wording) -> frozenset[int]:
    return frozenset(wording.numbers.tolist())


def _elsewhere(name: str, numbers: frozenset[int]) -> bool:
    """Whether a text has a name in another place: it was moved there, and is no other."""
    return number_of(name) in numbers or number_of(name + "'s") in numbers
