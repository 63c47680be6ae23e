"""HTTP in a thread of its own: uvicorn, embedded, with signals left to the main thread."""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from worker.errors import ServeError
from worker.web.bounds import Bounds
from worker.web.gate import Gate
from worker.web.guard import GuardedProtocol, abort, sweep

_PATIENCE = 1  # seconds that a stop waits for readers


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGTERM and SIGINT alone."""
        yield

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        if counter % 10 == 0:
            sweep(self.server_state.connections)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is being answered; whoever still reads after most of the patience is cut off, without a word in
        the log.
        """
        asyncio.get_running_loop().call_later(_PATIENCE * 0.8, abort, self.server_state.connections)
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """The listening socket; taken before anything else starts. Raises ServeError, naming the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off the delay of Nagle only on sockets whose protocol is named; with it, an answer in two writes
    # waits 40 ms for an acknowledgement.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(512)
    except OSError as error:
        sock.close()
        raise ServeError(
            f"cannot listen on {host}:{port} ({error.strerror}): end what uses that port, or set [server] listen"
        ) from error
    return sock


class HttpServer:
    """Serves an app on a socket until it is stopped."""

    def __init__(self, app: ASGIApp, sock: socket.socket, bounds: Bounds | None = None, *, loop: str = "auto") -> None:
        bounds = bounds or Bounds(connections=_most())
        prompt = staticmethod(app.prompt) if isinstance(app, Gate) else None
        protocol = type("Protocol", (GuardedProtocol,), {"bounds": bounds, "prompt": prompt})
        config = uvicorn.Config(
            app,
            loop=loop,
            http=protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            access_log=False,
            log_config=None,
            proxy_headers=False,  # uvicorn believes whoever asks from this machine
            timeout_graceful_shutdown=_PATIENCE,
            server_header=False,
        )
        self._server = _Server(config)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [sock]}, name="http", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered, for a second at the most."""
        self._server.should_exit = True
        self._thread.join(3)


def _most() -> int:
    """Of connections: half of the files that this process may open, so that the store and the dumps have the rest."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = Bounds().connections
    return most if files == resource.RLIM_INFINITY else max(8, min(most, files // 2))
