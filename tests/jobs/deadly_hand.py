"""A hand that dies of a word, as one would of a page that takes all memory."""

from __future__ import annotations

import os
from datetime import date

from worker import hand  # noqa: F401 - who loads us runs it
from worker.intake.stages import Read, Stages
from worker.model import Page

DEADLY = "basilisk"
DAMAGING = "cockatrice"
_read = Stages.read


def read(stages: Stages, page: Page, path: str, latest: date) -> Read:
    if DEADLY in page.text:
        os._exit(1)
    if DAMAGING in page.text:
        raise RuntimeError(page.text)
    return _read(stages, page, path, latest)
