"""Hands that die: nothing is lost, and nobody stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from deadly_hand import DAMAGING, DEADLY
from desks import Desk
from pools import Watch, ended, fill, framed, kept, read, watched

from worker import jobs
from worker.jobs import pool

_TESTS = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return watched(monkeypatch)


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import deadly_hand as d; "
    code += "d.Stages.read = d.read; d.hand.main(int(sys.argv[1]))"
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, "-c", code))


@pytest.mark.usefixtures("deadly")
@pytest.mark.parametrize(("word", "lost"), [(DEADLY, 2), (DAMAGING, 0)])
def test_a_page_that_no_hand_can_read_is_read_here(tmp_path: Path, watch: Watch, word: str, lost: int) -> None:
    found = []
    for readers in (0, 2):
        desk = fill(Desk(tmp_path / str(readers)), 1)
        for number in (20, 60, 100):
            desk.drop(f"1/{number:03}x", framed(number) + f"\n\nThe {word} looked up.\n")
        assert read(desk, readers).hands_lost == (lost if readers else 0)
        found.append(kept(desk))
    assert found[0] == found[1]
    assert watch.answers > 10
    assert ended(watch)


def test_hands_that_are_killed(tmp_path: Path, watch: Watch) -> None:
    whole, desk = fill(Desk(tmp_path / "whole"), 2), fill(Desk(tmp_path / "killed"), 2)
    read(whole, 0)

    def kill(done: int, _total: int) -> None:
        for one, when in zip(watch.hands, (30, 70), strict=True):
            if done >= when and one.poll() is None:
                os.kill(one.pid, signal.SIGKILL)

    desk.rim = jobs.Rim(sleep=lambda _: None, progress=kill, readers=2)
    with desk.store() as db:
        assert desk.ingest(db).hands_lost == 2
    assert kept(desk) == kept(whole)
    assert ended(watch)


def test_where_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, desk = fill(Desk(tmp_path / "whole"), 2, 30), fill(Desk(tmp_path / "alone"), 2, 30)
    read(whole, 0)
    monkeypatch.setattr(pool, "_COMMAND", (str(tmp_path / "none"),))
    assert read(desk, 2).hands_lost == 2
    assert kept(desk) == kept(whole)


def test_signals_are_for_the_main_process(tmp_path: Path, watch: Watch) -> None:
    desk = fill(Desk(tmp_path), 4)

    def tell(_done: int, _total: int) -> None:
        for one in watch.hands:
            one.send_signal(signal.SIGINT)
            one.send_signal(signal.SIGTERM)

    desk.rim = jobs.Rim(sleep=lambda _: None, progress=tell, readers=1)
    with desk.store() as db:
        assert desk.ingest(db).hands_lost == 0
    assert [one.returncode for one in watch.hands] == [0]


_MAIN = """
import sys, time
from pathlib import Path
from desks import Desk
from worker import jobs
from worker.jobs import pool
pool._WORTH = 0
start = pool._Hand.start
def telling():
    one = start()
    print(one.process.pid, flush=True)
    return one
pool._Hand.start = telling
desk = Desk(Path(sys.argv[1]))
desk.rim = jobs.Rim(sleep=lambda _: None, readers=2, progress=lambda *_: (print("reading", flush=True), time.sleep(60)))
with desk.store() as db:
    desk.ingest(db)
"""


def test_hands_end_with_a_main_process_that_is_killed(tmp_path: Path) -> None:
    fill(Desk(tmp_path), 4, 60)
    path = f"{_TESTS}:{_TESTS / 'jobs'}:{_TESTS.parent}"
    with subprocess.Popen(
        [sys.executable, "-c", _MAIN, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    ) as main:
        assert main.stdout
        pids = [int(main.stdout.readline()) for _ in range(2)]
        assert main.stdout.readline() == "reading\n"
        assert all(map(_lives, pids))
        main.kill()
    patience = time.monotonic() + 10
    while any(map(_lives, pids)):
        assert time.monotonic() < patience
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"  # whoever is its parent now may be slow to bury it
