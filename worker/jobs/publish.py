"""publish(): entries → feed file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from worker.outlet import publish as feeds
from worker.store import entries


def publish(db: Database, public: Path, head: feeds.FeedHead, size: int, *, now: datetime) -> bool:
    """Write the feed of the `size` newest entries; False where it says nothing new. Raises PublishError."""
    return feeds.publish(public, head, entries.newest(db, size), now=now)
