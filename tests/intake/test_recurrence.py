"""recurrence: by what lines are compared, and which lines of a page tell of its frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.intake.shapes.recurrence import KEYED, MOST_LINES, Keys, Part, key_of, keys_of
from worker.model import Kind

_LONG = "The ferry between Tuzkent and Ulyterek sails again, and the whole town came to the pier to see it leave."


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Tell a friend", "Tell a friend"),
        ("Views: 1204", "Views: 0"),
        ("1,204 views on 3 May", "0,0 views on 0 May"),
        ("Menu", "Menu"),
        ("x" * KEYED, "x" * KEYED),
        ("x" * (KEYED + 1), ""),
        (f"In 2026 {_LONG}", f"In 2026 {_LONG}"),
        ("", ""),
    ],
)
def test_key(line: str, key: str) -> None:
    assert key_of(line) == key


@given(st.text())
def test_the_key_of_a_key_is_that_key(line: str) -> None:
    assert key_of(key_of(line)) == key_of(line)


def keys(*rows: tuple[Kind, str, bool] | tuple[Kind, str]) -> Keys:
    """The keys of a page whose parts are these lines."""
    text = ""
    parts: list[Part] = []
    for row in rows:
        kind, line, new = row if len(row) == 3 else (*row, False)
        parts.append((len(text), len(text) + len(line) + 1, kind.value, new))
        text += line + "\n"
    return keys_of(text, parts)


OLD = (Kind.ARTICLE, "An old text.")
NEW = (Kind.ARTICLE, "A new text.", True)


def test_what_stands_around_and_in_a_new_article_counts() -> None:
    found = keys(
        (Kind.CHROME, "Menu\nSearch"),
        (Kind.DATE, "3 May 2026"),
        (Kind.TITLE, "Goats climb a tower"),
        (Kind.CHROME, "Tell a friend"),
        NEW,
        (Kind.CHROME, "Images | 5 of 9"),
        (Kind.CONTINUATION, f"Read also:\n{_LONG}"),
        (Kind.SOURCE, "Source: Town Archive"),
        (Kind.TEASER, "Ferry returns to the lake"),
    )
    around = {"Menu", "Search", "Tell a friend", "Images | 0 of 0", "Ferry returns to the lake"}
    assert found.frame == around | {"A new text.", "Read also:"}
    assert found.titles == {"Goats climb a tower"}


def test_what_stands_next_to_an_article_that_is_known_does_not() -> None:
    found = keys(
        (Kind.CHROME, "Menu"),
        (Kind.TITLE, "The old one"),
        OLD,
        (Kind.CONTINUATION, "What the mayor says"),
        (Kind.CHROME, "Behind the old"),
        (Kind.TITLE, "The new one"),
        (Kind.CHROME, "Above the new"),
        NEW,
        (Kind.CHROME, "Behind the new"),
        (Kind.DATE, "3 May 2026"),
        (Kind.CHROME, "Above the last"),
        OLD,
        (Kind.CHROME, "Bottom"),
    )
    assert found.frame == {"Above the new", "A new text.", "Behind the new"}
    assert found.titles == {"The old one", "The new one"}


def test_a_date_within_a_text_begins_no_article() -> None:
    found = keys(NEW, (Kind.DATE, "3 May 2026"), (Kind.CHROME, "Inside"), (Kind.CONTINUATION, "More of it."), OLD)
    assert {"Inside", "More of it."} <= found.frame


def test_behind_the_last_article_a_date_begins_nothing() -> None:
    assert "Bottom" in keys(NEW, (Kind.DATE, "3 May 2026"), (Kind.CHROME, "Bottom")).frame
    assert keys(OLD, (Kind.DATE, "3 May 2026"), (Kind.CHROME, "Bottom")).frame == set()


def test_titles_never_count_wherever_they_stand() -> None:
    found = keys((Kind.TITLE, "Goats climb a tower"), NEW, (Kind.TEASER, "Goats climb a tower"))
    assert "Goats climb a tower" not in found.frame


def test_pages_without_anything_new_teach_nothing() -> None:
    assert keys((Kind.CHROME, "Menu")) == Keys(frozenset(), frozenset())
    assert keys((Kind.TITLE, "A title"), OLD) == Keys(frozenset(), frozenset())
    assert keys() == Keys(frozenset(), frozenset())


def test_pages_teach_so_much_and_no_more() -> None:
    lines = "\n".join("word " * (number % 9) + "x" * (1 + number // 9) for number in range(3 * MOST_LINES))
    assert 0 < len(keys((Kind.CHROME, lines), (Kind.CHROME, lines[::-1]), NEW).frame) <= 2 * MOST_LINES
