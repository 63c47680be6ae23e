"""publish: a head holds what stands in no archive document, and others while there is room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from channels import HOSTILE, NOW, PRESS, archive, document, head
from feed_rules import ATOM, ids, links
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from mail_digests import entry, other

from worker.model import Also, Entry
from worker.outlet import publish

SMALL = replace(PRESS, bytes=64 << 10)


def many(count: int, text: str = "It sails at nine.") -> tuple[Entry, ...]:
    return tuple(entry(number, text=text) for number in range(count, 0, -1))


def content(root: etree._Element) -> str:
    return str(root.findtext(f"{ATOM}entry/{ATOM}content"))


def test_as_many_as_the_settings_say() -> None:
    assert len(ids(head(*many(80)))) == 50
    assert len(ids(head(*many(80), press=replace(PRESS, size=7)))) == 7


def test_what_is_required_is_there_whatever_the_settings_say() -> None:
    root = head(*many(80), press=replace(PRESS, size=7), required=25)
    assert ids(root) == [one.uri for one in many(80)[:25]]


def test_no_more_than_its_budget_has_room_for() -> None:
    root = head(*many(50, "word " * 600), press=SMALL)
    assert 10 <= len(ids(root)) < 22
    assert ids(root) == [one.uri for one in many(50)[: len(ids(root))]]


def test_an_entry_that_has_no_room_ends_the_head() -> None:
    """Else an older entry would stand there, and the one before it nowhere."""
    long = tuple(entry(number, text="word " * 2000) for number in range(12, 4, -1))
    root = head(*long, *many(4), press=SMALL)
    assert ids(root) == [one.uri for one in long[: len(ids(root))]]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "& " * 400, "\xa0" * 500, '"\n' * 900, "ж" * 9000, *HOSTILE]), max_size=60),
    st.integers(0, 3),
)
def test_half_of_the_budget_and_one_more_always_fit(texts: list[str], others: int) -> None:
    """What an archive document is closed by: no head ever has to leave out an entry that stands nowhere else."""
    told = [other(number, '"&' * 200, f"https://p{number}.example/{'&' * 900}", title="x") for number in range(others)]
    entries = [replace(entry(number), text=text, title=text) for number, text in enumerate(texts, 1)]
    half, required = SMALL.bytes // 2, 0
    for one in entries:
        required += 1
        half -= publish.weight(SMALL, one, tuple(told))
        if half < 0:
            break
    also: dict[int, tuple[Also, ...]] = {one.number: tuple(told) for one in entries}
    root = head(*entries, press=SMALL, also=also, required=required)
    assert ids(root)[:required] == [one.uri for one in entries[:required]]


# ── Entries too long for a quarter of it ────────────────────────────────────────────────────────────


def test_a_long_entry_is_told_by_how_it_begins() -> None:
    text = "\n".join(f"Paragraph {number} of a very long report, which nobody reads." for number in range(900))
    told = content(head(entry(1, text=text), press=SMALL))
    *paragraphs, last = told.splitlines()
    assert last == '<p><a href="https://wire.example.org/entries/e1">The whole text</a></p>'
    assert paragraphs == [f"<p>{line}</p>" for line in text.splitlines()[: len(paragraphs)]]
    assert 12_000 < len(told) < SMALL.bytes // 4
    assert content(archive(1, entry(1, text=text), press=SMALL)) == told
    assert "The whole text" not in content(head(entry(1, text=text)))


def test_who_else_tells_it_does_not_move_where_it_ends() -> None:
    text = "\n".join(f"Paragraph {number} of a very long report, which nobody reads." for number in range(2000))
    alone = content(head(entry(1, text=text), press=SMALL))
    others = tuple(other(number, f"Paper {number}", f"https://p{number}.example/") for number in range(90))
    assert content(head(entry(1, text=text), press=SMALL, also={1: others})).startswith(alone)


@pytest.mark.parametrize("text", ["&" * 90_000, "\xa0x" * 90_000, "word " * 60_000, "🐐" * 90_000, '"' * 90_000])
def test_a_paragraph_too_long_is_cut(text: str) -> None:
    told = content(head(entry(1, title=text, text=text), press=SMALL))
    assert "…</p>" in told
    assert told.endswith("The whole text</a></p>\n")
    assert publish.weight(SMALL, entry(1, title=text, text=text), ()) <= SMALL.bytes // 4


def test_others_with_long_names_are_counted_and_few_are_named() -> None:
    others = tuple(other(number, f"{number}&" * 20, f"https://p{number}.example/{'x' * 200}") for number in range(60))
    root = head(entry(1), press=SMALL, also={1: others})
    assert "and 5" in content(root)
    assert links(root.find(f"{ATOM}entry"), "replies")  # type: ignore[arg-type]
    long = replace(entry(1), link="https://a.example/" + "x" * 3000)
    item = head(long).find(f"{ATOM}entry")
    assert item is not None
    assert links(item, "via") == []


def test_a_head_that_leaves_out_much_is_published(tmp_path: Path) -> None:
    told = document(*many(500, "word " * 300), required=9)
    assert publish.publish(tmp_path, replace(SMALL, size=500), told, now=NOW)
    assert 18 < len(ids(head(*told.entries, press=replace(SMALL, size=500)))) < 60
