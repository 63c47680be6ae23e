"""Ways to a page: with a slash too many or too few, with a key before the path, and what they lead to."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from sites import NOW, Press, keep, served, told

from worker.model import Topic
from worker.model.keys import Key, KeyKind
from worker.store import topics
from worker.store.database import transaction
from worker.store.keys import digest_of
from worker.web import icon


def fill(site: Press) -> None:
    with site.store() as db:
        keep(db, [told(1), told(2, source="Вестник: & Co")])
        with transaction(db):
            topics.sync(db, [Topic(name="Goats", slug="goats", query="goats")])


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        fill(site)
        yield site


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Press]:
    """A site that wants keys, from the start on."""
    keys = [
        Key(number=1, name="r", kind=KeyKind.READER, digest=digest_of(b"sesame"), created=NOW, revoked=None),
        Key(number=2, name="o", kind=KeyKind.OPERATOR, digest=digest_of(b"master"), created=NOW, revoked=None),
    ]
    with served(tmp_path, *keys) as site:
        fill(site)
        yield site


SLASHES = [
    ("/topics", "/topics/"), ("/topics/goats", "/topics/goats/"), ("/sources", "/sources/"), ("/archive", "/archive/"),
    ("/archive/2026-10", "/archive/2026-10/"), (quote("/sources/вестник-co"), quote("/sources/вестник-co/")),
    ("/search/", "/search"), ("/status/", "/status"), ("/metrics/", "/metrics"),
    ("/entries/key0000000000001/", "/entries/key0000000000001"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "meant"), SLASHES)
@pytest.mark.parametrize("query", ["", "?q=a%20b&c=%D0%B4"])
def test_a_slash_leads_to_the_page_that_is_meant(press: Press, asked: str, meant: str, query: str) -> None:
    answer = press.get(asked + query, host="evil.example")
    if answer.status == 401:  # whoever names another host is not on this machine
        answer = press.get(asked + query)
    assert answer.status == 308
    to = answer.headers["location"]
    assert urljoin(asked, to) == meant + query
    assert press.get(meant).status == 200


@pytest.mark.parametrize(("asked", "meant"), SLASHES)
def test_a_key_before_the_path_stays_and_is_not_named(closed: Press, asked: str, meant: str) -> None:
    key = "master" if asked.startswith(("/status", "/metrics")) else "sesame"
    answer = closed.get(f"/k/{key}{asked}")
    assert answer.status == 308
    assert key not in str(answer)
    assert urljoin(f"/k/{key}{asked}", answer.headers["location"]) == f"/k/{key}{meant}"


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/topics//", "//topics", "/entries//x", "/archive/x/y", "/..", "/archive/1.rss", "/archive/01.atom",
     "/archive/2026-13", "/archive/1999-01", "/topics/none", "/sources/none", "/entries/none/", "/feed.atom/",
     "//evil.example", "/topics/%2F%2Fevil.example"],
)  # fmt: skip
def test_what_is_no_page_is_none_with_a_slash(press: Press, path: str) -> None:
    answer = press.get(path, host="evil.example")
    assert (answer.status, "location" in answer.headers) == (404, False)
    assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("name", ["a:b", "..", "%2e%2e", "%2Fevil.example", "%0d%0aX:1", "javascript:alert(1)"])
def test_a_redirect_stays_on_the_site(press: Press, name: str) -> None:
    answer = press.get(f"/topics/{name}")
    assert answer.status in (308, 404)
    assert "x" not in answer.headers
    to = urljoin(f"https://wire.example/topics/{name}", answer.headers.get("location", ""))
    assert to.startswith("https://wire.example/")


@pytest.mark.parametrize("path", ["/", "/topics/", "/sources/paper-1/", "/entries/key0000000000001", "/search?q=goats"])
def test_no_page_names_the_key_it_was_asked_with(closed: Press, path: str) -> None:
    answer = closed.get(f"/k/sesame{path}")
    assert answer.status == 200
    assert "sesame" not in str(answer)
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_only_operators_are_led_to_the_status(closed: Press) -> None:
    def leads(path: str, **headers: str) -> bool:
        return b'href="/status"' in closed.get(path, **headers).body

    assert leads("/k/sesame/")  # from this machine
    assert not leads("/k/sesame/", host="wire.example")
    assert leads("/k/master/", host="wire.example")
    assert not leads("/k/sesame/nothing", host="wire.example")


def test_the_icon_is_one(press: Press) -> None:
    answer = press.get("/favicon.ico")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/x-icon")
    assert answer.headers["cache-control"] == "public, max-age=604800"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.body == icon.drawn()
    kind, count, width, height = struct.unpack_from("<2x2H2B", answer.body)
    size, offset = struct.unpack_from("<2I", answer.body, 14)
    assert (kind, count, width, height) == (1, 1, 32, 32)
    assert offset + size == len(answer.body)


def test_the_icon_is_for_everybody(closed: Press) -> None:
    assert closed.get("/favicon.ico").status == 200
