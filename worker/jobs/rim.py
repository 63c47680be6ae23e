"""Where a job touches the world besides the store and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rim:
    """Waiting, being stopped, being helped, being watched."""

    sleep: Callable[[float], object]  #: seconds
    stopping: Callable[[], bool] = lambda: False  #: end after the portion in hand
    readers: int = 0  #: processes that read pages beside this one, at the most
    progress: Callable[[int, int], object] = lambda _done, _total: None  #: dumps
