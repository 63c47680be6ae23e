"""What a search finds, in short."""

from __future__ import annotations

from sqlite_utils import Database

from worker.model import Entry
from worker.store.search import Search, found, marked


def searched(db: Database, words: str, *, topic: str = "") -> list[tuple[Entry, str]]:
    """Stories, best first, each with its snippet."""
    hits = found(db, Search(words=words, topic=topic, best=True), limit=10_000, depth=10_000).hits
    return [(hit.entry, marked(hit.snippet, "[", "]")) for hit in hits]
