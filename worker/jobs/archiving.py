"""Archive documents (RFC 5005 section 4): which turns each of them holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlite_utils import Database

from worker.model import Press
from worker.outlet import publish as feeds
from worker.store import entries, stories, turns
from worker.store.database import transaction
from worker.store.turns import Turn

#: Entries of an archive document; fewer where they are long.
MOST_ENTRIES = 25
#: Turns of one, however often an entry is corrected.
_MOST_TURNS = 1000
_AT_ONCE = 5000  # turns of either kind that are looked at in one transaction


def close_all(db: Database, channel: int, press: Press, stopping: Callable[[], bool]) -> None:
    """Make archive documents of the turns of a channel, as far as they fill any, or until `stopping` says so. What
    stands before all that was told is in one at once: it shall not be at the head.
    """
    closed = True
    while closed and not stopping():
        with transaction(db):
            past, waiting = turns.open_turns(db, channel, _AT_ONCE)
            weights = _weights(db, press, channel, {turn.entry for turn in (*past, *waiting)})
            stretches = [
                *_stretches(past, weights, press, last=True),
                *_stretches(waiting, weights, press, last=False),
            ]
            for first, last in stretches:
                turns.close(db, channel, first, last)
            closed = bool(stretches) and _AT_ONCE in (len(past), len(waiting))


def _weights(db: Database, press: Press, channel: int, numbers: set[int]) -> dict[int, int]:
    """The bytes that entries take in a document; of those alone that readers see."""
    seen = list(entries.numbered(db, turns.seen(db, channel, numbers)))
    also = stories.also(db, [entry.number for entry in seen])
    return {entry.number: feeds.weight(press, entry, also.get(entry.number, ())) for entry in seen}


def _stretches(
    told: Sequence[Turn], weights: Mapping[int, int], press: Press, *, last: bool
) -> Iterator[tuple[int, int]]:
    """The first and last turns of what fills an archive document each: by entries, or by half the bytes of a head, so
    that what is in none has room at the head. `last`: the rest is one, too.
    """
    most = min(MOST_ENTRIES, press.size)
    stretch: list[Turn] = []
    held: dict[int, int] = {}
    for turn in told:
        weight = weights.get(turn.entry, 0)
        if held and turn.entry not in held and sum(held.values()) + weight > press.bytes // 2:
            yield stretch[0].turn, stretch[-1].turn
            stretch, held = [], {}
        stretch.append(turn)
        if weight:
            held[turn.entry] = weight
        if len(held) == most or len(stretch) == _MOST_TURNS:
            yield stretch[0].turn, stretch[-1].turn
            stretch, held = [], {}
    if last and stretch:
        yield stretch[0].turn, stretch[-1].turn
