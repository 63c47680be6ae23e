"""Damaged dumps: pages of ours in every packing, mutated by a seeded chance. The same seed, the same bytes."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path

import zstandard

from worker.intake.decode import FAILED
from worker.jobs import Reader
from worker.model import Verdict

_ROOT = Path(__file__).parent.parent
_PLACES = ("tests/intake/segment/cases/*/page.txt", "examples/pages/**/*.txt")
_MOST = 12_000  #: bytes of a page; larger ones only make the runs fewer
_CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "cp1252", "koi8-r", "cp866")
_TAGS = (
    *(
        b"<html>",
        b"<body>",
        b"<div>",
        b"</div>",
        b"<p>",
        b"<table><tr><td>",
        b"<script>",
        b"</script>",
        b"<!--",
        b"-->",
    ),
    *(b"<article>", b"<time datetime='2026-11-07'>", b"<a href='//x/'>", b"<h1>", b"<br><br>", b"&#xD800;", b"&nbsp;"),
    *(
        b"<meta charset=koi8-r>",
        b"<![CDATA[",
        b"<?xml version='1.0'?>",
        b"<li class='menu'>",
        b"<pre>",
        b"<base href=x>",
    ),
    b'<script type=\'application/ld+json\'>{"@type":"Article","headline":"',
)
_MAGIC = (
    *(
        b"\x1f\x8b\x08",
        b"\x28\xb5\x2f\xfd",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"WARC/1.0\r\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
    ),
    *(b"\x00", b"\r", b"\n" * 9, b"\xed\xa0\x80", b" date 2026-11-07 ", b"Content-Length: 99999999\r\n\r\n"),
    *(b"From: a@b.example\nMIME-Version: 1.0\nSubject: =?x?q?=?=\nMessage-ID: <1@b>\n\n", b"07.11.2026, 09:40"),
    *("\u2028\ufeff\u200b\U0001f6a2".encode(), b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n"),
)
_LATEST = date(2026, 11, 20)
Mutation = Callable[[random.Random, bytes], bytes]


def problem(content: bytes) -> str | None:
    """What is wrong with how a dump is read, from bytes to fingerprints; None where every law is kept. May raise."""
    number = 0
    for reading in Reader().pages(content, "mutant", latest=_LATEST):
        page, split = reading.page, reading.split
        number += 1
        if page.number != number:
            return f"page {page.number} comes as the {number}th"
        edges = [(piece.start, piece.end) for piece in split.pieces]
        if edges and (
            (edges[0][0], edges[-1][1]) != (0, len(page.text)) or any(a[1] != b[0] for a, b in pairwise(edges))
        ):
            return f"the pieces of page {number} do not tile it"
        if not edges and page.text:
            return f"page {number} has no piece"
        if (page.rejected is not None) != (split.verdict is Verdict.REJECTED):
            return f"page {number} is {split.verdict} and says {page.rejected}"
        if any(not 0 <= mark.start < mark.end <= len(page.text) for mark in page.marks):
            return f"a mark of page {number} lies outside of its text"
        if (page.rejected or "").startswith(FAILED):
            return f"page {number}: {page.rejected}"
        page.text.encode()
    return None if number else "no page at all"


def mutant(seed: int) -> bytes:
    """The damaged dump of a seed."""
    chance = random.Random(seed)
    content = chance.choice(pages())
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        content = chance.choice(_MUTATIONS)(chance, content)
    for _ in range(chance.choice((0, 1, 1, 2))):
        content = chance.choice(_PACKINGS)(chance, content)
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        content = chance.choice(_MUTATIONS)(chance, content)
    return content


@cache
def pages() -> list[bytes]:
    """Pages of the tests and examples, as text and as HTML."""
    texts = [path.read_bytes()[:_MOST] for place in _PLACES for path in sorted(_ROOT.glob(place))]
    return texts + [_as_html(text.decode("utf-8", "replace")) for text in texts]


def _as_html(text: str) -> bytes:
    lines = [line for line in text.split("\n") if line.strip()]
    blocks = [
        f"<div class='item card'><h2>{escape(line)}</h2></div>" if len(line) < 90 else f"<p>{escape(line)}"
        for line in lines
    ]
    head = "<meta property='og:title' content='x'><title>y</title><link rel=canonical href='https://x.example/1'>"
    menu = "<nav><ul><li><a href='/'>Home</a></ul></nav>"
    body = f"{menu}<main>{''.join(blocks)}</main>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


# ── Mutations ───────────────────────────────────────────────────────────────────────────────────────


def _flipped(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 30) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _gone(chance: random.Random, content: bytes) -> bytes:
    start, end = _stretch(chance, content)
    return content[:start] + content[end:]


def _doubled(chance: random.Random, content: bytes) -> bytes:
    start, end = _stretch(chance, content[:_MOST])
    times = chance.choice((1, 2, 5, 40)) if end - start < 400 else 1
    return content[:end] + content[start:end] * times + content[end:]


def _spliced(chance: random.Random, content: bytes) -> bytes:
    other = chance.choice(pages())
    start, end = _stretch(chance, other)
    at = chance.randrange(len(content) + 1)
    return content[:at] + other[start:end] + content[at:]


def _recoded(chance: random.Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(chance.choice(_CODECS), "replace")


def _recoded_in_part(chance: random.Random, content: bytes) -> bytes:
    start, end = _stretch(chance, content)
    return content[:start] + _recoded(chance, content[start:end]) + content[end:]


def _injected(words: tuple[bytes, ...]) -> Mutation:
    def inject(chance: random.Random, content: bytes) -> bytes:
        for _ in range(chance.choice((1, 1, 3, 10))):
            at = chance.choice((0, chance.randrange(len(content) + 1)))
            content = content[:at] + chance.choice(words) * chance.choice((1, 1, 1, 50)) + content[at:]
        return content

    return inject


def _on_one_line(_chance: random.Random, content: bytes) -> bytes:
    return content.replace(b"\n", b" ")


def _stretch(chance: random.Random, content: bytes) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 20, 300, 5000)))


_MUTATIONS: tuple[Mutation, ...] = (
    *(_flipped, _cut, _gone, _doubled, _spliced, _recoded, _recoded_in_part, _injected(_TAGS), _injected(_MAGIC)),
    _on_one_line,
)


# ── Packings ────────────────────────────────────────────────────────────────────────────────────────


def _gzipped(_chance: random.Random, content: bytes) -> bytes:
    return gzip.compress(content, 1, mtime=0)


def _zstd(_chance: random.Random, content: bytes) -> bytes:
    return zstandard.ZstdCompressor(1).compress(content)


def _zipped(chance: random.Random, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for number, one in enumerate((content, chance.choice(pages()))):
            archive.writestr(zipfile.ZipInfo(f"../{number}"), one)
    return packed.getvalue()


def _archived(chance: random.Random, content: bytes) -> bytes:
    """As WARC or WET, each record by itself gzipped or not, its answer coded or not."""
    records = [_record(chance, one) for one in (content, chance.choice(pages()))]
    pack = chance.choice((bytes, lambda record: gzip.compress(record, 1, mtime=0)))
    return b"".join(map(pack, records))


def _record(chance: random.Random, content: bytes) -> bytes:
    kind = chance.choice(("response", "response", "conversion", "resource"))
    if kind == "response":
        content = _answer(chance, content)
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://x/\r\nWARC-Date: 2026-11-07T09:40:00Z\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def _answer(chance: random.Random, body: bytes) -> bytes:
    gzipped, deflated = ("gzip", gzip.compress(body, 1, mtime=0)), ("deflate", zlib.compress(body))
    coding, body = chance.choice((("", body), gzipped, deflated))
    charset = chance.choice(("", "; charset=utf-8", "; charset=windows-1251"))
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html{charset}\r\nContent-Encoding: {coding}\r\n\r\n".encode() + body


def _mailed(chance: random.Random, content: bytes) -> bytes:
    kind = chance.choice(("text/plain", "text/html; charset=utf-8", "message/rfc822"))
    head = b"From: a@b\nTo: c@d\nMessage-ID: <1@b>\nMIME-Version: 1.0\nDate: Sat, 07 Nov 2026 09:40:00 +05\n"
    if chance.randrange(2):
        return head + f"Subject: A ferry\nContent-Type: {kind}\n\n".encode() + content
    both = (content, chance.choice(pages()))
    parts = b"".join(b"--x\nContent-Type: " + kind.encode() + b"\n\n" + one + b"\n" for one in both)
    multi = chance.choice((b"mixed", b"alternative"))
    return head + b"Content-Type: multipart/" + multi + b"; boundary=x\n\n" + parts + b"--x--\n"


_PACKINGS: tuple[Mutation, ...] = (_gzipped, _zstd, _zipped, _archived, _archived, _mailed)
