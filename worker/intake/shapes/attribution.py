"""How news items say whose report they are, in six languages."""

from __future__ import annotations

import re

_UPPER = "A-ZА-ЯЁӘҒҚҢӨҰҮІҺ"
#: A name: begins with a capital (or is a host like akorda.example) and stays within its clause.
_OFFICE = (  # institutions that Russian and Kazakh write in small letters
    "пресс-служб|министерств|департамент|управлени|акимат|агентств|администраци|комитет|посольств|служб|университет"
    "|баспасөз|министрліг|басқарма|әкімдік|агенттіг|комитеті"
)
#: The same of other kinds and in other languages: what a name written in small letters throughout has in it.
_INSTITUTIONS = (
    r"ведомств|полици|прокуратур|суд(?:а|е|ом)?\b|издани|газет|журнал|телеканал|портал|редакци|штаб|дум[аыеу]\b|мэри"
    r"|сайт|следстви|следком"
    r"|центр|институт|фонд|әкім|арнасы|қызмет|орталы|қоры\b|соты\b"
    r"|ministeri|ministry|ministère|offices?\b|service|agency|police\b|council|department|government|courts?\b|universit|authorit|administration"
    r"|committee|board\b|commission|bureau|cent(?:re|er)\b|institut|foundation|association|company\b|federation|museum|news|press\b"
    r"|bank\b|union\b|society|ayuntamiento|policía|gobierno|servicio|agencia|diario|periódico|junta\b|consejer|fiscalía"
)
_NAME = rf"(?:the\s+)?(?P<name>(?:(?:[{_UPPER}«“\"]|(?:{_OFFICE}))[^,.;:!?\n]{{1,110}}?(?:\.\w{{2,6}})?|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.\w{{2,6}}))"
#: A name that may be written small throughout, as those of offices are: a few words, to the end of their clause.
_ANY_NAME = r"(?P<name>[\w«“\"][^,.;:!?\n]{2,80}?(?:\.[a-z]{2,6}\b)?)"
_VERBS = r"(?:reports?|reported|informs?|informed|cites?|writes|notes\s+in\s+a\s+release|has\s+(?:learnt|learned))"

_BEHIND = ("report", "inform", "cites", "writes", "notes in", "has lear")  # with which each of `_VERBS` begins

#: Each pattern with words of which one must be there: looking for those first is twenty times faster.
_WAYS = (
    (
        (" in a",),
        rf"\b(?:writes?|says?|wrote)\s+in\s+an?\s+(?:\w+\s+)?(?:article|column|op-ed|piece|interview)\s+(?:for|in|to|with)\s+{_NAME}(?=[,.;]|$)",
    ),
    (_BEHIND, rf"(?:,|\.)\s+{_NAME}\s+{_VERBS}\b"),
    (
        ("report", "inform"),
        r"(?:,|\.)\s+the\s+(?P<name>[\w’'-]+(?:\s+[\w’'-]+){1,7}?)\s+(?:reports?|reported|informs?|informed)(?=\.|$)",
    ),
    (("Original-Content von",), rf"\bOriginal-Content\s+von:\s+{_NAME}(?=[,.;]|$)"),
    (("according to",), rf"\baccording\s+to\s+{_NAME}(?=[,.;]|$)"),
    (("reference to",), rf"\b(?:with|citing)\s+reference\s+to\s+{_NAME}(?=[,.;]|$)"),
    (
        ("сообщ", "перед", "пиш", "информиру", "рассказал"),
        rf"(?:сообща(?:ет|ют)|сообщил[аио]?|переда[её]т|пиш[еу]т|информиру[ею]т|рассказали)\s+(?:в\s+|во\s+)?{_NAME}(?=\s+(?:со\s+ссылкой|из)\b|[,.;]|$)",
    ),
    (
        (", сообща", ", переда", ", пиш", ", информ"),
        rf",\s+(?:сообща(?:ет|ют)|переда[её]т|пиш[еу]т|информиру[ею]т)\s+{_ANY_NAME}(?=\s+со\s+ссылкой|[,.;]|$)",
    ),
    (
        (" сообща", " сообщил"),
        rf"(?:^|[.!?]\s+){_NAME}\s+(?:сообща(?:ет|ют)|сообщил[аио]?)(?=,\s+что\b|\s+о(?:б)?\s)",
    ),
    (
        ("ссылкой на", "по данным", "по информации", "по сообщению"),
        rf"(?:со\s+ссылкой\s+на|(?i:по)\s+(?:данным|информации|сообщению))\s+{_ANY_NAME}(?=[,.;]|$)",
    ),
    (
        ("хабарла", "жаз", "мәлімде"),
        rf"(?:,|деп)\s+(?:деп\s+)?(?:хабарлайды|хабарлады|жазады|жазды|мәлімдеді)\s+{_ANY_NAME}(?=[,.;]|$)",
    ),
    (
        ("хабарлауынша", "мәліметінше", "дерегінше", "ақпаратынша"),
        rf"(?:^|[.!?]\s+|,\s+){_ANY_NAME}\s+(?:хабарлауынша|мәліметінше|дерегінше|ақпаратынша)\b",
    ),
    (("хабарла",), rf"{_NAME}\s+(?:хабарлайды|хабарлады)\b"),
    (
        ("laut ", "Laut ", "nach Angaben", "Nach Angaben", "teilt", "berichtet", "meldet"),
        rf"(?:\b[Ll]aut|\b[Nn]ach\s+Angaben\s+(?:des|der|von))\s+{_NAME}(?=[,.;]|\s+(?:ist|sind|hat|haben|wird|werden|soll|sollen|war)\b|$)",
    ),
    (
        ("mitteil", "berichtet", "meldet"),
        rf"\bwie\s+(?:das|die|der)?\s*{_NAME}\s+(?:mitteilte?|berichtete?|meldete?)(?=[,.;]|$)",
    ),
    ((" mit",), rf"\b[Tt]eilte?\s+(?:das|die|der)?\s*{_NAME}\s+(?:am\s+\w+\s+)?mit(?=[,.;]|$)"),
    (
        (
            "selon",
            "Selon",
            "d’après",
            "d'après",
            "a annoncé",
            "a indiqué",
            "a rapporté",
            "rapporte",
            "indique",
            "annonce",
        ),
        rf"(?:\b[Ss]elon|\b[Dd][’']après|\ba\s+(?:annoncé|indiqué|rapporté)|,\s+(?:rapporte|indique|annonce))\s+(?:l[’']|le\s+|la\s+|les\s+)?{_NAME}(?=[,.;]|$)",
    ),
    (
        ("según", "Según", "informó", "informa ", "acuerdo con", "señaló"),
        (
            rf"(?:\b[Ss]egún(?:\s+(?:[a-zñáéíóú]+(?:ó|aron|ieron)|han?\s+[a-zñáéíóú]+do|informan?|indican?|señalan?|explican?))?|,\s+(?:informó|informa|señaló)|\b[Dd]e\s+acuerdo\s+con)"
            rf"\s+(?:el\s+|la\s+|los\s+|las\s+)?{_ANY_NAME}(?=[,.;]|$)"
        ),
    ),
)
#: What several hints have in common, so that fewer need be looked for.
_COMMON = (
    *("report", "inform", "teil", "richtet", "meldet", "aut ", "ach Angaben", "elon", "après", "annonc", "indiqu"),
    *("rapport", "egún", "сообщ", "перед", "пиш", "информ", "хабарла"),
)
_VOWELS = ("а", "е", "и", "о")  # each hint in Cyrillic letters has one of these


def _signs(hints: tuple[str, ...]) -> tuple[str, ...]:
    """What a paragraph must hold for one of the hints to be there."""
    return tuple(dict.fromkeys(next((common for common in _COMMON if common in hint), hint) for hint in hints))


_PATTERNS = tuple((_signs(hints), hints, re.compile(pattern)) for hints, pattern in _WAYS)
_LATIN = tuple(way for way in _PATTERNS if not any(vowel in hint for hint in way[1] for vowel in _VOWELS))
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "this", "that", "who", "which"))
_PRONOUNS |= frozenset(("он", "она", "оно", "они", "мы", "я"))
_PRONOUNS |= frozenset(("in", "on", "at", "after", "before", "during", "for", "by", "with", "from", "when", "while"))
_MOST_WORDS = 14
_ABOUT_THIS = re.compile(r"(?:Бұл|Осы)\s+(?:туралы|жөнінде|жайлы)\s+")  # "about this", before who says it
#: A name, as opposed to "the mayor at a meeting": it begins with a capital, is a host, or has the word of an institution.
_NAMED = re.compile(
    rf"[«“\"„]?[\dA-ZÀ-ÞА-ЯЁ{_UPPER}]|\S+\.\w{{2,6}}\b|.*\b(?:{_OFFICE}|{_INSTITUTIONS})",
)


#: Words of reporting, in small letters: a name beside one is that of who reports.
VOICES = frozenset(
    [
        "report",
        "reports",
        "reported",
        "informs",
        "informed",
        "cites",
        "citing",
        "according",
        "learnt",
        "сообщает",
        "сообщают",
        "сообщил",
        "сообщила",
        "сообщило",
        "передает",
        "передаёт",
        "передают",
        "пишет",
        "информирует",
        "ссылкой",
        "данным",
        "хабарлайды",
        "хабарлады",
        "хабарлауынша",
        "мәліметінше",
        "жазады",
        "laut",
        "angaben",
        "berichtet",
        "meldet",
        "mitteilte",
        "selon",
        "rapporte",
        "según",
        "informó",
        "informa",
    ]
)


def source_in(paragraph: str) -> str | None:
    """The source a cleaned paragraph names ("…, Ministry of Roads reports"), or None."""
    cyrillic = not paragraph.isascii() and any(map(paragraph.__contains__, _VOWELS))
    for signs, hints, pattern in _PATTERNS if cyrillic else _LATIN:
        for sign in signs:
            if sign in paragraph:
                break
        else:
            continue
        if not any(map(paragraph.__contains__, hints)):
            continue
        for found in pattern.finditer(paragraph, _begin(paragraph, hints) if hints is _BEHIND else 0):
            name = _unquoted(_ABOUT_THIS.sub("", found["name"], count=1) if cyrillic else found["name"])
            words = name.split()
            if words and len(words) <= _MOST_WORDS and words[0].lower() not in _PRONOUNS and _NAMED.match(name):
                return name
    return None


def _begin(paragraph: str, verbs: tuple[str, ...]) -> int:
    """Where a name with one of these verbs behind it, and the comma before it, can begin at the earliest."""
    verb = min(at for word in verbs if (at := paragraph.find(word)) >= 0)
    return max(0, paragraph.rfind(", ", 0, verb), paragraph.rfind(". ", 0, verb))  # a name has none of either in it


def _unquoted(name: str) -> str:
    """Without the quotes around it, but not without one half of a pair: агентство «Степь»."""
    bare = name.strip(" «»“”\"'")
    if bare == name:
        return name  # the common case
    whole = bare.count("«") == bare.count("»") and bare.count("“") == bare.count("”") and not bare.count('"') % 2
    return bare if whole else name.strip()
