"""Every kind of dump: its pages, with whatever the container says of them; packings within each other."""

from __future__ import annotations

import zipfile
import zlib
from datetime import date

import pytest
from dump_makers import HTML, PAGE, answer, chunked, gz, mail, multipart, record, zipped, zstd

from worker.intake import decode
from worker.model import Limits, Page

_RUSSIAN = "Письма в посёлок теперь приходят раньше газет. Почтальон сменил велосипед на лыжероллеры.\n"


def pages(content: bytes, limits: Limits | None = None) -> list[Page]:
    found = list(decode.decode(content, limits or Limits()))
    assert [page.number for page in found] == list(range(1, len(found) + 1))
    return found


def texts(content: bytes) -> list[str]:
    return [page.rejected or page.text for page in pages(content)]


# ── Packings ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content",
    [
        PAGE.encode(),
        gz(PAGE.encode()),
        gz(PAGE[:50].encode()) + gz(PAGE[50:].encode()),
        gz(PAGE.encode()) + b"\0" * 512,
        zstd(PAGE.encode()),
        zstd(PAGE[:50].encode()) + b"\x50\x2a\x4d\x18\x03\0\0\0abc" + zstd(PAGE[50:].encode()),
        zipped(("a.txt", PAGE.encode())),
        zipped(("folder/", b""), ("a.txt", PAGE.encode()), ("__MACOSX/._a.txt", b"\0\1\2"), how=zipfile.ZIP_STORED),
        gz(zstd(gz(PAGE.encode()))),
        zipped(("a.gz", gz(PAGE.encode()))),
        gz(zipped(("a.txt", PAGE.encode()))),
        zipped(("a.zip", zipped(("b.zip", zipped(("c.txt", PAGE.encode())))))),
    ],
)
def test_a_page_however_it_is_packed(content: bytes) -> None:
    (page,) = pages(content)
    assert (page.text, page.charset, page.rejected) == (PAGE, "utf-8", None)


def test_each_member_of_a_zip_is_a_page() -> None:
    found = pages(zipped(("b", PAGE.encode()), ("a", _RUSSIAN.encode("cp1251")), ("c", HTML.encode())))
    assert [page.charset for page in found] == ["utf-8", "windows-1251", "utf-8"]
    assert found[1].text == _RUSSIAN
    assert found[2].marks


def test_what_is_packed_too_often_says_so() -> None:
    content = PAGE.encode()
    for _ in range(4):
        content = gz(content)
    assert texts(content) == ["packed more than 3 times over"]


# ── WARC and WET ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("pack", [bytes, gz, zstd])
@pytest.mark.parametrize("each", [bytes, gz])
def test_records_are_pages_with_their_address_and_day(pack: object, each: object) -> None:
    assert callable(pack)
    assert callable(each)
    archive = pack(
        each(record("warcinfo", b"software: none", url=None))
        + each(record("request", b"GET / HTTP/1.1\r\n\r\n"))
        + each(record("response", answer(HTML.encode()), url="https://news.example/1"))
        + each(record("conversion", _RUSSIAN.encode(), url="https://news.example/2", day="2026-11-08"))
        + each(record("metadata", b"a: b"))
    )
    first, second = pages(archive)
    assert (first.url, first.captured, first.rejected) == ("https://news.example/1", date(2026, 11, 7), None)
    assert first.text.startswith("Ferry returns\n\n07.11.2026")
    assert (second.url, second.captured) == ("https://news.example/2", date(2026, 11, 8))
    assert second.text == _RUSSIAN


def test_the_charset_of_the_answer_is_used() -> None:
    body = f"<html><body><p>{_RUSSIAN}</p></body></html>".encode("koi8-r")
    (page,) = pages(record("response", answer(body, kind="text/html; charset=koi8-r")))
    assert (page.charset, page.charset_reason, page.text.strip()) == ("koi8-r", "a header says so", _RUSSIAN.strip())


def test_a_fragment_is_html_where_the_answer_says_so() -> None:
    (page,) = pages(record("response", answer(b"<b>It</b> sails.<br>Daily.")))
    assert page.text == "It sails.\nDaily.\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Transfer-Encoding: chunked"], chunked(HTML[:20].encode(), HTML[20:].encode())),
        (["Content-Encoding: gzip"], gz(HTML.encode())),
        (["Content-Encoding: gzip"], HTML.encode()),
        (["Content-Encoding: deflate"], zlib.compress(HTML.encode())),
        (["Content-Encoding: deflate"], zlib.compress(HTML.encode())[2:-4]),
        (["Content-Encoding: zstd"], zstd(HTML.encode())),
        (["Transfer-Encoding: chunked", "Content-Encoding: gzip"], chunked(gz(HTML.encode()))),
    ],
)
def test_codings_of_the_answer_are_undone(headers: list[str], body: bytes) -> None:
    (page,) = pages(record("response", answer(body, *headers)))
    assert page.text.startswith("Ferry returns\n\n07.11.2026, 09:40")


def test_answers_that_are_no_pages_are_passed_over() -> None:
    archive = (
        record("response", answer(b"\x89PNG\r\n", kind="image/png"))
        + record("response", answer(b"", "Location: /", status="301 Moved Permanently"))
        + record("resource", b"%PDF-1.4")
        + record("response", answer(PAGE.encode(), kind="text/plain"))
    )
    found = pages(archive)
    assert [page.rejected or page.text for page in found] == ["binary: a PDF document", PAGE]


def test_an_archive_without_any_page_says_so() -> None:
    archive = record("warcinfo", b"a: b", url=None) + record("request", b"GET / HTTP/1.1\r\n\r\n") * 3
    assert texts(archive) == ["a WARC without a page in its records: 3 request, 1 warcinfo"]


def test_an_archive_that_breaks_off_keeps_what_came_before() -> None:
    archive = record("conversion", PAGE.encode()) + record("conversion", PAGE.encode())
    first, second, end = texts(archive[:-40])
    assert first == PAGE
    assert PAGE.startswith(second)
    assert len(second) > 60
    assert end == "the WARC ends 36 bytes before its last record does"


def test_a_broken_record_costs_only_itself() -> None:
    broken = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: many\r\n\r\nHTTP/1.1 200 OK\r\n\r\nIt\r\n\r\n"
    found = texts(record("conversion", PAGE.encode()) + broken + record("conversion", _RUSSIAN.encode()))
    assert (found[0], found[-1]) == (PAGE, _RUSSIAN)


@pytest.mark.parametrize(
    ("headers", "cause"),
    [
        ("Content-Length: 30", "it states no WARC-Target-URI"),
        ("WARC-Target-URI: https://x.example/", "it states no Content-Length"),
        ("WARC-Target-URI: https://x.example/\r\nContent-Length: -5", "its Content-Length is '-5', no count of bytes"),
    ],
)
def test_a_record_that_lacks_what_it_is_read_by_is_broken(headers: str, cause: str) -> None:
    broken = f"WARC/1.0\r\nWARC-Type: response\r\n{headers}\r\n\r\nHTTP/1.1 200 OK\r\n\r\nIt\r\n\r\n".encode()
    first, second = pages(broken + record("conversion", PAGE.encode()))
    assert first.rejected == f"a broken WARC record: {cause}; have the crawler fetch and write that page again"
    assert second.text == PAGE


# ── Mail ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_is_its_text_with_subject_and_date() -> None:
    (page,) = pages(mail(PAGE))
    assert (page.text, page.captured) == (PAGE, date(2026, 11, 7))
    assert page.stated is not None
    assert (page.stated.title, page.stated.published) == ("Ferry returns", "2026-11-07T09:40:00+05:00")


def test_encoded_heads_and_bodies_of_mail_are_decoded() -> None:
    head = ("Content-Type: text/plain; charset=koi8-r", "Content-Transfer-Encoding: base64")
    content = mail("8NXU2CDP1MvS2dQu\r\n", *head, subject="=?koi8-r?b?8NXU2A==?=")
    (page,) = pages(content)
    assert (page.text, page.charset) == ("Путь открыт.", "koi8-r")
    assert page.stated is not None
    assert page.stated.title == "Путь"


def test_the_best_alternative_is_the_body() -> None:
    header, body = multipart("alternative", ("text/plain", PAGE), ("text/html", HTML), ("image/png", "x"))
    (page,) = pages(mail(body, header))
    assert page.text.startswith("Ferry returns\n\n07.11")


def test_attachments_and_mails_within_are_pages() -> None:
    inner = mail("It sails.\n", subject="Fwd").decode()
    parts = (("text/plain", "See below.\n"), ("text/html", HTML), ("application/pdf", "x"), ("message/rfc822", inner))
    header, body = multipart("mixed", *parts)
    found = pages(mail(body, header))
    assert [page.text.split()[0] for page in found] == ["See", "Ferry", "It"]
    assert found[2].stated is not None
    assert found[2].stated.title == "Fwd"


def test_a_mail_without_text_says_so() -> None:
    assert texts(mail("x", "Content-Type: application/pdf")) == ["a mail without any text"]


@pytest.mark.parametrize(
    "text",
    [
        "From: Ministry\nDate: 7 November\n\nThe ferry returns.\n",
        "Subject: a poem\nThe ferry returns.\n",
        "Note: the ferry returns.\nDate: today\nFrom: here\n",
    ],
)
def test_text_that_begins_like_a_mail_is_none(text: str) -> None:
    assert texts(text.encode()) == [text]


# ── What is no page ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7\n%\xe2", "a PDF document"), (b"\xff\xd8\xff\xe0", "a JPEG image"), (b"{\\rtf1 It sails.}", "RTF")],
)
def test_other_files_are_named(content: bytes, name: str) -> None:
    (page,) = pages(content)
    assert page.charset == "binary"
    assert name in (page.rejected or "")
