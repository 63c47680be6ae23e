"""describe: title, summary, source, published, language, link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from worker.intake.shapes import attribution, chrome, dating, legible, tongue
from worker.intake.shapes.dateline import Dateline, dateline_of
from worker.model import Article, Clean, Page, Site, Span, Stated

RECIPE = 2  # the number of this way of describing; raised whenever an article could come out otherwise

#: A derived title is the lead sentence, cut at a word near this many characters, as headlines are.
_TITLE = 100
_NOTHING = Stated()
_HOST = re.compile(r"https?://(?:www\.)?([^/\s:?#]+)\S*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)]*(?=\s+[\"'“«(]?[^\W\d_a-zа-яё])")


def describe(page: Page, clean: Clean, *, latest: date, zone: str = "UTC", site: Site | None = None) -> Article:
    """What a cleaned article says of itself. A date after `latest`, a day left for zones, is not believed.

    `zone` is the IANA name that stands in, later, where a date states no offset; the evidence names it.
    """
    cut, text = clean.cut, clean.text
    lead = text.partition("\n")[0]
    dateline = dateline_of(lead)
    stated = page.stated if page.stated and cut.sole else _NOTHING
    printed = _words(page, cut.title).strip("*_# ")
    published, dated = dating.dated(page, cut, dateline.words if dateline else "", latest=latest, zone=zone, site=site)
    source, link = _source(_words(page, cut.source), text, dateline)
    title = printed or stated.title
    return Article(
        text=text,
        title=title or derived_title(lead),
        title_derived=not title,
        published=published,
        source=source or stated.source,
        language=tongue.language_of(text) or stated.language,
        link=link or (stated.link or page.url if cut.sole else None),
        start=cut.body[0].start,
        end=cut.body[-1].end,
        evidence=cut.evidence,
        dated=dated,
    )


def derived_title(lead: str) -> str:
    """The first sentence of a lead without its dateline, cut at a word border."""
    dateline = dateline_of(lead)
    told = lead[dateline.end if dateline else 0 :].strip() or lead
    told = told.lstrip(" .,;:!?…–—-") or told
    ends = _SENTENCE.search(told)
    sentence = told[: ends.end()] if ends else told
    if len(sentence) <= _TITLE:
        return sentence.rstrip(" .;,:–—-") or sentence
    return sentence[: _TITLE + 1].rsplit(" ", 1)[0][:_TITLE].rstrip(" ,;:–—-") + "…"


def _words(page: Page, span: Span | None) -> str:
    """A span as one line; empty where there is none."""
    return legible.tidy(page.text[span.start : span.end]) if span else ""


def _source(named: str, text: str, dateline: Dateline | None) -> tuple[str | None, str | None]:
    """The source and the link to it: a source line first, then the text, then the dateline's agency."""
    if named and (found := chrome.SOURCE_LINE.match(named)):
        url = _HOST.match(found["name"])
        return (url[1].lower(), url[0]) if url else (found["name"].strip(" ."), None)
    return next(filter(None, map(attribution.source_in, _naming(text))), dateline.agency if dateline else None), None


def _naming(text: str) -> Iterator[str]:
    """The paragraphs that may name a source, one by one, since the first mostly does: two of the lead, and the last."""
    lead, second = text.find("\n"), -1
    yield text[: lead if lead >= 0 else None]
    if lead >= 0:
        second = text.find("\n", lead + 1)
        yield text[lead + 1 : second if second >= 0 else None]
    if second >= 0:
        yield text[text.rfind("\n") + 1 :]
