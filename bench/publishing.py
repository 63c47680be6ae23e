"""What it costs to publish ten new entries, where 100,000 are stored and where 1,000 are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sqlite_utils import Database

from bench import archive
from bench.rounds import Report, Row
from worker import jobs
from worker.intake.fingerprint import RECIPE
from worker.jobs.archiving import MOST_ENTRIES
from worker.model import Article, Dump, Fingerprint, Kind, Look, Outcome, Page, Press, Topic, Verdict
from worker.outlet.publish import OPML
from worker.store import dumps, pages, topics
from worker.store.book import Book
from worker.store.database import open_database, transaction
from worker.store.pages import KeptPiece

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_SIZES = (1_000, 100_000)
_TOPICS, _TOUCHED = 1_000, 3
_SOURCES = 5  # of a batch
_BATCH = 10
#: Batches until every head that they touch is full in both archives: heads of other lengths cost differently.
_BEFORE = 30
_ROUNDS, _BUDGET = 25, 90.0
_PRESS = Press(title="Bench", base_url="https://bench.invalid", authority="bench.invalid,2026", zone=UTC, since=NOW)


@dataclass(slots=True, kw_only=True)
class Site:
    """An archive, and the folder that it is published to."""

    db: Database
    public: Path
    batches: int = 0
    cpu: list[float] = field(default_factory=list)  #: seconds
    wall: list[float] = field(default_factory=list)
    topics: list[int] = field(default_factory=list)  #: whose documents a batch had written
    documents: list[int] = field(default_factory=list)

    def batch(self) -> None:
        """Take in some entries, and publish them."""
        self.batches += 1
        now = NOW + timedelta(minutes=self.batches)
        with transaction(self.db):
            _take_in(self.db, self.batches, now)
        cpu, wall = process_time(), perf_counter()
        done = jobs.publish(self.db, jobs.Pressing(public=self.public, press=_PRESS, now=now))
        self.cpu.append(process_time() - cpu)
        self.wall.append(perf_counter() - wall)
        self.documents.append(len(done.changed))
        self.topics.append(len({path.split("/")[1] for path in done.changed if path.startswith("topics/")}))
        if done.refused:
            raise RuntimeError(done.refused[0])


def measure() -> Report:
    """Rounds of a batch in each archive in turn, every second round backwards."""
    with TemporaryDirectory(prefix="seedwire-bench-") as name, ExitStack() as stack:
        sites = [_site(Path(name) / str(size), size, stack) for size in _SIZES]
        for site in sites:
            for _ in range(_BEFORE):
                site.batch()
            for values in (site.cpu, site.wall, site.topics, site.documents):
                values.clear()
        begun = perf_counter()
        for number in range(_ROUNDS):
            if perf_counter() - begun > _BUDGET:
                break
            for site in reversed(sites) if number % 2 else sites:
                site.batch()
        looks = [_look(site) for site in sites]
    return Report(rows=tuple(_rows(*sites)), notes=tuple(_notes(sites, looks)))


def _rows(small: Site, large: Site) -> Iterator[Row]:
    told = f"publish, {_SIZES[1]:,} / {_SIZES[0]:,}"
    for name, less, more in (("CPU", small.cpu, large.cpu), ("wall", small.wall, large.wall)):
        values = [other / one for one, other in zip(less, more, strict=True)]
        yield Row.of(f"{told}, {name}", values, unit="×", aim="≤ 1.2")
    yield Row.of(f"topics written, of {_TOPICS:,}", [float(one) for one in large.topics], unit="", aim=str(_TOUCHED))


def _notes(sites: list[Site], looks: list[float]) -> Iterator[str]:
    for size, site, look in zip(_SIZES, sites, looks, strict=True):
        yield (
            f"publish: {_BATCH} entries of {_SOURCES} sources into {size:,}: {1000 * median(site.cpu):.1f} ms of CPU, "
            f"{1000 * median(site.wall):.1f} ms, {median(site.documents):.0f} files; a look for lost ones "
            f"{1000 * look:.0f} ms"
        )


def _look(site: Site) -> float:
    """Seconds of a look for what the public folder has lost."""
    begun = perf_counter()
    jobs.look_after(site.db, site.public)
    return perf_counter() - begun


# ── What is published ───────────────────────────────────────────────────────────────────────────────


def _site(folder: Path, size: int, stack: ExitStack) -> Site:
    """An archive with topics, all of it published. Its archive documents are not: what is noted as written is left
    alone, and writing them takes minutes.
    """
    folder.mkdir()
    archive.make(folder, size, NOW)
    db = stack.enter_context(closing(open_database(folder / "state" / "seedwire.db")))
    with transaction(db):
        topics.sync(
            db, [Topic(name=f"Topic {number}", slug=f"t{number}", query=_word(number)) for number in range(_TOPICS)]
        )
    while topics.any_pending(db):
        with transaction(db):
            topics.match_step(db)
    with transaction(db):
        _share_out(db, size)
        _close(db)
    site = Site(db=db, public=folder / "state" / "public")
    done = jobs.publish(db, jobs.Pressing(public=site.public, press=_PRESS, now=NOW))
    if done.refused or OPML not in done.changed:
        raise RuntimeError(f"not all was published: {done.refused}")
    return site


def _word(topic: int) -> str:
    """What a topic looks for; nothing else has it."""
    return f"sluicekeeper{topic}"


def _share_out(db: Database, size: int) -> None:
    """Let topics have found all entries, each its share."""
    db.conn.execute(
        f"""insert into entry_topics (topic, entry) select topics.id, number from entries join topics
        on slug = 't' || (number % {_TOPICS}) where number <= ?""",
        (size,),
    )
    db.conn.execute(
        """insert into turns (channel, turn, entry)
        select channels.id, row_number() over (partition by channels.id order by entry), entry
        from entry_topics join topics on topics.id = topic join channels on channels.slug = topics.slug"""
    )


def _close(db: Database) -> None:
    """Note archive documents of all turns as written."""
    db.conn.execute(
        f"""insert into archives (channel, number, first, last, written)
        select channel, (turn - 1) / {MOST_ENTRIES} + 1, min(turn), max(turn), '2026-11-20T12:00:00Z'
        from turns join channels on id = channel where kind <> 'source'
        group by 1, 2 having count(*) = {MOST_ENTRIES}"""
    )


def _take_in(db: Database, number: int, now: datetime) -> None:
    """A page with a batch of new articles, as a read one is stored."""
    articles = [_article(number * _BATCH + place, place) for place in range(_BATCH)]
    digests = [hashlib.sha256(article.text.encode()).digest() for article in articles]
    look = Look(path=f"batch/{number}.txt", size=1, mtime_ns=int(now.timestamp() * 10**9))
    dump = Dump(look=look, checksum=digests[0])
    ids = dumps.add(db, [(dump, True)], now)
    dumps.add_files(db, [(look, ids[dump.checksum])])
    book = Book(db, (), authority=_PRESS.authority, now=now)
    entries = [
        book.add(article, Fingerprint(recipe=RECIPE, digest=digest[:16]))
        for article, digest in zip(articles, digests, strict=True)
    ]
    book.write()
    page = Page(number=1, text="\n".join(one.text for one in articles), charset="utf-8", charset_reason="strict UTF-8")
    read = pages.add(db, [(ids[dump.checksum], page, now.date(), Verdict.LISTING)], RECIPE)
    pages.add_pieces(db, zip(read, [list(_pieces(articles, entries))], strict=True))


def _pieces(articles: list[Article], entries: list[int]) -> Iterator[KeptPiece]:
    at = 0
    for article, entry in zip(articles, entries, strict=True):
        end = at + len(article.text)
        yield KeptPiece(at, end, Kind.ARTICLE.value, "dated", Outcome.STORED.value, entry, "new", None)
        at = end + 1


def _article(number: int, place: int) -> Article:
    """One of the length of news, for one of the topics that are touched."""
    topic, source = place % _TOUCHED, place % _SOURCES
    lines = [
        f"The {_word(topic)} of lock {number} has counted the herons of {line} again, and found {number % 89 + line} "
        f"of them, which are {line % 7} fewer than the ministry had asked for in its letter of the week before."
        for line in range(8)
    ]
    text = "\n".join(lines)
    return Article(
        text=text,
        title=f"Herons of Sluice {number}",
        title_derived=False,
        published=None,
        source=f"Office of Lock {source}",
        language="en",
        link=f"https://lock{source}.example/{number}",
        start=0,
        end=len(text),
        evidence="",
    )
