"""The search: a page of hits, and a feed of the same search for whoever wants to be told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from sqlite_utils import Database
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from worker.model import Channel, ChannelKind, Document, Press, StatedDate, slug_of
from worker.outlet.publish import Address, atom
from worker.outlet.wording import line
from worker.store import indexes, stories, tallies, topics
from worker.store import search as searches
from worker.store.search import Hit, Part, Search
from worker.templating import shorten
from worker.web.answers import second_of
from worker.web.moving import Versions
from worker.web.pages import addresses
from worker.web.pages.frame import Frame
from worker.web.pages.items import TITLE, Named, source
from worker.web.site import Site

_HITS = 20  # on a page: about 30 KB
_TOLD = 30  # in a feed
#: Sources to choose from: those of whom most came lately, by name and by channel.
_SOURCES, _LATELY = 60, timedelta(days=90)
_TOPICS = 200
_TITLE, _SNIPPET = 120, 600  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks for."""

    search: Search
    cursor: str
    wrong: tuple[str, ...]  #: what was no date

    @property
    def address(self) -> str:
        """The parameters that ask for the same: of its feed, and of its next pages."""
        search = self.search
        told = {
            "q": search.words,
            "from": search.first.isoformat() if search.first else "",
            "to": search.last.isoformat() if search.last else "",
            "source": search.source,
            "topic": search.topic,
            "order": "best" if search.best else "",
        }
        return urlencode({name: value for name, value in told.items() if value}, errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A hit as the page shows it."""

    path: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]
    language: str | None
    source: Named | None
    published: StatedDate | None
    came: datetime  #: in the zone of the site
    telling: Named | None  #: the entry in which the words were found, where another leads its story

    @classmethod
    def of(cls, hit: Hit, zone: tzinfo) -> Shown:
        """Shortened, as whatever a list shows."""
        lead, telling = hit.entry, hit.telling
        itself = lead.number == telling.number
        other = telling.source or telling.title or "another"
        return cls(
            path=addresses.entry(lead.key),
            title=_cut(hit.title if itself else (Part(lead.title, False),), TITLE) or (Part("Untitled", False),),
            snippet=_cut(hit.snippet, _SNIPPET),
            language=lead.language,
            source=source(lead.source, lead.link),
            published=lead.published,
            came=lead.stored.astimezone(zone),
            telling=None if itself else Named(name=other, path=addresses.entry(telling.key)),
        )


def _cut(parts: Iterable[Part], length: int) -> tuple[Part, ...]:
    """So many characters of what was found."""
    kept: list[Part] = []
    for part in parts:
        text = shorten(part.text, length) if len(part.text) > length else part.text
        if text.strip():
            kept.append(Part(text, part.hit))
        length -= len(text)
        if length <= 0:
            break
    return tuple(kept)


def routes(site: Site, frame: Frame) -> list[Route]:
    """`/search` and `/search.atom`."""
    versions = Versions()

    def page(request: Request) -> Response:
        asked = _asked(request.query_params)
        with site.store() as db:
            found = searches.found(db, asked.search, limit=_HITS, cursor=asked.cursor)
            choices = _choices(db, asked.search, site.clock().date())
        data = {
            "search": asked.search,
            "wrong": asked.wrong,
            "found": found,
            "hits": [Shown.of(hit, site.zone) for hit in found.hits],
            "first": not asked.cursor,
            "depth": searches.DEPTH,
            "address": asked.address,
            **choices,
        }
        return frame.answer(request, "web/search.html", data, here="search")

    def feed(request: Request) -> Response:
        asked = _asked(request.query_params)
        if not asked.search.words or asked.wrong:
            return PlainTextResponse("say what to search for: /search.atom?q=words\n", 400, _HEADERS)
        second = second_of(request.scope)
        if second is None:
            second = int(site.clock().timestamp())
        with site.store() as db:
            body = _atom(db, site.press, asked)
        answer = versions.answer(request, _feed(site.press, asked), body, second=second, max_age=site.max_age)
        answer.headers.update(_HEADERS)
        return answer

    return [Route("/search", page), Route("/search.atom", feed)]


#: A search shows nothing that has no page of its own.
_HEADERS = {"x-robots-tag": "noindex", "x-content-type-options": "nosniff"}


def _asked(told: QueryParams) -> Asked:
    wrong = []
    days: dict[str, date | None] = {}
    for name in ("from", "to"):
        text = told.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            days[name] = None
            wrong.append(text)
    search = Search(
        words=told.get("q", "").strip(),
        first=days["from"],
        last=days["to"],
        source=told.get("source", ""),
        topic=told.get("topic", ""),
        best=told.get("order") == "best",
    )
    return Asked(search=search, cursor=told.get("after", ""), wrong=tuple(wrong))


def _choices(db: Database, search: Search, today: date) -> Mapping[str, object]:
    """Sources and topics to choose from, by slug; what is chosen is always among them."""
    named = [name for name, _ in tallies.sources(db, today - _LATELY, _SOURCES) if slug_of(name)]
    spelled = {slug_of(name): name for name in reversed(named)}  # as it is most often
    for channel in indexes.lately(db)[:_SOURCES]:  # also one that is known by the host of its links only
        spelled.setdefault(channel.slug, channel.name)
    sources = dict(sorted(spelled.items(), key=lambda pair: pair[1].casefold()))
    known = {topic.slug: topic.name for topic in topics.every(db)[:_TOPICS]}
    for chosen, some in ((search.source, sources), (search.topic, known)):
        if chosen:
            some.setdefault(chosen, chosen)
    return {"sources": sources, "topics": known}


def _atom(db: Database, press: Press, asked: Asked) -> bytes:
    """The newest hits as a feed. What a replay found on old pages is no news."""
    found = searches.found(db, asked.search, limit=_TOLD, arrivals=True)
    told = {hit.entry.number: hit.entry for hit in found.hits}
    channel = Channel(number=0, kind=ChannelKind.WIRE, slug="", name=asked.search.words)
    also = stories.also(db, told)
    return _written(press, Document(channel=channel, entries=tuple(told.values()), also=also), asked)


def _feed(press: Press, asked: Asked) -> str:
    """The URL of a search's feed, whichever way it was asked for."""
    return f"{press.base_url}/search.atom?{asked.address}"


def _written(press: Press, document: Document, asked: Asked) -> bytes:
    """A document of no channel: its id is the search itself, so that the same search is the same feed."""
    title = line(f"{document.channel.name} – {press.title}", _TITLE)
    mark = hashlib.sha256(asked.address.encode()).hexdigest()[:24]
    return atom(
        press,
        document,
        Address(
            uri=f"tag:{press.authority}:search/{mark}",
            title=title,
            page=f"{press.base_url}/search?{asked.address}",
            atom=_feed(press, asked),
        ),
    )
