"""Who may read what."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from wires import Wire, wired

from worker.errors import StoreError
from worker.model.keys import Key, KeyKind
from worker.store.keys import digest_of
from worker.web.access import Area, Keyring, admitted, area_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FEED = b"<feed/>"


def key(secret: str, kind: KeyKind = KeyKind.READER, *, revoked: bool = False) -> Key:
    digest = digest_of(secret.encode())
    return Key(number=1, name="ana", kind=kind, digest=digest, created=NOW, revoked=NOW if revoked else None)


def basic(secret: str, name: str = "anybody") -> str:
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with wired(tmp_path) as one:
        one.publish(FEED)
        yield one


def lock(wire: Wire, *keys: Key) -> None:
    """From now on these are the keys."""
    wire.keys[:] = keys
    wire.clock += 2


# ── The rule ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("/healthz", Area.EVERYBODY), ("/style.css", Area.EVERYBODY), ("/healthz/", Area.READERS),
        ("/", Area.READERS), ("/feed.atom", Area.READERS), ("/entries/a", Area.READERS), ("/statues", Area.READERS),
        ("/status", Area.OPERATORS), ("/status/", Area.OPERATORS), ("/status.svg", Area.OPERATORS),
        ("/status/lag.svg", Area.OPERATORS), ("/metrics", Area.OPERATORS), ("/status/\n", Area.OPERATORS),
    ],
)  # fmt: skip
def test_whom_a_path_is_for(path: str, area: Area) -> None:
    assert area_of(path) is area


R, O = KeyKind.READER, KeyKind.OPERATOR  # noqa: E741


@pytest.mark.parametrize(
    ("area", "closed", "local", "holder", "may"),
    [
        (Area.EVERYBODY, True, False, None, True),
        (Area.READERS, False, False, None, True),
        (Area.READERS, True, False, None, False),
        (Area.READERS, True, True, None, False),
        (Area.READERS, True, False, R, True),
        (Area.READERS, True, False, O, True),
        (Area.OPERATORS, False, False, None, False),
        (Area.OPERATORS, True, False, None, False),
        (Area.OPERATORS, True, False, R, False),
        (Area.OPERATORS, True, False, O, True),
        (Area.OPERATORS, False, True, None, True),
        (Area.OPERATORS, True, True, None, True),
    ],
)
def test_who_may(area: Area, closed: bool, local: bool, holder: KeyKind | None, may: bool) -> None:
    assert admitted(area, closed=closed, local=local, holder=holder) is may


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────────


def test_without_keys_everybody_reads(wire: Wire) -> None:
    for path in ("/feed.atom", "/", "/k/anything/feed.atom"):
        answer = wire.get(path)
        assert (answer.status, "private" in answer.headers["cache-control"]) == (200, False)


@pytest.mark.parametrize(
    "path", ["/feed.atom", "/topics/none/feed.atom", "/", "/entries/a", "/%66eed.atom", "/nothing"]
)
def test_with_a_key_everything_wants_one(wire: Wire, path: str) -> None:
    assert wire.get("/feed.atom").status == 200
    lock(wire, key("open sesame"))
    for headers in ({}, {"authorization": basic("wrong")}, {"if_none_match": "*"}, {"authorization": "Basic ?"}):
        for method in ("GET", "HEAD", "POST"):
            answer = wire.get(path, method, **headers)
            assert (answer.status, answer.headers["cache-control"]) == (401, "no-store")
            assert answer.headers["www-authenticate"].startswith("Basic realm=")
            assert answer.headers["x-content-type-options"] == "nosniff"
    assert wire.seen == []


@pytest.mark.parametrize("name", ["", "ana", "анна"])
def test_a_key_by_basic_or_in_the_path(wire: Wire, name: str) -> None:
    lock(wire, key("other"), key("sesame"))
    for path, headers in (("/feed.atom", {"authorization": basic("sesame", name)}), ("/k/sesame/feed.atom", {})):
        answer = wire.get(path, **headers)
        assert (answer.status, answer.body) == (200, FEED)
        assert answer.headers["cache-control"] == "private, max-age=60"
        assert answer.headers["link"] == '<https://news.example/wire/feed.atom>; rel="self"'
        again = wire.get(path, if_none_match=answer.headers["etag"], **headers)
        assert (again.status, again.headers["cache-control"]) == (304, "private, max-age=60")


@pytest.mark.parametrize("path", ["/k/sesame/entries/%D0%B4?x=1", "/k/ses%61me/entries/%D0%B4?x=1"])
def test_pages_see_no_key(wire: Wire, path: str) -> None:
    lock(wire, key("sesame"))
    answer = wire.get(path, authorization=basic("sesame"))
    assert (answer.status, answer.headers["cache-control"]) == (200, "private, max-age=5")
    (scope,) = wire.seen
    assert (scope["path"], scope["raw_path"]) == ("/entries/д", b"/entries/%D0%B4")
    assert b"sesame" not in repr(scope).encode()
    assert b"c2VzYW1l" not in repr(scope).encode()


@pytest.mark.parametrize("path", ["/k/sesame", "/k/sesame/"])
def test_the_front_page_behind_a_key(wire: Wire, path: str) -> None:
    lock(wire, key("sesame"))
    assert wire.get(path).status == 200
    assert wire.seen[-1]["path"] == "/"


@pytest.mark.parametrize(
    "path", ["/k/", "/k//feed.atom", "/k/no/feed.atom", "/k/no/k/sesame/feed.atom", "/k/%ff/feed.atom"]
)
def test_a_key_that_is_none(wire: Wire, path: str) -> None:
    lock(wire, key("sesame"))
    assert wire.get(path).status == 401


def test_a_revoked_key_opens_nothing_and_keeps_the_site_closed(wire: Wire) -> None:
    lock(wire, key("sesame"))
    assert wire.get("/k/sesame/feed.atom").status == 200
    lock(wire, key("sesame", revoked=True))
    assert wire.get("/k/sesame/feed.atom").status == 401
    assert wire.get("/feed.atom").status == 401
    lock(wire)
    assert wire.get("/feed.atom").status == 200


@pytest.mark.parametrize("path", ["/status", "/metrics", "/status/lag.svg", "/%73tatus", "/k/x/status"])
def test_what_operators_see(wire: Wire, path: str) -> None:
    assert wire.get(path).status == 200  # from this machine
    for headers in ({"x_forwarded_for": "127.0.0.1"}, {"host": "news.example"}, {"via": "1.1 x"}):
        lock(wire)
        assert wire.get(path, **headers).status == 401
        lock(wire, key("reader"), key("operator", KeyKind.OPERATOR))
        if not path.startswith("/k/"):
            assert wire.get(path, authorization=basic("reader"), **headers).status == 401
            assert wire.get(path, authorization=basic("operator"), **headers).status == 200


@pytest.mark.parametrize("path", ["/healthz", "/k/wrong/healthz", "/style.css"])
def test_health_is_for_everybody(wire: Wire, path: str) -> None:
    lock(wire, key("sesame"))
    assert wire.get(path).status == 200


def test_nothing_is_logged(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        lock(wire, key("sesame"))
        wire.get("/k/sesame/feed.atom")
        wire.get("/k/sesame-not/feed.atom")
        wire.say(b"GET /k/sesame/ HTTP/1.1\r\nbroken\r\n\r\n")
    assert "sesame" not in caplog.text


def test_keys_are_read_once_a_second_and_held_on_to_while_the_store_fails() -> None:
    told: list[Key] = [key("sesame")]
    calls, now, fails = [0], [0.0], [False]

    def read() -> list[Key]:
        calls[0] += 1
        if fails[0]:
            raise StoreError("locked")
        return list(told)

    ring = Keyring(read, lambda: now[0])
    assert [ring.now().closed for _ in range(9)] == [True] * 9
    assert calls == [1]
    now[0], fails[0] = 1.5, True
    told.clear()
    assert ring.now().holder(b"sesame") is KeyKind.READER
    now[0], fails[0] = 3.0, False
    assert not ring.now().closed
    told.append(replace(key("sesame"), revoked=NOW))
    now[0] = 4.5
    assert ring.now().closed
    assert ring.now().holder(b"sesame") is None
    assert ring.now().holder(None) is None
