"""Pages over HTTP: what guards them, and what spares asking for them again."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sites import Press, keep, served, told

from worker.errors import StoreError
from worker.store.reading import Readers

PATHS = [
    "/",
    "/topics/",
    "/sources/",
    "/sources/paper-1/",
    "/archive/",
    "/archive/2026-10/",
    "/entries/key0000000000001",
]


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        with site.store() as db:
            keep(db, [told(1), told(2)])
        yield site


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
def test_pages_are_guarded(press: Press, path: str) -> None:
    headers = press.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy.pop("style-src").startswith("'sha256-")
    assert policy == {
        "default-src": "'none'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_that_has_a_page_gets_304(press: Press, path: str) -> None:
    first = press.get(path)
    assert (first.headers["cache-control"], first.headers["vary"]) == ("no-cache", "Accept-Encoding")
    again = press.get(path, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert press.get(path, if_none_match='"x"').status == 200
    assert press.get(path, if_modified_since="Mon, 01 Jan 2035 00:00:00 GMT").status == 200


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_compressed_for_those_who_take_it(press: Press, path: str) -> None:
    plain, zipped = press.get(path), press.get(path, accept_encoding="gzip")
    assert gzip.decompress(zipped.body) == plain.body
    assert len(zipped.body) < len(plain.body) / 2
    assert zipped.headers["etag"] != plain.headers["etag"]
    assert press.get(path, accept_encoding="gzip", if_none_match=zipped.headers["etag"]).status == 304
    head = press.get(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.body))


def test_a_page_changes_with_the_archive(press: Press) -> None:
    before = press.get("/").headers["etag"]
    with press.store() as db:
        keep(db, [told(3)])
    assert press.get("/", if_none_match=before).status == 200


def test_a_broken_store_is_told_without_details(press: Press) -> None:
    with sqlite3.connect(press.folder / "seedwire.db") as connection:
        connection.execute("alter table channels rename to lost_channels")
    answer = press.get("/topics/")
    assert answer.status == 500
    assert b"Out of order" in answer.body
    for word in (b"channels", b"seedwire.db", b"Traceback", b"sqlite"):
        assert word not in answer.body
    assert press.get("/archive/").status == 200  # and the thread goes on


def test_pages_cannot_change_the_store(press: Press) -> None:
    with pytest.raises(StoreError), Readers(press.folder / "seedwire.db").store() as db:
        db.conn.execute("delete from entries")
