"""Who may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class KeyKind(StrEnum):
    """What a key is good for."""

    READER = "reader"  #: feeds and pages
    OPERATOR = "operator"  #: these, and what only operators see


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as the store knows it: nobody can read with that."""

    number: int
    name: str
    kind: KeyKind
    digest: bytes  #: SHA-256 of the key
    created: datetime
    revoked: datetime | None = None
