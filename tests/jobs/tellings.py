"""Invented news as several outlets tell it: again, corrected, reprinted, shortened, with more; and who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from desks import NOW, Desk, lawful, rows
from sqlite_utils import Database

from worker import jobs
from worker.jobs.relating import WINDOW, sketches_of
from worker.model import Entry, Reread
from worker.store import entries

AUTHORITY = "example.org,2026"
LINES = 8  #: sentences of a news item, unless told otherwise
OUTLETS = ("Kabar", "Courier", "Gazette", "Herald")
_LIKE = ("old", "new", "quiet", "bright", "narrow", "wide", "wooden", "cold", "warm", "distant", "northern", "busy")
_DID = ("repaired", "opened", "painted", "counted", "carried", "praised", "bought", "moved", "guarded", "watched")
_WHAT = (
    *("stone", "river", "ferry", "goat", "lamp", "bridge", "apple", "clock", "winter", "garden", "letter", "tower"),
    *(
        "valley",
        "window",
        "harbour",
        "candle",
        "orchard",
        "meadow",
        "whistle",
        "farmer",
        "teacher",
        "market",
        "village",
    ),
    *(
        "village",
        "mountain",
        "library",
        "station",
        "engine",
        "captain",
        "student",
        "kitchen",
        "museum",
        "forest",
        "island",
    ),
)


def lines(seed: int, count: int = LINES) -> list[str]:
    """The sentences of a news item: those of two seeds have hardly five words in a row in common."""
    chance = Random(seed)

    def like() -> str:
        return f"the {chance.choice(_LIKE)} {chance.choice(_WHAT)}"

    def sentence() -> str:
        did, other, what = chance.choice(_DID), chance.choice(_DID), chance.choice(_WHAT)
        return f"{like()} near {like()} {did} {like()} while a {what} {other} {chance.choice(_WHAT)}s.".capitalize()

    return [sentence() for _ in range(count)]


def edited(sentences: Sequence[str], *places: int) -> list[str]:
    """With other sentences in these places, always the same."""
    others = lines(len("".join(sentences)) * 1000 + sum(places) + 1_000_000, len(sentences))
    return [others[at] if at in places else one for at, one in enumerate(sentences)]


def page(
    sentences: Sequence[str], *, title: str = "", source: str | None = "Kabar", stated: str = "07.11.2026, 09:40"
) -> str:
    """A page with one article; with no title only its text."""
    text = "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))
    if not title:
        return text + "\n"
    head = (f" date 2026-11-10 {stated}", title, f"Source: {source}" if source else "", "Tell a friend", text)
    return "\n\n".join(filter(None, head)) + "\n"


def listing(*pages: str) -> str:
    """One page with the articles of several."""
    return " date 2026-11-10 " + "\n\n".join(one.removeprefix(" date 2026-11-10 ") for one in pages)


def bulletin(day: int) -> str:
    """What comes every day in the same words, with other figures."""
    rates = ", ".join(f"{name} {500 + day * 7 + at}.{day + 10}" for at, name in enumerate(("dollar", "euro", "yuan")))
    text = [
        f"The National Bank of Tuzkent has set the official rates for {day} October: {rates}.",
        f"The volume of trading at the exchange was {day * 13 + 100} million, as the bank said in its daily report.",
        "The rates are used for accounting, for customs and for the taxes that are due on this day.",
    ]
    return page(text, title="Official rates", source="National Bank", stated=f"{day:02}.10.2026, 11:00")


# ── Who reads it ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Newsroom(Desk):
    """A desk whose process goes on from scan to scan, and compares with so many of the newest entries."""

    window: int = WINDOW
    dropped: int = 0
    kept: jobs.Seeds | None = None

    def restart(self) -> None:
        """What is in memory is gone."""
        self.kept = None

    def ingest(self, db: Database, now: datetime = NOW) -> jobs.Ingested:
        self.seeds.mkdir(parents=True, exist_ok=True)
        if self.kept is None:
            seeds = jobs.Seeds.remembered(db, self.seeds, settle=0, authority=AUTHORITY)
            self.kept = replace(seeds, sketches=sketches_of(self.window))
        return jobs.ingest(db, self.kept, self.rim, now=now)

    def put(self, *pages: str) -> None:
        """Dumps that are read in this order."""
        for text in pages:
            self.dropped += 1
            self.drop(f"{self.dropped:04}.txt", text)

    def read(self, *pages: str, now: datetime = NOW) -> jobs.Ingested:
        """Drop pages and read them in one scan."""
        self.put(*pages)
        with self.store() as db:
            return self.ingest(db, now)

    def replay(self, now: datetime = NOW, reader: jobs.Reader | None = None) -> tuple[jobs.Replayed, list[Reread]]:
        found: list[Reread] = []
        with self.store() as db:
            done = jobs.replay(db, reader or jobs.Reader(), self.rim, found.append, authority=AUTHORITY, now=now)
        return done, found

    def split(self, number: int, now: datetime = NOW) -> list[Entry]:
        with self.store() as db:
            return jobs.split(db, entry_of(db, number), authority=AUTHORITY, now=now)

    def join(self, number: int, *others: int, now: datetime = NOW) -> Entry:
        with self.store() as db:
            given = [entry_of(db, other) for other in others]
            return jobs.join(db, entry_of(db, number), given, authority=AUTHORITY, now=now)

    def entry(self, number: int) -> Entry:
        with self.store() as db:
            return entry_of(db, number)

    def leads(self) -> list[int]:
        """Of every entry, in the order of numbers, the one that leads its story."""
        return list(self.led().values())

    def led(self) -> dict[int, int]:
        """The same by number."""
        with self.store() as db:
            sound(db)
            return dict(db.conn.execute("select number, coalesce(story, number) from entries order by number"))

    def outcomes(self) -> list[str]:
        """Of every article, in the order of pages."""
        with self.store() as db:
            sql = "select outcome from pieces where outcome is not null order by page, start"
            return [outcome for (outcome,) in db.conn.execute(sql)]

    def ids(self) -> list[tuple[object, ...]]:
        """What never changes of an entry, and when its text did."""
        with self.store() as db:
            sql = "select number, key, uri, published, stored from entries order by number"
            return db.conn.execute(sql).fetchall()

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        with self.store() as db:
            return rows(db)


def entry_of(db: Database, number: int) -> Entry:
    found = entries.get(db, str(number))
    assert found is not None
    return found


def sound(db: Database) -> None:
    """Conservation; who leads a story is its first entry and in no other; the index has what entries show."""
    lawful(db)
    db.conn.execute("insert into entries_fts (entries_fts, rank) values ('integrity-check', 1)")
    wrong = """select number from entries where story is not null
        and (story >= number or story in (select number from entries where story is not null))"""
    assert db.conn.execute(wrong).fetchall() == []
    assert db.conn.execute("select number from entries where own is not null and story is not null").fetchall() == []


# ── A wire on which everything happens ──────────────────────────────────────────────────────────────


class Wire:
    """News, and news that came before: again, corrected, elsewhere, shortened, with more, bare, as it was at first."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._stories: list[list[str]] = []  #: the pages on which each was told, the first one first
        self._texts: list[list[str]] = []  #: the sentences of each

    def pages(self, count: int) -> list[str]:
        """So many dumps, in the order in which they come."""
        return [self._dump() for _ in range(count)]

    def _dump(self) -> str:
        if self._chance.random() < 0.15:
            return listing(self._titled(), self._titled())
        return self._article()

    def _titled(self) -> str:
        while True:
            if (found := self._article()).startswith(" date"):
                return found

    def _article(self) -> str:
        chance = self._chance
        if not self._stories or chance.random() < 0.3:
            return self._news()
        if chance.random() < 0.1:
            return bulletin(chance.randint(1, 20))
        which = chance.randrange(max(0, len(self._stories) - 6), len(self._stories))
        told = chance.choice([self._again, self._revised, self._reprinted, self._reprinted])(which)
        self._stories[which].append(told)
        return told

    def _news(self) -> str:
        seed = self._chance.randrange(1 << 30)
        self._texts.append(lines(seed, self._chance.choice((3, LINES, LINES, 24))))
        if self._chance.random() < 0.3:  # a standing paragraph
            self._texts[-1][2:2] = lines(7, 1)
        told = page(self._texts[-1], title=f"Ferry {seed} returns", source=self._chance.choice((*OUTLETS, None)))
        self._stories.append([told if self._chance.random() < 0.9 else page(self._texts[-1])])
        return self._stories[-1][0]

    def _again(self, which: int) -> str:
        return self._chance.choice(self._stories[which]).replace(
            "Tell a friend", self._chance.choice(("Print", "Tell a friend"))
        )

    def _revised(self, which: int) -> str:
        told = self._stories[which][0]
        sentence = self._chance.choice(self._texts[which])
        return told.replace(sentence, lines(self._chance.randrange(1 << 30), 1)[0])

    def _reprinted(self, which: int) -> str:
        chance, text = self._chance, self._texts[which]
        match chance.randrange(4):
            case 0:
                text = text[: max(3, 2 * len(text) // 3)]
            case 1:
                text = text + lines(chance.randrange(1 << 30), max(2, len(text) // 3))
            case 2:
                text = edited(text, chance.randrange(len(text)))
        outlet = chance.choice(OUTLETS)
        stated = f"07.11.2026, {chance.randint(10, 20)}:40"
        return page(text, title=f"{outlet} on {len(text)} ferries", source=outlet, stated=stated)
