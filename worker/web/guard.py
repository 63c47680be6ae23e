"""A connection that nobody can misuse: what is too large, too slow or no HTTP at all ends it, and nothing else.

uvicorn limits neither how long the head of a request may take nor how large it may be, and waits for ever for a reader
that does not read. Nothing here keeps a timer: the server looks at all connections once a second (`sweep`), and each
counts how many looks it has spent in its phase. That costs a request two assignments.
"""

from __future__ import annotations

import re
from asyncio import Transport
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from time import time
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from worker.web.answers import Answer, Headers, date_of, line, lines
from worker.web.bounds import Bounds, Phase

#: Method, target and headers of a request, and the second in which it is answered.
Prompt = Callable[[bytes, bytes, Headers, int], Answer | None]
#: Headers that say that more is to come, or that it may be much; and whom it is for.
_WEIGHTY = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"host"})
#: A name or an address, and a port (RFC 9110 section 7.2); empty where the target has none.
_HOST = re.compile(rb"(?:\[[0-9A-Za-z:.%_~-]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?")
_numbers = count()  # of connections, in the order in which they were made


class _Refused(Exception):
    """A request that goes beyond its bounds."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol within bounds."""

    bounds = Bounds()
    #: Answers from the head of a request alone, where that can be: status, header lines, and pieces of the body.
    prompt: Prompt | None = None
    #: Seconds since 1970, for Date; uvicorn's own is up to a second old, and a document may be younger than that.
    clock: Callable[[], float] = staticmethod(time)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.access_log = False  # whatever is set for uvicorn: there are keys in paths

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to count; make room where there are too many connections."""
        super().connection_made(transport)
        self.number = next(_numbers)
        self.phase, self.ticks = Phase.IDLE, 0
        self._head = self._parts = self._body = 0
        self._behind, self._unsent = 0, 0
        self._answering: Any = None  # of the cycles, which follow each other, the one that the app was given last
        self._last = 0  # a status that is told when all that was asked before is answered
        transport.set_write_buffer_limits(high=self.bounds.buffer)
        if len(self.connections) > self.bounds.connections:
            make_room(self.connections)

    # ── What comes in ───────────────────────────────────────────────────────────────────────────────

    def data_received(self, data: bytes) -> None:
        """Feed the parser; a request that is none, or too much, is answered so and ends the connection."""
        if self._last or self.transport.is_closing():
            return
        started = self.phase is Phase.HEAD
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.cycle.keep_alive = False  # there is nothing to upgrade to: answered as it stands
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, _Refused) else 400)
            return
        if started and self.phase is Phase.HEAD:  # of a head that began in this data, the callbacks know the size
            self._head += len(data)
            if self._head > self.bounds.head:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self.phase, self.ticks = Phase.HEAD, 0
        self._head = self._parts = self._body = self._hosts = 0
        self._plain = True

    def on_url(self, url: bytes) -> None:
        """A part of the request target."""
        self.url += url
        if len(self.url) > self.bounds.url:
            raise _Refused(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; or a trailer, which counts and is dropped: it comes too late to say anything of the request."""
        self._parts += len(name) + len(value)
        if self._parts > self.bounds.head or len(self.headers) >= self.bounds.headers:
            raise _Refused(431)
        if self.phase is Phase.HEAD:
            name = name.lower()
            if name in _WEIGHTY:
                self._weigh(name, value)
            self.headers.append((name, value))

    def _weigh(self, name: bytes, value: bytes) -> None:
        """A header on which it depends what more will come, or who is meant."""
        if name == b"host":
            self._hosts += 1
            if not _HOST.fullmatch(value):
                raise _Refused(400)
            return
        self._plain = False
        if name == b"expect":
            self.expect_100_continue = value.lower() == b"100-continue"
        elif name == b"content-length" and (len(value) > 9 or int(value) > self.bounds.body):
            raise _Refused(413)

    def on_headers_complete(self) -> None:
        """The head is there: it is answered at once where that can be, else the app begins."""
        if self._hosts != 1 and (self._hosts or self.parser.get_http_version() != "1.0"):
            raise _Refused(400)  # RFC 9112 section 3.2
        if (answer := self._prompt()) is not None:
            self.transport.writelines(answer)
            self.server_state.total_requests += 1
            self.phase = Phase.DONE
            return
        if len(self.pipeline) >= self.bounds.waiting:
            raise _Refused(429)
        url, headers, expected = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = url, headers, expected
        self.scope["headers"] = headers
        super().on_headers_complete()
        self.phase, self.ticks = Phase.BODY, 0  # from here on the newest cycle is that of this request

    def _prompt(self) -> Sequence[bytes] | None:
        """An answer that needs nothing but the head of the request. Only where nothing is special about it."""
        parser = self.parser
        if not self._plain or self.flow.write_paused or (self.cycle is not None and not self.cycle.response_complete):
            return None
        if self.prompt is None or not parser.should_keep_alive() or parser.get_http_version() != "1.1":
            return None
        second = int(self.clock())
        found = self.prompt(parser.get_method(), self.url, self.headers, second)
        if found is None:
            return None
        status, head, pieces = found
        return [STATUS_LINE[status], date_of(second), head, *pieces]

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """The app begins to answer."""
        second = int(self.clock())
        cycle.default_headers = [(b"date", date_of(second)[6:-2])]
        cycle.scope["state"]["second"] = second
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._body += len(body)
        if self._body > self.bounds.body:
            raise _Refused(413)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        if self.phase is Phase.DONE:
            self.phase = Phase.IDLE
            return
        super().on_message_complete()
        self.phase, self.ticks = Phase.IDLE if self.cycle.response_complete else Phase.ANSWER, 0

    def on_response_complete(self) -> None:
        """The request is answered; no timer is set for the next one."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._last:
            self._end(self._last)
        elif self.phase is Phase.ANSWER:
            self.phase, self.ticks = Phase.IDLE, 0

    def _refuse(self, status: int) -> None:
        """Say what is wrong when all that was asked before is answered, and end the connection; without a word where
        the answer to this very request has begun.
        """
        if self.transport.is_closing():
            return
        if self.phase is Phase.BODY:
            if self.pipeline:
                self.pipeline.popleft()  # the newest
            elif self.cycle.response_started:
                self._let_go()
                self.transport.close()
                return
            else:
                self._let_go()
        if self._answering is None or self._answering.response_complete or self._answering.disconnected:
            self._end(status)
        else:
            self._last = status
            self.phase, self.ticks = Phase.ANSWER, 0

    def _end(self, status: int) -> None:
        headers, body = line(status)
        told = lines([*headers, (b"connection", b"close")])
        self.transport.write(STATUS_LINE[status] + date_of(int(self.clock())) + told + b"\r\n" + body)
        self.transport.close()

    def _let_go(self) -> None:
        """Nobody is there any more for what the app has yet to say."""
        self.pipeline.clear()
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone. uvicorn tells only the newest cycle, which may not be the one that writes."""
        self._let_go()
        super().connection_lost(exc)

    # ── Time ────────────────────────────────────────────────────────────────────────────────────────

    def tick(self) -> None:
        """A second has gone by."""
        if self._stuck():
            self.transport.abort()
            return
        self.ticks += 1
        if self.transport.is_closing() or self.ticks <= self.bounds.seconds[self.phase]:
            return
        if self.phase in (Phase.HEAD, Phase.BODY):
            self._refuse(408)
        elif self.phase is Phase.IDLE:
            self.transport.close()
        else:
            self.transport.abort()

    def _stuck(self) -> bool:
        """Whether the reader has taken next to nothing of what it asked for, for too long."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent:
            self._behind = 0
            return False
        if not self._behind:
            self._unsent = unsent
        self._behind += 1
        if self._behind <= self.bounds.drain:
            return False
        if unsent <= self._unsent - self.bounds.taken:
            self._behind = 0
            return False
        return True


def sweep(connections: Iterable[Any]) -> None:
    """Let a second go by for every connection."""
    for one in list(connections):
        one.tick()


def make_room(connections: Iterable[Any]) -> None:
    """End the connection that has waited longest for a request, or for the rest of its head; where all others are
    being answered, that is the newest.
    """
    # One that was ended in this turn of the loop is still among them. In a rush all have waited less than a second:
    # the one that came first goes.
    open_ones = [one for one in connections if not one.transport.is_closing()]
    oldest = min(open_ones, key=lambda one: (one.phase not in (Phase.IDLE, Phase.HEAD), -one.ticks, one.number))
    oldest.transport.abort()


def abort(connections: Iterable[Any]) -> None:
    """End all connections at once."""
    for one in list(connections):
        one.transport.abort()
