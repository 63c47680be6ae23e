"""keep_topics(), match_topics(): the topics of the settings → store, and the archive → topics."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from worker.jobs.rim import Rim
from worker.model import Topic
from worker.store import topics
from worker.store.database import transaction


def keep_topics(db: Database, wanted: Sequence[Topic]) -> None:
    """Let the store have these topics and no others; what is new is matched with the archive by `match_topics`."""
    if set(topics.every(db)) != set(wanted):
        with transaction(db):
            topics.sync(db, wanted)


def match_topics(db: Database, rim: Rim) -> bool:
    """Match topics that are new or have another query with the archive, a step a transaction; whether there was
    anything to do. One that was stopped or died goes on where it was.
    """
    worked = False
    while topics.any_pending(db) and not rim.stopping():
        with transaction(db):
            topics.match_step(db)
        worked = True
    return worked
