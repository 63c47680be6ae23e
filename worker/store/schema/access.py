"""Who may read."""

from __future__ import annotations

from sqlite_utils import Database

from worker.store.schema.steps import migrations, run


@migrations()
def keys(db: Database) -> None:
    """Keys of readers and operators, as digests: nobody who reads the store can use them. A revoked one stays, so
    that a site whose last key is taken away does not open to everybody.
    """
    run(
        db,
        """create table keys (
            id integer primary key autoincrement, name text not null, kind text not null,
            digest blob not null unique, created text not null, revoked text) strict""",
    )
