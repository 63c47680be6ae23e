"""schedule: each task at its time and at most once at a time; failures are told, wake-ups are never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from time import monotonic

import pytest

from worker.errors import PublishError, StoreFull
from worker.model import JobRun
from worker.schedule import Schedule, Task, watch

NEVER = timedelta(days=1)
PATIENCE = 20.0  # seconds; only a failing test waits so long


class Desk:
    """Counts runs, and lets a test wait for the n-th."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.times: list[float] = []
        self.records: list[JobRun] = []
        self._changed, self._lock = Event(), Lock()

    def task(
        self, name: str, every: timedelta = NEVER, then: Callable[[int], Mapping[str, timedelta]] = lambda _count: {}
    ) -> Task:
        def run(_now: datetime) -> Mapping[str, timedelta]:
            with self._lock:
                self.runs.append(name)
                self.times.append(monotonic())
                count = self.runs.count(name)
            self._changed.set()
            return then(count)

        return Task(name=name, every=every, run=run)

    def note(self, run: JobRun) -> None:
        self.records.append(run)
        self._changed.set()

    def until(self, met: Callable[[], bool]) -> None:
        end = monotonic() + PATIENCE
        while not met():
            assert monotonic() < end, f"waited in vain; {self.runs}"
            self._changed.wait(0.05)
            self._changed.clear()


def clock() -> datetime:
    return datetime.now(UTC)


@contextmanager
def scheduled(desk: Desk, *tasks: Task, beat: Callable[[], object] = lambda: None) -> Iterator[Schedule]:
    schedule = Schedule(list(tasks), clock=clock, record=desk.note, beat=beat)
    schedule.start()
    try:
        yield schedule
    finally:
        assert schedule.stop(PATIENCE)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_every_task_runs_at_the_start_and_then_at_its_interval(desk: Desk) -> None:
    with scheduled(desk, desk.task("scan", timedelta(seconds=0.05)), desk.task("post")) as schedule:
        desk.until(lambda: desk.runs.count("scan") >= 3 and len(desk.records) >= 3)
        assert desk.runs.count("post") == 1
        runs = {run.job: run for run in schedule.runs()}
        assert set(runs) == {"scan", "post"}
        assert all(run.error is None and run.started and run.succeeded for run in runs.values())


def test_before_its_first_run_a_task_has_neither_failed_nor_succeeded(desk: Desk) -> None:
    schedule = Schedule([desk.task("scan")], clock=clock, record=desk.note, beat=lambda: None)
    assert schedule.runs() == [JobRun(job="scan", started=None, succeeded=None, error=None)]
    assert schedule.alive()


def test_a_wake_runs_a_task_now(desk: Desk) -> None:
    with scheduled(desk, desk.task("scan")) as schedule:
        for count in range(1, 4):
            desk.until(lambda: len(desk.records) == count)  # noqa: B023 - called at once
            schedule.wake("scan")
        desk.until(lambda: len(desk.records) == 4)


def test_a_task_wakes_others(desk: Desk) -> None:
    with scheduled(desk, desk.task("scan", then=lambda _count: {"publish": timedelta(0)}), desk.task("publish")):
        desk.until(lambda: desk.runs.count("publish") >= 2)


def test_at_most_once_at_a_time_and_a_wake_in_between_is_not_lost(desk: Desk) -> None:
    inside, go_on, most = Event(), Event(), []

    def work(count: int) -> Mapping[str, timedelta]:
        most.append(1)
        assert len(most) == 1
        if count == 1:
            inside.set()
            go_on.wait(PATIENCE)
        most.pop()
        return {}

    with scheduled(desk, desk.task("scan", then=work)) as schedule:
        assert inside.wait(PATIENCE)
        for _ in range(3):
            schedule.wake("scan")
        desk.until(lambda: not schedule._scheduler.get_job("scan").pending)
        Event().wait(0.2)  # the scheduler finds the task busy meanwhile
        go_on.set()
        desk.until(lambda: desk.runs.count("scan") >= 2)
    assert all(run.error is None for run in desk.records)


def test_a_task_that_wakes_itself_rests_between(desk: Desk) -> None:
    rest = timedelta(seconds=0.3)
    with scheduled(desk, desk.task("scan", then=lambda count: {"scan": rest} if count < 4 else {})):
        desk.until(lambda: len(desk.runs) == 4)
    assert all(later - before >= 0.29 for before, later in zip(desk.times, desk.times[1:], strict=False))


def test_a_failure_is_told_and_the_next_run_may_succeed(desk: Desk) -> None:
    def work(count: int) -> Mapping[str, timedelta]:
        if count == 1:
            raise PublishError("cannot write feed.atom (No space left on device)")
        return {}

    with scheduled(desk, desk.task("publish", then=work)) as schedule:
        desk.until(lambda: len(desk.records) == 1)
        (run,) = schedule.runs()
        assert (run.error, run.succeeded) == ("cannot write feed.atom (No space left on device)", None)
        schedule.wake("publish")
        desk.until(lambda: len(desk.records) == 2)
    assert desk.records[1].error is None
    assert desk.records[1].succeeded is not None


def test_what_nobody_foresaw_is_told_too_and_does_not_stop_the_schedule(desk: Desk) -> None:
    def work(count: int) -> Mapping[str, timedelta]:
        return {} if count > 1 else {"scan": timedelta(1 // (count - 1))}

    with scheduled(desk, desk.task("scan", timedelta(seconds=0.05), then=work)):
        desk.until(lambda: len(desk.records) >= 2)
    assert "ZeroDivisionError" in (desk.records[0].error or "")
    assert desk.records[1].error is None


def test_a_run_that_cannot_be_noted_still_wakes_the_next(desk: Desk) -> None:
    def full(_run: JobRun) -> None:
        raise StoreFull("no space left for seedwire.db: free some")

    tasks = [desk.task("scan", then=lambda _count: {"publish": timedelta(0)}), desk.task("publish")]
    schedule = Schedule(tasks, clock=clock, record=full, beat=lambda: None)
    schedule.start()
    desk.until(lambda: desk.runs.count("publish") >= 2)
    assert schedule.stop(PATIENCE)


def test_the_heart_beats_at_the_start(desk: Desk) -> None:
    beaten = Event()
    with scheduled(desk, beat=beaten.set) as schedule:
        assert beaten.wait(PATIENCE)
        assert schedule.alive()


def test_a_heart_that_stands_still_is_seen(desk: Desk) -> None:
    now = [datetime(2026, 11, 23, tzinfo=UTC)]
    schedule = Schedule([], clock=lambda: now[0], record=desk.note, beat=lambda: None)
    assert schedule.alive()
    now[0] += timedelta(minutes=5)
    assert not schedule.alive()


def test_a_stop_waits_for_what_is_running_and_starts_nothing_more(desk: Desk) -> None:
    inside, go_on = Event(), Event()

    def work(_count: int) -> Mapping[str, timedelta]:
        inside.set()
        go_on.wait(PATIENCE)
        return {"scan": timedelta(0)}

    schedule = Schedule([desk.task("scan", then=work)], clock=clock, record=desk.note, beat=lambda: None)
    schedule.start()
    assert inside.wait(PATIENCE)
    assert not schedule.stop(0.05)
    go_on.set()
    desk.until(lambda: len(desk.records) == 1)
    Event().wait(0.1)
    assert desk.runs == ["scan"]


# ── Watching ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whatever_happens_in_the_folder_wakes(tmp_path: Path) -> None:
    woken, stopping = Event(), Event()
    thread = watch(tmp_path, woken.set, stopping)
    try:
        for number in range(40):  # the watch takes a moment to begin
            (tmp_path / ".new.tmp").write_text("x")
            (tmp_path / ".new.tmp").replace(tmp_path / f"{number}.txt")
            if woken.wait(0.25):
                break
        assert woken.is_set()
    finally:
        stopping.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_folder_that_is_not_there_is_no_failure(tmp_path: Path) -> None:
    stopping = Event()
    thread = watch(tmp_path / "none", lambda: None, stopping)
    stopping.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_run_that_comes_late_is_made_up_for_by_one(desk: Desk) -> None:
    """APScheduler would drop a run that is a second late, and run each of many that it missed."""
    schedule = Schedule([desk.task("scan")], clock=clock, record=desk.note, beat=lambda: None)
    schedule.start()
    try:
        jobs = schedule._scheduler.get_jobs()
        assert {(job.misfire_grace_time, job.coalesce, job.max_instances) for job in jobs} == {(None, True, 1)}
    finally:
        assert schedule.stop(10)
