"""The feed of a search over HTTP: like every other feed, though it is made when it is asked for."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import sleep

import feedparser
import pytest
from sites import NOW, Press, keep, served, told

from worker.model.keys import Key, KeyKind
from worker.store.keys import digest_of
from worker.web.moving import Versions

PATH = "/search.atom?q=goats"
LINK = '<https://wire.example.org/search.atom?q=goats>; rel="self"'


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        with site.store() as db:
            keep(db, [told(1), told(2)])
        yield site


def moment(header: str) -> int:
    return int(parsedate_to_datetime(header).timestamp())


def test_it_is_told_as_every_feed(press: Press) -> None:
    press.publish(b"<feed/>")
    answer, other = press.get(PATH), press.get("/feed.atom")
    assert len(feedparser.parse(answer.body).entries) == 2
    assert answer.headers.keys() - {"x-robots-tag"} == other.headers.keys()
    for name in ("content-type", "cache-control", "vary", "content-security-policy", "referrer-policy"):
        assert answer.headers[name] == other.headers[name]
    assert answer.headers["link"] == LINK
    assert answer.headers["x-robots-tag"] == "noindex"
    assert press.get("/search.atom?from=&q=goats&order=").headers["link"] == LINK
    assert moment(answer.headers["last-modified"]) <= moment(answer.headers["date"]) + 2


def test_gzip_head_and_304(press: Press) -> None:
    plain, zipped = press.get(PATH), press.get(PATH, accept_encoding="gzip")
    assert gzip.decompress(zipped.body) == plain.body
    assert (zipped.headers["content-encoding"], len(zipped.body) < len(plain.body)) == ("gzip", True)
    assert zipped.headers["etag"] != plain.headers["etag"]
    head = press.get(PATH, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, "date": ""} == {**plain.headers, "date": ""}
    for answer, encoding in ((plain, "identity"), (zipped, "gzip")):
        for asked in (
            {"if_none_match": answer.headers["etag"]},
            {"if_modified_since": answer.headers["last-modified"]},
        ):
            again = press.get(PATH, accept_encoding=encoding, **asked)
            assert (again.status, again.body) == (304, b"")
            for name in ("etag", "last-modified", "cache-control", "vary", "link"):
                assert again.headers[name] == answer.headers[name]
    assert press.get(PATH, if_none_match=zipped.headers["etag"]).status == 200
    assert press.get(PATH, if_modified_since="Sun, 06 Nov 1994 08:49:37 GMT").status == 200


def test_its_validators_move_together(press: Press) -> None:
    first = press.get(PATH)
    with press.store() as db:
        keep(db, [told(3)])  # most likely within the second
    second = press.get(PATH)
    assert second.headers["etag"] != first.headers["etag"]
    assert moment(second.headers["last-modified"]) <= moment(second.headers["date"]) + 2
    assert press.get(PATH, if_modified_since=first.headers["last-modified"]).status == 200
    sleep(1.1)
    settled = press.get(PATH).headers["last-modified"]
    assert moment(settled) > moment(first.headers["last-modified"])
    with press.store() as db:
        db.conn.execute("delete from entries_fts where rowid = 3")  # what leaves it moves it, too
    assert press.get(PATH, if_modified_since=settled).status == 200


def test_versions_move_forward_also_when_they_come_back() -> None:
    versions = Versions()
    assert [versions.modified("u", digest, 100) for digest in "aabba"] == [100, 100, 101, 101, 102]
    assert versions.modified("u", "a", 500) == 102
    assert versions.modified("u", "c", 50) == 103
    for number in range(2_000):
        versions.modified(str(number), "a", 600)
    assert versions.modified("u", "d", 600) > 600  # whoever was told 600 of it is not told that nothing changed
    assert versions.modified("u", "e", 700) == 700


def test_it_is_private_where_keys_are_in_force(press: Press) -> None:
    digest = digest_of(b"sesame")
    press.keys.append(Key(number=1, name="ana", kind=KeyKind.READER, digest=digest, created=NOW, revoked=None))
    press.seconds += 2
    assert press.get(PATH).status == 401
    answer = press.get("/k/sesame" + PATH)
    assert (answer.status, answer.headers["link"]) == (200, LINK)
    assert answer.headers["cache-control"] == "private, max-age=60"
    again = press.get("/k/sesame" + PATH, if_none_match=answer.headers["etag"])
    assert (again.status, again.headers["cache-control"]) == (304, "private, max-age=60")
