"""What sites glue behind the last word of a text: a source line, or a link to the rest."""

from __future__ import annotations

import re

from worker.intake.shapes.chrome.kinds import DECORATION

_MORE = (
    r"(?:Read\s+(?:[Mm]ore|[Oo]n|[Ff]ull\s+[Ss]tory)|Continue\s+[Rr]eading|Watch\s+the\s+[Vv]ideo|More\s+[Ii]nfo(?:rmation)?|Learn\s+[Mm]ore|Full\s+[Ss]tory"
    r"|Читать\s+(?:далее|полностью|ещё|еще)|Подробнее|Далее|Толығырақ|Толық\s+оқу|Жалғасын\s+оқу"
    r"|Weiterlesen|[Mm]ehr\s+(?:lesen|erfahren|dazu)|Zum\s+Artikel|Lire\s+(?:la\s+suite|plus|l.article)|En\s+savoir\s+plus"
    r"|Leer\s+más|Seguir\s+leyendo|Más\s+información|Ver\s+más)"
)
_SOURCE_WORDS = ("Source", "Источник", "Дереккөз", "Quelle", "Fuente")
#: The text before must have ended, so that a sentence *about* a source stays whole.
_GLUED = re.compile(
    rf"""(?<=[\w.!?…"”»)\]])\s*(?:
        (?P<source>(?:{"|".join(_SOURCE_WORDS)})\s*:\s*\S.{{0,160}})
      | (?P<more>{_MORE}\s*(?:\.{{2,}}|…|→|»|›|>+)?)
    )\s*$""",
    re.VERBOSE,
)
#: How the words of `_MORE` end.
_MORE_ENDS = (
    "ore", "On", "on", "tory", "eading", "ideo", "nfo", "алее", "лностью", "ещё", "еще", "робнее", "олығырақ", "оқу",
    "esen", "ahren", "azu", "tikel", "uite", "lus", "rticle", "más", "yendo", "ación",
)  # fmt: skip
SOURCE_LINE = re.compile(r"(?:source|источник|дереккөз|quelle|fuente)\s*:\s*(?P<name>\S.{0,200})", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?")
_MOST_TAIL = 220  # characters
_LONGEST_MORE = 40  # characters; the words of `_MORE` with single spaces are half as long


def glued(line: str) -> tuple[int, str] | None:
    """Where a source line or read-more link begins behind a text, and which of the two it is."""
    if line.endswith(_SENTENCE_ENDS) and line.rfind(":", -_MOST_TAIL) < 0 and not line.endswith(".."):
        return None  # the common case
    tail = max(0, len(line) - _MOST_TAIL)
    end = line[tail:].rstrip()
    named = [at for word in _SOURCE_WORDS if (at := line.find(word, tail)) >= 0] if ":" in end else []
    bare = end.rstrip(DECORATION).rstrip()
    if not bare.endswith(_MORE_ENDS):
        if not named:
            return None
        tail = max(tail, len(line[: min(named)].rstrip()))  # no match begins before the first such word
    elif not named and " ".join(bare[-_LONGEST_MORE:].split()) == bare[-_LONGEST_MORE:].strip():
        tail += max(0, len(bare) - _LONGEST_MORE)  # nor before such a link, where no run of spaces makes it longer
    found = _GLUED.search(line, tail)
    if not found or not line[: found.start()].rstrip():
        return None
    which = "source" if found["source"] else "more"
    return found.start(which), which
