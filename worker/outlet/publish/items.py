"""Entries as all formats tell them, and what they take of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from worker.model import Also, Entry, Named, Press, StatedDate, source_of
from worker.outlet.also import Telling, tellings, told
from worker.outlet.wording import escaped, fit, lead, line, linked, paragraph, paragraphs

#: The most others that an entry names; a press release may be told by hundreds, and its page lists them all.
MOST_NAMED: Final = 50
#: A name, or the title of an entry that has to be shortened, in characters: no reader shows more of one.
_NAME: Final = 300
#: Of a link, in characters: what is longer is followed by no browser of today's.
_LINK: Final = 2000
#: BCP 47, as far as XML 1.0 and the schema of Atom check it.
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
#: What the elements of one entry take besides what they hold: about 700 bytes in Atom with every one of them there,
#: less in the others; and 70 more for each link.
_FRAME: Final = 800
_WHOLE: Final = "The whole text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry, with all that a feed says of it."""

    uri: str
    page: str  #: our own, for people
    title: str  #: plain text, one line
    html: str  #: empty where only its beginning is published
    lead: str  #: its first sentences, plain text
    updated: datetime
    published: datetime | None
    source: Named | None
    language: str | None
    link: str | None  #: to where it was read, if that can be followed
    vias: tuple[Telling, ...] = ()  #: where it and its story were read, each link once
    others: int = 0  #: who else tells the story
    latest: datetime | None = None  #: the latest date that one of these states
    reply: tuple[str, str] | None = None  #: id and page of the entry that leads its story


def item(press: Press, entry: Entry, also: tuple[Also, ...], reply: tuple[str, str] | None = None) -> Item:
    """What is told of an entry. One that takes more than a quarter of a document is told by how it begins."""
    whole = _alone(press, entry)
    if bulk(press, whole) > press.bytes // 4:
        whole = _begun(press, whole, fit(entry.text))
    named, more = _named(tellings(also), press.bytes // 16)
    vias: dict[str, Telling] = {}
    for one in (replace(_short(told(entry)), link=whole.link), *named):
        if one.link is not None:
            vias.setdefault(one.link, one)
    return replace(
        whole,
        html=whole.html + _also_in(named, more, whole.page) if whole.html else "",
        vias=tuple(vias.values()),
        others=len(also),
        latest=max((at for one in also if (at := _instant(press, one.published))), default=None),
        reply=reply and (reply[0], f"{press.base_url}/entries/{reply[1]}"),
    )


def weight(press: Press, entry: Entry, also: tuple[Also, ...]) -> int:
    """Bytes that an entry takes in a document at the most, whatever the format."""
    return bulk(press, item(press, entry, also))


def bulk(press: Press, told: Item) -> int:
    """Bytes that an item takes in a document at the most, whatever the format."""
    source = told.source or Named("", "")
    short = (told.uri, told.page, told.page, told.link or "", *(told.reply or ()))
    ours = 4 * (len(press.base_url) + len(press.authority)) + 9 * len(source.slug.encode()) + written(line(press.title))
    links = sum(70 + written(one.name) + written(one.link or "") for one in told.vias)
    told_of = written(told.html) + written(told.title) + written(paragraph(escaped(told.lead)))
    return _FRAME + ours + links + told_of + 3 * written(source.name) + sum(map(written, short))


def written(text: str) -> int:
    """Bytes of a text in UTF-8, escaped in XML or in JSON, whichever is more."""
    xml = 4 * text.count("&") + 3 * text.count("<") + 3 * text.count(">") + 5 * text.count('"')
    json = text.count('"') + text.count("\\") + text.count("\n") + text.count("\t")
    return len(text.encode()) + max(xml, json)


def _alone(press: Press, entry: Entry) -> Item:
    """The entry itself, whole."""
    text, title = fit(entry.text), line(entry.title) or entry.key
    source = source_of(entry.source, entry.link)
    link = told(entry).link
    return Item(
        uri=entry.uri,
        page=f"{press.base_url}/entries/{entry.key}",
        title=title,
        html="" if press.summary else paragraphs(text),
        lead=lead(text, title),
        updated=entry.updated,
        published=_instant(press, entry.published),
        source=source and Named(source.slug, line(source.name, _NAME)),
        language=entry.language if entry.language and _LANGUAGE.fullmatch(entry.language) else None,
        link=link if link and len(link) <= _LINK else None,
    )


def _begun(press: Press, whole: Item, text: str) -> Item:
    """As many paragraphs as fit into a quarter of a document, and a link to all of them."""
    more = paragraph(linked(_WHOLE, whole.page)) if whole.html else ""
    short = replace(whole, title=line(whole.title, _NAME), html=more)
    room = press.bytes // 4 - bulk(press, short)
    html = ""
    for part in paragraphs(text).splitlines(keepends=True) if more else ():
        room -= written(part)
        if room < 0:
            break
        html += part
    if more and not html:  # not even the first
        html = _cut(text.lstrip("\n").partition("\n")[0], press.bytes // 4 - bulk(press, short))
    return replace(short, html=html + more)


def _cut(text: str, room: int) -> str:
    """How a paragraph begins, as a paragraph that has room."""
    while written(html := paragraph(escaped(text[:room].rstrip()) + "…")) > room and text:
        text = text[: min(len(text), room) * 3 // 4]
    return html


def _named(named: tuple[Telling, ...], room: int) -> tuple[list[Telling], int]:
    """Those to name, while there is room, and how many are left."""
    chosen: list[Telling] = []
    for one in named[:MOST_NAMED]:
        short = _short(one)
        # Each is named in the text, where what XML escapes is escaped twice, and in a link.
        room -= 100 + 3 * written(escaped(short.name)) + 3 * written(escaped(short.link or ""))
        if room < 0:
            break
        chosen.append(short)
    return chosen, len(named) - len(chosen)


def _short(one: Telling) -> Telling:
    return Telling(name=line(one.name, _NAME), link=one.link if one.link and len(one.link) <= _LINK else None)


def _also_in(named: list[Telling], more: int, page: str) -> str:
    """The last line of an entry: who else tells its story."""
    words = [linked(one.name, one.link) if one.link else escaped(one.name) for one in named]
    if more:
        words.append(linked(f"and {more} more", f"{page}#also"))
    return paragraph(f"Also in: {', '.join(words)}") if words else ""


def _instant(press: Press, stated: StatedDate | None) -> datetime | None:
    try:
        return stated.instant(press.zone) if stated else None
    except OverflowError:  # the first day of the calendar, east of Greenwich
        return None
