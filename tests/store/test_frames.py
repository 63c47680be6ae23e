"""Frames: counted an epoch at a time, in bounded memory, the rarest and oldest forgotten first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from archives import opened
from sqlite_utils import Database

from worker.model import Kind, Mark, Markup, Page, Piece, Stated, Verdict
from worker.store import frames, pages
from worker.store.database import transaction
from worker.store.pages import KeptPiece


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "seedwire.db") as database:
        yield database


def counted(*pages: tuple[str, str], titles: tuple[str, ...] = ()) -> frames.Counts:
    """Pages as (host, lines with bars between them)."""
    counts = frames.Counts()
    for host, lines in pages:
        counts.page(host, lines.split("|"), titles)
    return counts


def add(db: Database, counts: frames.Counts) -> None:
    after = frames.learned(db)
    frames.add(db, frames.Epoch(after, frames.border_behind(after)), counts)


def known(db: Database) -> dict[tuple[str, str], int]:
    return {(host, line): pages for host, line, pages in db.conn.execute("select host, line, pages from frame_lines")}


def test_borders_come_soon_and_then_regularly() -> None:
    borders = [0]
    while borders[-1] < 4 * frames.EPOCH:
        borders.append(frames.border_behind(borders[-1]))
    assert borders == [0, 16, 32, 64, 128, 256, 512, 768, 1024]
    assert all(one < other for one, other in pairwise(borders))


def test_from_some_pages_on_an_epoch_counts_from_the_border_after_the_next_one() -> None:
    borders = (0, 16, 128, 256, 512, 768)
    assert [frames.holds_until(border) for border in borders] == [16, 32, 256, 768, 1024, 1280]


def test_what_will_be_known_is_told_and_not_written(db: Database) -> None:
    add(db, counted(*[("a.example", "Menu")] * 10))
    before = known(db), frames.learned(db)
    epoch = frames.Epoch(16, 32)
    counts = counted(*[("a.example", "Menu|Search")] * 9)
    told = frames.foretold(db, epoch, counts)
    assert (known(db), frames.learned(db)) == before
    frames.add(db, epoch, counts)
    assert told == frames.load(db) == {"a.example": {"Menu": 19, "Search": 9}}


def test_an_archive_that_has_just_begun(db: Database) -> None:
    assert (frames.learned(db), frames.last_page(db), frames.whole(db), frames.due(db)) == (0, 0, None, None)
    assert frames.load(db) == {}
    assert frames.totals(db) == {"lines": 0, "recurring": 0, "hosts": 0, "pages": 0}


def test_lines_are_counted_by_host(db: Database) -> None:
    add(db, counted(*[("a.example", "Menu|Search")] * 20, *[("", "Menu")] * 9))
    add(db, counted(*[("a.example", "Menu")] * 3))
    assert known(db) == {("a.example", "Menu"): 23, ("a.example", "Search"): 20, ("", "Menu"): 9}
    assert frames.load(db) == {"a.example": {"Menu": 23, "Search": 20}, "": {"Menu": 9}}
    assert frames.totals(db) == {"lines": 3, "recurring": 3, "hosts": 2, "pages": 32}


def test_reading_is_told_what_was_seen_often(db: Database) -> None:
    add(db, counted(*[("a", "Often")] * frames.FEWEST, *[("a", "Seldom")] * (frames.FEWEST - 1)))
    assert frames.load(db) == {"a": {"Often": frames.FEWEST}}


def test_what_an_epoch_shows_once_is_not_kept_but_counts_where_it_is_known(db: Database) -> None:
    add(db, counted(*[("a", "Menu")] * 20, ("a", "Once")))
    add(db, counted(*[("a", "Search")] * 20, ("a", "Menu")))
    assert known(db) == {("a", "Menu"): 21, ("a", "Search"): 20}


def test_a_host_with_few_pages_is_counted_from_its_first_one(db: Database) -> None:
    add(db, counted(*[("a", "Menu")] * 20, ("b", "Once")))
    add(db, counted(*[("a", "Menu")] * 20, ("b", "Once")))
    assert known(db)["b", "Once"] == 2


def test_lines_without_letters_and_titles_are_no_frame(db: Database) -> None:
    add(db, counted(*[("a", "0:0|Menu|Goats climb a tower")] * 20))
    assert ("a", "0:0") not in known(db)
    assert known(db)["a", "Goats climb a tower"] == 20
    add(db, counted(("a", "Menu"), titles=("Goats climb a tower",)))
    assert known(db) == {("a", "Menu"): 21}
    add(db, counted(*[("a", "Goats climb a tower")] * 20, titles=("Goats climb a tower",)))
    assert known(db) == {("a", "Menu"): 21}


def test_lines_that_no_database_can_hold_are_left_out(db: Database) -> None:
    add(db, counted(*[("a", "Menu|torn \udcff off|zero \x00 byte|меню")] * 20, titles=("\ud800",)))
    assert {line for _, line in known(db)} == {"Menu", "zero \x00 byte", "меню"}


def test_the_host_of_a_page_is_that_of_its_address(db: Database) -> None:
    own = Stated(link="https://www.Aksary.example/a")
    told = [
        Page(number=1, text="a", charset="utf-8", charset_reason="x", url="https://x.example/1", stated=own),
        Page(number=2, text="b", charset="utf-8", charset_reason="x", stated=own, marks=(Mark(0, 1, Markup.TIME),)),
        Page(number=3, text="c", charset="utf-8", charset_reason="x", stated=Stated(title="T")),
        Page(number=4, text="d", charset="utf-8", charset_reason="x"),
    ]
    piece = KeptPiece.of(Piece(0, 1, Kind.CHROME, "r"))
    with transaction(db):
        db.conn.execute("insert into dumps (id, checksum, path, size, stored) values (1, x'00', 'p', 1, 'now')")
        numbers = pages.add(db, [(1, one, date(2026, 11, 9), Verdict.NO_ARTICLE) for one in told], 1)
        pages.add_pieces(db, [(number, [piece]) for number in numbers])
    found = list(frames.pages_of(db, frames.Epoch(0, 4)))
    assert [(one.host, one.text) for one in found] == [(one.host, one.text) for one in told]
    assert [one.host for one in found] == ["x.example", "aksary.example", "", ""]
    assert found[0].pieces == [(0, 1, "chrome", 0)]


# ── Bounds ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_rarest_and_oldest_go_where_room_ends(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_OF_HOST", 8)
    add(db, counted(*[("a", "Menu")] * 20, *[("a", "old 1|old 2|old 3")] * 2))
    for _ in range(3):
        add(db, counted(("a", "Menu")))
    add(db, counted(*[("a", "new 1|new 2|new 3|new 4|new 5")] * 2))
    assert {line for _, line in known(db)} == {"Menu", *(f"new {number}" for number in range(1, 6))}


def test_a_host_does_not_crowd_out_another(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_OF_HOST", 10)
    add(db, counted(("b", "Menu|Search"), *[("a", "|".join(f"line {'x' * number}" for number in range(100)))] * 2))
    assert sum(host == "a" for host, _ in known(db)) == 7
    assert {line for host, line in known(db) if host == "b"} == {"Menu", "Search"}


def test_no_archive_holds_more_than_it_may(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_OF_HOST", 10)
    monkeypatch.setattr(frames, "MOST", 20)
    for epoch in range(40):
        add(db, counted(*[(f"host {epoch % 7}", f"line {'x' * epoch}|Menu")] * 2))
        assert frames.totals(db)["lines"] <= 20
    assert {line for _, line in known(db)} >= {"Menu"}


def test_how_often_a_line_may_have_been_missed() -> None:
    borders = [0]
    for number in range(12):
        assert frames._epochs_until(borders[-1]) == number
        borders.append(frames.border_behind(borders[-1]))
