"""Who else tells a story: under which name readers know them, and where theirs can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from worker.model import Also, Digest, Entry
from worker.outlet.wording import line, unfit

_WEB: Final = re.compile(r"https?://.+", re.IGNORECASE)
#: Printable, but in no address (RFC 3987 section 2.2).
_ENCODED: Final = re.compile(r'["<>\\^`{|}]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One who tells a story."""

    name: str
    link: str | None  #: to where it is told, if that can be followed


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDigest(Digest):
    """A digest, and who else tells the stories of its entries."""

    also: Mapping[int, tuple[Also, ...]] = field(default_factory=dict)  #: by the number of the entry that leads


def tellings(others: Iterable[Also]) -> tuple[Telling, ...]:
    """Whom to name, in the order given: nobody twice who would look the same, or be the same with less."""
    found: dict[tuple[str, str | None], Telling] = {}
    for one in others:
        telling = told(one)
        found.setdefault((telling.name.casefold(), telling.link), telling)
    linked = {name for name, link in found if link}
    return tuple(telling for (name, link), telling in found.items() if link or name not in linked)


def names(others: Iterable[Also]) -> tuple[str, ...]:
    """The names alone, each once, for where no link is shown."""
    found: dict[str, str] = {}
    for one in others:
        name = told(one).name
        found.setdefault(name.casefold(), name)
    return tuple(found.values())


def told(one: Also | Entry) -> Telling:
    """The named source; else the site that the link leads to; else the title."""
    link = address(one.link)
    site = (urlsplit(link).hostname or "").removeprefix("www.") if link else ""
    names = (line(text) for text in (one.source or "", site, one.title, one.key))
    return Telling(name=next(name for name in names if name), link=link)


def address(link: str | None) -> str | None:
    """A link that readers may be given: of the web, of one piece, without a password and what no address may hold."""
    if link is None or not _WEB.fullmatch(link) or unfit(link):
        return None
    encoded = _ENCODED.sub(lambda found: quote(found[0]), link)
    try:
        parts = urlsplit(encoded)
        if not parts.hostname:
            return None
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else encoded
    except ValueError:  # as of half an IPv6 address
        return None
