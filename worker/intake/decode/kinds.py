"""What bytes are, told by their beginning and never by a name."""

from __future__ import annotations

import re
from enum import StrEnum


class Form(StrEnum):
    """What a dump, or a part of one, is."""

    GZIP = "gzip"
    ZSTD = "zstd"
    ZIP = "zip"
    WARC = "warc"
    MAIL = "mail"
    FOREIGN = "foreign"  #: a known kind of file that is no page
    PAGE = "page"  #: anything else: text or HTML, if it is that


HEAD = 4096  #: bytes that are looked at

_MAGIC = (
    (b"\x1f\x8b", Form.GZIP),
    (b"\x28\xb5\x2f\xfd", Form.ZSTD),
    (b"PK\x03\x04", Form.ZIP),
    (b"PK\x05\x06", Form.ZIP),  # one without members
    (b"WARC/", Form.WARC),
)
#: Kinds that a crawler may bring along, and that could pass for text: what they are called, and the cure.
_FOREIGN = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"BZh", "packed with bzip2; pack it with gzip or zstd"),
    (b"\xfd7zXZ\0", "packed with xz; pack it with gzip or zstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; pack it as zip"),
    (b"Rar!\x1a\x07", "a RAR archive; pack it as zip"),
)
_BEGINNINGS = tuple(magic for magic, _ in (*_MAGIC, *_FOREIGN))  # all asked for at once, since pages have none
_NAMED = re.compile(rb"From |[!-9;-~]+:")  # how every mail begins
_FIELD = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")  # RFC 5322, 2.2
_KNOWN = re.compile(
    rb"^(from|to|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|dkim-signature):",
    re.IGNORECASE | re.MULTILINE,
)
_TELLING = {b"message-id", b"mime-version", b"received", b"return-path", b"dkim-signature"}


def form_of(head: bytes) -> Form:
    """What something is that begins so."""
    if head.startswith(_BEGINNINGS):
        return next((form for magic, form in _MAGIC if head.startswith(magic)), Form.FOREIGN)
    return Form.MAIL if _is_mail(head) else Form.PAGE


def foreign(head: bytes) -> str | None:
    """The name of a kind of file that is no page."""
    if not head.startswith(_BEGINNINGS):
        return None
    return next((name for magic, name in _FOREIGN if head.startswith(magic)), None)


def _is_mail(head: bytes) -> bool:
    """Header fields and nothing else from the first byte on, three that mail has, one of them no writer would type."""
    if not _NAMED.match(head) or not _KNOWN.search(head, 0, 2048):
        return False
    head = head.replace(b"\r\n", b"\n")
    if head.startswith(b"From "):  # as mailboxes divide mails
        head = head.partition(b"\n")[2]
    fields = _FIELD.match(head)
    if not fields:
        return False
    rest = head[fields.end() :]
    if not rest.startswith(b"\n") and len(head) < HEAD // 2:
        return False
    names = {name.lower() for name in _KNOWN.findall(fields[0])}
    return len(names) >= 3 and bool(names & _TELLING)
