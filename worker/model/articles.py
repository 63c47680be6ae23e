"""What a page states: dates as it shows them, and its articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Self

from worker.model.pages import Cut


class Precision(StrEnum):
    """How finely a page states a date."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date as a page shows it: wall-clock time, its precision, and the offset only if it is given."""

    wall: datetime  #: naive
    precision: Precision
    offset: timedelta | None = None  #: from UTC, as stated

    def iso(self) -> str:
        """ISO 8601 as far as the page goes: a day alone stays a day alone."""
        if self.precision is Precision.DAY:
            return self.wall.date().isoformat()
        zone = None if self.offset is None else timezone(self.offset)
        spec = "minutes" if self.precision is Precision.MINUTE else "seconds"
        return self.wall.replace(tzinfo=zone).isoformat(timespec=spec)

    @classmethod
    def from_iso(cls, text: str) -> Self:
        """The inverse of `iso`. Raises ValueError for anything that `iso` does not write."""
        if len(text) == len("2026-01-31"):
            return cls(wall=datetime.fromisoformat(text), precision=Precision.DAY)
        moment = datetime.fromisoformat(text)
        minutes = len(text.removesuffix("Z")[:19]) < 19 or text[16] in "+-Z"
        return cls(
            wall=moment.replace(tzinfo=None),
            precision=Precision.MINUTE if minutes else Precision.SECOND,
            offset=moment.utcoffset(),
        )

    def instant(self, zone: tzinfo) -> datetime:
        """The moment in UTC; `zone` stands in where the page gives no offset, and a day is its midnight."""
        stated = timezone(self.offset) if self.offset is not None else zone
        return self.wall.replace(tzinfo=stated).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The text of one cut, fit for XML and without chrome. Only `clean` makes one."""

    cut: Cut
    text: str  #: paragraphs, a newline between them


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news item cut from a page. Only `describe` makes one, out of a Clean."""

    text: str
    title: str
    title_derived: bool  #: the page gives no title; this one is made from the lead sentence
    published: StatedDate | None
    source: str | None
    language: str | None  #: BCP 47
    link: str | None
    start: int  #: of its text on the page, in characters
    end: int
    evidence: str
    dated: str = ""  #: the evidence for `published`: where it stood, what was assumed; or why there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The identity of a text under a numbered recipe, and by what texts like it are found."""

    recipe: int
    digest: bytes
    sketch: bytes = field(default=b"", compare=False, repr=False)  #: sorted 64-bit hashes, little-endian
