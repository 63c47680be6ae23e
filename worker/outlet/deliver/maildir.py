"""A Maildir takes what no SMTP server is there for: link(2) makes a message real once or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from worker.errors import DeliveryError
from worker.model import Message, Reply
from worker.outlet.deliver.route import Route


class MaildirRoute(Route):
    """Files named by their Message-ID, in a Maildir made when needed: the same mail twice is one file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, message: Message, *, before_dot: Callable[[], None]) -> Reply:
        """See Route. A DeliveryError may come behind `before_dot` too; to try again is safe all the same."""
        name = _file_name(message)
        draft = self._directory / "tmp" / name
        held = self.holds(message)
        if not held:
            with self._usable():
                self._write(draft, message.content)
        before_dot()
        with self._usable():
            if not held:
                with suppress(FileExistsError):
                    os.link(draft, self._directory / "new" / name)
            draft.unlink(missing_ok=True)
            _sync(self._directory / "new")
        return Reply(code=250, text=f"stored as new/{name}")

    def holds(self, message: Message) -> bool | None:
        """Whether it lies in new, or in cur under any flags. Mail that a reader deleted is not there."""
        name = _file_name(message)
        cur = self._directory / "cur"
        with self._usable():
            if (self._directory / "new" / name).exists():
                return True
            return cur.is_dir() and any(entry.startswith(name) for entry in os.listdir(cur))

    def check(self) -> str:
        """Make the folders, which takes every permission that a message needs."""
        with self._usable():
            self._make()
        return f"{self}; set [smtp] url to send"

    def __str__(self) -> str:
        return f"Maildir {self._directory}"

    def close(self) -> None:
        """Nothing is open."""

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            cure = "make it a directory that this user may write to, with hard links"
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                cure = "free some space"
            why = error.strerror or str(error)
            raise DeliveryError(f"Maildir {self._directory} cannot be used ({why}): {cure}") from error

    def _make(self) -> None:
        for folder in ("tmp", "new", "cur"):
            (self._directory / folder).mkdir(parents=True, exist_ok=True)

    def _write(self, draft: Path, content: bytes) -> None:
        self._make()
        draft.unlink(missing_ok=True)  # never written over: after a crash it may be the delivered file itself
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _file_name(message: Message) -> str:
    return sha256(message.message_id.encode(errors="replace")).hexdigest()[:32]


def _sync(folder: Path) -> None:
    """What a directory lists survives a power cut only after this."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
