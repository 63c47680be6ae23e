"""publish: topics that come, go or are renamed, sources that are filled in, and that no others are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW
from editions import Edition, heads, unchanged
from feed_rules import ATOM, ids
from gazette import news

from worker.model import Topic, slug_of

LATER = NOW + timedelta(hours=1)
FERRIES = Topic(name="Ferries", slug="ferries", query="title: ferry")
EVEN = [news(number, title=f"{'Ferry' if number % 2 else 'Goat'} {number} returns") for number in range(200)]


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    made = Edition(tmp_path)
    made.put_in(*EVEN[:120])
    made.issue()
    return made


def found(edition: Edition, odd: int = 1, last: int = 120) -> list[str]:
    return [uri for at, uri in enumerate(edition.uris(*range(1, last + 1))) if at % 2 == odd]


# ── Topics ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_topic_over_an_old_archive(edition: Edition) -> None:
    edition.follow(FERRIES)
    names = [*heads("topics/ferries/"), "topics/ferries/archive/1.atom", "topics/ferries/archive/2.atom", "opml"]
    with unchanged(edition, *names):
        edition.issue(LATER)
    told = found(edition)
    assert ids(edition.head("topics/ferries/")) == told[:-51:-1]
    assert [ids(node) for node in edition.archives("topics/ferries/")] == [told[49:24:-1], told[24::-1]]
    with unchanged(edition):
        edition.issue(LATER)


def test_it_goes_on_with_what_comes(edition: Edition) -> None:
    edition.follow(FERRIES)
    edition.issue()
    edition.put_in(EVEN[120])
    with unchanged(edition, *heads("", edition.source(121))):
        edition.issue(LATER)
    edition.put_in(EVEN[121])
    with unchanged(edition, *heads("", "topics/ferries/", edition.source(122))):
        edition.issue(LATER)
    edition.put_in(*EVEN[122:180])
    edition.issue(LATER)
    assert set(edition.held("topics/ferries/")) == set(found(edition, last=180))


def test_one_that_is_renamed_takes_its_history_along(edition: Edition) -> None:
    edition.follow(FERRIES)
    edition.issue()
    edition.follow(replace(FERRIES, name="Ships", slug="ships"))
    edition.issue(LATER)
    assert not (edition.public / "topics/ferries").exists()
    assert edition.head("topics/ships/").findtext(f"{ATOM}title") == "Ships – Wire"
    assert set(edition.held("topics/ships/")) == set(found(edition))
    assert "Ferries" not in (edition.public / "opml").read_text()


def test_one_with_another_name_alone(edition: Edition) -> None:
    edition.follow(FERRIES)
    edition.issue()
    edition.follow(replace(FERRIES, name="Ships"))
    with unchanged(edition, *heads("topics/ferries/"), "opml"):
        edition.issue(LATER)


@pytest.mark.parametrize("query", ["title: goat", "title: ferry AND 3", "zeppelin"])
@pytest.mark.parametrize("thoroughly", [False, True])
def test_one_with_another_query_begins_anew(edition: Edition, query: str, thoroughly: bool) -> None:
    edition.follow(FERRIES)
    edition.issue()
    other = replace(FERRIES, query=query)
    edition.follow(other)
    edition.issue(LATER, thoroughly=thoroughly)
    with edition.store() as db:
        rows = db.conn.execute("select uri from entry_topics join entries on number = entry").fetchall()
    assert set(edition.held("topics/ferries/", strictly=thoroughly)) == {uri for (uri,) in rows}
    if query == "title: goat":
        assert {uri for (uri,) in rows} == set(found(edition, 0))


def test_one_that_is_removed_leaves_nothing(edition: Edition) -> None:
    before = set(edition.files())
    edition.follow(FERRIES)
    edition.issue()
    edition.follow()
    edition.issue(LATER)
    assert set(edition.files()) == before
    assert "Ferries" not in (edition.public / "opml").read_text()


def test_one_that_comes_again_finds_nothing_of_the_one_before(edition: Edition) -> None:
    edition.follow(FERRIES)
    edition.issue()
    edition.follow()
    edition.follow(replace(FERRIES, query="title: goat"))
    edition.issue(LATER, thoroughly=False)
    assert set(edition.held("topics/ferries/")) == set(found(edition, 0))


def test_of_a_thousand_topics_those_three_are_written(edition: Edition) -> None:
    topics = [Topic(name=f"Topic {at}", slug=f"topic-{at}", query=f"title: {at}") for at in range(1000)]
    edition.follow(*topics)
    edition.issue()
    told = [news(1000 + at, title=f"Number {at}", source="Kabar") for at in (130, 531, 932)]
    edition.put_in(*told)
    with unchanged(
        edition, *heads("", "topics/topic-130/", "topics/topic-531/", "topics/topic-932/", "sources/kabar/")
    ):
        done = edition.issue(LATER, thoroughly=False)
    assert len(done.channels) == 5


# ── Sources ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_source_that_is_filled_in(edition: Edition) -> None:
    (uri,) = edition.put_in(replace(news(500), source=""))
    with unchanged(edition, *heads("")):
        edition.issue()
    edition.fill(121, source="Kabar")
    with unchanged(edition, *heads("", "sources/kabar/")):
        edition.issue(LATER)
    assert ids(edition.head("sources/kabar/"))[0] == uri


def test_a_source_that_is_corrected(edition: Edition) -> None:
    (uri,) = edition.put_in(news(500, source="Kabra"))
    edition.issue()
    assert ids(edition.head(f"sources/{slug_of('Kabra')}/")) == [uri]
    edition.fill(121, source="Kabar")
    with unchanged(edition, *heads("", "sources/kabra/", "sources/kabar/")):
        edition.issue(LATER)
    assert ids(edition.head("sources/kabra/")) == []
    assert uri in ids(edition.head("sources/kabar/"))


def test_a_source_has_what_another_told_first(edition: Edition) -> None:
    (uri,) = edition.put_in(news(500, source="Kabar"))
    edition.fill(121, story=7)
    edition.issue(LATER)
    assert uri in ids(edition.head("sources/kabar/"))
    assert uri not in edition.held()
