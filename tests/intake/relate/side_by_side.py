"""Articles, entries and texts to be held against each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from worker.intake.relate.align import Alignment, align
from worker.intake.relate.facts import differences
from worker.intake.relate.wording import Wording
from worker.model import Article, Entry, Near, StatedDate

STORED = datetime(2026, 5, 15, tzinfo=UTC)


def stated(iso: str) -> StatedDate:
    return StatedDate.from_iso(iso)


def article(text: str, **told: Any) -> Article:
    """Without title, date, source and link, unless they are told; `published` as ISO 8601."""
    made: dict[str, Any] = {"text": text, "start": 0, "end": len(text), "evidence": "made here"}
    return Article(**(made | _told(told)))


def entry(text: str, number: int = 7, **told: Any) -> Entry:
    """The same of what is stored."""
    made: dict[str, Any] = {
        "number": number,
        "key": f"k{number}",
        "uri": f"tag:wire.example,2026:k{number}",
        "text": text,
    }
    return Entry(**(made | {"stored": STORED, "updated": STORED} | _told(told)))


def near(one: Entry, shared: int = 5, of: int = 9) -> Near:
    return Near(entry=one, shared=shared, of=of)


def _told(told: dict[str, Any]) -> dict[str, Any]:
    published = told.get("published")
    title = told.get("title")
    return {
        "title": title or "The first words",
        "title_derived": title is None,
        "source": None,
        "language": "en",
        "link": None,
        **{name: value for name, value in told.items() if name not in ("title", "published")},
        "published": stated(published) if published else None,
    }


def aligned(first: str, second: str) -> Alignment:
    return align(Wording.of(first), Wording.of(second))


def differing(first: str, second: str, *known: str, language: str | None = None) -> list[tuple[str, str, str]]:
    """(sort, in the first text, in the second)."""
    found = differences(aligned(first, second), known, language=language)
    return [(one.sort.value, one.first, one.second) for one in found]


def words(start: int, end: int) -> str:
    """Words of letters, no two of them the same: no facts."""
    return " ".join(f"{chr(97 + at // 676)}{chr(97 + at // 26 % 26)}{chr(97 + at % 26)}" for at in range(start, end))
