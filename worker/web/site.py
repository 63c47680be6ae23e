"""All that the site needs to know, handed down by whoever wires it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, tzinfo

from jinja2 import Environment
from sqlite_utils import Database

from worker.model import JobRun, Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is served, and where it comes from."""

    press: Press  #: how feeds are written
    templates: Environment
    style: bytes  #: the style sheet
    store: Callable[[], AbstractContextManager[Database]]  #: called by many threads for each page: must cost little
    clock: Callable[[], datetime]
    runs: Callable[[], list[JobRun]]
    alive: Callable[[], bool]
    refused: Callable[[], int] = lambda: 0  #: feeds that were not published at last, since they broke a rule

    @property
    def title(self) -> str:
        """Of all pages."""
        return self.press.title

    @property
    def max_age(self) -> int:
        """Seconds until a feed may have changed."""
        return self.press.max_age

    @property
    def zone(self) -> tzinfo:
        """Of days and months."""
        return self.press.zone
