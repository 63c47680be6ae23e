"""The feed over HTTP (RFC 9110): validators that move together, 304, HEAD, gzip."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import NOW, Press, served

from worker.web.feed import accepts_gzip, unchanged

FEED = b"<feed>" + b"The ferry returns. " * 200 + b"</feed>"


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        yield site


@pytest.fixture
def etag(press: Press) -> str:
    press.publish(FEED)
    return press.get("/feed.atom").headers["etag"]


def test_not_there_before_it_is_published(press: Press) -> None:
    assert press.get("/feed.atom").status == 404
    press.publish(FEED)
    assert press.get("/feed.atom").status == 200


def test_the_feed_as_it_lies_in_the_public_folder(press: Press) -> None:
    press.publish(FEED)
    answer = press.get("/feed.atom")
    assert (answer.status, answer.body) == (200, FEED)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["content-length"] == str(len(FEED))
    assert answer.headers["last-modified"] == format_datetime(NOW, usegmt=True)
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert "content-encoding" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_the_etag_is_strong_and_stays_with_the_bytes(press: Press, etag: str) -> None:
    assert etag[0] == etag[-1] == '"'
    assert press.get("/feed.atom").headers["etag"] == etag
    press.publish(FEED + b"\n", seconds=5)
    other = press.get("/feed.atom").headers["etag"]
    press.publish(FEED, seconds=9)
    assert other != etag == press.get("/feed.atom").headers["etag"]


# ── Conditional requests ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '"x" , W/"y",{} ', "*", '"a,b", {}', "{},"])
def test_a_reader_that_has_it_gets_304(press: Press, etag: str, form: str) -> None:
    answer = press.get("/feed.atom", if_none_match=form.format(etag))
    assert (answer.status, answer.body) == (304, b"")
    told = press.get("/feed.atom").headers
    for name in ("etag", "last-modified", "cache-control", "vary"):
        assert answer.headers[name] == told[name]


@pytest.mark.parametrize("form", ['"x"', 'W/"x"', "", "x", '"', '"{}"', "{}x", '"*"'])
def test_a_reader_that_has_another_gets_the_feed(press: Press, etag: str, form: str) -> None:
    assert press.get("/feed.atom", if_none_match=form.format(etag.strip('"')[:-1])).status == 200


def test_if_modified_since_counts_only_without_if_none_match(press: Press, etag: str) -> None:
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
def test_a_date_that_is_none_is_overlooked(press: Press, date: str) -> None:
    press.publish(FEED)
    assert press.get("/feed.atom", if_modified_since=date).status == 200


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="latin-1")), st.text(st.characters(codec="latin-1")))
def test_no_header_breaks_it(tags: str, date: str) -> None:
    unchanged({"if-none-match": tags}, '"x"', 0)
    unchanged({"if-modified-since": date}, '"x"', 0)
    accepts_gzip(tags)


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"(Mon, )?\d{1,2} (Jan|Dec) \d{1,5} \d\d:\d\d:\d\d ?([+-]\d{4}|-0000|GMT)?", fullmatch=True))
def test_no_date_breaks_it(date: str) -> None:
    assert unchanged({"if-modified-since": date}, '"x"', 10**12) is False


def test_last_modified_moves_with_the_etag_even_within_a_second(press: Press) -> None:
    seen = []
    for number in range(4):
        press.publish(FEED + bytes([65 + number]))  # the clock stands still
        headers = press.get("/feed.atom").headers
        seen.append((parsedate_to_datetime(headers["last-modified"]), headers["etag"]))
    dates, tags = zip(*seen, strict=True)
    assert list(dates) == sorted(set(dates))
    assert len(set(tags)) == 4


# ── Methods and encodings ───────────────────────────────────────────────────────────────────────────


def test_head_is_get_without_the_body(press: Press, etag: str) -> None:
    get, head = press.get("/feed.atom"), press.get("/feed.atom", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}
    assert press.get("/feed.atom", "HEAD", if_none_match=etag).status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(press: Press, method: str) -> None:
    press.publish(FEED)
    answer = press.get("/feed.atom", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("accepted", ["gzip", "deflate, gzip, br, zstd", "GZIP;q=0.5", "x-gzip", "*", "gzip;q=1.000"])
def test_gzip_for_those_who_take_it(press: Press, etag: str, accepted: str) -> None:
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
def test_plain_bytes_for_those_who_do_not(press: Press, accepted: str) -> None:
    press.publish(FEED)
    answer = press.get("/feed.atom", accept_encoding=accepted)
    assert "content-encoding" not in answer.headers
    assert answer.body == FEED


def test_each_encoding_has_its_own_etag(press: Press, etag: str) -> None:
    zipped = press.get("/feed.atom", accept_encoding="gzip").headers["etag"]
    assert press.get("/feed.atom", accept_encoding="gzip", if_none_match=zipped).status == 304
    assert press.get("/feed.atom", accept_encoding="gzip", if_none_match=etag).status == 200
    assert press.get("/feed.atom", if_none_match=zipped).status == 200


def test_a_feed_that_was_taken_away_is_gone_and_comes_back(press: Press) -> None:
    press.publish(FEED)
    press.get("/feed.atom")
    press.feed.unlink()
    assert press.get("/feed.atom").status == 404
    press.publish(b"<feed/>")
    assert press.get("/feed.atom").body == b"<feed/>"
