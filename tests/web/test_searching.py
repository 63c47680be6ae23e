"""The search page shows what was found, escaped; its feed tells the same."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlencode

import feedparser
import pytest
from askings import Looking, parsed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.model import Topic
from worker.store import channels, entries, topics, turns
from worker.store.database import transaction

HOSTILE = 'A <script>alert("ferry")</script> & ]]> ferry'


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    return Looking(tmp_path)


def fill(looking: Looking, number: int, title: str = "Ferry", text: str = "The ferry sails.", **more: object) -> None:
    values: dict[str, object] = {
        "number": number,
        "key": f"key{number}",
        "uri": f"tag:example.org,2026:item/key{number}",
        "title": title,
        "title_derived": 0,
        "text": text,
        "stored": f"2026-11-20T12:{number % 60:02}:00Z",
        "updated": f"2026-11-20T12:{number % 60:02}:00Z",
    } | more
    with looking.store() as db:
        db.conn.execute(
            f"insert into entries ({','.join(values)}) values ({','.join('?' * len(values))})", tuple(values.values())
        )
        db.conn.execute(
            "insert into entries_fts (rowid, title, text, source) select number, title, text, source from entries "
            "where number = ?",
            (number,),
        )


def links(page: str) -> list[str]:
    return [str(link) for link in parsed(page).xpath("//h3/a/@href")]


def test_without_words_there_is_a_form_and_nothing_else(looking: Looking) -> None:
    page = looking.get("/search").text
    tree = parsed(page)
    assert not tree.xpath("//h3")
    assert "/search.atom" not in page
    for field in tree.xpath("//form[@class='asking']//*[self::input or self::select]"):
        assert tree.xpath(f"//label[@for='{field.get('id')}']")


def test_titles_and_snippets_are_escaped_and_marked(looking: Looking) -> None:
    fill(looking, 1, HOSTILE, "The <b>ferry</b> & co sail.")
    page = looking.get("/search?q=ferry").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(&#34;<mark>ferry</mark>&#34;)" in page
    assert "The &lt;b&gt;<mark>ferry</mark>&lt;/b&gt; &amp; co sail." in page


def test_what_was_asked_stands_in_the_form(looking: Looking) -> None:
    fill(looking, 1, source="Harbour Board")
    with looking.store() as db, transaction(db):
        topics.sync(db, [Topic(name="Quays", slug="quays", query="quay")])
        db.conn.execute("insert into source_tallies values ('2026-11-20', 'Harbour Board', 1)")
    asked = {"q": '"a" ferry', "from": "2026-11-01", "to": "2026-11-30", "source": "harbour-board", "topic": "quays"}
    tree = parsed(looking.get("/search?" + urlencode(asked | {"order": "best"})).text)
    form = tree.xpath("//form[@class='asking']")[0]
    assert dict(form.fields) == asked | {"order": "best"}
    assert [option.text_content() for option in form.xpath(".//select[@name='source']/option")] == [
        "All sources",
        "Harbour Board",
    ]


def test_a_source_that_no_page_names_can_be_chosen(looking: Looking) -> None:
    fill(looking, 1, link="https://www.herald.example/1")
    fill(looking, 2, source="Lake Board")
    with looking.store() as db, transaction(db):
        known = entries.numbered(db, [1, 2])
        turns.add(db, [(channel, number) for number, channel in channels.of_sources(db, known).items()])
    form = parsed(looking.get("/search").text).xpath("//form[@class='asking']")[0]
    assert form.inputs["source"].value_options == ["", "herald-example", "lake-board"]
    assert links(looking.get("/search?q=ferry&source=herald-example").text) == ["/entries/key1"]


def test_hits_stay_small_whatever_they_are_called(looking: Looking) -> None:
    for number in range(1, 30):
        fill(looking, number, '"ferry" & ' * 2000, "&" * 20 + "ferry" * 4000 + " ferry")
    answer = looking.get("/search?q=ferry")
    assert len(links(answer.text)) == 20
    assert len(answer.body) < 100_000


def test_what_is_no_date_is_said_and_left_out(looking: Looking) -> None:
    fill(looking, 1)
    page = looking.get("/search?q=ferry&from=yesterday").text
    assert "“yesterday” is no date" in page
    assert links(page) == ["/entries/key1"]


def test_a_hit_of_another_telling_leads_to_the_one_that_leads(looking: Looking) -> None:
    fill(looking, 1, "Quay", "Nothing.")
    fill(looking, 2, "Boats", "A ferry.", story=1, source="Lake Board")
    page = looking.get("/search?q=ferry").text
    assert links(page) == ["/entries/key1"]
    assert 'found as told by <a href="/entries/key2"><bdi>Lake Board</bdi></a>' in page


def test_pages_follow_each_other_and_counts_are_bounded(looking: Looking) -> None:
    for number in range(1, 46):
        fill(looking, number)
    seen, address = [], "/search?q=ferry"
    while True:
        page = looking.get(address).text
        assert "45 stories found" in page
        assert len(page) < 100_000
        seen += links(page)
        following = parsed(page).xpath("//a[@rel='next']/@href")
        if not following:
            break
        address = str(following[0])
    assert seen == [f"/entries/key{number}" for number in range(45, 0, -1)]


def test_more_than_can_be_shown_is_said(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 1003):
        fill(looking, number)
    page = looking.get("/search?q=ferry").text
    assert "More than 1,000 stories found" in page
    assert "narrow the dates" in page


def test_search_is_for_people_and_not_for_engines(looking: Looking) -> None:
    assert '<meta name="robots" content="noindex">' in looking.get("/search?q=ferry").text
    assert looking.get("/search.atom?q=ferry").headers["x-robots-tag"] == "noindex"


def test_the_feed_of_a_search_tells_its_hits(looking: Looking) -> None:
    fill(looking, 1, HOSTILE, "The ferry.")
    fill(looking, 2, "Quay", "Nothing.")
    fill(looking, 3, "Old", "A ferry found late.", place=1)
    page = parsed(looking.get("/search?q=ferry%20%26&from=2026-11-01").text)
    (address,) = page.xpath("//link[@rel='alternate' and contains(@href, 'search.atom')]/@href")
    answer = looking.get(str(address))
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.body)
    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == ["tag:example.org,2026:item/key1"]
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [f"https://wire.example{address}"]
    assert looking.get(str(address)).body == answer.body


def test_feeds_of_two_searches_have_two_ids(looking: Looking) -> None:
    ids = {feedparser.parse(looking.get(f"/search.atom?q={words}").body).feed.id for words in ("ferry", "quay")}
    assert len(ids) == 2


def test_a_reader_that_has_the_feed_is_told_so(looking: Looking) -> None:
    fill(looking, 1)
    etag = looking.get("/search.atom?q=ferry").headers["etag"]
    for given_ in (etag, f'"x", W/{etag}', "*"):
        answer = looking.get("/search.atom?q=ferry", if_none_match=given_)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    fill(looking, 2)
    assert looking.get("/search.atom?q=ferry", if_none_match=etag).status == 200


@pytest.mark.parametrize("address", ["/search.atom", "/search.atom?q=", "/search.atom?q=ferry&from=yesterday"])
def test_a_feed_of_nothing_is_refused(looking: Looking, address: str) -> None:
    assert looking.get(address).status == 400


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=40), st.sampled_from(["q", "from", "to", "source", "topic", "order", "after"]))
def test_whatever_is_asked_is_answered(looking: Looking, text: str, name: str) -> None:
    address = f"/search?q=ferry&{name}={quote(text, errors='replace')}"
    answer = looking.get(address)
    assert answer.status == 200
    assert len(answer.body) < 100_000
    assert looking.get("/search.atom?" + address.partition("?")[2]).status in (200, 400)
