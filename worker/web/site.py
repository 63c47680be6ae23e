"""All that the site needs to know, handed down by whoever wires it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from jinja2 import Environment
from sqlite_utils import Database

from worker.model import JobRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is served, and where it comes from."""

    title: str
    public: Path
    max_age: int  #: seconds until a feed may have changed
    templates: Environment
    style: bytes  #: the style sheet
    store: Callable[[], AbstractContextManager[Database]]  #: called by many threads for each page: must cost little
    clock: Callable[[], datetime]
    runs: Callable[[], list[JobRun]]
    alive: Callable[[], bool]
    zone: tzinfo = UTC  #: of days and months
