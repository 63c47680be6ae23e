"""What a command works with: settings, folders, the clock, and the parts put together."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import click
from jinja2 import Environment
from sqlite_utils import Database

from worker import jobs, lock, settings, templating
from worker.errors import SettingsError
from worker.model import JobRun, Press
from worker.outlet.deliver import Route, route_for
from worker.settings import Settings
from worker.store import calls, runs
from worker.store.database import open_database, store_error, transaction

#: Whatever happens: a look at what is stale costs next to nothing.
PUBLISH_EVERY = timedelta(minutes=1)
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
    def publish_lock(self) -> Path:
        """Held while documents are written: no older one takes the place of a newer one."""
        return self.state / "publish.lock"

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

    def press(self, db: Database) -> Press:
        """How documents are written."""
        feed = self.settings.feed
        return Press(
            title=feed.title,
            base_url=self.settings.base_url,
            authority=feed.authority,
            zone=ZoneInfo(self.settings.seeds.timezone),
            since=runs.since(db),
            size=feed.size,
            bytes=feed.bytes,
            summary=feed.content == "summary",
            hubs=feed.hubs,
            max_age=self.max_age,
        )

    @property
    def max_age(self) -> int:
        """Seconds until a feed may have changed."""
        return int(min(self.settings.seeds.every, PUBLISH_EVERY).total_seconds())

    def publish(
        self, db: Database, now: datetime, *, stopping: Callable[[], bool] = lambda: False, thoroughly: bool = True
    ) -> jobs.Published:
        """Write what says something new; `thoroughly`: also what the public folder has lost. Raises PublishError."""
        press = self.press(db)

        def told(db: Database, paths: Sequence[str]) -> None:
            calls.add_pings(db, press.hubs, [f"{press.base_url}/{quote(path)}" for path in paths], now)

        with lock.held(self.publish_lock, wait=True):
            if thoroughly:
                jobs.look_after(db, self.public)
            pressing = jobs.Pressing(public=self.public, press=press, now=now, stopping=stopping, told=told)
            return jobs.publish(db, pressing)

    def calls(self) -> jobs.Calls:
        """Whom to call over HTTP when there is something new."""
        return jobs.Calls(
            base_url=self.settings.base_url,
            zone=ZoneInfo(self.settings.seeds.timezone),
            hubs=self.settings.feed.hubs,
            webhooks=self.settings.webhook_targets,
        )

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
