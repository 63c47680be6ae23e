"""What a dump comes apart into: the bytes of single pages, and what of it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from worker.model import Limits, Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The bytes of one page, and what its container says of them."""

    content: bytes
    charset: str | None = None  #: label from a header of HTTP or mail, as it stands there
    html: bool = False  #: a header says so; else the bytes tell
    url: str | None = None
    captured: date | None = None
    stated: Stated | None = None


class Refused(NamedTuple):
    """A part of which nothing can be read, and why, in the operator's words."""

    reason: str
    charset: str = "unknown"


def too_large(limits: Limits) -> str:
    """Why a page is not read that has more bytes than any may have."""
    return f"has more than {limits.page_bytes} bytes ([limits] page_bytes)"
