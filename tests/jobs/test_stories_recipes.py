"""Stories under new recipes: who is no longer like the others leaves with those who came by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from desks import NOW
from tellings import Newsroom, edited, lines, page

from worker import jobs
from worker.intake import fingerprint, relate
from worker.intake.relate.alike import Alike
from worker.intake.relate.judge import judge
from worker.model import Article, Difference, Entry, Page, Relation
from worker.store import entries, stories

LATER = NOW + timedelta(hours=2)
TEXT = lines(1)
FULLER = [*TEXT, *lines(2, 4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise(jobs.Reader):
    """Reads texts as one of today's recipes would, and then changes them."""

    change: Callable[[str], str]

    def page(self, page: Page, path: str, *, latest: date) -> jobs.Reading:
        reading = jobs.Reader.page(self, page, path, latest=latest)
        found = [replace(one[0], text=self.change(one[0].text)) if one else None for one in reading.articles]
        told = tuple((one, fingerprint.of_text(one.text)) if one else None for one in found)
        return replace(reading, articles=told)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """1 is told again by 2 with more, by 4 in its words; 3 has but the end of 2."""
    made = Newsroom(tmp_path)
    made.read(page(TEXT, title="Ferry returns"))
    made.read(page(FULLER, title="It is back", source="Courier"))
    made.read(page(FULLER[6:], title="It is here", source="Gazette"))
    made.read(page(edited(TEXT, 6), title="It came", source="Herald"))
    assert made.leads() == [1, 1, 1, 1]
    return made


def raised(monkeypatch: pytest.MonkeyPatch, entry: int, other: int) -> None:
    """A new recipe by which two entries are no longer the same news."""

    def judged(article: Article, one: Entry, sides: Alike, *, beside: bool = False) -> Relation | None:
        apart = {article.title, one.title} == {titles[entry], titles[other]}
        return None if apart else judge(article, one, sides, beside=beside)

    titles = ("", "Ferry returns", "It is back", "It is here", "It came")
    monkeypatch.setattr(relate, "judge", judged)
    monkeypatch.setattr(relate, "RECIPE", 2)


def joined_to(room: Newsroom, number: int) -> int | None:
    with room.store() as db:
        join = stories.join_of(db, number)
        return join.to if join else None


def test_a_new_recipe_that_says_the_same_changes_its_number_alone(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relate, "RECIPE", 2)
    before, leads = room.rows(), room.leads()
    done, found = room.replay(LATER)
    assert (done.retold, found, room.leads()) == (0, [], leads)
    after = room.rows()
    assert {name for name in before if before[name] != after[name]} == {"joins"}
    assert {join[2] for join in after["joins"]} == {2}


def test_who_is_no_longer_like_the_story_leaves_it(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """With those who came by it; and with its text, which the lead had shown."""
    ids, own = room.ids(), room.entry(1).own
    assert (joined_to(room, 3), own is not None) == (2, True)
    raised(monkeypatch, 2, 1)
    done, found = room.replay(LATER)
    assert dict(done.changes) == {Difference.PARTED: 1}
    assert [(one.path, [change.entry for change in one.changes]) for one in found] == [("0002.txt", [2])]
    assert room.leads() == [1, 2, 2, 1]
    assert room.ids() == ids
    lead = room.entry(1)
    assert (lead.text, lead.own, lead.updated) == (own, None, LATER)
    with room.store() as db:
        assert [one.number for one in entries.newest(db, 9)] == [2, 1]
        assert entries.between(db, 4, 99, 9) == [], "nothing old comes back as new"
    before = room.rows()
    assert room.replay(LATER)[0].retold == 0
    assert room.rows() == before


def test_later_copies_of_who_left_go_there(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    raised(monkeypatch, 2, 1)
    room.replay(LATER)
    room.read(page(edited(FULLER[5:], 2), title="And again", source="Tribune"))
    assert room.leads() == [1, 2, 2, 1, 2]


def test_what_operators_joined_no_recipe_parts(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.split(2)
    room.join(2, 1)
    raised(monkeypatch, 2, 1)
    leads = room.leads()
    assert room.replay(LATER)[0].retold == 0
    assert room.leads() == leads == [1, 1, 1, 1]


def test_a_text_that_is_read_better_is_seen_where_it_is_shown(room: Newsroom) -> None:
    """Of 2, whose text 1 shows."""
    last = FULLER[-1]
    reader = Otherwise(change=lambda text: text.removesuffix(last).strip())
    room.replay(LATER, reader)
    assert not room.entry(2).text.endswith(last)
    assert (room.entry(1).text, room.entry(1).updated) == (room.entry(2).text, LATER)
    before = room.rows()
    assert room.replay(LATER + timedelta(days=1), reader)[1] == []
    assert room.rows() == before


def test_other_paragraphs_light_nothing_up(room: Newsroom) -> None:
    lit = room.entry(1).updated
    room.replay(LATER, Otherwise(change=lambda text: text.replace("\n", " ")))
    assert room.entry(1).text == room.entry(2).text
    assert "\n" not in room.entry(1).text
    assert room.entry(1).updated == lit
