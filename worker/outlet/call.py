"""A call goes out over HTTP, and what the other side says comes back; a bad peer is an answer, never an exception.

Whoever is called may be slow, wrong or hostile. Time-outs of sockets begin anew with every byte, so that a whole
call has a deadline besides; redirects are not followed, since only what stands in the settings is trusted; of an
answer a little is read, as it comes, and nothing is unpacked.
"""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from threading import Lock, Timer
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from requests.packages.urllib3.exceptions import HTTPError  # type: ignore[import-not-found]  # its own, by its name
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from worker import __version__
from worker.model.calls import Answer
from worker.outlet.wording import line

#: Of an answer that says no, so many bytes are read to show why.
_MOST_READ: Final = 2048
_MOST_SHOWN: Final = 200
_HEADERS: Final = {
    "User-Agent": f"seedwire/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_BROKEN: Final = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait. A receiver has only to take note; Standard Webhooks asks senders for 15 to 30."""

    connect: float = 5
    read: float = 10  #: for the next bytes of the answer
    whole: float = 15  #: from the first step to the end of the headers


class Caller:
    """Makes calls; several threads may."""

    def __init__(self, *, timeouts: Timeouts | None = None, context: ssl.SSLContext | None = None) -> None:
        self._timeouts = timeouts or Timeouts()
        self._given, self._lock = context, Lock()

    def ping(self, hub: str, feed: str, *, now: datetime) -> Answer:
        """Tell a hub that a feed has changed, in the form that all hubs take (WebSub leaves it open)."""
        form = {"hub.mode": "publish", "hub.url": feed}
        return self._post(hub, now, data=form, headers={})

    def tell(self, url: str, body: bytes, headers: dict[str, str], *, now: datetime) -> Answer:
        """Give a webhook a body of JSON, with headers that sign it."""
        return self._post(url, now, data=body, headers={"Content-Type": "application/json; charset=utf-8"} | headers)

    def _post(self, url: str, now: datetime, **sent: Any) -> Answer:
        adapter = _Adapter(self._context() if url[:6].lower() == "https:" else None)
        timer = Timer(self._timeouts.whole, adapter.line.cut)
        timer.daemon = True
        timer.start()
        try:
            with _Session() as session:
                session.mount("http://", adapter)
                session.mount("https://", adapter)
                timeout = (self._timeouts.connect, self._timeouts.read)
                with session.post(url, timeout=timeout, stream=True, allow_redirects=False, **sent) as response:
                    answer = _answer(response, now)
        except _BROKEN as error:
            answer = Answer(code=0, text=self._complaint(error))
        finally:
            timer.cancel()
            adapter.line.close()
        if adapter.line.is_cut:  # what was read by then may look like an answer
            return Answer(code=0, text=f"no whole answer within {self._timeouts.whole:g} s")
        return answer

    def _complaint(self, error: Exception) -> str:
        """What went wrong, without the address, which may hold a secret."""
        cause = next((one for one in _chain(error) if isinstance(one, ssl.SSLError)), None)
        if isinstance(error, requests.exceptions.SSLError) or cause is not None:
            reason = getattr(cause, "verify_message", "") or getattr(cause, "reason", None) or "the handshake failed"
            return f"TLS: {line(str(reason))}"
        if isinstance(error, requests.ConnectTimeout):
            return f"no connection within {self._timeouts.connect:g} s"
        if isinstance(error, requests.Timeout):
            return f"no answer within {self._timeouts.read:g} s"
        told = [one for one in _chain(error) if isinstance(one, OSError) and one.strerror]
        if told:
            return f"no connection: {line(str(told[-1].strerror))}"
        if isinstance(error, requests.exceptions.InvalidURL | ValueError):
            return "its address cannot be used"
        return "the connection ended before an answer, or what came was no HTTP"

    def _context(self) -> ssl.SSLContext:
        """Certificates are verified, with what the system trusts and what comes with requests. Loaded once."""
        with self._lock:
            if self._given is None:
                self._given = ssl.create_default_context()
                self._given.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
            return self._given


class _Session(requests.Session):
    """Takes nothing from the environment: no proxy, no .netrc; and never looks where a redirect leads.

    Requests would read all of a redirect's body to find the next address, even where it does not follow it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.clear()
        self.headers.update(_HEADERS)

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


class _Line:
    """Ends whatever a connection waits for, connecting, shaking hands or reading, when told to from aside."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._twins: list[socket.socket] = []
        self.is_cut = False

    def watch(self, sock: socket.socket) -> socket.socket:
        with self._lock:
            self._twins.append(twin := sock.dup())  # TLS takes the socket over and leaves an empty one behind
            if self.is_cut:
                _shut(twin)
        return sock

    def cut(self) -> None:
        with self._lock:
            self.is_cut = True
            for twin in self._twins:
                _shut(twin)

    def close(self) -> None:
        with self._lock:
            for twin in self._twins:
                twin.close()
            self._twins.clear()


class _Adapter(HTTPAdapter):
    """Of one call: tries once, and has its connections watched."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.line, self._context = _Line(), context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = {
            scheme: self._watched(pool) for scheme, pool in self.poolmanager.pool_classes_by_scheme.items()
        }

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """The context verifies; requests would load its certificates again for each call."""

    def _watched(self, pool: Any) -> Any:
        line, kind = self.line, pool.ConnectionCls

        class Connection(kind):  # type: ignore[misc,valid-type]
            def _new_conn(self) -> socket.socket:
                return line.watch(super()._new_conn())

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _answer(response: requests.Response, now: datetime) -> Answer:
    code = response.status_code
    words = [response.reason or ""]
    if code // 100 == 3:
        words.append("a redirect, which is not followed: set the address where it leads")
    elif code // 100 != 2:
        words.append(_beginning(response))
    text = ": ".join(told for word in words if (told := line(word)))
    return Answer(code=code, text=text[:_MOST_SHOWN], wait=_wait(response.headers.get("Retry-After", ""), now))


def _beginning(response: requests.Response) -> str:
    """Of the body, as far as it is text and comes."""
    if not response.headers.get("Content-Type", "text/").startswith(("text/", "application/json", "application/pro")):
        return ""
    try:
        content: bytes = response.raw.read(_MOST_READ, decode_content=False)
    except _BROKEN:
        return ""
    return re.sub(r"<[^>]*>?", " ", content.decode(errors="replace"))


def _wait(stated: str, now: datetime) -> timedelta | None:
    """Retry-After (RFC 9110 section 10.2.3): seconds, or an instant."""
    if re.fullmatch(r"[0-9]{1,9}", stated.strip()):
        return timedelta(seconds=int(stated))
    try:
        moment = parsedate_to_datetime(stated)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(moment - now, timedelta(0))
    except (ValueError, TypeError, OverflowError):
        return None


def _chain(error: BaseException | None) -> list[BaseException]:
    """An error and what led to it, the outermost first."""
    found: list[BaseException] = []
    while error is not None and error not in found and len(found) < 20:
        found.append(error)
        reason = getattr(error, "reason", None)
        inner = next((arg for arg in (*error.args, reason) if isinstance(arg, BaseException)), None)
        error = inner or error.__cause__ or error.__context__
    return found
