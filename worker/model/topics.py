"""What an operator follows."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit


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


class Named(NamedTuple):
    """Who an entry comes from, as addresses and as readers know them."""

    slug: str
    name: str


#: File systems take 255 bytes for a name; a source that needs more than this was hardly one.
_LONGEST_SLUG = 120


def source_of(source: str | None, link: str | None) -> Named | None:
    """Who tells an entry: the source that its page names, else the host that its link leads to."""
    return _named(" ".join((source or "").split())) or _named(_host(link))


@lru_cache(maxsize=500)  # an archive has few sources, and asks for that of each entry again and again
def _named(name: str) -> Named | None:
    slug = slug_of(name)
    if len(slug.encode()) > _LONGEST_SLUG:
        mark = hashlib.sha256(slug.encode()).hexdigest()[:8]
        slug = f"{slug.encode()[:_LONGEST_SLUG].decode(errors='ignore')}-{mark}"
    return Named(slug, name) if slug else None


def _host(link: str | None) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.") if link else ""
    except ValueError:  # as of half an IPv6 address
        return ""
