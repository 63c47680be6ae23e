"""What an operator follows."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A saved search with a name."""

    name: str
    slug: str  #: its name in addresses; no two topics have the same
    query: str  #: of FTS5, over title, text and source of entries


def slug_of(name: str) -> str:
    """ "Roads & Ferries" → "roads-ferries": letters and digits of any script in lower case, a hyphen for the rest.

    Empty where there is neither letter nor digit.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())
    # Vowel signs of many scripts are marks (M), and as much of a word as its letters are.
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    return "-".join("".join(kept).split())
