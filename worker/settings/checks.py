"""What types alone cannot say of settings, and what is wrong with them in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from worker.errors import SettingsError
from worker.intake.shapes import sites as profiles
from worker.model import slug_of
from worker.model.calls import shown
from worker.outlet import hook
from worker.settings.sections import Settings, SiteSettings, TopicSettings, WebhookSettings, allowed
from worker.store import topics as searches

_ADDRESS = r"[^\s@<>(),;:\"\\\[\]]+@[^\s@<>(),;:\"\\\[\]]+"
_SENDER = r"(?:[^<>@\n]*<)?[^\s<>@]+@[^\s<>@]+>?"
_DOMAIN = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_AUTHORITY = _DOMAIN + r",\d{4}(?:-\d\d(?:-\d\d)?)?"
_URL = r"https?://[^\s/?#]+[^\s]*"
_HOST = r"https?://[^\s/?#]+/?"
_LISTEN = r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}"
#: Least and most of what a limit can sensibly be. A page is held in memory several times over.
_BOUNDS = {
    "bytes": (1 << 10, 1 << 44),
    "page_bytes": (1 << 10, 1 << 28),
    "expansion": (1, 100_000),
    "pages": (1, 100_000_000),
    "pieces": (10, 1_000_000),
}


#: The slug of a topic names a folder; file systems take 255 bytes.
_LONGEST_SLUG = 200
_SYNTAX = 'want FTS5: words, "phrases", AND, OR, NOT, NEAR(…), prefix*, title: text: or source: before any of these'


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
    _check_topics(settings)
    _check_webhooks(settings)


def _rules(settings: Settings) -> Iterator[_Rule]:
    seeds, feed, operator = settings.seeds, settings.feed, settings.operator
    window = settings.stories.window
    yield _Rule("stories", "window", window, 1000 <= window <= 10_000_000, "a number from 1000 to 10000000")
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
    public = re.fullmatch(_HOST, settings.base_url)
    wanted = "a URL such as https://news.example.org, without a path: pages are at the root of a host of their own"
    yield _Rule("feed", "base_url", feed.base_url, bool(public), wanted)
    wanted = "a domain of yours and a year in which you owned it, such as example.org,2026 (RFC 4151)"
    yield _Rule("feed", "authority", feed.authority, bool(re.fullmatch(_AUTHORITY, feed.authority)), wanted)
    yield _Rule("feed", "size", feed.size, 1 <= feed.size <= 5000, "1 to 5000 entries")
    yield _Rule("feed", "bytes", feed.bytes, 64 << 10 <= feed.bytes <= 64 << 20, "64KiB to 64MiB")
    hubs = all(re.fullmatch(_URL, hub) for hub in feed.hubs)
    yield _Rule("feed", "hubs", feed.hubs, hubs, "URLs of WebSub hubs, such as https://hub.example.org/")
    proxies = settings.server.trusted_proxies
    wanted = "addresses or networks such as 10.0.0.5 or 10.0.0.0/8"
    yield _Rule("server", "trusted_proxies", proxies, all(map(_is_network, proxies)), wanted)
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


def _is_network(name: str) -> bool:
    try:
        ip_network(name)
    except ValueError:
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


def _check_topics(settings: Settings) -> None:
    slugs: dict[str, str] = {}
    faults = searches.faults(topic.query for topic in settings.topics) if settings.topics else {}
    for number, topic in enumerate(settings.topic_searches, 1):
        if not topic.slug:
            raise SettingsError(f"[[topics]] number {number} name = {topic.name!r}: want a name with letters or digits")
        if not topic.name.isprintable() or len(topic.slug.encode()) > _LONGEST_SLUG:
            raise SettingsError(f"[[topics]] number {number} name = {topic.name!r}: want one short line of text")
        where = f"[[topics]] {topic.name!r}"
        if other := slugs.get(topic.slug):
            same = f"its address would be /topics/{topic.slug}/, as that of {other!r} is"
            raise SettingsError(f"{where} name: {same}: give each its own")
        slugs[topic.slug] = topic.name
        if fault := faults.get(topic.query):
            raise SettingsError(f"{where} query = {topic.query!r}: {fault}: {_SYNTAX}")


def _check_webhooks(settings: Settings) -> None:
    """What is wrong with a webhook is told without its secret, and without what its address may hold of one."""
    slugs = {topic.slug for topic in settings.topic_searches}
    before: dict[str, int] = {}
    for number, webhook in enumerate(settings.webhooks, 1):
        where, address = f"[[webhooks]] number {number}", shown(webhook.url)
        if not re.fullmatch(_URL, webhook.url) or "#" in webhook.url or not _has_host(webhook.url):
            raise SettingsError(f"{where} url = {address!r}: want a URL such as https://hooks.example.org/news")
        if webhook.url in before:
            raise SettingsError(f"{where} url = {address!r}: number {before[webhook.url]} has it, too: write one table")
        before[webhook.url] = number
        if wanted := hook.wrong_with(webhook.secret):
            raise SettingsError(f"{where} secret: {wanted}")
        for name in webhook.topics:
            if slug_of(name) not in slugs:
                names = ", ".join(repr(topic.name) for topic in settings.topics) or "none"
                raise SettingsError(f"{where} topics: there is no topic {name!r}: in [[topics]] are {names}")


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # as of half an IPv6 address, or of port 70000
        return False


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return repr(list(value))
    return f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, timedelta) else repr(value)


def readable(error: msgspec.ValidationError, sections: dict[str, Any], path: Path) -> str:
    """msgspec's message with the value in question and what is allowed."""
    text = str(error)
    if at := re.search(r"`\$\.(sites|topics|webhooks)(?:\[(\d+)\])?", text):
        return _wrong_table(at[1], text, int(at[2]) if at[2] else None)
    if unknown := re.search(r"unknown field `([^`]+)`(?: - at `\$\.?([^`]*)`)?", text):
        where = f"[{unknown[2]}] {unknown[1]}" if unknown[2] else f"[{unknown[1]}]"
        return f"unknown setting {where} (in {path} or SEEDWIRE_…): {allowed(unknown[2])}"
    at = re.search(r"`\$\.(\w+)\.?(\w*)`", text)
    if at:
        section = sections.get(at[1], {})
        value = section.get(at[2]) if isinstance(section, dict) else section
        return f"[{at[1]}] {at[2]} = {value!r}: {text.partition(' - at')[0].lower()}"
    return f"{path}: {text}"


_TABLES: dict[str, type[msgspec.Struct]] = {
    "sites": SiteSettings,
    "topics": TopicSettings,
    "webhooks": WebhookSettings,
}


def _wrong_table(section: str, text: str, number: int | None) -> str:
    """msgspec's message about a site profile, a topic or a webhook: which one, and what is allowed."""
    if number is None:
        return f"{section}: want tables, each under [[{section}]]"
    kind = _TABLES[section]
    names = ", ".join(field.name for field in msgspec.structs.fields(kind))
    what, _, where = text.partition(" - at ")
    key = where.strip("`").rpartition("].")[2] if "]." in where else ""
    return f"[[{section}]] number {number + 1}{' ' + key if key else ''}: {what.lower()}; allowed are {names}"
