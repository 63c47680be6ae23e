"""What the headers of a request ask of an answer that is ready: an encoding, and whether the reader has it already."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from functools import lru_cache

#: Readers send one of a few hundred values, so the same ones come again and again.
_REMEMBERED = 512
_TAG = re.compile(rb'(?:W/)?("[^"]*")')
_REFUSED = re.compile(rb"\s*q\s*=\s*0(?:\.0*)?\s*")


@lru_cache(_REMEMBERED)
def accepts_gzip(header: bytes) -> bool:
    """Whether Accept-Encoding takes gzip (RFC 9110 section 12.5.3); a quality of 0 refuses it, "*" means what is not
    named.
    """
    taken: dict[bytes, bool] = {}
    for part in header.lower().split(b","):
        name, _, quality = part.partition(b";")
        taken[name.strip()] = not _REFUSED.fullmatch(quality)
    return next((taken[name] for name in (b"gzip", b"x-gzip", b"*") if name in taken), False)


def is_unchanged(
    asked: Mapping[bytes, bytes], headers: Sequence[tuple[bytes, bytes]], etag: bytes, modified: int
) -> bool:
    """Whether the reader has it: by If-None-Match, and only without that by If-Modified-Since (RFC 9110 section
    13.2.2). `asked` are the headers by name, of which If-None-Match may come more than once.
    """
    if (tags := asked.get(b"if-none-match")) is not None:
        if tags == etag:
            return True
        return has_one(b", ".join(value for name, value in headers if name == b"if-none-match"), etag)
    return (since := asked.get(b"if-modified-since")) is not None and is_since(since, modified)


def has_one(header: bytes, etag: bytes) -> bool:
    """Whether If-None-Match names this tag, by weak comparison (RFC 9110 section 13.1.2)."""
    return header == etag or header.strip() == b"*" or etag in _TAG.findall(header)


@lru_cache(_REMEMBERED)
def is_since(header: bytes, modified: int) -> bool:
    """Whether nothing has changed since the moment of If-Modified-Since; what is no date is overlooked."""
    try:
        return modified <= int(parsedate_to_datetime(header.decode("latin-1")).timestamp())
    except (ValueError, TypeError, OverflowError):
        return False
