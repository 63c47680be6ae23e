"""A folder of all that dumps can be, read by a pool of hands that are watched."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import wait
from random import Random

import pytest
from desks import Desk, lawful, page
from dump_makers import answer, gz, record

from worker import jobs
from worker.jobs import pool
from worker.store import frames
from worker.store.database import check

_SLOGAN = "voice of the river valley"
Rows = dict[str, list[tuple[object, ...]]]


class Watch:
    """The hands that were started, and how many chunks came back from them."""

    def __init__(self) -> None:
        self.hands: list[subprocess.Popen[bytes]] = []
        self.answers = 0


def watched(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Small chunks, portions and epochs; hands are waited for, and then get all that there is to read."""
    seen = Watch()
    enter, take = pool.Pool.__enter__, pool.Chunk.answer

    def waiting(self: pool.Pool) -> pool.Pool:
        enter(self)
        seen.hands += [one.process for one in self._hands]
        while not all(one.ready for one in self._hands):
            self._take_back(wait(one.socket for one in self._hands))
        return self

    def counting(self: pool.Chunk, message: bytes) -> None:
        seen.answers += 1
        take(self, message)

    monkeypatch.setattr(pool.Pool, "__enter__", waiting)
    monkeypatch.setattr(pool.Chunk, "answer", counting)
    monkeypatch.setattr(pool, "_WORTH", 0)
    monkeypatch.setattr(pool, "_CHUNK", 3000)
    monkeypatch.setattr(pool, "_FEW", 1 << 20)
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_PORTION", 20_000)
    monkeypatch.setattr(import_module("worker.jobs.portions"), "_BATCH_DUMPS", 40)
    monkeypatch.setattr(import_module("worker.intake.scan"), "_HELD", 10_000)
    monkeypatch.setattr(frames, "EPOCH", 32)
    return seen


def framed(number: int) -> str:
    """A page whose site says something within the text that no list of words knows."""
    first, rest = page(number).rstrip("\n").rsplit("\n\n", 1)
    return f"{first}\n\n{_SLOGAN}\n\n{rest}\n"


def html(number: int) -> str:
    text = "".join(f"<p>{part}</p>" for part in framed(number).split("\n\n")[2:])
    return f'<html lang="en"><body><article><h1>Ferry {number} returns</h1>{text}</article></body></html>'


def fill(desk: Desk, seed: int, pages: int = 150) -> Desk:
    """Dumps of all kinds in an order that nobody chose: plain, HTML, unreadable, copies, large ones in portions."""
    chance = Random(seed)

    def archive(count: int) -> bytes:
        parts = []
        for _ in range(count):
            number = chance.randrange(3 * pages)
            url = f"https://{chance.choice('ab')}.example/{number}"
            if chance.random() < 0.2:
                parts.append(record("response", answer(html(number).encode()), url=url))
            else:
                parts.append(record("conversion", framed(number).encode(), url=url))
        return b"".join(parts)

    makers: list[Callable[[], bytes]] = [
        *(3 * [lambda: framed(chance.randrange(pages)).encode()]),
        lambda: html(chance.randrange(pages)).encode(),
        lambda: chance.randbytes(300),
        lambda: b"\x1f\x8b broken",
        lambda: framed(chance.randrange(pages)).encode() + b"\n\nlost \xed\xa0\x80 half",
        lambda: archive(3),
    ]
    large = [archive(pages // 3), gz(archive(pages // 3))]
    contents = [chance.choice(makers)() for _ in range(pages)]
    for content in (*large, large[0]):
        contents.insert(chance.randrange(pages), content)
    for number, content in enumerate(contents):
        desk.drop(f"{number // 50}/{number:03}", content)
    return desk


def read(desk: Desk, readers: int) -> jobs.Ingested:
    desk.rim = jobs.Rim(sleep=lambda _: None, readers=readers)
    with desk.store() as db:
        return desk.ingest(db)


def kept(desk: Desk) -> Rows:
    """All tables, the full-text index with them."""
    with desk.store() as db:
        assert check(db) is None
        lawful(db)
        names = [row[0] for row in db.conn.execute("select name from sqlite_master where type = 'table' order by 1")]
        skipped = {"_sqlite_migrations", "stale"}  # when they were applied; how often something was soiled
        return {n: db.conn.execute(f"select * from {n} order by 1, 2").fetchall() for n in names if n not in skipped}


def ended(watch: Watch) -> bool:
    return all(one.returncode is not None for one in watch.hands)


def without_index(rows: Rows) -> Rows:
    """The full-text index has its segments by transactions."""
    return {name: found for name, found in rows.items() if not name.startswith("entries_fts")}
