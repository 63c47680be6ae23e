"""decode: a dump's bytes → pages of text, naming the charset and why.

kinds     what bytes are, by their beginning        unpack   a dump as the parts it holds
streams   gzip, zstd: block by block, within limits zips, warc, mail   the containers
charset   bytes to text                             html     markup to lines of text, with marks
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import BinaryIO

from worker.intake.decode import html
from worker.intake.decode.charset import text_of
from worker.intake.decode.kinds import foreign
from worker.intake.decode.parts import Part, Refused
from worker.intake.decode.unpack import parts_of
from worker.model import Limits, Page, Stated

FAILED = "what could not happen did"  #: begins the reason of a page that no test has foreseen
_LIMITS = Limits()
_CRAWLED = re.compile(r"\s*date (\d{4}-\d{2}-\d{2})(?: |(?!\S))")


def decode(dump: BinaryIO | bytes, limits: Limits = _LIMITS) -> Iterator[Page]:
    """The pages of a dump one by one, read from its file as they are asked for; at least one.

    A page that cannot be read says why in `rejected`; so does a last page where a limit was reached or the dump
    broke off, and what came before it stays. Never raises for any bytes; OSError is the file's own.
    """
    file = BytesIO(dump) if isinstance(dump, bytes) else dump
    number = 0
    try:
        for number, part in enumerate(parts_of(file, limits), 1):
            if number > limits.pages:
                yield _refused(Refused(f"the dump has more than {limits.pages} pages ([limits] pages)"), number)
                return
            yield _refused(part, number) if isinstance(part, Refused) else _page(part, number)
    except OSError:
        raise
    except Exception as error:  # a mistake of ours, or of a library: it shall cost this dump, and no other
        yield _refused(Refused(f"{FAILED} ({type(error).__name__}: {error}): please report it"), number + 1)


def _refused(refused: Refused, number: int) -> Page:
    why = refused.reason.removeprefix("binary: ") if refused.charset == "binary" else "not looked at"
    return Page(number=number, text="", charset=refused.charset, charset_reason=why, rejected=refused.reason)


def _page(part: Part, number: int) -> Page:
    if name := foreign(part.content):
        return _refused(Refused(f"binary: {name}", "binary"), number)
    declared, by = part.charset, "a header"
    if declared is None and (part.html or html.begins(part.content)):
        declared, by = html.charset_of(part.content), "a meta element"
    text, charset, why = text_of(part.content, declared, by)
    if text is None:
        return _refused(Refused(f"{charset}: {why}", charset), number)
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")  # as long as before: offsets stay those of the dump
    header, captured = _header(text)
    page = Page(
        number=number,
        text=text,
        charset=charset,
        charset_reason=why,
        captured=part.captured or captured,
        header=header,
        url=part.url,
        stated=part.stated,
    )
    return _read_html(page) if part.html or html.is_html(text[header : header + html.HEAD]) else page


def _read_html(page: Page) -> Page:
    """A page whose text is markup, as people see it."""
    before = page.text[: page.header]
    read = html.read(page.text[page.header :], page.url)
    text = before + read.text
    header, captured = _header(text)
    marks = tuple(mark._replace(start=mark.start + len(before), end=mark.end + len(before)) for mark in read.marks)
    stated = _both(page.stated, read.stated)
    return replace(page, text=text, header=header, captured=page.captured or captured, marks=marks, stated=stated)


def _both(outer: Stated | None, inner: Stated | None) -> Stated | None:
    """What a page says of itself, and its container where it is silent."""
    if outer is None or inner is None:
        return outer or inner
    return Stated(
        title=inner.title or outer.title,
        published=inner.published or outer.published,
        source=inner.source or outer.source,
        language=inner.language or outer.language,
        link=inner.link or outer.link,
    )


def _header(text: str) -> tuple[int, date | None]:
    """The crawler's own words at the start (" date 2025-12-13 "): how many characters, and the day."""
    found = _CRAWLED.match(text)
    if not found:
        return 0, None
    try:
        return found.end(), date.fromisoformat(found[1])
    except ValueError:
        return 0, None
