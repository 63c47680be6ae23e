"""lock: one worker a state directory; the system gives the lock back when its holder dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from worker.errors import StateInUse
from worker.lock import held, holder

_HOLD = """
import sys, time, pathlib
from worker.lock import held
with held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holding(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_held_and_given_back(tmp_path: Path) -> None:
    path = tmp_path / "state" / "seedwire.lock"
    assert holder(path) is None
    with held(path):
        assert holder(path) == os.getpid()
        assert path.read_text() == f"{os.getpid()}\n"
    assert holder(path) is None
    with held(path):
        pass


def test_given_back_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), held(tmp_path / "lock"):
        raise ValueError("x")
    assert holder(tmp_path / "lock") is None


def test_a_second_worker_is_told_who_holds_it_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    process = holding(path)
    try:
        assert holder(path) == process.pid
        with pytest.raises(StateInUse, match=rf"pid {process.pid}\).*{tmp_path}.*--state") as caught, held(path):
            pass
        assert "\n" not in str(caught.value)
        assert path.read_text() == f"{process.pid}\n"
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
    with held(path):
        assert holder(path) == os.getpid()


def test_to_wait_is_to_come_next(tmp_path: Path) -> None:
    path, order, waiting = tmp_path / "lock", [], Event()

    def second() -> None:
        waiting.set()
        with held(path, wait=True):
            order.append("second")

    thread = Thread(target=second)
    with held(path):
        thread.start()
        waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_lock_of_somebody_unknown(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held(path):
        path.write_text("")
        assert holder(path) is None
        with pytest.raises(StateInUse, match="unknown"), held(path):
            pass
