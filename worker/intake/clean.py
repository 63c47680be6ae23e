"""clean: strip what XML forbids and what is invisible; reject what ends up empty."""

from __future__ import annotations

from worker.intake.shapes.legible import tidied
from worker.model import Clean, Cut, Page


def clean(page: Page, cut: Cut) -> Clean | None:
    """The text of a cut; None where nothing legible is left of it."""
    text = "\n".join(filter(None, tidied([page.text[start:end] for start, end in cut.body])))
    return Clean(cut=cut, text=text) if any(map(str.isalnum, text)) else None
