"""What a command waits for and shows while a job runs: signals that end it, and a bar."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from threading import Event

import click


def stopped_by_signals() -> Event:
    """Set as soon as somebody wants us to end."""
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def progress(label: str) -> Callable[[int, int], None]:
    """A bar on a terminal; nothing elsewhere, and nothing for work that is done at once."""
    bar = None

    def advance(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = click.progressbar(length=total, label=label, file=sys.stderr)
        bar.update(done - bar.pos)
        if done >= total:
            bar.render_finish()

    return advance if sys.stderr.isatty() else lambda _done, _total: None
