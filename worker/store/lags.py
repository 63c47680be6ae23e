"""Lags: a stand-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database


def note(db: Database, numbers: Sequence[int], now: datetime) -> None:
    """Nothing yet."""
