"""The page of an entry: its text, and all that is known of where it comes from."""

from __future__ import annotations

from functools import partial
from itertools import islice
from urllib.parse import urlsplit

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from worker.model import Entry
from worker.outlet.also import address
from worker.store import entries, retractions, stories, topics
from worker.web.pages import addresses
from worker.web.pages.frame import Frame
from worker.web.pages.items import Named, source
from worker.web.pages.parts import parts
from worker.web.pages.provenance import Page, Sight, Teller, by_reason, revisions, sightings, tellers
from worker.web.site import Site

#: Of sightings, earlier texts, and others who tell the story.
_LISTED = 10
#: Bytes of the text on one page; its parts must stay, whatever stands around them.
_ROOM = 40_000
_MOST_PARTS = 1000
_MOST_TOPICS = 20
_STATES_NONE = "the page states none"


class EntryPage:
    """`/entries/<key>`"""

    def __init__(self, site: Site, frame: Frame) -> None:
        self._site, self._frame = site, frame

    def answer(self, request: Request) -> Response:
        """The entry; 410 where it was taken down."""
        number = _part(request.query_params.get("part", "1"))
        with self._site.store() as db:
            entry = entries.get(db, request.path_params["key"])
            if entry is None:
                raise HTTPException(404)
            if retraction := retractions.over(db, entry.number):
                return self._frame.failure(request, "web/gone.html", 410, {"reason": retraction.reason})
            return self._frame.fitting(request, "web/entry.html", _LISTED, partial(self._data, db, entry, number))

    def _data(self, db: Database, entry: Entry, number: int, listed: int) -> dict[str, object]:
        text = list(islice(parts(entry.text, _ROOM), number - 1, number + 1))
        if not text and number > 1:
            raise HTTPException(404)
        zone = self._site.zone
        also = tellers(db, entry, listed)
        seen = sightings(db, entry, zone, listed)
        return {
            "entry": entry,
            "path": addresses.entry(entry.key),
            "paragraphs": text[0] if text else [],
            "part": number,
            "follows": len(text) > 1,
            "came": entry.stored.astimezone(zone),
            "updated": entry.updated.astimezone(zone) if entry.updated != entry.stored else None,
            "source": source(entry.source, entry.link),
            "link": _link(entry.link),
            "topics": _topics(db, entry),
            "dated": _dated(entry, seen),
            "lead": _lead(db, entry),
            "also": also,
            "tellings": by_reason(also.shown),
            "seen": seen,
            "revisions": revisions(db, entry, zone, listed) if number == 1 else Page(shown=(), total=0),
        }


def _part(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= _MOST_PARTS):
        raise HTTPException(404)
    return int(text)


def _link(link: str | None) -> Named | None:
    """Where the article itself is, under the name of its site."""
    path = address(link)
    return Named(name=urlsplit(path).hostname or path, path=path) if path else None


def _topics(db: Database, entry: Entry) -> list[Named]:
    found = topics.of_entry(db, entry.number)[:_MOST_TOPICS]
    return [Named(name=topic.name, path=addresses.topic(topic.slug)) for topic in found]


def _dated(entry: Entry, seen: Page[Sight]) -> str | None:
    """By what its date is known. A sighting whose page stated none tells nothing of the date that another filled in."""
    known = [one.dated for one in seen.shown if one.dated]
    if entry.published is None:
        return next(iter(known), None)
    return next((dated for dated in known if not dated.endswith(_STATES_NONE)), None)


def _lead(db: Database, entry: Entry) -> Teller | None:
    """The entry that leads the story, where this one does not."""
    if entry.leads:
        return None
    lead = next(entries.numbered(db, [entry.lead]))
    return Teller.of(lead, stories.join_of(db, entry.number))
