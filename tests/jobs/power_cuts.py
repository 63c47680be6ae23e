"""Power cuts: at the k-th step the worker dies, and from there on can do nothing at all, not even tidy up.

A step is a statement that changes the database or ends a transaction, an operation on files, or a word to a
mail server.
"""

from __future__ import annotations

import functools
import io
import os
import smtplib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pytest

MOST = 600  #: steps; a loop that needs more does not end
_READS = ("select", "pragma", "explain", "with", "savepoint")


class PowerCut(BaseException):
    """No `except Exception` stops it."""


class _Closable(Protocol):
    def close(self) -> None: ...


class Fuse:
    """Counts steps, and blows at the k-th; a dead worker takes no further step."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0
        self.left_open: list[_Closable] = []

    @property
    def blown(self) -> bool:
        return self.count >= self.at

    def step(self) -> None:
        self.count += 1
        if self.blown:
            raise PowerCut

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Blows before an act, or after it: what is done is done, but nobody knows."""

        @functools.wraps(act)
        def stepping(*args: Any, **named: Any) -> Any:
            self.step()
            result = act(*args, **named)
            self.step()
            return result

        return stepping

    def connection(fuse) -> type[sqlite3.Connection]:  # noqa: N805 - its methods have a self of their own
        """A connection whose every change is a step."""

        class Connection(sqlite3.Connection):
            def __init__(self, *args: Any, **named: Any) -> None:
                super().__init__(*args, **named)
                fuse.left_open.append(self)

            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if fuse.blown or not sql.lstrip().lower().startswith(_READS):
                    fuse.step()
                cursor = super().execute(sql, *values)
                if sql == "commit":
                    fuse.step()
                return cursor

            def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
                fuse.step()
                return super().executemany(sql, *values)

        return Connection

    def opening(self, open_: Callable[..., Any]) -> Callable[..., Any]:
        """To open a file for writing is a step."""

        def opening(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
            if mode[0] in "wx":
                self.step()
            return open_(file, mode, *args, **named)

        return opening

    def dialling(self, dial: Callable[..., Any]) -> Callable[..., Any]:
        """The sockets that a dead worker leaves open."""

        def dialling(*args: Any) -> Any:
            self.left_open.append(sock := dial(*args))
            return sock

        return dialling


@contextmanager
def dying(at: int) -> Iterator[Fuse]:
    """Within, the worker dies at the k-th step; afterwards the machine is up again."""
    fuse = Fuse(at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=fuse.connection()))
        patch.setattr(io, "open", fuse.opening(io.open))
        patch.setattr(smtplib.SMTP, "_get_socket", fuse.dialling(smtplib.SMTP._get_socket))  # type: ignore[attr-defined]
        for name in ("fsync", "utime", "replace", "link", "unlink", "mkdir"):
            patch.setattr(os, name, fuse.around(getattr(os, name)))
        for name in ("send", "getreply"):
            patch.setattr(smtplib.SMTP, name, fuse.around(getattr(smtplib.SMTP, name)))
        try:
            yield fuse
        except PowerCut:
            assert fuse.blown
    for one in fuse.left_open:  # the system closes what the dead had open
        one.close()


def crashing(work: Callable[[], object], at: int) -> bool:
    """Work that dies at the k-th step; whether it did."""
    with dying(at) as fuse:
        work()
    return fuse.blown
