"""Bytes to text: the charset and why, the crawler's header, HTML; and no bytes that stop it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worker.intake import decode
from worker.model import Limits, Page

_RUSSIAN = "Письма в посёлок теперь приходят раньше газет. Почтальон сменил велосипед на лыжероллеры."
_KAZAKH = "Қала тұрғындары көпірдің ашылуын ұзақ күтті."
_FRENCH = "Le café de la gare a été fermé ; « déjà », dit l’élève."
_ENGLISH = "It’s the miller’s boat – and it isn’t hers. "


def decoded(content: bytes) -> Page:
    (page,) = decode.decode(content)
    assert page.number == 1
    return page


# ── Charsets ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "codec", "charset"),
    [
        ("A ferry.\n", "ascii", "utf-8"),
        (_RUSSIAN, "utf-8", "utf-8"),
        (_KAZAKH, "utf-8", "utf-8"),
        (_KAZAKH, "utf-8-sig", "utf-8"),
        (_RUSSIAN, "utf-16", "utf-16"),
        ("A ferry.", "utf-16", "utf-16"),
        ("A ferry.", "utf-32", "utf-32"),
        (_RUSSIAN, "windows-1251", "windows-1251"),
        ("Кот и пёс спят у дома, а дети нет.", "windows-1251", "windows-1251"),
        (_FRENCH, "windows-1252", "windows-1252"),
        (_ENGLISH * 3, "windows-1252", "windows-1252"),
        ("One café among so many words that are plain. " + "And more. " * 400, "windows-1252", "windows-1252"),
        ("", "utf-8", "utf-8"),
    ],
)
def test_charset(text: str, codec: str, charset: str) -> None:
    page = decoded(text.encode(codec))
    assert (page.text, page.charset, page.rejected) == (text, charset, None)
    assert page.charset_reason


@pytest.mark.parametrize(("codec", "mark"), [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
def test_byte_order_marks_of_both_orders(codec: str, mark: bytes) -> None:
    page = decoded(mark + _RUSSIAN.encode(codec))
    assert (page.text, page.charset, page.charset_reason) == (_RUSSIAN, "utf-16", "byte order mark")


@pytest.mark.parametrize("cut", [1, 2])
def test_utf_8_cut_off_within_a_character_stays_utf_8(cut: int) -> None:
    page = decoded((_RUSSIAN + " – ").encode()[: -1 - cut])
    assert page.charset == "utf-8"
    assert page.text == _RUSSIAN + " \ufffd"


def test_english_cut_off_within_its_only_quote_stays_utf_8() -> None:
    page = decoded(b"The boat isn\xe2\x80")
    assert (page.text, page.charset) == ("The boat isn\ufffd", "utf-8")


def test_a_wrong_byte_in_much_utf_8_is_said() -> None:
    page = decoded((_RUSSIAN * 50).encode() + b"\xff" + _RUSSIAN.encode())
    assert (page.charset, page.charset_reason) == ("utf-8", "UTF-8 but for 1 places")


@pytest.mark.parametrize(
    "content",
    [b"\x00", b"A ferry\x00\x00\x00", bytes(range(256)) * 3, b"\x89PNG\r\n\x1a\n" + bytes(range(256))],
)
def test_binary_is_rejected(content: bytes) -> None:
    page = decoded(content)
    assert (page.text, page.charset) == ("", "binary")
    assert page.rejected


def test_a_few_nul_bytes_are_no_reason_to_reject() -> None:
    page = decoded(b"A ferry\x00 " + b"sails at nine. " * 20)
    assert page.rejected is None
    assert page.text.startswith("A ferry\x00 sails")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(bytes=10), "the dump has 11 bytes, more than 10 ([limits] bytes)"),
        (Limits(page_bytes=10), "has more than 10 bytes ([limits] page_bytes)"),
    ],
)
def test_a_dump_that_is_too_large_is_rejected(limits: Limits, reason: str) -> None:
    (page,) = decode.decode(b"0123456789", limits)
    assert page.rejected is None
    (page,) = decode.decode(b"0123456789A", limits)
    assert (page.text, page.rejected) == ("", reason)


def test_line_ends_of_old_machines_become_newlines_in_their_place() -> None:
    assert decoded(b"one\rtwo\r").text == "one\ntwo\n"
    assert decoded(b"one\r\ntwo\r\n").text.split() == ["one", "two"]


# ── The crawler's header ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "header", "captured"),
    [
        (" date 2025-12-13 Ferry returns", " date 2025-12-13 ", date(2025, 12, 13)),
        ("date 2025-12-13 Ferry returns", "date 2025-12-13 ", date(2025, 12, 13)),
        (" date 2025-12-13 \n\nFerry returns", " date 2025-12-13 ", date(2025, 12, 13)),
        (" date 2025-12-13\nFerry returns", " date 2025-12-13", date(2025, 12, 13)),
        (" date 2025-12-13", " date 2025-12-13", date(2025, 12, 13)),
        (" date 9999-12-31 Ferry", " date 9999-12-31 ", date.max),
        (" date 2024-02-29 Ferry", " date 2024-02-29 ", date(2024, 2, 29)),
        (" date 2026-02-29 Ferry", "", None),
        (" date 2026-13-40 Ferry", "", None),
        (" date 0000-01-01 Ferry", "", None),
        (" date ٢٠٢٦-٠١-٠١ Ferry", "", None),
        (" date 2025-12-133 Ferry", "", None),
        ("Ferry returns\n date 2025-12-13 ", "", None),
        ("A date 2025-12-13 was set", "", None),
    ],
)
def test_header(text: str, header: str, captured: date | None) -> None:
    page = decoded(text.encode())
    assert (page.text, page.text[: page.header], page.captured) == (text, header, captured)


def test_a_header_behind_a_byte_order_mark() -> None:
    assert decoded(" date 2025-12-13 Ferry".encode("utf-8-sig")).captured == date(2025, 12, 13)


# ── HTML ────────────────────────────────────────────────────────────────────────────────────────────

_HTML = """<?xml version="1.0"?><!-- a comment --><!-- another -->
<!DOCTYPE html><html><head><title>Paper</title><style>p {color: red}</style></head><body>
<nav><a href="/">Home</a> <a href="/all">All</a></nav>
<script>var ferry = "<p>no text</p>";</script><noscript>Turn it on</noscript>
<h1>Ferry&nbsp;returns &amp; stays</h1><time>14 May 2026</time>
<p>It sails<br>at   nine &mdash; <b>sharp</b>, <i>daily</i>.<!-- not seen --></p><p>Come
early&#8230;</p><ul><li>soap</li><li>bread</li></ul>
<table><tr><td>one</td><td>two</td></tr></table></body></html>"""


def test_html_is_read_a_block_a_line() -> None:
    lines = [line for line in decoded(_HTML.encode()).text.split("\n") if line]
    assert lines == [
        *("Home All", "Ferry returns & stays", "14 May 2026", "It sails", "at nine — sharp, daily."),
        *("Come early…", "• soap", "• bread", "one two"),
    ]


def test_html_keeps_paragraphs_apart() -> None:
    text = decoded(b"<html><body><p>One.</p><p>Two.</p>Three.<div>Four.</div></body></html>").text
    assert text == "One.\n\nTwo.\n\nThree.\nFour.\n"


def test_html_behind_the_crawlers_header() -> None:
    page = decoded(b" date 2025-12-13 <html><body><p>It sails.</p></body></html>")
    assert (page.captured, page.text[page.header :].strip()) == (date(2025, 12, 13), "It sails.")


@pytest.mark.parametrize("text", ["A < b and <p> is a tag.", "See <html> for more.", "<3 the ferry", "<b>Bold</b>"])
def test_text_with_tags_in_it_is_no_html(text: str) -> None:
    assert decoded(text.encode()).text == text


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 5000 + "It sails." + "</div>" * 5000 + "<p>Behind it.</p></body></html>",
        "<html><body><p>Behind it.</p>" + "<b><i>" * 5000 + "It sails.",
        "<html><body><script>no text" + "</script><div>" * 5000 + "It sails.</div>Behind it.",
        "<html><body><p>" + "word " * 2_500_000 + "<b>It</b> sails.</p>Behind it.",
        "<html><body><p class='" + "x" * 11_000_000 + "'><b>It</b> sails.</p>Behind it.",
        "<html><body><p>It sails.<p>Behind it.<div <span></p></table></i> <a href='x\">",
        "<html>\x00<body>It sails.\x00 Behind it." + " And more." * 40,
    ],
    ids=["deep", "unclosed", "deep with script", "long text", "long attribute", "broken", "nul"],
)
def test_hostile_html_loses_no_text(html: str) -> None:
    text = decoded(html.encode()).text
    assert "It sails." in text
    assert "Behind it." in text
    assert "no text" not in text


@pytest.mark.parametrize("content", [b"<html", b"<html>", b"<html></html>", b"<!doctype html>", b"<html><!--"])
def test_html_without_text(content: bytes) -> None:
    assert decoded(content).text.strip() in {"", "<html"}


def test_comments_without_end_are_no_trap() -> None:
    text = "<!---->" * 500 + "It sails."  # read with a wrong pattern, this takes longer than the world stands
    assert decoded(text.encode()).text == text


# ── Any bytes ───────────────────────────────────────────────────────────────────────────────────────

_CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1251", "cp1252", "koi8-r"])
_TEXTS = st.text(st.sampled_from("a B.é’Жқ\n\r<>&;/ \x00\ufeff\u3000"), max_size=200)
_BYTES = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda text, codec: text.encode(codec, "replace"), _TEXTS, _CODECS),
    st.builds(
        lambda before, rest, cut: (before + rest)[:cut],
        st.sampled_from([b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\x00\x00", b"<html>", b" date 2025-12-13 <p>"]),
        st.binary(max_size=200),
        st.integers(0, 220),
    ),
)


@settings(max_examples=400, deadline=None)
@given(_BYTES)
@example(b"\xff\xfe\x00\x00\x00\x00\x11\x00")
@example(b"\xff\xfe\x00\xd8")
@example(b"<html><body>&#xD800;&#0;&#x110000;")
def test_any_bytes_are_pages(content: bytes) -> None:
    pages = list(decode.decode(content))
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert pages
    for page in pages:
        assert 0 <= page.header <= len(page.text)
        assert page.charset_reason
        assert page.rejected is None or not page.text
        page.text.encode()  # no half of a pair, which nothing could store
    assert list(decode.decode(content)) == pages


def test_a_mark_before_other_bytes_than_utf_8_does_not_spoil_them() -> None:
    words = "Весь октябрь утренний поезд отправлялся на четыре минуты позже. "
    page = decoded(b"\xef\xbb\xbf" + (words * 5).encode("cp1251"))
    assert (page.charset, page.text) == ("windows-1251", words * 5)
    assert page.charset_reason.startswith("byte order mark; not UTF-8")
