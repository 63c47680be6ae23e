"""replay: nothing where nothing is read otherwise; else what the laws allow, told before and after."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from desks import NOW, Desk, all_entries, lawful, page, rows, subscribe, title
from dump_makers import answer, gz, mail, record, zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import body
from power_cuts import MOST, crashing
from searches import searched
from sqlite_utils import Database

from worker import jobs
from worker.intake import fingerprint
from worker.model import (
    Article,
    Difference,
    Entry,
    Mark,
    Markup,
    Page,
    Precision,
    Reread,
    Site,
    Stated,
    StatedDate,
    Verdict,
)
from worker.store import entries, frames, ledger, pages, replays, runs
from worker.store.database import check, transaction
from worker.store.schema import migrations

LATER = NOW + timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Better(jobs.Reader):
    """Reads pages as one of today's recipes would, and then changes what it is told to change."""

    change: Callable[[jobs.Reading], jobs.Reading]

    def page(self, page: Page, path: str, *, latest: date) -> jobs.Reading:
        return self.change(jobs.Reader.page(self, page, path, latest=latest))


def articles(change: Callable[[Article], Article | None]) -> Better:
    """Changes articles; None loses one, as if it were illegible."""

    def changed(reading: jobs.Reading) -> jobs.Reading:
        found = [change(one[0]) if one else None for one in reading.articles]
        told = tuple((one, fingerprint.of_text(one.text)) if one else None for one in found)
        return replace(reading, articles=told)

    return Better(change=changed)


def fields(change: Callable[[Article], Article | None], only: str = "") -> Better:
    return articles(lambda one: change(one) if only in one.text else one)


SHORTER = articles(lambda one: replace(one, text=one.text.rpartition("\n")[0] or one.text))


def replayed(
    desk: Desk, reader: jobs.Reader | None = None, now: datetime = LATER
) -> tuple[jobs.Replayed, list[Reread]]:
    told: list[Reread] = []
    with desk.store() as db:
        done = jobs.replay(db, reader or jobs.Reader(), desk.rim, told.append, authority="example.org,2026", now=now)
        lawful(db)
        db.conn.execute("insert into entries_fts (entries_fts, rank) values ('integrity-check', 1)")
    return done, told


def kinds(told: Sequence[Reread]) -> list[tuple[Difference, bool]]:
    return [(change.what, change.applied) for one in told for change in one.changes]


def sketches_of(held: dict[str, list[tuple[Any, ...]]]) -> set[tuple[Any, ...]]:
    return {row[1:] for row in held["sketches"]}


def entries_of(desk: Desk) -> list[Entry]:
    with desk.store() as db:
        return all_entries(db)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    with made.store() as db:
        made.drop("2b.txt", page(2, title="Another title"))
        made.news(db, 1, 2, 3)
    return made


# ── Nothing is otherwise ────────────────────────────────────────────────────────────────────────────


def test_the_same_recipes_change_nothing(desk: Desk) -> None:
    with desk.store() as db:
        before = rows(db)
    done, told = replayed(desk)
    with desk.store() as db:
        assert rows(db) == before
    assert (done.pages, done.different, told) == (4, 0, [])


_TEXTS = st.lists(
    st.one_of(
        st.integers(0, 4).map(page),
        st.integers(0, 4).map(body),
        st.sampled_from(["Tell a friend", "07.11.2026, 09:40 318", "Goats climb a tower", "\ufeff\u200b", ""]),
    ),
    max_size=6,
).map("\n\n".join)


@settings(max_examples=25, deadline=None)
@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_the_same_recipes_change_nothing_whatever_lies_there(contents: list[str]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for number, content in enumerate(contents):
            desk.drop(f"{number}.txt", content)
        with desk.store() as db:
            desk.ingest(db)
            before = rows(db)
        assert replayed(desk)[1] == []
        with desk.store() as db:
            assert rows(db) == before


_JSON_LD = """<script type="application/ld+json">{"@type": "NewsArticle",
"headline": "Goats \\u0001climb a tower\\ud800", "datePublished": "2026-11-07T09:40:00+05:00", "url": "https://aksary.example/goats"}</script>"""
_HTML = f"<!doctype html><html><head>{_JSON_LD}</head><body><nav><a href='/'>Home</a></nav>"


def test_the_same_recipes_change_nothing_of_any_kind_of_dump(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    html = _HTML + "".join(f"<p>{line}</p>" for line in body(1).split("\n\n"))
    desk.drop("1.html", html)
    other = (
        html.replace("number 1", "number 2").replace("T09:40", "T10:40").replace("example/goats", "example/more-goats")
    )
    desk.drop("2.warc.gz", gz(record("response", answer(other.encode()))))
    desk.drop("3.wet", record("conversion", page(3).encode()) + record("conversion", page(4).encode()))
    desk.drop("4.eml", mail(page(5)))
    desk.drop("5.zip", zipped(("a.txt", page(6).encode()), ("b.bin", b"\x00" * 99)))
    with desk.store() as db:
        desk.ingest(db)
        before = rows(db)
    assert replayed(desk)[1] == []
    with desk.store() as db:
        assert rows(db) == before
        assert db.conn.execute("select count(*) from pages where markup is not null").fetchone() == (3,)
    assert [one.title for one in entries_of(desk)][:2] == ["Goats climb a tower"] * 2


# ── What the laws allow ─────────────────────────────────────────────────────────────────────────────


def test_other_edges_are_the_same_entry_with_new_text(desk: Desk) -> None:
    before = entries_of(desk)
    done, told = replayed(desk, SHORTER)
    after = entries_of(desk)
    assert [(one.number, one.key, one.uri, one.stored) for one in after] == [
        (one.number, one.key, one.uri, one.stored) for one in before
    ]
    assert all(one.text.startswith(other.text) for one, other in zip(before, after, strict=True))
    assert {one.updated for one in after} == {LATER}
    assert (set(kinds(told)), done.changes) == ({(Difference.TEXT, True)}, {Difference.TEXT: 3})
    assert replayed(desk, SHORTER, LATER + timedelta(days=1))[1] == []
    assert entries_of(desk) == after
    assert [change.what for one in replayed(desk)[1] for change in one.changes] == [Difference.TEXT] * 3
    assert [one.text for one in entries_of(desk)] == [one.text for one in before]


def test_other_paragraphs_move_no_updated(desk: Desk) -> None:
    _, told = replayed(desk, articles(lambda one: replace(one, text=one.text.replace("\n", " "))))
    assert set(kinds(told)) == {(Difference.FORM, True)}
    assert {one.updated for one in entries_of(desk)} == {NOW}
    assert not any("\n" in one.text for one in entries_of(desk))


def test_a_stated_date_never_moves_and_a_missing_one_is_filled_in(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with desk.store() as db:
        desk.drop("dated.txt", page(1))
        desk.drop("undated.txt", f"Ferry 2 returns\n\nTell a friend\n\n{body(2)}")
        desk.ingest(db)
    other = StatedDate(wall=datetime.fromisoformat("2026-11-01"), precision=Precision.DAY)
    better = articles(lambda one: replace(one, published=other, dated="another line"))
    done, told = replayed(desk, better)
    assert sorted(kinds(told)) == [(Difference.DATE, False), (Difference.DATE, True)]
    assert [one.published and one.published.iso() for one in entries_of(desk)] == ["2026-11-07T09:40", "2026-11-01"]
    assert {one.updated for one in entries_of(desk)} == {NOW}
    assert done.kept_dates == 1
    done, told = replayed(desk, better)
    assert (told, done.different, done.rewritten, done.kept_dates) == ([], 0, 0, 1), "it is told once"


def test_titles_and_sources_that_are_read_better(desk: Desk) -> None:
    better = articles(lambda one: replace(one, title=one.title.upper(), source="Lake Authority"))
    _, told = replayed(desk, better)
    assert kinds(told) == [(Difference.TITLE, True), (Difference.SOURCE, True)] * 3
    assert {one.title for one in entries_of(desk)} == {title(n).upper() for n in (1, 2, 3)}
    with desk.store() as db:
        assert len(searched(db, 'source:"Lake Authority"')) == 3
    _, told = replayed(desk, articles(lambda one: replace(one, title="Derived", title_derived=True)))
    assert Difference.TITLE not in {kind for kind, _ in kinds(told)}, "a stated title gives way to no derived one"


def test_only_the_first_sighting_says_what_an_entry_is(desk: Desk) -> None:
    """2.txt is the first in the order of paths; 2b.txt has the same text under another title."""
    with desk.store() as db:
        first = db.conn.execute("select min(page) from pieces where entry = 2").fetchone()[0]
        paths = dict(db.conn.execute("select pages.id, path from pages join dumps on dumps.id = dump"))
    assert paths[first] == "2.txt"
    _, told = replayed(desk, fields(lambda one: replace(one, text="cut\n" + one.text), "number 2 part"))
    assert [(one.path, *[change.what for change in one.changes]) for one in told] == [("2.txt", Difference.TEXT)]


def test_lost_articles_keep_their_entries_and_are_listed(desk: Desk) -> None:
    before = entries_of(desk)
    done, told = replayed(desk, fields(lambda _: None, "number 3 part"))
    assert kinds(told) == [(Difference.LOST, True)]
    assert entries_of(desk) == before
    with desk.store() as db:
        assert [one.number for one in replays.unseen(db)] == [3]
        assert runs.outcomes(db) == {"duplicate": 1, "rejected": 1, "stored": 2}
    assert done.changes == {Difference.LOST: 1}
    assert replayed(desk)[0].changes == {Difference.SIGHTED: 1}, "and found again, it is the same"
    assert entries_of(desk) == before


def test_texts_that_become_the_same_are_one_entry(desk: Desk) -> None:
    one = entries_of(desk)[0]
    _, told = replayed(desk, fields(lambda article: replace(article, text=one.text), "number 3 part"))
    (change,) = told[0].changes
    assert (change.what, change.entry, change.after) == (Difference.MERGED, 3, one.key)
    with desk.store() as db:
        assert [sighting.path for sighting in ledger.sightings(db, 1)] == ["1.txt", "3.txt"]
        assert [one.number for one in replays.unseen(db)] == [3]


# ── Nothing old comes back as new ───────────────────────────────────────────────────────────────────


def ingest_without(desk: Desk, db: Database, lost: int, *others: int) -> None:
    """Read dumps by recipes that do not find the article of one of them."""
    for number in (lost, *others):
        desk.drop(f"{number}.txt", page(number))
    reader = fields(lambda _: None, f"number {lost} part")
    seeds = jobs.Seeds.remembered(db, desk.seeds, settle=0, authority="example.org,2026", reader=reader)
    jobs.ingest(db, seeds, desk.rim, now=NOW)


def lose_first(desk: Desk) -> None:
    """As if the recipes of then had not found the article of 1.txt; two more dumps came since."""
    with desk.store() as db:
        ingest_without(desk, db, 1)
        desk.news(db, 2, 3, now=NOW + timedelta(days=1))


def test_a_gained_article_has_its_place_where_its_page_came_in(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    lose_first(desk)
    with desk.store() as db:
        subscription = subscribe(db, cursor=1)
        assert entries.count(db, subscription.cursor) == 1
    _, told = replayed(desk)
    assert kinds(told) == [(Difference.GAINED, True)]
    with desk.store() as db:
        assert [one.number for one in entries.newest(db, 9)] == [2, 1, 3]
        assert [one.number for one in entries.newest(db, 2)] == [2, 1], "it takes nobody's place at the head"
        assert [one.number for one in entries.between(db, 1, 9, 9)] == [2], "the mail of then was sent"
        assert [one.number for one in entries.between(db, 0, 9, 9)] == [2, 1, 3]
        assert entries.count(db, 1) == 1
        gained = entries.get(db, "3")
    assert gained is not None
    assert (gained.title, gained.stored, gained.place) == (title(1), LATER, 1)


def test_of_new_pages_a_gained_article_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with desk.store() as db:
        desk.news(db, 1)
        ingest_without(desk, db, 3, 2)
    replayed(desk)
    with desk.store() as db:
        assert [one.title for one in entries.between(db, 1, 9, 9)] == [title(3), title(2)]


# ── What a page was read by ─────────────────────────────────────────────────────────────────────────


def test_pages_come_back_as_they_were_read(desk: Desk) -> None:
    marks = (Mark(0, 4, Markup.HEADING, "1"), Mark(5, 9, Markup.LINK, "https://aksary.example/a?b=\u00e9"))
    stated = Stated(title="Goats", published="2026-11-07", language="en")
    given_ = [
        Page(number=1, text="Goats climb\ud800", charset="utf-8", charset_reason="x", captured=date(2026, 11, 9)),
        Page(number=2, text="<b>", charset="utf-8", charset_reason="x", url="https://a.example", marks=marks),
        Page(number=3, text="", charset="binary", charset_reason="x", header=0, rejected="binary: x", stated=stated),
    ]
    with desk.store() as db, transaction(db):
        (dump,) = db.conn.execute(
            "insert into dumps (checksum, path, size, stored) values (x'00', 'p', 1, 'now') returning id"
        ).fetchone()
        numbers = pages.add(db, [(dump, one, NOW.date(), Verdict.REJECTED) for one in given_], 1)
        kept = pages.portion_after(db, numbers[0] - 1)
    assert [one.page for one in kept] == given_
    assert {one.latest for one in kept} == {NOW.date()}


def test_plain_pages_have_no_markup_to_keep(desk: Desk) -> None:
    with desk.store() as db:
        assert db.conn.execute("select count(*) from pages where markup is not null").fetchone() == (0,)
        read = [one.page for one in pages.portion_after(db, 0)]
    assert {(one.captured, one.header, one.url) for one in read} == {(date(2026, 11, 10), 17, None)}


def test_portions_hold_so_many_characters(desk: Desk) -> None:
    with desk.store() as db, patch.object(pages, "_MOST_CHARACTERS", 900):
        first = pages.portion_after(db, 0)
        assert 1 <= len(first) < 4
        assert next(one.id for one in pages.portion_after(db, first[-1].id)) == first[-1].id + 1


# ── What was learned since, and what an operator knows better ────────────────────────────────────────


_SLOGAN = "voice of the river valley"


@pytest.fixture
def framed(tmp_path: Path) -> Desk:
    """Sixteen pages of a site that says something within its texts that no list of words knows."""
    made = Desk(tmp_path)
    for number in range(frames.FIRST):
        first, rest = page(number).rstrip("\n").rsplit("\n\n", 1)
        made.drop(f"{number:02}.txt", f"{first}\n\n{_SLOGAN}\n\n{rest}\n")
    return made


def test_pages_profit_from_what_was_learned_since_they_came_in(framed: Desk) -> None:
    with framed.store() as db:
        framed.ingest(db)
        learned = rows(db)["frame_lines"]
    assert all(_SLOGAN in one.text for one in entries_of(framed))
    done, _ = replayed(framed)
    assert done.changes == {Difference.TEXT: 16}
    after = entries_of(framed)
    assert not any(_SLOGAN in one.text for one in after)
    with framed.store() as db:
        assert rows(db)["frame_lines"] == learned, "what was learned stays as it is"
    assert replayed(framed)[1] == []
    assert entries_of(framed) == after


def test_an_archive_from_before_frames_learns_before_it_is_read_again(framed: Desk) -> None:
    with framed.store() as db:
        framed.ingest(db)
        learned = rows(db)["frame_lines"]
        db.conn.execute("delete from frame_lines")
        db.conn.execute("update frame_progress set upto = 0")
    assert replayed(framed)[0].changes == {Difference.TEXT: 16}
    with framed.store() as db:
        assert rows(db)["frame_lines"] == learned


def test_a_site_profile_reaches_the_pages_of_the_archive(desk: Desk) -> None:
    profile = Site(name="ferries", match="[13].txt", drop=("Ferry * returns",), timezone="Asia/Almaty")
    _, told = replayed(desk, jobs.Reader(sites=(profile,)))
    assert {one.path for one in told} == {"1.txt", "3.txt"}
    with desk.store() as db:
        assert [one.reason for one in ledger.ledger(db) if "profile" in one.reason]
        (sighting,) = ledger.sightings(db, 1)
    assert sighting.dated == "date line at 17-34; no offset stated, Asia/Almaty by site profile ferries"


# ── A new recipe of fingerprints ────────────────────────────────────────────────────────────────────


def test_entries_get_their_names_under_a_new_recipe_of_fingerprints(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = entries_of(desk)
    monkeypatch.setattr(fingerprint, "RECIPE", 2)
    assert replayed(desk)[1] == []
    assert entries_of(desk) == before
    with desk.store() as db:
        named = db.conn.execute("select recipe, count(*) from fingerprints group by recipe").fetchall()
        assert named == [(1, 3), (2, 3)]


# ── Power cuts ──────────────────────────────────────────────────────────────────────────────────────


def mixed() -> jobs.Reader:
    """Of everything something: other edges, a lost article, a new title, two that become the same."""
    other = f"{body(7)}".replace("\n\n", "\n").strip()

    def change(one: Article) -> Article | None:
        if "number 1 part" in one.text:
            return replace(one, title="A better title", text=one.text.rpartition("\n")[0])
        if "number 3 part" in one.text or "number 4 part" in one.text:
            return replace(one, text=other)
        return None if "number 2 part" in one.text else one

    return articles(change)


def archive(folder: Path) -> Desk:
    desk = Desk(folder)
    with desk.store() as db:
        ingest_without(desk, db, 5, 1, 2, 3, 4)
    return desk


def kept(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    with desk.store() as db:
        assert check(db) is None
        lawful(db)
        db.conn.execute("insert into entries_fts (entries_fts, rank) values ('integrity-check', 1)")
        return rows(db)


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_MOST_PAGES", 2)


@pytest.mark.usefixtures("small_portions")
@pytest.mark.parametrize("recipe", [1, 2])
def test_a_replay_that_dies_at_any_step(tmp_path: Path, recipe: int, monkeypatch: pytest.MonkeyPatch) -> None:
    unbroken = archive(tmp_path / "unbroken")
    monkeypatch.setattr(fingerprint, "RECIPE", recipe)
    done, _ = replayed(unbroken, mixed())
    wanted = {Difference.TEXT, Difference.TITLE, Difference.LOST, Difference.MERGED, Difference.GAINED}
    assert set(done.changes) >= wanted
    for at in range(1, MOST):
        monkeypatch.setattr(fingerprint, "RECIPE", 1)
        desk = archive(tmp_path / str(at))
        monkeypatch.setattr(fingerprint, "RECIPE", recipe)
        died = crashing(functools.partial(replayed, desk, mixed()), at)
        replayed(desk, mixed())
        assert kept(desk) == kept(unbroken), f"died at step {at}"
        if not died:
            break
    assert 10 < at < MOST - 1


@pytest.mark.usefixtures("small_portions")
def test_a_replay_that_is_stopped_goes_on(tmp_path: Path) -> None:
    unbroken, desk = archive(tmp_path / "unbroken"), archive(tmp_path / "stopped")
    replayed(unbroken, mixed())
    looks = iter([False, True])
    going, desk.rim = desk.rim, jobs.Rim(sleep=lambda _seconds: None, stopping=lambda: next(looks))
    done, told = replayed(desk, mixed())
    assert (done.finished, done.pages) == (False, 2)
    desk.rim = going
    rest, more = replayed(desk, mixed(), LATER + timedelta(days=1))
    assert (rest.finished, rest.pages) == (True, 3)
    assert kept(desk) == kept(unbroken)
    assert told
    assert more


@pytest.mark.usefixtures("small_portions")
def test_a_replay_that_would_read_otherwise_now_begins_anew(tmp_path: Path) -> None:
    desk = archive(tmp_path)
    looks = iter([False, True])
    going, desk.rim = desk.rim, jobs.Rim(sleep=lambda _seconds: None, stopping=lambda: next(looks))
    assert replayed(desk)[0].pages == 2
    desk.rim = going
    assert replayed(desk, jobs.Reader(timezone="Asia/Almaty"))[0].pages == 5


# ── Archives from before ────────────────────────────────────────────────────────────────────────────


def test_an_archive_from_before_is_read_again_as_it_was_read(tmp_path: Path) -> None:
    """Before, neither the day that dates are held against was kept nor how much of a page is the crawler's."""
    desk, old = Desk(tmp_path / "new"), Desk(tmp_path / "old")
    undated = f"Ferry 2 returns\n\nTell a friend\n\n{body(2)}"
    with desk.store() as db:
        for name, content in {"1": page(1), "2": undated, "3": " date 2026-11-10", "4": "\x00" * 9}.items():
            desk.drop(name, content)
        desk.ingest(db)
        now = rows(db)
    old.folder.mkdir()
    with closing(sqlite3.connect(old.folder / "seedwire.db", isolation_level=None)) as db:
        migrations.apply(Database(db), stop_before="pages_read_again")
        for table in ("dumps", "files", "entries", "fingerprints", "pages", "pieces"):
            columns = [name for _, name, *_ in db.execute(f"pragma table_info({table})")]
            marks = ",".join("?" * len(columns))
            db.executemany(f"insert into {table} values ({marks})", [row[: len(columns)] for row in now[table]])
        db.execute("insert into entries_fts (entries_fts) values ('rebuild')")
    with old.store() as db:
        before = {"pieces": [(*row[:-1], None) for row in now["pieces"]], "sketches": []}
        assert rows(db) == now | before
    assert replayed(old)[1] == []
    with old.store() as db:
        after = rows(db)
        assert sketches_of(after) == sketches_of(now), "of whichever entry they were made first"
        after["sketches"] = now["sketches"]
        assert after == now, "the evidence of dates, which was not kept before, is there now"
