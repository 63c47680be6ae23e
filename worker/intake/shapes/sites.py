"""Site profiles at work: which one a page has, and what it says of a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache
from zoneinfo import ZoneInfo

from worker.intake.shapes import date_format
from worker.model import Page, Site


def site_for(page: Page, path: str, sites: Iterable[Site]) -> Site | None:
    """The first profile that matches a page's address, or the dump's path where it has none; None without one."""
    place = page.address or path
    return next((site for site in sites if _pattern(site.match).match(place)), None)


def dropped_by(site: Site, line: str) -> str | None:
    """The pattern that makes a line chrome, if any."""
    return _first(site.drop, line)


def kept_by(site: Site, line: str) -> str | None:
    """The pattern that makes a line text, if any; it wins over one that drops it."""
    return _first(site.keep, line)


def wrong_with(site: Site) -> tuple[str, str] | None:
    """What is wrong with a profile, as (key, what is wanted); None where nothing is."""
    for key in ("name", "match"):
        if not getattr(site, key).strip():
            return key, "want some text"
    for key in ("drop", "keep"):
        if any(not pattern.strip(" *") for pattern in getattr(site, key)):
            return key, "want globs that name something of a line: one of these would match every line"
    if site.date_format is not None and (reason := date_format.wrong_with(site.date_format)):
        return "date_format", reason
    if site.timezone is not None:
        try:
            ZoneInfo(site.timezone)
        except (KeyError, ValueError, OSError):
            return "timezone", "want an IANA name such as Asia/Almaty"
    return None


def _first(patterns: tuple[str, ...], line: str) -> str | None:
    return next((pattern for pattern in patterns if _pattern(pattern).match(line)), None)


@lru_cache(maxsize=1024)  # of fnmatch's own, which keeps 256 in Python 3.11
def _pattern(glob: str) -> re.Pattern[str]:
    """A glob of the whole text: `*` any characters, `?` one, `[…]` one of these; case does not count."""
    return re.compile(translate(glob), re.IGNORECASE)
