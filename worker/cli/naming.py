"""What people call entries on the command line."""

from __future__ import annotations

from sqlite_utils import Database

from worker.errors import SeedwireError
from worker.model import Entry
from worker.store import entries


def entry_named(db: Database, id_: str) -> Entry:
    """The entry with that key, atom:id or number. Raises SeedwireError where there is none."""
    entry = entries.get(db, id_)
    if entry is None:
        raise SeedwireError(f"no entry {id_}: take an ID from `seedwire ledger` or `seedwire search`")
    return entry
