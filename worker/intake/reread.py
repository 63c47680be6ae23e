"""What a page says when it is read again, against what it said before. Pure: a replay does what this decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from worker.model import Article, Change, Difference, Entry, Span

#: Feeds count whole seconds: `updated` moves by one at least.
_LEAST = timedelta(seconds=1)


def carried(before: Sequence[Span], after: Sequence[Span], known: Sequence[bool]) -> list[int | None]:
    """For each article that is found now, the one before whose place it takes: by index, none twice.

    Both are in the order of the page, without overlap among themselves. Whoever shares the most characters comes
    first; an article whose text is `known` already comes before those that need an entry to belong to.
    """
    takes: list[int | None] = [None] * len(after)
    taken: set[int] = set()
    pairs = sorted(_overlaps(before, after), key=lambda pair: (not known[pair[2]], -pair[0], pair[1], pair[2]))
    for _, old, new in pairs:
        if takes[new] is None and old not in taken:
            takes[new] = old
            taken.add(old)
    return takes


def _overlaps(before: Sequence[Span], after: Sequence[Span]) -> Iterator[tuple[int, int, int]]:
    """(characters, index before, index after) of all that overlap, in one walk over both."""
    old = new = 0
    while old < len(before) and new < len(after):
        shared = min(before[old].end, after[new].end) - max(before[old].start, after[new].start)
        if shared > 0:
            yield shared, old, new
        if before[old].end <= after[new].end:
            old += 1
        else:
            new += 1


def reread(
    entry: Entry, article: Article, *, first: bool, gives: bool, same: bool, now: datetime
) -> tuple[Entry, list[Change]]:
    """An entry after one of its sightings has been read again, and how it differs.

    `first`: it is the entry's first sighting, whose reading is the entry's; a later one only fills in what is
    missing. `gives`: its text is the entry's: the first one's, or that of the last revision. `same`: the text is the
    same but for case, punctuation and white space. The id never changes, `updated` moves only with the text, and
    `published` once stated stays: that it would differ is only told.
    """
    changes = []
    after = entry
    own = entry.text if entry.own is None else entry.own
    if gives and article.text != own:
        after = replace(after, language=article.language)
        if entry.own is None:
            updated = entry.updated if same else max(now, entry.updated + _LEAST)
            after = replace(after, text=article.text, updated=updated)
        else:  # it shows the text of another telling, which stays
            after = replace(after, own=article.text)
        changes.append(_change(Difference.FORM if same else Difference.TEXT, entry, own, article.text))
    if title := _title(entry, article, first=first):
        after = replace(after, title=title, title_derived=article.title_derived)
        changes.append(_change(Difference.TITLE, entry, entry.title, title))
    if article.source and article.source != entry.source and (first or entry.source is None):
        after = replace(after, source=article.source)
        changes.append(_change(Difference.SOURCE, entry, entry.source, article.source))
    if article.published and article.published != entry.published and (first or entry.published is None):
        filled = entry.published is None
        stated = entry.published.iso() if entry.published else None
        after = replace(after, published=article.published if filled else entry.published)
        changes.append(_change(Difference.DATE, entry, stated, article.published.iso(), applied=filled))
    if article.link and entry.link is None:
        after = replace(after, link=article.link)
        changes.append(_change(Difference.LINK, entry, None, article.link))
    return after, changes


def _title(entry: Entry, article: Article, *, first: bool) -> str | None:
    """The title that takes the place of the entry's: a stated one of a derived one or, at the first sighting, of any;
    a derived one only of a derived one, and only there.
    """
    if (article.title, article.title_derived) == (entry.title, entry.title_derived):
        return None
    better = entry.title_derived and not article.title_derived
    as_good = first and entry.title_derived == article.title_derived
    return article.title if better or as_good else None


def _change(what: Difference, entry: Entry, before: str | None, after: str | None, *, applied: bool = True) -> Change:
    return Change(
        what=what, entry=entry.number, key=entry.key, title=entry.title, before=before, after=after, applied=applied
    )
