"""What became of every character: the pieces of pages for the ledger, and where an entry was seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from worker.store.pages import unpacked

_FAR = 1 << 62  # behind the end of every page


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One piece of one page, and how it ended."""

    dump: int  #: tells the contents apart that a file has had
    path: str
    page: int
    start: int
    end: int
    outcome: str  #: of an article; for other pieces their kind
    entry: str | None  #: key
    story: str | None  #: key of the entry that leads it
    first_words: str
    reason: str


_FIRST_WORDS = 8
#: Texts are read page by page: SQLite would sort them, too, and holds what it sorts in memory.
_PAGES = """
select dumps.id, dumps.path, pages.id, pages.number from pages join dumps on dumps.id = pages.dump
order by dumps.path, dumps.id, pages.number
"""
_PIECES = """
select start, end, kind, outcome, entries.key, coalesce(leads.key, entries.key), reason, evidence
from pieces left join entries on entries.number = pieces.entry
left join entries as leads on leads.number = entries.story
where page = ? order by start
"""


def ledger(db: Database) -> Iterator[LedgerLine]:
    """Every piece of every page, in the order of paths."""
    for dump, path, id_, number in db.conn.execute(_PAGES):
        (blob,) = db.conn.execute("select text from pages where id = ?", (id_,)).fetchone()
        text = unpacked(blob)
        for start, end, kind, outcome, key, story, reason, evidence in db.conn.execute(_PIECES, (id_,)):
            yield LedgerLine(
                dump=dump,
                path=path,
                page=number,
                start=start,
                end=end,
                outcome=outcome or kind,
                entry=key,
                story=story,
                first_words=" ".join(text[start : min(end, start + 400)].split()[:_FIRST_WORDS]),
                reason=evidence or reason,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One occurrence of an entry's article on a page."""

    page_id: int
    path: str
    page: int
    charset: str
    charset_reason: str
    captured: str | None
    stored: str
    start: int
    end: int
    outcome: str
    reason: str
    evidence: str
    dated: str | None  #: by what its date is known, or why none is


def sightings(db: Database, entry: int) -> list[Sighting]:
    """Where an entry was seen, the first sighting first."""
    rows = db.conn.execute(
        """select pages.id, dumps.path, pages.number, charset, charset_reason, captured, stored, start, end, outcome,
            reason, evidence, dated
        from pieces join pages on pages.id = pieces.page join dumps on dumps.id = pages.dump
        where entry = ? and outcome is not null order by pages.id, start""",
        (entry,),
    )
    names = (
        "page_id",
        "path",
        "page",
        "charset",
        "charset_reason",
        "captured",
        "stored",
        "start",
        "end",
        "outcome",
        "reason",
        "evidence",
        "dated",
    )
    return [Sighting(**dict(zip(names, row, strict=True))) for row in rows]


def left_out(db: Database, sighting: Sighting, limit: int) -> list[tuple[str, str]]:
    """The chrome next to an article and within it, in the order of the page: its first words, and the reason.

    Next to it is what stands between the texts before and behind it; where that is too much, the nearest goes
    before the rest.
    """
    rows = db.conn.execute(
        """with texts as (select start from pieces where page = ?1 and kind = 'article'),
            around as (select start, end, reason from pieces where page = ?1 and kind in ('chrome', 'teaser')
                and start >= coalesce((select max(start) from texts where start < ?2), 0)
                and start < coalesce((select min(start) from texts where start > ?2), ?3)
                order by abs(start - ?2) limit ?4)
        select start, end, reason from around order by start""",
        (sighting.page_id, sighting.start, _FAR, limit),
    ).fetchall()
    (blob,) = db.conn.execute("select text from pages where id = ?", (sighting.page_id,)).fetchone()
    text = unpacked(blob)
    return [
        (" ".join(text[start : min(end, start + 400)].split()[:_FIRST_WORDS]), reason) for start, end, reason in rows
    ]
