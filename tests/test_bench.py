"""What the measures stand on: pages that hold every kind of telling, stages that are all found, archives that are
sound. What they measure is for `make bench`.
"""

from __future__ import annotations

import os
import sqlite3
import tomllib
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from searches import searched

from bench import archive, large, peer, peers
from bench.corpus import CORPUS, NOW, corpus_in, floor_seconds, fresh, pages_in
from bench.ingest import NEAR, ingest, places
from bench.invented import Story, story
from bench.memory import Memory
from bench.retold import excerpt, reprint, revision, told
from bench.stopwatch import Stopwatch, watched
from worker.intake import scan
from worker.jobs import sketches_of
from worker.model import Outcome
from worker.store import dumps, entries, frames, runs, sketches
from worker.store.database import check, open_database

_ROOT = Path(__file__).parent.parent


def _common(one: Story, other: Story) -> float:
    """Of the runs of five words of the smaller one, how many the other has."""
    mine, theirs = (peers.shingles(" ".join(told.paragraphs)) for told in (one, other))
    return len(mine & theirs) / min(len(mine), len(theirs))


@pytest.fixture(autouse=True)
def own_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else the environment names."""
    for name in (CORPUS, large.SCORE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def first() -> Story:
    return story(Random(3), datetime(2026, 11, 2, 9, tzinfo=UTC))


def test_a_revision_is_the_same_article_with_other_words(first: Story) -> None:
    other = revision(Random(1), first)
    assert (other.title, other.when, other.office) == (first.title, first.when, first.office)
    assert other.paragraphs != first.paragraphs
    assert _common(first, other) > 0.5


def test_a_reprint_is_told_by_another_office(first: Story) -> None:
    other = reprint(Random(1), first)
    assert other.office != first.office
    assert other.title != first.title
    assert first.when <= other.when
    assert _common(first, other) > 0.5


def test_an_excerpt_is_a_part_of_it(first: Story) -> None:
    other = excerpt(Random(1), first)
    assert other.office != first.office
    assert len(other.paragraphs) < len(first.paragraphs)
    assert other.paragraphs[1:] == first.paragraphs[1 : len(other.paragraphs)]


def test_the_same_chance_tells_the_same() -> None:
    assert list(told(Random(7), 300)) == list(told(Random(7), 300))


def test_pages_hold_every_kind_of_telling_and_all_stages_are_found(tmp_path: Path) -> None:
    corpus = corpus_in(tmp_path, articles=400)
    watch = Stopwatch("rest")
    course = large._Course(watch)
    with watched(watch, places()):
        ingest(corpus, fresh(tmp_path / "state"), progress=course.mark)
    assert watch.calls["verify"] >= len(corpus.articles)  # frames are learned on the way, and cut otherwise
    assert not [label for label in places() if not watch.calls[label]]
    assert all(watch.seconds[stage] > 0 for stage in NEAR)
    each, counted = course.last(100)
    assert 100 <= counted <= len(corpus.articles)
    assert each > 0
    with closing(open_database(tmp_path / "state" / "seedwire.db")) as db:
        outcomes = Counter(runs.outcomes(db))
    assert all(outcomes[kind.value] for kind in Outcome if kind is not Outcome.REJECTED)


def test_what_was_watched_is_put_back() -> None:
    before = [(owner, name, getattr(owner, name)) for found in places().values() for owner, name in found]
    with watched(Stopwatch("rest"), places()):
        assert any(getattr(owner, name) is not function for owner, name, function in before)
    assert all(getattr(owner, name) is function for owner, name, function in before)


def test_the_cost_of_the_last_articles_leaves_out_those_before() -> None:
    course = large._Course(Stopwatch("rest"), marks=[(0, 0.0), (100, 5.0), (190, 5.1), (300, 5.2)])
    (each, counted), (last, fewer) = course.last(200), course.last(110)
    assert (counted, fewer) == (200, 110)
    assert each == pytest.approx(1000)
    assert last == pytest.approx(0.1e6 / 110)
    assert course.last(1000)[1] == 300


def test_a_scorer_that_is_named_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, scorer = tmp_path / "maker.py", tmp_path / "scorer.py"
    maker.write_text(
        "import sys\nfrom pathlib import Path\nfrom bench import pages\nout = Path(sys.argv[1])\n"
        "pages.write(out / 'pages', articles=int(sys.argv[3]), seed=int(sys.argv[5]))\n"
        "(out / 'truth.jsonl').write_text('{}')\n"
    )
    scorer.write_text("import sys\nprint('first')\nprint('lines:', len(open(sys.argv[2]).readlines()) > 40)\n")
    monkeypatch.setenv("PYTHONPATH", str(_ROOT))
    monkeypatch.setenv(CORPUS, str(maker))
    monkeypatch.setenv(large.SCORE, str(scorer))
    report = large.measure((40, 80))
    assert [row.name for row in report.rows] == ["40 / floor", "80 / floor", "near 80 / 40"]
    assert [note for note in report.notes if "lines:" in note] == ["large: 40: lines: True", "large: 80: lines: True"]


def test_the_floor_keeps_each_text_once(tmp_path: Path) -> None:
    assert floor_seconds([], [[("A", "one"), ("B", "two")], [("C", "one")]], tmp_path) > 0
    with closing(sqlite3.connect(tmp_path / "floor.db")) as db:
        assert db.execute("select title from articles order by title").fetchall() == [("A",), ("B",)]


def test_a_made_archive_is_sound_and_nothing_in_it_is_new(tmp_path: Path) -> None:
    archive.make(tmp_path, 1030, NOW)
    with closing(open_database(tmp_path / "state" / "seedwire.db")) as db:
        assert check(db) is None
        totals = runs.totals(db)
        assert (totals["entries"], totals["pages"], totals["files"]) == (1030, 258, 258)
        assert totals["characters"] == totals["characters_in_pieces"] > 0
        assert frames.whole(db) is None
        kept = sketches_of()
        assert sketches.all_there(db, kept.recipe)
        kept.follow(db)
        assert kept.size(1030) is not None
        assert entries.newest(db, 1)[0].stored == NOW
        assert searched(db, "herons")
        known = scan.Known()
        for look in dumps.looks(db):
            known.add(look)
    found = scan.scan(tmp_path / "seeds", known, settle=0.0, sleep=lambda _seconds: None)
    assert (found.seen, found.ready) == (258, ())


def test_a_full_disk_is_said_before_anything_is_made(tmp_path: Path) -> None:
    assert large.no_room(tmp_path, 1) == ""
    assert "GB free" in large.no_room(tmp_path, 1 << 60)


def test_memory_as_the_kernel_counts_it() -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("this system has no /proc")
    memory = Memory.of(os.getpid())
    assert 1 < memory.now <= memory.peak


def test_runs_of_five_words() -> None:
    assert peers.shingles("One, two; three four FIVE six") == {"one two three four five", "two three four five six"}
    assert peers.shingles("Too short") == {"too short"}


def test_peers_that_are_not_there_are_named() -> None:
    assert peers.missing("json") == ""
    assert "no_such_peer" in peers.missing("json", "no_such_peer")


@pytest.mark.parametrize("tuned", [False, True])
def test_the_peer_keeps_articles_and_writes_a_feed(tmp_path: Path, tuned: bool) -> None:
    pytest.importorskip("datasketch")
    pytest.importorskip("xxhash")
    pages = pages_in(tmp_path, 120)
    kept = peer.peer(pages, fresh(tmp_path / "state"), Stopwatch("rest"), tuned=tuned)
    assert 60 < kept < 120
    assert (tmp_path / "state" / "feed.atom").read_bytes().count(b"</entry>") == 50
    with closing(sqlite3.connect(tmp_path / "state" / "peer.db")) as db:
        assert db.execute("select count(*) from articles").fetchone() == (kept,)
        assert db.execute("select count(*) from articles_fts where articles_fts match 'the'").fetchone()[0] > 60


def test_the_extra_and_its_input_want_the_same() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = (_ROOT / "requirements-bench.in").read_text(encoding="utf-8").splitlines()
    assert project["optional-dependencies"]["bench"] == [row for row in rows if not row.startswith(("-", "#"))]
