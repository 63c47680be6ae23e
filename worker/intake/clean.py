"""clean: strip what XML forbids and what is invisible; reject what ends up empty."""

from __future__ import annotations

import re

from worker.model import Clean, Cut, Page, Span

#: Not a Char of XML 1.0 (section 2.2), or invisible: soft hyphen, zero-width and bidi controls, BOM, U+FFFD.
_UNFIT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    "|[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffd]"
)


def clean(page: Page, cut: Cut) -> Clean | None:
    """The text of a cut; None where nothing legible is left of it."""
    paragraphs = (tidy(page.text, span) for span in cut.body)
    text = "\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Clean(cut=cut, text=text) if any(map(str.isalnum, text)) else None


def tidy(text: str, span: Span) -> str:
    """One span as a single line: fit for XML, every run of white space a space."""
    return " ".join(_UNFIT.sub("", text[span.start : span.end]).split())
