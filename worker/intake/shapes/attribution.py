"""How news items say whose report they are, in English, Russian and Kazakh."""

from __future__ import annotations

import re

_UPPER = "A-ZА-ЯЁӘҒҚҢӨҰҮІҺ"
#: A name: begins with a capital (or is a host like akorda.example) and stays within its clause.
_OFFICE = (  # institutions that Russian and Kazakh write in small letters
    "пресс-служб|министерств|департамент|управлени|акимат|агентств|администраци|комитет|посольств|служб|университет"
    "|баспасөз|министрліг|басқарма|әкімдік|агенттіг|комитеті"
)
_NAME = rf"(?:the\s+)?(?P<name>(?:(?:[{_UPPER}«“\"]|(?:{_OFFICE}))[^,.;:!?\n]{{1,110}}?(?:\.\w{{2,6}})?|[\w-]+(?:\.[\w-]+)*\.\w{{2,6}}))"
_VERBS = r"(?:reports?|reported|informs?|informed|cites?|writes|notes\s+in\s+a\s+release|has\s+(?:learnt|learned))"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:writes?|says?|wrote)\s+in\s+an?\s+(?:\w+\s+)?(?:article|column|op-ed|piece|interview)\s+(?:for|in|to|with)\s+{_NAME}(?=[,.;]|$)",
        rf"(?:,|\.)\s+{_NAME}\s+{_VERBS}\b",
        r"(?:,|\.)\s+the\s+(?P<name>[\w’'-]+(?:\s+[\w’'-]+){1,7}?)\s+(?:reports?|reported|informs?|informed)(?=\.|$)",
        rf"\baccording\s+to\s+{_NAME}(?=[,.;]|$)",
        rf"\b(?:with|citing)\s+reference\s+to\s+{_NAME}(?=[,.;]|$)",
        rf"(?:сообща(?:ет|ют)|сообщил[аио]?|переда[её]т|пиш[еу]т|информиру[ею]т|рассказали)\s+(?:в\s+|во\s+)?{_NAME}(?=\s+(?:со\s+ссылкой|из)\b|[,.;]|$)",
        rf"(?:со\s+ссылкой\s+на|по\s+(?:данным|информации|сообщению))\s+{_NAME}(?=[,.;]|$)",
        rf"(?:,|деп)\s+(?:деп\s+)?(?:хабарлайды|хабарлады|жазады|мәлімдеді)\s+{_NAME}(?=[,.;]|$)",
        rf"{_NAME}\s+(?:хабарлайды|хабарлады)\b",
    )
)
_PRONOUNS = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "this",
        "that",
        "he.",
        "who",
        "which",
        "он",
        "она",
        "оно",
        "они",
        "мы",
        "я",
    ]
)
_MOST_WORDS = 14


def source_in(paragraph: str) -> str | None:
    """The source a lead paragraph names ("…, Ministry of Roads reports"), or None."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(paragraph):
            name = found["name"].strip(" «»“”\"'")
            words = name.split()
            if words and len(words) <= _MOST_WORDS and words[0].lower() not in _PRONOUNS:
                return name
    return None
