"""Whatever happens, what is taken down is in nothing that readers get; put back, it is there again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from desks import NOW, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from takedowns import restore, retract, seen, shown
from tellings import Newsroom, Wire

from worker.errors import StoryError
from worker.intake import fingerprint
from worker.model import Entry
from worker.store import entries, retractions, stories
from worker.store.retractions import NOT_RETRACTED

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
