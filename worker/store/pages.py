"""Pages with all that they are read by, and the pieces they were cut into: written by an ingest, read again by a
replay, which tells the pure stages just what they were told before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

import msgspec
from sqlite_utils import Database

from worker.model import Mark, Page, Piece, Relation, Stated, Verdict, address_of, host_of
from worker.store import tallies
from worker.store.database import next_id


class _Markup(msgspec.Struct, array_like=True, frozen=True):
    """What markup says of a page, as it is kept: JSON, short names left out."""

    marks: tuple[Mark, ...]
    stated: Stated | None


class _StatedOnly(msgspec.Struct, array_like=True, frozen=True):
    """The same, its marks left undecoded."""

    marks: msgspec.Raw
    stated: Stated | None


class KeptPiece(NamedTuple):
    """A piece of a page and how it ended, as the store has it."""

    start: int
    end: int
    kind: str
    reason: str
    outcome: str | None
    entry: int | None
    evidence: str | None
    dated: str | None  #: by what its date is known, or why none is

    @classmethod
    def of(cls, piece: Piece, relation: Relation | None = None, dated: str | None = None) -> Self:
        """A piece; of an article with what became of it."""
        start, end, kind, reason = piece
        if relation is None:
            return cls(start, end, kind.value, reason, None, None, None, None)
        return cls(start, end, kind.value, reason, relation.outcome.value, relation.entry, relation.evidence, dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page of the archive with all that it is read by, and what has come of it."""

    id: int
    path: str  #: of its dump, relative to the seeds directory
    page: Page
    latest: date  #: no date on it is later than this and a day
    recipe: int
    verdict: str
    pieces: tuple[KeptPiece, ...]


#: Texts of about so many characters are in memory at once, and pieces of so many pages.
_MOST_CHARACTERS = 4 << 20
_MOST_PAGES = 400
_SELECT = """
select pages.id, dumps.path, number, charset, charset_reason, captured, header, rejected, url, markup, latest,
    recipe, verdict, text
from pages join dumps on dumps.id = pages.dump where pages.id > ? and pages.id <= ? order by pages.id
"""


def add(db: Database, pages: Iterable[tuple[int, Page, date, Verdict]], recipe: int) -> range:
    """Store pages, each with its dump, the day that no date on it may be later than, and its verdict; their ids."""
    first = next_id(db, "pages")
    rows = [
        (
            number,
            dump,
            page.number,
            page.charset,
            page.charset_reason,
            page.captured.isoformat() if page.captured else None,
            verdict.value,
            len(page.text),
            recipe,
            page.text.encode("utf-8", "surrogatepass"),
            latest.isoformat(),
            page.header,
            page.url,
            page.rejected,
            _markup(page),
        )
        for number, (dump, page, latest, verdict) in enumerate(pages, first)
    ]
    db.conn.executemany(
        """insert into pages (id, dump, number, charset, charset_reason, captured, verdict, length, recipe, text,
            latest, header, url, rejected, markup)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )
    return range(first, first + len(rows))


def add_pieces(db: Database, pages: Iterable[tuple[int, Iterable[KeptPiece]]]) -> None:
    """Store the pieces of pages that have none, and count pages and pieces."""
    pages = [(page, list(pieces)) for page, pieces in pages]
    db.conn.executemany(
        """insert into pieces (page, start, end, kind, reason, outcome, entry, evidence, dated)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(page, *piece) for page, pieces in pages for piece in pieces],
    )
    tallies.add_pages(db, (page for page, _ in pages))


def _markup(page: Page) -> bytes | None:
    if not page.marks and page.stated is None:
        return None
    return msgspec.json.encode(_Markup(page.marks, page.stated))


def unpacked(blob: bytes) -> str:
    """The text of a page as it was stored."""
    return blob.decode("utf-8", "surrogatepass")


def portion_after(db: Database, last: int) -> list[KeptPage]:
    """The next pages behind the page with this id, in the order in which they were read."""
    upto, characters = last, 0
    rows = db.conn.execute("select id, length from pages where id > ? order by id limit ?", (last, _MOST_PAGES))
    for id_, length in rows.fetchall():
        if upto != last and characters + length > _MOST_CHARACTERS:
            break
        upto, characters = id_, characters + length
    pieces = _pieces(db, last, upto)
    return [_kept(row, pieces.get(row[0], ())) for row in db.conn.execute(_SELECT, (last, upto)).fetchall()]


def count_after(db: Database, last: int) -> int:
    """How many pages there are behind the page with this id."""
    return int(db.conn.execute("select count(*) from pages where id > ?", (last,)).fetchone()[0])


def replace(db: Database, page: KeptPage, pieces: Iterable[KeptPiece], *, verdict: str, recipe: int) -> None:
    """Put what a page has now been found to hold in place of what it was found to hold before."""
    tallies.drop_pages(db, (page.id,))
    db.conn.execute("update pages set verdict = ?, recipe = ? where id = ?", (verdict, recipe, page.id))
    db.conn.execute("delete from pieces where page = ?", (page.id,))
    add_pieces(db, [(page.id, pieces)])


def host_and_text(db: Database, id_: int) -> tuple[str, str]:
    """What counting needs of a page; its markup is looked into only where its dump gave no address."""
    sql = "select url, iif(url is null, markup, null), text from pages where id = ?"
    url, markup, text = db.conn.execute(sql, (id_,)).fetchone()
    stated = msgspec.json.decode(markup, type=_StatedOnly).stated if markup else None
    return host_of(address_of(url, stated)), unpacked(text)


def _pieces(db: Database, last: int, upto: int) -> dict[int, tuple[KeptPiece, ...]]:
    found: dict[int, list[KeptPiece]] = {}
    for page, *piece in db.conn.execute(
        """select page, start, end, kind, reason, outcome, entry, evidence, dated from pieces
        where page > ? and page <= ? order by page, start""",
        (last, upto),
    ):
        found.setdefault(page, []).append(KeptPiece(*piece))
    return {page: tuple(pieces) for page, pieces in found.items()}


def _kept(row: Iterable[Any], pieces: tuple[KeptPiece, ...]) -> KeptPage:
    fields: Iterator[Any] = iter(row)
    id_, path, number, charset, why, captured, header, rejected, url, blob, latest, recipe, verdict, text = fields
    markup = msgspec.json.decode(blob, type=_Markup) if blob else None
    return KeptPage(
        id=id_,
        path=path,
        page=Page(
            number=number,
            text=unpacked(text),
            charset=charset,
            charset_reason=why,
            captured=date.fromisoformat(captured) if captured else None,
            header=header,
            rejected=rejected,
            url=url,
            marks=markup.marks if markup else (),
            stated=markup.stated if markup else None,
        ),
        latest=date.fromisoformat(latest),
        recipe=recipe,
        verdict=verdict,
        pieces=pieces,
    )
