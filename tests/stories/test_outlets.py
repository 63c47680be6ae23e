"""The same text of several outlets: each has an entry of its own, in one story, and the ids of all differ."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from dump_makers import record
from sqlite_utils import Database

from worker import jobs
from worker.store.database import open_database

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_TEXT = (
    "The night ferry to the islands sails again from the old pier, and the whole town came down to see it go.",
    "It had lain in the yard since the storm tore its rudder off, and nobody there had believed it would be ready.",
    "Tickets are sold at the pier and on board, and children who bring a lamp of their own travel free until spring.",
)


class Sighting(NamedTuple):
    outcome: str
    entry: int
    story: int


class Wire:
    """An archive, and pages that come to it one after the other."""

    def __init__(self, db: Database, folder: Path) -> None:
        self._db, self._folder, self._count = db, folder, 0
        folder.mkdir()

    def bring(self, *, source: str = "", link: str = "") -> Sighting:
        """The text on a page of a source, at an address; its view count is another each time."""
        self._count += 1
        page = f" date 2026-11-10 07.11.2026, 09:40 {300 + self._count}\n\nNight ferry sails again\n\nTell a friend\n\n"
        page += "\n\n".join(_TEXT) + (f"\n\nSource: {source}\n" if source else "\n")
        path = self._folder / f"{self._count:02}.{'wet' if link else 'txt'}"
        path.write_bytes(record("conversion", page.encode(), url=link) if link else page.encode())
        os.utime(path, (_NOW.timestamp(), _NOW.timestamp()))
        seeds = jobs.Seeds.remembered(self._db, self._folder, settle=0, authority="example.org,2026")
        jobs.ingest(self._db, seeds, jobs.Rim(sleep=lambda _: None), now=_NOW)
        found = self._db.conn.execute(
            """select outcome, entry, coalesce(story, entry) from pieces join pages on pages.id = page
            join dumps on dumps.id = dump join entries on entries.number = entry where path = ?""",
            (path.name,),
        ).fetchall()
        return Sighting(*found[-1])

    def ids(self) -> list[str]:
        return [uri for (uri,) in self._db.conn.execute("select uri from entries")]


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with closing(open_database(tmp_path / "seedwire.db")) as db:
        yield Wire(db, tmp_path / "seeds")


def test_by_the_source_that_a_page_names(wire: Wire) -> None:
    assert wire.bring(source="Corvane Agency") == ("stored", 1, 1)
    assert wire.bring(source="Belmar Daily") == ("reprint", 2, 1)
    assert wire.bring(source="Belmar Daily") == ("duplicate", 2, 1)
    assert wire.bring(source="Corvane Agency") == ("duplicate", 1, 1)
    assert wire.bring(source="Herald of Oskeld") == ("reprint", 3, 1)
    assert len(set(wire.ids())) == 3


def test_by_the_host_of_its_address(wire: Wire) -> None:
    assert wire.bring(link="https://corvane.example/a") == ("stored", 1, 1)
    assert wire.bring(link="https://belmar.example/b") == ("reprint", 2, 1)
    assert wire.bring(link="https://belmar.example/other") == ("duplicate", 2, 1)
    assert wire.bring(link="https://www.corvane.example/c") == ("duplicate", 1, 1)
    assert wire.bring(link="https://m.belmar.example/d") == ("duplicate", 2, 1)
    assert len(set(wire.ids())) == 2


def test_a_page_that_does_not_say_whose_it_is_belongs_to_the_first(wire: Wire) -> None:
    assert wire.bring(source="Corvane Agency") == ("stored", 1, 1)
    assert wire.bring(source="Belmar Daily") == ("reprint", 2, 1)
    assert wire.bring() == ("duplicate", 1, 1)
    assert wire.bring(link="https://herald.example/a") == ("duplicate", 1, 1), "and fills in where it stood"
    assert wire.bring(link="https://belmar.example/b") == ("duplicate", 2, 1), "whose host the first one's is not"
