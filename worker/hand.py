"""A hand: a process that reads pages beside the main one. Pages come in through a socket, and what the pure stages
make of them goes back, in the same order.

It loads nothing but those stages, holds no file, and ends with the socket, in whatever way the main process does.
Two threads move bytes, so that neither side ever waits for the other with a full socket before it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread

import msgspec

from worker.intake.stages import Read, Stages
from worker.model import Page

#: A page, where its dump lies, and the day that no date on it may be later than (by more than a day).
Place = tuple[Page, str, date]
#: The first answer: it has loaded, and takes pages from here on.
READY = b""
#: Seconds until a thread that moves bytes gets its turn beside one that reads; Python's own 5 ms, at each piece of a
#: message, kept the main process waiting for as long as sixteen pages take.
_TURN = 0.0005

_encode = msgspec.msgpack.Encoder().encode
_asked = msgspec.msgpack.Decoder(Stages | list[Place])
_answered = msgspec.msgpack.Decoder(list[Read] | None)


def told(stages: Stages) -> bytes:
    """The message that says how the pages behind it are read. Raises ValueError where it has what is no text."""
    return _encode(stages)


def asked(places: Sequence[Place]) -> bytes:
    """The message that asks to read these pages. Raises ValueError where damaged text cannot be sent."""
    return _encode(places)


def answered(message: bytes) -> list[Read] | None:
    """What the pages of a message were read as; None where the main process must read them itself."""
    found: list[Read] | None = _answered.decode(message)
    return found


def main(descriptor: int) -> None:
    """Read pages until the socket ends; signals are for the main process, and reach all of a group."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.setswitchinterval(_TURN)
    socket = Connection(descriptor)
    incoming, outgoing = SimpleQueue[bytes](), SimpleQueue[bytes]()
    Thread(target=_take_in, args=(socket, incoming), daemon=True).start()
    Thread(target=_give_out, args=(socket, outgoing), daemon=True).start()
    outgoing.put(READY)
    stages = Stages()
    while True:
        message = _asked.decode(incoming.get())
        if isinstance(message, Stages):
            stages = message
        else:
            outgoing.put(_answer(stages, message))


def _answer(stages: Stages, places: list[Place]) -> bytes:
    try:
        return _encode([stages.read(*place) for place in places])
    except Exception:  # the main process meets the same, and there it has a job to fail
        return _encode(None)


def _take_in(socket: Connection, incoming: SimpleQueue[bytes]) -> None:
    try:
        while True:
            incoming.put(socket.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)  # in the middle of a page as well: nobody waits for it


def _give_out(socket: Connection, outgoing: SimpleQueue[bytes]) -> None:
    try:
        while True:
            socket.send_bytes(outgoing.get())
    except OSError:
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
