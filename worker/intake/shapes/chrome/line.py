"""What part of a frame a line is, by its words."""

from __future__ import annotations

from collections.abc import Iterator

from worker.intake.shapes.chrome.kinds import DECORATION, RANK, Chrome
from worker.intake.shapes.chrome.phrases import ANYWHERE, ANYWHERE_IN_ASCII, NOTICE, NOTICE_IN_ASCII, within
from worker.intake.shapes.chrome.words import beginning, candidates, needed

LONGEST = 160  # characters; only a copyright notice is longer
LONGEST_NOTICE = 400
_MOST_SENTENCES = 4  # of such a notice


def hints() -> Iterator[str]:
    """What a line must hold, in small letters, to be part of a frame for anything but how it begins."""
    for _, some, _, _ in ANYWHERE:
        yield from some
    yield from needed()


def begins_chrome(line: str) -> bool:
    """Whether a line with none of these hints is part of a frame nonetheless."""
    bare = line.rstrip(DECORATION) or line
    return any(pattern.fullmatch(bare) for pattern in beginning(line[:3].lower()))


def chrome_of(line: str) -> Chrome | None:
    """What part of a frame this stripped line is, or None where the words say nothing."""
    if len(line) > LONGEST_NOTICE:
        return None
    if len(line) > LONGEST and line.count(".") > _MOST_SENTENCES:
        return None
    small = line.lower()
    in_ascii = small.isascii()
    if len(line) > LONGEST:
        return within(line, small, NOTICE_IN_ASCII if in_ascii else NOTICE)
    found = within(line, small, ANYWHERE_IN_ASCII if in_ascii else ANYWHERE)
    bare = line.rstrip(DECORATION) or line
    for pattern in candidates(small, in_ascii=in_ascii):
        # "Read more »" is both: the kind that is named first goes first
        if (whole := pattern.fullmatch(bare)) and (kind := whole.lastgroup):
            other = Chrome[kind]
            found = other if found is None or RANK[other] < RANK[found] else found
    return found
