"""facts: which numbers, days and names differ between two texts."""

from __future__ import annotations

import pytest
from side_by_side import aligned, differing

from worker.intake.relate.facts import Sort, same_name, shared

_BEFORE, _BEHIND = "the council of the lake towns said that", "and that nothing else would change this year"


def between(first: str, second: str, *known: str, language: str | None = None) -> list[tuple[str, str, str]]:
    """The facts that differ where two texts have the one or the other words within the same sentence."""
    texts = (f"{_BEFORE} {words} {_BEHIND}" for words in (first, second))
    return differing(*texts, *known, language=language)


# ── Numbers and days ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12 boats", "14 boats"),
        ("12,500 boats", "12,600 boats"),
        ("4.5 percent", "4.6 percent"),
        ("4,5 процента", "4,6 процента"),
        ("twelve boats", "14 boats"),
        ("first place", "second place"),
        ("first place", "1 place"),  # an ordinal is no cardinal
        ("zwölf Boote", "dreizehn Boote"),
        ("douze bateaux", "treize bateaux"),
        ("doce barcos", "trece barcos"),
        ("двенадцать лодок", "тринадцать лодок"),
        ("первое место", "второе место"),
        ("жиырма қайық", "отыз қайық"),
        ("$12 a head", "$13 a head"),
        ("№5 block", "№6 block"),
        ("0,500 percent", "500 percent"),
        ("0.512 crowns", "0.513 crowns"),
        ("10-12 boats", "10-14 boats"),
        ("9:40 sharp", "9:50 sharp"),
        ("ab12 flight", "ab13 flight"),
    ],
)
def test_other_numbers(first: str, second: str) -> None:
    ((sort, _, _),) = between(first, second)
    assert sort == Sort.NUMBER
    assert between(first, first) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("twelve boats", "12 boats"),
        ("vierzehn", "14"),
        ("quatorze", "14"),
        ("catorce", "14"),
        ("четырнадцать", "14"),
        ("отыз", "30"),
        ("12,500 boats", "12500 boats"),
        ("1,234,567 boats", "1234567 boats"),
        ("12.500 Boote", "12500 Boote"),
        ("12.500,50 Mark", "12,500.50 Mark"),
        ("4,5 percent", "4.5 percent"),
        ("08:00", "8:00"),
        ("10–12 boats", "10-12 boats"),
        ("12 boats", "(12) boats"),
        ("12 boats", "a few boats"),  # only one of them tells
        ("12 or 14 boats", "12 boats"),
        ("a dozen boats", "several boats"),
    ],
)
def test_no_other_numbers(first: str, second: str) -> None:
    assert between(first, second) == []
    assert between(second, first) == []


def test_in_which_form_numbers_are_told() -> None:
    assert between("12,500", "twelve") == [("number", "12500", "12")]
    assert between("12 of 30", "14 of 40") == [("number", "12", "14"), ("number", "30", "40")]


def test_a_pair_is_told_once() -> None:
    text = "of the {} boats in the old harbour many are new and of the {} boats at the pier some are not"
    assert differing(text.format(12, 12), text.format(14, 14)) == [("number", "12", "14")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("in January", "in March"),
        ("on Monday", "on Friday"),
        ("am Montag", "am Freitag"),
        ("im Januar", "im März"),
        ("en janvier", "en mars"),
        ("lundi soir", "jeudi soir"),
        ("el lunes", "el viernes"),
        ("в понедельник", "в пятницу"),
        ("в январе", "в марте"),
        ("дүйсенбіде", "жұмада"),
        ("қаңтарда", "наурызда"),
        ("in May", "in June"),
        ("в мае", "в июне"),
    ],
)
def test_other_days(first: str, second: str) -> None:
    ((sort, one, other),) = between(first, second)
    assert sort in {Sort.DAY, Sort.WEEKDAY}
    assert (one in first.casefold(), other in second.casefold()) == (True, True)


def test_a_verb_is_no_month() -> None:
    assert between("it may", "in June it") == []


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("in Tarvin", "in Oskeld", "en"),
        ("Maren Tolsk", "Maren Ibsay", "en"),
        ("Mali", "Bali", "en"),  # a letter makes another name of a short one
        ("в Тарвине", "в Оскельде", "ru"),
        ("Тарвинде", "Оскелдіде", "kk"),
        ("à Tarvin", "à Oskeld", "fr"),
        ("en Tarvin", "en Oskeld", "es"),
        ("in Tarvin", "in Oskeld", "de"),
        ("Herr Tolsk", "Herr Ibsay", "de"),
        ("aus Tarvin", "nach Oskeld", "de"),
    ],
)
def test_other_names(first: str, second: str, language: str) -> None:
    ((sort, _, _),) = between(first, second, language=language)
    assert sort == Sort.NAME


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("Токаев", "Токаева", "ru"),
        ("Nazarbaev", "Nazarbayev", "en"),
        ("Qyzylorda", "Kyzylorda", "en"),
        ("Zhanaozen", "Janaozen", "en"),
        ("Астана", "Астанада", "kk"),
        ("Тарвин", "Тарвинге", "kk"),
        ("Tarvin's mayor", "Tarvin mayor", "en"),
        ("Müllers", "Müller", "de"),
        ("in Tarvin", "there", "en"),  # only one of them tells
        ("Boote", "Schiffe", "de"),  # all nouns have capitals
        ("der Hafen", "der Strand", "de"),
        ("I", "X", "en"),  # of one letter
    ],
)
def test_no_other_names(first: str, second: str, language: str) -> None:
    assert between(first, second, language=language) == []
    assert between(second, first, language=language) == []


@pytest.mark.parametrize("end", [".", "!", "?", "…", ":", ".”", ".»", " –", " —"])
def test_a_word_with_which_a_sentence_begins_is_no_name(end: str) -> None:
    text = "it has all been said before by many people{} {} boats came into the harbour of the old town"
    assert differing(text.format(end, "Some"), text.format(end, "Many")) == []
    assert differing(text.format(end, "Some"), text.format(end, "Tarvin")) == []


def test_two_words_with_capitals_are_a_name_where_a_sentence_begins_too() -> None:
    text = "it has all been said before by many people. {} came into the harbour of the old town"
    assert differing(text.format("Maren Tolsk"), text.format("Jonas Ibsay")) == [
        ("name", "maren", "jonas"),
        ("name", "tolsk", "ibsay"),
    ]
    assert differing("Maren Tolsk came into the old town", "Jonas Ibsay came into the old town")


def test_a_name_that_stands_elsewhere_was_moved() -> None:
    one = "the mayor Tolsk said that all of it would be paid from the purse of the town and nothing else"
    other = "the mayor Ibsay said that all of it would be paid from the purse of the town and nothing else"
    assert differing(one, other) == [("name", "tolsk", "ibsay")]
    assert differing(f"{one} as Ibsay asked", f"{other} as they asked") == []
    assert differing(f"{one} in Ibsay's words", f"{other} in other words") == []


# ── What may differ ─────────────────────────────────────────────────────────────────────────────────


def test_whose_report_it_is_may_differ() -> None:
    assert between("the Harbour Post", "the Evening Gull") != []
    assert between("the Harbour Post", "the Evening Gull", "Harbour Post") == []
    assert between("the Harbour Post", "the Evening Gull", "Evening Gull", "whoever") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("as Corvane reports", "as Belmar reports"),
        ("according to Corvane", "according to Belmar"),
        ("сообщает Корвейн", "сообщает Бельмар"),
        ("передает Корвейн", "передает Бельмар"),
        ("хабарлайды Корвейн", "хабарлайды Белмар"),
        ("berichtet Corvane", "berichtet Belmar"),
        ("laut Corvane", "laut Belmar"),
        ("selon Corvane", "selon Belmar"),
        ("según Corvane", "según Belmar"),
    ],
)
def test_names_beside_a_word_of_reporting_may_differ(first: str, second: str) -> None:
    assert between(first, second) == []


def test_what_only_one_of_them_tells_is_no_difference() -> None:
    longer = f"{_BEFORE} 12 boats of Maren Tolsk came on Monday {_BEHIND}"
    assert differing(longer, f"{_BEFORE} {_BEHIND}") == []
    assert differing(f"{longer} by 14 May in Oskeld", longer) == []


# ── Long gaps ───────────────────────────────────────────────────────────────────────────────────────


def table(rates: list[str]) -> str:
    names = ["crown", "florin", "thaler", "ducat", "guilder", "mark", "penny", "groat", "real", "peso", "zloty", "lev"]
    rows = " ".join(f"{name} {rate}" for name, rate in zip(names, rates, strict=True))
    return f"the bank of the lake towns has set its rates for today {rows} and these are in force until evening"


def test_a_table_with_other_rates_tells_something_else() -> None:
    one, other = ([f"{start + row}.{row}" for row in range(12)] for start in (10, 40))
    found = differing(table(one), table(other))
    assert len(found) >= 10
    assert {sort for sort, _, _ in found} == {"number"}


def test_a_passage_in_the_place_of_another_is_no_difference() -> None:
    def telling(letter: str, number: int) -> str:
        return " ".join(f"{letter}{letter}{chr(97 + at)}" for at in range(25)) + f" {number}"

    assert between(telling("x", 12), telling("y", 14)) == []
    assert between(" ".join(telling("x", 12).split()[-20:]), telling("y", 14)) == [("number", "12", "14")]


# ── What both tell ──────────────────────────────────────────────────────────────────────────────────


def test_facts_that_are_shared_are_counted_once() -> None:
    text = "on Monday 12 boats and 14 barges came to Tarvin where Maren Tolsk met the 12 boats of Tarvin"
    assert shared(aligned(text, text)) == {Sort.WEEKDAY: 1, Sort.NUMBER: 2, Sort.NAME: 3}
    assert shared(aligned(text, "nothing of it")) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("токаев", "токаевым"),
        ("қонаев", "конаев"),
        ("nur-sultan", "nursultan"),
        ("zhumagaliev", "jumagaliyev"),
        ("хабаров", "хабарова"),
        ("gorbachov", "gorbachev"),
        ("tarvin", "tarvin"),
    ],
)
def test_forms_and_spellings_of_one_name(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("mali", "bali"), ("kim", "kin"), ("tolsk", "ibsay"), ("иванов", "петров"), ("a", ""), ("", "b")]
)
def test_other_names_are_others(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)
