"""Keys of readers and operators. A key itself is never here, only its digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from worker.model.keys import Key, KeyKind
from worker.store.database import put, take

_SELECT = "select id, name, kind, digest, created, revoked from keys "


def digest_of(secret: bytes) -> bytes:
    """What is kept of a key. It has 256 bits by chance, so a plain hash tells nothing of it."""
    return sha256(secret).digest()


def add(db: Database, name: str, kind: KeyKind, digest: bytes, *, now: datetime) -> int | None:
    """Keep a key; its number, or None where a key that counts has that name."""
    if any(key.name == name and key.revoked is None for key in every(db)):
        return None
    return db.conn.execute(
        "insert into keys (name, kind, digest, created) values (?, ?, ?, ?)", (name, kind.value, digest, put(now))
    ).lastrowid


def every(db: Database) -> Iterator[Key]:
    """All keys, also those that were revoked, in the order in which they were made."""
    return map(_key, db.conn.execute(_SELECT + "order by id").fetchall())


def revoke(db: Database, name: str, *, now: datetime) -> Key | None:
    """Let a key count no more, by its name or number; None where none counts that is called so."""
    found = next((key for key in every(db) if key.revoked is None and name in (key.name, str(key.number))), None)
    if found is not None:
        db.conn.execute("update keys set revoked = ? where id = ?", (put(now), found.number))
    return found


def forget(db: Database) -> int:
    """Drop all keys, so that everybody may read; how many there were."""
    return db.conn.execute("delete from keys").rowcount


def _key(row: Sequence[Any]) -> Key:
    number, name, kind, digest, created, revoked = row
    return Key(
        number=number,
        name=name,
        kind=KeyKind(kind),
        digest=digest,
        created=take(created),
        revoked=None if revoked is None else take(revoked),
    )
