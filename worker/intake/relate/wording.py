"""A text as its words: each as it stands, and as a number that case, quotes and punctuation around it do not change."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

_MOST = 1 << 17  # words known at a time; a language's common ones are a tenth of that
_QUOTES = str.maketrans("‘’ʼ`´‑", "'''''-")


class _Known(dict[str, int]):
    """Numbers of words, by the word as it stands."""

    def __missing__(self, word: str) -> int:
        number = self[word] = hash(plain(word))  # of one process: no number leaves it
        return number


_known = _Known()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text, in order."""

    text: str
    words: list[str]
    numbers: Numbers

    @classmethod
    def of(cls, text: str) -> Wording:
        """The words between white space that have a letter or a digit."""
        if len(_known) > _MOST:
            _known.clear()
        words = text.split()
        numbers = [_known[word] for word in words]
        if _NOTHING in numbers:
            words = [word for word, number in zip(words, numbers, strict=True) if number != _NOTHING]
            numbers = [number for number in numbers if number != _NOTHING]
        return cls(text, words, np.array(numbers, np.int64))

    def __len__(self) -> int:
        return len(self.words)

    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands in the text: a cleaned text has one character between words."""
        parts = self.text.split()
        ends = list(accumulate(len(part) + 1 for part in parts))
        return [
            (end - 1 - len(part), end - 1) for part, end in zip(parts, ends, strict=True) if _known[part] != _NOTHING
        ]


def plain(word: str) -> str:
    """A word without what stands around it, in small letters; empty where nothing is left."""
    found = normalize("NFKC", word).translate(_QUOTES).casefold()
    start, end = 0, len(found)
    while start < end and not found[start].isalnum():
        start += 1
    while end > start and not found[end - 1].isalnum():
        end -= 1
    return found[start:end]


_NOTHING = hash("")
