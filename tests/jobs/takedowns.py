"""A story of which something is taken down, and all that readers get."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from desks import NOW
from searches import searched
from sqlite_utils import Database
from tellings import AUTHORITY, Newsroom, edited, entry_of, lines, page

from worker import jobs
from worker.jobs.retracting import Retracted
from worker.model import Entry
from worker.store import entries, stories
from worker.store.retractions import NOT_RETRACTED

LATER = NOW + timedelta(hours=2)
TITLE = "Ferry returns"
TEXT = lines(1)
FULLER = [*TEXT, *lines(2, 4)]
FULLEST = [*FULLER, *lines(3, 6)]


def courier(sentences: list[str] = TEXT, title: str = "The ferry is back") -> str:
    return page(sentences, title=title, source="Courier", stated="07.11.2026, 12:15")


def gazette(sentences: list[str] = TEXT, title: str = "A ferry comes home") -> str:
    return page(sentences, title=title, source="Gazette", stated="07.11.2026, 13:15")


def ferry(folder: Path) -> Newsroom:
    """One story told by three: nearly the same text, and one with more, which the lead shows; and another story."""
    made = Newsroom(folder)
    made.read(page(TEXT, title=TITLE), courier(edited(TEXT, 6)), gazette(FULLER), page(lines(9), title="Goats"))
    assert made.leads() == [1, 1, 1, 4]
    assert made.entry(1).text == made.entry(3).text
    return made


def retract(room: Newsroom, number: int, reason: str = "wrong", now: datetime = LATER) -> Retracted:
    with room.store() as db:
        return jobs.retract(db, entry_of(db, number), reason, authority=AUTHORITY, now=now)


def restore(room: Newsroom, number: int, now: datetime = LATER) -> Entry:
    with room.store() as db:
        return jobs.restore(db, entry_of(db, number), authority=AUTHORITY, now=now)


# ── What readers get ────────────────────────────────────────────────────────────────────────────────


def seen(db: Database) -> list[Entry]:
    """The entries that have a page."""
    return list(entries.where(db, f"where {NOT_RETRACTED} order by number"))


def shown(db: Database) -> set[str]:
    """Every text and title that any reader is given: on pages and in sources' feeds, in the wire, digests, search."""
    there = seen(db)
    leads = [*entries.newest(db, 10_000), *entries.between(db, 0, 1 << 40, 10_000)]
    found = {text for one in (*there, *leads) for text in (one.text, one.title)}
    found |= {also.title for tellers in stories.also(db, range(1, 10_000)).values() for also in tellers}
    found |= {one.text for entry in there for one in jobs.seen_revisions(db, entry)}
    found |= {text for one, _ in searched(db, "the OR ferry OR bank") for text in (one.text, one.title)}
    assert entries.count(db) == len({one.number for one in leads})
    return found


def texts(room: Newsroom) -> set[str]:
    with room.store() as db:
        return shown(db)
