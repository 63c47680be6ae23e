"""The identity of a text: what does not change it, what does, and that the recipe stays what it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_readings import cut_of

from worker.intake.fingerprint import RECIPE, fingerprint, fold, reference
from worker.model import Clean, Fingerprint


def identity(text: str) -> Fingerprint:
    return fingerprint(Clean(cut=cut_of("x", "x"), text=text))


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("The ferry sails at nine.", "42746d4e91e94f89f4791ae6b82fdb58"),
        ("«Паром» отходит в 9:00 — ежедневно…", "f55ef16ac4d8f7411dd428c8806d81df"),
        ("Қарлығаш — ﬁve №7 e\u0301té ㄱㅏ ｶﾞ", "6ad47c8faf06b367a93b8320b538d44d"),
    ],
)
def test_recipe_1_never_changes(text: str, digest: str) -> None:
    """Where this fails, every stored article becomes a new one: raise RECIPE, and keep the old one."""
    assert (RECIPE, identity(text)) == (1, Fingerprint(recipe=1, digest=bytes.fromhex(digest)))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The ferry,\nsails—at  NINE!", "the ferry sails at nine"),
        ("“It’s” 'it's' it‘s", "it s it s it s"),
        ("snake_case and 5 000 km²", "snake case and 5 000 km2"),
        ("Straße STRASSE", "strasse strasse"),
        ("Қарлығаш ЁЖ ёж", "қарлығаш ёж ёж"),
        ("ﬁne № 7 ½", "fine no 7 1 2"),
        ("e\u0301te\u0301 \u00e9t\u00e9", "été été"),
        (" … ", ""),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded.encode()
    assert reference(text) == folded.encode()


# ── Fast is the same as written ─────────────────────────────────────────────────────────────────────

_ODD = (
    "aZ9 _-.\n’“”–…\xa0éßİıſµЁёҚқﬁ½²№ªº™¨´\u0301\u0308\u0316\u0327\u0338\u0345\u0653\u3099\u309a"
    "㄰ㄱㅏ\u1100\u1161\u11a8가각ｶﾞﾊﾟカガﺍﷺ\u09c7\u09be\u0b47\u0b3e\u0dd9\u0dcf๏ΐᾳΣςǅϓ\ud800\udfff\ufffe𝒜😀"
)


@settings(max_examples=800, deadline=None)
@given(st.text(st.sampled_from(_ODD), max_size=12) | st.text(st.characters(exclude_categories=()), max_size=40))
@example("ㄱㅏ")
@example("ｶﾞ")
@example("ﺍ\u0653")
@example("\ud83d\ude00")
def test_fold_is_the_reference(text: str) -> None:
    assert fold(text) == reference(text)


def test_fold_is_the_reference_for_every_character() -> None:
    wrong = [
        hex(point)
        for point in range(0x110000)
        if not unicodedata.category(char := chr(point)).startswith(("Co", "Cn"))
        and fold(f"Aé {char}b{char}") != reference(f"Aé {char}b{char}")
    ]
    assert wrong == []


# ── What changes a text, and what does not ──────────────────────────────────────────────────────────

_WORDS = st.text(st.sampled_from("abcxyzéöабвяёқғі019"), min_size=1, max_size=7)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=12)
_GAPS = st.sampled_from([" ", "  ", "\n", ", ", " – ", ".\n\n", "\u00a0", " «", "» ", "… ", " “", "” ", "! ", "_"])


@settings(max_examples=200, deadline=None)
@given(_TEXTS, st.data())
def test_case_quotes_spaces_and_punctuation_change_nothing(words: list[str], data: st.DataObject) -> None:
    other = ""
    for word in words:
        written = data.draw(st.sampled_from([word, word.upper(), word.title(), unicodedata.normalize("NFD", word)]))
        other += data.draw(_GAPS) + written
    assert identity(other + data.draw(_GAPS)) == identity(" ".join(words))


@settings(max_examples=200, deadline=None)
@given(_TEXTS, _WORDS, st.data())
def test_another_word_is_another_text(words: list[str], word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    other = [*words[:at], word, *words[at + 1 :]]
    assert (identity(" ".join(other)) == identity(" ".join(words))) is (other == words)
    assert identity(" ".join([*words, word])) != identity(" ".join(words))
