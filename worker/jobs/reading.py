"""Reading a dump: decode → segment → clean → describe → fingerprint; touches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import BinaryIO

from worker.intake import decode, describe, fingerprint, segment
from worker.intake.stages import Stages
from worker.model import Article, Fingerprint, Frames, Limits, Page, Site, Split

#: The number of today's way of reading a page that is decoded: raising any of the three raises it.
RECIPE = segment.RECIPE + describe.RECIPE + fingerprint.RECIPE - 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page as the pure stages leave it. `articles` go with the cuts; None where nothing legible was left."""

    page: Page
    latest: date  #: no date on it is later than this and a day
    split: Split
    articles: tuple[tuple[Article, Fingerprint] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How pages are read: all that the pure stages are told besides the bytes."""

    limits: Limits = field(default_factory=Limits)
    sites: tuple[Site, ...] = ()
    frames: Frames = field(default_factory=dict)
    timezone: str = "UTC"  #: IANA name; stands in, later, where a date states no offset

    @property
    def stages(self) -> Stages:
        """How pages that are decoded are read."""
        return Stages(sites=self.sites, frames=self.frames, timezone=self.timezone, pieces=self.limits.pieces)

    def pages(self, dump: BinaryIO | bytes, path: str, *, latest: date) -> Iterator[Reading]:
        """Every page of a dump, each read when it is asked for. `path` is where it lies; no date is later than `latest`
        and a day. Raises OSError where the file does.
        """
        for page in self.decoded(dump):
            yield self.page(page, path, latest=latest)

    def decoded(self, dump: BinaryIO | bytes, after: int = 0) -> Iterator[Page]:
        """The pages of a dump behind the first `after`, decoded only. Raises OSError where the file does."""
        return (page for page in decode.decode(dump, self.limits) if page.number > after)

    def page(self, page: Page, path: str, *, latest: date) -> Reading:
        """A decoded page, read: segment → clean → describe → fingerprint."""
        read = self.stages.read(page, path, latest)
        return Reading(page=page, latest=latest, split=read.split, articles=read.articles)


def day_of(mtime_ns: int) -> date:
    """The day of a modification time; file systems can state years that no calendar here has."""
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9, UTC).date()
    except (ValueError, OverflowError):
        return date(9999, 1, 1)
