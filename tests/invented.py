"""Invented news and an invented reader, the same for all tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from worker.model import Frequency, Subscription

_WORDS = (
    *("stone", "river", "ferry", "goat", "lamp", "bridge", "apple", "clock", "winter", "garden"),
    *("letter", "tower", "music", "valley", "window", "harbour", "candle", "orchard", "meadow", "whistle"),
)


def body(number: int) -> str:
    """The text of a news item: no two numbers give the same."""

    def sentence(part: int) -> str:
        words = (_WORDS[(number * 7 + part * 3 + place * (part + 1)) % len(_WORDS)] for place in range(14))
        return " ".join(words).capitalize() + f" number {number} part {part}."

    return f"{sentence(0)}\n\n{sentence(1)} {sentence(2)}\n"


def reader(email: str, created: datetime, **changed: Any) -> Subscription:
    """Daily at 07:30 in Almaty, nothing told yet, unless said otherwise."""
    values: dict[str, Any] = {
        "number": 0,
        "email": email,
        "frequency": Frequency.DAILY,
        "at": "07:30",
        "weekday": 0,
        "timezone": "Asia/Almaty",
        "language": "en",
        "plain": False,
        "cursor": 0,
        "served": None,
        "created": created,
    }
    return Subscription(**(values | changed))
