"""What types alone cannot say of settings, and what is wrong with them in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from worker.errors import SettingsError
from worker.intake.shapes import sites as profiles
from worker.settings.sections import Settings, SiteSettings, allowed

_ADDRESS = r"[^\s@<>(),;:\"\\\[\]]+@[^\s@<>(),;:\"\\\[\]]+"
_SENDER = r"(?:[^<>@\n]*<)?[^\s<>@]+@[^\s<>@]+>?"
_DOMAIN = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_AUTHORITY = _DOMAIN + r",\d{4}(?:-\d\d(?:-\d\d)?)?"
_LISTEN = r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}"
#: Least and most of what a limit can sensibly be. A page is held in memory several times over.
_BOUNDS = {
    "bytes": (1 << 10, 1 << 44),
    "page_bytes": (1 << 10, 1 << 28),
    "expansion": (1, 100_000),
    "pages": (1, 100_000_000),
    "pieces": (10, 1_000_000),
}


class _Rule(NamedTuple):
    """What must hold of a value, and what is wanted where it does not."""

    section: str
    key: str
    value: object
    holds: bool
    wanted: str


def check(settings: Settings) -> None:
    """Raises SettingsError where a value cannot be."""
    for section, key, value, holds, wanted in _rules(settings):
        if not holds:
            raise SettingsError(f"[{section}] {key} = {_shown(value)}: want {wanted}")
    _check_sites(settings)


def _rules(settings: Settings) -> Iterator[_Rule]:
    seeds, feed, operator = settings.seeds, settings.feed, settings.operator
    yield _Rule("seeds", "timezone", seeds.timezone, _is_zone(seeds.timezone), "an IANA name such as Asia/Almaty")
    yield _Rule("seeds", "every", seeds.every, seeds.every >= timedelta(seconds=1), "a second or more")
    some = seeds.readers == "auto" or bool(re.fullmatch("[0-9]|[1-5][0-9]|6[0-4]", str(seeds.readers)))
    yield _Rule("seeds", "readers", seeds.readers, some, '0 to 64, or "auto"')
    for name, (least, most) in _BOUNDS.items():
        limit = getattr(settings.limits, name)
        yield _Rule("limits", name, limit, least <= limit <= most, f"{least} to {most}")
    listen = settings.server.listen
    served = bool(re.fullmatch(_LISTEN, listen)) and settings.address[1] <= 65535
    yield _Rule("server", "listen", listen, served, "host:port such as 127.0.0.1:8470")
    public = re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", settings.base_url)
    yield _Rule("feed", "base_url", feed.base_url, bool(public), "a URL such as https://news.example.org")
    wanted = "a domain of yours and a year in which you owned it, such as example.org,2026 (RFC 4151)"
    yield _Rule("feed", "authority", feed.authority, bool(re.fullmatch(_AUTHORITY, feed.authority)), wanted)
    yield _Rule("feed", "size", feed.size, 1 <= feed.size <= 5000, "1 to 5000 entries")
    patient = operator.quiet == 0 or 1 <= operator.quiet <= 1000  # nor nan
    yield _Rule("operator", "quiet", operator.quiet, patient, "1 to 1000 usual gaps, or 0 for no such alarm")
    told = not operator.email or bool(re.fullmatch(_ADDRESS, operator.email))
    yield _Rule("operator", "email", operator.email, told, "an address such as desk@example.org, or none")
    sender = settings.smtp.sender
    wanted = 'an address such as "Wire <wire@example.org>"'
    yield _Rule("smtp", "from", sender, bool(re.fullmatch(_SENDER, sender)), wanted)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _check_sites(settings: Settings) -> None:
    names: set[str] = set()
    for number, site in enumerate(settings.site_profiles, 1):
        where = f"[[sites]] {site.name!r}" if site.name.strip() else f"[[sites]] number {number}"
        if site.name in names:
            raise SettingsError(f"{where}: another profile has that name: give each its own")
        names.add(site.name)
        if wrong := profiles.wrong_with(site):
            key, wanted = wrong
            raise SettingsError(f"{where} {key} = {_shown(getattr(site, key))}: {wanted}")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return repr(list(value))
    return f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, timedelta) else repr(value)


def readable(error: msgspec.ValidationError, sections: dict[str, Any], path: Path) -> str:
    """msgspec's message with the value in question and what is allowed."""
    text = str(error)
    if at := re.search(r"`\$\.sites(?:\[(\d+)\])?", text):
        return _wrong_site(text, int(at[1]) if at[1] else None)
    if unknown := re.search(r"unknown field `([^`]+)`(?: - at `\$\.?([^`]*)`)?", text):
        where = f"[{unknown[2]}] {unknown[1]}" if unknown[2] else f"[{unknown[1]}]"
        return f"unknown setting {where} (in {path} or SEEDWIRE_…): {allowed(unknown[2])}"
    at = re.search(r"`\$\.(\w+)\.?(\w*)`", text)
    if at:
        section = sections.get(at[1], {})
        value = section.get(at[2]) if isinstance(section, dict) else section
        return f"[{at[1]}] {at[2]} = {value!r}: {text.partition(' - at')[0].lower()}"
    return f"{path}: {text}"


def _wrong_site(text: str, number: int | None) -> str:
    """msgspec's message about a site profile: which one, and what is allowed."""
    if number is None:
        return "sites: want tables, each under [[sites]]"
    names = ", ".join(field.name for field in msgspec.structs.fields(SiteSettings))
    what, _, where = text.partition(" - at ")
    key = where.strip("`").rpartition("].")[2] if "]." in where else ""
    return f"[[sites]] number {number + 1}{' ' + key if key else ''}: {what.lower()}; allowed are {names}"
