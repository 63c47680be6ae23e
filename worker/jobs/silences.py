"""note_silences(): which sources have gone quiet → silences, and one notice to the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment
from sqlite_utils import Database

from worker.model import EVERYTHING, Notice, Occasion, Outage, Silence, Source
from worker.outlet import silence
from worker.outlet.notice import compose_notice
from worker.store import entries, outbox, silences
from worker.store.database import durable


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who is told when a source goes quiet, and what makes it so."""

    email: str  #: "" where nobody is: silences are noted all the same
    multiple: float  #: of its usual gap; 0: no source is ever quiet
    templates: Environment
    sender: str
    title: str
    base_url: str
    folder: str  #: where dumps come in
    timezone: str  #: IANA name, of the times in a notice


def note_silences(db: Database, operator: Operator, *, now: datetime) -> list[Silence]:
    """Note who has gone quiet and who speaks again; queue one notice of all that is untold. Those new are returned.

    A silence is told of once: its row, the message and what joins them are one transaction. It is called when
    all that lay in the seeds directory has been read; who knows what would come otherwise.
    """
    heard = _heard(db, now)
    found = _quiet(db, heard, now, operator.multiple)
    with durable(db):
        open_ = {one.source for one in _still_going_on(db, heard)}
        still = {one.source for one in found}
        if EVERYTHING in open_ | still:  # then no single source is to blame
            found = [one for one in found if one.source == EVERYTHING]
        noted = [one for one in found if one.source not in open_ and silences.note(db, one, now)]
        if operator.email:
            _notify(db, operator, still, now)
    return noted


def quiet(db: Database, multiple: float, *, now: datetime) -> list[Silence]:
    """The sources that are quiet now, whether or not that has been noted; all together first."""
    return _quiet(db, _heard(db, now), now, multiple)


def _heard(db: Database, now: datetime) -> list[Source]:
    return silence.sources(silences.heard(db, now - silence.FOLLOWED))


def _quiet(db: Database, heard: list[Source], now: datetime, multiple: float) -> list[Silence]:
    outage = _over(db, heard) or silences.last_outage(db)
    return silence.silences(heard, now, multiple=multiple, outage=outage)


def _over(db: Database, heard: list[Source]) -> Outage | None:
    """The silence of everything, where it goes on for all that is noted, and has ended since."""
    everything = next((one for one in heard if one.key == EVERYTHING), None)
    for one in silences.going_on(db):
        if everything and one.source == EVERYTHING and (moment := silence.ended(one, everything)):
            return Outage(began=one.last, ended=moment)
    return None


def _still_going_on(db: Database, heard: list[Source]) -> list[Silence]:
    """The noted silences that go on; of those that do not, the end is noted."""
    sources, left = {source.key: source for source in heard}, []
    for one in silences.going_on(db):
        source = sources.get(one.source)
        if source and (moment := silence.ended(one, source)):
            silences.end(db, one, moment)
        else:
            left.append(one)
    return left


def _notify(db: Database, operator: Operator, still: set[str], now: datetime) -> None:
    """Queue one mail that tells of every silence that no mail tells of; by today's multiple it must be one still."""
    untold = [one for one in silences.untold(db) if one.source in still]
    if not untold:
        return
    notice = Notice(
        silences=tuple((one, entries.get(db, str(one.newest))) for one in untold),
        recipient=operator.email,
        multiple=operator.multiple,
        folder=operator.folder,
        timezone=operator.timezone,
    )
    message = compose_notice(
        notice,
        templates=operator.templates,
        sender=operator.sender,
        title=operator.title,
        base_url=operator.base_url,
        now=now,
    )
    number = outbox.add_notice(db, message, Occasion(name="quiet sources", due=now), now)
    silences.told(db, untold, number)
