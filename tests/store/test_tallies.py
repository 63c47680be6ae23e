"""What is counted as it is stored is what counting it all again would give."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from archives import NOW, drop, ingested, opened, page
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from worker import jobs
from worker.jobs.reading import Reader
from worker.model import Site
from worker.store import runs, tallies
from worker.store.schema.charts import tallies_by_day


def recounted(db: Database) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """Pages and pieces, and entries, by day; from what they are."""
    days = "join dumps on dumps.id = pages.dump"
    counted = db.conn.execute(
        f"""select substr(stored, 1, 10), 'pages', count(*) from pages {days} group by 1
        union all select substr(stored, 1, 10), 'characters', sum(length) from pages {days} group by 1
        union all select substr(stored, 1, 10), 'characters_in_pieces', sum(end - start)
            from pieces join pages on pages.id = page {days} group by 1
        union all select substr(stored, 1, 10), outcome, count(*)
            from pieces join pages on pages.id = page {days} where outcome is not null group by 1, 2"""
    ).fetchall()
    named = db.conn.execute(
        """select substr(stored, 1, 10), coalesce(source, ''), count(*) from entries
        where place is null group by 1, 2"""
    ).fetchall()
    return sorted(row for row in counted if row[2]), sorted(named)


def told(db: Database) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    return (
        sorted(db.conn.execute("select day, what, number from tallies").fetchall()),
        sorted(db.conn.execute("select day, source, entries from source_tallies").fetchall()),
    )


def replayed(db: Database, sites: tuple[Site, ...]) -> None:
    reader = Reader(sites=sites)
    rim = jobs.Rim(sleep=lambda _seconds: None)
    jobs.replay(db, reader, rim, lambda _one: None, authority="example.org,2026", now=NOW + timedelta(days=9))


#: Profiles under which pages hold less: nothing of some articles, or of none who tells them.
PROFILES = {
    "none": (),
    "articles": (Site(name="articles", match="*", drop=("*number 1 *", "*number 3 *")),),
    "sources": (Site(name="sources", match="*", drop=("Source: *", "Ferry 2 *")),),
}
_SOURCES = ["", "\n\nSource: Harbour Board\n", "\n\nSource: Lake Board\n"]
_DROP = st.tuples(st.integers(1, 6), st.integers(0, 2), st.integers(0, 3))  # text, source, title
_STEP = st.lists(_DROP, min_size=1, max_size=4) | st.sampled_from(sorted(PROFILES))


@settings(max_examples=25, deadline=None)
@given(st.lists(_STEP, min_size=1, max_size=5))
def test_tallies_are_a_recount_whatever_came(steps: list[list[tuple[int, int, int]] | str]) -> None:
    with TemporaryDirectory() as folder, opened(Path(folder) / "seedwire.db") as db:
        for day, step in enumerate(steps):
            if isinstance(step, str):
                replayed(db, PROFILES[step])
            else:
                for place, (text, source, title) in enumerate(step):
                    name = f"Ferry {title} of the lake returns" if title else ""
                    drop(Path(folder) / "seeds", f"{day}-{place}.txt", page(text, title=name) + _SOURCES[source])
                ingested(db, Path(folder) / "seeds", NOW + timedelta(days=day, hours=day))
            assert told(db) == recounted(db)
        totals, sums = runs.totals(db), tallies.totals(db)
        for name in ("pages", "characters", "characters_in_pieces"):
            assert sums[name] == totals[name]
        assert {name: sums[name] for name in runs.outcomes(db)} == runs.outcomes(db)


def test_a_page_that_is_read_otherwise_counts_for_its_own_day(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        for number in range(1, 4):
            drop(tmp_path / "seeds", f"{number}.txt", page(number, title=f"Ferry {number} of the lake returns"))
        ingested(db, tmp_path / "seeds")
        db.conn.execute("update pages set recipe = 0, verdict = 'listing'")
        tallies.drop_pages(db, (1,))
        db.conn.execute("delete from pieces where page = 1")
        db.conn.execute(
            """insert into pieces (page, start, end, kind, reason)
            select 1, 0, length, 'chrome', 'x' from pages where id = 1"""
        )
        tallies.add_pages(db, (1,))
        assert told(db) == recounted(db)
        replayed(db, ())
        assert told(db) == recounted(db)
        assert {day for day, _, _ in told(db)[0]} == {"2026-11-23"}


def test_an_archive_from_before_is_added_up_once(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        for number in range(1, 4):
            drop(tmp_path / "seeds", f"{number}.txt", page(number))
            ingested(db, tmp_path / "seeds", NOW + timedelta(days=number))
        before = told(db)
        for table in ("tallies", "source_tallies", "lags"):
            db.conn.execute(f"drop table {table}")
        for index in ("outbox_state", "calls_state"):
            db.conn.execute(f"drop index {index}")
        tallies_by_day(db)
        assert told(db) == before == recounted(db)


def test_what_was_counted_is_told_by_day_and_by_source(tmp_path: Path) -> None:
    with opened(tmp_path / "seedwire.db") as db:
        for number in range(1, 4):
            drop(tmp_path / "seeds", f"{number}.txt", page(number))
        ingested(db, tmp_path / "seeds")
        day = NOW.date()
        assert tallies.by_day(db, day)[day]["stored"] == 3
        assert tallies.by_day(db, day + timedelta(days=1)) == {}
        assert tallies.entries_by_day(db, day) == {day: dict(tallies.sources(db, day, 9))}
        assert tallies.entries_stored(db) == 3
