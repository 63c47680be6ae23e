"""All pages that can be reached from the front page: sound, small, and without a link that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from markup import Soundness, read
from sites import HOSTILE, Press, keep, served, told

from worker.model import Topic
from worker.store import entries, stories, topics
from worker.store.database import transaction
from worker.web.pages.frame import MOST_BYTES

NOW_ = 130  # entries: more than three leaves of the front page
#: What others serve; whether it is there is for their tests.
_ELSEWHERE = ("/feed.", "/opml", "/search", "/status")


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with served(tmp_path) as site:
        yield site


def filled(press: Press) -> None:
    """An archive with stories, revisions, topics, a text in parts, and a hostile title."""
    rows = [told(number) for number in range(1, NOW_ + 1)]
    rows[3] = replace(rows[3], title=HOSTILE, source=HOSTILE, text=f"{HOSTILE}\n{HOSTILE}")
    rows[4] = replace(rows[4], text="\n".join(f"Goat {n} has been counted & found." for n in range(4000)))
    rows[5] = replace(rows[5], title="", source=None, link="javascript:alert(1)", language=None)
    rows[6] = replace(rows[6], source="Сарыбел жаңалықтары", title="Сарыбелде шеберхана ашылды", language="kk")
    rows[9] = replace(rows[9], story=2)
    rows[12] = replace(rows[12], story=2)
    with press.store() as db:
        keep(db, rows)
        with transaction(db):
            stories.add_revisions(db, [(2, "An older text of it\n" + rows[1].text, "a correction")], rows[1].stored)
            topics.sync(db, [Topic(name="Goats & more", slug="goats-more", query="goats")])
        while topics.any_pending(db):
            with transaction(db):
                topics.match_step(db)


def crawled(press: Press) -> dict[str, Soundness]:
    """Every page that can be reached, by its address."""
    found: dict[str, Soundness] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer = press.get(path)
        assert answer.status == 200, path
        assert len(answer.body) <= MOST_BYTES, path
        found[path] = read(answer.body)
        for href in found[path].links:
            if not href.startswith(("http:", "https:")):
                target = urldefrag(urljoin(path, href)).url
                if not any(part in target for part in _ELSEWHERE):
                    waiting.append(target)
            assert href.startswith(("/", "#", "https:", "http:")), href
    return found


def test_every_link_leads_to_a_sound_page(press: Press) -> None:
    filled(press)
    pages = crawled(press)
    assert {path: page.wrong for path, page in pages.items() if page.wrong} == {}
    with press.store() as db:
        keys = {f"/entries/{entry.key}" for entry in entries.numbered(db, range(1, NOW_ + 1))}
    assert keys <= set(pages)  # also those that a story names, and those far down
    assert "/archive/2026-10/" in pages
    assert any("part=2" in path for path in pages)


def test_pages_of_an_empty_archive_are_sound(press: Press) -> None:
    pages = crawled(press)
    assert {path: page.wrong for path, page in pages.items() if page.wrong} == {}
    assert set(pages) == {"/", "/topics/", "/sources/", "/archive/"}


@pytest.mark.parametrize("path", ["/nothing", "/entries/key0000000000002?part=99"])
def test_pages_that_say_why_there_is_none_are_sound(press: Press, path: str) -> None:
    filled(press)
    answer = press.get(path)
    assert (answer.status, read(answer.body).wrong) == (404, [])


def test_every_page_leads_to_the_feeds_of_the_wire_and_to_its_own(press: Press) -> None:
    filled(press)
    wire = ["/feed.atom", "/feed.rss", "/feed.json"]
    for path in ("/", "/archive/", "/archive/2026-10/", "/entries/key0000000000002", "/topics/", "/sources/"):
        feeds = [href for href in read(press.get(path).body).links if "feed." in href]
        assert feeds == wire * 2, path  # in the head, and at the foot
    for path in ("/topics/goats-more/", "/sources/paper-1/"):
        links = read(press.get(path).body).links
        assert links[:6] == [path + "feed.atom", path + "feed.rss", path + "feed.json", *wire]
        assert "/opml" in links
