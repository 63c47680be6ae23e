"""describe: title, summary, source, published, language, link."""

from __future__ import annotations

import re
from datetime import date, timedelta

from worker.intake.shapes import attribution, chrome, dates, legible, prose, tongue
from worker.model import Article, Clean, Cut, Page, Span, StatedDate

RECIPE = 1  # the number of this way of describing; raised whenever an article could come out otherwise

#: A derived title is the lead sentence, cut at a word near this many characters, as headlines are.
_TITLE = 100
_HOST = re.compile(r"https?://(?:www\.)?([^/\s:?#]+)\S*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)]*(?=\s+[\"'“«(]?[^\W\d_a-zа-яё])")


def describe(page: Page, clean: Clean, *, latest: date) -> Article:
    """What a cleaned article says of itself. A date after `latest`, a day left for zones, is not believed."""
    cut, text = clean.cut, clean.text
    paragraphs = text.split("\n")
    dateline = prose.DATELINE.match(paragraphs[0])
    stated = _words(page, cut.title).strip("*_# ")
    source, link = _source(_words(page, cut.source), paragraphs, dateline)
    return Article(
        text=text,
        title=stated or derived_title(paragraphs[0]),
        title_derived=not stated,
        published=_published(page, cut, dateline, min(latest, page.captured or latest)),
        source=source,
        language=tongue.language_of(text),
        link=link,
        start=cut.body[0].start,
        end=cut.body[-1].end,
        evidence=cut.evidence,
    )


def derived_title(lead: str) -> str:
    """The first sentence of a lead without its dateline, cut at a word border."""
    dateline = prose.DATELINE.match(lead)
    told = lead[dateline.end() if dateline else 0 :].strip() or lead
    told = told.lstrip(" .,;:!?…–—-") or told
    ends = _SENTENCE.search(told)
    sentence = told[: ends.end()] if ends else told
    if len(sentence) <= _TITLE:
        return sentence.rstrip(" .;,:–—-") or sentence
    return sentence[: _TITLE + 1].rsplit(" ", 1)[0][:_TITLE].rstrip(" ,;:–—-") + "…"


def _words(page: Page, span: Span | None) -> str:
    """A span as one line; empty where there is none."""
    return legible.tidy(page.text[span.start : span.end]) if span else ""


def _published(page: Page, cut: Cut, dateline: re.Match[str] | None, latest: date) -> StatedDate | None:
    """The page's date line, else the day of the dateline; an impossible date is none."""
    opening = dateline.group() if dateline else ""
    line = _words(page, cut.date) or opening
    month_first = "/" in line and dates.month_first(page.text)
    if found := dates.dates_in(line, month_first=month_first, most=1):
        stated = found[0].date
        return stated if stated.wall.date() <= latest + timedelta(days=1) else None
    return dates.day_without_year(opening, latest + timedelta(days=1)) if page.captured else None


def _source(named: str, paragraphs: list[str], dateline: re.Match[str] | None) -> tuple[str | None, str | None]:
    """The source and the link to it: a source line first, then the lead, then the dateline's agency."""
    if found := chrome.SOURCE_LINE.match(named):
        url = _HOST.match(found["name"])
        return (url[1].lower(), url[0]) if url else (found["name"].strip(" ."), None)
    for paragraph in dict.fromkeys((*paragraphs[:2], paragraphs[-1])):
        if name := attribution.source_in(paragraph):
            return name, None
    if dateline:
        agency = next(
            (dateline[group] for group in ("agency", "agency2", "agency3", "agency4") if dateline[group]), None
        )
        return (agency.strip() if agency else None), None
    return None, None
