"""Files of the public folder: replaced in one step and only where bytes differ, removed where a channel ends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from worker.errors import PublishError


def replace(path: Path, content: bytes, *, now: datetime) -> bool:
    """Put a file in place in one step; False where it has these bytes already.

    Its mtime becomes Last-Modified, which counts whole seconds: two versions never share one.
    """
    try:
        before = path.read_bytes() if path.exists() else None
        if before == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        stamp = int(now.timestamp())
        if before is not None:
            stamp = max(stamp, int(path.stat().st_mtime) + 1)
        partial = path.with_name(f".{path.name}.tmp")
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.utime(partial, (stamp, stamp))
            partial.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise PublishError(
            f"cannot write {path} ({reason}): free space or give write access; the old one stays"
        ) from error
    return True


def stored(path: Path) -> bytes | None:
    """What readers get now; None where there is no such file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise PublishError(f"cannot read {path} ({error.strerror or error}): give read access; it stays") from error


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a folder, as far as they are there."""
    try:
        for name in names:
            (folder / name).unlink(missing_ok=True)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        reason = error.strerror or str(error)
        raise PublishError(f"cannot remove the feeds in {folder} ({reason}): give write access") from error
