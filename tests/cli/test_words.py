"""What changed between two texts, word by word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from worker.cli.words import changes

_SOME = ("the", "ferry", "sails", "at", "nine", "on", "Monday", "across", "lake")
_TEXT = st.lists(st.sampled_from(_SOME), max_size=40).map(" ".join)
_GONE, _CAME = re.compile(r"\[-(.*?)-\]"), re.compile(r"\{\+(.*?)\+\}")


def test_a_change_stands_between_the_words_around_it() -> None:
    before = "On Monday the rate of the dollar stood at 512 tenge as the bank said in the morning"
    assert list(changes(before, before.replace("512", "514"))) == [
        "… the dollar stood at [-512-] {+514+} tenge as the bank …"
    ]


def test_at_the_ends_of_a_text_nothing_is_left_out() -> None:
    assert list(changes("It sails at nine", "She sails at ten")) == ["[-It-] {+She+} sails at [-nine-] {+ten+}"]
    assert list(changes("It sails", "It sails at nine")) == ["It sails {+at nine+}"]
    assert list(changes("At last it sails", "it sails")) == ["[-At last-] it sails"]
    assert list(changes("", "It sails")) == ["{+It sails+}"]


def test_changes_far_from_each_other_are_lines_of_their_own() -> None:
    words = [str(number) for number in range(40)]
    other = [word if at not in (5, 30) else "x" for at, word in enumerate(words)]
    assert list(changes(" ".join(words), " ".join(other))) == [
        "… 1 2 3 4 [-5-] {+x+} 6 7 8 9 …",
        "… 26 27 28 29 [-30-] {+x+} 31 32 33 34 …",
    ]


def test_line_breaks_are_no_change() -> None:
    assert list(changes("It sails\nat nine", "It  sails at nine")) == []


@given(_TEXT, _TEXT)
def test_all_that_went_and_all_that_came_is_told(before: str, after: str) -> None:
    told = list(changes(before, after))
    assert (told == []) == (before.split() == after.split())
    gone = [word for line in told for found in _GONE.findall(line) for word in found.split()]
    came = [word for line in told for found in _CAME.findall(line) for word in found.split()]
    assert len(before.split()) - len(gone) == len(after.split()) - len(came)
    assert sorted([*before.split(), *came]) == sorted([*after.split(), *gone])
