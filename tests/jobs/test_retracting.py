"""retract and restore: what is taken down is in nothing that readers get, whatever comes, until it is put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desks import NOW, rows, subscribe, told
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from tellings import AUTHORITY, Newsroom, Wire, edited, entry_of, lines, page, sound

from worker import jobs
from worker.errors import StoryError
from worker.intake import fingerprint, relate
from worker.intake.relate.alike import Alike
from worker.intake.relate.judge import judge
from worker.jobs.retracting import Retracted
from worker.model import Article, Entry, Relation
from worker.store import entries, retractions, stories
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


def retract(room: Newsroom, number: int, reason: str = "wrong", now: datetime = LATER) -> Retracted:
    with room.store() as db:
        return jobs.retract(db, entry_of(db, number), reason, authority=AUTHORITY, now=now)


def restore(room: Newsroom, number: int, now: datetime = LATER) -> Entry:
    with room.store() as db:
        return jobs.restore(db, entry_of(db, number), authority=AUTHORITY, now=now)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """One story told by three: nearly the same text, and one with more, which the lead shows; and another story."""
    made = Newsroom(tmp_path)
    made.read(page(TEXT, title=TITLE), courier(edited(TEXT, 6)), gazette(FULLER), page(lines(9), title="Goats"))
    assert made.leads() == [1, 1, 1, 4]
    assert made.entry(1).text == made.entry(3).text
    return made


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
    found |= {text for one, _ in entries.search(db, "the OR ferry OR bank", 10_000) for text in (one.text, one.title)}
    assert entries.count(db) == len({one.number for one in leads})
    return found


def texts(room: Newsroom) -> set[str]:
    with room.store() as db:
        return shown(db)


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
    assert after.pop("retractions") == [(1, "wrong", "2026-11-23T14:00:00Z")]
    assert {**before, "retractions": None} == {**after, "retractions": None}, "nothing is deleted, nothing moves"
    assert room.outcomes() == ledger


def test_a_restored_story_is_as_it_was(room: Newsroom) -> None:
    before, all_texts = room.rows(), texts(room)
    retract(room, 1)
    assert restore(room, 1) == room.entry(1)
    assert texts(room) == all_texts
    after = room.rows()
    assert (after.pop("turns"), after.pop("stale")) is not None
    assert {**before, "turns": 0, "stale": 0} == {**after, "turns": 0, "stale": 0}


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


# ── What comes later ────────────────────────────────────────────────────────────────────────────────


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


# ── Whatever happens ────────────────────────────────────────────────────────────────────────────────

_ACTS = st.tuples(st.sampled_from(("read", "read", "read", "retract", "retract", "restore", "split", "join", "replay")),
                  st.integers(0, 1 << 20), st.integers(0, 1 << 20))  # fmt: skip


class History:
    """A wire on which everything happens, and what must be true of it."""

    def __init__(self, folder: Path, seed: int, window: int) -> None:
        self.room, self.wire = Newsroom(folder, window=window), Wire(seed)
        self.down: set[int] = set()
        self.ids: dict[object, tuple[object, ...]] = {}
        self.now = NOW

    def act(self, what: str, one: int, other: int) -> None:
        self.now += timedelta(minutes=5)
        count = len(self.room.led()) if self.ids else 0
        if what == "read" or not count:
            self.room.read(*self.wire.pages(1 + one % 4), now=self.now)
        elif what == "replay":
            self.room.replay(self.now)
        else:
            self._place(what, 1 + one % count, 1 + other % count)
        self.check()

    def _place(self, what: str, one: int, other: int) -> None:
        numbers = sorted(self.room.led())
        one, other = numbers[one - 1], numbers[other - 1]
        before = self.room.entry(one)
        try:
            match what:
                case "retract":
                    retract(self.room, one, f"reason {other}", self.now)
                    self.down.add(one)
                case "restore":
                    restore(self.room, one, self.now)
                    self.down.remove(one)
                case "split":
                    self.room.split(one, self.now)
                case "join":
                    self.room.join(one, other, now=self.now)
        except StoryError:
            return
        if what in ("retract", "restore"):
            assert self.room.entry(one) == before, "neither moves anything of the entry itself"

    def check(self) -> None:
        room = self.room
        led = room.led()  # which holds the laws of conservation
        for number, *rest in room.ids():
            key, uri, published, stored = rest
            known = self.ids.setdefault(number, (key, uri, published, stored))
            assert known == (key, uri, published if known[2] else None, stored)
            if published and not known[2]:
                self.ids[number] = (key, uri, published, stored)
        with room.store() as db:
            assert set(retractions.numbers(db)) == self.down
            there = {one.number: one for one in seen(db)}
            assert set(there) == {n for n, lead in led.items() if not {n, lead} & self.down}
            assert {one.number for one in entries.newest(db, 10_000)} == {n for n in there if led[n] == n}
            self._unread(db, shown(db), there, led)

    def _unread(self, db: Database, given_: set[str], there: dict[int, Entry], led: dict[int, int]) -> None:
        """No text of an entry that was taken down is in anything; but where another that is seen has it by itself."""
        rightful = {one.text if one.own is None else one.own for one in there.values()}
        for entry in entries.where(db, f"where not ({NOT_RETRACTED})"):
            for text in (entry.text if entry.own is None else entry.own, *self._own_before(db, entry)):
                if text not in rightful and not self._anothers(db, text, there):
                    assert text not in given_, f"{entry.number} of {led[entry.number]}"

    def _own_before(self, db: Database, entry: Entry) -> Iterator[str]:
        for revision in stories.revisions(db, entry.number):
            identity = fingerprint.of_text(revision.text)
            owner = entries.by_fingerprint(db, [identity]).get(identity)
            if owner and owner.number == entry.number:
                yield revision.text

    def _anothers(self, db: Database, text: str, there: dict[int, Entry]) -> bool:
        identity = fingerprint.of_text(text)
        owner = entries.by_fingerprint(db, [identity]).get(identity)
        return owner is not None and owner.number in there


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1 << 16), st.sampled_from((3, 1000)), st.lists(_ACTS, min_size=4, max_size=14))
def test_what_is_taken_down_is_in_nothing_that_readers_get(
    seed: int, window: int, acts: list[tuple[str, int, int]]
) -> None:
    with TemporaryDirectory() as folder:
        history = History(Path(folder), seed, window)
        for act in (("read", 3, 0), *acts):
            history.act(*act)
        for number in sorted(history.down):
            restore(history.room, number, history.now)
            history.down.discard(number)
            history.check()
        with history.room.store() as db:
            assert len(seen(db)) == len(history.ids)
            assert rows(db)["retractions"] == []
