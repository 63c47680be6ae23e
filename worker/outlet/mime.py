"""Mails as bytes: RFC 5322 headers and MIME parts, the same for the same arguments.

The headers are folded here and not by the standard library, which loses spaces between encoded words and
wraps a long List-Unsubscribe so that no mail program finds its address.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from worker.errors import SettingsError

#: RFC 5322 section 2.1.1 asks for at most 78 characters without the CRLF.
_LINE: Final = 77
#: 42 bytes are 56 of base64: a word of 68, which fits behind every header name written here.
_WORD_BYTES: Final = 42
#: Controls, and the two line ends of Unicode that some programs take for the end of a header.
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")

# ── Who ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """RFC 5322 section 3.4: a display name, which may be empty, and an address whose domain is ASCII."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Of the address."""
        return self.address.rpartition("@")[2]

    @property
    def words(self) -> list[str]:
        """As a header has it."""
        return [*_phrase(self.name), f"<{self.address}>" if self.name else self.address]


def mailbox(text: str) -> Mailbox:
    """Of `Name <address>` or an address. Raises SettingsError for what is neither."""
    named = re.fullmatch(r"(.*?)\s*<([^<>]*)>", line(text))
    name, address = (named[1], named[2].strip()) if named else ("", line(text))
    if quoted := re.fullmatch(r'"((?:[^"\\]|\\.)*)"', name):
        name = re.sub(r"\\(.)", r"\1", quoted[1]).strip()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or re.search(r'[\s<>,;:"()]', address):
        raise SettingsError(f"[smtp] from is {text!r}: write an address, or Name <address>")
    return Mailbox(name=name, address=with_ascii_domain(address))


def with_ascii_domain(address: str) -> str:
    """RFC 5890: пример.рф becomes xn--e1afmkfd.xn--p1ai; a domain that would turn into another stays."""
    local, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        same = ascii_domain.encode().decode("idna").casefold() == domain.lower()  # not so for ß
    except UnicodeError:
        return address
    return f"{local}{at}{ascii_domain}" if same else address


def name_of(*parts: str) -> str:
    """What the Message-ID and the boundary of a mail are made of: one name for one mail, at every try."""
    return sha256(utf8("\0".join(parts))).hexdigest()[:32]


# ── Bytes ───────────────────────────────────────────────────────────────────────────────────────────


def head(headers: Mapping[str, list[str]]) -> bytes:
    """Header fields, each given as the words between which it may be folded."""
    return utf8("".join(_header(name, words) for name, words in headers.items()))


def alternative(text: str, html: str, *, boundary: str) -> bytes:
    """RFC 2046 section 5.1.4: the plainest first. No base64 line can hold the "=_" of the boundary."""
    border = f"--{boundary}"
    content_type = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    start, end = (f"{border}\r\n".encode(), f"{border}--\r\n".encode())
    return content_type.encode() + start + part("plain", text) + start + part("html", html) + end


def part(subtype: str, text: str) -> bytes:
    """A text as a MIME part, or as the whole body: UTF-8 in base64 (RFC 2045), so that no line is too long."""
    lines = re.sub(r"\r\n|\r|\n", "\r\n", text)
    fields = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return fields.encode() + encodebytes(utf8(lines)).replace(b"\n", b"\r\n")


def utf8(text: str) -> bytes:
    """Text as bytes; half a character becomes U+FFFD."""
    return _SURROGATES.sub("\ufffd", text).encode()


def line(text: str) -> str:
    """One line of what may hold anything; only here is a header kept from growing a second one."""
    return _BREAKS.sub(" ", text).strip()


def _header(name: str, words: list[str]) -> str:
    """A header folded at the spaces between its words, nowhere else (RFC 5322 section 2.2.3)."""
    lines = [f"{name}: {words[0] if words else ''}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > _LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines) + "\r\n"


def unstructured(text: str) -> list[str]:
    """A line such as a Subject as the words of its header: as they are, or encoded."""
    words = text.split(" ")
    if text.isascii() and "=?" not in text and max(map(len, words)) <= _WORD_BYTES:
        return words
    return _encoded_words(text)


def _phrase(name: str) -> list[str]:
    """RFC 5322 section 3.2.5: a display name as it is, in quotes, or encoded."""
    words = unstructured(name) if name else []
    if not name or _ATOMS.fullmatch(name) or words[0].startswith("=?"):
        return words
    escaped = re.sub(r'([\\"])', r"\\\1", name)
    return f'"{escaped}"'.split(" ")


def _encoded_words(text: str) -> list[str]:
    """RFC 2047 base64 words, cut between characters; readers drop the white space between two of them."""
    words, word = [], b""
    for char in text:
        code = utf8(char)
        if len(word) + len(code) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += code
    return [f"=?utf-8?b?{b64encode(one).decode()}?=" for one in [*words, word]]
