"""The whole history by following links (RFC 5005), and every other document that one can subscribe to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import listparser
import pytest
import requests
from bs4 import BeautifulSoup
from consoles import serving
from gazette import FIRST, OUTLETS, News, news
from lxml import etree
from newsstand import ATOM, Newsstand, newsstand
from requests.structures import CaseInsensitiveDict

from worker.model import slug_of

MANY = 220
CLOSED_AT = 25  #: entries of an archive document
ROADS = f"topics/{slug_of('Roads and ferries')}"
ON_ROADS = re.compile(r"\b(ferry|bridge|road)\b", re.IGNORECASE)
_FH = "{http://purl.org/syndication/history/1.0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One document on the way into the past."""

    url: str
    content: bytes
    headers: CaseInsensitiveDict[str]

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.content)

    @property
    def ids(self) -> list[str]:
        return [entry.findtext(f"{ATOM}id") or "" for entry in self.root.findall(f"{ATOM}entry")]

    def linked(self, rel: str) -> list[str]:
        return [str(link.get("href")) for link in self.root.findall(f"{ATOM}link") if link.get("rel") == rel]


@dataclass
class Library:
    """A newsstand with more than a head can hold, and news that has not been used yet."""

    stand: Newsstand
    told: list[News]
    next: Iterator[int] = field(default_factory=lambda: count(1000))

    def walk(self, folder: str = "") -> list[Walked]:
        """The head, then every archive document, the newest first."""
        walked: list[Walked] = []
        url = f"{self.stand.base}/{folder}feed.atom"
        while url:
            assert url not in {one.url for one in walked}, "no way leads back"
            answer = requests.get(url, timeout=10)
            assert answer.status_code == 200, url
            walked.append(Walked(url=url, content=answer.content, headers=answer.headers))
            before = walked[-1].linked("prev-archive")
            assert len(before) <= 1
            url = before[0] if before else ""
        return walked


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    told = [news(number, stated=FIRST) for number in range(MANY)]
    with newsstand(serving(tmp_path_factory.mktemp("library")), *told) as stand:
        yield Library(stand, told)


def union(walked: list[Walked]) -> set[str]:
    return {one for document in walked for one in document.ids}


# ── Archive documents ───────────────────────────────────────────────────────────────────────────────


def test_the_way_into_the_past_leads_to_every_entry(library: Library) -> None:
    walked = library.walk()
    assert len(union(walked)) == len(library.told)
    archived = [one for document in walked[1:] for one in document.ids]
    assert len(archived) == len(set(archived)), "nothing was told again, so each stands in one archive document"
    assert len(archived) >= len(library.told) - CLOSED_AT


def test_an_archive_document(library: Library) -> None:
    head, *archives = library.walk()
    for number, document in zip(range(len(archives), 0, -1), archives, strict=True):
        assert document.url == f"{library.stand.base}/archive/{number}.atom"
        assert document.root.find(f"{_FH}archive") is not None
        assert document.linked("current") == [head.url]
        assert document.linked("self") == [document.url]
        assert 1 <= len(document.ids) <= CLOSED_AT
        assert "immutable" not in document.headers["Cache-Control"], "what is taken down goes from it"
        assert "max-age=86400" in document.headers["Cache-Control"]
        again = requests.get(document.url, headers={"If-None-Match": document.headers["ETag"]}, timeout=10)
        assert (again.status_code, again.content) == (304, b"")
        assert not feedparser.parse(document.content).bozo
    assert head.root.find(f"{_FH}archive") is None


def test_a_correction_to_an_old_entry_comes_back_through_the_head(library: Library) -> None:
    _, *before = library.walk()
    told = library.told[3]
    library.stand.revise(told)
    head, *after = library.walk()
    assert [(one.url, one.content) for one in after[-len(before) :]] == [(one.url, one.content) for one in before]
    newest = head.root.find(f"{ATOM}entry")
    assert newest is not None
    assert told.changed in " ".join(str(text) for text in newest.itertext())
    assert newest.findtext(f"{ATOM}id") in union(after), "it had been told before"
    assert len(union([head, *after])) == len(library.told)


def test_nobody_who_walks_while_news_comes_in_misses_any(library: Library) -> None:
    known = union(library.walk())
    fresh = [news(next(library.next)) for _ in range(60)]
    library.told += fresh
    for at in range(0, 60, 20):
        library.stand.put(*fresh[at : at + 20])

    def all_there() -> bool:
        nonlocal known
        found = union(library.walk())
        assert known <= found, "once told, never missing"
        known = found
        return len(found) == len(library.told)

    library.stand.daemon.until(all_there)


# ── Topics and sources ──────────────────────────────────────────────────────────────────────────────


def test_a_topic_has_a_history_of_its_own(library: Library) -> None:
    assert library.stand.get(f"{ROADS}/feed.atom").status_code == 200, "the feed of a topic"
    library.stand.daemon.until(lambda: len(union(library.walk())) == len(library.told))
    wanted = [one for one in library.told if ON_ROADS.search(f"{one.title} {' '.join(one.sentences)}")]
    assert len(wanted) > 2 * CLOSED_AT
    # The wire waits for no topic: this one may be told after it.
    library.stand.daemon.until(lambda: len(union(library.walk(f"{ROADS}/"))) >= len(wanted))
    walked = library.walk(f"{ROADS}/")
    assert len(union(walked)) == len(wanted)
    assert union(walked) <= union(library.walk())


def test_a_source_has_a_feed(library: Library) -> None:
    slugs = {outlet: slug_of(outlet) for outlet in OUTLETS}
    assert library.stand.get(f"sources/{slugs['Kabar']}/feed.atom").status_code == 200, "the feed of a source"
    everywhere: list[str] = []
    for slug in slugs.values():
        everywhere += union(library.walk(f"sources/{slug}/"))
    assert len(everywhere) == len(set(everywhere)), "each is of one source"
    assert set(everywhere) <= union(library.walk())


# ── Other formats ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("folder", ["", f"{ROADS}/", f"sources/{slug_of('Kabar')}/"])
def test_all_formats_tell_the_same(library: Library, folder: str) -> None:
    rss, json = library.stand.get(f"{folder}feed.rss"), library.stand.get(f"{folder}feed.json")
    assert rss.status_code == json.status_code == 200, f"/{folder}feed.rss and feed.json"
    atom = library.walk(folder)[0]
    parsed = feedparser.parse(rss.content)
    assert not parsed.bozo
    assert [entry.id for entry in parsed.entries] == atom.ids
    told = json.json()
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in told["items"]] == atom.ids
    assert rss.headers["Content-Type"].startswith("application/rss+xml")
    assert json.headers["Content-Type"].startswith("application/feed+json")


def test_opml_names_every_feed(library: Library, tmp_path: Path) -> None:
    answer = library.stand.get("opml")
    assert answer.status_code == 200, "/opml"
    parsed = listparser.parse(answer.text)
    assert not parsed.bozo
    urls = [feed.url for feed in parsed.feeds]
    assert len(urls) == len(set(urls))
    base = library.stand.base
    channels = ["", f"{ROADS}/", *(f"sources/{slug_of(outlet)}/" for outlet in OUTLETS)]
    assert {f"{base}/{folder}feed.atom" for folder in channels} <= set(urls)
    for url in urls:
        read = feedparser.parse(requests.get(url, timeout=10).content)
        assert not read.bozo, url


@pytest.mark.parametrize("page", ["", f"{ROADS}/", f"sources/{slug_of('Kabar')}/", "search?q=ferry"])
def test_a_page_names_its_feeds(library: Library, page: str) -> None:
    """Autodiscovery: what a reader finds that is given the address of a page."""
    answer = library.stand.get(page)
    assert answer.status_code == 200, f"/{page}"
    tree = BeautifulSoup(answer.content, "lxml")
    found = tree.find_all("link", rel="alternate", type="application/atom+xml")
    assert found
    assert all(link.get("title") for link in found)
    for link in found:
        address = urljoin(f"{library.stand.base}/{page}", str(link["href"]))
        assert requests.get(address, timeout=10).status_code == 200
