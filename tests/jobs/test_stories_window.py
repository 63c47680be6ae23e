"""The window, and replays: what an ingest no longer looks at is found by a replay, once; otherwise it finds nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from desks import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from tellings import Newsroom, Wire, edited, lines, listing, page

from worker.errors import StoryError
from worker.model import Difference
from worker.store import entries, stories

LATER = NOW + timedelta(hours=2)
TEXT = lines(1)
FULLER = [*TEXT, *lines(2, 4)]


def others(count: int, first: int = 100) -> list[str]:
    return [page(lines(first + at), title=f"Goats {at}", source="Herald") for at in range(count)]


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """A story, three others, and the first one told anew: with more, and again."""
    made = Newsroom(tmp_path, window=3)
    made.read(page(TEXT, title="Ferry returns"), *others(3))
    made.read(page(FULLER, title="The ferry is back", source="Courier"), now=LATER)
    made.read(page(edited(FULLER, 9), title="A ferry", source="Gazette"), now=LATER)
    return made


# ── The window ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("between", "lead"), [(2, 1), (3, 4 + 1)])
@pytest.mark.parametrize("scans", [False, True])
def test_beyond_the_window_nothing_is_found(tmp_path: Path, between: int, lead: int, scans: bool) -> None:
    """Of the newest three, wherever portions end."""
    room = Newsroom(tmp_path, window=3)
    pages = [
        page(TEXT, title="Ferry returns"),
        *others(between),
        page(edited(TEXT, 3), title="It is back", source="Courier"),
    ]
    for some in ([one] for one in pages) if scans else [pages]:
        room.read(*some)
    assert room.leads()[-1] == lead


def test_an_exact_copy_has_no_window_and_is_found_by_itself(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, window=3)
    room.read(page(TEXT, title="Ferry returns"), *others(3), page(TEXT, title="It is back", source="Courier"))
    assert room.leads()[-1] == 1
    room.read(page(edited(TEXT, 3), title="And again", source="Gazette"))
    assert room.leads()[-2:] == [1, 1]


def test_a_revision_beyond_the_window_is_news(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, window=3)
    room.read(page(TEXT, title="Ferry returns"), *others(3), page(edited(TEXT, 3), title="Ferry returns"))
    assert room.outcomes() == ["stored"] * 5


# ── What a replay finds ─────────────────────────────────────────────────────────────────────────────


def test_a_replay_looks_beyond_the_window(room: Newsroom) -> None:
    ids, before = room.ids(), room.entry(1)
    assert room.leads() == [1, 2, 3, 4, 5, 5]
    done, found = room.replay(LATER)
    assert room.leads() == [1, 2, 3, 4, 1, 1]
    assert (done.retold, done.rewritten, dict(done.changes)) == (1, 0, {Difference.JOINED: 1})
    ((change,),) = (one.changes for one in found)
    assert (found[0].path, change.entry, change.after) == ("0005.txt", 5, before.key)
    assert room.ids() == ids
    after = room.entry(1)
    assert (after.text, after.own, after.updated) == (room.entry(5).text, before.text, LATER)
    with room.store() as db:
        join = stories.join_of(db, 5)
        assert join is not None
        assert (join.to, join.likeness is not None) == (1, True)
        assert [one.number for one in entries.newest(db, 9)] == [4, 3, 2, 1]


def test_a_second_replay_finds_nothing_to_do(room: Newsroom) -> None:
    room.replay(LATER)
    before = room.rows()
    done, found = room.replay(LATER + timedelta(days=1))
    assert (done.retold, done.rewritten, found) == (0, 0, [])
    assert room.rows() == before


def test_a_lead_that_a_replay_joins_shows_its_own_text_again(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, window=3)
    room.read(page(FULLER, title="Ferry returns"), *others(3))
    room.read(page(TEXT, title="It is back", source="Courier"))
    room.read(page(FULLER, title="It is here", source="Gazette"))
    room.read(page(edited([*TEXT, *lines(9, 4)], 3), title="It is there", source="Tribune"))
    assert room.leads() == [1, 2, 3, 4, 5, 1, 5]
    assert room.entry(5).own is not None
    assert room.replay(LATER)[0].retold == 1
    assert room.leads() == [1, 2, 3, 4, 1, 1, 1]
    assert room.entry(5).own is None
    assert room.replay(LATER)[0].retold == 0


def test_a_replay_with_nothing_new_changes_nothing(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    told = {"title": "The ferry is back", "source": "Courier"}
    room.read(page(TEXT, title="Ferry returns"), page(FULLER, **told), page(TEXT, title="It is back", source="Gazette"))
    room.read(page(edited(TEXT, 3), title="Ferry returns"), page(edited(FULLER, 9), **told), page(TEXT), now=LATER)
    room.read(page(TEXT[:5], title="In short", source="Herald"), *others(2), now=LATER)
    room.read(page(edited(lines(100), 4), title="Goats 0", source="Herald"), now=LATER)
    room.split(3)
    room.join(5, 6)
    assert set(room.outcomes()) == {"stored", "reprint", "revision", "duplicate"}
    before, leads = room.rows(), room.leads()
    for days in (1, 2):
        done, found = room.replay(LATER + timedelta(days=days))
        assert (done.retold, done.rewritten, found) == (0, 0, [])
        assert room.rows() == before
    assert leads == [1, 1, 3, 1, 5, 5]


def test_versions_on_one_page_are_one_revision_and_stay_in_their_order(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    versions = [page(sentences, title="Ferry returns") for sentences in (TEXT, edited(TEXT, 3), edited(TEXT, 3, 5))]
    room.read(versions[0], listing(*versions[1:]))
    assert room.outcomes() == ["stored", "revision", "reprint"]
    before = room.rows()
    assert room.replay(LATER)[1] == []
    assert room.rows() == before


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1 << 30), st.sampled_from([5, 12, 1000]))
def test_replays_join_and_do_nothing_else_and_only_once(seed: int, window: int) -> None:
    """Whatever came in, and whatever operators decided: what they took apart stays apart."""
    chance, wire = Random(seed), Wire(seed)
    with TemporaryDirectory() as folder:
        room = Newsroom(Path(folder), window=window)
        for _ in range(2):
            room.read(*wire.pages(15))
            numbers = list(room.led())
            for _ in range(chance.randint(0, 3)):
                with suppress(StoryError):  # most are alone
                    room.split(chance.choice(numbers))
                with suppress(StoryError):
                    room.join(chance.choice(numbers), chance.choice(numbers))
        ids, leads = room.ids(), room.led()
        with room.store() as db:
            apart = [sorted(pair) for pair in stories.apart(db) if len(pair) > 1]
        done, _ = room.replay()
        assert set(done.changes) <= {Difference.JOINED}
        assert room.ids() == ids
        after, before = room.led(), room.rows()
        assert all(after[one] != after[other] for one, other in apart)
        assert all(after[number] == after[lead] for number, lead in leads.items()), "stories only grow"
        again, found = room.replay()
        assert (again.retold, found) == (0, [])
        assert room.rows() == before
