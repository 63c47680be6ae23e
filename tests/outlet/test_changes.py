"""What changed between two texts, word by word."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from worker.outlet.changes import changes

_TEXT = st.lists(st.sampled_from(["goat", "ferry", "lake", "of"]), max_size=40).map(" ".join)


def signs(before: str, after: str) -> list[list[str]]:
    return [[run.sign + run.words for run in change.runs] for change in changes(before, after)]


def test_words_around_a_change_are_kept() -> None:
    before = "a b c d e f g h i j k l m n o p"
    after = "a b c d e f G h i j k l m n o p"
    (change,) = changes(before, after)
    assert [run.sign + run.words for run in change.runs] == ["c d e f", "-g", "+G", "h i j k"]
    assert (change.opens, change.ends) == (False, False)


def test_changes_that_are_near_stand_together() -> None:
    assert signs("one two three four", "One two three Four") == [["-one", "+One", "two three", "-four", "+Four"]]
    apart = " ".join("abcdefghijklmnop")
    assert len(signs(f"one {apart} two", f"ONE {apart} TWO")) == 2


def test_what_is_added_or_taken_away_at_an_end() -> None:
    assert signs("one two", "one two three") == [["one two", "+three"]]
    assert signs("one two three", "two three") == [["-one", "two three"]]
    assert signs("", "one") == [["+one"]]
    assert signs("one", "one") == []


@given(_TEXT, _TEXT)
def test_every_word_that_went_or_came_is_told(before: str, after: str) -> None:
    told = [run for change in changes(before, after) for run in change.runs]
    went = sum(len(run.words.split()) for run in told if run.sign == "-")
    came = sum(len(run.words.split()) for run in told if run.sign == "+")
    assert len(after.split()) - len(before.split()) == came - went


def test_texts_that_would_take_long_to_compare_do_not() -> None:
    before, after = "x " + "the a " * 20_000, "y " + "a the " * 20_000
    began = time.process_time()
    assert len(list(changes(before, after))) == 1
    assert time.process_time() - began < 0.5
