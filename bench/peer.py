"""The same pages through a pipeline of well-known parts, written as their documentation advises, against ours.

Our splitter gives it its articles; then datasketch finds what it has had before, sqlite-utils keeps and indexes the
rest, and feedgen writes the feed. It keeps neither pages nor pieces nor reasons, compares no texts and finds no
excerpts: less than ours does, not more.

As it comes, shingles are hashed with SHA-1 and triggers keep the index up to date as rows are added, which a daemon
needs. Tuned, they are hashed with xxh32, and the index is made once, when all rows are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlite_utils
from feedgen.feed import FeedGenerator

from bench.corpus import LATEST, NOW, Corpus, Pages, corpus_in, fresh, one_core
from bench.ingest import ingest
from bench.peers import PERMUTATIONS, THRESHOLD, Datasketch, missing, module, told
from bench.rounds import Contender, Report, Row, interleaved, ratios
from bench.stopwatch import Stopwatch
from worker import jobs
from worker.intake import clean, decode, describe, segment
from worker.model import Article, Press
from worker.store.database import open_database

T = TypeVar("T")
_ROUNDS, _BUDGET = 5, 80.0
_BATCH = 1000  # articles at a time: what its documentation advises for both datasketch and sqlite-utils
_FEED = 50  # entries
_PEERS = {"peer": False, "peer, tuned": True}
_COLUMNS = {"id": int} | dict.fromkeys(("title", "published", "source", "language", "link", "text", "stored"), str)
_PARTS = ("split", "signatures", "lookup", "insert", "index", "feed")


def measure() -> Report:
    """Rounds of the peer and of ours in turn on one core, each from an empty folder to a feed on disk."""
    if why := missing("datasketch", "xxhash"):
        return Report(notes=(f"peer: {why}",))
    watches = {who: Stopwatch("rest") for who in _PEERS}
    kept: dict[str, int] = {}
    with TemporaryDirectory(prefix="seedwire-bench-") as name, one_core() as core:
        corpus, state = corpus_in(Path(name)), Path(name) / "state"

        def run(who: str) -> None:
            kept[who] = peer(corpus, fresh(state), watches[who], tuned=_PEERS[who])

        contenders: dict[str, Contender] = {who: partial(run, who) for who in _PEERS}
        contenders["ours"] = lambda: ours(corpus, fresh(state))
        taken = interleaved(contenders, rounds=_ROUNDS, budget=_BUDGET)
    aims = {"peer": "≥ 5"}
    return Report(
        rows=tuple(
            Row.of(f"{who} / ours", ratios(taken, who, "ours"), unit="×", aim=aims.get(who, "")) for who in _PEERS
        ),
        notes=(
            (
                f"peer: {len(corpus.articles)} articles from {corpus.origin} to a feed on disk, {core}; "
                f"{told('datasketch', 'sqlite-utils', 'feedgen')}; ours {_each(corpus, taken['ours']):.0f} µs each"
            ),
            *(f"{who}: {_parts(corpus, taken[who], watches[who])}; keeps {kept[who]}" for who in _PEERS),
        ),
    )


def _each(corpus: Corpus, seconds: list[float]) -> float:
    return median(seconds) * 1e6 / len(corpus.articles)


def _parts(corpus: Corpus, seconds: list[float], watch: Stopwatch) -> str:
    one = 1e6 / len(corpus.articles) / len(seconds)
    parts = ", ".join(f"{part} {watch.seconds[part] * one:.0f}" for part in _PARTS)
    return f"{_each(corpus, seconds):.0f} µs an article: {parts}"


def ours(pages: Pages, state: Path) -> None:
    """The jobs that the daemon runs: ingest, then publish."""
    ingest(pages, state)
    press = Press(
        title="bench",
        base_url="http://127.0.0.1:8470",
        authority="bench.invalid,2026",
        zone=ZoneInfo("UTC"),
        since=NOW,
        size=_FEED,
    )
    with closing(open_database(state / "seedwire.db")) as db:
        jobs.publish(db, jobs.Pressing(public=state / "public", press=press, now=NOW))


def peer(pages: Pages, state: Path, watch: Stopwatch, *, tuned: bool) -> int:
    """The pipeline of others; how many articles it kept."""
    lsh = module("datasketch").MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    minhash = Datasketch(fast=tuned)
    articles = _articles(pages)
    number = 0
    with watch.under("rest"), closing(sqlite_utils.Database(state / "peer.db")) as db:
        db.enable_wal()
        db.table("articles").create(_COLUMNS, pk="id")
        if not tuned:
            _index(db, triggers=True)
        while batch := _booked(watch, "split", lambda: list(islice(articles, _BATCH))):
            signatures = _booked(watch, "signatures", lambda: minhash.signatures(article.text for article in batch))
            new = []
            with watch.under("lookup"):
                for article, signature in zip(batch, signatures, strict=True):
                    if not lsh.query(signature):
                        number += 1
                        lsh.insert(number, signature)
                        new.append(_row(number, article))
            with watch.under("insert"):
                db.table("articles").insert_all(new, batch_size=_BATCH)
        if tuned:
            _booked(watch, "index", lambda: _index(db, triggers=False))
        _booked(watch, "feed", lambda: _feed(db, state / "feed.atom"))
    return number


def _booked(watch: Stopwatch, label: str, work: Callable[[], T]) -> T:
    with watch.under(label):
        return work()


def _index(db: sqlite_utils.Database, *, triggers: bool) -> None:
    db.table("articles").enable_fts(
        ["title", "text", "source"], tokenize="unicode61 remove_diacritics 2", create_triggers=triggers
    )


def _articles(pages: Pages) -> Iterator[Article]:
    for path in pages.files:
        for page in decode.decode(path.read_bytes()):
            for cut in segment.segment(page).cuts:
                if text := clean.clean(page, cut):
                    yield describe.describe(page, text, latest=LATEST)


def _row(number: int, article: Article) -> dict[str, Any]:
    return {
        "id": number,
        "title": article.title,
        "published": article.published.iso() if article.published else None,
        "source": article.source,
        "language": article.language,
        "link": article.link,
        "text": article.text,
        "stored": NOW.isoformat(),
    }


def _feed(db: sqlite_utils.Database, path: Path) -> None:
    feed = FeedGenerator()
    feed.id("tag:bench.invalid,2026:peer")
    feed.title("bench")
    feed.author({"name": "bench"})
    feed.updated(NOW)
    for row in db["articles"].rows_where(order_by="id desc", limit=_FEED):
        item = feed.add_entry(order="append")
        item.id(f"tag:bench.invalid,2026:peer/{row['id']}")
        item.title(row["title"])
        item.updated(row["stored"])
        if row["published"]:
            item.published(datetime.fromisoformat(row["published"]).replace(tzinfo=UTC))
        item.link(href=f"http://127.0.0.1:8470/{row['id']}")
        item.content(row["text"], type="html")
    feed.atom_file(str(path), pretty=True)
