"""What pages are found by."""

from __future__ import annotations

from sqlite_utils import Database

from worker.store.schema.steps import migrations, run


@migrations()
def moments(db: Database) -> None:
    """Which entry was the last before a day or a month began. What a replay found came in at no moment of its own."""
    run(db, "create index entries_stored on entries (stored) where place is null")
