"""Charsets: what is declared, what the bytes say, and which of them is believed."""

from __future__ import annotations

import pytest

from worker.intake import decode
from worker.intake.decode.charset import text_of
from worker.model import Page

_TEXTS = {
    "ru": "Письма в посёлок теперь приходят раньше газет. Почтальон сменил велосипед на лыжероллеры, а внуки смеются.",
    "kk": "Қала тұрғындары көпірдің ашылуын ұзақ күтті. Әкімдік өкілі жөндеу көктемге дейін аяқталады деді.",
    "de": "Der Bürgermeister von Grünwald eröffnete am Sonntag die neue Brücke über die Würm. Es gab Kuchen für alle.",
    "fr": "Le café de la gare a été fermé hier après-midi ; « déjà », dit l’élève qui attendait son père.",
    "es": "El alcalde inauguró ayer la estación de bomberos después de una década de retrasos. ¿Quién pagará?",
    "en": "It’s the miller’s boat – and it isn’t hers. The council said “no” on Monday to a plan for the ferry’s café.",
}
_AGAINST = "but the letters speak against it; not UTF-8; detected by its letters"
_CASES = [
    (language, codec, charset)
    for language in _TEXTS
    for codec, charset in (
        ("utf-8", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1251", "windows-1251"),
        ("koi8-r", "koi8-r"),
        ("cp1252", "windows-1252"),
    )
    if (codec in {"cp1251", "koi8-r"}) <= (language == "ru") and (codec == "cp1252") <= (language not in {"ru", "kk"})
]


@pytest.mark.parametrize(("language", "codec", "charset"), _CASES)
@pytest.mark.parametrize("size", [40, 90, 30_000])
def test_undeclared(language: str, codec: str, charset: str, size: int) -> None:
    text = (_TEXTS[language] * 400)[:size]
    found = text_of(text.encode(codec), None, "")
    assert (found.text, found.charset) == (text, charset)
    assert found.reason


def page(declared: str, codec: str, text: str) -> Page:
    head = f"<html><head><meta http-equiv=Content-Type content='text/html; charset={declared}'></head><body><p>"
    (found,) = decode.decode(head.encode() + text.encode(codec) + b"</p></body></html>")
    return found


@pytest.mark.parametrize(
    ("language", "declared", "codec", "charset"),
    [
        ("ru", "windows-1251", "cp1251", "windows-1251"),
        ("ru", "CP1251", "cp1251", "windows-1251"),
        ("ru", "koi8-r", "koi8-r", "koi8-r"),
        ("ru", "ibm866", "cp866", "IBM866"),
        ("ru", "iso-8859-5", "iso8859-5", "iso-8859-5"),
        ("ru", "UTF-8", "utf-8", "utf-8"),
        ("fr", "iso-8859-1", "cp1252", "windows-1252"),
        ("de", "windows-1250", "cp1250", "windows-1250"),
        ("kk", "ptcp154", "ptcp154", "PTCP154"),
    ],
)
def test_a_declaration_that_is_right(language: str, declared: str, codec: str, charset: str) -> None:
    found = page(declared, codec, _TEXTS[language])
    assert (found.text.strip(), found.charset, found.charset_reason) == (
        _TEXTS[language], charset, "a meta element says so",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("declared", "codec", "charset", "reason"),
    [
        ("windows-1251", "utf-8", "utf-8", "but the bytes are UTF-8; valid UTF-8"),
        ("utf-8", "cp1251", "windows-1251", "but the bytes are not; not UTF-8; detected by its letters"),
        ("koi8-r", "cp1251", "windows-1251", _AGAINST),
        ("windows-1251", "koi8-r", "koi8-r", _AGAINST),
        (
            "iso-8859-1",
            "cp1251",
            "windows-1251",
            _AGAINST,
        ),
        ("rot13", "utf-8", "utf-8", "which is unknown; valid UTF-8"),
    ],
)
def test_a_declaration_that_the_bytes_contradict(declared: str, codec: str, charset: str, reason: str) -> None:
    found = page(declared, codec, _TEXTS["ru"])
    assert (found.text.strip(), found.charset) == (_TEXTS["ru"], charset)
    assert found.charset_reason.endswith(reason)


def test_lines_in_two_charsets_are_read_each_in_its_own() -> None:
    lines = [_TEXTS["ru"], "Plain words.", _TEXTS["ru"]]
    content = b"\n".join([lines[0].encode("cp1251"), lines[1].encode(), lines[2].encode()])
    (found,) = decode.decode(content)
    assert found.text.split("\n") == lines
    assert found.charset_reason == "mixed: 1 lines are UTF-8, 1 are windows-1251"


@pytest.mark.parametrize("language", ["ru", "kk", "de"])
@pytest.mark.parametrize("damage", [b"\xed\xa0\x80", b"\xff\xfe"])  # a lone surrogate (RFC 3629, 3); stray bytes
def test_damaged_utf_8_stays_utf_8(language: str, damage: bytes) -> None:
    words = [word.encode() for word in _TEXTS[language].split(" ")]
    content = b" ".join([words[0], damage, *words[1:]]) + b"\n" + _TEXTS[language].encode()
    (found,) = decode.decode(content)
    assert found.charset == "utf-8"
    assert found.text.replace("\ufffd", "").replace("  ", " ").split("\n") == [_TEXTS[language]] * 2


def test_binary_data_are_no_utf_16() -> None:
    (found,) = decode.decode(bytes(range(0, 256, 2)) * 30 + b"\0" * 40)
    assert (found.charset, found.text) == ("binary", "")
