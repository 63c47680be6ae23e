"""What a page repeats, or its site does on many pages, is part of the frame; found without any list of words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from worker.intake.shapes import prose
from worker.intake.shapes.recurrence import key_of
from worker.model import Frame

_LABEL = re.compile(r"([^\W\d_][\w ]{2,24}?)\s?:\s+(\S.{0,80})")
_REPEATED = 3  # a line that stands on a page so often is part of its frame
_OF_HEADLINES = 5
_SEEN = 12  # pages; what a site shows around so many different articles is no part of them
_SENTENCE_SEEN = 24
_HEADLINE_SEEN = 48  # lists point to an article from the pages of dozens of others, before its own page comes
_FORM = 2  # different labels that recur make a form
_LABELLED = 110  # characters of a line of page data at the most


def recurring_of(texts: list[str], leads: Callable[[int], bool]) -> frozenset[str]:
    """The lines and the labels ("Content type:") that recur on the page.

    A headline recurs where lists point to it, and a whole article may stand twice, so these need more.
    `leads` tells of a line, by its index, whether another line of text follows right behind it.
    """
    keys = [key_of(text) if text else "" for text in texts]
    often = _common_labels(texts)
    told = list(filter(None, keys))
    if len(told) > len(set(told)):
        counts = Counter(told)
        rows = {one for at, (one, other) in enumerate(pairwise(keys)) if one == other and texts[at] != texts[at + 1]}
        more = {key for key, count in counts.items() if count > 1} - rows  # "Bus 4: 7:10", "Bus 5: 7:20" is a list
        differ = _differing(texts, keys, more)
        reports = {key for key in differ if prose.prose(key)}  # "The sun rises at 4:58 and sets at 16:13."
        numbered = differ - {key for at, key in enumerate(keys) if key in differ and not leads(at)}
        closing = _closing(keys, more)
        often |= {key for key in more - reports if key in numbered or key in closing or counts[key] >= _enough(key)}
    return frozenset(often)


def _differing(texts: list[str], keys: list[str], more: set[str]) -> set[str]:
    """Lines that come again with other numbers: "Press release no. 17", "Press release no. 16"."""
    first: dict[str, str] = {}
    return {key for text, key in zip(texts, keys, strict=True) if key in more and first.setdefault(key, text) != text}


def _common_labels(texts: list[str]) -> set[str]:
    maybe = {text for text in texts if ":" in text and len(text) <= _LABELLED}
    if not maybe:
        return set()
    labelled = [(found[1] + ":", text) for text in maybe if (found := _label(text))]
    counts = Counter(label for label, _ in labelled)
    often = {label for label, count in counts.items() if count > 1}
    if len(often) < _FORM:  # a place that several headlines begin with is no label of a form
        often -= {label for label, text in labelled if " " not in label and prose.headline(text) >= 1.0}
    return often


def _closing(keys: list[str], more: set[str]) -> set[str]:
    """A sentence that a site puts to each article, as on a page of two; more of them are bulletins of like words."""
    doubled = {key for pair in pairwise(keys) if more.issuperset(pair) for key in pair}  # an article that stands twice
    sentences = {key for key in more - doubled if prose.prose(key)}
    return sentences if len(sentences) == 1 else set()


def _enough(key: str) -> int:
    return _OF_HEADLINES if prose.headline(key) >= 1.0 else _REPEATED


def _label(text: str) -> re.Match[str] | None:
    """A line of page data: a label and a few words that make no sentence."""
    if ":" not in text or len(text) > _LABELLED:
        return None
    found = _LABEL.fullmatch(text)
    if not found or prose.ended(text) or prose.word_count(found[2]) > 8:
        return None
    named = any(word[:1].isupper() for word in found[1].split()[1:])  # "Lower Sandoru floods: report no. 3"
    return None if named and prose.headline(text) >= 1.0 else found


def frame_of(text: str, recurring: frozenset[str]) -> str:
    """Why a line of text turns out to belong to the frame, because the page repeats it; empty if it does not."""
    if key_of(text) in recurring:
        return "recurs on this page"
    if (label := _label(text)) and label[1] + ":" in recurring:
        return f"page data: {label[1]}"
    return ""


def seen_on(text: str, frame: Frame, *, told: bool, titled: bool) -> str:
    """Why a line belongs to the frame, because the site shows it on many pages; empty if it does not.

    A whole sentence (`told`) needs more of them, and one number for all: it may be what it reports. So does what
    looks like a headline (`titled`).
    """
    key = key_of(text)
    pages = frame.get(key, 0)
    if pages < (_HEADLINE_SEEN if titled else _SENTENCE_SEEN if told else _SEEN) or (told and key != text):
        return ""
    return f"seen on {pages} pages"
