"""Learning the frames of sites: which lines recur on the pages of a host, an epoch of pages at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlite_utils import Database

from worker.intake.shapes.recurrence import keys_of
from worker.model import Frames
from worker.store import frames
from worker.store.database import transaction
from worker.store.frames import Counts, Epoch


@dataclass(slots=True)
class Lore:
    """The frames that pages are read with; loaded once an epoch."""

    upto: int = -1  #: the last page that they are made of
    frames: Frames = field(default_factory=dict)
    ahead: Frames | None = None  #: with the next epoch, where that is stored and yet to be added
    _counted: tuple[Epoch, Counts] | None = None  #: that epoch

    def for_page(self, number: int) -> Frames | None:
        """What a page is read with, by its number in the store; None while that is still to be learned."""
        until = frames.holds_until(self.upto)
        if number <= until:
            return self.frames
        return self.ahead if number <= frames.border_behind(until) else None

    def add(self, db: Database, epoch: Epoch) -> None:
        """Add an epoch to what is known, in a transaction of its own."""
        counts = self._counts(db, epoch)
        with transaction(db):
            frames.add(db, epoch, counts)

    def foretell(self, db: Database, epoch: Epoch) -> None:
        """Find out what adding an epoch will come to; once, since it is asked for behind each portion."""
        if self.ahead is None:
            self.ahead = frames.foretold(db, epoch, self._counts(db, epoch))

    def look(self, db: Database) -> None:
        """Be as the store is by now."""
        if (upto := frames.learned(db)) == self.upto:
            return
        foretold = self.ahead if self._counted and self._counted[0].upto == upto else None
        self.frames = frames.load(db) if foretold is None else foretold
        self.upto, self.ahead, self._counted = upto, None, None

    def _counts(self, db: Database, epoch: Epoch) -> Counts:
        if self._counted is None or self._counted[0] != epoch:
            self._counted, self.ahead = (epoch, _counted(db, epoch)), None
        return self._counted[1]


def learn(db: Database, lore: Lore, stopping: Callable[[], bool] = lambda: False) -> None:
    """Count all that has been stored, to the last border, and bring `lore` up to date: for reading pages again.

    Each epoch is a transaction: after a crash in between, the next run counts it before it reads on.
    """
    while (epoch := frames.whole(db)) and not stopping():
        lore.add(db, epoch)
    lore.look(db)


def keep_up(db: Database, lore: Lore, stopping: Callable[[], bool] = lambda: False, *, foretell: bool = False) -> None:
    """The same for reading new pages: add the epochs that the next ones are read with; `foretell` finds out what those
    behind them will be read with, as soon as the pages are there that say so.
    """
    while (epoch := frames.due(db)) and not stopping():
        lore.add(db, epoch)
    lore.look(db)
    if foretell and (epoch := frames.whole(db)):
        lore.foretell(db, epoch)


def _counted(db: Database, epoch: Epoch) -> Counts:
    counts = Counts()
    for page in frames.pages_of(db, epoch):
        keys = keys_of(page.text, page.pieces)
        counts.page(page.host, keys.frame, keys.titles)
    return counts
