"""Where the credit of an image ends that a crawler ran together with the text below it."""

from __future__ import annotations

import re

from worker.intake.shapes import prose

_CREDIT = re.compile(r"(?:images?|photos?|pictures?|foto|фото|сурет)\s*[|:©]\s*(?=\S)", re.IGNORECASE)
_NAME_WORD = re.compile(r"\S+\s*")
#: Words within a name that are written small, and words that open a sentence but no name.
_JOINING = frozenset({
    "of", "the", "and", "for", "de", "la", "du", "des", "von", "und", "der", "die", "у", "и", "по", "для"
})  # fmt: skip
_OPENERS = frozenset({
    "a", "an", "the", "in", "on", "at", "as", "it", "he", "she", "they", "we", "this", "that", "these", "those",
    "there", "when", "while", "after", "before", "during", "for", "from", "with", "by", "to", "if", "under", "over",
    "more", "most", "some", "many", "several", "all", "both", "each", "every", "no", "one", "two", "three", "four",
    "five", "six", "seven", "eight", "nine", "ten", "according", "в", "на", "по", "из", "к", "с", "за", "от", "у",
    "во", "со", "при", "после", "до", "для", "это", "эти", "этот", "как", "он", "она", "они", "мы", "бұл", "осы"
})  # fmt: skip


def opens(line: str) -> bool:
    """Whether a line begins with the word of a credit."""
    return _CREDIT.match(line) is not None


def end_of(line: str) -> int:
    """Where the credit of an image ends before a text that goes on on the same line; 0 where none does.

    A credit is a name: a run of capitalised words and small joining words. The text begins at the last
    capitalised word of the run, or at the first that opens sentences but no names.
    """
    found = _CREDIT.match(line)
    if not found or len(line) < 100 or not prose.prose(line):
        return 0
    at = found.end()
    starts: list[int] = []
    while word := _NAME_WORD.match(line, at):
        bare = word.group().strip(' ,."“”«»()')
        if bare[:1].islower() and bare not in _JOINING:
            break
        if starts and bare.lower() in _OPENERS and bare[:1].isupper():
            starts.append(at)
            break
        if bare[:1].isupper():
            starts.append(at)
        at = word.end()
    return len(line[: starts[-1]].rstrip()) if len(starts) > 1 else 0
