"""Documents over HTTP (RFC 9110): validators that move together, 304, HEAD, gzip."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Iterator
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message
from wires import SINCE, Wire, wired

from worker.web.conditions import accepts_gzip, has_one, is_since
from worker.web.documents import Documents, is_document

FEED = b"<feed>" + b"The ferry returns. " * 200 + b"</feed>"


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Wire]:
    with wired(tmp_path, hubs=("https://hub.example/", "https://other.example/p?a=1")) as site:
        yield site


@pytest.fixture
def etag(press: Wire) -> str:
    press.publish(FEED)
    return press.get("/feed.atom").headers["etag"]


def test_not_there_before_it_is_published(press: Wire) -> None:
    assert press.get("/feed.atom").status == 404
    press.publish(FEED)
    assert press.get("/feed.atom").status == 200


def test_the_feed_as_it_lies_in_the_public_folder(press: Wire) -> None:
    press.publish(FEED)
    answer = press.get("/feed.atom")
    assert (answer.status, answer.body) == (200, FEED)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["content-length"] == str(len(FEED))
    assert answer.headers["last-modified"] == formatdate(SINCE, usegmt=True)
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert "content-encoding" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_the_etag_is_strong_and_stays_with_the_bytes(press: Wire, etag: str) -> None:
    assert etag[0] == etag[-1] == '"'
    assert press.get("/feed.atom").headers["etag"] == etag
    press.publish(FEED + b"\n", seconds=5)
    other = press.get("/feed.atom").headers["etag"]
    press.publish(FEED, seconds=9)
    assert other != etag == press.get("/feed.atom").headers["etag"]


# ── Conditional requests ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '"x" , W/"y",{} ', "*", '"a,b", {}', "{},"])
def test_a_reader_that_has_it_gets_304(press: Wire, etag: str, form: str) -> None:
    answer = press.get("/feed.atom", if_none_match=form.format(etag))
    assert (answer.status, answer.body) == (304, b"")
    told = press.get("/feed.atom").headers
    for name in ("etag", "last-modified", "cache-control", "vary", "link"):
        assert answer.headers[name] == told[name]


@pytest.mark.parametrize("form", ['"x"', 'W/"x"', "", "x", '"', '"{}"', "{}x", '"*"'])
def test_a_reader_that_has_another_gets_the_feed(press: Wire, etag: str, form: str) -> None:
    assert press.get("/feed.atom", if_none_match=form.format(etag.strip('"')[:-1])).status == 200


def test_if_modified_since_counts_only_without_if_none_match(press: Wire, etag: str) -> None:
    modified = press.get("/feed.atom").headers["last-modified"]
    earlier = "Sun, 06 Nov 1994 08:49:37 GMT"
    assert press.get("/feed.atom", if_modified_since=modified).status == 304
    assert press.get("/feed.atom", if_modified_since="Mon, 01 Jan 2035 00:00:00 GMT").status == 304
    assert press.get("/feed.atom", if_modified_since=earlier).status == 200
    assert press.get("/feed.atom", if_modified_since=modified, if_none_match='"x"').status == 200
    assert press.get("/feed.atom", if_modified_since=earlier, if_none_match=etag).status == 304


@pytest.mark.parametrize(
    "date", ["yesterday", "", "0", "Mon, 99 Foo 2026 00:00:00 GMT", "Fri, 31 Dec 99999 00:00:00 GMT"]
)
def test_a_date_that_is_none_is_overlooked(press: Wire, date: str) -> None:
    press.publish(FEED)
    assert press.get("/feed.atom", if_modified_since=date).status == 200


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_no_header_breaks_it(header: bytes) -> None:
    has_one(header, b'"x"')
    is_since(header, 0)
    accepts_gzip(header)


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"(Mon, )?\d{1,2} (Jan|Dec) \d{1,5} \d\d:\d\d:\d\d ?([+-]\d{4}|-0000|GMT)?", fullmatch=True))
def test_no_date_breaks_it(date: str) -> None:
    assert is_since(date.encode(), 10**12) is False


def test_last_modified_moves_with_the_etag_even_within_a_second(press: Wire) -> None:
    seen = []
    for number in range(4):
        press.publish(FEED + bytes([65 + number]))  # the file's time stands still
        headers = press.get("/feed.atom").headers
        seen.append((parsedate_to_datetime(headers["last-modified"]), headers["etag"]))
    dates, tags = zip(*seen, strict=True)
    assert list(dates) == sorted(set(dates))
    assert len(set(tags)) == 4


# ── Methods and encodings ───────────────────────────────────────────────────────────────────────────


def test_head_is_get_without_the_body(press: Wire, etag: str) -> None:
    get, head = press.get("/feed.atom"), press.get("/feed.atom", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}
    assert press.get("/feed.atom", "HEAD", if_none_match=etag).status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(press: Wire, method: str) -> None:
    press.publish(FEED)
    answer = press.get("/feed.atom", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("accepted", ["gzip", "deflate, gzip, br, zstd", "GZIP;q=0.5", "x-gzip", "*", "gzip;q=1.000"])
def test_gzip_for_those_who_take_it(press: Wire, etag: str, accepted: str) -> None:
    answer = press.get("/feed.atom", accept_encoding=accepted)
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == FEED
    assert answer.headers["content-length"] == str(len(answer.body))
    assert len(answer.body) < len(FEED)
    assert answer.headers["etag"] != etag
    assert answer.headers["vary"].lower() == "accept-encoding"


@pytest.mark.parametrize(
    "accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0", "*;q=0", "gzip;q=0.000, *", "*, gzip;q=0", "gzipped"]
)
def test_plain_bytes_for_those_who_do_not(press: Wire, accepted: str) -> None:
    press.publish(FEED)
    answer = press.get("/feed.atom", accept_encoding=accepted)
    assert "content-encoding" not in answer.headers
    assert answer.body == FEED


def test_each_encoding_has_its_own_etag(press: Wire, etag: str) -> None:
    zipped = press.get("/feed.atom", accept_encoding="gzip").headers["etag"]
    assert press.get("/feed.atom", accept_encoding="gzip", if_none_match=zipped).status == 304
    assert press.get("/feed.atom", accept_encoding="gzip", if_none_match=etag).status == 200
    assert press.get("/feed.atom", if_none_match=zipped).status == 200


def test_a_feed_that_was_taken_away_is_gone_and_comes_back(press: Wire) -> None:
    press.publish(FEED)
    press.get("/feed.atom")
    (press.public / "feed.atom").unlink()
    assert press.get("/feed.atom").status == 404
    press.publish(b"<feed/>")
    assert press.get("/feed.atom").body == b"<feed/>"


def test_a_large_document_comes_whole(press: Wire) -> None:
    content = bytes(range(256)) * 2000
    for _ in range(2):
        press.publish(content)
        assert press.get("/feed.atom").body == content
        assert press.get("/feed.atom", "HEAD").headers["content-length"] == str(len(content))


# ── The tree ────────────────────────────────────────────────────────────────────────────────────────

TREE = {
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.rss": "application/rss+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "archive/1.atom": "application/atom+xml; charset=utf-8",
    "topics/roads/feed.atom": "application/atom+xml; charset=utf-8",
    "topics/дороги-и-мосты/feed.json": "application/feed+json; charset=utf-8",
    "topics/सड़कें/archive/12.atom": "application/atom+xml; charset=utf-8",
    "sources/herald.example/feed.rss": "application/rss+xml; charset=utf-8",
}


@pytest.mark.parametrize("name", TREE)
def test_every_document_of_the_tree(press: Wire, name: str) -> None:
    press.publish(FEED, name)
    for _ in range(2):  # read, and at hand
        answer = press.get("/" + name)
        assert (answer.status, answer.body, answer.headers["content-type"]) == (200, FEED, TREE[name])
        age = 86400 if "archive" in name else 60
        assert answer.headers["cache-control"] == f"public, max-age={age}"
        hubs = '<https://hub.example/>; rel="hub", <https://other.example/p?a=1>; rel="hub", '
        told = hubs if "feed." in name else ""  # hubs are told of heads only
        assert answer.headers["link"] == f'{told}<https://news.example/wire/{quote(name)}>; rel="self"'
        for header in ("x-content-type-options", "referrer-policy", "x-frame-options", "content-security-policy"):
            assert answer.headers[header]
        assert press.get("/" + name, "HEAD").headers["link"] == answer.headers["link"]


@pytest.mark.parametrize(
    "path",
    [
        "/feed.atom/", "/feed.xml", "/.feed.atom.tmp", "/topics/../feed.atom", "/topics/./feed.atom",
        "/topics/%2e%2e/feed.atom", "/topics/..%2Ffeed.atom", "/topics/a/b/feed.atom", "/topics//feed.atom",
        "/topics/feed.atom", "/archive/0.atom", "/archive/01.atom", "/archive/-1.atom", "/archive/1.rss",
        "/archive/١.atom", "/topics/a%00/feed.atom", "/topics/a%5Cb/feed.atom", "/opml/", "//feed.atom", "/../secret",
        "/topics/a%0a/feed.atom", "/topics/.hidden/feed.atom", "/other/a/feed.atom", "/topics/a%25/feed.atom",
    ],
)  # fmt: skip
def test_no_other_name_is_opened(press: Wire, path: str) -> None:
    press.publish(b"secret", "../secret")
    press.publish(FEED)
    answer = press.get(path)
    assert answer.body in (b"page", b"Not Found\n")
    assert not is_document(unquote(path))


@pytest.mark.parametrize(
    "path", ["/topics/none/feed.atom", "/topics/%ff/feed.atom", "/topics/" + "x" * 255 + "/feed.atom"]
)
def test_a_document_that_is_not_there(press: Wire, path: str) -> None:
    assert press.get(path).status == 404


def test_what_is_no_file_is_not_read(press: Wire) -> None:
    (press.public / "feed.atom").mkdir(parents=True)
    os.mkfifo(press.public / "feed.rss")
    assert press.get("/feed.atom").status == 404
    assert press.get("/feed.rss").status == 404


@pytest.mark.parametrize("name", ["feed.atom?x=1", "%66eed.atom"])
def test_one_document_by_other_spellings(press: Wire, etag: str, name: str) -> None:
    assert press.get("/" + name).headers["etag"] == etag


def test_memory_is_bounded(tmp_path: Path) -> None:
    documents = Documents(tmp_path, base_url="http://x.example", max_age=60, limit=100_000)
    (tmp_path / "archive").mkdir()
    for number in range(1, 30):
        (tmp_path / "archive" / f"{number}.atom").write_bytes(b"%05d" % number * 2000)

    async def read() -> None:
        for number in range(1, 30):
            status, _ = await ask(documents, f"/archive/{number}.atom")
            assert status == 200
            assert 0 < documents.held <= 100_000

    asyncio.run(read())
    assert documents.held > 50_000


async def ask(app: ASGIApp, path: str) -> tuple[int, bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await app({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])
