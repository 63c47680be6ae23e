"""Learning the frames of sites: which lines recur on the pages of a host, an epoch of pages at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlite_utils import Database

from worker.intake.shapes.recurrence import keys_of
from worker.model import Frames
from worker.store import frames
from worker.store.database import transaction


@dataclass(slots=True)
class Lore:
    """The frames as they were at the last border; loaded once an epoch."""

    upto: int = -1  #: the last page that they are made of
    frames: Frames = field(default_factory=dict)


def learn(db: Database, lore: Lore, stopping: Callable[[], bool] = lambda: False) -> None:
    """Count what has been stored since the last border, if there are whole epochs, and bring `lore` up to date.

    Each epoch is a transaction: after a crash in between, the next run counts it before it reads on.
    """
    while (epoch := frames.pending(db)) and not stopping():
        counts = _counted(db, epoch)
        with transaction(db):
            frames.add(db, epoch, counts)
    if (upto := frames.learned(db)) != lore.upto:
        lore.upto, lore.frames = upto, frames.load(db)


def _counted(db: Database, epoch: frames.Epoch) -> frames.Counts:
    counts = frames.Counts()
    for page in frames.pages_of(db, epoch):
        keys = keys_of(page.text, page.pieces)
        counts.page(page.host, keys.frame, keys.titles)
    return counts
