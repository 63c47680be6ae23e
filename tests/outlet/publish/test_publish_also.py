"""publish: an entry names who else tells its story, in its content and in links (RFC 4287, RFC 4685)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from channels import HOSTILE, PRESS, document, head
from feed_rules import ATOM, THREAD, links, parsed, proper
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as markup
from mail_digests import entry, other

from worker.model import Also, Entry, StatedDate
from worker.outlet import publish
from worker.outlet.also import address, names, tellings

HERALD = other(1, "Lake Herald", "https://herald.example/ferry?a=1&b=2", "2026-11-08T09:00")
HARBOUR = other(2, None, "https://www.harbour.example/n/12", "2026-11-07")
EVENING = other(3, "Вечерний Тузкент")


def item(one: Entry, *others: Also) -> etree._Element:
    """The only entry of a feed."""
    found = head(one, also={one.number: others}).find(f"{ATOM}entry")
    assert found is not None
    return found


def last_line(of: etree._Element) -> str:
    return str(of.findtext(f"{ATOM}content")).splitlines()[-1]


# ── What is said ────────────────────────────────────────────────────────────────────────────────────


def test_the_last_line_names_the_others_with_links_where_they_are_known() -> None:
    assert last_line(item(entry(1), HERALD, HARBOUR, EVENING)) == (
        '<p>Also in: <a href="https://herald.example/ferry?a=1&amp;b=2">Lake Herald</a>, '
        '<a href="https://www.harbour.example/n/12">harbour.example</a>, Вечерний Тузкент</p>'
    )


def test_via_links_to_where_the_news_was_read() -> None:
    one = replace(entry(1), link="https://courier.example/1")
    assert links(item(one, HERALD, HARBOUR, EVENING), "via") == [
        {"rel": "via", "href": "https://courier.example/1", "title": "Steppe Courier"},
        {"rel": "via", "href": "https://herald.example/ferry?a=1&b=2", "title": "Lake Herald"},
        {"rel": "via", "href": "https://www.harbour.example/n/12", "title": "harbour.example"},
    ]


def test_replies_count_the_others_with_the_latest_date_that_one_states() -> None:
    (found,) = links(item(entry(1), HERALD, HARBOUR, EVENING), "replies")
    assert found == {
        "rel": "replies",
        "type": "text/html",
        "href": "https://wire.example.org/entries/e1#also",
        f"{THREAD}count": "3",
        f"{THREAD}updated": "2026-11-08T04:00:00+00:00",  # 09:00 in the zone of the seeds
    }
    (undated,) = links(item(entry(1), EVENING), "replies")
    assert f"{THREAD}updated" not in undated


def test_a_story_that_nobody_else_tells() -> None:
    content = publish.atom(PRESS, document(entry(1), replace(entry(2), link="https://courier.example/2")))
    assert b"purl.org" not in content
    assert b"Also in" not in content
    alone, own = proper(content).findall(f"{ATOM}entry")
    assert (links(alone, "via"), links(alone, "replies"), links(own, "replies")) == ([], [], [])
    assert [link["href"] for link in links(own, "via")] == ["https://courier.example/2"]


def test_the_namespace_is_declared_once_and_only_where_it_is_used() -> None:
    content = publish.atom(PRESS, document(entry(2), entry(1), also={1: (HERALD,), 2: (EVENING,)}))
    assert content.count(b"xmlns:") == 1
    assert b'xmlns:thr="http://purl.org/syndication/thread/1.0"' in content.partition(b"<id>")[0]
    assert b"xmlns:" not in publish.atom(PRESS, document(entry(1), also={2: (HERALD,)}))


def test_others_move_no_date() -> None:
    alone, told = item(entry(1)), item(entry(1), HERALD)
    for name in ("updated", "published", "id", "title"):
        assert alone.findtext(ATOM + name) == told.findtext(ATOM + name)


def test_a_link_that_is_there_is_not_there_again() -> None:
    one = replace(entry(1), link="https://herald.example/ferry?a=1&b=2")
    found = links(item(one, HERALD, replace(HERALD, key="o9", source="Herald of the Lake")), "via")
    assert [link["href"] for link in found] == ["https://herald.example/ferry?a=1&b=2"]


def test_a_story_of_hundreds_names_fifty_and_links_to_the_rest() -> None:
    many = [other(number, f"Paper {number}", f"https://p{number}.example/") for number in range(300)]
    found = item(entry(1), *many)
    assert last_line(found).endswith('<a href="https://wire.example.org/entries/e1#also">and 250 more</a></p>')
    assert len(links(found, "via")) == publish.MOST_NAMED
    assert links(found, "replies")[0][f"{THREAD}count"] == "300"


def test_readers_of_feeds_see_the_links() -> None:
    one = replace(entry(1), link="https://courier.example/1")
    (told,) = parsed(publish.atom(PRESS, document(one, also={1: (HERALD, EVENING)}))).entries
    assert told.link == "https://wire.example.org/entries/e1"
    vias = [(link.href, link.title) for link in told.links if link.rel == "via"]
    assert vias == [
        ("https://courier.example/1", "Steppe Courier"),
        ("https://herald.example/ferry?a=1&b=2", "Lake Herald"),
    ]
    (replies,) = (link for link in told.links if link.rel == "replies")
    assert (replies.type, replies["thr:count"], replies["thr:updated"]) == (
        "text/html",
        "2",
        "2026-11-08T04:00:00+00:00",
    )


# ── Whatever pages say ──────────────────────────────────────────────────────────────────────────────

_TEXT = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(HOSTILE)
_LINK = st.none() | _TEXT | _TEXT.map("https://".__add__) | _TEXT.map("http://a.example/".__add__)
_STATED = st.sampled_from([None, "2026-11-07", "2026-11-07T09:40", "2026-11-07T09:40-03:00", "0999-01-01"])
_OTHERS = st.builds(
    Also,
    key=st.just("abc"),
    source=st.none() | _TEXT,
    title=_TEXT,
    link=_LINK,
    published=_STATED.map(lambda stated: StatedDate.from_iso(stated) if stated else None),
)


@settings(max_examples=150, deadline=None)
@given(_LINK, st.lists(_OTHERS, max_size=5))
def test_any_others_make_a_valid_feed_and_always_the_same(link: str | None, others: list[Also]) -> None:
    one = replace(entry(1), link=link)
    content = publish.atom(PRESS, document(one, also={1: tuple(others)}))
    assert content == publish.atom(PRESS, document(one, also={1: tuple(others)}))
    found = proper(content).find(f"{ATOM}entry")
    assert found is not None
    assert [link[f"{THREAD}count"] for link in links(found, "replies")] == ([str(len(others))] if others else [])
    page = markup.fragment_fromstring(str(found.findtext(f"{ATOM}content")), create_parent="div")
    assert {node.tag for node in page.iter()} <= {"div", "p", "a"}
    assert len(page.findall("p")) == 1 + bool(others)
    assert all(a.get("href", "").lower().startswith(("http://", "https://")) for a in page.iter("a"))
    assert all(set(a.attrib) == {"href"} and a.text for a in page.iter("a"))


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (None, None),
        ("", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("//herald.example/1", None),
        ("https:///1", None),
        ("https://[::1/1", None),
        ("https://herald.example/a b", None),
        ("https://herald.example/\u202e1", None),
        ("urn:uuid:1", None),
        ("HTTPS://Herald.example/1", "HTTPS://Herald.example/1"),
        ('https://herald.example/"><b>', "https://herald.example/%22%3E%3Cb%3E"),
        ("https://тузкент.example/паром?a=1&b=%20#x", "https://тузкент.example/паром?a=1&b=%20#x"),
    ],
)
def test_which_links_readers_are_given(link: str | None, shown: str | None) -> None:
    assert address(link) == shown


def test_nobody_is_named_twice() -> None:
    lake = [other(1, "Lake Herald"), HERALD, other(2, "lake  herald", HERALD.link), other(3, "LAKE HERALD")]
    assert [(one.name, one.link) for one in tellings(lake)] == [("Lake Herald", HERALD.link)]
    twice = [HERALD, replace(HERALD, link="https://herald.example/2")]
    assert [one.link for one in tellings(twice)] == [HERALD.link, "https://herald.example/2"]
    assert names([*twice, HARBOUR]) == ("Lake Herald", "harbour.example")


def test_who_has_no_source_is_named_by_site_or_title() -> None:
    told = [HARBOUR, other(4, None, "urn:x", title="Ferry sails"), other(5, "\x00", None, title="\u202e")]
    assert names(told) == ("harbour.example", "Ferry sails", "o5")
