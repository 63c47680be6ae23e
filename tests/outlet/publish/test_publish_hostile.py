"""publish: whatever pages say, all formats stay proper, alike and within what `weight` promised."""

from __future__ import annotations

from dataclasses import replace

import pytest
from channels import HOSTILE, PRESS, ROADS, document, head
from feed_rules import ATOM, ids
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as markup
from mail_digests import entry

from worker.model import Also, Entry, StatedDate
from worker.outlet import publish
from worker.outlet.wording import LEAD, fit, lead, line, linked, paragraph, paragraphs, safe

_ANY = st.text(st.characters(exclude_categories=()), max_size=60)
_TEXT = _ANY | st.text("&<>\"'\\\n\t\xa0ж🐐 .", max_size=200) | st.sampled_from(HOSTILE)
_LINK = st.none() | _TEXT | _TEXT.map("https://".__add__) | _TEXT.map("http://a.example/".__add__)
_STATED = st.sampled_from([None, "2026-11-07", "2026-11-07T09:40", "2026-11-07T09:40-03:00", "0999-01-01"])
_DATE = _STATED.map(lambda stated: StatedDate.from_iso(stated) if stated else None)
_OTHERS = st.builds(Also, key=st.just("abc"), source=st.none() | _TEXT, title=_TEXT, link=_LINK, published=_DATE)
_ENTRIES = st.builds(
    lambda title, text, source, language, link, published: replace(
        entry(1), title=title, text=text, source=source, language=language, link=link, published=published
    ),
    *(_TEXT, _TEXT, st.none() | _TEXT, st.none() | st.sampled_from(["ru", "zh-Hant"]) | _ANY, _LINK, _DATE),
)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_in_a_title_or_text_breaks_a_feed(hostile: str) -> None:
    bad = replace(entry(1), title=hostile, text=hostile, source=hostile)
    assert ids(head(entry(2), bad)) == [entry(2).uri, bad.uri]
    head(entry(2), bad, press=replace(PRESS, title=hostile[:100], summary=True), channel=replace(ROADS, name="x"))


@settings(max_examples=150, deadline=None)
@given(_ENTRIES, st.lists(_OTHERS, max_size=5), st.booleans())
def test_any_entry_makes_proper_feeds_and_weighs_no_more_than_promised(
    one: Entry, others: list[Also], summary: bool
) -> None:
    press = replace(PRESS, summary=summary)
    also = {1: tuple(others)}
    (found,) = head(one, also=also, press=press).findall(f"{ATOM}entry")
    page = markup.fragment_fromstring(str(found.findtext(f"{ATOM}content", "")), create_parent="div")
    assert {node.tag for node in page.iter()} <= {"div", "p", "a"}
    assert all(set(a.attrib) <= {"href"} and a.text for a in page.iter("a"))
    for write in (publish.atom, publish.rss, publish.json_feed):
        taken = len(write(press, document(one, also=also))) - len(write(press, document()))
        assert taken <= publish.weight(press, one, also[1])


@given(_ANY | _TEXT)
def test_html_is_as_nh3_would_write_it(text: str) -> None:
    """So that what is counted before is what is written after."""
    html = paragraphs(fit(text)) + paragraph(linked(fit(text), "https://a.example/?b=1&c=2"))
    assert safe(html) == html


def test_nh3_takes_out_what_else_could_come_in() -> None:
    bad = '<p onclick="x()">a<script>b</script><a href="javascript:c()" target="_top">d</a><img src=x></p>'
    assert safe(bad) == "<p>ad</p>"


@given(_TEXT, _TEXT)
def test_the_lead_is_a_short_line(text: str, title: str) -> None:
    told = lead(text, title)
    assert len(told) <= LEAD
    assert told == line(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ferry returns\nIt sails. At nine.\nMore.", "It sails. At nine."),
        ("It sails. " + "x" * 299 + ".", "It sails."),
        ("x" * 400, "x" * 299 + "…"),
        ("船が戻った。" * 60, "船が戻った。" * 50),
        ("«Она вернулась!» " + "ж" * 300, "«Она вернулась!»"),
        ("", ""),
    ],
)
def test_how_a_text_begins(text: str, told: str) -> None:
    assert lead(text, "Ferry returns.") == told
