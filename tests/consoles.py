"""Calls of `seedwire`: most within this process, as a person at a console sees them; some as real processes."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any
from unittest.mock import patch

import requests

from worker.cli import main

EXAMPLES = Path(__file__).parents[1] / "examples" / "pages"
PATIENCE = 30.0  #: seconds; only a failing test waits so long
STOP = 10.0  #: seconds for a stop; three are promised, on a machine that has nothing else to do
_TEXT = "The ferry has come back to the lake, and the whole town is glad of it; it sails at nine every evening"
_DROPPED = 1_795_435_200  # 23 November 2026: a page is not believed to know the future


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    code: int
    out: str
    err: str

    def told(self) -> str:
        """What it printed; it went well."""
        assert self.code == 0, self.err
        return self.out

    def objects(self) -> list[Any]:
        return [json.loads(line) for line in self.told().splitlines()]

    def failure(self) -> str:
        """The one line that says what failed, on what, and what to do."""
        assert (self.code, self.out) == (1, ""), (self.out, self.err)
        (line,) = (line for line in self.err.splitlines() if line.startswith("seedwire: "))
        assert "Traceback" not in self.err
        return line


@contextmanager
def _as_before() -> Iterator[None]:
    """A command sets up logging and signals for its process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        root.handlers[:], root.level = handlers, level
        for number, handler in signals.items():
            signal.signal(number, handler)


class Console:
    """A folder in which commands are called, with what is set there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.set: dict[str, str] = {"SEEDWIRE_SEEDS_SETTLE": "0"}

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def database(self) -> Path:
        return self.state / "seedwire.db"

    @property
    def feed(self) -> Path:
        return self.state / "public" / "feed.atom"

    def environment(self) -> dict[str, str]:
        return {name: text for name, text in os.environ.items() if not name.startswith("SEEDWIRE_")} | self.set

    def call(self, *words: object) -> Done:
        """Within this process."""
        out, err, code, here = io.StringIO(), io.StringIO(), 0, Path.cwd()
        with (
            _as_before(),
            patch.dict(os.environ, self.environment(), clear=True),
            patch.object(sys, "argv", ["seedwire", *map(str, words)]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            os.chdir(self.folder)
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                os.chdir(here)
        return Done(code=code, out=out.getvalue(), err=err.getvalue())

    def start(self, *words: object) -> subprocess.Popen[str]:
        """A process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "worker", *map(str, words)],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: object) -> Done:
        """A process of its own, to its end."""
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        return Done(code=process.returncode, out=out, err=err)

    def drop(self, name: str, title: str) -> Path:
        """A page with one article, as a crawler leaves it."""
        return self.put(name, article(title))

    def put(self, name: str, text: str) -> Path:
        """A page: whole under a temporary name first."""
        folder = self.folder / "seeds"
        folder.mkdir(exist_ok=True)
        partial = folder / f".{name}.tmp"
        partial.write_text(text, encoding="utf-8")
        os.utime(partial, (_DROPPED, _DROPPED))
        return partial.replace(folder / name)

    def settings(self, toml: str) -> None:
        (self.folder / "seedwire.toml").write_text(toml, encoding="utf-8")


def article(title: str) -> str:
    """A page with news of its own: the same words in another order, so that no two titles tell the same."""
    words = _TEXT.split()
    told = " ".join(Random(title).sample(words, len(words)))
    return f" date 2026-11-10 07.11.2026, 09:40\n\n{title}\n\nTell a friend\n\n{told} {title}.\n"


# ── The daemon ──────────────────────────────────────────────────────────────────────────────────────


class Daemon:
    """A running `seedwire run`."""

    def __init__(self, console: Console, process: subprocess.Popen[str]) -> None:
        self.console, self.process = console, process
        self.url = "http://" + console.set["SEEDWIRE_SERVER_LISTEN"]

    def feed(self, **headers: str) -> requests.Response:
        return requests.get(
            self.url + "/feed.atom", headers={key.replace("_", "-"): headers[key] for key in headers}, timeout=5
        )

    def until(self, met: Callable[[], object]) -> None:
        end = monotonic() + PATIENCE
        while True:
            with suppress(requests.RequestException):
                if met():
                    return
            assert self.process.poll() is None, self.process.communicate()
            assert monotonic() < end, "waited in vain"
            sleep(0.03)

    def shows(self, *titles: str) -> None:
        """Wait until the served feed tells of these."""
        self.until(lambda: all(title in self.feed().text for title in titles))

    def stop(self, number: int = signal.SIGTERM) -> str:
        """End it; what it logged."""
        self.process.send_signal(number)
        err = self.process.communicate(timeout=STOP)[1]
        assert self.process.returncode == 0, err
        assert "Traceback" not in err
        return err


def serving(folder: Path) -> Console:
    """A console whose daemon serves on a port of its own and looks often."""
    console = Console(folder)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    console.set |= {"SEEDWIRE_SERVER_LISTEN": f"127.0.0.1:{port}", "SEEDWIRE_SEEDS_EVERY": "1s"}
    console.set["SEEDWIRE_SEEDS_SETTLE"] = "0.05"
    (folder / "seeds").mkdir(parents=True)
    return console


@contextmanager
def running(console: Console, *words: str) -> Iterator[Daemon]:
    process = console.start("run", *words)
    daemon = Daemon(console, process)
    try:
        daemon.until(lambda: requests.get(daemon.url + "/healthz", timeout=5).status_code)
        yield daemon
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)
