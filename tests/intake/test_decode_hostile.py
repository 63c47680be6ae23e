"""Dumps that mean harm, or that met with it: a verdict with its reason, bounded cost, and what could be read stays."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date
from itertools import pairwise

import pytest
from dump_makers import PAGE, answer, gz, mail, record, zipped, zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.mutants import mutant, problem
from worker.intake import decode
from worker.intake.decode import FAILED
from worker.jobs import Reader
from worker.model import Limits


def told(content: bytes, limits: Limits | None = None) -> list[str]:
    """Of each page the reason for which it is rejected, or its text."""
    return [page.rejected or page.text for page in decode.decode(content, limits or Limits())]


class Endless(io.RawIOBase):
    """A file of a gigabyte, which is never in memory: a head, and then one stretch again and again."""

    size = 1 << 30

    def __init__(self, head: bytes, stretch: bytes) -> None:
        self.head, self.stretch, self.at, self.given = head, stretch * (65536 // len(stretch)), 0, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = self.size + offset if whence == 2 else offset
        return self.at

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1) -> bytes:
        left = self.size - self.at
        size = left if size < 0 else min(size, left)
        some = self.head[self.at : self.at + size]
        some += (self.stretch * (size // len(self.stretch) + 1))[: size - len(some)]
        self.at += size
        self.given += size
        return some


# ── Size ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "stretch", "reason"),
    [
        (b"", b"a", "has more than 16777216 bytes ([limits] page_bytes)"),
        (b"<html>", b"<p>", "has more than 16777216 bytes ([limits] page_bytes)"),
        (b"\x1f\x8b\x08\0", b"\0", "the gzip data are damaged"),
        (b"PK\x03\x04", b"\0", "is missing or damaged"),
        (b"From: a\nMessage-ID: 1\nDate: x\nX: ", b"a", "has more than 16777216 bytes"),
    ],
)
def test_a_gigabyte_is_not_read_to_learn_that_it_is_too_much(head: bytes, stretch: bytes, reason: str) -> None:
    file = Endless(head, stretch)
    found = [page.rejected or page.text for page in decode.decode(file)]  # type: ignore[arg-type]
    assert reason in found[-1]
    assert file.given < 20 << 20


def test_headers_without_end_are_not_kept() -> None:
    content = b"WARC/1.0\r\n" + b"a: b\r\n" * 100_000 + record("conversion", PAGE.encode())
    assert told(content)[0].startswith("a broken WARC record: a record has more than 262144 bytes of headers")


def test_the_page_limit_counts_what_comes_out() -> None:
    limits = Limits(page_bytes=1000)
    reason = "has more than 1000 bytes ([limits] page_bytes)"
    large = PAGE.encode() * 20
    assert told(gz(large), limits) == [reason]
    assert told(zipped(("a", large), ("b", PAGE.encode())), limits) == [f"its member “a”: {reason}", PAGE]
    coded = record("response", answer(gz(large), "Content-Encoding: gzip"))
    assert told(coded + record("conversion", large) + record("conversion", PAGE.encode()), limits) == [
        reason,
        reason,
        PAGE,
    ]


def test_the_limit_of_pages_keeps_what_came_before() -> None:
    archive = record("conversion", PAGE.encode()) * 5
    assert told(archive, Limits(pages=2)) == [PAGE, PAGE, "the dump has more than 2 pages ([limits] pages)"]


@pytest.mark.parametrize("pack", [gz, zstd])
def test_a_bomb_goes_off_at_the_limit(pack: object) -> None:
    assert callable(pack)
    bomb = pack(b"\0" * (40 << 20))
    assert len(bomb) < 50_000
    (reason,) = told(bomb, Limits(page_bytes=1 << 30))
    assert reason.startswith("the dump unpacks to more than 200 times its size ([limits] expansion)")
    assert told(pack(bomb), Limits(page_bytes=1 << 30))[0].startswith("the dump unpacks to more than 200 times")


def test_a_bomb_in_an_archive_costs_no_page_before_it() -> None:
    found = told(
        zipped(("a", PAGE.encode()), *((str(n), b"\0" * (8 << 20)) for n in range(8))), Limits(page_bytes=1 << 30)
    )
    assert found[0] == PAGE
    assert found[-1].startswith("the dump unpacks to more than 200 times")


def test_a_short_page_of_one_repeated_line_is_no_bomb() -> None:
    text = "It sails.\n" * 50_000
    assert told(gz(text.encode())) == [text]


# ── Archives that are broken ────────────────────────────────────────────────────────────────────────


def test_names_in_archives_are_only_labels() -> None:
    content = zipped(("../../etc/passwd", b"\0\1"), ("/etc/x\n\x1b[2J", b"\0"), ("c" * 500, b"\0"))
    found = told(content)
    assert len(found) == 3
    assert all("\n" not in reason and "\x1b" not in reason and len(reason) < 200 for reason in found)


def test_an_encrypted_member_says_so() -> None:
    content = bytearray(zipped(("a", PAGE.encode())))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert told(bytes(content)) == ["its member “a” is encrypted; unpack it with its password"]


def test_an_archive_that_lies_about_sizes() -> None:
    content = zipped(("a", PAGE.encode() * 50), ("b", PAGE.encode()))
    at = content.index(b"PK\x01\x02")
    lied = content[: at + 24] + struct.pack("<I", 7) + content[at + 28 :]
    assert told(lied)[-1] == PAGE
    assert any("damaged" in reason for reason in told(lied))


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_an_archive_without_its_end_gives_what_it_has(how: int) -> None:
    content = zipped(("a", PAGE.encode()), ("b", PAGE.encode()), ("c", PAGE.encode()), how=how)
    found = told(content[: content.rindex(b"PK\x03\x04") + 60])
    assert found[:2] == [PAGE, PAGE]
    assert found[-1].startswith("its directory is missing or damaged")


@pytest.mark.parametrize(("pack", "name"), [(gz, "gzip"), (zstd, "zstd")])
def test_packed_data_that_break_off_give_what_they_have(pack: object, name: str) -> None:
    assert callable(pack)
    text = "".join(f"{n * 7919 % 1000003} ferries sail.\n" for n in range(40_000))
    first, end = told(pack(text.encode())[:-2000])
    assert text.startswith(first.rstrip("\ufffd"))
    assert len(first) > 100_000
    assert end == f"the {name} data end too early"


def test_a_file_that_is_cut_while_it_is_read() -> None:
    content = record("conversion", PAGE.encode()) * 3000
    file = io.BytesIO(content)
    found = decode.decode(file)
    assert next(found).text == PAGE
    file.truncate(100_000)
    *rest, end = found
    assert all(page.rejected is None for page in rest)
    assert (end.rejected or "").startswith(("the WARC ends", "a WARC", "a broken WARC record"))


# ── Markup and mail ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 100_000 + "It sails.",
        "<html><body>" + "<table><tr><td>" * 20_000 + "It sails.",
        "<html><body><p " + "".join(f"a{n}=x " for n in range(100_000)) + ">It sails.",
        "<html><body><p " + "".join(f"a{n}='>' " for n in range(100_000)) + ">It sails.",
        "<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '" + "&a;" * 9999 + "'>]><html><body>&b; It sails.",
        "<html><script type='application/ld+json'>" + "[" * 500_000 + "</script><body>It sails.",
        "<html><body>" + "<br>" * 500_000 + "It sails.",
        "<html><body>" + "<a href='http://[/'>It sails.</a>",
        "<html><base href='//[::'><body><a href='x'>It sails.</a>",
    ],
    ids=["deep", "tables", "attributes", "hidden attributes", "entities", "json", "breaks", "link", "base"],
)
def test_markup_that_means_harm(html: str) -> None:
    (found,) = told(html.encode())
    assert "It sails." in found
    assert len(found) < 2 * len(html)


_NESTED = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(2000))


@pytest.mark.parametrize(
    "content",
    [
        mail("", *["Content-Type: message/rfc822"]) + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        mail("x", "Content-Type: text/plain; charset*0*=x''%"),
        mail("x", subject="=?utf-8?q?a?= " * 200_000),
        mail("x", "Content-Type: text/plain; charset=rot13"),
        mail("x", "Content-Transfer-Encoding: base64"),
        mail("x", subject="=?utf-8?b?////?= =?x?q?=?= =?utf-7?q?a?="),
        mail(_NESTED, "Content-Type: multipart/mixed; boundary=b0"),
    ],
)
def test_mail_that_means_harm(content: bytes) -> None:
    found = told(content)
    assert found
    assert not any(reason.startswith(FAILED) for reason in found)


# ── Anything ────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 62))
def test_damaged_dumps_get_a_verdict(seed: int) -> None:
    """From bytes to fingerprints: nothing is raised, pieces tile each page, rejected pages say why."""
    assert problem(mutant(seed)) is None


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"WARC/1.0\r\n", b"From: a\nMessage-ID: 1\nTo: b\n", b""]
    ),
    st.binary(max_size=400),
)
def test_any_bytes_behind_any_beginning(head: bytes, rest: bytes) -> None:
    assert problem(head + rest) is None


def test_a_stream_is_read_page_by_page() -> None:
    """A later page is not asked for before the one in hand is done with."""
    file = io.BytesIO(record("conversion", PAGE.encode()) * 2000)
    found = Reader().pages(file, "x", latest=date(2026, 11, 20))
    places = [(next(found), file.tell())[1] for _ in range(2000)]
    assert places[0] < len(file.getvalue()) // 2
    assert all(one <= other for one, other in pairwise(places))
