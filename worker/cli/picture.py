"""A page as a picture for a terminal: every line in reading order, with what became of it and why in the margins.

  date ┃ 07.11.2026, 09:40 18425                 a date and nothing else
chrome │ Tell a friend                           share link
  kept ┃ The ferry between … most years do.      headline: date line; title
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

import click

from worker import jobs
from worker.cli.show import legible
from worker.model import Article, Cut, Kind

_SAYS = {Kind.ARTICLE: "kept", Kind.CONTINUATION: "kept"}  # the others are called what they are
_COLOURS = {
    Kind.ARTICLE: "green",
    Kind.CONTINUATION: "green",
    Kind.TITLE: "cyan",
    Kind.DATE: "yellow",
    Kind.SOURCE: "magenta",
    Kind.REJECTED: "red",
}
_TAKEN = frozenset(_COLOURS) - {Kind.REJECTED}
_LEFT = 12  # columns before the text: the word, at most eight letters, and a bar
_LEAST = 40  # columns; a narrower terminal wraps
_WHY = (12, 44)  # columns of the reason, at least and at most


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the page, or what stands on a line next to something else."""

    kind: Kind
    text: str
    reason: str
    start: int


def picture(reading: jobs.Reading, name: str, width: int, *, full: bool) -> Iterator[str]:
    """A page, line by line; `width` in columns. `full` shows paragraphs whole, else shortened to one line."""
    columns = max(width, _LEAST)
    yield click.style(name, bold=True)
    yield from _wrapped(_summary(reading), columns)
    heads = iter(_heads(reading))
    head = next(heads, None)
    run: list[_Row] = []
    for row in _rows(reading):
        if head and row.start >= head[0]:
            yield from _drawn(run, columns, full=full)
            run = []
            yield ""
            yield from _head(*head[1:], columns)
            head = next(heads, None)
        elif run and (run[-1].kind, run[-1].reason) != (row.kind, row.reason):
            yield from _drawn(run, columns, full=full)
            run = []
        run.append(row)
    yield from _drawn(run, columns, full=full)
    yield ""


# ── What is told of the page and of its articles ────────────────────────────────────────────────────


def _summary(reading: jobs.Reading) -> str:
    page, split = reading.page, reading.split
    kept = sum(piece.end - piece.start for piece in split.pieces if piece.kind in _TAKEN)
    count = sum(found is not None for found in reading.articles)
    if page.rejected is not None:
        return f"rejected: {legible(page.rejected)}"
    told = [
        f"{split.verdict.value}: {count} article{'' if count == 1 else 's'}",
        f"{kept:,} characters kept, {len(page.text) - kept:,} dropped",
        f"captured {page.captured}" if page.captured else f"captured {reading.latest} (day of the file; none stated)",
        f"{page.charset} ({legible(page.charset_reason)})",
    ]
    return " · ".join(told + ([legible(page.url)] if page.url else []))


def _heads(reading: jobs.Reading) -> list[tuple[int, int, Article]]:
    """Where each article begins with its title, date or text; its number on the page; the article."""
    found = [(cut, one[0]) for cut, one in zip(reading.split.cuts, reading.articles, strict=True) if one]
    return [(_start(cut), number, article) for number, (cut, article) in enumerate(found, 1)]


def _start(cut: Cut) -> int:
    return min(span.start for span in (cut.title, cut.date, cut.body[0]) if span)


def _head(number: int, article: Article, width: int) -> Iterator[str]:
    mark = f"{number:>3}  "
    for line in _wrapped(legible(article.title), width - len(mark)):
        yield mark + click.style(line, bold=True)
        mark = " " * len(mark)
    date = article.published.iso().replace("T", " ") if article.published else "no date"
    told = [
        date + (f" ({legible(article.dated)})" if article.dated else ""),
        article.source or "no source",
        article.language or "unknown language",
        f"{len(article.text):,} characters",
    ]
    if article.title_derived:
        told.append("title derived from the lead")
    for line in _wrapped(" · ".join(map(legible, told)), width - len(mark)):
        yield mark + line


# ── Lines and margins ───────────────────────────────────────────────────────────────────────────────


def _rows(reading: jobs.Reading) -> Iterator[_Row]:
    for piece in reading.split.pieces:
        at = piece.start
        for line in reading.page.text[piece.start : piece.end].splitlines(keepends=True):
            if text := legible(line):
                yield _Row(piece.kind, text, piece.reason, at)
            at += len(line)


def _drawn(run: Sequence[_Row], width: int, *, full: bool) -> Iterator[str]:
    """Lines that share kind and reason; the reason runs down beside them."""
    if not run:
        return
    least, most = _WHY
    why = max(least, min(most, (width - _LEFT) // 3))
    room = width - _LEFT - why - 2
    kind = run[0].kind
    texts = [line for row in run for line in (_wrapped(row.text, room) if full else [shortened(row.text, room)])]
    reasons = _wrapped(legible(run[0].reason), why)
    bar = click.style("┃" if kind in _TAKEN else "│", fg=_COLOURS.get(kind, "bright_black"))
    word = click.style(f"{_SAYS.get(kind, kind.value):>{_LEFT - 3}}", fg=_COLOURS.get(kind, "bright_black"))
    if len(texts) == 1 and columns_of(texts[0]) + 2 + columns_of(whole := legible(run[0].reason)) <= room + 2 + why:
        reasons = [whole]  # it may begin further left rather than take another line
    for text, reason in zip_longest(texts, reasons, fillvalue=""):
        shown = click.style(text, dim=kind not in _TAKEN) if text else ""
        gap = " " * (min(room + 2, width - _LEFT - columns_of(reason)) - columns_of(text))
        margin = word if text else " " * (_LEFT - 3)
        yield f"{margin} {bar} {shown}" + (gap + click.style(reason, fg="bright_black") if reason else "")


def shortened(text: str, room: int) -> str:
    """A line in at most so many columns: its beginning and its end, "…" between them."""
    if columns_of(text) <= room:
        return text
    tail = (room - 3) * 2 // 5
    begins, ends = _fitting(text, room - 3 - tail), _fitting(text[::-1], tail)[::-1]
    return f"{begins.rpartition(' ')[0] or begins} … {ends.partition(' ')[2] or ends}"


def _fitting(text: str, room: int) -> str:
    """The beginning of a text, as much as fits into so many columns."""
    used = 0
    for at, char in enumerate(text):
        used += _columns(char)
        if used > room:
            return text[:at]
    return text


def _wrapped(text: str, room: int) -> list[str]:
    """A text in lines of so many columns, broken between words where that can be."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if columns_of(joined) <= room:
            line = joined
            continue
        lines += [line] if line else []
        line = word
        while columns_of(line) > room:
            lines.append(_fitting(line, room))
            line = line[len(lines[-1]) :]
    return [*lines, line] if line else lines


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes (UAX 11: wide characters take two, combining marks none)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
