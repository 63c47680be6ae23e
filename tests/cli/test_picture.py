"""parse draws: every line in reading order, aligned, with what became of it and why."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from consoles import EXAMPLES, Console
from hypothesis import given, settings
from hypothesis import strategies as st

from worker import jobs
from worker.cli.picture import columns_of, picture, shortened

LISTING = EXAMPLES / "listing_with_most_viewed.txt"
_ANSI = re.compile("\x1b\\[[0-9;]*m")


def drawn(content: str | bytes, width: int = 80, *, full: bool = False) -> list[str]:
    """The picture without colours."""
    raw = content if isinstance(content, bytes) else content.encode()
    readings = jobs.Reader().pages(raw, "a.txt", latest=date(2026, 12, 1))
    return [_ANSI.sub("", line) for one in readings for line in picture(one, "a.txt", width, full=full)]


# ── What it tells ───────────────────────────────────────────────────────────────────────────────────


def test_it_tells_of_the_page_its_articles_and_its_lines() -> None:
    lines = drawn(LISTING.read_bytes(), 140)
    assert lines[0] == "a.txt"
    assert lines[1].startswith("listing: 6 articles · ")
    assert "captured 2026-11-09 · utf-8 (ASCII only)" in lines[1]
    at = lines.index("  1  Night Ferry Returns to Lake Bersuat After Nine Years")
    assert lines[at + 1].startswith(
        "     2026-11-07 09:40 (date line at 17-40; no offset stated, UTC assumed) · Ministry"
    )
    margins = [line.split(" ┃ " if " ┃ " in line else " │ ")[0].strip() for line in lines[at + 2 : at + 12]]
    assert [word for word in margins if word][:5] == ["date", "title", "chrome", "chrome", "kept"]
    assert lines[at + 2].endswith("a date and nothing else")


def test_kept_and_dropped_are_the_page() -> None:
    told = re.search(r"([\d,]+) characters kept, ([\d,]+) dropped", "\n".join(drawn(LISTING.read_bytes())))
    assert told is not None
    assert sum(int(count.replace(",", "")) for count in told.groups()) == len(LISTING.read_text())


def test_a_reason_that_lines_share_is_told_once() -> None:
    lines = drawn(LISTING.read_bytes(), 140)
    at = next(at for at, line in enumerate(lines) if "kept ┃ The night ferry" in line)
    assert re.search(r" {2}date line; title; .*;$", lines[at])
    assert all(" kept ┃ " in line and "date line" not in line for line in lines[at + 1 : at + 5])


def test_a_title_that_is_derived_and_a_date_that_is_not_there_are_said() -> None:
    told = " ".join(drawn((EXAMPLES / "single_with_credit.txt").read_bytes(), 200))
    assert "no date" in told
    assert "title derived from the lead" in told


def test_the_evidence_of_a_date_is_shown() -> None:
    (reading,) = jobs.Reader().pages(LISTING.read_bytes(), "a.txt", latest=date(2026, 12, 1))
    dated = [found[0].dated for found in reading.articles if found]
    assert len(set(dated)) == 6
    assert all(f"({one})" in " ".join(drawn(LISTING.read_bytes(), 400)) for one in dated)


def test_a_page_that_cannot_be_read() -> None:
    lines = drawn(b"\x00\x01\x02" * 40)
    assert lines[1].startswith("rejected: ")
    assert "NUL" in lines[1]
    assert drawn(b"")[1].startswith("no-article: 0 articles")


# ── How it stands ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.txt")), ids=lambda path: path.name)
@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_the_terminal_and_bars_stand_in_one_column(path: Path, width: int, full: bool) -> None:
    lines = drawn(path.read_bytes(), width, full=full)
    assert max(columns_of(line) for line in lines[1:]) <= width
    assert {min(line.find("┃") % 999, line.find("│") % 999) for line in lines if "┃" in line or "│" in line} == {10}


def test_full_shows_every_word() -> None:
    text = LISTING.read_text()
    shown = "".join(line[12 : 80 - 22 - 2] for line in drawn(text, 80, full=True))
    letters = re.sub(r"\W", "", shown)
    for paragraph in text.split("\n"):
        assert re.sub(r"\W", "", paragraph)[:400] in letters or len(paragraph) < 60


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("Ұлттық ұшақ", 11), ("中文", 4), ("e\u0301", 1), ("🐐", 2), ("ｱ", 1), ("", 0)],
)
def test_columns(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@given(
    st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "Zs", "So"]), max_size=200),
    st.integers(12, 80),
)
def test_shortened_lines_fit_and_keep_both_ends(text: str, room: int) -> None:
    line = shortened(text, room)
    assert columns_of(line) <= room
    assert line == text or " … " in line


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=200), st.integers(1, 120), st.booleans())
def test_any_page_can_be_drawn_and_commands_no_terminal(content: str | bytes, width: int, full: bool) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    for line in drawn(raw, width, full=full):
        assert line.isprintable()
        line.encode()
        assert columns_of(line) <= max(40, width) or line == "a.txt"


# ── On a terminal ───────────────────────────────────────────────────────────────────────────────────


def on_a_terminal(**environment: str) -> str:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "worker", "parse", str(LISTING)]
    given_ = {name: text for name, text in os.environ.items() if name != "NO_COLOR"} | environment
    process = subprocess.Popen(command, stdout=theirs, stdin=subprocess.DEVNULL, env=given_)
    os.close(theirs)
    told = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not more:
            break
        told += more
    os.close(ours)
    assert process.wait() == 0
    return told.decode()


def test_colours_are_for_terminals_that_want_them(tmp_path: Path) -> None:
    assert "\x1b[" in on_a_terminal(NO_COLOR="")
    assert "\x1b[" not in on_a_terminal(NO_COLOR="1")
    console = Console(tmp_path)
    console.set["COLUMNS"] = "140"
    told = console.call("parse", LISTING).told()
    assert "\x1b[" not in told
    assert max(map(len, told.splitlines())) > 100
