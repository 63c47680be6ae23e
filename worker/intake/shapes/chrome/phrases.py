"""Phrases that make a line part of a frame wherever on it they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from worker.intake.shapes.chrome.kinds import Chrome

#: Phrases that may stand anywhere on a line. A plain search for a tell-tale comes first: these are rare.
_WITHIN = (
    (
        (
            "reserved",
            "not be re",
            "not be co",
            "opyright",
            "©",
            "защищены",
            "ерепечат",
            "использовании",
            "құқықтар",
            "vorbehalten",
            "réservés",
            "reservados",
        ),
        Chrome.LEGAL,
        r"""all\s+rights\s+reserved|may\s+not\s+be\s+(?:reproduced|republished|copied)|^\W*copyright\b\W*(?:(?:by\s+)?(?-i:[^\sa-zа-я].{0,120}))?$|\bsubject\s+to\s+copyright|\bcopyright\s+(?:holder|owner|notice|(?:of|on|in|for)\s+(?:all|these|this)\b)
        |\bcopyright\s*(?:©|\(c\)|(?:19|20)\d\d)|©\s*(?:19|20)\d\d
        |все\s+права\s+защищены|при\s+(?:использовании|перепечатке)\b.{0,60}(?:ссылка|гиперссылка)
        |перепечатка\b.{0,60}(?:разреш|запрещ)|барлық\s+құқықтар|alle\s+rechte\s+vorbehalten|tous\s+(?:les\s+)?droits\b.{0,30}\bréservés|todos\s+los\s+derechos\s+reservados""",
    ),
    (
        ("ookie",),
        Chrome.META,
        r"""^\W*cookies?\W*$|^(?=.{0,60}cookies?\b.{0,140}$).*\b(?:us(?:e|es|ing)|accept\w*|settings?|policy|preferences|consent|website|site|manage
        |essential|necessary|privacy|utilis\w*|accepte\w*|acept\w*|utiliz\w*|verwende\w*|nutz\w*|akzeptier\w*|zustimm\w*|einstellung\w*
        |использ\w*|соглас\w*|соглаш\w*|настройк\w*|сайт\w*|пайдалан\w*)\b""",
    ),
    (
        (
            "ihrem gerät",
            "einem gerät",
            "your device",
            "a device",
            "votre appareil",
            "un appareil",
            "su dispositivo",
            "un dispositivo",
        ),
        Chrome.NAVIGATION,
        r"""(?:stor|access|process|consent|speicher|zugreif|verarbeit|einwillig|zustimm|stock|accéd|trait|consent|almacen|acced|trat|соглаша|соглас|обработк|хран)\w*""",
    ),
    (
        ("персональных данных", "личных данных", "personal data"),
        Chrome.NAVIGATION,
        r"""\b(?:consent|agree|you|your|our|we|вы|мы|ваш\w*|наш\w*|соглаша\w*|даю|даёте|даете|нажима\w*|отправля\w*|политик\w*)\b""",
    ),
    (("°",), Chrome.META, r"^(?:\S+\s+){0,2}\S?\d{1,3}\s?°\s?[CF]?(?:\W+\S+){0,3}$"),
    (("→", "»", ">"), Chrome.NAVIGATION, r"^.{1,40}\s[→»>]+$"),
    ((" | ",), Chrome.NAVIGATION, r"^[^|.!?\n]{1,30}(?:\s\|\s[^|.!?\n]{1,30}){2,}$"),
    (
        (" · ", " • ", " / ", " > ", " » ", " › "),
        Chrome.NAVIGATION,
        r"^[^.!?\n·•/>»›]{1,40}(?:\s(?P<mid>[·•/>»›])\s[^.!?\n·•/>»›]{1,40})(?:\s(?P=mid)\s[^.!?\n·•/>»›]{1,40})+$",
    ),
    (("\t", "   "), Chrome.NAVIGATION, r"^(?=[^.!?]*$)\S+(?:\ \S+){0,4}(?:(?:\t|\ \ )\s*\S+(?:\ \S+){0,4}){2,}$"),
)
#: What several tell-tales have in common: looked for first, it settles all of them at once.
_COMMON = ("reserv", "not be ", "device", "appareil", "dispositivo", "gerät", "ных данных", "|", ">", "»", "/")
_Phrase = tuple[str, tuple[str, ...], Chrome, re.Pattern[str]]


def _phrases() -> Iterator[_Phrase]:
    """Of each kind: what tell-tales have in common, these, and the pattern."""
    for hints, kind, pattern in _WITHIN:
        compiled = re.compile(pattern, re.IGNORECASE | re.VERBOSE)
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for hint in hints:
            groups[next((common for common in _COMMON if common in hint), hint)].append(hint)
        for common, of in groups.items():
            yield common, tuple(of), kind, compiled


ANYWHERE = tuple(_phrases())
ANYWHERE_IN_ASCII = tuple(phrase for phrase in ANYWHERE if phrase[0].isascii())  # half of them need not be looked for
_NOTICES = frozenset(pattern for _, _, pattern in _WITHIN[:2])  # the others are short lines
NOTICE = tuple(phrase for phrase in ANYWHERE if phrase[3].pattern in _NOTICES)
NOTICE_IN_ASCII = tuple(phrase for phrase in NOTICE if phrase[0].isascii())


def within(line: str, small: str, phrases: tuple[_Phrase, ...]) -> Chrome | None:
    for common, hints, kind, pattern in phrases:
        if common in small and any(map(small.__contains__, hints)) and pattern.search(line):
            return kind
    return None
