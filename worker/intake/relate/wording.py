"""A text as its words: each as it stands, and as a number that case, quotes and punctuation around it do not change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

_MOST = 1 << 17  # words known at a time; a language's common ones are a tenth of that
_SPELLED = str.maketrans("‘’ʼ`´‑‐ёЁ", "'''''--еЕ")  # before NFKC, which makes others of some


def number_of(plain_word: str) -> int:
    """The number of a plain word, within this process: no number leaves it."""
    return hash(plain_word)


class _Known(dict[str, int]):
    """Numbers of words, by the word as it stands."""

    def __missing__(self, word: str) -> int:
        number = self[word] = number_of(plain(word))
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
        """What stands between white space; a dash of its own is a word, too, and equals every other."""
        if len(_known) > _MOST:
            _known.clear()
        words = text.split()
        return cls(text, words, np.array(list(map(_known.__getitem__, words)), np.int64))

    def __len__(self) -> int:
        return len(self.words)

    def ends(self) -> list[int]:
        """How many characters there are up to the end of each word: a cleaned text has one between words."""
        return [end + before for before, end in enumerate(accumulate(map(len, self.words)))]


@lru_cache(maxsize=_MOST)
def plain(word: str) -> str:
    """A word without what stands around it, in small letters; empty where nothing is left."""
    found = normalize("NFKC", word.translate(_SPELLED)).casefold()
    start, end = 0, len(found)
    while start < end and not found[start].isalnum():
        start += 1
    while end > start and not found[end - 1].isalnum():
        end -= 1
    return found[start:end]
