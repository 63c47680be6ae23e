"""What a command works with: settings, folders, the clock, and the parts put together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from jinja2 import Environment
from sqlite_utils import Database

from worker import jobs, settings, templating
from worker.errors import SettingsError
from worker.model import JobRun
from worker.outlet.deliver import Route, route_for
from worker.outlet.publish import FeedHead
from worker.settings import Settings
from worker.store import runs
from worker.store.database import open_database, store_error, transaction

#: A run that did nothing is noted this often at the most: an unchanged folder shall not cost a write.
_NOTED = timedelta(minutes=5)


def clock() -> datetime:
    """Now, in UTC, to the second: what the store keeps."""
    return moment().replace(microsecond=0)


def moment() -> datetime:
    """Now, in UTC, as finely as the clock goes: what a schedule needs."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """The settings and folders of one call, and whatever is made of them."""

    settings: Settings
    seeds: Path
    state: Path

    @property
    def database(self) -> Path:
        """The store's file."""
        return self.state / "seedwire.db"

    @property
    def public(self) -> Path:
        """The feed tree."""
        return self.state / "public"

    @property
    def maildir(self) -> Path:
        """Where mail lies while no SMTP server is configured."""
        return self.state / "mail"

    @property
    def lock(self) -> Path:
        """Held by the daemon, and by `once`."""
        return self.state / "seedwire.lock"

    @property
    def post_lock(self) -> Path:
        """Held while mail goes out: no message is in two hands."""
        return self.state / "post.lock"

    @cached_property
    def templates(self) -> Environment:
        """All templates, checked. Raises TemplateError."""
        own = self.settings.templates.directory
        return templating.load(Path(own) if own else None)

    @contextmanager
    def store(self) -> Iterator[Database]:
        """A connection for this thread; whatever SQLite says becomes a StoreError with a cure."""
        with closing(open_database(self.database)) as db:
            try:
                yield db
            except sqlite3.Error as error:
                raise store_error(error, self.database) from error

    def route(self) -> Route:
        """How mail leaves."""
        return route_for(self.settings.smtp.url or None, self.maildir)

    @property
    def reader(self) -> jobs.Reader:
        """How pages are read, but for the frames that the archive knows: the jobs add those."""
        own = self.settings
        return jobs.Reader(limits=own.dump_limits, sites=own.site_profiles, timezone=own.seeds.timezone)

    def in_seeds(self, path: Path) -> str:
        """A file as the store would name it: relative to the seeds directory where it lies there, else as given."""
        seeds, full = self.seeds.resolve(), path.resolve()
        return full.relative_to(seeds).as_posix() if full.is_relative_to(seeds) else str(path)

    def watched(self, db: Database) -> jobs.Seeds:
        """The seeds directory with all that is known of it."""
        seeds = jobs.Seeds.remembered(
            db,
            self.seeds,
            settle=self.settings.seeds.settle.total_seconds(),
            authority=self.settings.feed.authority,
            reader=self.reader,
            apart=self.state,
        )
        return replace(seeds, sketches=jobs.sketches_of(self.settings.stories.window))

    def publish(self, db: Database, now: datetime) -> bool:
        """Write the feed; whether it changed."""
        feed = self.settings.feed
        head = FeedHead(
            uri=f"tag:{feed.authority}:wire",
            title=feed.title,
            base_url=self.settings.base_url,
            path="feed.atom",
            zone=ZoneInfo(self.settings.seeds.timezone),
            since=runs.since(db),
        )
        return jobs.publish(db, self.public, head, feed.size, now=now)

    def post(self, route: Route) -> jobs.Post:
        """How mail is made and sent over a route."""
        return jobs.Post(
            route=route,
            templates=self.templates,
            sender=self.settings.smtp.sender,
            title=self.settings.feed.title,
            base_url=self.settings.base_url,
            late=self.settings.digest.late,
        )

    def operator(self) -> jobs.Operator:
        """Who is told of sources that go quiet."""
        return jobs.Operator(
            email=self.settings.operator.email,
            multiple=self.settings.operator.quiet,
            templates=self.templates,
            sender=self.settings.smtp.sender,
            title=self.settings.feed.title,
            base_url=self.settings.base_url,
            folder=str(self.seeds.resolve()),
            timezone=self.settings.seeds.timezone,
        )

    def record(self, run: JobRun) -> None:
        """Keep how a job went, unless that would only say again that all is well."""
        with self.store() as db:
            before = {known.job: known for known in runs.every(db)}.get(run.job)
            if before is None or not _said_lately(before, run):
                with transaction(db):
                    runs.record(db, run)


def wiring() -> Wiring:
    """The wiring of the current command. Raises SettingsError."""
    given = click.get_current_context().find_root().obj
    config = given["config"]
    loaded = settings.load(config or Path("seedwire.toml"), required=config is not None)
    seeds = given["seeds"] or Path(loaded.seeds.directory)
    state = given["state"] or Path("state")
    if seeds.resolve() == state.resolve():
        raise SettingsError(f"{seeds} is both the folder of dumps and of the state: name another with --state")
    return Wiring(settings=loaded, seeds=seeds, state=state)


def _said_lately(before: JobRun, run: JobRun) -> bool:
    if before.error or run.error or before.succeeded is None or run.succeeded is None:
        return False
    return run.succeeded - before.succeeded < _NOTED
