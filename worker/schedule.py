"""When jobs run: APScheduler drives them, file events wake them, and a heartbeat tells that all this lives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic

import watchfiles
from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler

from worker.errors import SeedwireError
from worker.model import JobRun

log = logging.getLogger(__name__)

_BEAT = timedelta(seconds=15)
#: A scheduler whose heart has not beaten for so long is stuck or dead, whatever it says of itself.
_DEAD = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job and how often it runs. `run` returns which other tasks to wake, and after how long."""

    name: str
    every: timedelta
    first: timedelta = timedelta(0)  #: after the start
    again: timedelta | None = None  #: after a run that failed, where that is sooner
    run: Callable[[datetime], Mapping[str, timedelta]]


class Schedule:
    """Runs tasks until it is stopped: each at most once at a time, missed runs made up for by one."""

    def __init__(
        self,
        tasks: list[Task],
        *,
        clock: Callable[[], datetime],
        record: Callable[[JobRun], object],
        beat: Callable[[], object],
    ) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._clock, self._record, self._beat = clock, record, beat
        self._runs = {name: JobRun(job=name, started=None, succeeded=None, error=None) for name in self._tasks}
        self._again: set[str] = set()
        self._lock, self._waking = Lock(), Lock()
        self._stopped = False
        self._beaten = clock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(self._heard, EVENT_JOB_EXECUTED | EVENT_JOB_MAX_INSTANCES)

    def start(self) -> None:
        """Begin; each task runs after its first pause, and then at its interval or when woken."""
        for task in self._tasks.values():
            self._scheduler.add_job(
                self._run,
                "interval",
                args=[task],
                id=task.name,
                seconds=task.every.total_seconds(),
                next_run_time=self._clock() + task.first,
            )
        self._scheduler.add_job(
            self._heartbeat,
            "interval",
            id="heartbeat",
            seconds=_BEAT.total_seconds(),
            next_run_time=self._clock(),
        )
        self._scheduler.start()

    def stop(self, patience: float) -> bool:
        """Start nothing more, and let what is running end; False where that takes longer than `patience` seconds."""
        with self._waking:
            self._stopped = True
        ending = Thread(target=self._scheduler.shutdown, kwargs={"wait": True}, daemon=True)
        ending.start()
        ending.join(patience)
        return not ending.is_alive()

    def wake(self, name: str, after: timedelta = timedelta(0)) -> None:
        """Run a task soon, whatever its interval says. If it is running now, it runs once more."""
        with self._waking:
            if self._stopped:  # the scheduler waits for the task that calls us, and holds its locks meanwhile
                return
            job, when = self._scheduler.get_job(name), self._clock() + after
            if job is not None and (job.next_run_time is None or job.next_run_time > when):
                self._scheduler.modify_job(name, next_run_time=when)

    def runs(self) -> list[JobRun]:
        """How each task last went."""
        with self._lock:
            return list(self._runs.values())

    def alive(self) -> bool:
        """Whether the heart still beats."""
        return self._clock() - self._beaten < _DEAD

    def _heartbeat(self) -> None:
        self._beaten = self._clock()
        self._beat()

    def _heard(self, event: JobEvent) -> None:
        """APScheduler drops a run that comes while the last one goes on; a wake-up must not be lost so."""
        if event.code == EVENT_JOB_MAX_INSTANCES:
            self._again.add(event.job_id)
        elif event.job_id in self._again:
            self._again.discard(event.job_id)
            self.wake(event.job_id)

    def _run(self, task: Task) -> None:
        now, begun = self._clock().replace(microsecond=0), monotonic()  # the second is what the store keeps
        self._note(replace(self._runs[task.name], started=now))
        wakes: Mapping[str, timedelta] = {}
        error = None
        try:
            wakes = task.run(now)
        except SeedwireError as failure:
            error = str(failure)
            log.error("%s failed", task.name, extra={"error": error})
        except Exception as failure:
            error = f"{task.name} broke: {type(failure).__name__}: {failure}: see the log, and report this"
            log.exception("%s broke", task.name)
        run = self._runs[task.name]
        self._note(replace(run, succeeded=run.succeeded if error else self._clock(), error=error))
        try:
            self._record(self._runs[task.name])
        except SeedwireError as failure:  # a full disk, say: the job is told of in /healthz all the same
            log.error("%s cannot be noted", task.name, extra={"error": str(failure)})
        if error and task.again:
            wakes = {task.name: task.again}
        for name, after in wakes.items():
            # A task that wakes itself rests as long as it took: a file that never stops growing costs half a core.
            rest = timedelta(seconds=monotonic() - begun) if name == task.name else timedelta(0)
            self.wake(name, max(after, rest))

    def _note(self, run: JobRun) -> None:
        with self._lock:
            self._runs[run.job] = run


def watch(directory: Path, wake: Callable[[], object], stopping: Event) -> Thread:
    """Call `wake` whenever something changes below a directory. A hint only: the periodic scan is the truth."""

    def look() -> None:
        while not stopping.is_set():
            try:
                # Waits 10 ms for an event to be followed by more, at most 50 for the storm to end.
                for _ in watchfiles.watch(
                    directory,
                    stop_event=stopping,
                    step=10,
                    debounce=50,
                    watch_filter=None,
                    raise_interrupt=False,
                ):
                    wake()
            except (OSError, RuntimeError) as error:
                log.warning("cannot watch, only scan", extra={"directory": str(directory), "error": str(error)})
                stopping.wait(10)

    thread = Thread(target=look, name="watch", daemon=True)
    thread.start()
    return thread
