"""What an operator may know better of one site's pages; none of it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Lines that recur in the archive on pages of one host, digits folded to 0, and on how many pages each was seen.
Frame = Mapping[str, int]
#: The frames of an archive by the host of the pages; the empty host is that of all pages whose origin is unknown.
Frames = Mapping[str, Frame]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site profile: overrides for the pages it matches."""

    name: str
    match: str  #: glob over the page's address, or over the dump's path where it has none
    drop: tuple[str, ...] = ()  #: globs over whole lines that are chrome
    keep: tuple[str, ...] = ()  #: globs over whole lines that are text, whatever they look like
    date_format: str | None = None  #: of strptime; lines that match it are date lines
    timezone: str | None = None  #: IANA name; of dates that state no offset
