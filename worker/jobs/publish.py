"""publish(): entries → feed file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from worker.outlet import publish as feeds
from worker.store import entries, stories


def publish(db: Database, public: Path, head: feeds.FeedHead, size: int, *, now: datetime) -> bool:
    """Write the feed of the `size` newest entries; False where it says nothing new. Raises PublishError."""
    newest = entries.newest(db, size)
    also = stories.also(db, [entry.number for entry in newest])
    return feeds.publish(public, head, newest, also, now=now)
