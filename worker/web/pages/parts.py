"""Long texts in parts that fit a page."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import escape


def parts(text: str, room: int) -> Iterator[list[str]]:
    """The paragraphs of a text in lists that take `room` bytes of HTML at the most."""
    part: list[str] = []
    left = room
    for paragraph in _pieces(text, room):
        size = _size(paragraph)
        if part and size > left:
            yield part
            part, left = [], room
        part.append(paragraph)
        left -= size
    if part:
        yield part


def _pieces(text: str, room: int) -> Iterator[str]:
    """Paragraphs; one that is too long by itself is cut, where a word ends if one does."""
    most = room // 8  # "&#34;" takes the most bytes for a character, and the element has to fit as well
    for line in text.split("\n"):
        rest = line.strip()
        while len(rest) > most and _size(rest) > room:
            border = rest.rfind(" ", most // 2, most)
            cut = border if border > 0 else most
            yield rest[:cut].strip()
            rest = rest[cut:].strip()
        if rest:
            yield rest


def _size(paragraph: str) -> int:
    return len(str(escape(paragraph)).encode("utf-8", "replace")) + len('<p dir="auto"></p>\n')
