"""wording: words as they stand, and as numbers that spelling does not change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.intake.relate import wording
from worker.intake.relate.wording import Wording, number_of, plain


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("Ferry", "ferry"),
        ("«Паром»,", "паром"),
        ("(1,250)", "1,250"),
        ("O’Hara’s", "o'hara's"),
        ("Qon\u02bcyr", "qon'yr"),
        ("d\u2011day", "d-day"),
        ("d\u2010day", "d-day"),
        ("O\u00b4Hara", "o'hara"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("\ufb01sh", "fish"),
        ("\uff14\uff12", "42"),
        ("25%", "25"),
        ("–", ""),
        ("...", ""),
        ("_a_", "a"),
        ("", ""),
        ("cafe\u0301", "café"),
    ],
)
def test_plain(word: str, bare: str) -> None:
    assert plain(word) == bare


@given(st.text(max_size=20))
def test_a_plain_word_begins_and_ends_with_a_letter_or_a_digit(word: str) -> None:
    bare = plain(word)
    assert not bare or (bare[0].isalnum() and bare[-1].isalnum())
    assert plain(f"«{word}».") == bare


@given(st.lists(st.sampled_from(["Ferry", "ferry,", "«ferry»", "lake", "-", "—", "12,5"]), max_size=12))
def test_a_number_for_every_word(words: list[str]) -> None:
    made = Wording.of(" \n".join(words))
    assert (len(made), made.words) == (len(words), words)
    assert made.numbers.tolist() == [number_of(plain(word)) for word in words]


def test_spelling_changes_no_number() -> None:
    one, other = Wording.of("“The ferry’s back”, he said – at last."), Wording.of("The FERRY'S back he said - at last")
    assert one.numbers.tolist() == other.numbers.tolist()


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_text_without_words(text: str) -> None:
    made = Wording.of(text)
    assert (len(made), made.words, made.numbers.tolist(), made.ends()) == (0, [], [], [])


@given(st.lists(st.text("abж—", min_size=1, max_size=6), min_size=1, max_size=9), st.sampled_from(" \n"))
def test_where_words_end_in_a_cleaned_text(words: list[str], between: str) -> None:
    text = between.join(words)
    ends = Wording.of(text).ends()
    assert [text[end - len(word) : end] for word, end in zip(words, ends, strict=True)] == words


def test_words_that_are_known_are_forgotten_when_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_MOST", 3)
    before = Wording.of("one two three four five").numbers.tolist()
    assert Wording.of("one two three four five").numbers.tolist() == before
    Wording.of("six")
    assert len(wording._known) == 1
