"""call and hook: what goes out is signed and the same at every try; whatever the other side does is an answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from http_peers import OK, HttpPeer, certificate, listening, says
from hypothesis import given, settings
from hypothesis import strategies as st

from worker import __version__
from worker.model import Also, Entry, StatedDate, Topic
from worker.model.calls import Answer, Call, CallKind, CallState
from worker.outlet import hook
from worker.outlet.call import Caller, Timeouts

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHORT = Timeouts(connect=0.5, read=0.4, whole=0.8)
SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
FEED = "https://wire.example.org/topics/roads & ferries/feed.atom"


@pytest.fixture
def up() -> Iterator[tuple[HttpPeer, str]]:
    with listening() as peer:
        yield peer


def entry(**changed: object) -> Entry:
    made = Entry(
        number=7,
        key="k7",
        uri="tag:example.org,2026:item/k7",
        title="Ferry <back>",
        title_derived=False,
        published=StatedDate.from_iso("2026-11-07T09:40"),
        source="Lake Post",
        language="en",
        link="https://lake.example/7",
        text="It is & was.\nTomorrow, too.",
        stored=NOW,
        updated=NOW,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def call(url: str, body: bytes = b"{}") -> Call:
    return Call(
        number=1,
        kind=CallKind.ENTRY,
        url=url,
        subject="tag:example.org,2026:item/k7",
        body=body,
        asked=1,
        state=CallState.QUEUED,
        tries=0,
        failing=None,
        next_try=NOW,
        reply=None,
        created=NOW,
        changed=NOW,
    )


def ping(url: str, timeouts: Timeouts = SHORT) -> Answer:
    return Caller(timeouts=timeouts).ping(url, FEED, now=NOW)


# ── What goes out ───────────────────────────────────────────────────────────────────────────────────


def test_a_hub_is_told_in_a_form(up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    assert ping(url) == Answer(code=204, text="No Content")
    (heard,) = peer.heard
    assert (heard.method, heard.path) == ("POST", "/hook")
    assert parse_qs(heard.body.decode()) == {"hub.mode": ["publish"], "hub.url": [FEED]}
    assert heard.headers["content-type"] == "application/x-www-form-urlencoded"
    assert heard.headers["user-agent"] == f"seedwire/{__version__}"
    assert "cookie" not in heard.headers


@pytest.mark.parametrize("secret", [SECRET, "a plain secret of words"])
def test_a_webhook_can_verify_with_nothing_but_the_standard_library(up: tuple[HttpPeer, str], secret: str) -> None:
    peer, url = up
    body = hook.body(hook.Told(entry=entry()), base_url="https://wire.example.org", zone=UTC)
    for moment in (NOW, NOW + timedelta(hours=3)):
        headers = hook.signature(secret, hook.message_id(call(url)), moment, body)
        assert Caller().tell(url, body, headers, now=moment).code == 204
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    for heard in peer.heard:
        signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        assert heard.headers["webhook-signature"] == f"v1,{expected}"
        assert heard.headers["content-type"].startswith("application/json")
    first, second = peer.heard
    assert first.body == second.body == body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    stamps = [int(heard.headers["webhook-timestamp"]) for heard in peer.heard]
    assert stamps == [int(NOW.timestamp()), int(NOW.timestamp()) + 3 * 3600]


def test_a_signature_worked_out_by_hand() -> None:
    """By another road: openssl dgst -sha256 -mac HMAC over the same bytes, of the key 00 01 … 17."""
    found = hook.signature(SECRET, "msg_1", datetime.fromtimestamp(1700000000, UTC), b'{"a":1}')
    assert found["webhook-timestamp"] == "1700000000"
    assert found["webhook-signature"] == "v1,YOREwC5BRUvI4ezImQEgEteB7JbPr/Iy2YCZe049/5g="


def test_ids_differ_by_webhook_and_entry() -> None:
    one = call("https://a.example/")
    assert hook.message_id(one) == hook.message_id(replace(one, number=9, tries=4, body=b"other"))
    others = {hook.message_id(replace(one, url="https://b.example/")), hook.message_id(replace(one, subject="tag:x"))}
    assert len({hook.message_id(one), *others}) == 3


def test_what_is_told_of_an_entry() -> None:
    also = (
        Also(key="k9", source="Hill Radio", title="t", link="https://hill.example/9", published=None),
        Also(key="k8", source=None, title="Other title", link="javascript:alert(1)", published=None),
    )
    topics = (Topic(name="Roads & Ferries", slug="roads-ferries", query="x"),)
    zone = datetime.fromisoformat("2026-01-01T00:00+05:00").tzinfo
    assert zone is not None
    told = hook.body(hook.Told(entry=entry(), also=also, topics=topics), base_url="https://w.example", zone=zone)
    assert json.loads(told) == {
        "type": "entry.new",
        "id": "tag:example.org,2026:item/k7",
        "url": "https://w.example/entries/k7",
        "title": "Ferry <back>",
        "published": "2026-11-07T04:40:00Z",
        "published_stated": "2026-11-07T09:40",
        "updated": "2026-11-24T12:00:00Z",
        "source": "Lake Post",
        "language": "en",
        "link": "https://lake.example/7",
        "topics": [
            {"name": "Roads & Ferries", "slug": "roads-ferries", "url": "https://w.example/topics/roads-ferries/"}
        ],
        "text": "It is & was.\nTomorrow, too.",
        "content_html": "<p>It is &amp; was.</p>\n<p>Tomorrow, too.</p>\n",
        "also_in": [
            {"name": "Hill Radio", "link": "https://hill.example/9", "url": "https://w.example/entries/k9"},
            {"name": "Other title", "link": None, "url": "https://w.example/entries/k8"},
        ],
        "also_count": 2,
    }


@given(st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=40))
def test_any_text_makes_valid_json_in_utf8_and_the_same_each_time(title: str, text: str) -> None:
    one = hook.Told(entry=entry(title=title, text=text, published=None, link=None, source=None))
    first = hook.body(one, base_url="https://w.example", zone=UTC)
    assert first == hook.body(one, base_url="https://w.example", zone=UTC)
    assert json.loads(first.decode())["published"] is None


@pytest.mark.parametrize("secret", ["short", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all!!", "tab\t" * 9])
def test_secrets_that_will_not_do_are_not_repeated(secret: str) -> None:
    wanted = hook.wrong_with(secret)
    assert wanted is not None
    assert secret == "whsec_" or secret not in wanted
    assert hook.wrong_with(SECRET) is hook.wrong_with("sixteen letters!") is None


# ── What comes back ─────────────────────────────────────────────────────────────────────────────────


def test_an_answer_that_says_no_tells_why_in_one_line(up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    body = "<h1>No\r\n such\u202e topic</h1>".encode()
    peer.answers = [says(400, "Content-Type: text/html", body=body, reason="Bad")]
    assert ping(url) == Answer(code=400, text="Bad: No such topic")
    peer.answers = [says(500, "Content-Type: image/png", body=b"\x89PNG", reason="Oops")]
    assert ping(url) == Answer(code=500, text="Oops")


@pytest.mark.parametrize(
    ("stated", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("99999999999999999999", None),
        ("Tue, 99 Nov 2026 99:00:00 GMT", None),
    ],
)
def test_retry_after(up: tuple[HttpPeer, str], stated: str, wait: timedelta | None) -> None:
    peer, url = up
    peer.answers = [says(503, f"Retry-After: {stated}")]
    assert ping(url).wait == wait


def test_redirects_are_not_followed_nor_their_bodies_read(up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    with listening() as (elsewhere, other):
        head = f"HTTP/1.1 302 Found\r\nLocation: {other}\r\n\r\n".encode()
        peer.answers = [says(307, f"Location: {other}"), lambda sock: peer.floods(sock, head)]
        began = time.monotonic()
        answers = [ping(url, Timeouts()), ping(url, Timeouts())]
        assert time.monotonic() - began < 5
        assert [answer.code for answer in answers] == [307, 302]
        assert "not followed" in answers[0].text
        assert elsewhere.heard == []


def test_a_server_that_never_answers(up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    peer.answers = [peer.silent]
    assert ping(url) == Answer(code=0, text="no answer within 0.4 s")


def test_a_server_that_drips_is_cut_off(up: tuple[HttpPeer, str]) -> None:
    """Each byte comes within the time-out of reading; the whole has its own."""
    peer, url = up
    peer.answers = [peer.drips]
    began = time.monotonic()
    assert ping(url) == Answer(code=0, text="no whole answer within 0.8 s")
    assert time.monotonic() - began < 3


def test_a_body_without_end_costs_nothing(up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    failing = b"HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n\r\n"
    packed = b"HTTP/1.1 500 No\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n"
    peer.answers = [peer.floods, lambda sock: peer.floods(sock, failing), lambda sock: peer.floods(sock, packed)]
    began = time.monotonic()
    assert [ping(url, Timeouts()).code for _ in range(3)] == [200, 500, 500]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"220 mail.example.org ESMTP\r\n",
        b"HTTP/1.1 banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 11\r\n\r\n",
        b"HTTP/1.1 500 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 500 OK\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 301 Go\r\nLocation: http://[half\r\n\r\n",
        b"HTTP/1.1 301 \xff\xfe\x00\r\nLocation: \xff\r\n\r\n",
        b"\x00\xff" * 5000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
    ],
)
def test_whatever_comes_is_an_answer(up: tuple[HttpPeer, str], answer: bytes) -> None:
    peer, url = up
    peer.answers = [answer]
    found = ping(url)
    assert found.code == 0 or 100 <= found.code <= 599
    assert "\n" not in found.text
    assert found.code or found.text


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer(garbage: bytes) -> None:
    with listening() as (peer, url):
        peer.answers = [b"HTTP/1.1 " + garbage]
        assert isinstance(ping(url), Answer)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert ping(f"http://127.0.0.1:{port}/") == Answer(code=0, text="no connection: Connection refused")
    for wrong in ("http://127.0.0.1:99999/", "http://" + "a" * 70 + ".example/", "http://.example/", "http://[::"):
        found = ping(wrong)
        assert found.code == 0
        assert found.text


def test_a_complaint_never_holds_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "hush" not in ping(f"http://user:hush@127.0.0.1:{port}/hush?token=hush").text


def test_a_password_in_an_address_goes_out_as_basic_auth(up: tuple[HttpPeer, str]) -> None:
    peer, url = up
    assert ping(url.replace("//", "//user:hush@")).code == 204
    assert peer.heard[0].headers["authorization"] == "Basic " + base64.b64encode(b"user:hush").decode()


def test_nothing_comes_from_the_environment(
    up: tuple[HttpPeer, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a proxy nor a password for the host."""
    peer, url = up
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login user password hush")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    assert ping(url).code == 204
    assert "authorization" not in peer.heard[0].headers


# ── TLS ─────────────────────────────────────────────────────────────────────────────────────────────


def test_certificates_are_verified(tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with listening(context=server) as (peer, url):
        refused = ping(url, Timeouts())
        assert refused.code == 0
        assert refused.text.startswith("TLS: self")
        assert peer.heard == []
        other = url.replace("127.0.0.1", "localhost")
        caller = Caller(context=client)
        assert "TLS: Hostname mismatch" in caller.ping(other, FEED, now=NOW).text
        assert caller.ping(url, FEED, now=NOW).code == 204
        peer.answers = [peer.drips]
        slow = Caller(context=client, timeouts=SHORT)
        assert slow.ping(url, FEED, now=NOW).text == "no whole answer within 0.8 s"


def test_a_handshake_that_never_ends_and_a_server_without_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"https://127.0.0.1:{mute.getsockname()[1]}/"
        began = time.monotonic()
        assert ping(address).code == 0
        assert time.monotonic() - began < 3
    with socket.create_server(("127.0.0.1", 0)) as plain:
        answering = threading.Thread(target=_says_at_once, args=(plain,))
        answering.start()
        assert ping(f"https://127.0.0.1:{plain.getsockname()[1]}/").text.startswith("TLS: ")
        answering.join()


def _says_at_once(server: socket.socket) -> None:
    with server.accept()[0] as sock:
        sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        sock.recv(4096)


# ── Several at once ─────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_left_behind() -> None:
    """Neither threads nor sockets: a warning of an unclosed socket would be an error here."""
    before = threading.active_count()
    caller = Caller(timeouts=SHORT)
    with listening() as (peer, url):
        peer.answers = [OK, peer.drips, b"garbage", says(500)]
        for _ in range(4):
            caller.ping(url, FEED, now=NOW)
    for _ in range(100):
        if threading.active_count() <= before:
            break
        time.sleep(0.02)
    assert threading.active_count() <= before
