"""The status page shows how it goes; the metrics say the same to a machine."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from askings import NOW, Looking, parsed
from invented import body
from prometheus_client.parser import text_string_to_metric_families

from worker import jobs
from worker.model import Failure, JobRun, Silence
from worker.store import dumps, lags, silences
from worker.store.database import transaction

HOSTILE = 'A <script>alert(1)</script> & "board"'


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    looking = Looking(tmp_path)
    looking.runs.append(JobRun(job="scan", started=NOW, succeeded=NOW - timedelta(minutes=2), error=None))
    return looking


def take_in(looking: Looking, texts: dict[str, str], *, days: int = 0) -> None:
    seeds = looking.folder / "seeds"
    seeds.mkdir(exist_ok=True)
    now = NOW - timedelta(days=days)
    for name, text in texts.items():
        (seeds / name).write_text(text, encoding="utf-8")
        os.utime(seeds / name, (now.timestamp() - 2, now.timestamp() - 2))
    with looking.store() as db:
        read = jobs.Seeds.remembered(db, seeds, settle=0, authority="example.org,2026")
        jobs.ingest(db, read, jobs.Rim(sleep=lambda _seconds: None), now=now)


def quiet(looking: Looking, name: str) -> None:
    with looking.store() as db, transaction(db):
        silence = Silence(
            source=name.casefold(),
            name=name,
            last=NOW - timedelta(days=4),
            newest=1,
            usual_gap=timedelta(days=1),
            since=NOW - timedelta(days=1),
        )
        silences.note(db, silence, NOW)


def rows(page: str, chart: str) -> list[list[str]]:
    found = parsed(page).xpath(f"//section[@aria-labelledby='{chart}']//tbody/tr")
    return [[cell.text_content() for cell in row] for row in found]


def metrics(looking: Looking) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = looking.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name.removeprefix("seedwire_"), tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_an_empty_archive_is_well(looking: Looking) -> None:
    answer = looking.get("/status")
    assert answer.status == 200
    assert "All is well." in answer.text
    assert "None: every source that has a rhythm keeps to it." in answer.text


def test_what_came_stands_in_the_charts_and_their_tables(looking: Looking) -> None:
    take_in(looking, {"a.txt": body(1), "b.txt": body(2)}, days=1)
    take_in(looking, {"c.txt": body(3), "d.txt": body(1) + " "})
    page = looking.get("/status").text
    assert rows(page, "articles") == [["2026-11-23", "1"], ["2026-11-22", "2"]]
    assert rows(page, "outcomes") == [["2026-11-23", "1", "1", "0", "0", "0"], ["2026-11-22", "2", "0", "0", "0", "0"]]
    assert "all of them in pieces. 4 pieces are articles." in " ".join(page.split())


def test_missing_characters_are_a_fault(looking: Looking) -> None:
    take_in(looking, {"a.txt": body(1)})
    with looking.store() as db:
        db.conn.execute("update tallies set number = number - 1 where what = 'characters_in_pieces'")
    assert "Characters are missing." in looking.get("/status").text


def test_lags_are_told(looking: Looking) -> None:
    take_in(looking, {"a.txt": body(1)})
    with looking.store() as db:
        lags.note(db, [1], NOW)
    assert rows(looking.get("/status").text, "lags") == [["2026-11-23", "1", "1.5 seconds", "2 seconds"]]
    told = metrics(looking)
    assert told[("publish_lag_seconds_bucket", (("le", "1.0"),))] == 0
    assert told[("publish_lag_seconds_bucket", (("le", "2.0"),))] == 1
    assert told[("publish_lag_seconds_sum", ())] == 2


def test_names_are_escaped(looking: Looking) -> None:
    quiet(looking, HOSTILE)
    with looking.store() as db, transaction(db):
        dumps.record_failures(db, [Failure(path=HOSTILE, reason=HOSTILE)], NOW)
        db.conn.execute("insert into source_tallies values ('2026-11-23', ?, 3)", (HOSTILE,))
    page = looking.get("/status").text
    assert "<script>" not in page
    assert rows(page, "quiet") == [[HOSTILE, "2026-11-19 12:00", "4 days", "1 day"]]


def test_what_fails_is_said_first(looking: Looking) -> None:
    looking.runs.append(JobRun(job="post", started=NOW, succeeded=None, error="mail.example does not answer"))
    page = looking.get("/status").text
    assert "post failed." in page
    assert "mail.example does not answer" in page
    looking.runs.pop()
    looking.refused = 2
    assert "A feed broke a rule" in looking.get("/status").text
    looking.alive = False
    assert "The scheduler is stuck" in looking.get("/status").text


def test_the_page_stays_small_and_runs_nothing(looking: Looking) -> None:
    with looking.store() as db, transaction(db):
        for back in range(60):
            day = (NOW - timedelta(days=back)).date().isoformat()
            for number in range(30):
                db.conn.execute("insert into source_tallies values (?, ?, ?)", (day, f"Source {number} " * 9, 12345))
            for what in ("stored", "duplicate", "revision", "reprint", "rejected"):
                db.conn.execute("insert into tallies values (?, ?, 123456)", (day, what))
            db.conn.execute("insert into lags values (?, 99.0, 1.0, ?)", (day, str([7] * len(lags.BOUNDS))))
    for number in range(60):
        quiet(looking, f"A source of many words, number {number} " * 4)
    answer = looking.get("/status")
    assert len(answer.body) < 100_000
    assert " style=" not in answer.text
    assert "<script" not in answer.text
    assert "And 40 more." in answer.text


def test_metrics_count_what_there_is(looking: Looking) -> None:
    take_in(looking, {"a.txt": body(1), "b.txt": body(2), "c.txt": body(1) + " "})
    quiet(looking, "Harbour Board")
    looking.refused = 1
    with looking.store() as db:
        db.conn.execute(
            """insert into calls (kind, url, subject, state, next_try, created, changed)
            values ('hub', 'https://hub.example', 'x', 'queued', '', '', '')"""
        )
    told = metrics(looking)
    assert told[("pages", ())] == 3
    assert told[("page_characters", ())] == told[("piece_characters", ())] > 0
    assert told[("article_pieces", (("outcome", "stored"),))] == 2
    assert told[("article_pieces", (("outcome", "duplicate"),))] == 1
    assert told[("entries", ())] == 2
    assert told[("quiet_sources", ())] == 1
    assert told[("feeds_refused", ())] == 1
    assert told[("calls", (("kind", "hub"), ("state", "queued")))] == 1
    assert told[("job_last_success_timestamp_seconds", (("job", "scan"),))] == NOW.timestamp() - 120
    assert told[("job_failing", (("job", "scan"),))] == 0
