"""The language of a text, told by its letters and its smallest words."""

from __future__ import annotations

import re

_LETTERS = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_SMALL = {
    "en": "the of and to in that is for on with was as at by from has",
    "de": "der die das und ist nicht mit ein eine von zu den auf für im",
    "fr": "le la les des et est une dans que pour qui sur pas du au",
    "es": "el la los las que una por con para del se su es en al",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}


def language_of(text: str) -> str | None:
    """The BCP 47 tag of the language a text is written in; None where it cannot be told."""
    sample = text[:1500]
    letters = len(_LETTERS.findall(sample))
    if letters < 20:
        return None
    cyrillic = len(_CYRILLIC.findall(sample))
    if cyrillic * 2 > letters:
        return "kk" if len(_KAZAKH.findall(sample)) * 50 > cyrillic else "ru"
    words = re.findall(r"[^\W\d_]+", sample.lower())
    counts = {language: sum(word in small for word in words) for language, small in _SMALL_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] * 12 >= len(words) else None
