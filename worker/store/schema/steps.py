"""How migrations are declared."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("seedwire")


def run(db: Database, *statements: str) -> None:
    """Carry out statements, one after another."""
    for statement in statements:
        db.conn.execute(statement)
