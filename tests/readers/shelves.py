"""Readers as people run them, each in a folder of its own, subscribed to one feed."""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import ClassVar

import feedparser
import pytest
from bs4 import BeautifulSoup
from reader import make_reader

_PATIENCE = 60.0  #: seconds for one run of a program; only a failing test waits so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An entry as a reader shows it."""

    id: str
    title: str
    text: str  #: may be HTML


@dataclass
class Shelf:
    """A reader that has subscribed to `url`, and never asked yet."""

    folder: Path
    url: str
    programs: ClassVar[tuple[str, ...]] = ()  #: without these it cannot be run
    formats: ClassVar[tuple[str, ...]] = ("feed.atom", "feed.rss")
    knows_changes: ClassVar[bool] = True  #: shows the new text of an entry that it has
    first_unconditional: ClassVar[int] = 1  #: so many requests come without validators

    def __post_init__(self) -> None:
        if missing := self.missing():
            pytest.skip(f"not installed: {', '.join(missing)}")
        self.subscribe()

    @classmethod
    def missing(cls) -> list[str]:
        """The programs that it needs and that are not here."""
        return [program for program in cls.programs if not shutil.which(program)]

    def subscribe(self) -> None:
        """What is done once."""

    def poll(self) -> None:
        """Look for news, as the reader does now and then. A failure fails the test."""
        raise NotImplementedError

    def held(self) -> list[Held]:
        """All that it shows."""
        raise NotImplementedError

    def run(self, *words: str) -> str:
        """Call a program that keeps all its files in this folder; what it printed."""
        homes = {name: str(self.folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=os.environ | homes | {"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
        told = done.stdout + done.stderr
        assert done.returncode == 0, told
        assert "ERROR" not in told, told  # r2e exits with 0 whatever became of the feed
        return told


class Newsboat(Shelf):
    """newsboat/newsboat, in the terminal; it asks twice before it sends what it was given."""

    programs = ("newsboat",)
    first_unconditional = 2

    def subscribe(self) -> None:
        (self.folder / "urls").write_text(f"{self.url}\n")
        (self.folder / "config").write_text("cleanup-on-quit no\n")

    def poll(self) -> None:
        self.run("newsboat", "-q", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload", "print-unread")

    def held(self) -> list[Held]:
        with closing(sqlite3.connect(self.folder / "cache.db")) as db:
            rows = db.execute("select guid, title, content from rss_item").fetchall()
        return [Held(id=guid, title=title, text=content) for guid, title, content in rows]


class Rss2email(Shelf):
    """rss2email, which sends a reply where an entry has changed, if it is told to."""

    programs = ("r2e",)
    reply_changes: ClassVar[bool] = True

    def subscribe(self) -> None:
        (self.folder / "md").mkdir()
        settings = {
            "from": "feeds@localhost",
            "to": "me@localhost",
            "email-protocol": "maildir",
            "maildir-path": str(self.folder / "md"),
            "maildir-mailbox": "INBOX",
            "reply-changes": self.reply_changes,
            "html-mail": True,
        }
        lines = [f"{name} = {value}" for name, value in settings.items()]
        (self.folder / "cfg").write_text("\n".join(["[DEFAULT]", *lines, ""]))
        self.run("r2e", "-c", "cfg", "-d", "data.json", "add", "seedwire", self.url)

    def poll(self) -> None:
        self.run("r2e", "-c", "cfg", "-d", "data.json", "run")

    def mails(self) -> list[EmailMessage]:
        """In the order in which they came."""
        paths = sorted((self.folder / "md").rglob("new/*"), key=lambda path: path.stat().st_mtime_ns)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    def held(self) -> list[Held]:
        """A reply takes the place of the mail that it answers."""
        shown: dict[str, Held] = {}
        for mail in self.mails():
            shown.pop(str(mail["In-Reply-To"]), None)
            text = mail.get_body()
            assert text is not None
            told = Held(id=str(mail["X-RSS-ID"]), title=str(mail["Subject"]), text=text.get_content())
            shown[str(mail["Message-ID"])] = told
        return list(shown.values())


class QuietRss2email(Rss2email):
    """rss2email as it comes: what was mailed once is not mailed again."""

    reply_changes = False
    knows_changes = False


class Sfeed(Shelf):
    """sfeed_update with the fetch() of its README; it keeps the first of two texts with the same id and title."""

    programs = ("sfeed_update", "curl")
    knows_changes = False

    def subscribe(self) -> None:
        (self.folder / "feeds").mkdir()
        (self.folder / "etags").mkdir()
        (self.folder / "sfeedrc").write_text(
            f"""sfeedpath="{self.folder}/feeds"
fetch() {{
	etag="{self.folder}/etags/$(basename "$3")"
	curl -L --max-redirs 0 -H "User-Agent:" -f -s -S -m 15 --compressed \\
		--etag-save "$etag" --etag-compare "$etag" -z "$etag" "$2"
}}
feeds() {{
	feed "seedwire" "{self.url}"
}}
"""
        )

    def poll(self) -> None:
        told = self.run("sfeed_update", "sfeedrc")
        assert "FAIL" not in told, told

    def held(self) -> list[Held]:
        lines = (self.folder / "feeds" / "seedwire").read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines]
        return [Held(id=row[5], title=row[1], text=row[3]) for row in rows]


@dataclass
class Feedparser(Shelf):
    """feedparser, used as its documentation says; what it was given last is kept by id."""

    etag: str | None = None
    modified: str | None = None
    kept: dict[str, Held] = field(default_factory=dict)

    def poll(self) -> None:
        told = feedparser.parse(self.url, etag=self.etag, modified=self.modified)
        assert told.get("bozo_exception") is None, told.bozo_exception
        self.etag, self.modified = told.get("etag"), told.get("modified")
        ids = [entry.id for entry in told.entries]
        assert len(ids) == len(set(ids))
        for entry in told.entries:
            text = entry.content[0].value if "content" in entry else entry.summary
            self.kept[entry.id] = Held(id=entry.id, title=entry.title, text=text)

    def held(self) -> list[Held]:
        return list(self.kept.values())


class Lemon24(Shelf):
    """lemon24/reader, a library with a store of its own."""

    formats = ("feed.atom", "feed.rss", "feed.json")

    def subscribe(self) -> None:
        with closing(make_reader(str(self.folder / "reader.db"))) as reader:
            reader.add_feed(self.url)

    def poll(self, *, scheduled: bool = False) -> None:
        """At once; else not before its own interval, nor max-age, is over."""
        with closing(make_reader(str(self.folder / "reader.db"))) as reader:
            reader.update_feeds(scheduled=scheduled)
            assert reader.get_feed(self.url).last_exception is None

    def held(self) -> list[Held]:
        return list(self._held())

    def _held(self) -> Iterator[Held]:
        with closing(make_reader(str(self.folder / "reader.db"))) as reader:
            for entry in reader.get_entries():
                content = entry.get_content()
                yield Held(id=entry.id, title=entry.title or "", text=content.value if content else "")

    def found(self, words: str) -> list[str]:
        """The ids that its own search finds."""
        with closing(make_reader(str(self.folder / "reader.db"))) as reader:
            reader.enable_search()
            reader.update_search()
            return [result.id for result in reader.search_entries(words)]


SHELVES: tuple[type[Shelf], ...] = (Newsboat, Rss2email, QuietRss2email, Sfeed, Feedparser, Lemon24)


def plain(html: str) -> str:
    """The words of HTML, white space collapsed."""
    return " ".join(BeautifulSoup(html, "lxml").get_text(" ").split())
