"""retelling: a replay holds every story against all that came before it, and against nothing that came later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW, Desk, page
from invented import body
from sqlite_utils import Database

from worker import jobs
from worker.jobs.relating import WINDOW, sketches_of
from worker.model import Difference, Reread


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def db(desk: Desk) -> Iterator[Database]:
    with desk.store() as database:
        yield database


def bring(desk: Desk, db: Database, *texts: str, window: int = WINDOW) -> None:
    """Read one page after the other, each in an ingest of its own."""
    for number, text in enumerate(texts):
        desk.drop(f"{number}.txt", text)
        seeds = jobs.Seeds.remembered(db, desk.seeds, settle=0, authority="example.org,2026")
        looking = replace(seeds, sketches=sketches_of(window))
        jobs.ingest(db, looking, desk.rim, now=NOW + timedelta(hours=number))


def replayed(desk: Desk, db: Database) -> list[Reread]:
    told: list[Reread] = []
    later = NOW + timedelta(days=1)
    jobs.replay(db, jobs.Reader(), desk.rim, told.append, authority="example.org,2026", now=later)
    return told


def stories(db: Database) -> dict[int, int | None]:
    return dict(db.conn.execute("select number, story from entries"))


def reprint(number: int) -> str:
    """The same news under another title, with a sentence more."""
    return page(number, title="Boats are back", stated="08.11.2026") + "\nNobody there had believed it.\n"


@pytest.mark.parametrize("before", range(3))
def test_whatever_an_ingest_did_not_look_back_to_is_joined(desk: Desk, db: Database, before: int) -> None:
    """However many stories come first in the same transaction."""
    others = [page(10 + number) for number in range(before)]
    bring(desk, db, *others, page(1), page(2), page(3), reprint(2), reprint(1), window=1)
    assert set(stories(db).values()) == {None}, "only the newest entry was looked at"
    assert [[change.what for change in one.changes] for one in replayed(desk, db)] == [[Difference.JOINED]] * 2
    joined = {number - before: story - before for number, story in stories(db).items() if story}
    assert joined == {4: 2, 5: 1}
    assert replayed(desk, db) == []


def test_what_an_ingest_looked_back_to_is_joined_already(desk: Desk, db: Database) -> None:
    bring(desk, db, page(1), page(2), page(3), reprint(2), reprint(1))
    assert stories(db) == {1: None, 2: None, 3: None, 4: 2, 5: 1}
    assert replayed(desk, db) == []


def test_a_revision_makes_no_old_news_of_what_came_before_it(desk: Desk, db: Database) -> None:
    """The first article is revised: it tells now what the second told, too."""
    bring(desk, db, page(1), page(2), f"{page(1)}\n{body(2)}")
    assert db.conn.execute("select entry from revisions").fetchall() == [(1,)]
    assert replayed(desk, db) == []
    assert stories(db) == {1: None, 2: None}


def test_nor_of_the_revised_article_itself(desk: Desk, db: Database) -> None:
    """What looked like other news was corrected, and tells the same now as was told before it."""
    right = page(1, title="Boats are back", stated="08.11.2026, 10:00") + "\nNobody there had believed it.\n"
    bring(desk, db, page(1), right.replace("number 1", "number 9"), right)
    assert db.conn.execute("select entry from revisions").fetchall() == [(2,)]
    assert replayed(desk, db) == []
    assert stories(db) == {1: None, 2: None}
