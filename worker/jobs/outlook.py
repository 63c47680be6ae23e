"""outlook(): what readers would see of a replay, by the archive as it is and a copy on which it was tried."""

from __future__ import annotations

from sqlite_utils import Database

from worker.model import Due, Lit, Outlook
from worker.store import entries, replays, subscribers


def outlook(before: Database, after: Database, size: int) -> Outlook:
    """Compare the feed of the `size` newest entries, what mailboxes are due, and the entries that no page shows.

    Only entries that lead a story count: readers do not get the others by themselves.
    """
    known = {entry.number: entry.updated for entry in entries.newest(before, size)}
    feed = [
        Lit(entry=entry, new=entry.number not in known)
        for entry in entries.newest(after, size)
        if known.get(entry.number) != entry.updated
    ]
    dues = [
        Due(
            email=one.email,
            before=entries.count(before, one.cursor),
            after=entries.count(after, one.cursor),
        )
        for one in subscribers.every(after)
    ]
    return Outlook(
        feed=tuple(feed),
        mails=tuple(due for due in dues if due.before != due.after),
        unseen=tuple(entry for entry in replays.unseen(after) if entry.leads),
    )
