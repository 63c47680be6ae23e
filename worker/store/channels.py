"""Channels: the wire, topics and sources, and which of their documents have yet to be written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from sqlite_utils import Database

from worker.model import Channel, ChannelKind, Entry, source_of
from worker.store.database import batched

WIRE: Final = 1  #: the number of the channel that has every story
HEAD: Final = 0  #: in `stale`, where an archive document has its number

_COLUMNS = "id, kind, slug, name, coalesce(named, slug)"


def every(db: Database) -> list[Channel]:
    """All channels: the wire, then topics, then sources, each by name."""
    rows = db.conn.execute(
        f"select {_COLUMNS} from channels order by kind = 'wire' desc, kind = 'topic' desc, name, slug"
    )
    return [_channel(*row) for row in rows]


def which(db: Database) -> str:
    """Which channels there are, in short: it is otherwise as soon as one is new or gone."""
    count, last = db.conn.execute("select count(*), max(id) from channels").fetchone()
    return f"{count} to {last}"


def find(db: Database, kind: ChannelKind, slug: str) -> Channel | None:
    """The channel with that address."""
    row = db.conn.execute(f"select {_COLUMNS} from channels where kind = ? and slug = ?", (kind.value, slug)).fetchone()
    return _channel(*row) if row else None


def numbered(db: Database, numbers: Iterable[int]) -> Iterator[Channel]:
    """The channels with these numbers."""
    for some in batched(numbers):
        marks = ",".join("?" * len(some))
        for row in db.conn.execute(f"select {_COLUMNS} from channels where id in ({marks})", some):
            yield _channel(*row)


def of_sources(db: Database, entries: Iterable[Entry], *, known: bool = False) -> dict[int, int]:
    """The channel of each entry's source, by the entry's number; made where it is the first of its source, unless
    only those that are `known` are wanted. An entry of which nothing tells the source has none.
    """
    named = {entry.number: found for entry in entries if (found := source_of(entry.source, entry.link))}
    names = {source.slug: source.name for source in named.values()}
    there = _known(db, names)
    if new := [] if known else [slug for slug in names if slug not in there]:
        db.conn.executemany(
            "insert into channels (kind, slug, name) values (?, ?, ?)",
            [(ChannelKind.SOURCE.value, slug, names[slug]) for slug in new],
        )
        there |= _known(db, new)
    return {number: there[source.slug] for number, source in named.items() if source.slug in there}


def _known(db: Database, slugs: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in batched(slugs):
        rows = db.conn.execute(
            f"select slug, id from channels where kind = 'source' and slug in ({','.join('?' * len(some))})", some
        )
        found.update(rows.fetchall())
    return found


def of_topics(db: Database, entries: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs of an entry, by its number, and the channel of a topic that has found it."""
    found: set[tuple[int, int]] = set()
    for some in batched(entries):
        rows = db.conn.execute(
            f"""select entry, channels.id from entry_topics join topics on topics.id = topic
            join channels on channels.slug = topics.slug and kind = 'topic'
            where entry in ({",".join("?" * len(some))})""",
            some,
        )
        found.update(rows.fetchall())
    return found


def follow_topics(db: Database, renamed: Mapping[str, str], anew: Iterable[str]) -> None:
    """Let there be a channel for every topic and for no others. Those with another query begin anew."""
    db.conn.executemany("delete from channels where kind = 'topic' and slug = ?", [(slug,) for slug in anew])
    db.conn.executemany(
        "update channels set slug = ?, named = coalesce(named, slug) where kind = 'topic' and slug = ?",
        [(new, old) for old, new in renamed.items()],
    )
    db.conn.execute("delete from channels where kind = 'topic' and slug not in (select slug from topics)")
    db.conn.execute(
        "update channels set name = (select name from topics where topics.slug = channels.slug) where kind = 'topic'"
    )
    db.conn.execute(
        """insert into channels (kind, slug, name) select 'topic', slug, name from topics
        where slug not in (select slug from channels where kind = 'topic')"""
    )
    soil(db, [channel.number for channel in every(db) if channel.kind is ChannelKind.TOPIC])
    db.conn.execute("update presses set listed = null")


# ── What has yet to be written ──────────────────────────────────────────────────────────────────────


class Stale(NamedTuple):
    """A document that has yet to be written."""

    archive: int  #: its number; `HEAD`
    mark: int  #: moves whenever something that it tells changes once more
    anew: bool  #: it need not agree with what was written before, with other settings


def soil(db: Database, numbers: Iterable[int], archive: int = HEAD, *, anew: bool = False) -> None:
    """Let the heads of channels, or an archive document of each, be written again."""
    db.conn.executemany(
        """insert into stale (channel, archive, anew) values (?, ?, ?)
        on conflict do update set mark = mark + 1, anew = max(anew, excluded.anew)""",
        [(number, archive, anew) for number in numbers],
    )


def stale(db: Database) -> list[Channel]:
    """Channels with documents that have yet to be written, the wire first."""
    numbers = [row[0] for row in db.conn.execute("select distinct channel from stale")]
    return sorted(numbered(db, numbers), key=lambda channel: channel.number)


def stale_of(db: Database, channel: int) -> list[Stale]:
    """The documents of a channel that have yet to be written, archive documents first."""
    rows = db.conn.execute(
        "select archive, mark, anew from stale where channel = ? order by archive = 0, archive", (channel,)
    )
    return [Stale(archive, mark, bool(anew)) for archive, mark, anew in rows]


def clean(db: Database, channel: int, written: Iterable[Stale]) -> None:
    """Note that documents have been written, unless they have been soiled again meanwhile."""
    db.conn.executemany(
        "delete from stale where channel = ? and archive = ? and mark = ?",
        [(channel, one.archive, one.mark) for one in written],
    )


def _channel(number: int, kind: str, slug: str, name: str, named: str) -> Channel:
    return Channel(number=number, kind=ChannelKind(kind), slug=slug, name=name, named=named)
