"""A large archive, made without reading a page: rows as an ingest would have written them, with invented sketches.

Texts are a fifth as long as those of news, so that a million fit on a small disk. What the daemon holds in memory
does not hang on them; sketches, sizes, sources, moments and numbers of files are as they would be.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from worker.intake.fingerprint import RECIPE, SKETCH_RECIPE
from worker.intake.shapes.grams import SAMPLE
from worker.model import Article, Dump, Entry, Fingerprint, Kind, Look, Outcome, Page, Verdict
from worker.store import channels, dumps, entries, frames, pages, sketches, tallies, turns
from worker.store.database import open_database, transaction
from worker.store.pages import KeptPiece
from worker.store.sketches import Row, Size

#: Of an archive of several outlets, read by the page: measured with those that `bench/corpus.py` makes.
_ARTICLES_A_PAGE = 4
_GRAMS = 34
_SOURCES = 40
_EVERY = timedelta(seconds=500)  # a page; a million articles are four years
_AT_ONCE = 2_000  # pages a transaction
_FILES_A_FOLDER = 1000
_HOSTS, _FRAME = 100, 200  # sites whose frames are known, and lines of each
_SENTENCE = (
    "The keepers of the weir have counted the herons of lock {} again and found {} of them, {} fewer than before. "
)


def make(folder: Path, count: int, now: datetime) -> None:
    """An archive of so many entries in `folder/state`, and the files that it was read from in `folder/seeds`; the
    newest is from right before `now`.
    """
    chance = np.random.default_rng(7)
    last_page = -(-count // _ARTICLES_A_PAGE)
    (folder / "state").mkdir()
    with closing(open_database(folder / "state" / "seedwire.db")) as db:
        db.conn.execute("pragma synchronous = off")  # of this connection; nobody misses it
        _frames(db, last_page)
        for first in range(1, last_page + 1, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, last_page + 1))
            looks = [_file(folder / "seeds", number) for number in numbers]
            with transaction(db):
                _pages(db, numbers, looks, count, now - last_page * _EVERY, chance)


def _pages(
    db: Database, numbers: range, looks: list[Look], count: int, began: datetime, chance: np.random.Generator
) -> None:
    made = [(Dump(look=look, checksum=chance.bytes(32)), True) for look in looks]
    ids = dumps.add(db, made, began)
    dumps.add_files(db, [(dump.look, ids[dump.checksum]) for dump, _ in made])
    rows: list[Entry] = []
    read = []
    pieces = []
    for number, (dump, _) in zip(numbers, made, strict=True):
        first = (number - 1) * _ARTICLES_A_PAGE + 1
        texts = [_text(entry) for entry in range(first, min(first + _ARTICLES_A_PAGE, count + 1))]
        when = began + number * _EVERY
        found = [_entry(first + place, text, chance.bytes(16), when) for place, text in enumerate(texts)]
        rows += found
        page = Page(number=1, text="".join(texts), charset="utf-8", charset_reason="strict UTF-8")
        read.append((ids[dump.checksum], page, when.date(), Verdict.LISTING))
        pieces.append(list(_pieces(found)))
    _add_entries(db, rows, chance)
    pages.add_pieces(db, zip(pages.add(db, read, RECIPE), pieces, strict=True))


def _add_entries(db: Database, rows: list[Entry], chance: np.random.Generator) -> None:
    """With what they are found by, and told in: numbers, fingerprints, sketches, words, channels."""
    entries.insert(db, rows)
    entries.name(db, [(Fingerprint(recipe=RECIPE, digest=chance.bytes(16)), entry.number) for entry in rows])
    grams = chance.integers(0, 1 << 60, (len(rows), _GRAMS), np.uint64) * np.uint64(SAMPLE)
    grams.sort(axis=1)
    size = Size(grams=_GRAMS, density=SAMPLE)
    sketches.add(
        db,
        [
            Row(entry=entry.number, recipe=SKETCH_RECIPE, size=size, grams=some.astype("<u8").tobytes())
            for entry, some in zip(rows, grams, strict=True)
        ],
    )
    entries.index(db, (entry.number for entry in rows))
    tallies.count_entries(db, rows, ())
    turns.add(db, [(channels.WIRE, entry.number) for entry in rows])
    turns.add(db, [(channel, number) for number, channel in channels.of_sources(db, rows).items()])


def _entry(number: int, text: str, digest: bytes, when: datetime) -> Entry:
    article = Article(
        text=text,
        title=f"Herons of Lock {number}",
        title_derived=False,
        published=None,
        source=f"Office of Lock {number // _ARTICLES_A_PAGE % _SOURCES}",
        language="en",
        link=None,
        start=0,
        end=len(text),
        evidence="",
    )
    return entries.entry_of(article, digest, number=number, authority="bench.invalid,2026", now=when)


def _text(number: int) -> str:
    return "".join(_SENTENCE.format(number, number % place, place) for place in (97, 89, 83))


def _pieces(found: list[Entry]) -> Iterator[KeptPiece]:
    """Of each article a title, its text and a line of chrome, without gaps."""
    at = 0
    for entry in found:
        borders = (at, at + 20, at + len(entry.text) - 20, at + len(entry.text))
        (title, text), article, chrome = pairwise(borders)
        yield KeptPiece(title, text, Kind.TITLE.value, "title of the article", None, None, None, None)
        yield KeptPiece(*article, Kind.ARTICLE.value, "dated", Outcome.STORED.value, entry.number, "new", "its line")
        yield KeptPiece(*chrome, Kind.CHROME.value, "line of a frame", None, None, None, None)
        at = borders[-1]


def _file(seeds: Path, number: int) -> Look:
    """An empty file, known as read: a scan never opens it."""
    name = f"{number // _FILES_A_FOLDER:04}/{number:07}.txt"
    path = seeds / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    return Look(path=name, size=0, mtime_ns=path.stat().st_mtime_ns)


def _frames(db: Database, last_page: int) -> None:
    """As if all pages had been counted, up to the last border."""
    lines = [
        (f"lock{host}.example", f"Line {line} of what stands around all news of this lock and its keepers", 9 + line, 0)
        for host in range(_HOSTS)
        for line in range(_FRAME)
    ]
    with transaction(db):
        db.conn.executemany("insert into frame_lines (host, line, pages, missed) values (?, ?, ?, ?)", lines)
        db.conn.execute("update frame_progress set upto = ?", (last_page - last_page % frames.EPOCH,))
