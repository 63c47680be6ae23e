"""Who asks, and whether somebody stands between."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.types import Scope
from wires import wired

from worker.web.proxies import Proxies, is_local

TRUSTED = ("10.0.0.0/8", "fd00::/8", "127.0.0.1")


def judged(peer: str | None, trusted: tuple[str, ...], headers: dict[str, str]) -> tuple[str | None, str, bool]:
    """The client's address, the scheme, and whether it is this machine."""
    told = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope: Scope = {
        "type": "http",
        "client": (peer, 5) if peer else None,
        "scheme": "http",
        "headers": told,
        "state": {},
    }
    Proxies(trusted).judge(scope)
    client = scope["client"]
    return (str(client[0]) if isinstance(client, tuple) else None), str(scope["scheme"]), is_local(scope)


@pytest.mark.parametrize(
    ("peer", "headers", "client", "scheme"),
    [
        ("192.0.2.1", {}, "192.0.2.1", "http"),
        ("10.1.1.1", {"x_forwarded_for": "192.0.2.7"}, "192.0.2.7", "http"),
        ("10.1.1.1", {"x_forwarded_for": "1.1.1.1, 192.0.2.7, 10.2.2.2"}, "192.0.2.7", "http"),
        ("10.1.1.1", {"x_forwarded_for": "10.3.3.3, 10.2.2.2"}, "10.3.3.3", "http"),
        ("10.1.1.1", {"x_forwarded_for": "192.0.2.7", "x_forwarded_proto": "https"}, "192.0.2.7", "https"),
        ("10.1.1.1", {"x_forwarded_for": "192.0.2.7", "x_forwarded_proto": "http, https"}, "192.0.2.7", "https"),
        ("10.1.1.1", {"x_forwarded_for": "192.0.2.7", "x_forwarded_proto": "javascript"}, "192.0.2.7", "http"),
        ("10.1.1.1", {"x_forwarded_for": "unknown"}, None, "http"),
        ("10.1.1.1", {"x_forwarded_for": "192.0.2.7,"}, None, "http"),
        ("10.1.1.1", {"x_forwarded_for": "[2001:db8::1]:8080"}, "2001:db8::1", "http"),
        ("10.1.1.1", {"x_forwarded_for": "192.0.2.7:99"}, "192.0.2.7", "http"),
        ("::ffff:10.1.1.1", {"x_forwarded_for": "::ffff:192.0.2.7"}, "192.0.2.7", "http"),
        ("fd00::1", {"forwarded": 'for=1.1.1.1, for="[2001:db8::1]:80";proto=https;by=x'}, "2001:db8::1", "https"),
        ("10.1.1.1", {"forwarded": "For=192.0.2.7;Proto=HTTPS"}, "192.0.2.7", "https"),
        ("10.1.1.1", {"forwarded": "for=_hidden"}, None, "http"),
        ("10.1.1.1", {"forwarded": "nonsense;;=,"}, None, "http"),
        ("10.1.1.1", {"x_real_ip": "192.0.2.7"}, "10.1.1.1", "http"),
        ("192.0.2.1", {"x_forwarded_for": "127.0.0.1", "x_forwarded_proto": "https"}, None, "http"),
        ("192.0.2.1", {"forwarded": "for=127.0.0.1;proto=https"}, None, "http"),
        (None, {"x_forwarded_for": "192.0.2.7"}, None, "http"),
    ],
)  # fmt: skip
def test_only_proxies_that_are_trusted_speak_for_others(
    peer: str | None, headers: dict[str, str], client: str | None, scheme: str
) -> None:
    assert judged(peer, TRUSTED, headers) == (client, scheme, False)


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8470", "127.0.0.1:8470", "[::1]:8470", "LOCALHOST"])
def test_whoever_asks_from_here_is_local(peer: str, host: str) -> None:
    assert judged(peer, (), {"host": host})[2]


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "127.0.0.1"}, {"x_forwarded_proto": "https"}, {"forwarded": "for=127.0.0.1"},
        {"x_real_ip": "127.0.0.1"}, {"via": "1.1 proxy"}, {"x_forwarded_host": "localhost"},
        {"host": "news.example"}, {"host": "localhost.news.example"}, {"host": "127.0.0.1.news.example"},
        {"host": ""}, {"host": "127.0.0.1@news.example"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("trusted", [(), TRUSTED])
def test_a_proxy_on_this_machine_makes_nobody_local(headers: dict[str, str], trusted: tuple[str, ...]) -> None:
    assert not judged("127.0.0.1", trusted, headers)[2]


@pytest.mark.parametrize("peer", ["192.0.2.1", "10.0.0.1", "::2", None])
def test_others_are_not_local(peer: str | None) -> None:
    assert not judged(peer, TRUSTED, {"host": "localhost"})[2]


def test_what_pages_are_told(tmp_path: Path) -> None:
    with wired(tmp_path, trusted=("127.0.0.1/32",)) as wire:
        wire.get("/", x_forwarded_for="192.0.2.7", x_forwarded_proto="https")
        assert (wire.seen[-1]["client"], wire.seen[-1]["scheme"]) == (("192.0.2.7", 0), "https")
    with wired(tmp_path) as wire:  # uvicorn's own belief in this machine is off
        wire.get("/", x_forwarded_for="192.0.2.7", x_forwarded_proto="https")
        assert (wire.seen[-1]["client"], wire.seen[-1]["scheme"]) == (None, "http")
