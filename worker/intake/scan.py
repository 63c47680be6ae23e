"""scan: dumps in the seeds directory that are complete and not yet read.

The only stage that touches the outside world besides reading bytes. It changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO, FileIO
from pathlib import Path
from typing import BinaryIO

from worker.model import Dump, Failure, Look, Scan

_HELD = 1 << 20  #: bytes of a dump that is held in memory as a whole; news pages are a tenth of it
ROOT = "."  #: the seeds directory itself, as the path of a Failure
#: Names that writers use for what is not finished; dotfiles count as well (rsync writes those).
_TEMPORARY = (".part", ".tmp", ".temp", ".partial", ".crdownload", ".download", ".swp", "~")


@dataclass(slots=True)
class Known:
    """What has been read: directory → name → (size, mtime_ns). Nested, because a scan asks by directory."""

    directories: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)

    def add(self, look: Look) -> None:
        """Remember a file as read."""
        directory, _, name = look.path.rpartition("/")
        self.directories.setdefault(directory, {})[name] = (look.size, look.mtime_ns)

    def __len__(self) -> int:
        return sum(map(len, self.directories.values()))


@dataclass(slots=True)
class _Walk:
    """What one walk has met so far."""

    root: str
    known: Known
    apart: str | None  #: real path of a directory that is none of ours to read: our own state may lie inside
    fresh: list[Look] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seen: int = 0
    linked: set[str] = field(default_factory=set)  #: real paths of directories reached through a symlink


def scan(
    seeds: Path, known: Known, *, settle: float, sleep: Callable[[float], object], apart: Path | None = None
) -> Scan:
    """Walk the seeds directory, but for `apart`; return what is complete and new or changed since it was read.

    A dump is complete when two looks, `settle` seconds apart, agree on its size and mtime. What could not be
    looked at is a Failure, never an exception.
    """
    walk = _Walk(root=os.path.realpath(seeds), known=known, apart=os.path.realpath(apart) if apart else None)
    _walk_down(walk)
    if walk.fresh:
        sleep(settle)
    ready, growing = [], []
    for look in sorted(walk.fresh, key=lambda look: look.path):
        again = _look(walk.root, look.path)
        if again == look:
            ready.append(look)
        elif again is not None:
            growing.append(look.path)
    return Scan(ready=tuple(ready), growing=tuple(growing), failures=tuple(walk.failures), seen=walk.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A dump and its bytes, which are held where they are few, and read as they are needed where they are many."""

    dump: Dump
    file: BinaryIO

    def unchanged(self) -> bool:
        """Whether the file is still what its checksum was made of. Raises OSError."""
        if isinstance(self.file, BytesIO):
            return True
        return _is_still(self.file.fileno(), self.dump.look)


def read(seeds: Path, look: Look, most: int) -> Opened | Failure | None:
    """Open a dump of at most so many bytes; a Failure where it cannot be read, None where it has gone or grown since.

    A larger one is not even hashed: it is tried again at every scan, so that a higher limit takes effect.
    """
    if look.size > most:
        reason = f"has {look.size} bytes, more than {most} ([limits] bytes); divide it, or raise the limit"
        return Failure(path=look.path, reason=reason)
    try:
        file = open(os.path.join(seeds, look.path), "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115 - who gets it closes it
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Failure(path=look.path, reason=reason_of(error))
    try:
        opened = _held(file, look) if look.size <= _HELD else _streamed(file, look)
    except OSError as error:
        file.close()
        return Failure(path=look.path, reason=reason_of(error))
    if opened is None or opened.file is not file:
        file.close()
    return opened


def _held(file: FileIO, look: Look) -> Opened | None:
    """With its bytes in memory: most dumps, and by far the faster way."""
    content = file.read(look.size + 1) or b""  # nearly always all: `readall` would ask for its size and its end
    if len(content) < look.size:
        content += file.readall() or b""
    if len(content) != look.size or not _is_still(file.fileno(), look):
        return None
    return Opened(dump=Dump(look=look, checksum=hashlib.sha256(content).digest()), file=BytesIO(content))


def _streamed(file: FileIO, look: Look) -> Opened | None:
    """With its checksum alone; its bytes are read again when its pages are."""
    if not _is_still(file.fileno(), look):
        return None  # before it is read as well: it may be a pipe by now, which ends never
    digest = hashlib.file_digest(file, "sha256")
    if file.tell() != look.size or not _is_still(file.fileno(), look):
        return None
    file.seek(0)
    return Opened(dump=Dump(look=look, checksum=digest.digest()), file=file)


def _is_still(descriptor: int, look: Look) -> bool:
    state = os.fstat(descriptor)
    return (state.st_size, state.st_mtime_ns) == (look.size, look.mtime_ns)


def _without_waiting(path: str, flags: int) -> int:
    """A FIFO put in the place of a file would otherwise keep us until somebody writes to it."""
    return os.open(path, flags | os.O_NONBLOCK)


def _walk_down(walk: _Walk) -> None:
    """Depth first, without recursion."""
    stack = [""]
    while stack:
        directory = stack.pop()
        try:
            # Through a descriptor: each file's stat then resolves one name, not its whole path.
            descriptor = os.open(os.path.join(walk.root, directory), os.O_RDONLY | os.O_DIRECTORY)
            try:
                stack += _files(walk, directory, descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            if directory and isinstance(error, FileNotFoundError):
                continue  # it went while we walked; the seeds directory itself may not
            walk.failures.append(Failure(path=_shown(directory) or ROOT, reason=reason_of(error)))


def _files(walk: _Walk, directory: str, descriptor: int) -> list[str]:
    """Look at every file of a directory; return the directories below it."""
    known = walk.known.directories.get(directory, {})
    prefix = directory + "/" if directory else ""
    below, seen = [], 0
    with os.scandir(descriptor) as found:
        for entry in found:
            name = entry.name
            before = known.get(name)
            try:
                if before is None or entry.is_symlink():
                    if _left_alone(walk, prefix, entry):
                        continue
                    if entry.is_dir():
                        below += _unless_apart(walk, prefix + name)
                        continue
                state = entry.stat()
            except FileNotFoundError:
                continue
            except OSError as error:
                walk.failures.append(Failure(path=_shown(prefix + name), reason=reason_of(error)))
                continue
            now = (state.st_size, state.st_mtime_ns)
            if now == before:
                seen += 1
            elif stat.S_ISREG(state.st_mode):
                seen += 1
                _fresh(walk, prefix + name, *now)
            elif stat.S_ISDIR(state.st_mode):  # a file of that name was known once
                below.append(prefix + name)
    walk.seen += seen
    return below


def _unless_apart(walk: _Walk, directory: str) -> list[str]:
    return [] if os.path.join(walk.root, directory) == walk.apart else [directory]


def _fresh(walk: _Walk, path: str, size: int, mtime_ns: int) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        walk.failures.append(Failure(path=_shown(path), reason="its name is not valid UTF-8; rename it"))
    else:
        walk.fresh.append(Look(path=path, size=size, mtime_ns=mtime_ns))


def _shown(path: str) -> str:
    """A path that can be stored and printed, whatever its bytes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _left_alone(walk: _Walk, prefix: str, entry: os.DirEntry[str]) -> bool:
    """Unfinished and hidden files, and symlinks that lead out of the seeds directory or in a circle."""
    if entry.name[0] == "." or entry.name.endswith(_TEMPORARY):
        return True
    if not entry.is_symlink():
        return False
    link = os.path.join(walk.root, prefix + entry.name)
    target = os.path.realpath(link)
    if not target.startswith(walk.root + os.sep) or (walk.apart and (target + os.sep).startswith(walk.apart + os.sep)):
        return True
    if entry.is_dir():
        above = os.path.realpath(os.path.dirname(link))
        if target in walk.linked or (above + os.sep).startswith(target + os.sep):
            return True
        walk.linked.add(target)
    return False


def _look(root: str, path: str) -> Look | None:
    try:
        state = os.stat(os.path.join(root, path))
    except OSError:
        return None
    return Look(path=path, size=state.st_size, mtime_ns=state.st_mtime_ns)


def reason_of(error: OSError) -> str:
    """Why something cannot be read, in the words of the system."""
    return error.strerror or type(error).__name__
