"""What lies in the seeds directory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a file saw; two equal looks, some time apart, make the file complete."""

    path: str  #: relative to the seeds directory, "/" between its parts
    size: int  #: bytes
    mtime_ns: int  #: modification time, nanoseconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that could not be read: what, and why, in the operator's words."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one walk over the seeds directory found."""

    ready: tuple[Look, ...]  #: complete, and new or changed since they were read; in path order
    growing: tuple[str, ...]  #: still being written; a later scan takes them
    failures: tuple[Failure, ...]
    seen: int  #: regular files that count as dumps, whether new or known


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a dump is read at the most; what goes beyond is a rejected piece with its reason."""

    bytes: int = 4 << 30  #: of a dump as it lies there
    page_bytes: int = 16 << 20  #: of one page, unpacked; news pages are a hundred times smaller
    expansion: int = 200  #: times the packed size that a packed dump may unpack to; text packs 3 to 10 times
    pages: int = 1_000_000  #: of a dump
    pieces: int = 20_000  #: of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """One file of the seeds directory as it was read."""

    look: Look
    checksum: bytes  #: SHA-256 of the bytes: the identity of the content, wherever it lies
