"""Topics: an entry is in one where a search would find it; what config, revisions and crashes make of that."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from searches import searched as stories_found
from sqlite_utils import Database

from worker import jobs
from worker.intake import fingerprint
from worker.model import Article, Topic, slug_of
from worker.store import entries, topics
from worker.store.book import Book
from worker.store.database import open_database, transaction

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RIM = jobs.Rim(sleep=lambda _seconds: None)


def topic(name: str, query: str) -> Topic:
    return Topic(name=name, slug=slug_of(name), query=query)


def article(text: str, title: str = "News", source: str | None = None) -> Article:
    return Article(
        title=title,
        title_derived=False,
        published=None,
        source=source,
        language=None,
        link=None,
        text=text,
        start=0,
        end=len(text),
        evidence="",
    )


def write(db: Database, *articles: Article) -> list[int]:
    """New entries, as an ingest writes them, in one portion."""
    with transaction(db):
        named = [(one, fingerprint.of_text(one.text)) for one in articles]
        book = Book(db, (name for _, name in named), authority="example.org,2026", now=NOW)
        numbers = [book.add(one, name) for one, name in named]
        book.write()
    return numbers


def keep(db: Database, *wanted: Topic) -> None:
    jobs.keep_topics(db, wanted)
    jobs.match_topics(db, RIM)


def members(db: Database) -> dict[str, list[int]]:
    rows = db.conn.execute("select name, entry from topics left join entry_topics on topic = id order by 1, 2")
    found: dict[str, list[int]] = {}
    for name, entry in rows:
        found.setdefault(name, []).extend([] if entry is None else [entry])
    return found


def searched(db: Database, query: str) -> list[int]:
    rows = db.conn.execute("select rowid from entries_fts where entries_fts match ? order by 1", (query,))
    return [number for (number,) in rows]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "seedwire.db")) as opened:
        yield opened


@pytest.fixture(params=["archive", "aside"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to match, which must find the same."""
    monkeypatch.setattr(topics, "_ENTRIES_A_TOPIC", 0 if request.param == "archive" else 1000)


# ── An entry is in a topic where the search finds it ────────────────────────────────────────────────

_WORD = st.sampled_from(["ferry", "Ferries", "паром", "ПАРОМЫ", "crème", "creme", "goat", "goats", "x-ray", "7", "ё"])
_TEXTS = st.lists(_WORD, min_size=1, max_size=6).map(" ".join)
_PLAIN = _WORD.map(lambda word: f'"{word}"')
_QUERIES = st.recursive(
    _PLAIN
    | st.lists(_WORD, min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"')
    | _WORD.map(lambda word: f'"{word[:3]}" *')
    | st.builds("{}: {}".format, st.sampled_from(["title", "text", "source", "{title text}", "-source"]), _PLAIN)
    | _PLAIN.map("^{}".format)
    | st.builds("NEAR({} {}, {})".format, _PLAIN, _PLAIN, st.integers(0, 3)),
    lambda below: st.builds("({} {} {})".format, below, st.sampled_from(["AND", "OR", "NOT"]), below),
    max_leaves=4,
)


@pytest.mark.usefixtures("_way")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.tuples(_TEXTS, _TEXTS, st.none() | _WORD), min_size=1, max_size=4), min_size=1, max_size=3),
    st.lists(_QUERIES, min_size=1, max_size=4, unique=True),
    st.integers(0, 3),
)
def test_an_entry_is_in_a_topic_where_the_search_finds_it(
    portions: list[list[tuple[str, str, str | None]]], queries: list[str], later: int
) -> None:
    """Whether topics come before, between or after the entries."""
    assert topics.faults(queries) == {}
    wanted = [topic(f"t{number}", query) for number, query in enumerate(queries)]
    with closing(open_database(Path(":memory:"))) as db:
        for number, portion in enumerate(portions):
            if number == later:
                keep(db, *wanted)
            # Numbers make texts different: a text is stored once.
            new = ((f"{text} n{number}m{at}", title, by) for at, (text, title, by) in enumerate(portion))
            write(db, *(article(text, title, by) for text, title, by in new))
        keep(db, *wanted)
        assert members(db) == {one.name: searched(db, one.query) for one in wanted}
        for number in range(1, entries.last_number(db) + 1):
            told = {one.name for one in topics.of_entry(db, number)}
            assert told == {one.name for one in wanted if number in searched(db, one.query)}


def test_both_ways_find_the_same_with_1000_topics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"ferry{number % 50} goat{number % 7} number{number}" for number in range(300)]
    wanted = [topic(f"t{n}", f"ferry{n % 60}" + (f" NOT goat{n % 8}" if n % 3 else "*")) for n in range(1000)]
    found = []
    for way in (0, 1000):
        monkeypatch.setattr(topics, "_ENTRIES_A_TOPIC", way)
        with closing(open_database(tmp_path / f"{way}.db")) as db:
            keep(db, *wanted)
            for first in (0, 100, 200):
                write(db, *(article(text) for text in texts[first : first + 100]))
            found.append(members(db))
            assert found[-1] == {one.name: searched(db, one.query) for one in wanted}
    assert found[0] == found[1]
    assert sum(map(len, found[0].values())) > 1000


def test_the_check_speaks_of_the_columns_and_the_tokenizer_of_the_index(db: Database) -> None:
    (made,) = db.conn.execute("select sql from sqlite_master where name = 'entries_fts'").fetchone()
    columns, _, tokenizer = topics._FTS.partition(", tokenize")
    assert columns in " ".join(made.split())
    assert f"tokenize{tokenizer}" in " ".join(made.split())


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("", "no word"),
        (' "!?" ', "no word"),
        ("roads AND", "ends too early"),
        ("roads ferries)", ")"),
        ('"roads', "unterminated"),
        ("author: ana", "author"),
        ("*id", "*"),
        ("roads\x00 ferries", "NUL"),
        ("o'hara", "'"),
        ("a\nAND\nOR b", "OR"),
        ("a AND " * 300 + "(b OR c)", ""),
    ],
)
def test_what_is_wrong_with_a_query(query: str, word: str) -> None:
    told = topics.faults([query, "roads"]).get(query)
    assert told is None if not word else told and word in told and "\n" not in told
    assert "roads" not in topics.faults(["roads"])


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_a_slug_is_its_own_slug_and_fits_an_address(name: str) -> None:
    slug = slug_of(name)
    assert slug_of(slug) == slug
    assert not set(slug) & set(" /\\?#%&.\n\x00\"'<>")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_slugs() -> None:
    told = {
        "Roads & Ferries": "roads-ferries",
        "  Дороги, 2026 ": "дороги-2026",
        "Ⅷ": "viii",
        "हिन्दी": "हिन्दी",
        "?!": "",
    }
    assert {name: slug_of(name) for name in told} == told


# ── Settings change ─────────────────────────────────────────────────────────────────────────────────


def test_topics_come_are_renamed_change_and_go(db: Database) -> None:
    write(db, article("the ferry returns"), article("goats climb"), article("goats on the ferry"))
    keep(db, topic("Ferries", "ferry"), topic("Goats", "goats"))
    assert members(db) == {"Ferries": [1, 3], "Goats": [2, 3]}
    before = db.conn.execute("select id, name from topics order by id").fetchall()

    keep(db, topic("FERRIES", "ferry"), topic("Animals", "goats"))  # the same slug; the same query
    assert members(db) == {"FERRIES": [1, 3], "Animals": [2, 3]}
    assert [id_ for id_, _ in before] == [
        id_ for (id_,) in db.conn.execute("select id from topics order by id").fetchall()
    ]
    assert {(one.slug, one.query) for one in topics.every(db)} == {("ferries", "ferry"), ("animals", "goats")}

    keep(db, topic("Ferries", "returns"), topic("Both", "ferry goats"))
    assert members(db) == {"Ferries": [1], "Both": [3]}
    keep(db, topic("Both", "returns"), topic("Ferries", "ferry goats"))  # names swapped
    assert members(db) == {"Both": [1], "Ferries": [3]}
    keep(db)
    assert members(db) == {}
    assert db.conn.execute("select count(*) from entry_topics").fetchone() == (0,)


def test_what_is_as_it_was_writes_nothing(db: Database) -> None:
    wanted = [topic("Ferries", "ferry"), topic("Goats", "goats")]
    write(db, article("the ferry returns"))
    keep(db, *wanted)
    before = db.conn.total_changes
    keep(db, *reversed(wanted))
    assert db.conn.total_changes == before
    assert not jobs.match_topics(db, RIM)


def test_the_archive_is_matched_in_steps_that_a_stop_does_not_lose(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(db, *(article(f"ferry number {number}") for number in range(50)))
    monkeypatch.setattr(topics, "_STEP", 7)
    monkeypatch.setattr(topics, "_TOPIC", 1)
    jobs.keep_topics(db, [topic("Ferries", "ferry"), topic("None", "goats")])
    steps = iter(range(4))
    jobs.match_topics(db, jobs.Rim(sleep=lambda _seconds: None, stopping=lambda: next(steps, None) is None))
    assert len(members(db)["Ferries"]) == 28
    assert topics.totals(db) == {"topics": 2, "entries": 28, "pending": 2}
    write(db, article("one more ferry"))  # what is new has its topics at once
    assert members(db)["Ferries"] == [*range(1, 29), 51]
    jobs.match_topics(db, RIM)
    assert members(db) == {"Ferries": [*range(1, 52)], "None": []}
    assert topics.totals(db)["pending"] == 0


# ── Entries change ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("field", ["title", "text", "source"])
def test_an_entry_that_changes_gains_topics_and_loses_none(db: Database, field: str) -> None:
    keep(db, topic("Ferries", f"{field}: ferry"), topic("Goats", f"{field}: goats"))
    write(db, article("0"), article(**{"text": "1", field: "the ferry"}), article("2"))
    assert members(db) == {"Ferries": [2], "Goats": []}
    changed: dict[str, Any] = {field: "the goats"}
    with transaction(db):
        book = Book(db, (), numbers=[1, 2, 3], authority="example.org,2026", now=NOW + timedelta(hours=1))
        book.put(dataclasses.replace(book.get(2), **changed))
        book.write()
    assert members(db) == {"Ferries": [2], "Goats": [2]}
    assert [one.name for one in topics.of_entry(db, 2)] == ["Ferries", "Goats"]


def test_a_portion_that_is_rolled_back_leaves_no_topics(db: Database) -> None:
    keep(db, topic("Ferries", "ferry"))
    for _ in range(2):
        with pytest.raises(RuntimeError), transaction(db):
            name = fingerprint.of_text("the ferry")
            book = Book(db, [name], authority="example.org,2026", now=NOW)
            book.add(article("the ferry"), name)
            book.write()
            raise RuntimeError
        assert members(db) == {"Ferries": []}
    write(db, article("goats"), article("the ferry"))
    assert members(db) == {"Ferries": [2]}


# ── What is told ────────────────────────────────────────────────────────────────────────────────────


def test_counts_and_the_newest(db: Database) -> None:
    keep(db, topic("Ferries", "ferry"), topic("Goats", "goats"), topic("None", "nothing"))
    write(db, article("ferry one"), article("goats"), article("ferry two"))
    with transaction(db):  # a replay finds one of old
        name = fingerprint.of_text("ferry three")
        book = Book(db, [name], authority="example.org,2026", now=NOW)
        book.add(article("ferry three"), name, place=2)
        book.write()
    told = [(one.topic.name, one.entries, one.newest and one.newest.text, one.complete) for one in topics.found(db)]
    assert told == [("Ferries", 3, "ferry two", True), ("Goats", 1, "goats", True), ("None", 0, None, True)]
    assert topics.totals(db) == {"topics": 3, "entries": 4, "pending": 0}
    assert [entry.number for entry, _ in stories_found(db, "one OR goats", topic="ferries")] == [1]
    assert len(stories_found(db, "one OR goats")) == 2
