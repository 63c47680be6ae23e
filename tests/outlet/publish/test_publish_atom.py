"""publish: feeds in Atom (RFC 4287) and what feedgen lacks, the same bytes for the same entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from channels import COURIER, LAKE, PRESS, ROADS, WIRE, archive, document, head, retraction
from feed_rules import ATOM, HISTORY, LANGUAGE, THREAD, TOMBSTONES, ids, links, parsed, proper, schema
from lxml import etree
from mail_digests import entry

from worker.model import StatedDate
from worker.outlet import publish
from worker.outlet.publish import Address


def only(root: etree._Element) -> etree._Element:
    (found,) = root.findall(f"{ATOM}entry")
    return found


def test_valid_by_the_schema_of_the_rfc() -> None:
    if schema() is None:
        pytest.skip("SEEDTEST_ATOM_RNG names no RELAX NG schema of RFC 4287")
    head()
    head(*(entry(number) for number in range(50, 0, -1)), previous=4, retracted=(retraction(90),))
    archive(2, entry(1), previous=1, retracted=(retraction(90),))


# ── What a feed says of itself ──────────────────────────────────────────────────────────────────────


def test_the_wire() -> None:
    root = head(entry(1))
    assert root.findtext(f"{ATOM}id") == "tag:wire.example.org,2026:wire"
    assert root.findtext(f"{ATOM}title") == "Wire <& Co>"
    assert links(root, "self") == [
        {"rel": "self", "href": "https://wire.example.org/feed.atom", "type": "application/atom+xml"}
    ]
    assert links(root, "alternate") == [
        {"rel": "alternate", "href": "https://wire.example.org/", "type": "text/html"}
    ]


def test_a_topic_and_a_source() -> None:
    root = head(entry(1), channel=ROADS)
    assert root.findtext(f"{ATOM}id") == "tag:wire.example.org,2026:topic/roads"
    assert root.findtext(f"{ATOM}title") == "Roads – Wire <& Co>"
    assert links(root, "self")[0]["href"] == "https://wire.example.org/topics/roads/feed.atom"
    lake = head(entry(1), channel=LAKE)
    slug = "%D0%BE%D0%B7%D1%91%D1%80%D0%BD%D1%8B%D0%B9-%D0%BA%D1%80%D0%B0%D0%B9"
    assert lake.findtext(f"{ATOM}id") == f"tag:wire.example.org,2026:source/{slug}"
    assert links(lake, "alternate")[0]["href"] == f"https://wire.example.org/sources/{slug}/"


def test_a_feed_of_something_else_has_an_address_of_its_own() -> None:
    address = Address(uri="tag:a:search", title="Search", page="https://a.example/s", atom="https://a.example/s.atom")
    root = proper(publish.atom(replace(PRESS, hubs=("https://hub.example/",)), document(entry(1)), address))
    assert root.findtext(f"{ATOM}id") == "tag:a:search"
    assert links(root, "self")[0]["href"] == "https://a.example/s.atom"
    assert links(root, "hub") == []


def test_hubs_are_named_by_heads_alone() -> None:
    press = replace(PRESS, hubs=("https://hub.example/", "https://other.example/"))
    assert links(head(entry(1), press=press), "hub") == [
        {"rel": "hub", "href": "https://hub.example/"},
        {"rel": "hub", "href": "https://other.example/"},
    ]
    assert links(archive(1, entry(1), press=press), "hub") == []


def test_entries_in_the_order_given_and_updated_that_of_the_latest() -> None:
    old = replace(entry(3), updated=datetime(2026, 11, 20, tzinfo=UTC))
    root = head(old, entry(2), entry(1))
    assert ids(root) == [f"tag:wire.example.org,2026:{number}" for number in (3, 2, 1)]
    assert root.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00+00:00"


def test_a_feed_without_entries_is_as_old_as_its_first_publication() -> None:
    assert head().findtext(f"{ATOM}updated") == "2026-11-01T00:00:00+00:00"


def test_the_latest_moment_is_that_whatever_the_zone() -> None:
    east = timezone(timedelta(hours=5))
    later = replace(entry(2), updated=datetime(2026, 11, 20, 1, tzinfo=UTC))
    earlier = replace(entry(1), updated=datetime(2026, 11, 20, 5, 30, tzinfo=east))
    assert head(later, earlier).findtext(f"{ATOM}updated") == "2026-11-20T01:00:00+00:00"


# ── Heads and archive documents (RFC 5005) ──────────────────────────────────────────────────────────


def test_a_head_links_to_the_newest_archive_document() -> None:
    root = head(entry(1), previous=7, channel=ROADS)
    assert links(root, "prev-archive") == [
        {
            "rel": "prev-archive",
            "href": "https://wire.example.org/topics/roads/archive/7.atom",
            "type": "application/atom+xml",
        }
    ]
    assert links(head(entry(1)), "prev-archive") == []


def test_an_archive_document() -> None:
    root = archive(3, entry(2), entry(1), previous=2)
    assert root.find(f"{HISTORY}archive") is not None
    assert root.findtext(f"{ATOM}id") == head().findtext(f"{ATOM}id")
    hrefs = {rel: [link["href"] for link in links(root, rel)] for rel in ("self", "current", "prev-archive")}
    assert hrefs == {
        "self": ["https://wire.example.org/archive/3.atom"],
        "current": ["https://wire.example.org/feed.atom"],
        "prev-archive": ["https://wire.example.org/archive/2.atom"],
    }
    assert links(root, "next-archive") == []
    assert links(archive(1, entry(1)), "prev-archive") == []
    assert head().find(f"{HISTORY}archive") is None


def test_an_archive_document_holds_all_its_entries_and_does_not_change_with_our_version() -> None:
    many = [entry(number, text="word " * 4000) for number in range(60, 0, -1)]
    assert len(ids(archive(1, *many, press=replace(PRESS, size=5, bytes=64 << 10)))) == 60
    assert archive(1).find(f"{ATOM}generator").attrib == {}  # type: ignore[union-attr]
    assert head().find(f"{ATOM}generator").get("version")  # type: ignore[union-attr]


# ── Tombstones (RFC 6721) ───────────────────────────────────────────────────────────────────────────


def test_what_was_taken_down_is_told() -> None:
    root = head(entry(1), retracted=(retraction(8), retraction(9, reason="")))
    graves = root.findall(f"{TOMBSTONES}deleted-entry")
    assert [dict(grave.attrib) for grave in graves] == [
        {"ref": "tag:wire.example.org,2026:9", "when": "2026-11-20T00:00:00+00:00"},
        {"ref": "tag:wire.example.org,2026:8", "when": "2026-11-20T00:00:00+00:00"},
    ]
    assert [grave.findtext(f"{TOMBSTONES}comment") for grave in graves] == [None, "Invented by mistake"]
    assert [node.tag for node in root].index(graves[-1].tag) < [node.tag for node in root].index(f"{ATOM}entry")


def test_many_graves_leave_room_for_entries() -> None:
    press = replace(PRESS, bytes=64 << 10)
    many = tuple(retraction(number, reason="& " * 900) for number in range(100, 400))
    root = head(*(entry(number) for number in range(25, 0, -1)), press=press, retracted=many, required=20)
    assert len(ids(root)) >= 20
    graves = [str(grave.get("ref")) for grave in root.iter(f"{TOMBSTONES}deleted-entry")]
    assert graves
    assert graves[0] == "tag:wire.example.org,2026:399"


# ── What an entry says ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        (None, None),
        ("2026-11-07", "2026-11-06T19:00:00+00:00"),
        ("2026-11-07T09:40", "2026-11-07T04:40:00+00:00"),
        ("2026-11-07T09:40-03:00", "2026-11-07T12:40:00+00:00"),
        ("0001-01-01", None),
    ],
)
def test_published_only_where_the_page_states_it(stated: str | None, published: str | None) -> None:
    """A day alone is its midnight in the zone of the seeds; an offset that is stated counts."""
    item = only(head(replace(entry(1), published=StatedDate.from_iso(stated) if stated else None)))
    assert item.findtext(f"{ATOM}published") == published


def test_the_source_is_the_author_and_has_a_feed() -> None:
    one, other = head(entry(1), replace(entry(2), source=None)).findall(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}author/{ATOM}name") == "Steppe Courier"
    source = one.find(f"{ATOM}source")
    assert source is not None
    assert source.findtext(f"{ATOM}id") == head(channel=COURIER).findtext(f"{ATOM}id")
    assert source.findtext(f"{ATOM}title") == head(channel=COURIER).findtext(f"{ATOM}title")
    assert source.findtext(f"{ATOM}updated") == one.findtext(f"{ATOM}updated")
    assert links(source, "self") == links(head(channel=COURIER), "self")
    assert (other.find(f"{ATOM}author"), other.find(f"{ATOM}source")) == (None, None)


def test_a_link_names_who_has_no_name_and_the_feed_of_a_source_names_none() -> None:
    item = only(head(replace(entry(1), source=None, link="https://www.harbour.example/1")))
    assert item.findtext(f"{ATOM}source/{ATOM}id") == "tag:wire.example.org,2026:source/harbour-example"
    assert item.findtext(f"{ATOM}author/{ATOM}name") == "harbour.example"
    assert only(head(entry(1), channel=COURIER)).find(f"{ATOM}source") is None


def test_language_and_links() -> None:
    item = only(head(replace(entry(1), language="kk", link="https://courier.example/1")))
    assert item.get(LANGUAGE) == "kk"
    page = "https://wire.example.org/entries/e1"
    assert links(item, "alternate") == [{"rel": "alternate", "type": "text/html", "href": page, "hreflang": "kk"}]
    assert [link["href"] for link in links(item, "via")] == ["https://courier.example/1"]
    unknown = only(head(replace(entry(1), language=None)))
    assert unknown.get(LANGUAGE) is None
    assert links(unknown, "alternate") == [{"rel": "alternate", "type": "text/html", "href": page}]
    assert only(head(replace(entry(1), language="no language"))).get(LANGUAGE) is None


def test_who_belongs_to_a_story_replies_to_who_leads_it() -> None:
    one = replace(entry(2), story=1)
    item = only(head(one, channel=COURIER, leads={2: (entry(1).uri, "e1")}))
    reply = item.find(f"{THREAD}in-reply-to")
    assert reply is not None
    assert dict(reply.attrib) == {
        "ref": entry(1).uri,
        "href": "https://wire.example.org/entries/e1",
        "type": "text/html",
    }
    assert parsed(publish.atom(PRESS, document(one, leads={2: (entry(1).uri, "e1")}))).entries[0]["thr_in-reply-to"]


def test_text_is_safe_html_paragraphs() -> None:
    content = only(head(entry(1, text="One <b>bold</b> & plain.\n\nTwo <script>x</script>."))).find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    html = "<p>One &lt;b&gt;bold&lt;/b&gt; &amp; plain.</p>\n<p>Two &lt;script&gt;x&lt;/script&gt;.</p>\n"
    assert content.text == html


@pytest.mark.parametrize("title", ["<b>bold</b> & ]]> here", "🐐 goat", "x" * 10_000, "Тётя и гусь", "a &amp; b"])
def test_a_title_is_plain_text(title: str) -> None:
    node = only(head(replace(entry(1), title=title))).find(f"{ATOM}title")
    assert node is not None
    assert (node.text, node.get("type", "text")) == (title, "text")


def test_only_how_it_begins() -> None:
    press = replace(PRESS, summary=True)
    text = "The ferry is back. It sails at nine.\nNobody knew."
    item = only(head(entry(1, text=text), press=press))
    assert item.find(f"{ATOM}content") is None
    assert item.findtext(f"{ATOM}summary") == "The ferry is back. It sails at nine."
    (read,) = parsed(publish.rss(press, document(entry(1, text=text)))).entries
    assert read.summary == "<p>The ferry is back. It sails at nine.</p>"


def test_a_reader_of_feeds_reads_it() -> None:
    told = [replace(entry(2), title="<b>bold</b> & more"), replace(entry(1), text="One.\nTwo.", source=None)]
    feed = parsed(publish.atom(PRESS, document(*told)))
    assert (feed.version, feed.feed.id, feed.feed.title) == ("atom10", "tag:wire.example.org,2026:wire", "Wire <& Co>")
    assert [item.id for item in feed.entries] == [one.uri for one in told]
    assert [item.link for item in feed.entries] == [f"https://wire.example.org/entries/{one.key}" for one in told]
    assert feed.entries[0].source.id == "tag:wire.example.org,2026:source/steppe-courier"
    assert feed.entries[1].content[0].value == "<p>One.</p>\n<p>Two.</p>"
    assert "published" not in feed.entries[0]


def test_the_same_moments_in_another_zone_are_the_same_moments() -> None:
    one = entry(1)
    other = replace(one, updated=one.updated.astimezone(timezone(timedelta(hours=5))))
    assert datetime.fromisoformat(str(only(head(other)).findtext(f"{ATOM}updated"))) == one.updated


def test_no_prefix_is_named_that_is_not_used() -> None:
    assert b"xmlns:" not in publish.atom(PRESS, document(entry(1), channel=WIRE))
