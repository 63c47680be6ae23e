"""What can be shown: characters that XML allows and that a reader sees."""

from __future__ import annotations

import re

#: Not a Char of XML 1.0 (section 2.2), or invisible: soft hyphen, zero-width and bidi controls, BOM, U+FFFD.
_UNFIT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    "|[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffd]"
)


def tidied(texts: list[str]) -> list[str]:
    """Each of them as one line. Asking all of them at once whether anything is amiss is the cheaper way."""
    together = "".join(texts)
    if together.isprintable() and "  " not in together and "\ufffd" not in together:
        return list(map(str.strip, texts))
    return list(map(tidy, texts))


def tidy(text: str) -> str:
    """One line: fit for XML, every run of white space a space."""
    if text.isprintable() and "  " not in text and "\ufffd" not in text:
        return text.strip()  # the common case, five times faster
    return " ".join(_UNFIT.sub("", text).split())
