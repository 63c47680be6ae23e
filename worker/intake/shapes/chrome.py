"""Words by which sites frame their articles, in six languages; general, bound to no site.

A word list alone never decides where an article begins: it only says what a line is *not*. Lines that a page
repeats are found without any list (`segment.frame`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from worker.intake.shapes import patterns


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
_MACROS = {
    "{credit}": r"\s*(?:[|©].{0,160}|:(?!\s*(?-i:[a-zа-яё])\S*\s+\S+\s+\S+\s+\S).{0,160})",
    "{link}": r"\s*[:：–—>]\s*\S.{3,160}",
    "{name}": _NAME,
}


class _Word(NamedTuple):
    """A pattern of chrome.txt."""

    kind: Chrome
    pattern: str
    starts: set[str]
    needs: tuple[str, ...]


@cache
def _words() -> tuple[_Word, ...]:
    """The patterns of chrome.txt, the more telling kinds first."""
    words = []
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
        words.append(_Word(kind, pattern.replace(" ", r"\s+"), patterns.starts(pattern), patterns.needs(pattern)))
    return tuple(sorted(words, key=lambda word: _RANK[word.kind]))


@cache
def _starts() -> frozenset[str]:
    return frozenset(start for word in _words() for start in word.starts)


def _compiled(words: Iterable[_Word]) -> re.Pattern[str]:
    by_kind: defaultdict[Chrome, list[str]] = defaultdict(list)
    for word in words:
        by_kind[word.kind].append(word.pattern)
    return re.compile("|".join(f"(?P<{kind.name}>{'|'.join(of)})" for kind, of in by_kind.items()), re.IGNORECASE)


@cache
def _beginning(start: str) -> re.Pattern[str]:
    """All patterns for lines that begin so."""
    return _compiled(word for word in _words() if start in word.starts)


@cache
def _of_any_beginning(*, in_ascii: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns that can begin with anything, by a word that a line must hold for them to match."""
    groups: defaultdict[str, list[_Word]] = defaultdict(list)
    for word in _words():
        if patterns.ANY in word.starts:
            for need in word.needs or ("",):
                groups[need].append(word)
    return tuple((need, _compiled(of)) for need, of in groups.items() if need.isascii() or not in_ascii)


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


_ANYWHERE = tuple(_phrases())
_ANYWHERE_IN_ASCII = tuple(phrase for phrase in _ANYWHERE if phrase[0].isascii())  # half of them need not be looked for
_NOTICES = frozenset(pattern for _, _, pattern in _WITHIN[:2])  # the others are short lines
_NOTICE = tuple(phrase for phrase in _ANYWHERE if phrase[3].pattern in _NOTICES)
_NOTICE_IN_ASCII = tuple(phrase for phrase in _NOTICE if phrase[0].isascii())
_RANK = {kind: rank for rank, kind in enumerate(Chrome)}
_DECORATION = " .…→»›>"
_LONGEST = 160  # characters; only a copyright notice is longer
LONGEST_NOTICE = 400
_MOST_SENTENCES = 4  # of such a notice


def chrome_of(line: str) -> Chrome | None:
    """What part of a frame this stripped line is, or None where the words say nothing."""
    if len(line) > LONGEST_NOTICE:
        return None
    if len(line) > _LONGEST and line.count(".") > _MOST_SENTENCES:
        return None
    small = line.lower()
    in_ascii = small.isascii()
    if len(line) > _LONGEST:
        return _within(line, small, _NOTICE_IN_ASCII if in_ascii else _NOTICE)
    found = _within(line, small, _ANYWHERE_IN_ASCII if in_ascii else _ANYWHERE)
    bare = line.rstrip(_DECORATION) or line
    for pattern in _candidates(small, in_ascii=in_ascii):
        # "Read more »" is both: the kind that is named first goes first
        if (whole := pattern.fullmatch(bare)) and (kind := whole.lastgroup):
            other = Chrome[kind]
            found = other if found is None or _RANK[other] < _RANK[found] else found
    return found


def _candidates(small: str, *, in_ascii: bool) -> list[re.Pattern[str]]:
    """The patterns that a line can match, given in small letters: of a headline or sentence hardly ever any."""
    starts = _starts()
    candidates = [pattern for need, pattern in _of_any_beginning(in_ascii=in_ascii) if need in small]
    if (start := small[:3]) in starts:
        candidates.append(_beginning(start))
    if (start := small[:2]) in starts:
        candidates.append(_beginning(start))
    if (start := small[:1]) in starts:
        candidates.append(_beginning(start))
    if start.isdigit():
        candidates.append(_beginning(patterns.DIGIT))
    elif not start.isalpha():
        candidates.append(_beginning(patterns.SIGN))
    return candidates


def _within(line: str, small: str, phrases: tuple[_Phrase, ...]) -> Chrome | None:
    for common, hints, kind, pattern in phrases:
        if common in small and any(map(small.__contains__, hints)) and pattern.search(line):
            return kind
    return None


#: What sites glue behind the last word of a text: a source line, or a link to the rest. The text before it
#: must have ended, so that a sentence *about* a source stays whole.
_MORE = (
    r"(?:Read\s+(?:[Mm]ore|[Oo]n|[Ff]ull\s+[Ss]tory)|Continue\s+[Rr]eading|Watch\s+the\s+[Vv]ideo|More\s+[Ii]nfo(?:rmation)?|Learn\s+[Mm]ore|Full\s+[Ss]tory"
    r"|Читать\s+(?:далее|полностью|ещё|еще)|Подробнее|Далее|Толығырақ|Толық\s+оқу|Жалғасын\s+оқу"
    r"|Weiterlesen|[Mm]ehr\s+(?:lesen|erfahren|dazu)|Zum\s+Artikel|Lire\s+(?:la\s+suite|plus|l.article)|En\s+savoir\s+plus"
    r"|Leer\s+más|Seguir\s+leyendo|Más\s+información|Ver\s+más)"
)
_SOURCE_WORDS = ("Source", "Источник", "Дереккөз", "Quelle", "Fuente")
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
    bare = end.rstrip(_DECORATION).rstrip()
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


@cache
def _menu_words() -> frozenset[str]:
    """Single words that sites have in their menus."""
    return frozenset(word for _, pattern, _, _ in _words() if (word := pattern.lower()).isalpha())


def is_menu(line: str) -> bool:
    """Whether a line is a menu run together: words that begin with capitals, half of them such as menus have."""
    some = line.split(None, 3)
    if len(some) < 3 or not some[1][0].isupper() or not some[2][0].isupper():
        return False  # the common case
    words = line.split(None, 14)
    if len(words) > 14 or not all(word[0].isupper() for word in words):
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
