"""Dumps of every kind, made here."""

from __future__ import annotations

import gzip
import io
import zipfile

import zstandard

PAGE = "07.11.2026, 09:40\n\nFerry returns\n\nThe ferry between Tuzkent and Ulyterek sails again, the ministry said.\n"
HTML = f"<html><body><h1>Ferry returns</h1><p>{PAGE}</p></body></html>"


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return packed.getvalue()


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def record(kind: str, content: bytes, *, url: str | None = "https://news.example/1", day: str = "2026-11-07") -> bytes:
    """A WARC record (ISO 28500)."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: {day}T09:40:00Z\r\nContent-Type: text/plain\r\n"
    if url:
        head += f"WARC-Target-URI: {url}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """What a web server says."""
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", ""]).encode() + body


def mail(body: str | bytes, *headers: str, subject: str = "Ferry returns") -> bytes:
    head = [
        *("From: Press Office <press@example.org>", "To: list@example.org", "Message-ID: <1@example.org>"),
        *("Date: Sat, 07 Nov 2026 09:40:00 +0500", "MIME-Version: 1.0", f"Subject: {subject}", *headers),
    ]
    return "\r\n".join([*head, "", ""]).encode() + (body if isinstance(body, bytes) else body.encode())


def multipart(kind: str, *parts: tuple[str, str]) -> tuple[str, str]:
    """A Content-Type header and a body with these parts, each of a type and a text."""
    inner = "".join(f"--x\r\nContent-Type: {type_}\r\n\r\n{text}\r\n" for type_, text in parts)
    return f"Content-Type: multipart/{kind}; boundary=x", inner + "--x--\r\n"


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def gz(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
