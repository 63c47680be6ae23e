"""The pool: processes that read pages while this one stores what was read before. Without them it reads by itself.

No concurrent.futures: its workers outlive a main process that is killed, load all that the main module does and run
a script that has no guard again, and leave a process behind when they end, which an idle daemon would keep.
Pages come back as they were handed over, whoever read them: chunks know their order, and their pages.
"""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from worker import hand
from worker.jobs.reading import Reader, Reading
from worker.model import Look, Page

#: What a page weighs besides its characters.
PAGE = 1 << 9
#: A hand takes 0.15 s of a core to start; so much is read in half a second.
_WORTH = 4 << 20
#: A chunk weighs about so much: 10 ms of reading, while handing it over and taking it back take 0.3 ms.
_CHUNK = 1 << 17
#: While this process reads as well, a hand has one chunk in work and one at its side: the rest is for who comes first.
_FEW = 2 * _CHUNK
#: While this process stores and learns, a hand shall not run dry: as much as is read in that time.
_MANY = 4 << 20
#: Seconds that a hand has for ending, once its socket has.
_PATIENCE = 5.0
_COMMAND = (sys.executable, "-m", hand.__name__)
_ROOT = Path(hand.__file__).parents[1]


def hands_for(ready: Iterable[Look], most: int) -> int:
    """How many processes it is worth starting for these files, at most so many."""
    return most if sum(look.size for look in ready) >= _WORTH else 0


@dataclass(slots=True, kw_only=True)
class Chunk:
    """A few pages that are read in one go."""

    reader: Reader
    places: list[hand.Place] = field(default_factory=list)
    weight: int = 0
    readings: list[Reading] | None = None  #: once they are read

    def read(self) -> None:
        """Read them here."""
        self.readings = [self.reader.page(page, path, latest=latest) for page, path, latest in self.places]

    def answer(self, message: bytes) -> None:
        """They were read elsewhere, or could not be."""
        reads = hand.answered(message)
        if reads is None:
            self.read()
            return
        self.readings = [
            Reading(page=page, latest=latest, split=read.split, articles=read.articles)
            for (page, _, latest), read in zip(self.places, reads, strict=True)
        ]


def chunks(places: Iterable[hand.Place], reader: Reader) -> Iterator[Chunk]:
    """Pages as chunks, in their order."""
    chunk = Chunk(reader=reader)
    for place in places:
        chunk.places.append(place)
        chunk.weight += weight_of(place[0])
        if chunk.weight >= _CHUNK:
            yield chunk
            chunk = Chunk(reader=reader)
    if chunk.places:
        yield chunk


def weight_of(page: Page) -> int:
    """What reading and keeping a page takes, in characters."""
    return len(page.text) + PAGE


@dataclass(slots=True, kw_only=True, eq=False)
class _Hand:
    """A process, as this side sees it."""

    process: subprocess.Popen[bytes]
    socket: Connection
    ready: bool = False
    reader: Reader | None = None  #: what it was last told of
    sent: deque[Chunk] = field(default_factory=deque)  #: what it has not answered yet

    @classmethod
    def start(cls) -> Self:
        """Raises OSError where no process can be started."""
        ours, theirs = Pipe()
        try:
            descriptor = theirs.fileno()
            process = subprocess.Popen(
                [*_COMMAND, str(descriptor)],
                cwd=_ROOT,  # where Python then finds our modules
                pass_fds=(descriptor,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        return cls(process=process, socket=ours)

    @property
    def weight(self) -> int:
        return sum(chunk.weight for chunk in self.sent)

    def send(self, chunk: Chunk) -> None:
        """Raises OSError where the hand has died, ValueError where the chunk cannot be sent."""
        message = hand.asked(chunk.places)
        if chunk.reader is not self.reader:  # once a border: frames can be large
            self.socket.send_bytes(hand.told(chunk.reader.stages))
            self.reader = chunk.reader
        self.socket.send_bytes(message)
        self.sent.append(chunk)

    def receive(self) -> None:
        """Take the next answer, waiting for it. Raises EOFError or OSError where the hand has died."""
        message = self.socket.recv_bytes()
        if message == hand.READY:
            self.ready = True
            return
        self.sent.popleft().answer(message)

    def end(self) -> None:
        self.socket.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:  # it was stopped, say
            self.process.kill()
            self.process.wait()


class Pool:
    """So many hands, and what is to be read; within its `with` they live."""

    def __init__(self, hands: int = 0) -> None:
        self._hands: list[_Hand] = []
        self._wanted = hands
        self._waiting: deque[Chunk] = deque()
        self.lost = 0  #: hands that died, or could not be started; the next ingest has all of them again

    def __enter__(self) -> Self:
        for _ in range(self._wanted):
            try:
                self._hands.append(_Hand.start())
            except OSError:
                self.lost += 1
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _one: BaseException | None, _at: TracebackType | None
    ) -> None:
        while self._hands:
            self._hands.pop().end()

    @property
    def has_hands(self) -> bool:
        """Whether anybody reads while this process does something else."""
        return bool(self._hands)

    def put(self, some: Iterable[Chunk]) -> None:
        """Have chunks read, behind all that were put before."""
        self._waiting.extend(some)
        self._hand_out(_FEW)

    def finish(self, some: Iterable[Chunk]) -> None:
        """Have these read now, here as well; what comes behind them is begun meanwhile."""
        for chunk in some:
            while chunk.readings is None:
                self._take_back()
                self._hand_out(_FEW)
                if chunk.readings is not None:
                    break
                if self._waiting:
                    self._waiting.popleft().read()
                else:
                    self._take_back(wait(one.socket for one in self._hands))

    def leave(self) -> None:
        """This process does something else for a while."""
        self._take_back()
        self._hand_out(_MANY)

    def _hand_out(self, most: int) -> None:
        while self._waiting:
            one = min((one for one in self._hands if one.ready), key=lambda one: one.weight, default=None)
            if one is None or (one.sent and one.weight + self._waiting[0].weight > most):
                return
            chunk = self._waiting.popleft()
            try:
                one.send(chunk)
            except ValueError:
                chunk.read()  # damaged text
            except OSError:
                self._waiting.appendleft(chunk)
                self._lose(one)

    def _take_back(self, ready: Iterable[object] = ()) -> None:
        """Take the answers that are there; of the sockets that are said to be ready, one each at least."""
        ready = set(ready)
        for one in list(self._hands):
            try:
                while one.socket in ready or one.socket.poll():
                    ready.discard(one.socket)
                    one.receive()
            except (EOFError, OSError):
                self._lose(one)

    def _lose(self, one: _Hand) -> None:
        """A hand has died. What it was reading is read here: perhaps that killed it. The rest is for the others."""
        self._hands.remove(one)
        one.end()
        self.lost += 1
        if one.sent:
            one.sent.popleft().read()
            self._waiting.extendleft(reversed(one.sent))
