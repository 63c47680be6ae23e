"""run, once: the jobs, walked by the clock or a single time."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta

import click

from worker import jobs, lock, logs
from worker.cli import systemd
from worker.cli.rims import progress, stopped_by_signals
from worker.cli.serving import site
from worker.cli.wiring import PUBLISH_EVERY, Wiring, clock, moment, wiring
from worker.errors import FeedRefused, SeedsUnreachable, SeedwireError
from worker.model import JobRun
from worker.outlet.deliver import Route
from worker.schedule import Schedule, Task, watch
from worker.web.server import HttpServer, bind

log = logging.getLogger("worker")

_log_style = click.option(
    "--log",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Style of the log.",
)
_PUBLISH_AGAIN = timedelta(seconds=20)  #: after one that failed, as on a full disk
#: Documents are derived: looked after now and then, in case somebody removed them.
_LOOK_AFTER = timedelta(minutes=5)
_PUBLISH_FIRST = timedelta(seconds=2)  #: the first scan is mostly done by then, and wakes it earlier
_CALL_EVERY = timedelta(minutes=1)  #: a publish wakes it, and so does the time for another try
_POST_EVERY = timedelta(seconds=30)
#: No source is quiet within a day, so an hour is soon enough; a look takes a second at 200,000 entries.
_QUIET_EVERY = timedelta(hours=1)
#: Seconds that a stop waits for the portion in hand.
_STOP_PATIENCE = 2.0
#: A file that was still growing is looked at again so soon.
_GROWING = timedelta(milliseconds=300)


@click.command(epilog="Example:  seedwire --seeds dumps run --log json")
@_log_style
def run(style: str) -> None:
    """Watch, publish, post and serve until SIGTERM or Ctrl-C."""
    logs.set_up(style)
    app = wiring()
    with ExitStack() as stack:
        stack.enter_context(lock.held(app.lock))
        _serve(app, stack, style)


def _serve(app: Wiring, stack: ExitStack, style: str) -> None:
    stopping = stopped_by_signals()
    sock = stack.enter_context(bind(*app.settings.address))
    route = stack.enter_context(app.route())
    rim = jobs.Rim(sleep=stopping.wait, stopping=stopping.is_set, readers=app.settings.readers)
    tasks = Tasks(app, rim, app.post(route))
    schedule = Schedule(tasks.all(), clock=moment, record=app.record, beat=lambda: systemd.notify("WATCHDOG=1"))
    http = HttpServer(site(app, schedule, tasks), sock)
    _tell(app, route, style)
    schedule.start()
    http.start()
    watch(app.seeds, lambda: schedule.wake("scan"), stopping)
    systemd.notify("READY=1")
    stopping.wait()
    log.info("stopping")
    systemd.notify("STOPPING=1")
    ended = schedule.stop(_STOP_PATIENCE)
    http.stop()
    log.info("stopped" if ended else "stopped before the job in hand had ended; the next start takes it up")
    if not ended:
        sys.stderr.flush()
        os._exit(0)  # Python would wait for the thread that goes on


class Tasks:
    """The jobs as the schedule runs them: each with a store connection of its own."""

    def __init__(self, app: Wiring, rim: jobs.Rim, post: jobs.Post) -> None:
        self._app, self._rim, self._post = app, rim, post
        #: When a scan was last followed by a look at silences, and when a publish last looked for what is lost.
        self._listened: datetime | None = None
        self._looked_after: datetime | None = None
        self.refused = 0  #: feeds that the last publish refused
        self._all_read = False  #: whether a scan has just taken in all that lay there
        self._calls = app.calls()
        with app.store() as db:
            jobs.keep_topics(db, app.settings.topic_searches)
            jobs.keep_peers(db, self._calls, now=clock())  # before anything is read: a new webhook is told of that
            self._seeds = app.watched(db)

    def all(self) -> list[Task]:
        """scan, publish, call, quiet and post."""
        return [
            Task(name="scan", every=self._app.settings.seeds.every, run=self.scan),
            Task(name="publish", every=PUBLISH_EVERY, first=_PUBLISH_FIRST, again=_PUBLISH_AGAIN, run=self.publish),
            Task(name="call", every=_CALL_EVERY, run=self.call),
            Task(name="quiet", every=_QUIET_EVERY, first=_QUIET_EVERY, run=self.quiet),  # a scan wakes it
            Task(name="post", every=_POST_EVERY, run=self.post),
        ]

    def scan(self, now: datetime) -> Mapping[str, timedelta]:
        """Take in what is new; the feed follows at once. A topic that is new looks through the archive before."""
        with self._app.store() as db:
            if jobs.match_topics(db, self._rim):
                log.info("matched topics with the archive")
            done = jobs.ingest(db, self._seeds, self._rim, now=now)
        for path in done.changed_in_reading:
            log.warning("changed while it was read; the next scan reads the rest", extra={"dump": path})
        if done.hands_lost:
            log.warning("a process that read pages died; they were read without it", extra={"died": done.hands_lost})
        if done.dumps or done.failures or done.outcomes:
            outcomes = {outcome.value: count for outcome, count in sorted(done.outcomes.items())}
            log.info("scanned", extra={"dumps": done.dumps, "unreadable": done.failures, **outcomes})
        if done.unreachable:
            raise SeedsUnreachable(
                f"the seeds directory {self._app.seeds} cannot be read ({done.unreachable}): "
                "create it, give access, or name another with --seeds"
            )
        wakes = {"publish": timedelta(0)} if done.changed else {}
        if _passed(self._listened, now, _QUIET_EVERY) and not self._rim.stopping():
            self._listened, self._all_read = now, True
            wakes["quiet"] = timedelta(0)
        return wakes | ({"scan": _GROWING} if done.growing else {})

    def publish(self, now: datetime) -> Mapping[str, timedelta]:
        """Write the feed where it says something new."""
        thoroughly = _passed(self._looked_after, now, _LOOK_AFTER) or not (self._app.public / "feed.atom").exists()
        if thoroughly:
            self._looked_after = now
        with self._app.store() as db:
            done = self._app.publish(db, now, stopping=self._rim.stopping, thoroughly=thoroughly)
        self.refused = len(done.refused)
        for one in done.refused:
            log.error("feed refused", extra={"error": one})
        if done.refused:
            more = f" (and {len(done.refused) - 1} more feeds, see the log)" if len(done.refused) > 1 else ""
            raise FeedRefused(done.refused[0] + more)
        if done.changed:
            log.info("published", extra={"documents": len(done.changed), "channels": len(done.channels)})
        return {"call": timedelta(0)} if done.changed else {}

    def call(self, now: datetime) -> Mapping[str, timedelta]:
        """Tell hubs and webhooks. A task of its own: no peer keeps a feed waiting."""
        with self._app.store() as db:
            jobs.queue_calls(db, self._calls, now=now)
            done = jobs.make_calls(db, self._calls, self._rim, now=now)
            due = jobs.next_call(db)
        if done:
            log.info("called", extra={state.value: count for state, count in sorted(done.items())})
        return {} if due is None or self._rim.stopping() else {"call": max(due - now, timedelta(0))}

    def quiet(self, now: datetime) -> Mapping[str, timedelta]:
        """Note the sources that have gone quiet. Only behind a scan: after a stop or a sleep of our own, what came
        meanwhile must be read first.
        """
        if not self._all_read:
            return {}
        with self._app.store() as db:
            noted = jobs.note_silences(db, self._app.operator(), now=now)
        self._all_read = False
        for one in noted:
            log.warning(
                "source has gone quiet",
                extra={
                    "source": one.name,
                    "last": one.last.isoformat(),
                    "usual_gap_seconds": int(one.usual_gap.total_seconds()),
                    "quiet_since": one.since.isoformat(),
                },
            )
        return {"post": timedelta(0)} if noted else {}

    def post(self, now: datetime) -> Mapping[str, timedelta]:
        """Make the digests that are due and hand over what waits."""
        with lock.held(self._app.post_lock, wait=True), self._app.store() as db:
            try:
                done = jobs.post_digests(db, self._post, self._rim, now=now)
            finally:
                self._post.route.close()  # no server likes to be kept waiting until the next run
        if done:
            log.info("posted", extra={state.value: count for state, count in sorted(done.items())})
        return {}


def _passed(last: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether it is time again; it is, too, where the clock was set back."""
    return last is None or not timedelta(0) <= now - last < every


@click.command(epilog="Example:  seedwire --seeds dumps once")
@_log_style
def once(style: str) -> None:
    """Walk the road a single time: read what is new, publish, post what is due; then exit."""
    logs.set_up(style)
    app, now, stopping = wiring(), clock(), stopped_by_signals()
    failed: list[str] = []
    with lock.held(app.lock), app.route() as route:
        rim = jobs.Rim(
            sleep=stopping.wait,
            stopping=stopping.is_set,
            readers=app.settings.readers,
            progress=progress("reading dumps"),
        )
        for task in Tasks(app, rim, app.post(route)).all():
            _walk(app, task, now, failed)
    if failed:
        raise SeedwireError("; ".join(failed))


def _walk(app: Wiring, task: Task, now: datetime, failed: list[str]) -> None:
    """One job; what it could not do does not keep the next from running."""
    error = None
    try:
        task.run(now)
    except SeedwireError as failure:
        error = str(failure)
        failed.append(error)
    app.record(JobRun(job=task.name, started=now, succeeded=None if error else now, error=error))


def _tell(app: Wiring, route: Route, style: str) -> None:
    """In plain words, where everything is; as an event where each line is to be JSON."""
    site = f"http://{app.settings.server.listen}"
    told = {
        "pages in": app.seeds.resolve(),
        "site": f"{site}/",
        "Atom feed": f"{site}/feed.atom, and as a file {(app.public / 'feed.atom').resolve()}",
        "mail": str(route) if app.settings.smtp.url else f"{route}, since no [smtp] url is set",
        "health": f"{site}/healthz",
    }
    if style == "json":
        log.info("running", extra={name.replace(" ", "_").lower(): str(where) for name, where in told.items()})
        return
    click.echo("seedwire is running. Drop page dumps into the folder; stop with Ctrl-C.", err=True)
    for name, where in told.items():
        click.echo(f"  {name + ':':<11}{where}", err=True)
    click.echo(
        f"  to get mail: {_command()} subscribers add you@example.org --daily 07:30 --timezone Asia/Almaty",
        err=True,
    )


def _command() -> str:
    """What somebody types to call us, as they have just done."""
    return sys.argv[0] if not sys.argv[0].endswith("__main__.py") else f"{sys.executable} -m worker"


COMMANDS = (run, once)
