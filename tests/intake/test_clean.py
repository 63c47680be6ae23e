"""What is left of a cut: legal XML, no control that nobody sees, and every legible word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from page_readings import LATEST, cut_of, page_of

from worker.intake import clean, decode, describe, segment
from worker.intake.shapes.legible import tidy
from worker.model import Cut, Span

_ANY = st.text(st.characters(exclude_categories=()), max_size=200)


def cleaned(text: str, *body: str) -> str | None:
    done = clean.clean(page_of(text), cut_of(text, *body))
    return done.text if done else None


def test_paragraphs_stand_on_lines_of_their_own() -> None:
    page = "One boat.\n\nTell a friend\n  Two\t boats,\u00a0\r\n three.\n"
    assert cleaned(page, "One boat.", "Two\t boats,\u00a0\r\n three.") == "One boat.\nTwo boats, three."


@pytest.mark.parametrize("body", ["\u200b\u200d", "…", "*** — ***", "\x00\x01", "\ufffd", "\U0001f600"])
def test_what_holds_no_letter_and_no_digit_is_rejected(body: str) -> None:
    assert cleaned(f"Title\n{body}\n", body) is None


def test_a_paragraph_of_nothing_leaves_no_empty_line() -> None:
    assert cleaned("One.\n\u200b\nTwo.", "One.", "\u200b", "Two.") == "One.\nTwo."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("so\u00adft and ze\u200bro", "soft and zero"),
        ("\u202eturned\u202c and \u2066shut\u2069", "turned and shut"),
        ("\ufeffmarked", "marked"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("half \ud800 a pair", "half a pair"),
        ("no \ufffe\uffff\ufdd0 character", "no character"),
        ("lost \ufffd byte", "lost byte"),
        ("old\x85new\x9f", "old new"),
        ("a\u2028b\u2029c\x0bd\x0ce", "a b cde"),
        ("wide\u3000and\u00a0narrow\u202fspaces", "wide and narrow spaces"),
        ("  two  spaces  ", "two spaces"),
        ("“Қала” – e\u0301té, 50 %, №7, 𝒜 & <b>", "“Қала” – e\u0301té, 50 %, №7, 𝒜 & <b>"),
    ],
)
def test_tidy(text: str, line: str) -> None:
    assert tidy(text) == line


@settings(max_examples=400, deadline=None)
@given(_ANY)
def test_any_text_ends_as_legal_xml(text: str) -> None:
    done = clean.clean(page_of(text), Cut(body=(Span(0, len(text)),), evidence="all of it"))
    if done is None:
        assert not any(map(str.isalnum, tidy(text)))
        return
    element = etree.Element("content")
    element.text = done.text
    assert etree.fromstring(etree.tostring(element)).text == done.text
    assert "  " not in done.text
    assert tidy(done.text) == done.text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(categories=("L", "Nd", "P", "S", "Zs"), exclude_characters="\ufffd"), max_size=200))
def test_nothing_legible_is_lost(text: str) -> None:
    assert tidy(text).split() == text.split()


_FRAMES = st.sampled_from(
    [
        "{}\n14 May 2026\nThe ferry has come back to the lake, {} and the town is glad of it.\nSource: {}\n",
        "14.05.2026, 09:40 52\n{}\nThe ferry has come back to the lake {}, the {} reports.\n",
    ]
)


@settings(max_examples=250, deadline=None)
@given(_FRAMES, st.lists(_ANY, min_size=3, max_size=3))
def test_all_that_is_told_of_an_article_is_legal_xml(frame: str, parts: list[str]) -> None:
    (page,) = decode.decode(frame.format(*parts).encode("utf-8", "surrogatepass"))
    for cut in segment.segment(page).cuts:
        if done := clean.clean(page, cut):
            article = describe.describe(page, done, latest=LATEST)
            for told in (article.title, article.source, article.link, article.text, article.language):
                element = etree.Element("told", about=told or "")
                element.text = told
