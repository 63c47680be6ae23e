"""Lists of channels: topics or sources by their names, and when each was last told in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from worker.model import Channel, ChannelKind
from worker.store.database import take


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A channel in a list, and the entry that it told last."""

    channel: Channel
    key: str | None  #: None where it has told none that readers may see
    title: str
    language: str | None
    stored: datetime | None


#: In the wire and in topics, a story is the entry that leads it; a source has all that it told.
_SEEN = "(story is null or kind = 'source') and number not in (select entry from retractions)"


def channels(db: Database, kind: ChannelKind, limit: int, *, after: str = "") -> list[Listed]:
    """The channels of a kind behind a slug, in the order of their slugs, which are folded names."""
    rows = db.conn.execute(
        f"""select channels.id, slug, name, key, title, entries.language, stored from channels
        left join entries on number = (
            select entry from turns join entries on number = entry
            where channel = channels.id and {_SEEN} order by turn desc limit 1)
        where kind = ? and slug > ? order by slug limit ?""",
        (kind.value, after, limit),
    )
    return [
        Listed(
            channel=Channel(number=number, kind=kind, slug=slug, name=name),
            key=key,
            title=title or "",
            language=language,
            stored=take(stored) if stored else None,
        )
        for number, slug, name, key, title, language, stored in rows
    ]
