"""A site on this machine, over real HTTP: an archive, a published feed, and a reader that sends what it likes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from invented import body
from sqlite_utils import Database

from worker import jobs, model, templating
from worker.model import Entry, JobRun
from worker.model.keys import Key
from worker.outlet.publish import replace
from worker.store import channels, entries, turns
from worker.store.database import open_database, transaction
from worker.store.reading import Readers
from worker.web.access import Keyring
from worker.web.app import Site, create_app
from worker.web.documents import Documents
from worker.web.gate import serve
from worker.web.server import HttpServer, bind

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXT = "The ferry has come back to the lake, and the whole town is glad of it; it sails at nine every evening."
HOSTILE = 'A <script>alert(1)</script> & "b" </title> ]]>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]  #: names in lower case
    body: bytes


@dataclass
class Press:
    """The folders of a site, what its jobs are said to have done, and its port."""

    folder: Path
    port: int = 0
    runs: list[JobRun] = field(default_factory=list)
    alive: bool = True
    keys: list[Key] = field(default_factory=list)
    seconds: float = 0.0  #: that have gone by

    @property
    def feed(self) -> Path:
        return self.folder / "public" / "feed.atom"

    @contextmanager
    def store(self) -> Iterator[Database]:
        with closing(open_database(self.folder / "seedwire.db")) as db:
            yield db

    def publish(self, content: bytes, *, seconds: int = 0) -> None:
        replace(self.feed, content, now=NOW + timedelta(seconds=seconds))

    def read(self, **pages: str) -> None:
        """Take in a page a keyword, its title being the value; the first has TEXT, each other a text of its own."""
        (self.folder / "seeds").mkdir(exist_ok=True)
        for number, (name, title) in enumerate(pages.items()):
            news = body(number) if number else f"{TEXT} {name}\n"
            text = f" date 2026-11-10 07.11.2026, 09:40\n\n{title}\n\nTell a friend\n\n{news}"
            path = self.folder / "seeds" / f"{name}.txt"
            path.write_text(text, encoding="utf-8")
            os.utime(path, (NOW.timestamp(), NOW.timestamp()))  # a page is not believed to know the future
        with self.store() as db:
            seeds = jobs.Seeds.remembered(db, self.folder / "seeds", settle=0, authority="example.org,2026")
            jobs.ingest(db, seeds, jobs.Rim(sleep=lambda _seconds: None), now=NOW)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask; `if_none_match="x"` is the header If-None-Match, and nothing else is sent."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.putrequest(method, path, skip_accept_encoding=True, skip_host="host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            reply = connection.getresponse()
            body = reply.read()
        return Answer(
            status=reply.status, headers={name.lower(): value for name, value in reply.getheaders()}, body=body
        )


def told(number: int, **stated: Any) -> Entry:
    """An entry that was read an hour after the one before it."""
    when = NOW - timedelta(hours=1000 - number)
    values: dict[str, Any] = {
        "number": number,
        "key": f"key{number:013}",
        "uri": f"tag:example.org,2026:item/key{number:013}",
        "title": f"Goats counted for the {number}th time",
        "title_derived": False,
        "published": None,
        "source": f"Paper {number % 3}",
        "language": "en",
        "link": f"https://paper{number % 3}.example/{number}",
        "text": body(number),
        "stored": when,
        "updated": when,
    }
    return Entry(**values | stated)


def keep(db: Database, told: list[Entry]) -> None:
    """Store entries as an ingest does, each with its turns."""
    with transaction(db):
        entries.insert(db, told)
        entries.index(db, [entry.number for entry in told])
        turns.add(db, [(channels.WIRE, entry.number) for entry in told if entry.leads])
        turns.add(db, [(channel, number) for number, channel in sorted(channels.of_sources(db, told).items())])


PRESS = model.Press(
    title="Wire & Co",
    base_url="https://wire.example.org",
    authority="example.org,2026",
    zone=ZoneInfo("Asia/Almaty"),
    since=NOW,
)


@contextmanager
def served(folder: Path, *keys: Key) -> Iterator[Press]:
    press = Press(folder, keys=list(keys))
    with press.store():
        pass  # so that it is there
    templates = templating.load(None)
    sock = bind("127.0.0.1", 0)
    press.port = sock.getsockname()[1]
    site = Site(
        press=PRESS,
        templates=templates,
        style=templating.asset(templates, "web/style.css"),
        store=Readers(folder / "seedwire.db").store,
        clock=lambda: NOW,
        runs=lambda: press.runs,
        alive=lambda: press.alive,
    )
    documents = Documents(folder / "public", base_url=PRESS.base_url, max_age=PRESS.max_age)
    server = HttpServer(serve(documents, create_app(site), Keyring(lambda: press.keys, lambda: press.seconds)), sock)
    server.start()
    try:
        yield press
    finally:
        server.stop()
        sock.close()
