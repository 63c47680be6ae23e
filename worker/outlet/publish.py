"""publish: entries → feed bytes → file, replaced atomically and only when changed."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from pathlib import Path
from types import MappingProxyType

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from worker import __version__
from worker.errors import PublishError
from worker.model import Also, Entry
from worker.outlet.also import Telling, tellings, told
from worker.outlet.thread import EntryThread, FeedThread

#: No Char of XML 1.0 (section 2.2). `clean` leaves none; should one come in otherwise, it must not cost the feed.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The most others that an entry names; a press release may be told by hundreds, and its page lists them all.
MOST_NAMED = 50
_ALONE: Mapping[int, tuple[Also, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """What a feed says of itself (RFC 4287 section 4.1.1)."""

    uri: str  #: atom:id, a tag URI
    title: str
    base_url: str  #: without a slash at its end
    path: str  #: of the feed below the base URL and below `public/`
    zone: tzinfo  #: for stated dates without an offset
    since: datetime  #: `updated` of a feed without entries


def publish(
    directory: Path,
    head: FeedHead,
    entries: Sequence[Entry],
    also: Mapping[int, tuple[Also, ...]] = _ALONE,
    *,
    now: datetime,
) -> bool:
    """Write the feed below `directory`; False, and nothing touched, where its bytes have not changed.

    Raises PublishError where it cannot be written.
    """
    return replace(directory / head.path, feed(head, entries, also), now=now)


def feed(head: FeedHead, entries: Sequence[Entry], also: Mapping[int, tuple[Also, ...]] = _ALONE) -> bytes:
    """An Atom document, in the order given. The same entries give the same bytes: no clock is read.

    `also` says who else tells the stories that entries lead, by their numbers.
    """
    atom = FeedGenerator()
    atom.register_extension("thread", FeedThread, EntryThread)
    atom.thread.used = any(also.get(entry.number) for entry in entries)
    atom.id(head.uri)
    atom.title(_fit(head.title))
    atom.author({"name": _fit(head.title)})
    atom.link(href=f"{head.base_url}/{head.path}", rel="self", type="application/atom+xml")
    atom.link(href=head.base_url + "/", rel="alternate", type="text/html")
    atom.generator("seedwire", version=__version__)
    atom.updated(max((entry.updated for entry in entries), default=head.since))
    for entry in entries:
        _add(atom.add_entry(order="append"), head, entry, also.get(entry.number, ()))
    return bytes(atom.atom_str(pretty=True))


def _add(item: FeedEntry, head: FeedHead, entry: Entry, others: tuple[Also, ...]) -> None:
    page = f"{head.base_url}/entries/{entry.key}"
    item.id(entry.uri)
    item.title(_fit(entry.title) or entry.key)
    item.updated(entry.updated)
    if entry.published is not None:
        item.published(entry.published.instant(head.zone))
    if entry.source is not None:
        item.author({"name": _fit(entry.source)})
    # feedgen 1.0.0 keeps nothing but href of an entry's links; without rel, RFC 4287 reads "alternate".
    item.link(href=page)
    named = tellings(others)
    item.content(paragraphs(_fit(entry.text)) + _also_in(named, page), type="html")
    for one in (told(entry), *named[:MOST_NAMED]):
        if one.link is not None:
            item.thread.via(one.link, one.name)
    if others:
        stated = [one.published.instant(head.zone) for one in others if one.published is not None]
        item.thread.replies(f"{page}#also", count=len(others), updated=max(stated, default=None))


def _also_in(named: tuple[Telling, ...], page: str) -> str:
    """The last line of an entry: who else tells its story."""
    words = [
        f'<a href="{escape(one.link)}">{escape(one.name)}</a>' if one.link else escape(one.name)
        for one in named[:MOST_NAMED]
    ]
    if len(named) > MOST_NAMED:
        words.append(f'<a href="{escape(page)}#also">and {len(named) - MOST_NAMED} more</a>')
    return f"<p>Also in: {', '.join(words)}</p>\n" if words else ""


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def paragraphs(text: str) -> str:
    """Plain text as HTML: one `p` a line, everything escaped."""
    return "".join(f"<p>{escape(line, quote=False)}</p>\n" for line in text.split("\n") if line)


def replace(path: Path, content: bytes, *, now: datetime) -> bool:
    """Put a file in place in one step; False where it has these bytes already.

    Its mtime becomes Last-Modified, which counts whole seconds: two versions never share one.
    """
    try:
        before = path.read_bytes() if path.exists() else None
        if before == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        stamp = int(now.timestamp())
        if before is not None:
            stamp = max(stamp, int(path.stat().st_mtime) + 1)
        partial = path.with_name(f".{path.name}.tmp")
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.utime(partial, (stamp, stamp))
            partial.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise PublishError(
            f"cannot write {path} ({reason}): free space or give write access; the old one stays"
        ) from error
    return True
