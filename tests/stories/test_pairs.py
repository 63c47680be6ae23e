"""Pairs of pages by hand: what the second is to the first, through a real ingest, in both orders."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import pytest

from worker import jobs
from worker.model import Outcome
from worker.store.database import open_database

_PAIRS = sorted(path.parent for path in Path(__file__).parent.glob("pairs/*/expected.json"))
_UNSEEN = sorted(path.parent for path in Path(__file__).parent.glob("unseen/*/expected.json"))
_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_SAME_ENTRY = {Outcome.DUPLICATE, Outcome.REVISION}


class Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person says the article of the second page is to that of the first."""

    relation: Literal["duplicate", "revision", "reprint", "new"]
    why: str
    others: int = 0  #: articles of the second page that have nothing to do with it

    @property
    def outcome(self) -> Outcome:
        return Outcome.STORED if self.relation == "new" else Outcome(self.relation)


class Sighting(NamedTuple):
    outcome: Outcome
    entry: int
    story: int


def expected_of(pair: Path) -> Expected:
    return msgspec.json.decode((pair / "expected.json").read_bytes(), type=Expected)


def read(pair: Path, folder: Path, *names: str) -> Iterator[list[Sighting]]:
    """Read one page after the other; what the articles of each became, as stories are in the end."""
    seeds = folder / "seeds"
    seeds.mkdir()
    with closing(open_database(folder / "seedwire.db")) as db:
        for hours, name in enumerate(names):
            path = seeds / f"{name}.txt"
            path.write_bytes((pair / path.name).read_bytes())
            os.utime(path, (_NOW.timestamp(), _NOW.timestamp()))
            known = jobs.Seeds.remembered(db, seeds, settle=0, authority="example.org,2026")
            jobs.ingest(db, known, jobs.Rim(sleep=lambda _: None), now=_NOW + timedelta(hours=hours))
        for name in names:
            found = db.conn.execute(
                """select outcome, entry, coalesce(story, entry) from pieces join pages on pages.id = page
                join dumps on dumps.id = dump join entries on entries.number = entry where path = ?
                order by pieces.start""",
                (f"{name}.txt",),
            )
            yield [Sighting(Outcome(outcome), entry, story) for outcome, entry, story in found]


def told_twice(first: list[Sighting], second: list[Sighting]) -> list[tuple[Sighting, Sighting]]:
    return [(one, other) for one in first for other in second if one.story == other.story]


@pytest.mark.parametrize("pair", _PAIRS, ids=lambda pair: pair.name)
def test_what_the_second_page_is_to_the_first(pair: Path, tmp_path: Path) -> None:
    expected = expected_of(pair)
    first, second = read(pair, tmp_path, "first", "second")
    assert [one.outcome for one in first] == [Outcome.STORED]
    wanted = Counter({Outcome.STORED: expected.others}) + Counter({expected.outcome: 1})
    assert Counter(one.outcome for one in second) == wanted, expected.why
    together = told_twice(first, second)
    if expected.outcome is Outcome.STORED:
        assert not together, expected.why
        return
    ((one, other),) = together
    assert other.outcome is expected.outcome
    assert (one.entry == other.entry) is (expected.outcome in _SAME_ENTRY)


@pytest.mark.parametrize("pair", _PAIRS, ids=lambda pair: pair.name)
def test_what_the_first_page_is_to_the_second(pair: Path, tmp_path: Path) -> None:
    """A first flash that comes after the full report may be a duplicate of it; the entry is the same, and the story."""
    expected = expected_of(pair)
    second, first = read(pair, tmp_path, "second", "first")
    assert Counter(one.outcome for one in second) == {Outcome.STORED: 1 + expected.others}
    together = told_twice(first, second)
    if expected.outcome is Outcome.STORED:
        assert [one.outcome for one in first] == [Outcome.STORED], expected.why
        assert not together, expected.why
        return
    ((one, other),) = together
    assert (one.entry == other.entry) is (expected.outcome in _SAME_ENTRY)
    assert one.outcome in (_SAME_ENTRY if expected.outcome in _SAME_ENTRY else {Outcome.REPRINT})


def test_all_pairs_in_one_archive(tmp_path: Path) -> None:
    """The whole set, scored: no pair is taken for another one, whatever else is stored. Of all that are joined all
    belong together, and of all that belong together all are joined.
    """
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("first", "second"):
        for pair in _PAIRS:
            path = seeds / f"{name}-{pair.name}.txt"
            path.write_bytes((pair / f"{name}.txt").read_bytes())
            os.utime(path, (_NOW.timestamp(), _NOW.timestamp()))
    with closing(open_database(tmp_path / "seedwire.db")) as db:
        known = jobs.Seeds.remembered(db, seeds, settle=0, authority="example.org,2026")
        jobs.ingest(db, known, jobs.Rim(sleep=lambda _: None), now=_NOW)
        stories: dict[int, set[str]] = {}
        for path, story in db.conn.execute(
            """select path, coalesce(story, entry) from pieces join pages on pages.id = page
            join dumps on dumps.id = dump join entries on entries.number = entry"""
        ):
            stories.setdefault(story, set()).add(path)
    found = {frozenset(paths) for paths in stories.values() if len(paths) > 1}
    wanted = {
        frozenset(f"{name}-{pair.name}.txt" for name in ("first", "second"))
        for pair in _PAIRS
        if expected_of(pair).outcome is not Outcome.STORED
    }
    precision, recall = len(found & wanted) / len(found), len(found & wanted) / len(wanted)
    assert (precision, recall) == (1.0, 1.0), sorted(map(sorted, found ^ wanted))


def test_pairs_written_when_all_was_done(tmp_path: Path) -> None:
    """Of 36 more pairs 28 were right when they were met for the first time. Three are not: a follow-up that repeats
    all but a sentence of what was told the day before, under a lead of its own; and two tellings that share too few
    runs of five words to be compared at all, a brief of shortened sentences and one with another word order throughout.
    """
    wrong = set()
    for pair in _UNSEEN:
        (folder := tmp_path / pair.name).mkdir()
        first, second = read(pair, folder, "first", "second")
        if bool(told_twice(first, second)) is (expected_of(pair).outcome is Outcome.STORED):
            wrong.add(pair.name)
    assert wrong == {"apart-14-mine-licence-follow-up", "same-03-klinik-fusion-kurz", "same-10-zubry-v-zakaznike"}
