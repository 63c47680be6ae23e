"""split and join: what an operator decides is done at once, told once, and stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW, subscribe, told
from tellings import Newsroom, edited, lines, page, sound

from worker.errors import StoryError
from worker.model import Placing
from worker.store import entries, stories

LATER = NOW + timedelta(hours=2)
TITLE = "Ferry returns"
TEXT = lines(1)
FULLER = [*TEXT, *lines(2, 4)]


def courier(sentences: list[str] = TEXT, title: str = "The ferry is back") -> str:
    return page(sentences, title=title, source="Courier", stated="07.11.2026, 12:15")


def gazette(sentences: list[str] = TEXT) -> str:
    return page(sentences, title="A ferry comes home", source="Gazette", stated="07.11.2026, 13:15")


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """One story told by three: the same text, and one with more."""
    made = Newsroom(tmp_path)
    made.read(page(TEXT, title=TITLE), courier(edited(TEXT, 6)), gazette(FULLER), page(lines(9), title="Goats"))
    assert made.leads() == [1, 1, 1, 4]
    assert made.entry(1).text == made.entry(3).text
    return made


# ── Split ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_split_entry_is_one_of_the_feed(room: Newsroom) -> None:
    before, ids = room.entry(2), room.ids()
    assert [one.number for one in room.split(2, LATER)] == [2, 1]
    assert room.leads() == [1, 2, 1, 4]
    assert room.ids() == ids
    after = room.entry(2)
    assert (after.text, after.updated, after.published) == (before.text, before.updated, before.published)
    with room.store() as db:
        assert [one.number for one in entries.newest(db, 9)] == [2, 4, 1]
        assert stories.join_of(db, 2) is None
        assert stories.placings(db, 2) == [(Placing.SPLIT, 1, LATER)]
        room.publish(db)
    assert room.feed.read_text(encoding="utf-8").count("</entry>") == 3


def test_what_a_story_shows_moves_only_where_its_text_does(room: Newsroom) -> None:
    """The lead goes on to show the fuller text of an entry that stays with it."""
    before = room.entry(1)
    room.split(2, LATER)
    assert room.entry(1) == before
    room.join(2, 1, now=LATER)
    assert room.entry(1) == before


@pytest.mark.parametrize("more", [False, True])
def test_the_next_digest_tells_of_it(room: Newsroom, more: bool) -> None:
    """Whether anything else is new or not; and no other tells of it again, or misses what comes behind it."""
    with room.store() as db:
        subscribe(db)
        room.post(db, NOW)
        room.split(2, LATER)
        if more:
            room.read(page(lines(10), title="Lamps"), now=LATER)
        room.post(db, NOW + timedelta(days=1))
        room.read(page(lines(11), title="Bells"), now=NOW + timedelta(days=1, hours=2))
        room.post(db, NOW + timedelta(days=2))
    first, second, third = map(told, room.mails())
    assert "Goats" in first
    assert "Goats" not in second
    assert (second.count("The ferry is back"), second.count("Lamps")) == (1, more)
    assert ("Bells" in third, "The ferry is back" in third) == (True, False)


def test_the_lead_is_split(room: Newsroom) -> None:
    """It shows its own text again; the oldest of the rest leads, shows the fuller text, and is told of."""
    own, ids = room.entry(1).own, room.ids()
    assert [one.number for one in room.split(1, LATER)] == [1, 2]
    assert room.leads() == [1, 2, 2, 4]
    assert room.ids() == ids
    lead, rest = room.entry(1), room.entry(2)
    assert (lead.text, lead.own, lead.updated, lead.place) == (own, None, LATER, None)
    assert (rest.text, rest.updated) == (room.entry(3).text, LATER)
    with room.store() as db:
        assert [one.number for one in entries.newest(db, 9)] == [2, 4, 1]
        assert [one.text for one in stories.revisions(db, 1)] == [own, room.entry(3).text]


def test_the_one_whose_text_is_shown_is_split(room: Newsroom) -> None:
    own = room.entry(1).own
    room.split(3, LATER)
    assert room.leads() == [1, 1, 3, 4]
    assert (room.entry(1).text, room.entry(1).own, room.entry(1).updated) == (own, None, LATER)
    assert room.entry(3).updated == NOW


def test_a_story_that_is_split_to_the_last(room: Newsroom) -> None:
    ids = room.ids()
    room.split(2)
    room.split(3)
    assert room.leads() == [1, 2, 3, 4]
    assert room.ids() == ids
    with room.store() as db:
        assert db.conn.execute("select count(*) from joins").fetchone() == (0,)
    with pytest.raises(StoryError, match="a story of its own"):
        room.split(3)


# ── Join ────────────────────────────────────────────────────────────────────────────────────────────


def test_joined_stories_are_led_by_the_oldest(room: Newsroom) -> None:
    ids = room.ids()
    room.read(courier(lines(9, 12), title="Goats at last"))
    assert room.leads() == [1, 1, 1, 4, 4]
    assert room.join(5, 2, now=LATER).number == 1
    assert room.leads() == [1, 1, 1, 1, 1]
    assert room.ids()[:4] == ids
    assert (room.entry(4).own, room.entry(4).updated) == (None, LATER), "it shows its own text again"
    with room.store() as db:
        assert [one.number for one in entries.newest(db, 9)] == [1]
        join = stories.join_of(db, 4)
        assert join is not None
        assert (join.to, join.evidence, join.likeness) == (1, "joined by an operator", None)
        assert entries.between(db, 1, 99, 9) == [], "who was told of the lead is told of nothing"


def test_joining_what_is_joined_is_an_error(room: Newsroom) -> None:
    before = room.rows()
    for pair in ((2, 3), (1, 1), (3, 1)):
        with pytest.raises(StoryError, match="nothing to join"):
            room.join(*pair)
    with pytest.raises(StoryError, match="nothing to split"):
        room.split(4)
    assert room.rows() == before


def test_join_split_join(room: Newsroom) -> None:
    ids, told_before = room.ids(), room.entry(4)
    room.join(4, 1)
    room.split(4)
    assert room.leads() == [1, 1, 1, 4]
    after = room.entry(4)
    assert (after.text, after.updated) == (told_before.text, told_before.updated)
    room.join(1, 4)
    assert room.leads() == [1, 1, 1, 1]
    assert room.ids() == ids
    with room.store() as db:
        assert [one[0] for one in stories.placings(db, 4)] == [Placing.JOIN, Placing.SPLIT, Placing.JOIN]
        assert stories.apart(db) & {frozenset((1, 4))} == set()


# ── Decisions stand ─────────────────────────────────────────────────────────────────────────────────


def test_a_replay_leaves_stories_as_operators_put_them(room: Newsroom) -> None:
    room.split(2)
    room.split(3)
    room.join(4, 3)
    before = room.rows()
    for _ in range(2):
        done, found = room.replay(LATER)
        assert (found, done.retold, done.rewritten) == ([], 0, 0)
        assert room.rows() == before
    assert room.leads() == [1, 2, 3, 3]


def test_exact_copies_that_were_split_keep_their_sightings(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.read(page(TEXT, title=TITLE), courier(), gazette())
    room.split(2)
    room.read(courier().replace("Tell a friend", "Print"))
    before = room.rows()
    assert room.replay(LATER)[1] == []
    assert room.rows() == before
    assert room.leads() == [1, 2, 1]


def test_whoever_was_split_stays_apart_where_a_replay_finds_an_older_story(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, window=3)
    room.read(page(TEXT, title=TITLE))
    room.read(*(page(lines(at), title=f"Goats {at}") for at in (20, 21, 22)))
    room.read(courier(edited(TEXT, 1)), gazette(edited(TEXT, 1, 5)))
    assert room.leads() == [1, 2, 3, 4, 5, 5]
    room.split(6)
    assert room.replay()[0].retold == 1
    assert room.leads() == [1, 2, 3, 4, 1, 6]
    assert room.replay()[0].retold == 0
    assert room.leads() == [1, 2, 3, 4, 1, 6]


def test_whoever_was_split_stays_apart_from_both_parts_of_the_rest(room: Newsroom) -> None:
    room.split(3)
    room.split(1)
    assert room.leads() == [1, 2, 3, 4]
    assert room.replay()[1] == []
    assert room.leads() == [1, 2, 3, 4]


# ── What comes later ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("restart", [False, True])
def test_later_copies_go_to_their_own_side(room: Newsroom, restart: bool) -> None:
    """A process that runs on notices what another one decided."""
    room.split(2)
    if restart:
        room.restart()
    room.read(courier(edited(TEXT, 6)).replace("Tell a friend", "Print"))
    room.read(page(edited(TEXT, 6), title="Copied from the courier", source="Herald"))
    room.read(page(edited(FULLER, 10), title="Copied from the gazette", source="Tribune"))
    assert room.leads() == [1, 2, 1, 4, 2, 1]
    assert room.outcomes()[4:] == ["duplicate", "reprint", "reprint"]
    assert room.kept is not None
    with room.store() as db:
        sound(db)


def test_later_revisions_stay_with_their_side(room: Newsroom) -> None:
    room.split(2)
    room.read(courier(edited(TEXT, 4, 6)), now=LATER)
    assert room.outcomes()[4:] == ["revision"]
    assert (room.entry(2).updated, room.leads()) == (LATER, [1, 2, 1, 4])


def test_the_same_text_of_each_outlet_goes_to_its_own_side(tmp_path: Path) -> None:
    """One fingerprint, three entries, two stories."""
    room = Newsroom(tmp_path)
    room.read(page(TEXT, title=TITLE), courier(), gazette())
    room.split(2)
    for again in (page(TEXT, title=TITLE), courier(), gazette()):
        room.read(again.replace("Tell a friend", "Print"))
    with room.store() as db:
        seen = db.conn.execute("select entry, outcome from pieces where outcome is not null order by page").fetchall()
    assert seen[3:] == [(1, "duplicate"), (2, "duplicate"), (3, "duplicate")]
    room.split(1)
    for again in (page(TEXT, title=TITLE), courier(), gazette()):
        room.read(again.replace("Tell a friend", "Images"))
    with room.store() as db:
        seen = db.conn.execute("select entry, outcome from pieces where outcome is not null order by page").fetchall()
    assert seen[6:] == [(1, "duplicate"), (2, "duplicate"), (3, "duplicate")]
    assert room.leads() == [1, 2, 3]


def test_a_copy_that_was_split_and_revised_does_not_come_again(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.read(page(TEXT, title=TITLE), courier())
    room.split(2)
    room.read(courier(edited(TEXT, 4)))
    room.read(courier().replace("Tell a friend", "Print"))
    assert room.outcomes() == ["stored", "reprint", "revision", "duplicate"]
    assert room.leads() == [1, 2]
