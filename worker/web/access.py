"""Who may read what. As soon as there is any key, also a revoked one, every feed and page wants one."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from worker.errors import StoreError
from worker.model.keys import Key, KeyKind
from worker.store.keys import digest_of
from worker.web.answers import refuse
from worker.web.proxies import is_local

#: Seconds that keys are believed: one that is revoked opens nothing thereafter.
_BELIEVED = 1.0
#: What is not for readers, and what is no matter for keys: whether all is well, and what pages are painted with.
_OPERATORS = re.compile(r"/(?:status|metrics)(?:[./].*)?", re.DOTALL)
_EVERYBODY = frozenset({"/healthz", "/style.css", "/robots.txt", "/favicon.ico"})
#: While nobody needs a key, only these paths are looked at more closely.
_CLOSER = ("/k/", "/status", "/metrics")
_PREFIX = re.compile(rb"/k/([^/]*)(/.*)?", re.DOTALL)


class Area(Enum):
    """What a path is for."""

    EVERYBODY = 1
    READERS = 2
    OPERATORS = 3


def area_of(path: str) -> Area:
    """Who a path is for, where keys are in force."""
    if path in _EVERYBODY:
        return Area.EVERYBODY
    return Area.OPERATORS if _OPERATORS.fullmatch(path) else Area.READERS


def admitted(area: Area, *, closed: bool, local: bool, holder: KeyKind | None) -> bool:
    """Whether somebody may see it: where readers need keys or not, from this machine or not, with which key."""
    if area is Area.OPERATORS:
        return local or holder is KeyKind.OPERATOR
    return area is Area.EVERYBODY or not closed or holder is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of a moment."""

    closed: bool  #: whether readers need one
    live: tuple[tuple[bytes, KeyKind], ...]  #: digests of those that count

    @classmethod
    def of(cls, keys: Iterable[Key]) -> Keys:
        """Those that the store knows."""
        known = list(keys)
        return cls(closed=bool(known), live=tuple((key.digest, key.kind) for key in known if key.revoked is None))

    def holder(self, secret: bytes | None) -> KeyKind | None:
        """What a key is good for. All are compared, each in constant time, whichever it is."""
        digest, found = digest_of(secret or b""), None
        for known, kind in self.live:
            if hmac.compare_digest(known, digest):
                found = kind
        return found


class Keyring:
    """The keys, read from the store once a second at the most. While it cannot be read, what was known holds on."""

    def __init__(self, read: Callable[[], Iterable[Key]], clock: Callable[[], float] = monotonic) -> None:
        self._read, self._clock = read, clock
        self._keys, self._until = Keys.of(read()), clock() + _BELIEVED

    def now(self) -> Keys:
        """The keys as they are, or were within the second."""
        if (moment := self._clock()) >= self._until:
            self._until = moment + _BELIEVED
            with suppress(StoreError):
                self._keys = Keys.of(self._read())
        return self._keys


class Access:
    """An ASGI app before another: it lets through whoever may see what they ask for."""

    def __init__(self, app: ASGIApp, keyring: Keyring) -> None:
        self._app, self._keyring = app, keyring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, without the key in its path; 401 where it wants one, or a better one."""
        keys = self._keyring.now()
        if not keys.closed and not scope["path"].startswith(_CLOSER):
            await self._app(scope, receive, send)
            return
        scope, secret = _unlocked(scope)
        area, holder = area_of(scope["path"]), keys.holder(secret)
        if admitted(area, closed=keys.closed, local=is_local(scope), holder=holder):
            scope["state"] = {**scope.get("state", {}), "private": keys.closed, "operator": holder is KeyKind.OPERATOR}
            await self._app(scope, receive, send)
            return
        whose = "operators" if area is Area.OPERATORS else "readers"
        realm = f'Basic realm="{whose}", charset="UTF-8"'.encode()
        words = f"This is for {whose} with a key: send it as the password, with any user name."
        await refuse(send, 401, (b"www-authenticate", realm), words=words)


def is_operator(scope: Scope) -> bool:
    """Whether who was let through may see what is for operators."""
    return is_local(scope) or bool(scope.get("state", {}).get("operator"))


def _unlocked(scope: Scope) -> tuple[Scope, bytes | None]:
    """A request without the key, wherever it stood, and the key."""
    headers = scope["headers"]
    secret = next((_password(value) for name, value in headers if name == b"authorization"), None)
    changed: dict[str, object] = {"headers": [header for header in headers if header[0] != b"authorization"]}
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    if found := _PREFIX.fullmatch(raw):
        secret = unquote_to_bytes(found[1])
        rest = found[2] or b"/"
        changed |= {"raw_path": rest, "path": unquote_to_bytes(rest).decode("utf-8", "replace")}
    return {**scope, **changed}, secret


def _password(header: bytes) -> bytes | None:
    """Of HTTP Basic (RFC 7617)."""
    scheme, _, told = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        return b64decode(told.strip(), validate=True).partition(b":")[2]
    except (Error, ValueError):
        return None
