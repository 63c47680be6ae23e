"""What changed between two texts, word by word, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from worker.outlet.changes import Change
from worker.outlet.changes import changes as compared

_FORMS = {"": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}


def changes(before: str, after: str) -> Iterator[str]:
    """Each stretch that changed, with words around it: … stands at [-512-] {+514+} tenge …"""
    return map(_shown, compared(before, after))


def _shown(change: Change) -> str:
    words = [_FORMS[run.sign].format(run.words) for run in change.runs]
    return " ".join([*([] if change.opens else ["…"]), *words, *([] if change.ends else ["…"])])
