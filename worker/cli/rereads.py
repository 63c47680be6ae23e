"""What is read otherwise in a replay, shown to people and to machines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import click

from worker import jobs
from worker.cli.show import print_json, say
from worker.model import Change, Difference, Outlook, Reread

_WIDTH = 90  # characters of a title that are shown
_EDGE = 70  # characters of a text where it begins or ends


# ── What is otherwise, for people ───────────────────────────────────────────────────────────────────

_SAYS = {
    Difference.GAINED: "a new entry",
    Difference.SIGHTED: "known from another page",
    Difference.LOST: "no longer found here; the entry stays",
    Difference.FORM: "the same words, otherwise put",
}


def text_page(page: Reread) -> None:
    """A page that is read otherwise now, entry by entry."""
    say(f"{page.path} page {page.page}", bold=True)
    for _, changes in groupby(page.changes, lambda change: change.entry):
        for number, change in enumerate(changes):
            if number == 0:
                say(f"  {_short(change.title)}  {change.key}")
            for line in _lines(change):
                click.secho(f"    {change.what.value:<10}", fg=_COLOURS.get(change.what, "yellow"), nl=False)
                say(line)


_COLOURS = {Difference.GAINED: "green", Difference.LOST: "red", Difference.MERGED: "red"}


def _lines(change: Change) -> list[str]:
    match change.what:
        case Difference.TEXT:
            return list(edges(change.before or "", change.after or ""))
        case Difference.JOINED:
            return [f"in the story of {change.after} now: {change.before}"]
        case Difference.PARTED:
            return [f"tells something else than {change.before}, to which it was joined"]
        case Difference.MERGED:
            return [f"now has the text of {change.after}; the entry stays"]
        case Difference.TITLE | Difference.SOURCE | Difference.LINK | Difference.DATE:
            stays = "" if change.applied else "  (stays as it is: a stated date never moves)"
            return [f"{_short(change.before or 'none')} → {_short(change.after or 'none')}{stays}"]
    return [_SAYS[change.what]]


def edges(before: str, after: str) -> Iterator[str]:
    """Where two readings of a text part, word by word: at the beginning, at the end, or only between."""
    old, new = before.split(), after.split()
    starts, ends = _alike(old, new), _alike(old[::-1], new[::-1])
    if not starts:
        yield f"begins  {_head(before)}"
        yield f"     →  {_head(after)}"
    if not ends:
        yield f"ends    {_tail(before)}"
        yield f"     →  {_tail(after)}"
    if starts and ends:
        yield f"within  {_head(' '.join(old[starts:]))}"
        yield f"     →  {_head(' '.join(new[starts:]))}"


def _alike(one: list[str], other: list[str]) -> int:
    """How many words are the same from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _short(text: str) -> str:
    return _head(text, _WIDTH)


def _head(text: str, most: int = _EDGE) -> str:
    line = " ".join(text[: most * 2].split())
    return line if len(line) <= most and len(text) <= most * 2 else line[: most - 1] + "…"


def _tail(text: str) -> str:
    return _head(text[: -2 * _EDGE - 1 : -1], _EDGE)[::-1]


def totals(done: jobs.Replayed, outlook: Outlook | None, *, as_json: bool) -> None:
    """What a replay came to, and what readers would see of it."""
    if as_json:
        print_json(_totals_json(done, outlook))
        return
    told = ", ".join(f"{what.value} {done.changes[what]}" for what in Difference if done.changes[what])
    say(f"pages      {done.pages} read again, {done.different} otherwise" + (f": {told}" if told else ""))
    if done.rewritten > done.different:
        say(f"           {done.rewritten - done.different} only in what is no article, in reasons, or in the recipe")
    if done.kept_dates:
        say(f"dates      {done.kept_dates} read otherwise, kept as they were first stated")
    if outlook is not None:
        _outlook_text(outlook)


def _outlook_text(outlook: Outlook) -> None:
    say(f"feed.atom  {len(outlook.feed)} would light up")
    for lit in outlook.feed:
        say(f"  {'new' if lit.new else 'updated':<9}{_short(lit.entry.title)}  {lit.entry.key}")
    say(f"mail       {len(outlook.mails)} mailboxes would be told of more or less")
    for due in outlook.mails:
        say(f"  {due.email}: {due.after} entries in the next digest, now {due.before}")
    say(f"unseen     {len(outlook.unseen)} on no page any more; they stay in the archive and in feeds")
    for entry in outlook.unseen:
        say(f"  {_short(entry.title)}  {entry.key}")


# ── … and for machines ──────────────────────────────────────────────────────────────────────────────


def json_page(page: Reread) -> None:
    """A page that is read otherwise now, as one line."""
    print_json(
        {
            "path": page.path,
            "page": page.page,
            "changes": [
                {
                    "change": change.what.value,
                    "entry": change.key,
                    "title": change.title,
                    "before": change.before,
                    "after": change.after,
                    "applied": change.applied,
                }
                for change in page.changes
            ],
        }
    )


def _totals_json(done: jobs.Replayed, outlook: Outlook | None) -> dict[str, object]:
    told: dict[str, object] = {
        "pages": done.pages,
        "different": done.different,
        "rewritten": done.rewritten,
        "changes": {what.value: done.changes[what] for what in Difference},
        "dates_kept": done.kept_dates,
    }
    if outlook is not None:
        told["feed"] = [
            {"entry": lit.entry.key, "title": lit.entry.title, "why": "new" if lit.new else "updated"}
            for lit in outlook.feed
        ]
        told["mails"] = [{"to": due.email, "before": due.before, "after": due.after} for due in outlook.mails]
        told["unseen"] = [{"entry": entry.key, "title": entry.title} for entry in outlook.unseen]
    return told
