"""What comes later of an entry that was taken down: sightings, revisions, reprints, replays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from takedowns import FULLER, FULLEST, LATER, TEXT, TITLE, courier, ferry, gazette, restore, retract, seen, texts
from tellings import Newsroom, edited, lines, page

from worker import jobs
from worker.intake import fingerprint, relate
from worker.intake.relate.alike import Alike
from worker.intake.relate.judge import judge
from worker.model import Article, Entry, Page, Relation
from worker.store import entries


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return ferry(tmp_path)


@pytest.mark.parametrize("restart", [False, True])
def test_a_later_sighting_does_not_bring_it_back(room: Newsroom, restart: bool) -> None:
    retract(room, 4)
    if restart:
        room.restart()
    room.read(page(lines(9), title="Goats").replace("Tell a friend", "Print"))
    assert room.outcomes()[-1] == "duplicate"
    with room.store() as db:
        assert [one.number for one in entries.newest(db, 9)] == [1]


def test_a_revision_changes_it_silently(room: Newsroom) -> None:
    retract(room, 4)
    room.read(page(edited(lines(9), 2), title="Goats"), now=LATER)
    assert room.outcomes()[-1] == "revision"
    assert (room.entry(4).updated, len(room.leads())) == (LATER, 4)
    assert room.entry(4).text not in texts(room)
    restore(room, 4)
    assert room.entry(4).text in texts(room)


def test_a_revision_of_another_telling_lends_nothing(room: Newsroom) -> None:
    """Neither a fuller one, nor one of a text that a copy of it lends still."""
    room.read(page(FULLER, title="Copied", source="Herald"))
    retract(room, 3)
    before = room.entry(1)
    room.read(gazette(FULLEST), now=LATER)
    assert room.outcomes()[-1] == "revision"
    assert room.entry(1) == before
    assert room.entry(3).text not in texts(room)
    assert room.replay(LATER)[1] == []
    assert room.entry(1) == before
    restore(room, 3)
    assert room.entry(1).text == room.entry(3).text


def test_a_reprint_joins_it_and_stays_unseen(room: Newsroom) -> None:
    retract(room, 1)
    room.read(page(edited(FULLER, 2), title="In other words", source="Herald"), page(TEXT, title="Bare", source="Post"))
    assert room.leads() == [1, 1, 1, 4, 1, 1]
    with room.store() as db:
        assert [one.number for one in seen(db)] == [4]
    restore(room, 1)
    with room.store() as db:
        assert [one.number for one in seen(db)] == [1, 2, 3, 4, 5, 6]


def test_a_reprint_found_by_a_replay_stays_unseen(tmp_path: Path) -> None:
    """Beyond the window it was news; held against all there is it belongs to what was taken down."""
    room = Newsroom(tmp_path, window=2)
    room.read(page(TEXT, title=TITLE), *(page(lines(at), title=f"Goats {at}") for at in (20, 21)))
    room.read(courier(edited(TEXT, 6)))
    assert room.leads() == [1, 2, 3, 4]
    retract(room, 1)
    assert room.replay()[0].retold == 1
    assert room.leads() == [1, 2, 3, 1]
    with room.store() as db:
        assert [one.number for one in seen(db)] == [2, 3]
    assert room.replay()[0].retold == 0


def test_a_replay_moves_nothing_that_was_taken_down(tmp_path: Path) -> None:
    """Or those that went with it would come back with the older story."""
    room = Newsroom(tmp_path, window=2)
    room.read(page(TEXT, title=TITLE), *(page(lines(at), title=f"Goats {at}") for at in (20, 21)))
    room.read(courier(edited(TEXT, 6)), gazette(edited(TEXT, 6)))
    assert room.leads() == [1, 2, 3, 4, 4]
    retract(room, 4)
    for _ in range(2):
        assert room.replay()[0].retold == 0
        assert room.leads() == [1, 2, 3, 4, 4]
    restore(room, 4)
    assert room.replay()[0].retold == 1
    assert room.leads() == [1, 2, 3, 1, 1]


@pytest.mark.parametrize("down", [1, 3])
def test_a_new_recipe_parts_nothing_that_was_taken_down(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, down: int
) -> None:
    """Neither by itself nor as one that went with the lead."""

    def judged(article: Article, one: Entry, sides: Alike, *, beside: bool = False) -> Relation | None:
        return judge(article, one, sides, beside=beside) if article.source != "Gazette" else None

    monkeypatch.setattr(relate, "judge", judged)
    monkeypatch.setattr(relate, "RECIPE", relate.RECIPE + 1)
    retract(room, down)
    for _ in range(2):
        assert room.replay()[0].retold == 0
    assert room.leads() == [1, 1, 1, 4]


def test_a_copy_of_it_that_reads_better_is_not_shown(room: Newsroom) -> None:
    """The lead shows that text by right of another one that has it, and which reads as before."""

    class Otherwise(jobs.Reader):
        def page(self, page: Page, path: str, *, latest: date) -> jobs.Reading:
            reading = jobs.Reader.page(self, page, path, latest=latest)
            (one,) = reading.articles
            assert one is not None
            if one[0].source != "Gazette":
                return reading
            article = replace(one[0], text=one[0].text.replace("The ", "Any "))
            return replace(reading, articles=((article, fingerprint.of_text(article.text)),))

    room.read(page(FULLER, title="Copied", source="Herald"))
    retract(room, 3)
    before = room.entry(1)
    room.replay(LATER, Otherwise())
    assert room.entry(3).text != before.text == room.entry(5).text
    assert room.entry(1) == before
