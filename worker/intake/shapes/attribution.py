"""How news items say whose report they are, in English, Russian and Kazakh."""

from __future__ import annotations

import re

_UPPER = "A-ZА-ЯЁӘҒҚҢӨҰҮІҺ"
#: A name: begins with a capital (or is a host like akorda.example) and stays within its clause.
_OFFICE = (  # institutions that Russian and Kazakh write in small letters
    "пресс-служб|министерств|департамент|управлени|акимат|агентств|администраци|комитет|посольств|служб|университет"
    "|баспасөз|министрліг|басқарма|әкімдік|агенттіг|комитеті"
)
_NAME = rf"(?:the\s+)?(?P<name>(?:(?:[{_UPPER}«“\"]|(?:{_OFFICE}))[^,.;:!?\n]{{1,110}}?(?:\.\w{{2,6}})?|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.\w{{2,6}}))"
_VERBS = r"(?:reports?|reported|informs?|informed|cites?|writes|notes\s+in\s+a\s+release|has\s+(?:learnt|learned))"

#: Each pattern with words of which one must be there: looking for those first is twenty times faster.
_WAYS = (
    (
        (" in a",),
        rf"\b(?:writes?|says?|wrote)\s+in\s+an?\s+(?:\w+\s+)?(?:article|column|op-ed|piece|interview)\s+(?:for|in|to|with)\s+{_NAME}(?=[,.;]|$)",
    ),
    (("report", "inform", "cites", "writes", "notes in", "has lear"), rf"(?:,|\.)\s+{_NAME}\s+{_VERBS}\b"),
    (
        ("report", "inform"),
        r"(?:,|\.)\s+the\s+(?P<name>[\w’'-]+(?:\s+[\w’'-]+){1,7}?)\s+(?:reports?|reported|informs?|informed)(?=\.|$)",
    ),
    (("according to",), rf"\baccording\s+to\s+{_NAME}(?=[,.;]|$)"),
    (("reference to",), rf"\b(?:with|citing)\s+reference\s+to\s+{_NAME}(?=[,.;]|$)"),
    (
        ("сообщ", "перед", "пиш", "информиру", "рассказал"),
        rf"(?:сообща(?:ет|ют)|сообщил[аио]?|переда[её]т|пиш[еу]т|информиру[ею]т|рассказали)\s+(?:в\s+|во\s+)?{_NAME}(?=\s+(?:со\s+ссылкой|из)\b|[,.;]|$)",
    ),
    (
        ("ссылкой на", "по данным", "по информации", "по сообщению"),
        rf"(?:со\s+ссылкой\s+на|по\s+(?:данным|информации|сообщению))\s+{_NAME}(?=[,.;]|$)",
    ),
    (
        ("хабарла", "жазады", "мәлімдеді"),
        rf"(?:,|деп)\s+(?:деп\s+)?(?:хабарлайды|хабарлады|жазады|мәлімдеді)\s+{_NAME}(?=[,.;]|$)",
    ),
    (("хабарла",), rf"{_NAME}\s+(?:хабарлайды|хабарлады)\b"),
)
_PATTERNS = tuple((hints, re.compile(pattern)) for hints, pattern in _WAYS)
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "this", "that", "who", "which"))
_PRONOUNS |= frozenset(("он", "она", "оно", "они", "мы", "я"))
_PRONOUNS |= frozenset(("in", "on", "at", "after", "before", "during", "for", "by", "with", "from", "when", "while"))
_MOST_WORDS = 14


def source_in(paragraph: str) -> str | None:
    """The source a lead paragraph names ("…, Ministry of Roads reports"), or None."""
    for hints, pattern in _PATTERNS:
        if not any(map(paragraph.__contains__, hints)):
            continue
        for found in pattern.finditer(paragraph):
            name = _unquoted(found["name"])
            words = name.split()
            if words and len(words) <= _MOST_WORDS and words[0].lower() not in _PRONOUNS:
                return name
    return None


def _unquoted(name: str) -> str:
    """Without the quotes around it, but not without one half of a pair: агентство «Степь»."""
    bare = name.strip(" «»“”\"'")
    whole = bare.count("«") == bare.count("»") and bare.count("“") == bare.count("”") and not bare.count('"') % 2
    return bare if whole else name.strip()
