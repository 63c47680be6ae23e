"""How the jobs went, and the totals of the archive: what `status` and `/healthz` tell."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from worker.model import Failure, JobRun
from worker.store.database import put, take


def record(db: Database, run: JobRun) -> None:
    """Keep how a job last went."""
    db.conn.execute(
        """insert into jobs (name, started, succeeded, error) values (?, ?, ?, ?) on conflict (name) do update
        set started = excluded.started, succeeded = coalesce(excluded.succeeded, succeeded), error = excluded.error""",
        (run.job, run.started and put(run.started), run.succeeded and put(run.succeeded), run.error),
    )


def since(db: Database) -> datetime:
    """When this archive was made."""
    (applied,) = db.conn.execute("select min(applied_at) from _sqlite_migrations").fetchone()
    return datetime.fromisoformat(applied).replace(microsecond=0)


def every(db: Database) -> list[JobRun]:
    """The last run of each job."""
    return [
        JobRun(job=name, started=_moment(begun), succeeded=_moment(well), error=error)
        for name, begun, well, error in db.conn.execute(
            "select name, started, succeeded, error from jobs order by name"
        )
    ]


def failures(db: Database, limit: int) -> list[tuple[Failure, datetime, int]]:
    """What cannot be read: with the time of the first try, and how many there were."""
    rows = db.conn.execute("select path, reason, first, tries from failures order by path limit ?", (limit,))
    return [(Failure(path=path, reason=reason), take(first), tries) for path, reason, first, tries in rows]


def failing(db: Database) -> int:
    """How many files cannot be read."""
    return int(db.conn.execute("select count(*) from failures").fetchone()[0])


def totals(db: Database) -> dict[str, int]:
    """How much there is of everything; `characters` equals `characters_in_pieces` (the law of conservation)."""
    row = db.conn.execute(
        """select (select count(*) from files), (select count(*) from dumps), (select count(*) from pages),
            (select count(*) from entries), (select count(*) from failures),
            (select coalesce(sum(length), 0) from pages), (select coalesce(sum(end - start), 0) from pieces),
            (select count(*) from subscriptions)"""
    ).fetchone()
    names = (
        "files", "dumps", "pages", "entries", "failures", "characters", "characters_in_pieces", "subscriptions",
    )  # fmt: skip
    return dict(zip(names, row, strict=True))


def outcomes(db: Database) -> dict[str, int]:
    """How many article pieces ended how."""
    rows = db.conn.execute("select outcome, count(*) from pieces where outcome is not null group by outcome order by 1")
    return dict(rows.fetchall())


def _moment(text: str | None) -> datetime | None:
    return None if text is None else take(text)
