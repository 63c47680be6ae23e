"""Words by which sites frame their articles, in English, Russian and Kazakh; general, bound to no site.

A word list alone never decides where an article begins: it only says what a line is *not*. Lines that a page
repeats are found without any list (`segment.frame`).
"""

from __future__ import annotations

import re
from enum import StrEnum


class Chrome(StrEnum):
    """What part of a site's frame a line is."""

    CREDIT = "image credit"
    SHARE = "share link"
    MORE = "read-more link"
    LEGAL = "copyright line"
    SECTION = "heading of a list of links"
    NAVIGATION = "navigation"
    META = "page data"
    LISTING = "heading of a listing"
    SEARCH = "heading of search results"


_WHOLE = {
    Chrome.CREDIT: r"""
        (?:images?|photos?|pictures?|photo\s+credits?|illustration|фото|иллюстрация|изображени[ея]|сурет|фотосы)\s*[|:©].{0,120}
      | (?:news\s+)?(?:images?|photos?) | ©\s?.{1,60}""",
    Chrome.SHARE: r"""
        (?:tell\s+a\s+friend|share(?:\s+(?:this|on|via)\b.{0,40}|:)?|tweet(?:\s+this)?|print(?:\s+(?:version|this\b.{0,20}))?
      | e-?mail\s+this.{0,20}|send\s+to\s+a\s+friend|copy\s+link|bookmark|like|facebook|twitter|telegram|whatsapp|vkontakte
      | поделиться.{0,30}|рассказать\s+(?:другу|друзьям)|распечатать|версия\s+для\s+печати|отправить\s+другу
      | бөлісу|достарыңызбен\s+бөлісіңіз|басып\s+шығару) """,
    Chrome.MORE: r"""
        (?:read\s+(?:more|full\b.{0,20}|the\s+(?:full|rest)\b.{0,30})|continue\s+reading.{0,80}|more\s*(?:»|→|\.\.\.|…)|full\s+(?:story|text)
      | watch\s+the\s+video|listen\s+to\s+the\s+audio|see\s+more|learn\s+more|view\s+more
      | читать\s+(?:далее|полностью|дал[её]е).{0,20}|подробнее|далее|толығырақ|жалғасын\s+оқу)\s*(?:\.{2,}|…|→|»|>+)*""",
    Chrome.SECTION: r"""
        (?:(?:the\s+)?(?:most|top)\s+(?:most\s+)?(?:viewed|read|popular|sent|commented)(?:\s+(?:news|articles|stories))?
      | (?:related|relevant|similar|latest|recent|other|more|top|also)\s+(?:news|stories|articles|posts|topics|publications|links)
      | popular(?:\s+(?:news|posts|now))?|see\s+also|read\s+also|also\s+read|you\s+may\s+also\s+like|recommended(?:\s+for\s+you)?
      | trending(?:\s+now)?|in\s+this\s+section|don.t\s+miss|editor.?s\s+(?:choice|picks)
      | новости\s+по\s+теме|похожие\s+(?:новости|материалы)|читайте\s+также|смотрите\s+также|популярное|самое\s+читаемое
      | последние\s+новости|другие\s+новости|рекомендуем|главные\s+новости|ещё\s+по\s+теме|еще\s+по\s+теме
      | ұқсас\s+жаңалықтар|танымал|соңғы\s+жаңалықтар|көп\s+оқылған|тақырып\s+бойынша)\s*:?""",
    Chrome.NAVIGATION: r"""
        (?:skip\s+to\s+(?:main\s+)?content|back\s+to\s+top|go\s+(?:back\s+)?to\s+the\s+(?:main\s+)?(?:site|page|top).{0,20}
      | [←«<]+\s*.{0,40}|(?:older|newer|previous|next|prev)(?:\s+(?:posts?|entries|page|article|story))?
      | home(?:\s*page)?|main(?:\s+page)?|menu|search|close(?:\s+panel)?|log\s?in|sign\s?(?:in|up)|register|subscribe.{0,40}|contacts?(?:\s+us)?
      | about(?:\s+us)?|sitemap|rss(?:\s+feed)?|privacy\s+policy|terms\s+of\s+(?:use|service)|cookies?\s+(?:policy|settings)|accept(?:\s+all)?(?:\s+cookies)?
      | page\s+\d+\s+of\s+\d+|\d+\s+of\s+\d+\s+pages|(?:\d+\s+){2,}\d+.{0,10}|advertisements?|sponsored|loading.{0,3}
      | click\s+(?:here\s+)?for\b.{0,40}|jump\s+to\b.{0,30}
      | главная|меню|поиск|войти|регистрация|контакты|о\s+нас|реклама|подписаться.{0,40}|наверх|назад|вперед|вперёд|система\s+orphus
      | басты\s+бет|мәзір|іздеу|кіру|тіркелу|байланыс|жарнама)""",
    Chrome.META: r"""
        (?:tags?|tagged|topics?|categor(?:y|ies)|keywords|filed\s+under|posted\s+in|sections?|rubric|format|reading\s+time|views?|comments?
      | authors?|editor|теги|метки|рубрика|категория|просмотров|просмотры|комментарии|автор|редактор|тегтер|айдар|қаралым|пікірлер)\s*:.{0,120}
      | (?:posted|filed)\s+(?:in|under)\b.{1,160}|tagged\s.{1,120}|by\s+[A-ZА-ЯӘҒҚҢӨҰҮІ][\w.'’-]+(?:\s+[A-ZА-ЯӘҒҚҢӨҰҮІ][\w.'’-]+){0,3}
      | \d[\d ,]*\s*(?:views?|comments?|shares?|likes?|просмотр\w*|комментари\w*|рет\s+қаралды)|(?:views?|просмотров)\s*\d[\d ,]*
      | leave\s+a\s+(?:comment|reply)|(?:no|add)\s+comments?|last\s+(?:updated|modified)\b.{0,60}|powered\s+by\b.{0,60}|proudly\s+powered.{0,60}
      | \d{1,3}\s*min(?:ute)?s?\s+read""",
    Chrome.LISTING: r"""
        (?:(?:author|category|tag|monthly|daily|yearly|news|blog|date)\s+)?archives?\b\s*(?::.{0,80})?|(?:category|tag|topic|author|month)\s+archives?\b.{0,80}
      | (?:articles|posts|stories|news)\s+(?:by|from|in|tagged)(?:\s*:|\s).{1,60}|(?:news|press)\s+(?:archive|releases?|room|list)|newsroom
      | архив(?:\s+(?:новостей|рубрики|автора|за))?\b.{0,60}|лента\s+новостей|все\s+новости|мұрағат.{0,40}|жаңалықтар\s+мұрағаты""",
    Chrome.SEARCH: r"""
        (?:search\s+results?|results?\s+(?:of\s+(?:your|the)\s+search|for)|you\s+(?:have\s+)?searched\s+for|your\s+search)\b.{0,80}
      | (?:about\s+)?\d[\d ,.]*\s+(?:search\s+)?(?:results?|matches|hits)(?:\s+(?:for|found)\b.{0,60})?|showing\s+\d+.{1,40}
      | результаты\s+поиска.{0,80}|найдено\b.{0,60}|по\s+запросу\b.{0,80}|іздеу\s+нәтижелері.{0,80}""",
}
_PATTERN = re.compile(
    "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _WHOLE.items()), re.IGNORECASE | re.VERBOSE
)

#: Phrases that may stand anywhere on a line. A plain search for a tell-tale comes first: these are rare.
_WITHIN = (
    (
        ("reserved", "not be re", "not be co", "opyright", "©", "защищены", "ерепечат", "использовании", "құқықтар"),
        Chrome.LEGAL,
        r"""all\s+rights\s+reserved|may\s+not\s+be\s+(?:reproduced|republished|copied)|copyright\b|©\s*(?:19|20)\d\d
        |все\s+права\s+защищены|при\s+(?:использовании|перепечатке)\b.{0,60}(?:ссылка|гиперссылка)
        |перепечатка\b.{0,60}(?:разреш|запрещ)|барлық\s+құқықтар""",
    ),
    (("ookie",), Chrome.META, r"^.{0,20}cookies?\b.{0,120}$"),
    (("°",), Chrome.META, r"^.{0,40}-?\d{1,3}\s?°\s?[CF]?.{0,20}$"),
    (("→", "»", ">"), Chrome.NAVIGATION, r"^.{1,40}\s[→»>]+$"),
    ((" | ",), Chrome.NAVIGATION, r"^[^|.!?\n]{1,30}(?:\s\|\s[^|.!?\n]{1,30}){2,}$"),
)
_Phrase = tuple[tuple[str, ...], Chrome, re.Pattern[str]]
_ANYWHERE: tuple[_Phrase, ...] = tuple(
    (hints, kind, re.compile(pattern, re.IGNORECASE | re.VERBOSE)) for hints, kind, pattern in _WITHIN
)
_NOTICE = tuple(phrase for phrase in _ANYWHERE if phrase[1] is Chrome.LEGAL)
_RANK = {kind: rank for rank, kind in enumerate(Chrome)}
_LONGEST = 160  # characters; only a copyright notice is longer
LONGEST_NOTICE = 400


def chrome_of(line: str) -> Chrome | None:
    """What part of a frame this stripped line is, or None where the words say nothing."""
    if len(line) > LONGEST_NOTICE:
        return None
    if len(line) > _LONGEST:
        return _within(line, _NOTICE) if line.count(".") <= 4 else None
    within = _within(line, _ANYWHERE)
    found = _PATTERN.fullmatch(line)
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
_GLUED = re.compile(
    r"""(?<=[\w.!?…"”»)])\s*(?:
        (?P<source>(?:Source|Источник|Дереккөз)\s*:\s*\S.{0,160})
      | (?P<more>(?:Read\s+[Mm]ore|Continue\s+[Rr]eading|Watch\s+the\s+[Vv]ideo|Читать\s+(?:далее|полностью)|Подробнее|Толығырақ)
          \s*(?:\.{2,}|…|→|»|>+)?)
    )\s*$""",
    re.VERBOSE,
)
_MORE_ENDS = ("ore", "eading", "ideo", "лее", "остью", "обнее", "рақ", "..", "…", "→", "»", ">")
_GLUE_HINT = ("ource", "сточник", "ереккөз", "ead ", "eading", "ideo", "итать", "одробнее", "олығырақ")
SOURCE_LINE = re.compile(r"(?:source|источник|дереккөз)\s*:\s*(?P<name>\S.{0,200})", re.IGNORECASE)


def glued(line: str) -> tuple[int, str] | None:
    """Where a source line or read-more link begins behind a text, and which of the two it is."""
    tail = max(0, len(line) - 220)
    end = line[tail:].rstrip()
    if not end.endswith(_MORE_ENDS) and ":" not in end:
        return None  # the common case
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
