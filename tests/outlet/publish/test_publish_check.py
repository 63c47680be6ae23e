"""publish: each rule of the check can fail, and none fails without a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from channels import PRESS, document, retraction
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_digests import entry, other

from worker.model import Entry, Press, StatedDate
from worker.outlet import publish
from worker.outlet.publish.check import Wanted, check

DATED = replace(entry(1), published=StatedDate.from_iso("2026-11-07"), link="https://courier.example/1")
DOCUMENT = document(replace(entry(2), source=None), DATED, retracted=(retraction(9),), previous=1, required=1)
ATOM = publish.atom(PRESS, DOCUMENT).decode()
RSS = publish.rss(PRESS, DOCUMENT)
JSON = publish.json_feed(PRESS, DOCUMENT)
WANTED = Wanted(required=[entry(2).uri], bytes=PRESS.bytes)
LINK = '<link rel="alternate" type="text/html" href="https://wire.example.org/entries/e1" hreflang="ru"/>'
ENTRY = re.search(r"  <entry .*?</entry>\n", ATOM, re.DOTALL)
assert ENTRY is not None
NEWEST = ENTRY[0]


def broken(atom: str, rss: bytes = RSS, json: bytes = JSON, wanted: Wanted = WANTED) -> str:
    found = check({"feed.atom": atom.encode(), "feed.rss": rss, "feed.json": json}, {}, wanted)
    return found.what if found else ""


def changed(old: str, new: str, count: int = 1) -> str:
    assert old in ATOM
    return ATOM.replace(old, new, count)


def test_what_is_written_is_in_order() -> None:
    assert broken(ATOM) == ""


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("<id>tag:wire.example.org,2026:wire</id>", "", "the feed has 0 elements id"),
        ("<title>Wire &lt;&amp; Co&gt;</title>", "<title> </title>", "the feed has an empty title"),
        ("<title>Wire", "<title>a</title><title>Wire", "the feed has 2 elements title"),
        ("  <entry ", "<summary>x</summary><entry ", "the feed has an element summary"),
        ("<name>Wire &lt;&amp; Co&gt;</name>", "", "nobody is the author"),
        ('rel="self"', 'rel="related"', "the feed has 0 links self"),
        ('rel="alternate"', 'rel="related"', "the feed has 0 links alternate"),
        ("2026-11-12T00:02:00+00:00", "2026-11-12T00:03:00+00:00", "the feed was not updated when"),
        ("<id>tag:wire.example.org,2026:1</id>", "<id>nothing</id>", "entry nothing has no URI"),
        ("<id>tag:wire.example.org,2026:1</id>", "<id>tag:wire.example.org,2026:2</id>", "stands there 2 times"),
        ("<updated>2026-11-12T00:01:00+00:00", "<updated>2026-11-12 00:01", "RFC 3339"),
        ("<updated>2026-11-12T00:01:00+00:00", "<updated>2026-02-30T00:01:00Z", "RFC 3339"),
        ("<published>2026-11-06T19:00:00+00:00", "<published>2026-11-06T19:00:00", "RFC 3339"),
        ("<published>", "<published>2026-11-06T19:00:00Z</published><published>", "more than one published"),
        (LINK, "", "has no link alternate"),
        (LINK, LINK + LINK.replace("/e1", "/e2"), "two links alternate"),
        (LINK, LINK + LINK.replace("ru", "en"), "has the same link twice"),
        ('href="https://courier.example/1"', 'href="javascript:x"', "no address: 'javascript:x'"),
        ("<source>", "<source><entry/>", "the source of entry tag:wire.example.org,2026:1 has an element entry"),
        ("<id>tag:wire.example.org,2026:source/", "<id>", "has no URI as its id"),
        ('rel="prev-archive"', 'rel="next-archive"', "to none behind it"),
        ('rel="prev-archive"', 'rel="current"', "links to the current one"),
        ("  <entry ", '<f:archive xmlns:f="http://purl.org/syndication/history/1.0"/><entry ', "says that it is one"),
        ("  <entry ", '<f:complete xmlns:f="http://purl.org/syndication/history/1.0"/><entry ', "no archive document"),
        ('ref="tag:wire.example.org,2026:9"', 'ref="tag:wire.example.org,2026:1"', "is told and told as deleted"),
        ('when="2026-11-20T00:00:00+00:00"', 'when="today"', "the date of its end"),
        (NEWEST, "", "entry tag:wire.example.org,2026:2 is missing"),
        ("</feed>", "", "cannot be read back"),
        ("<feed ", "<food ", "cannot be read back"),
    ],
)
def test_each_rule_of_atom_can_fail(old: str, new: str, what: str) -> None:
    atom = changed(old, new)
    if old == NEWEST:
        atom = atom.replace("2026-11-12T00:02:00+00:00", "2026-11-12T00:01:00+00:00")
    assert what in broken(atom)
    assert "\n" not in broken(atom)


def test_the_other_formats_hold_the_same_entries() -> None:
    fewer = document(DATED)
    assert "feed.rss holds other entries" in broken(ATOM, rss=publish.rss(PRESS, fewer))
    assert "feed.json holds other entries" in broken(ATOM, json=publish.json_feed(PRESS, fewer))
    turned = replace(DOCUMENT, entries=DOCUMENT.entries[::-1])
    assert "feed.rss holds other entries" in broken(ATOM, rss=publish.rss(PRESS, turned))
    assert "feed.rss holds" in broken(ATOM, rss=RSS.replace(b'rel="self"', b'rel="via"'))
    assert "feed.rss holds" in broken(
        ATOM, rss=RSS.replace(b"<channel>", b"<funnel>").replace(b"</channel>", b"</funnel>")
    )
    assert "feed.json holds" in broken(ATOM, json=JSON.replace(b'"version"', b'"vision"'))
    assert "cannot be read back" in broken(ATOM, json=JSON[:-5])


def test_the_budget_of_each_format() -> None:
    largest = max(len(ATOM.encode()), len(RSS), len(JSON))
    assert broken(ATOM, wanted=replace(WANTED, bytes=largest)) == ""
    assert f"takes {largest} bytes, more than the {largest - 1}" in broken(
        ATOM, wanted=replace(WANTED, bytes=largest - 1)
    )


# ── Against the last good one ───────────────────────────────────────────────────────────────────────


def after(before: Sequence[Entry], now: Sequence[Entry], press: Press = PRESS, **more: Any) -> str:
    """What is wrong with a feed that follows another."""
    made = {"feed.atom": publish.atom(press, document(*now, **more))}
    found = check(made, {"feed.atom": publish.atom(PRESS, document(*before))}, Wanted(required=[]))
    return found.what if found else ""


def later(one: Entry, minutes: int = 60, **changes: Any) -> Entry:
    return replace(one, updated=one.updated + timedelta(minutes=minutes), **changes)


def test_what_may_change() -> None:
    old = replace(entry(1), published=None)
    assert after([old], [entry(2), old]) == ""
    assert after([entry(2), old], [old]) == ""
    assert after([old], [DATED]) == ""
    assert after([old], [later(old, text="Other text.")]) == ""
    assert after([old], [later(old, title="Other title")]) == ""
    assert after([old], [replace(old, text="Other text.")]) == ""
    assert after([old], [old], also={1: (other(1, "Lake Herald"),)}) == ""
    assert after([old], [old], press=replace(PRESS, base_url="https://news.example.org", size=3)) == ""
    assert after([], [old]) == ""


def test_an_id_stays() -> None:
    moved = replace(entry(1), uri="tag:elsewhere.example,2026:1")
    assert after([entry(1)], [moved]) == (
        "the id of https://wire.example.org/entries/e1 was tag:wire.example.org,2026:1 "
        "and would be tag:elsewhere.example,2026:1"
    )
    elsewhere = replace(PRESS, authority="other.example,2026")
    assert "the id of the feed was tag:wire.example.org,2026:wire" in after([entry(1)], [entry(1)], press=elsewhere)


def test_a_stated_date_stays() -> None:
    moved = replace(DATED, published=StatedDate.from_iso("2026-11-08"))
    assert "was published 2026-11-06T19:00:00+00:00 and would be 2026-11-07" in after([DATED], [moved])
    assert "would be on no date" in after([DATED], [replace(DATED, published=None)])
    same = replace(DATED, published=StatedDate.from_iso("2026-11-06T19:00+00:00"))
    assert after([DATED], [same]) == ""


def test_updated_goes_forward_and_only_with_the_text() -> None:
    old = entry(1)
    assert "would go back to 2026-11-11" in after([old], [later(old, -60, text="Other text.")])
    assert "would be new again" in after([old], [later(old)])
    told = {1: (other(1, "Lake Herald"),)}
    assert "would be new again" in after([old], [later(old)], also=told)


def test_a_last_line_of_its_own_is_text_whatever_it_says() -> None:
    old = entry(1, text="It sails.\nAlso in: nothing")
    assert after([old], [later(old, text="It sails.\nAlso in: nothing more")]) == ""


def test_what_stands_nowhere_in_full_may_have_changed() -> None:
    old = entry(1, text="It sails.\nAt nine.")
    new = later(old, text="It sails.\nAt ten.")
    assert after([old], [new], press=replace(PRESS, summary=True)) == ""
    small = replace(PRESS, bytes=64 << 10)
    long = entry(1, text="word\n" * 9000)
    before = {"feed.atom": publish.atom(small, document(long))}
    made = {"feed.atom": publish.atom(small, document(later(long, text=long.text + "more")))}
    assert check(made, before, Wanted(required=[])) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["text", "also", "date", "none"])), max_size=12))
def test_any_history_that_keeps_the_laws_passes(steps: list[tuple[int, str]]) -> None:
    """Ids stay, dates are filled in once, `updated` moves with the text, whatever comes when."""
    entries: dict[int, Entry] = {}
    also = {}
    before: dict[str, bytes] = {}
    for hour, (number, step) in enumerate(steps):
        one = entries.pop(number, None) or entry(number)
        if step == "text":
            at = datetime.fromisoformat("2026-11-13T00:00:00Z") + timedelta(hours=hour)
            one = replace(one, text=f"Text of hour {hour}.", updated=at)
        elif step == "date" and one.published is None:
            one = replace(one, published=StatedDate.from_iso("2026-11-07"))
        elif step == "also":
            also[number] = (other(hour, f"Paper {hour}"),)
        entries[number] = one
        told = document(*reversed(entries.values()), also=also, required=len(entries))
        made = {
            "feed.atom": publish.atom(PRESS, told),
            "feed.rss": publish.rss(PRESS, told),
            "feed.json": publish.json_feed(PRESS, told),
        }
        wanted = Wanted(required=[each.uri for each in entries.values()], bytes=PRESS.bytes)
        assert check(made, before, wanted) is None
        before = made
