"""The pages, and what `/healthz` says."""

from __future__ import annotations

import hashlib
import json
import re
import socket
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from sites import HOSTILE, NOW, TEXT, Press, served

from worker import jobs
from worker.errors import ServeError
from worker.model import Entry, JobRun
from worker.store import entries
from worker.store.database import transaction
from worker.web.server import HttpServer, bind


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        yield site


def found(page: HtmlElement, path: str) -> list[str]:
    """The texts and attributes at an XPath."""
    result = page.xpath(path)
    assert isinstance(result, list)
    return [str(one) for one in result]


def words(page: HtmlElement, tag: str) -> str:
    return "".join(found(page, f"//{tag}//text()"))


def guarded(headers: dict[str, str]) -> None:
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "text/html; charset=utf-8"


# ── Pages ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_front_page_shows_the_newest_entries_first(press: Press) -> None:
    press.read(a="Ferry returns", b="В Сарыбеле открыли мастерскую")
    answer = press.get("/")
    assert answer.status == 200
    guarded(answer.headers)
    page = html.document_fromstring(answer.body.decode())
    assert found(page, "//article//h3/a/text()") == ["В Сарыбеле открыли мастерскую", "Ferry returns"]
    assert found(page, "//link[@type='application/atom+xml']/@href") == ["/feed.atom"]
    for link in found(page, "//article//h3/a/@href"):
        assert press.get(link).status == 200


def test_the_front_page_of_an_empty_archive(press: Press) -> None:
    answer = press.get("/")
    assert answer.status == 200
    assert b"Nothing yet" in answer.body


def test_an_entry_by_its_key(press: Press) -> None:
    press.read(a="Ferry returns")
    with press.store() as db:
        (entry,) = entries.newest(db, 1)
    answer = press.get(f"/entries/{entry.key}")
    guarded(answer.headers)
    page = html.document_fromstring(answer.body.decode())
    assert words(page, "h1") == "Ferry returns"
    assert TEXT in words(page, "main")
    assert "7 November 2026, 09:40" in words(page, "main")


def test_markup_in_a_title_is_text(press: Press) -> None:
    press.read(a=HOSTILE)
    with press.store() as db:
        (entry,) = entries.newest(db, 1)
    assert entry.title == HOSTILE
    for path in ("/", f"/entries/{entry.key}"):
        answer = press.get(path)
        assert b"<script" not in answer.body
        page = html.document_fromstring(answer.body.decode())
        assert HOSTILE in words(page, "main")
        assert found(page, "//script") == []


def story(press: Press, *titles: str) -> list[Entry]:
    """Entries that an operator made one story: the one that leads first."""
    press.read(**{f"p{number}": title for number, title in enumerate(titles)})
    with press.store() as db:
        lead, *others = sorted(entries.newest(db, 99), key=lambda entry: entry.number)
        jobs.join(db, lead, others, authority="example.org,2026", now=NOW)
        return list(entries.numbered(db, [lead.number, *(other.number for other in others)]))


def test_a_story_is_on_the_front_page_once_and_names_the_others(press: Press) -> None:
    lead, other, third = story(press, "Ferry returns", HOSTILE, "Goats counted")
    with press.store() as db, transaction(db):
        entries.update(db, [replace(other, source=HOSTILE, link="https://herald.example/1?a=1&b=2")])
        entries.update(db, [replace(third, source="Пастбище", link="javascript:alert(1)")])
    page = html.document_fromstring(press.get("/").body.decode())
    assert found(page, "//article//h3/a/text()") == ["Ferry returns"]
    assert found(page, "//p[contains(., 'Also in')]//bdi/text()") == [HOSTILE, "Пастбище"]
    page = html.document_fromstring(press.get(f"/entries/{lead.key}").body.decode())
    assert found(page, "//*[@id='also']//li//a[@rel]/@href") == ["https://herald.example/1?a=1&b=2"]
    assert found(page, "//*[@id='also']//li//bdi/text()") == [HOSTILE, HOSTILE, "Goats counted", "Пастбище"]
    assert found(page, "//script") == []
    for link in found(page, "//*[@id='also']//a[not(@rel)]/@href"):
        assert press.get(link).status == 200


def test_who_tells_a_story_too_leads_to_the_first(press: Press) -> None:
    lead, other = story(press, "Ferry returns", "Ferry sails again")
    page = html.document_fromstring(press.get(f"/entries/{other.key}").body.decode())
    assert words(page, "h1") == "Ferry sails again"
    assert found(page, f"//main/article/p/a[@href='/entries/{lead.key}']//text()") == ["Ferry returns"]
    assert found(page, "//*[@id='also']") == []


def test_a_story_of_many_names_some_and_links_to_the_rest(press: Press) -> None:
    (lead, *_) = story(press, *(f"Paper {number} tells of it" for number in range(9)))
    page = html.document_fromstring(press.get("/").body.decode())
    assert len(found(page, "//p[contains(., 'Also in')]//bdi")) == 6
    assert found(page, f"//a[@href='/entries/{lead.key}#also']/text()") == ["and 2 more"]


@pytest.mark.parametrize("path", ["/nothing", "/entries/zzz", "/entries/", "/entries/a/b", "/entries/%00", "/../etc"])
def test_what_is_not_there(press: Press, path: str) -> None:
    answer = press.get(path)
    assert answer.status == 404
    guarded(answer.headers)
    assert b"Not here" in answer.body


def test_the_style_sheet_is_in_the_page_and_no_other_is_taken(press: Press) -> None:
    answer = press.get("/")
    (style,) = re.findall(rb"<style>(.*?)</style>", answer.body, re.DOTALL)
    digest = b64encode(hashlib.sha256(style).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in answer.headers["content-security-policy"]
    page = html.document_fromstring(answer.body)
    assert found(page, "//link[@rel='stylesheet']/@href") == []
    assert found(page, "//*[@src or @style or @onclick]") == []


@pytest.mark.parametrize("path", ["/", "/healthz", "/archive/", "/topics/", "/sources/"])
def test_pages_are_only_read(press: Press, path: str) -> None:
    assert press.get(path, "POST").status == 405
    assert press.get(path, "HEAD").status == 200


# ── Health ──────────────────────────────────────────────────────────────────────────────────────────

GOOD = JobRun(job="scan", started=NOW - timedelta(minutes=1), succeeded=NOW - timedelta(minutes=1), error=None)
FRESH = JobRun(job="post", started=None, succeeded=None, error=None)
BAD = JobRun(job="publish", started=NOW, succeeded=NOW - timedelta(hours=2), error="no space left")


def test_well_while_nothing_has_failed(press: Press) -> None:
    press.runs = [GOOD, FRESH]
    answer = press.get("/healthz")
    told = json.loads(answer.body)
    assert (answer.status, told["status"], answer.headers["cache-control"]) == (200, "ok", "no-store")
    assert told["jobs"]["scan"] == {
        "ok": True,
        "last_run": "2026-11-23T11:59:00Z",
        "last_ok": "2026-11-23T11:59:00Z",
        "age_seconds": 60.0,
        "error": None,
    }
    assert told["jobs"]["post"]["ok"]
    assert told["jobs"]["post"]["age_seconds"] is None


def test_not_well_when_a_job_failed(press: Press) -> None:
    press.runs = [GOOD, BAD]
    answer = press.get("/healthz")
    told = json.loads(answer.body)
    assert (answer.status, told["status"]) == (503, "failing")
    assert (told["jobs"]["publish"]["error"], told["jobs"]["publish"]["age_seconds"]) == ("no space left", 7200.0)


def test_not_well_when_the_heart_has_stopped(press: Press) -> None:
    press.alive = False
    answer = press.get("/healthz")
    assert answer.status == 503
    assert "restart" in json.loads(answer.body)["scheduler"]


# ── The server ──────────────────────────────────────────────────────────────────────────────────────


def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(ServeError, match=rf"127\.0\.0\.1:{port} .*\[server\] listen"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(ServeError, match=host.replace(".", r"\.")):
        bind(host, 0)


def test_a_port_can_be_taken_again_at_once(tmp_path: Path) -> None:
    with served(tmp_path) as press:
        port = press.port
        press.get("/")
    bind("127.0.0.1", port).close()


def test_a_server_that_is_stopped_twice(tmp_path: Path) -> None:
    async def app(_scope: object, _receive: object, _send: object) -> None: ...

    with bind("127.0.0.1", 0) as sock:
        server = HttpServer(app, sock)
        server.start()
        server.stop()
        server.stop()
