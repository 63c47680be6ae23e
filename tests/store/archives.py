"""Archives to look into: small dumps of invented news, read by the jobs into a real database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from invented import body, reader
from searches import searched
from sqlite_utils import Database

from worker import jobs
from worker.model import Digest, Entry, Message, Occasion, Subscription
from worker.store.database import open_database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    with closing(open_database(path)) as db:
        yield db


def page(number: int, *, title: str = "", stated: str = "07.11.2026, 09:40", text: str = "") -> str:
    """A page with one article, in the layout of a news site; with a title but no date, or neither, where so told."""
    if not title:
        return text or body(number)
    return f" date 2026-11-10 {stated}\n\n{title}\n\nTell a friend\n\n{text or body(number)}"


def drop(seeds: Path, name: str, text: str) -> Path:
    path = seeds / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))  # a page is not believed to know the future
    return path


def ingested(db: Database, seeds: Path, now: datetime = NOW) -> jobs.Ingested:
    """One ingest that does not wait for files to settle."""
    seeds.mkdir(exist_ok=True)
    reader = jobs.Seeds.remembered(db, seeds, settle=0, authority="example.org,2026")
    return jobs.ingest(db, reader, jobs.Rim(sleep=lambda _seconds: None), now=now)


def found(db: Database, query: str) -> list[str]:
    """The titles that a search shows, best first."""
    return [entry.title for entry, _ in searched(db, query)]


def subscription(email: str = "ana@example.org", **changed: Any) -> Subscription:
    return reader(email, NOW, **changed)


def digest(of: Subscription, name: str, *told: Entry, upto: int = 1) -> Digest:
    return Digest(
        subscription=of, occasion=Occasion(name=name, due=NOW), entries=told, total=max(len(told), 1), upto=upto
    )


def message(name: str, recipient: str = "ana@example.org") -> Message:
    return Message(
        message_id=f"<{name}@example.org>", sender="wire@example.org", recipient=recipient, content=name.encode()
    )
