"""Whether a document may replace the last good one: pure, on the very bytes that would be written.

Each rule is a function that yields what is wrong. `check` says the first of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from lxml import etree

from worker.outlet.publish.as_atom import HISTORY, TOMBSTONES

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d(:\d\d)?)")
_URL: Final = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_FEED: Final = ("author", "category", "contributor", "entry", "generator", "icon", "id", "link", "logo", "rights")
_FEED_ALL: Final = frozenset((*_FEED, "subtitle", "title", "updated"))
_ENTRY: Final = ("author", "category", "content", "contributor", "id", "link", "published", "rights", "source")
_ENTRY_ALL: Final = frozenset((*_ENTRY, "summary", "title", "updated"))
_MEANT: Final = "if a setting was changed on purpose, remove the file: it is written anew"
_FAULT: Final = "this is a fault of seedwire: please report it with this line"
#: From here on an entry says who else tells its story, which moves no date.
_ALSO: Final = "<p>Also in: "


class Broken(NamedTuple):
    """A rule that a document breaks."""

    what: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is expected of a document."""

    required: Sequence[str]  #: ids that it must hold
    bytes: int | None = None  #: at the most, in each format
    archive: bool = False


class Told(NamedTuple):
    """An entry, as it stands in a document."""

    page: str
    title: str
    text: str
    whole: bool  #: whether the text is all of it
    updated: str
    published: str | None


def check(made: Mapping[str, bytes], before: Mapping[str, bytes], wanted: Wanted) -> Broken | None:
    """The first rule that one of these documents breaks: files by name, `….atom` first. `before` are the last good."""
    name = next(iter(made))
    try:
        root = _parsed(made[name])
        for what in _faults(root, made, wanted):
            return Broken(what, _FAULT)
        for what in _over(made, wanted):
            return Broken(what, "raise [feed] bytes, or lower [feed] size")
        if name in before and (last := _last(before[name])) is not None:
            for what in _moved(root, last):
                return Broken(what, _MEANT)
    except (ValueError, etree.XMLSyntaxError) as error:
        return Broken(f"cannot be read back ({error})".replace("\n", " "), _FAULT)
    return None


def _parsed(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _last(content: bytes) -> etree._Element | None:
    try:
        return _parsed(content)
    except etree.XMLSyntaxError:  # no reader has any use for it, and whatever comes is better
        return None


def _faults(root: etree._Element, made: Mapping[str, bytes], wanted: Wanted) -> Iterator[str]:
    entries = root.findall(f"{_ATOM}entry")
    yield from _feed(root, entries)
    for entry in entries:
        yield from _entry(entry)
    yield from _paged(root, archive=wanted.archive)
    ids = [str(entry.findtext(f"{_ATOM}id")) for entry in entries]
    yield from (f"id {uri} stands there {count} times" for uri, count in Counter(ids).items() if count > 1)
    yield from (f"entry {uri} is missing" for uri in wanted.required if uri not in ids)
    yield from _buried(root, set(ids))
    for name, content in made.items():
        if name.endswith(".rss") and _rss(content) != ids:
            yield f"{name} holds other entries than the feed in Atom, or in another order"
        if name.endswith(".json") and _json(content) != ids:
            yield f"{name} holds other entries than the feed in Atom, or in another order"


# ── RFC 4287 ────────────────────────────────────────────────────────────────────────────────────────


def _feed(root: etree._Element, entries: list[etree._Element]) -> Iterator[str]:
    if root.tag != f"{_ATOM}feed":
        yield "the root is no feed"
    yield from _shape(root, _FEED_ALL, "the feed")
    for rel in ("self", "alternate"):
        count = len(_links(root, rel))
        if count != 1:
            yield f"the feed has {count} links {rel}, not one"
    alone = [entry for entry in entries if entry.find(f"{_ATOM}author/{_ATOM}name") is None]
    if root.find(f"{_ATOM}author/{_ATOM}name") is None and (alone or not entries):
        yield "nobody is the author"
    latest = max((str(entry.findtext(f"{_ATOM}updated")) for entry in entries), key=_instant, default="")
    if latest and _instant(latest) != _instant(str(root.findtext(f"{_ATOM}updated"))):
        yield "the feed was not updated when its latest entry was"


def _entry(entry: etree._Element) -> Iterator[str]:
    name = f"entry {entry.findtext(f'{_ATOM}id')}"
    yield from _shape(entry, _ENTRY_ALL, name)
    alternates = Counter((link.get("type"), link.get("hreflang")) for link in _links(entry, "alternate"))
    if not alternates:
        yield f"{name} has no link alternate"
    if any(count > 1 for count in alternates.values()):
        yield f"{name} has two links alternate of the same type and language"
    if len({(link.get("rel"), link.get("href")) for link in entry.iter(f"{_ATOM}link")}) < len(
        list(entry.iter(f"{_ATOM}link"))
    ):
        yield f"{name} has the same link twice"
    for one in ("content", "summary", "published", "source"):
        if len(entry.findall(_ATOM + one)) > 1:
            yield f"{name} has more than one {one}"
    source = entry.find(f"{_ATOM}source")
    if source is not None:
        yield from _shape(source, _FEED_ALL - {"entry"}, f"the source of {name}")


def _shape(node: etree._Element, allowed: frozenset[str], name: str) -> Iterator[str]:
    """What feed, entry and source have in common."""
    found = Counter(child.tag.removeprefix(_ATOM) for child in node if str(child.tag).startswith(_ATOM))
    yield from (f"{name} has an element {tag}, which Atom knows not there" for tag in found if tag not in allowed)
    for tag in ("id", "title", "updated"):
        if found[tag] != 1:
            yield f"{name} has {found[tag]} elements {tag}, not one"
    if not _ID.fullmatch(str(node.findtext(f"{_ATOM}id"))):
        yield f"{name} has no URI as its id"
    if not (node.findtext(f"{_ATOM}title") or "").strip():
        yield f"{name} has an empty title"
    for tag in ("updated", "published"):
        for date in node.findall(_ATOM + tag):
            if not _dated(date.text or ""):
                yield f"{name} has a date that RFC 3339 knows not: {tag} {date.text}"
    for link in node.findall(f"{_ATOM}link"):
        if not _URL.fullmatch(link.get("href", "")):
            yield f"{name} has a link to what is no address: {link.get('href')!r}"


def _links(node: etree._Element, rel: str) -> list[etree._Element]:
    return [link for link in node.findall(f"{_ATOM}link") if link.get("rel", "alternate") == rel]


def _dated(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:  # as of 30 February
        return False


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ── Its extensions, and its relatives ───────────────────────────────────────────────────────────────


def _paged(root: etree._Element, *, archive: bool) -> Iterator[str]:
    """RFC 5005 section 4. No `next-archive`: what is closed does not change when another follows."""
    if (root.find(f"{{{HISTORY}}}archive") is not None) != archive:
        yield "an archive document and no other says that it is one"
    if len(_links(root, "current")) != int(archive):
        yield "an archive document and no other links to the current one"
    if len(_links(root, "prev-archive")) > 1 or _links(root, "next-archive"):
        yield "a document links to one archive document at the most, and to none behind it"
    if root.find(f"{{{HISTORY}}}complete") is not None and _links(root, "prev-archive"):
        yield "what is complete has no archive document"


def _buried(root: etree._Element, ids: set[str]) -> Iterator[str]:
    """RFC 6721."""
    for grave in root.findall(f"{{{TOMBSTONES}}}deleted-entry"):
        if grave.get("ref") in ids:
            yield f"entry {grave.get('ref')} is told and told as deleted"
        if not grave.get("ref") or not _dated(grave.get("when", "")):
            yield "a deleted entry has an id and the date of its end"


def _rss(content: bytes) -> list[str] | None:
    """The ids of a feed in RSS 2.0; none where it is no such feed."""
    channel = _parsed(content).find("channel")
    if channel is None or any(not channel.findtext(name) for name in ("title", "link", "description")):
        return None
    if len(_links(channel, "self")) != 1:
        return None
    return [str(guid.text) for guid in channel.iterfind("item/guid[@isPermaLink='false']")]


def _json(content: bytes) -> list[str] | None:
    """The ids of a JSON Feed; none where it is no such feed."""
    feed = json.loads(content)
    if not all(feed.get(name) for name in ("version", "title", "feed_url", "home_page_url")):
        return None
    return [str(one["id"]) for one in feed["items"] if one.get("content_html") or one.get("content_text")]


def _over(made: Mapping[str, bytes], wanted: Wanted) -> Iterator[str]:
    for name, content in made.items():
        if wanted.bytes is not None and len(content) > wanted.bytes:
            yield f"{name} takes {len(content)} bytes, more than the {wanted.bytes} of [feed] bytes"


# ── Against the last good one ───────────────────────────────────────────────────────────────────────


def _moved(root: etree._Element, last: etree._Element) -> Iterator[str]:
    """What readers go by must stay: else all is unread again, or one entry without a reason."""
    if root.findtext(f"{_ATOM}id") != last.findtext(f"{_ATOM}id"):
        yield f"the id of the feed was {last.findtext(f'{_ATOM}id')}, and would make all entries unread again"
    now, before = _told(root), _told(last)
    pages = {one.page: uri for uri, one in before.items()}
    for uri, one in now.items():
        if (former := pages.get(one.page, uri)) != uri:
            yield f"the id of {one.page} was {former} and would be {uri}"
        if uri in before:
            yield from _changed(uri, one, before[uri])


def _changed(uri: str, one: Told, before: Told) -> Iterator[str]:
    if before.published is not None and (
        one.published is None or _instant(one.published) != _instant(before.published)
    ):
        yield f"entry {uri} was published {before.published} and would be {one.published or 'on no date'}"
    if one.updated == before.updated or not _dated(before.updated):
        return
    moved = _instant(one.updated) - _instant(before.updated)
    if moved.total_seconds() < 0:
        yield f"entry {uri} was updated {before.updated} and would go back to {one.updated}"
    same = one.whole and before.whole and (one.title, one.text) == (before.title, before.text)
    if moved and same:
        yield f"entry {uri} would be new again without a change of its text"


def _told(root: etree._Element) -> dict[str, Told]:
    found = {}
    for entry in root.findall(f"{_ATOM}entry"):
        page = next((link.get("href", "") for link in _links(entry, "alternate")), "")
        content = entry.findtext(f"{_ATOM}content")
        text = (content or "").partition(_ALSO)[0]
        found[str(entry.findtext(f"{_ATOM}id"))] = Told(
            page=page,
            title=str(entry.findtext(f"{_ATOM}title")),
            text=text,
            whole=content is not None and f'<a href="{page}">' not in text,
            updated=str(entry.findtext(f"{_ATOM}updated")),
            published=entry.findtext(f"{_ATOM}published"),
        )
    return found
