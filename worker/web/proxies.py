"""Who asks, where a proxy asks for them: X-Forwarded-For, X-Forwarded-Proto and Forwarded (RFC 7239).

They are believed only from the proxies that are trusted. A request that has come through any proxy at all, trusted or
not, is never *local*: nginx on this machine speaks to us from 127.0.0.1, and would make everybody an operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

_Address = IPv4Address | IPv6Address
#: Any of these says that somebody stands between.
_TELLTALES = frozenset(
    {
        b"forwarded",
        b"via",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-proto",
        b"x-forwarded-server",
        b"x-real-ip",
        b"x-client-ip",
        b"true-client-ip",
        b"cf-connecting-ip",
    }
)
#: What this machine is called by those who ask it directly. A page elsewhere whose name leads to 127.0.0.1 is none
#: of these (DNS rebinding), and neither is the name that a proxy passes on.
_OURSELVES = re.compile(rb"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_HOP = re.compile(r'(?:^|;)\s*(for|proto)\s*=\s*(?:"([^"]*)"|([^\s;"]*))', re.IGNORECASE)
_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([\d.]+):\d+")
_PARTS = re.compile(r'(?:[^,"]|"[^"]*"?)+')


class Proxies:
    """The networks whose word is taken."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._trusted: tuple[IPv4Network | IPv6Network, ...] = tuple(map(ip_network, trusted))

    def judge(self, scope: Scope) -> None:
        """Put the true client and scheme into a request, and into its state whether it is `local`: asked directly,
        from this machine, by a name of it.
        """
        headers = scope["headers"]
        if _TELLTALES.isdisjoint([name for name, _ in headers]):
            return
        scope.setdefault("state", {})["forwarded"] = True
        peer = _address(scope["client"][0]) if scope.get("client") else None
        if peer is None or not self.trusts(peer):
            scope["client"] = None  # whoever speaks for others and is not trusted could be anybody
            return
        client, scheme = self._told(headers, peer)
        scope["client"] = None if client is None else (str(client), 0)
        scope["scheme"] = scheme or scope["scheme"]

    def trusts(self, address: _Address) -> bool:
        """Whether this is one of the proxies."""
        return any(address in network for network in self._trusted)

    def _told(self, headers: Sequence[tuple[bytes, bytes]], peer: _Address) -> tuple[_Address | None, str]:
        hops, schemes = _hops(headers)
        client: _Address | None = peer
        for hop in reversed(hops):
            client = _address(hop)
            if client is None or not self.trusts(client):
                break
        scheme = schemes[-1].lower() if schemes else ""
        return client, scheme if scheme in ("http", "https") else ""


def is_local(scope: Scope) -> bool:
    """Whether somebody on this machine asks, with nobody between."""
    client = scope.get("client")
    if client is None or "forwarded" in scope.get("state", {}):
        return False
    address = _address(client[0])
    names = [value for name, value in scope["headers"] if name == b"host"]
    return address is not None and address.is_loopback and all(map(_OURSELVES.fullmatch, names))


def _hops(headers: Sequence[tuple[bytes, bytes]]) -> tuple[list[str], list[str]]:
    """Addresses and schemes from the client's on, as each proxy added its own."""
    told = {
        wanted: ",".join(value.decode("latin-1") for name, value in headers if name == wanted)
        for wanted in (b"x-forwarded-for", b"x-forwarded-proto", b"forwarded")
    }
    addresses = _listed(told[b"x-forwarded-for"])
    schemes = _listed(told[b"x-forwarded-proto"])
    pairs = [
        {name.lower(): quoted or bare for name, quoted, bare in _HOP.findall(part)}
        for part in _PARTS.findall(told[b"forwarded"])
    ]
    return (
        addresses or [pair.get("for", "") for pair in pairs],
        schemes or [pair["proto"] for pair in pairs if "proto" in pair],
    )


def _listed(header: str) -> list[str]:
    return [part.strip() for part in header.split(",")] if header.strip() else []


def _address(text: str) -> _Address | None:
    """An address as proxies write it, with or without brackets and port; None for "unknown", "_hidden" and the like."""
    if found := _PORT.fullmatch(text):
        text = found[1] or found[2]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
