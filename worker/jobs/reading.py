"""Reading a dump: decode → segment → clean → describe → fingerprint; touches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import BinaryIO

from worker.intake import clean, decode, describe, fingerprint, segment
from worker.model import Article, Fingerprint, Frame, Limits, Page, Site, Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page as the pure stages leave it. `articles` go with the cuts; None where nothing legible was left."""

    page: Page
    split: Split
    articles: tuple[tuple[Article, Fingerprint] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How pages are read: all that the pure stages are told besides the bytes."""

    limits: Limits = field(default_factory=Limits)
    sites: tuple[Site, ...] = ()
    frame: Frame = field(default_factory=lambda: MappingProxyType({}))

    def pages(self, dump: BinaryIO | bytes, path: str, *, latest: date, after: int = 0) -> Iterator[Reading]:
        """Every page of a dump behind the first `after`, read as it is asked for.

        `path` is where the dump lies; no date is later than `latest` and a day. Raises OSError where the file does.
        """
        for page in decode.decode(dump, self.limits):
            if page.number > after:
                yield self.page(page, path, latest=latest)

    def page(self, page: Page, path: str, *, latest: date) -> Reading:  # noqa: ARG002 - sites will be told by it
        """A decoded page, read: segment → clean → describe → fingerprint."""
        split = segment.segment(page)
        articles: list[tuple[Article, Fingerprint] | None] = []
        for cut in split.cuts:
            text = clean.clean(page, cut)
            if text is None:
                articles.append(None)
            else:
                articles.append((describe.describe(page, text, latest=latest), fingerprint.fingerprint(text)))
        return Reading(page=page, split=split, articles=tuple(articles))


def day_of(mtime_ns: int) -> date:
    """The day of a modification time; file systems can state years that no calendar here has."""
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9, UTC).date()
    except (ValueError, OverflowError):
        return date(9999, 1, 1)
