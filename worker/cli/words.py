"""What changed between two texts, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

_AROUND = 4  # words before and behind a change, so that one sees where it is
_NEAR = 2 * _AROUND  # words between two changes that are shown together


def changes(before: str, after: str) -> Iterator[str]:
    """Each stretch that changed, with words around it: … stands at [-512-] {+514+} tenge …"""
    old, new = before.split(), after.split()
    groups: list[list[tuple[str, int, int, int, int]]] = []
    for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code[0] == "equal":
            continue
        if groups and code[1] - groups[-1][-1][2] <= _NEAR:
            groups[-1].append(code)
        else:
            groups.append([code])
    for group in groups:
        yield _shown(old, new, group)


def _shown(old: list[str], new: list[str], group: list[tuple[str, int, int, int, int]]) -> str:
    first, last = group[0][1], group[-1][2]
    words = ["…"] if first > _AROUND else []
    at = max(0, first - _AROUND)
    for _, start, end, new_start, new_end in group:
        words += old[at:start]
        if start < end:
            words.append(f"[-{' '.join(old[start:end])}-]")
        if new_start < new_end:
            words.append(f"{{+{' '.join(new[new_start:new_end])}+}}")
        at = end
    words += old[at : last + _AROUND]
    return " ".join([*words, "…"] if last + _AROUND < len(old) else words)
