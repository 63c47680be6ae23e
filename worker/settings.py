"""Settings: the only reader of the environment and of seedwire.toml.

A key is looked up as SEEDWIRE_<SECTION>_<KEY>, then in the file, then here. Unknown keys and bad values are
errors that name the key, the value and what is allowed.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from worker.errors import SettingsError
from worker.model import Limits

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,3})?)\s*([KMGT]i?B|B)?")
_SCALES = {"B": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_MOST_SECONDS = 10 * 365 * 86400.0  #: ten years; far beyond that, adding to a date fails
_SIZES = {"limits.bytes", "limits.page_bytes"}  #: settings that may be written as "64MiB"
#: Least and most of what a limit can sensibly be. A page is held in memory several times over.
_BOUNDS = {
    "bytes": (1 << 10, 1 << 44),
    "page_bytes": (1 << 10, 1 << 28),
    "expansion": (1, 100_000),
    "pages": (1, 100_000_000),
    "pieces": (10, 1_000_000),
}
_DOMAIN = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"


class Seeds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[seeds]`: the folder that is watched."""

    directory: str = "seeds"
    every: timedelta = timedelta(seconds=60)  #: between full scans; events wake it earlier
    settle: timedelta = timedelta(milliseconds=100)  #: between the two looks that must agree
    timezone: str = "UTC"  #: of dates that state no offset


class LimitSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[limits]`: how much of a dump is read; what goes beyond is a rejected piece with its reason."""

    bytes: int = Limits().bytes  #: of a dump as it lies there
    page_bytes: int = Limits().page_bytes  #: of one page, unpacked
    expansion: int = Limits().expansion  #: times its own size that a packed dump may unpack to
    pages: int = Limits().pages  #: of a dump
    pieces: int = Limits().pieces  #: of a page


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[feed]`: what is published."""

    base_url: str = ""  #: the public address; that of `[server] listen` unless set
    title: str = "seedwire"
    size: int = 50  #: entries in the feed
    authority: str = "seedwire.invalid,2026"  #: of tag URIs (RFC 4151): a domain and a year you owned it in


class Server(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[server]`: where HTTP is served."""

    listen: str = "127.0.0.1:8470"


class Smtp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """`[smtp]`: how mail leaves; without a url it goes into the Maildir `mail/` of the state directory."""

    url: str = ""
    sender: str = "seedwire@localhost"


class DigestSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[digest]`: mail to subscribers."""

    late: timedelta = timedelta(hours=12)  #: a digest later than this goes into the next


class Templates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[templates]`: the operator's own; what is not there is taken from the shipped ones."""

    directory: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything an operator can set."""

    seeds: Seeds = Seeds()
    limits: LimitSettings = LimitSettings()
    feed: Feed = Feed()
    server: Server = Server()
    smtp: Smtp = Smtp()
    digest: DigestSettings = DigestSettings()
    templates: Templates = Templates()

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end."""
        return (self.feed.base_url or f"http://{self.server.listen}").rstrip("/")

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.server.listen.rpartition(":")
        return host.strip("[]"), int(port)


def load(path: Path, *, required: bool, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the file and the environment; a missing file is an error only where it was asked for.

    Raises SettingsError.
    """
    sections = _file(path, required=required)
    origins: dict[str, str] = {}
    for name, text in (os.environ if environment is None else environment).items():
        if name.startswith("SEEDWIRE_") and (key := _key(name)):
            section = sections.setdefault(key[0], {})
            if isinstance(section, dict):  # else its own error says so
                section[key[1]] = text
            origins[".".join(key)] = name
    converted = {
        section: {key: _typed(section, key, value) for key, value in values.items()}
        if isinstance(values, dict)
        else values
        for section, values in sections.items()
    }
    try:
        settings = msgspec.convert(converted, Settings, str_keys=True)
    except msgspec.ValidationError as error:
        raise SettingsError(_readable(error, sections, path)) from error
    _check(settings)
    return settings


def notify_socket() -> str | None:
    """Where systemd wants to be told of our state (sd_notify(3)); None without systemd."""
    return os.environ.get("NOTIFY_SOCKET")


def keys() -> dict[str, object]:
    """Every key as `section.key` with its default: for the table in the documentation."""
    return {
        f"{section}.{field.encode_name}": field.default
        for section, kind in get_type_hints(Settings).items()
        for field in msgspec.structs.fields(kind)
    }


def _file(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if required:
            raise SettingsError(f"no settings file {path}: name one that exists, or leave out --config") from error
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML ({error}): mend that line") from error
    except OSError as error:
        raise SettingsError(f"cannot read {path} ({error.strerror}): check its permissions") from error


def _key(name: str) -> tuple[str, str] | None:
    """SEEDWIRE_SEEDS_DIRECTORY → ("seeds", "directory"); None where no section has such a name."""
    section, _, key = name.removeprefix("SEEDWIRE_").lower().partition("_")
    if section not in get_type_hints(Settings):
        raise SettingsError(f"{name} is set, but there is no section [{section}]: {_allowed()}")
    if not key:
        raise SettingsError(f"{name} names no setting: {_allowed(section)}")
    return section, key


def _typed(section: str, key: str, value: object) -> object:
    """Text from the environment and durations like "12h" as what the setting wants."""
    default = keys().get(f"{section}.{key}")
    where = f"[{section}] {key}"
    if isinstance(default, timedelta):
        found = _DURATION.fullmatch(str(value).strip())
        seconds = float(found[1]) * _UNITS[found[2]] if found else -1
        if not 0 <= seconds <= _MOST_SECONDS:
            raise SettingsError(f'{where} = {value!r}: want a duration such as "0.5s", "10m", "12h" or "2d"')
        return timedelta(seconds=seconds)
    if f"{section}.{key}" in _SIZES and isinstance(value, str):
        return _size(where, value)
    if isinstance(default, int) and isinstance(value, str):
        if not re.fullmatch(r"[0-9]{1,9}", value.strip()):
            raise SettingsError(f"{where} = {value!r}: want a whole number")
        return int(value)
    return value


def _size(where: str, value: str) -> int:
    """Bytes of "64MiB", "1.5 GB" or "4096"."""
    found = _SIZE.fullmatch(value.strip())
    if not found:
        raise SettingsError(f'{where} = {value!r}: want a size such as "64MiB", "4GiB" or a number of bytes')
    unit = found[2] or "B"
    return int(float(found[1]) * (1024 if "i" in unit else 1000) ** _SCALES[unit[0]])


def _readable(error: msgspec.ValidationError, sections: dict[str, Any], path: Path) -> str:
    """msgspec's message with the value in question and what is allowed."""
    text = str(error)
    if unknown := re.search(r"unknown field `([^`]+)`(?: - at `\$\.?([^`]*)`)?", text):
        where = f"[{unknown[2]}] {unknown[1]}" if unknown[2] else f"[{unknown[1]}]"
        return f"unknown setting {where} (in {path} or SEEDWIRE_…): {_allowed(unknown[2])}"
    at = re.search(r"`\$\.(\w+)\.?(\w*)`", text)
    if at:
        section = sections.get(at[1], {})
        value = section.get(at[2]) if isinstance(section, dict) else section
        return f"[{at[1]}] {at[2]} = {value!r}: {text.partition(' - at')[0].lower()}"
    return f"{path}: {text}"


def _allowed(section: str | None = None) -> str:
    names = sorted(key for key in keys() if not section or key.startswith(section + "."))
    if section and names:
        return "allowed are " + ", ".join(name.partition(".")[2] for name in names)
    return "sections are " + ", ".join(f"[{name}]" for name in get_type_hints(Settings))


def _check(settings: Settings) -> None:
    """What types alone cannot say."""
    try:
        ZoneInfo(settings.seeds.timezone)
    except (KeyError, ValueError, OSError):
        raise SettingsError(
            f"[seeds] timezone = {settings.seeds.timezone!r}: want an IANA name such as Asia/Almaty"
        ) from None
    if not re.fullmatch(r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}", settings.server.listen) or (
        settings.address[1] > 65535
    ):
        raise SettingsError(f"[server] listen = {settings.server.listen!r}: want host:port such as 127.0.0.1:8470")
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", settings.base_url):
        raise SettingsError(
            f"[feed] base_url = {settings.feed.base_url!r}: want a URL such as https://news.example.org"
        )
    if not re.fullmatch(_DOMAIN + r",\d{4}(?:-\d\d(?:-\d\d)?)?", settings.feed.authority):
        raise SettingsError(
            f"[feed] authority = {settings.feed.authority!r}: want a domain of yours and a year in which you owned "
            "it, such as example.org,2026 (RFC 4151)"
        )
    if not 1 <= settings.feed.size <= 5000:
        raise SettingsError(f"[feed] size = {settings.feed.size}: want 1 to 5000 entries")
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(settings.limits, name) <= most:
            raise SettingsError(f"[limits] {name} = {getattr(settings.limits, name)}: want {least} to {most}")
    if settings.seeds.every < timedelta(seconds=1):
        raise SettingsError(f"[seeds] every = {settings.seeds.every}: want a second or more")
    if not re.fullmatch(r"(?:[^<>@\n]*<)?[^\s<>@]+@[^\s<>@]+>?", settings.smtp.sender):
        raise SettingsError(
            f'[smtp] from = {settings.smtp.sender!r}: want an address such as "Wire <wire@example.org>"'
        )
