"""Folders of dumps: what lies in them, whether anything changed, and eyes without root's rights."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from worker.intake import scan
from worker.model import Look, Scan

_NOBODY = 65534


def write(path: Path, content: bytes = b"A ferry.\n", *, mtime: int = 1_790_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (mtime, mtime))
    return path


def look_of(seeds: Path, path: str) -> Look:
    state = (seeds / path).stat()
    return Look(path=path, size=state.st_size, mtime_ns=state.st_mtime_ns)


def scanned(seeds: Path, known: scan.Known | None = None, between: Callable[[], object] = lambda: None) -> Scan:
    """A scan in which `between` happens while it waits for files to settle."""
    return scan.scan(seeds, known or scan.Known(), settle=0.1, sleep=lambda _seconds: between())


def paths(found: Scan) -> list[str]:
    return [look.path for look in found.ready]


def snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that a listing shows of a folder, time of access aside, and what the files hold."""
    shown: dict[str, tuple[object, ...]] = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        state = path.lstat()
        held = path.read_bytes() if path.is_file() else b""
        shown[str(path)] = (state.st_mode, state.st_ino, state.st_size, state.st_mtime_ns, held)
    return shown


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """As a user whom permissions hold back: root reads everything."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(_NOBODY)
    except OSError:
        pytest.skip("root that cannot become another user: permissions cannot be tested")
    try:
        if not os.access(folder, os.R_OK | os.X_OK, effective_ids=True):
            pytest.skip(f"{folder} is closed to other users: permissions cannot be tested")
        yield
    finally:
        os.seteuid(0)
