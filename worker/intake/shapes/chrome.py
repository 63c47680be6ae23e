"""Words by which sites frame their articles, in six languages; general, bound to no site.

A word list alone never decides where an article begins: it only says what a line is *not*. Lines that a page
repeats are found without any list (`segment.frame`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Chrome(StrEnum):
    """What part of a site's frame a line is."""

    CREDIT = "image credit"
    RELATED = "link to another article"
    SHARE = "share link"
    MORE = "read-more link"
    LEGAL = "copyright line"
    SECTION = "heading of a list of links"
    NAVIGATION = "navigation"
    BYLINE = "author line"
    COMMENT = "reader's comment"
    META = "page data"
    LISTING = "heading of a listing"
    SEARCH = "heading of search results"
    ABSENT = "word that there is no such page"
    RULE = "a rule between parts"


_NAME = r"(?-i:[A-ZÀ-ÖØ-ÞА-ЯЁӘҒҚҢӨҰҮІҺ][\w.'’-]*(?:\s+(?:[a-zа-я]{1,3}\s+)?[A-ZÀ-ÖØ-ÞА-ЯЁӘҒҚҢӨҰҮІҺ][\w.'’-]*){0,3})"
_MACROS = {"{credit}": r"\s*[|:©].{0,160}", "{link}": r"\s*[:：–—>]\s*\S.{3,160}", "{name}": _NAME}
_ANY = ""  # stands for every first letter


@cache
def _words() -> dict[str, list[tuple[Chrome, str]]]:
    """The patterns of chrome.txt by the letters that they can begin with, in the order of the file."""
    words: defaultdict[str, list[tuple[Chrome, str]]] = defaultdict(list)
    kind, kinds = Chrome.META, {str(kind) for kind in Chrome}
    for line in files("worker.intake.shapes").joinpath("chrome.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line[1:-1] in kinds:
            kind = Chrome(line[1:-1])
            continue
        pattern = line
        for macro, meaning in _MACROS.items():
            pattern = pattern.replace(macro, meaning)
        for first in _firsts(line):
            words[first].append((kind, pattern.replace(" ", r"\s+")))
    return words


def _firsts(pattern: str) -> set[str]:
    """The letters that a match can begin with; `_ANY` where the pattern does not tell."""
    if pattern.startswith("(?:"):
        inner, rest = _group(pattern)
        firsts = {first for part in _parts(inner) for first in _firsts(part)}
        return firsts | _firsts(rest[1:].lstrip()) if rest.startswith("?") else firsts
    if not pattern[:1].isalnum():
        return {_ANY}
    return {pattern[0]} | (_firsts(pattern[2:]) if pattern[1:2] == "?" else set())


def _group(pattern: str) -> tuple[str, str]:
    """The inside of the group that a pattern begins with, and what stands behind it."""
    depth = 0
    for at, char in enumerate(pattern):
        escaped = at > 0 and pattern[at - 1] == "\\"
        depth += (char == "(" and not escaped) - (char == ")" and not escaped)
        if not depth:
            return pattern[3:at], pattern[at + 1 :]
    return pattern[3:], ""


def _parts(inner: str) -> list[str]:
    """Alternatives that are not within a group."""
    parts, depth = [""], 0
    for char in inner:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


@cache
def _pattern(first: str) -> re.Pattern[str]:
    """All patterns for lines that begin with a letter, the more telling kinds first."""
    words = sorted(
        _words()[first] + _words()[_ANY] if first != _ANY else _words()[_ANY], key=lambda word: _RANK[word[0]]
    )
    kinds = {kind: "|".join(pattern for which, pattern in words if which is kind) for kind, _ in words}
    return re.compile("|".join(f"(?P<{kind.name}>{patterns})" for kind, patterns in kinds.items()), re.IGNORECASE)


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
        r"""all\s+rights\s+reserved|may\s+not\s+be\s+(?:reproduced|republished|copied)|copyright\b|©\s*(?:19|20)\d\d
        |все\s+права\s+защищены|при\s+(?:использовании|перепечатке)\b.{0,60}(?:ссылка|гиперссылка)
        |перепечатка\b.{0,60}(?:разреш|запрещ)|барлық\s+құқықтар|alle\s+rechte\s+vorbehalten|tous\s+(?:les\s+)?droits\b.{0,30}\bréservés|todos\s+los\s+derechos\s+reservados""",
    ),
    (("ookie",), Chrome.META, r"^.{0,60}cookies?\b.{0,140}$"),
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
            "персональных данных",
            "личных данных",
            "personal data",
        ),
        Chrome.NAVIGATION,
        r"""(?:stor|access|process|consent|speicher|zugreif|verarbeit|einwillig|zustimm|stock|accéd|trait|consent|almacen|acced|trat|соглаша|соглас|обработк|хран)\w*""",
    ),
    (("°",), Chrome.META, r"^.{0,40}-?\d{1,3}\s?°\s?[CF]?.{0,20}$"),
    (("→", "»", ">"), Chrome.NAVIGATION, r"^.{1,40}\s[→»>]+$"),
    ((" | ",), Chrome.NAVIGATION, r"^[^|.!?\n]{1,30}(?:\s\|\s[^|.!?\n]{1,30}){2,}$"),
    (
        (" · ", " • ", " / ", " > ", " » ", " › "),
        Chrome.NAVIGATION,
        r"^[^.!?\n]{1,40}(?:\s(?P<mid>[·•/>»›])\s[^.!?\n]{1,40})(?:\s(?P=mid)\s[^.!?\n]{1,40})+$",
    ),
    (("\t", "   "), Chrome.NAVIGATION, r"^[^.!?\n\t]{1,30}(?:(?:\t|\ {2,})+[^.!?\n\t]{1,30}){2,}$"),
)
_Phrase = tuple[tuple[str, ...], Chrome, re.Pattern[str]]
_ANYWHERE: tuple[_Phrase, ...] = tuple(
    (hints, kind, re.compile(pattern, re.IGNORECASE | re.VERBOSE)) for hints, kind, pattern in _WITHIN
)
_NOTICE = _ANYWHERE[:2]  # the others are short lines
_RANK = {kind: rank for rank, kind in enumerate(Chrome)}
_DECORATION = " .…→»›>"
_LONGEST = 160  # characters; only a copyright notice is longer
LONGEST_NOTICE = 400


def chrome_of(line: str) -> Chrome | None:
    """What part of a frame this stripped line is, or None where the words say nothing."""
    if len(line) > LONGEST_NOTICE:
        return None
    if len(line) > _LONGEST:
        return _within(line, _NOTICE) if line.count(".") <= 4 else None
    within = _within(line, _ANYWHERE)
    first = line[:1].lower()
    bare = line.rstrip(_DECORATION) or line
    found = _pattern(first if first in _words() else _ANY).fullmatch(bare)
    if not found or not found.lastgroup:
        return within
    whole = Chrome[found.lastgroup]  # "Read more »" is both: the kind that is named first goes first
    return whole if within is None or _RANK[whole] < _RANK[within] else within


def _within(line: str, phrases: tuple[_Phrase, ...]) -> Chrome | None:
    small = line.lower()
    for hints, kind, pattern in phrases:
        for hint in hints:
            if hint in small:
                if pattern.search(line):
                    return kind
                break
    return None


#: What sites glue behind the last word of a text: a source line, or a link to the rest. The text before it
#: must have ended, so that a sentence *about* a source stays whole.
_MORE = (
    r"(?:Read\s+(?:[Mm]ore|[Oo]n|[Ff]ull\s+[Ss]tory)|Continue\s+[Rr]eading|Watch\s+the\s+[Vv]ideo|More\s+[Ii]nfo(?:rmation)?|Learn\s+[Mm]ore|Full\s+[Ss]tory"
    r"|Читать\s+(?:далее|полностью|ещё|еще)|Подробнее|Далее|Толығырақ|Толық\s+оқу|Жалғасын\s+оқу"
    r"|Weiterlesen|[Mm]ehr\s+(?:lesen|erfahren|dazu)|Zum\s+Artikel|Lire\s+(?:la\s+suite|plus|l.article)|En\s+savoir\s+plus"
    r"|Leer\s+más|Seguir\s+leyendo|Más\s+información|Ver\s+más)"
)
_GLUED = re.compile(
    rf"""(?<=[\w.!?…"”»)\]])\s*(?:
        (?P<source>(?:Source|Источник|Дереккөз|Quelle|Fuente)\s*:\s*\S.{{0,160}})
      | (?P<more>{_MORE}\s*(?:\.{{2,}}|…|→|»|›|>+)?)
    )\s*$""",
    re.VERBOSE,
)
_GLUE_HINT = (
    "ource", "сточник", "ереккөз", "uelle", "uente", "ead ", "eading", "ideo", "итать", "одробнее", "алее", "олығырақ", "оқу",
    "eiterlesen", "ehr ", "rtikel", "ire ", "avoir", "eer ", "eguir", "nformación", "er más", "tory", "earn ", "nfo",
)  # fmt: skip
SOURCE_LINE = re.compile(r"(?:source|источник|дереккөз|quelle|fuente)\s*:\s*(?P<name>\S.{0,200})", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?")
_MOST_TAIL = 220  # characters


def glued(line: str) -> tuple[int, str] | None:
    """Where a source line or read-more link begins behind a text, and which of the two it is."""
    if line[-1:] in _SENTENCE_ENDS and line[-2:-1] != "." and ":" not in line[-_MOST_TAIL:]:
        return None  # the common case
    tail = max(0, len(line) - _MOST_TAIL)
    end = line[tail:].rstrip()
    for hint in _GLUE_HINT:
        if hint in end:
            break
    else:
        return None
    found = _GLUED.search(line, tail)
    if not found or not line[: found.start()].rstrip():
        return None
    which = "source" if found["source"] else "more"
    return found.start(which), which


@cache
def _menu_words() -> frozenset[str]:
    """Single words that sites have in their menus."""
    return frozenset(
        word for words in _words().values() for kind, pattern in words for word in [pattern.lower()] if word.isalpha()
    )


def is_menu(line: str) -> bool:
    """Whether a line is a menu run together: words that begin with capitals, half of them such as menus have."""
    words = line.split()
    if not 3 <= len(words) <= 14 or not all(word[0].isupper() for word in words):
        return False
    return sum(word.lower() in _menu_words() for word in words) * 2 >= len(words)


_SHARED = frozenset(
    [
        "share",
        "save",
        "print",
        "email",
        "e-mail",
        "mail",
        "tweet",
        "like",
        "comment",
        "comments",
        "facebook",
        "twitter",
        "x",
        "whatsapp",
        "telegram",
        "linkedin",
        "instagram",
        "youtube",
        "pinterest",
        "reddit",
        "messenger",
        "viber",
        "vk",
        "copy",
        "link",
        "merken",
        "teilen",
        "drucken",
        "kommentare",
        "partager",
        "imprimer",
        "envoyer",
        "copier",
        "le",
        "lien",
        "compartir",
        "enviar",
        "imprimir",
        "copiar",
        "enlace",
        "correo",
        "поделиться",
        "распечатать",
        "сохранить",
        "копировать",
        "ссылку",
        "вконтакте",
        "одноклассники",
        "телеграм",
        "бөлісу",
        "on",
        "via",
        "en",
        "por",
        "auf",
        "sur",
        "par",
        "в",
        "на",
        "to",
    ]
)


def is_share_bar(line: str) -> bool:
    """Whether a line is a run of what one can do with an article: "Share Save Facebook Print (6)"."""
    words = [word for word in re.split(r"[\W\d_]+", line.lower()) if word] if len(line) <= _LONGEST else []
    return len(words) >= 3 and sum(word in _SHARED for word in words) >= 0.75 * len(words)


def all_chrome(line: str) -> bool:
    """Whether a line is nothing but parts of a frame with bars between them: "12 comments|Leave a comment"."""
    return "|" in line and all(not part or chrome_of(part) is not None for part in map(str.strip, line.split("|")))
