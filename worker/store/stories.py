"""Stories: which entry leads one and who else tells it, why, what the texts were before, and what operators decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from worker.model import Also, Entry, Join, Likeness, Placing, StatedDate
from worker.store import entries
from worker.store.database import batched, put, take
from worker.store.retractions import NOT_RETRACTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A text that an entry had, and why it gave way to the next one."""

    entry: int
    number: int  #: from 1
    text: str
    replaced: datetime
    evidence: str


def members(db: Database, leads: Iterable[int]) -> dict[int, list[Entry]]:
    """The entries of stories, by the number of the one that leads: the first of them."""
    found: dict[int, list[Entry]] = {}
    for some in batched(leads):
        marks = ",".join("?" * len(some))
        clause = f"where number in ({marks}) union all select {entries.COLUMNS} from entries where story in ({marks})"
        for entry in entries.where(db, clause, *some, *some):
            found.setdefault(entry.lead, []).append(entry)
    return {lead: sorted(tellers, key=lambda entry: entry.number) for lead, tellers in found.items()}


def also(db: Database, leads: Iterable[int]) -> dict[int, tuple[Also, ...]]:
    """Who else tells the stories that these entries lead, in the order in which they came."""
    found: dict[int, list[Also]] = {}
    for some in batched(leads):
        for story, key, source, title, link, published in db.conn.execute(
            f"""select story, key, source, title, link, published from entries
            where story in ({",".join("?" * len(some))}) and {NOT_RETRACTED} order by number""",
            some,
        ):
            stated = StatedDate.from_iso(published) if published else None
            told = Also(key=key, source=source, title=title, link=link, published=stated)
            found.setdefault(story, []).append(told)
    return {story: tuple(tellings) for story, tellings in found.items()}


def leads(db: Database, tellings: Iterable[Entry]) -> dict[int, tuple[str, str]]:
    """Id and key of the entry that leads the story of each of these, by their numbers."""
    told = {entry.number: entry.lead for entry in tellings}
    found = {entry.number: (entry.uri, entry.key) for entry in entries.numbered(db, set(told.values()))}
    return {number: found[lead] for number, lead in told.items()}


def add_joins(db: Database, joins: Iterable[Join], now: datetime) -> None:
    """Keep why entries belong to their stories."""
    db.conn.executemany(
        """replace into joins (entry, other, recipe, evidence, likeness, made) values (?, ?, ?, ?, ?, ?)""",
        [
            (
                join.entry,
                join.to,
                join.recipe,
                join.evidence,
                msgspec.json.encode(join.likeness) if join.likeness else None,
                put(now),
            )
            for join in joins
        ],
    )


def part(db: Database, entries: Iterable[int]) -> None:
    """Forget why these entries belonged to a story."""
    db.conn.executemany("delete from joins where entry = ?", [(entry,) for entry in entries])


def join_of(db: Database, entry: int) -> Join | None:
    """Why an entry belongs to the story of another."""
    return next(_joins(db, "entry = ?", entry), None)


def joins_before(db: Database, recipe: int) -> list[Join]:
    """What was joined by an older recipe."""
    return list(_joins(db, "recipe < ?", recipe))


def _joins(db: Database, clause: str, value: int) -> Iterator[Join]:
    for entry, other, recipe, evidence, likeness in db.conn.execute(
        f"select entry, other, recipe, evidence, likeness from joins where {clause}", (value,)
    ):
        kept = msgspec.json.decode(likeness, type=Likeness) if likeness else None
        yield Join(entry=entry, to=other, evidence=evidence, likeness=kept, recipe=recipe)


def add_revisions(db: Database, revisions: Iterable[tuple[int, str, str]], now: datetime) -> None:
    """Keep texts that entries had until now: entry, text, and why another has taken its place."""
    db.conn.executemany(
        """insert into revisions (entry, number, text, replaced, evidence) values
        (?1, (select coalesce(max(number), 0) + 1 from revisions where entry = ?1), ?2, ?4, ?3)""",
        [(entry, text, evidence, put(now)) for entry, text, evidence in revisions],
    )


def revisions(db: Database, entry: int) -> list[Revision]:
    """The texts that an entry had, the first one first."""
    return [
        Revision(entry=entry, number=number, text=text, replaced=take(replaced), evidence=evidence)
        for number, text, replaced, evidence in db.conn.execute(
            "select number, text, replaced, evidence from revisions where entry = ? order by number", (entry,)
        )
    ]


def revised(db: Database, numbers: Iterable[int]) -> dict[int, datetime]:
    """When these entries last got another text, of those that did."""
    found: dict[int, datetime] = {}
    for some in batched(numbers):
        marks = ",".join("?" * len(some))
        rows = db.conn.execute(
            f"select entry, max(replaced) from revisions where entry in ({marks}) group by entry", some
        )
        found.update((entry, take(replaced)) for entry, replaced in rows)
    return found


def place(db: Database, entry: int, placing: Placing, lead: int | None, now: datetime) -> None:
    """Keep what an operator decided of an entry; the last word counts."""
    db.conn.execute(
        "insert into placings (entry, placing, lead, made) values (?, ?, ?, ?)", (entry, placing.value, lead, put(now))
    )


def placings(db: Database, entry: int) -> list[tuple[Placing, int | None, datetime]]:
    """What operators decided of an entry, the first decision first."""
    return [
        (Placing(placing), lead, take(made))
        for placing, lead, made in db.conn.execute(
            "select placing, lead, made from placings where entry = ? order by id", (entry,)
        )
    ]


def placed(db: Database) -> set[int]:
    """The entries that an operator put into the story where they are."""
    sql = "select entry from placings where id in (select max(id) from placings group by entry) and placing = ?"
    return {entry for (entry,) in db.conn.execute(sql, (Placing.JOIN.value,))}


def apart(db: Database) -> set[frozenset[int]]:
    """Pairs of stories, by their leads, between which an operator's last word was a split."""
    found: set[frozenset[int]] = set()
    leads = "select placing, coalesce(one.story, one.number), coalesce(other.story, other.number)"
    for placing, one, other in db.conn.execute(
        f"""{leads} from placings join entries as one on one.number = entry join entries as other
        on other.number = lead order by id"""
    ):
        if placing == Placing.SPLIT:
            found.add(frozenset((one, other)))
        else:
            found.discard(frozenset((one, other)))
    return found


def largest(db: Database, limit: int) -> Iterator[tuple[Entry, int]]:
    """The newest stories that more than one entry tells: the one that leads, and how many there are."""
    counts = dict(
        db.conn.execute(
            """select story, count(*) + 1 from entries where story is not null
            group by story order by story desc limit ?""",
            (limit,),
        )
    )
    led = {entry.number: entry for entry in entries.numbered(db, counts)}
    return ((led[number], count) for number, count in sorted(counts.items(), reverse=True))
