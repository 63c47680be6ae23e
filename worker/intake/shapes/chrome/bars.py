"""Lines that are a row of things to click: a menu, a bar of share links, notes with bars between them."""

from __future__ import annotations

import re
from functools import cache

from worker.intake.shapes.chrome.line import LONGEST, chrome_of
from worker.intake.shapes.chrome.words import words


@cache
def _menu_words() -> frozenset[str]:
    """Single words that sites have in their menus."""
    return frozenset(word for _, pattern, _, _ in words() if (word := pattern.lower()).isalpha())


def is_menu(line: str) -> bool:
    """Whether a line is a menu run together: words that begin with capitals, half of them such as menus have."""
    some = line.split(None, 3)
    if len(some) < 3 or not some[1][0].isupper() or not some[2][0].isupper():
        return False  # the common case
    words = line.split(None, 14)
    if len(words) > 14 or not all(word[0].isupper() for word in words):
        return False
    return sum(word.lower() in _menu_words() for word in words) * 2 >= len(words)


_SHARED = frozenset({
    "share", "save", "print", "email", "e-mail", "mail", "tweet", "like", "comment", "comments", "facebook",
    "twitter", "x", "whatsapp", "telegram", "linkedin", "instagram", "youtube", "pinterest", "reddit", "messenger",
    "viber", "vk", "copy", "link", "merken", "teilen", "drucken", "kommentare", "partager", "imprimer", "envoyer",
    "copier", "le", "lien", "compartir", "enviar", "imprimir", "copiar", "enlace", "correo", "поделиться",
    "распечатать", "сохранить", "копировать", "ссылку", "вконтакте", "одноклассники", "телеграм", "бөлісу", "on",
    "via", "en", "por", "auf", "sur", "par", "в", "на", "to"
})  # fmt: skip


_WORD = re.compile(r"[^\W\d_]+")


_FEWEST = 3  # words of a share bar


def sharing(line: str) -> int:
    """How far a line, or each of its words, leans to a share bar, three words of four of which are such: a bar sums up
    to nothing negative.
    """
    words = _WORD.findall(line.lower())
    return 4 * sum(map(_SHARED.__contains__, words)) - 3 * len(words)


def is_share_bar(line: str) -> bool:
    """Whether a line is a run of what one can do with an article: "Share Save Facebook Print (6)"."""
    return len(line) <= LONGEST and sharing(line) >= 0 and len(_WORD.findall(line)) >= _FEWEST


def all_chrome(line: str) -> bool:
    """Whether a line is nothing but parts of a frame with bars between them: "12 comments|Leave a comment"."""
    return "|" in line and all(not part or chrome_of(part) is not None for part in map(str.strip, line.split("|")))
