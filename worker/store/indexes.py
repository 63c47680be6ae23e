"""Lists of channels: topics or sources by their names, and when each was last told in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from worker.model import Channel, ChannelKind
from worker.store.database import take
from worker.store.retractions import NOT_RETRACTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A channel in a list, and the entry that it told last."""

    channel: Channel
    key: str | None  #: None where it has told none that readers may see
    title: str
    language: str | None
    stored: datetime | None


#: Entries that are looked through for who told something lately.
_LATELY = 3000
#: In the wire and in topics, a story is the entry that leads it; a source has all that it told.
_SEEN = f"(story is null or kind = 'source') and {NOT_RETRACTED}"


def channels(db: Database, kind: ChannelKind, limit: int, *, after: str = "", start: str = "") -> list[Listed]:
    """The channels of a kind behind a slug, and from another one on, in the order of slugs, which are folded names."""
    rows = db.conn.execute(
        f"""select channels.id, slug, name, key, title, entries.language, stored from channels
        left join entries on number = (
            select entry from turns join entries on number = entry
            where channel = channels.id and {_SEEN} order by turn desc limit 1)
        where kind = ? and slug > ? and slug >= ? order by slug limit ?""",
        (kind.value, after, start, limit),
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


def initials(db: Database, kind: ChannelKind) -> list[str]:
    """With what the slugs of a kind begin: from one to the next by the index, however many slugs there are."""
    rows = db.conn.execute(
        """with recursive begun (slug) as (
            select min(slug) from channels where kind = :kind
            union all select (
                select min(slug) from channels where kind = :kind and slug >= char(unicode(begun.slug) + 1))
            from begun where slug is not null)
        select substr(slug, 1, 1) from begun where slug is not null""",
        {"kind": kind.value},
    )
    return [letter for (letter,) in rows]


def lately(db: Database) -> list[Channel]:
    """The sources of the last entries, whoever told most first; those that no page names, too."""
    rows = db.conn.execute(
        """select channels.id, slug, name from turns indexed by turns_entry
        join channels on channels.id = channel and kind = 'source'
        where entry > (select max(number) from entries) - ? group by 1 order by count(*) desc, slug""",
        (_LATELY,),
    )
    return [Channel(number=number, kind=ChannelKind.SOURCE, slug=slug, name=name) for number, slug, name in rows]
