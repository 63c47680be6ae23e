"""Names as they are spelled in Latin and Cyrillic letters, brought to one spelling.

Kazakh and Russian names are written in Latin letters by several systems (BGN/PCGN, ISO 9, the Kazakh alphabets of 2018
and 2021), and Kazakh ones in Russian texts without the letters that Russian lacks.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LATIN = (
    ("kh", "h"),
    ("gh", "g"),
    ("zh", "j"),
    ("ch", "c"),
    ("sh", "c"),
    ("ts", "z"),
    ("ye", "e"),
    ("yo", "o"),
    ("q", "k"),
    ("w", "v"),
    ("x", "ks"),
    ("y", "i"),
    ("ii", "i"),
    ("'", ""),
)
_TABLE = dict(_LATIN)
_SPELLED = re.compile("|".join(re.escape(letters) for letters, _ in _LATIN if letters != "ii"))
_LETTERS = str.maketrans("ёқғүұөәіңһäöüßáéíóúàèìòùâêîôûñç", "екгууоаинхaousaeiouaeiouaeiounc")


@lru_cache(maxsize=1 << 15)
def plain(name: str) -> str:
    """A name in small letters, in one spelling; for comparing, not for showing."""
    return _SPELLED.sub(lambda found: _TABLE[found[0]], name.translate(_LETTERS)).replace("ii", "i")
