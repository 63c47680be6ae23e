"""Stories as they come in: who is found, what is a revision, what a fuller telling lends, what is filled in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW
from tellings import Newsroom, edited, lines, page

from worker.model import Outcome
from worker.store import stories

LATER = NOW + timedelta(hours=2)
TITLE = "Ferry returns"
TEXT = lines(1)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


def text_of(sentences: list[str]) -> str:
    """As an entry has it."""
    return page(sentences).strip().replace("\n\n", "\n")


def former(room: Newsroom, number: int) -> list[str]:
    """The texts that an entry had."""
    with room.store() as db:
        return [one.text for one in stories.revisions(db, number)]


# ── Who is found ────────────────────────────────────────────────────────────────────────────────────


def test_a_passage_that_many_stories_have_joins_nothing(room: Newsroom) -> None:
    """A publisher's standing words, half of each text."""
    standing = lines(7, 10)
    pages = [page(lines(100 + at, 10) + standing, title=f"Ferry {at}", source="Kabar") for at in range(60)]
    room.read(*pages[:30])
    room.read(*pages[30:])
    assert room.leads() == list(range(1, 61))
    with room.store() as db:
        (compared,) = db.conn.execute("select evidence from pieces where entry = 60").fetchone()
    assert compared == "news: none is like it", "it is not even a candidate"


def test_a_standing_passage_does_not_hide_what_is_told_again(room: Newsroom) -> None:
    standing = lines(7, 5)
    room.read(*(page(lines(100 + at, 10) + standing, title=f"Ferry {at}") for at in range(60)))
    room.read(page(edited(lines(159, 10), 4) + standing, title="Goats climb a tower", source="Courier"))
    assert room.leads()[60:] == [60]


@pytest.mark.parametrize("scans", [1, 6])
def test_sixty_outlets_tell_one_story(room: Newsroom, scans: int) -> None:
    """All are found, though more than forty have each of its passages: a story counts once."""
    pages = [page(TEXT, title=TITLE)]
    pages += [
        page(edited(TEXT, at % 8), title=f"Ferry {at}", source=f"Agency {chr(65 + at % 26)}{at}") for at in range(30)
    ]
    pages += [page(TEXT, title=f"Ferry {at}", source=f"Herald {chr(65 + at % 26)}{at}") for at in range(30)]
    each = -(-len(pages) // scans)
    for first in range(0, len(pages), each):
        room.read(*pages[first : first + each])
    room.read(page(edited(TEXT, 2, 5), title="And one more", source="Gazette"))
    assert set(room.leads()) == {1}
    assert room.outcomes() == ["stored", *["reprint"] * (len(room.leads()) - 1)]
    with room.store() as db:
        assert db.conn.execute("select count(*) from joins").fetchone() == (len(room.leads()) - 1,)


def test_sixty_stay_findable_when_one_of_them_is_taken_out(room: Newsroom) -> None:
    pages = [
        page(edited(TEXT, at % 8), title=f"Ferry {at}", source=f"Agency {chr(65 + at % 26)}{at}") for at in range(60)
    ]
    room.read(page(TEXT, title=TITLE), *pages)
    tellers = len(room.leads())
    room.split(30)
    room.read(page(edited(TEXT, 2, 5), title="And one more", source="Gazette"))
    assert room.leads()[tellers:] == [1]


# ── Revisions ───────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_text_is_a_revision(room: Newsroom) -> None:
    room.read(page(TEXT, title=TITLE))
    before = room.entry(1)
    assert room.read(page(edited(TEXT, 3), title=TITLE), now=LATER).outcomes == {Outcome.REVISION: 1}
    after = room.entry(1)
    assert (after.text, after.updated, after.stored) == (text_of(edited(TEXT, 3)), LATER, NOW)
    assert (after.key, after.uri, after.published) == (before.key, before.uri, before.published)
    assert former(room, 1) == [before.text]
    with room.store() as db:
        assert "the same source, time, title" in stories.revisions(db, 1)[0].evidence


def test_an_old_version_never_comes_back(room: Newsroom) -> None:
    old, new = page(TEXT, title=TITLE), page(edited(TEXT, 3), title=TITLE)
    room.read(old, new)
    after = room.entry(1)
    for at, seen in enumerate((old.replace("Tell a friend", "Print"), new.replace("Tell a friend", "Print"))):
        assert room.read(seen, now=LATER + timedelta(hours=at)).outcomes == {Outcome.DUPLICATE: 1}
        assert room.entry(1) == after
    newest = page(edited(TEXT, 3, 5), title=TITLE)
    assert room.read(newest, now=LATER).outcomes == {Outcome.REVISION: 1}
    assert room.read(old + "\n", now=LATER).outcomes == {Outcome.DUPLICATE: 1}
    assert len(former(room, 1)) == 2


def test_an_old_version_with_another_counter_does_not_come_back_either(room: Newsroom) -> None:
    old, new = page(TEXT, title=TITLE), page(edited(TEXT, 3), title=TITLE)
    room.read(old, new)
    after = room.entry(1)
    first, _, rest = old.rpartition("\n\n")
    assert room.read(f"{first}\n\n1204\n\n{rest}", now=LATER).outcomes == {Outcome.DUPLICATE: 1}
    assert room.entry(1) == after
    before = room.rows()
    assert room.replay(LATER)[1] == []
    assert room.rows() == before


@pytest.mark.parametrize(
    ("caption", "other"),
    [
        ("Photo: Aidar Seitkali", "Photo: the press office of the port"),
        ("1204", "98311"),
        ("", "Photo: Aidar Seitkali"),
    ],
)
def test_captions_and_counters_are_no_revision(room: Newsroom, caption: str, other: str) -> None:
    told = page(TEXT, title=TITLE)
    first, _, rest = told.rpartition("\n\n")
    room.read(f"{first}\n\n{caption}\n\n{rest}")
    before = room.entry(1)
    assert room.read(f"{first}\n\n{other}\n\n{rest}", now=LATER).outcomes == {Outcome.DUPLICATE: 1}
    assert (room.entry(1), former(room, 1)) == (before, [])


def test_a_shortened_page_of_the_same_article_is_a_duplicate(room: Newsroom) -> None:
    room.read(page(TEXT, title=TITLE))
    before = room.entry(1)
    assert room.read(page(TEXT[:5], title=TITLE), now=LATER).outcomes == {Outcome.DUPLICATE: 1}
    assert (room.entry(1), former(room, 1)) == (before, [])


# ── Fuller texts ────────────────────────────────────────────────────────────────────────────────────

FULLER = [*TEXT, *lines(2, 4)]


def test_a_fuller_copy_lends_its_text(room: Newsroom) -> None:
    room.read(page(TEXT, title=TITLE))
    before = room.entry(1)
    room.read(page(FULLER, title="The ferry is back", source="Courier"), now=LATER)
    after = room.entry(1)
    assert (after.text, after.own) == (text_of(FULLER), before.text)
    assert (after.key, after.uri, after.published, after.title) == (before.key, before.uri, before.published, TITLE)
    assert (after.updated, room.entry(2).story) == (LATER, 1)
    for at, told in enumerate(
        (page(FULLER, title="Again", source="Courier"), page(TEXT, title=TITLE, source="Gazette"))
    ):
        room.read(told, now=LATER + timedelta(hours=at + 1))
    assert room.entry(1) == after, "it was lit up once"
    assert former(room, 1) == [before.text]
    assert room.leads() == [1, 1, 1]


def test_a_revision_of_an_entry_that_shows_a_fuller_text(room: Newsroom) -> None:
    room.read(page(TEXT, title=TITLE), page(FULLER, title="The ferry is back", source="Courier"))
    before = room.entry(1)
    assert room.read(page(edited(TEXT, 3), title=TITLE), now=LATER).outcomes == {Outcome.REVISION: 1}
    after = room.entry(1)
    assert (after.own, after.text, after.updated) == (text_of(edited(TEXT, 3)), before.text, before.updated)
    assert former(room, 1)[-1] == text_of(TEXT)


def test_a_revision_of_the_fuller_text_that_another_entry_shows(room: Newsroom) -> None:
    told = {"title": "The ferry is back", "source": "Courier"}
    room.read(page(TEXT, title=TITLE), page(FULLER, **told))
    assert room.read(page(edited(FULLER, 9), **told), now=LATER).outcomes == {Outcome.REVISION: 1}
    assert (room.entry(2).text, room.entry(2).updated) == (text_of(edited(FULLER, 9)), LATER)
    assert (room.entry(1).text, room.entry(1).updated) == (text_of(edited(FULLER, 9)), LATER), "and is corrected there"
    assert room.entry(1).own == text_of(TEXT)


# ── Filling in ──────────────────────────────────────────────────────────────────────────────────────


def test_a_bare_page_first_and_the_listing_later(room: Newsroom) -> None:
    """Title, date and source are filled in once; the text is as it was, and so is `updated`."""
    room.read(page(TEXT))
    bare = room.entry(1)
    assert (bare.title_derived, bare.published, bare.source) == (True, None, None)
    assert room.read(page(TEXT, title=TITLE), now=LATER).outcomes == {Outcome.DUPLICATE: 1}
    filled = room.entry(1)
    assert (filled.title, filled.title_derived, filled.source) == (TITLE, False, "Kabar")
    assert filled.published is not None
    assert filled.published.iso() == "2026-11-07T09:40"
    assert (filled.updated, filled.text, filled.key) == (bare.updated, bare.text, bare.key)
    room.read(page(TEXT, title="Another title", stated="06.11.2026, 08:00"), now=LATER)
    assert room.entry(1) == filled, "what is there never changes"


def test_a_revision_fills_in_too(room: Newsroom) -> None:
    room.read(page(TEXT, title=TITLE, source=None))
    assert room.read(page(edited(TEXT, 3), title=TITLE), now=LATER).outcomes == {Outcome.REVISION: 1}
    assert (room.entry(1).source, room.entry(1).text) == ("Kabar", text_of(edited(TEXT, 3)))
