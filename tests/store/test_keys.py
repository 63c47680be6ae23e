"""Keys as the store knows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from archives import opened
from sqlite_utils import Database

from worker.model.keys import KeyKind
from worker.store import keys
from worker.store.database import transaction

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "seedwire.db") as one:
        yield one


def add(db: Database, name: str, kind: KeyKind = KeyKind.READER) -> int | None:
    with transaction(db):
        return keys.add(db, name, kind, keys.digest_of(f"{name} {len(list(keys.every(db)))}".encode()), now=NOW)


def test_keys_in_the_order_in_which_they_were_made(db: Database) -> None:
    assert (add(db, "ana"), add(db, "Бек", KeyKind.OPERATOR)) == (1, 2)
    ana, bek = keys.every(db)
    assert (ana.name, ana.kind, ana.created, ana.revoked) == ("ana", KeyKind.READER, NOW, None)
    assert (bek.name, bek.kind, bek.digest) == ("Бек", KeyKind.OPERATOR, keys.digest_of("Бек 1".encode()))


def test_a_key_itself_is_not_kept(db: Database, tmp_path: Path) -> None:
    with transaction(db):
        keys.add(db, "ana", KeyKind.READER, keys.digest_of(b"open sesame"), now=NOW)
    assert all(b"open sesame" not in path.read_bytes() for path in tmp_path.iterdir())


def test_one_key_a_name_until_it_is_revoked(db: Database) -> None:
    assert add(db, "ana") == 1
    assert add(db, "ana") is None
    with transaction(db):
        found = keys.revoke(db, "ana", now=LATER)
        assert found is not None
        assert found.number == 1
        assert keys.revoke(db, "ana", now=LATER) is None
    assert add(db, "ana") == 2
    assert [key.revoked for key in keys.every(db)] == [LATER, None]


@pytest.mark.parametrize(("name", "number"), [("2", 2), ("bek", 2), ("3", None), ("", None), ("an", None)])
def test_revoking_by_name_or_number(db: Database, name: str, number: int | None) -> None:
    add(db, "ana")
    add(db, "bek")
    with transaction(db):
        found = keys.revoke(db, name, now=LATER)
    assert (found and found.number) == number
    assert [key.number for key in keys.every(db) if key.revoked] == ([number] if number else [])


def test_forgetting_all(db: Database) -> None:
    add(db, "ana")
    add(db, "bek")
    with transaction(db):
        assert keys.forget(db) == 2
        assert keys.forget(db) == 0
    assert list(keys.every(db)) == []
    assert add(db, "ana") == 3  # a number is never given twice
