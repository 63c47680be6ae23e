"""The language of a text, told by its letters and its smallest words."""

from __future__ import annotations

import re
from collections import Counter

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_SMALL = {
    "en": "the of and to in that is for on with was as at by from has",
    "de": "der die das und ist nicht mit ein eine von zu den auf für im",
    "fr": "le la les des et est une dans que pour qui sur pas du au",
    "es": "el la los las que una por con para del se su es en al",
}
_LANGUAGES = {
    word: [language for language, words in _SMALL.items() if word in words.split()]
    for words in _SMALL.values()
    for word in words.split()
}
#: Characters to look at: a hundred words or more, of which one in four is small in any of these languages.
_SAMPLE = 800


def language_of(text: str) -> str | None:
    """The BCP 47 tag of the language a text is written in; None where it cannot be told."""
    sample = text[:_SAMPLE]
    if not sample.isascii() and (cyrillic := len(_CYRILLIC.findall(sample))) * 2 > sum(map(str.isalpha, sample)):
        return "kk" if len(_KAZAKH.findall(sample)) * 50 > cyrillic else "ru"
    words = sample.lower().split()
    counts = Counter(language for word in words for language in _LANGUAGES.get(word, ()))
    best = max(_SMALL, key=lambda language: counts[language])
    return best if len(words) >= 4 and counts[best] * 12 >= len(words) else None
