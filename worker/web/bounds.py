"""What a connection waits for, and how long and how much it may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    """What a connection is waiting for."""

    IDLE = 0  #: a request
    HEAD = 1  #: the rest of its head
    BODY = 2  #: the rest of its body
    ANSWER = 3  #: the app
    DONE = 4  #: nothing: the request was answered by its head


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one connection may take, and for how long."""

    head: int = 16 << 10  #: bytes of request line and headers
    url: int = 4 << 10
    headers: int = 100
    body: int = 64 << 10  #: bytes
    waiting: int = 16  #: requests that were sent before the one in hand was answered
    seconds: tuple[int, ...] = (15, 10, 20, 120, 10)  #: in each phase
    drain: int = 20  #: seconds in which a reader that is behind must take …
    taken: int = 8 << 10  #: … so many bytes
    buffer: int = 32 << 10  #: bytes unread by the reader, from which on nothing more is written
    connections: int = 1_000  #: that are open; one more, and the one that has idled longest goes
