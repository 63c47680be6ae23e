"""decode: a dump's bytes → pages of text, naming the charset and why."""

from __future__ import annotations

import codecs
import re
from datetime import date

from worker.intake.shapes import markup
from worker.model import MOST_BYTES, Page

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CRAWLED = re.compile(r"\s*date (\d{4}-\d{2}-\d{2})(?: |(?!\S))")
#: UTF-8 that was cut or patched by a crawler stays UTF-8 as long as so few of its bytes are wrong.
_MOST_WRONG = 0.001


def decode(content: bytes) -> tuple[Page, ...]:
    """The pages of a dump; at least one. A page that cannot be read says why in `rejected`. Never raises."""
    if len(content) > MOST_BYTES:
        reason = f"the dump has more than {MOST_BYTES} bytes"
        return (Page(number=1, text="", charset="unknown", charset_reason="not looked at", rejected=reason),)
    text, charset, why = _text(content)
    if text is None:
        return (Page(number=1, text="", charset=charset, charset_reason=why, rejected=f"{charset}: {why}"),)
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")  # as long as before: offsets stay those of the dump
    header, captured = _header(text)
    if markup.is_html(text[header:]):
        text = text[:header] + markup.text_of(text[header:])
        header, captured = _header(text)
    return (Page(number=1, text=text, charset=charset, charset_reason=why, captured=captured, header=header),)


def _text(content: bytes) -> tuple[str | None, str, str]:
    """Text, IANA charset and the reason for it; no text where the bytes are none."""
    for bom, charset in _BOMS:
        if content.startswith(bom):
            return content.decode(charset, "replace").removeprefix("\ufeff"), charset, "byte order mark"
    if content.startswith(codecs.BOM_UTF8):  # some tools put it before whatever follows
        text, charset, why = _text(content.removeprefix(codecs.BOM_UTF8))
        return text, charset, f"byte order mark; {why}"
    if content.count(0) * 100 > len(content):
        return None, "binary", "holds NUL bytes"
    try:
        return content.decode("utf-8"), "utf-8", "valid UTF-8" if not content.isascii() else "ASCII only"
    except UnicodeDecodeError:
        repaired = content.decode("utf-8", "replace")
    wrong = repaired.count("\ufffd")
    if wrong <= max(1, len(repaired) * _MOST_WRONG) and _multibyte(content, repaired):
        return repaired, "utf-8", f"UTF-8 but for {wrong} places"
    if control := sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in content[:4096]):
        return None, "binary", f"{control} control bytes in the first 4096"
    return _one_byte(content)


def _multibyte(content: bytes, repaired: str) -> bool:
    """Whether any character of several bytes is right, or the text ends within a quote or dash of three."""
    return not repaired.replace("\ufffd", "").isascii() or content.endswith(b"\xe2\x80")


def _one_byte(content: bytes) -> tuple[str, str, str]:
    """windows-1251 or windows-1252, by how the bytes above 127 stand: Cyrillic words consist of nothing else,
    while the accents of Western languages stand alone among ASCII letters.
    """
    runs = re.findall(rb"[\xa8\xb8\xc0-\xff]+", content)
    high = sum(map(len, runs))
    if runs and high >= 2.5 * len(runs):
        share = high / len(runs)
        return (
            content.decode("cp1251", "replace"),
            "windows-1251",
            f"not UTF-8; {share:.1f} letters a Cyrillic run",
        )
    return (
        content.decode("cp1252", "replace"),
        "windows-1252",
        "not UTF-8; single accented letters among ASCII",
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
