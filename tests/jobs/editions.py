"""What the public folder holds: heads, their archive documents by the links between them, and entries put in fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desks import NOW
from feed_rules import ATOM, TOMBSTONES, ids, links, parsed, proper, proper_json, proper_rss
from gazette import News
from lxml import etree
from sqlite_utils import Database
from tellings import AUTHORITY, Newsroom

from worker import jobs
from worker.intake import fingerprint
from worker.model import Article, Press, StatedDate, Topic
from worker.store import entries
from worker.store.book import Book
from worker.store.database import transaction

BASE = "https://wire.example.org/"


@dataclass
class Edition(Newsroom):
    """A newsroom that is published, with these settings."""

    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def press(self) -> Press:
        return replace(super().press, **self.settings)

    @property
    def public(self) -> Path:
        return self.folder / "public"

    def issue(self, now: datetime = NOW, *, thoroughly: bool = True, **changed: Any) -> jobs.Published:
        """Publish as the daemon does; nothing may be refused."""
        with self.store() as db:
            if thoroughly:
                jobs.look_after(db, self.public)
            done = jobs.publish(db, jobs.Pressing(public=self.public, press=self.press, now=now, **changed))
        assert not done.refused, done.refused
        return done

    def follow(self, *topics: Topic) -> None:
        with self.store() as db:
            jobs.keep_topics(db, topics)
            jobs.match_topics(db, self.rim)

    def put_in(self, *news: News, now: datetime = NOW, place: int | None = None) -> list[str]:
        """Entries, as an ingest makes them of pages without relatives; their ids."""
        with self.store() as db:
            return put_in(db, *news, now=now, place=place)

    def revise(self, number: int, text: str, now: datetime = NOW) -> None:
        with self.store() as db, transaction(db):
            book = Book(db, (), numbers=(number,), authority=AUTHORITY, now=now)
            book.revise(number, text, "said")
            book.write()

    def fill(self, number: int, **fields: Any) -> None:
        """What a later sighting states of an entry, or a replay corrects."""
        with self.store() as db, transaction(db):
            book = Book(db, (), numbers=(number,), authority=AUTHORITY, now=NOW)
            book.put(replace(book.get(number), **fields))
            book.write()

    def uris(self, *numbers: int) -> list[str]:
        with self.store() as db:
            found = {entry.number: entry.uri for entry in entries.numbered(db, numbers)}
        return [found[number] for number in numbers]

    # ── What is there ───────────────────────────────────────────────────────────────────────────────

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Bytes and mtime of every file, by its path."""
        return {
            path.relative_to(self.public).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.public.rglob("*"))
            if path.is_file()
        }

    def head(self, folder: str = "") -> etree._Element:
        """A head; that in Atom, after all rules, and after the same in other formats."""
        root = proper((self.public / folder / "feed.atom").read_bytes())
        assert [entry.id for entry in parsed((self.public / folder / "feed.atom").read_bytes()).entries] == ids(root)
        assert proper_rss((self.public / folder / "feed.rss").read_bytes()) == ids(root)
        assert proper_json((self.public / folder / "feed.json").read_bytes()) == ids(root)
        return root

    def archives(self, folder: str = "", *, strictly: bool = True) -> list[etree._Element]:
        """The archive documents that are linked from a head, the newest first, after all rules; `strictly`: no others
        are there.
        """
        found, node, seen = [], self.head(folder), set[str]()
        while before := links(node, "prev-archive"):
            (link,) = before
            path = link["href"].removeprefix(BASE)
            assert path not in seen
            seen.add(path)
            node = proper((self.public / path).read_bytes())
            assert [one["href"] for one in links(node, "self")] == [link["href"]]
            assert [one["href"] for one in links(node, "current")] == [f"{BASE}{folder}feed.atom"]
            found.append(node)
        there = sorted(int(path.stem) for path in (self.public / folder / "archive").glob("*")) if strictly else []
        assert there == list(range(1, len(found) + 1)) or not strictly
        assert seen == {f"{folder}archive/{number}.atom" for number in range(1, len(found) + 1)}
        return found

    def held(self, folder: str = "", *, strictly: bool = True) -> list[str]:
        """All ids that a reader who follows the links gets."""
        nodes = (self.head(folder), *self.archives(folder, strictly=strictly))
        return [uri for node in nodes for uri in ids(node)]

    def source(self, number: int) -> str:
        """The folder of the source of an entry."""
        with self.store() as db:
            (slug,) = db.conn.execute(
                "select slug from channels join turns on channel = id where kind = 'source' and entry = ?", (number,)
            ).fetchone()
        return f"sources/{slug}/"


def put_in(db: Database, *news: News, now: datetime = NOW, place: int | None = None) -> list[str]:
    """Entries, as an ingest makes them of pages without relatives; their ids."""
    with transaction(db):
        book = Book(db, (), authority=AUTHORITY, now=now, replayed=place is not None)
        numbers = [book.add(article, fingerprint.of_text(article.text), place=place) for article in map(_article, news)]
        book.write()
        return [book.get(number).uri for number in numbers]


def _article(news: News) -> Article:
    return Article(
        text="\n".join(news.sentences),
        title=news.title,
        title_derived=False,
        published=StatedDate.from_iso(news.stated.replace(tzinfo=None).isoformat()),
        source=news.source or None,
        language="en",
        link=None,
        start=0,
        end=1,
        evidence="",
    )


def graves(root: etree._Element) -> list[str]:
    """The ids that a document tells as deleted."""
    return [str(one.get("ref")) for one in root.iter(f"{TOMBSTONES}deleted-entry")]


def texts(root: etree._Element) -> dict[str, str]:
    """What a document says of each id."""
    return {uri: str(root.findall(f"{ATOM}entry")[at].findtext(f"{ATOM}content")) for at, uri in enumerate(ids(root))}


@contextmanager
def unchanged(edition: Edition, *but: str) -> Iterator[None]:
    """Within, nothing is written but these paths."""
    before = edition.files()
    yield
    after = edition.files()
    assert sorted(path for path in {*before, *after} if before.get(path) != after.get(path)) == sorted(but)


def heads(*folders: str) -> Sequence[str]:
    """The files of heads."""
    return [folder + name for folder in folders for name in ("feed.atom", "feed.json", "feed.rss")]
