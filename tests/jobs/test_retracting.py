"""retract and restore: what an operator takes down is out of all that readers get, and nothing is deleted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW, subscribe, told
from takedowns import FULLER, FULLEST, LATER, TITLE, ferry, restore, retract, seen, shown, texts
from tellings import Newsroom, entry_of, lines, page, sound

from worker import jobs
from worker.errors import StoryError
from worker.store import entries, retractions, stories


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return ferry(tmp_path)


# ── Entries that lead ───────────────────────────────────────────────────────────────────────────────


def test_with_the_lead_its_story_goes(room: Newsroom) -> None:
    before, ledger = room.rows(), room.outcomes()
    done = retract(room, 1)
    assert [one.number for one in done.along] == [2, 3]
    with room.store() as db:
        assert [one.number for one in entries.newest(db, 9)] == [4]
        assert [one.number for one in seen(db)] == [4]
        assert stories.also(db, [1, 4]) == {}
        assert shown(db) == {room.entry(4).text, "Goats"}
        gone = retractions.over(db, 3)
        assert gone is not None
        assert (gone.number, gone.reason, gone.made) == (1, "wrong", LATER)
    after = room.rows()
    assert after["retractions"] == [(1, "wrong", "2026-11-23T14:00:00Z")]
    but = dict.fromkeys(("retractions", "stale"))
    assert after | but == before | but, "nothing is deleted, nothing moves"
    assert room.outcomes() == ledger


def test_a_restored_story_is_as_it_was(room: Newsroom) -> None:
    before, all_texts = room.rows(), texts(room)
    retract(room, 1)
    assert restore(room, 1) == room.entry(1)
    assert texts(room) == all_texts
    after = room.rows()
    told = dict.fromkeys(("turns", "stale"))  # it is told again
    assert after | told == before | told


def test_what_is_split_before_stays(room: Newsroom) -> None:
    room.split(2)
    retract(room, 1)
    with room.store() as db:
        assert [one.number for one in seen(db)] == [2, 4]


def test_what_is_split_afterwards_comes_back(room: Newsroom) -> None:
    """Whichever side is named: the entry that was taken down stays so."""
    retract(room, 1)
    room.split(3, LATER)
    with room.store() as db:
        assert [one.number for one in seen(db)] == [3, 4]
    room.split(1, LATER)
    assert room.leads() == [1, 2, 3, 4]
    with room.store() as db:
        assert [one.number for one in seen(db)] == [2, 3, 4]
        assert room.entry(1).own is None


def test_others_that_were_taken_down_do_not_lead_the_rest(room: Newsroom) -> None:
    retract(room, 2)
    assert [one.number for one in room.split(1, LATER)] == [1, 3]
    assert room.leads() == [1, 1, 3, 4]
    with room.store() as db:
        assert [one.number for one in seen(db)] == [1, 3, 4]
    restore(room, 2)
    with room.store() as db:
        assert [one.number for one in seen(db)] == [1, 2, 3, 4]


def test_where_all_others_were_taken_down_they_are_split_all_the_same(room: Newsroom) -> None:
    retract(room, 2)
    retract(room, 3)
    room.split(1, LATER)
    assert room.leads() == [1, 2, 2, 4]
    with room.store() as db:
        assert [one.number for one in seen(db)] == [1, 4]


# ── Other tellings ──────────────────────────────────────────────────────────────────────────────────


def test_another_telling_goes_alone(room: Newsroom) -> None:
    lead = room.entry(1)
    done = retract(room, 2)
    assert (done.along, done.copies) == ((), ())
    with room.store() as db:
        assert [one.key for one in stories.also(db, [1])[1]] == [room.entry(3).key]
        assert [one.number for one in seen(db)] == [1, 3, 4]
    assert room.entry(1) == lead


def test_what_the_lead_shows_of_it_goes_too(room: Newsroom) -> None:
    own, fuller = room.entry(1).own, room.entry(3).text
    retract(room, 3)
    lead = room.entry(1)
    assert (lead.text, lead.own, lead.updated) == (own, None, LATER)
    assert fuller not in texts(room), "nor as a text that the lead had"
    with room.store() as db:
        assert fuller in [one.text for one in stories.revisions(db, 1)], "which is kept"
        assert [one.text for one in jobs.seen_revisions(db, lead)] == [own]
        sound(db)
    restore(room, 3, LATER + timedelta(hours=1))
    lead = room.entry(1)
    assert (lead.text, lead.own, lead.updated) == (fuller, own, LATER + timedelta(hours=1))
    assert fuller in texts(room)


def test_the_fullest_of_what_is_left_is_shown(room: Newsroom) -> None:
    room.read(page(FULLEST, title="All of it", source="Herald"))
    assert room.leads() == [1, 1, 1, 4, 1]
    assert room.entry(1).text == room.entry(5).text
    retract(room, 5)
    assert room.entry(1).text == room.entry(3).text
    retract(room, 3)
    assert room.entry(1).own is None
    restore(room, 5)
    assert room.entry(1).text == room.entry(5).text
    assert room.entry(3).text not in texts(room)


def test_a_text_that_another_tells_too_stays_and_is_named(room: Newsroom) -> None:
    room.read(page(FULLER, title="Copied", source="Herald"))
    before = room.entry(1)
    done = retract(room, 3)
    assert [one.number for one in done.copies] == [5]
    assert room.entry(1) == before


def test_a_text_that_was_shown_before_a_split_is_not_seen_either(room: Newsroom) -> None:
    fuller = room.entry(3).text
    room.split(3)
    assert fuller in texts(room)
    with room.store() as db:
        assert fuller in [one.text for one in jobs.seen_revisions(db, entry_of(db, 1))]
    retract(room, 3)
    assert fuller not in texts(room)


# ── Mail ────────────────────────────────────────────────────────────────────────────────────────────


def test_later_digests_do_not_tell_of_it(room: Newsroom) -> None:
    retract(room, 4)
    with room.store() as db:
        subscribe(db)
        room.post(db, NOW + timedelta(days=1))
    (mail,) = room.mails()
    assert "Goats" not in told(mail)
    assert TITLE in told(mail)


@pytest.mark.parametrize("all_of_it", [False, True])
def test_a_digest_that_has_not_left_is_made_anew(room: Newsroom, all_of_it: bool) -> None:
    with room.store() as db:
        subscribe(db)
        room.rim = jobs.Rim(sleep=lambda _seconds: None, stopping=lambda: True)
        room.post(db, NOW)
        room.rim = jobs.Rim(sleep=lambda _seconds: None)
    assert room.mails() == []
    retract(room, 4)
    if all_of_it:
        retract(room, 1)
    with room.store() as db:
        room.post(db, LATER)
        room.read(page(lines(10), title="Lamps"), now=LATER)
        room.post(db, NOW + timedelta(days=1))
    mails = [told(mail) for mail in room.mails()]
    assert not any("Goats" in mail for mail in mails)
    assert [TITLE in mail for mail in mails] == ([False] if all_of_it else [True, False])
    assert ["Lamps" in mail for mail in mails] == ([True] if all_of_it else [False, True])


# ── What cannot be done ─────────────────────────────────────────────────────────────────────────────


def test_another_reason(room: Newsroom) -> None:
    retract(room, 4, "wrong", NOW)
    before = room.rows()
    retract(room, 4, " wrong\n", LATER)
    assert room.rows() == before
    retract(room, 4, "embargo", LATER)
    with room.store() as db:
        gone = retractions.of(db, 4)
        assert gone is not None
        assert (gone.reason, gone.made) == ("embargo", NOW), "it has been down since then"


def test_what_is_not_done(room: Newsroom) -> None:
    retract(room, 1)
    before = room.rows()
    with pytest.raises(StoryError, match="is not taken down"):
        restore(room, 4)
    lead, other = room.entry(1).key, room.entry(2).key
    with pytest.raises(StoryError, match=f"{other} went with {lead}.*entries restore {lead}.*split {other}"):
        restore(room, 2)
    with pytest.raises(StoryError, match="--reason"):
        retract(room, 4, " \n")
    for pair in ((1, 4), (4, 1), (4, 2)):
        with pytest.raises(StoryError, match=f"{lead} was taken down.*restore {lead}"):
            room.join(*pair)
    assert room.rows() == before


def test_a_story_with_a_telling_that_was_taken_down_is_joined(room: Newsroom) -> None:
    retract(room, 2)
    with pytest.raises(StoryError, match="was taken down"):
        room.join(4, 2)
    room.join(4, 1)
    assert room.leads() == [1, 1, 1, 1]
    with room.store() as db:
        assert [one.number for one in seen(db)] == [1, 3, 4]


def test_one_of_a_story_that_is_down_is_taken_down_by_itself(room: Newsroom) -> None:
    retract(room, 1)
    assert retract(room, 3).along == ()
    restore(room, 1)
    with room.store() as db:
        assert [one.number for one in seen(db)] == [1, 2, 4]
        assert room.entry(3).text not in shown(db)
        assert retractions.of(db, 3) is not None
