"""Settings: the only reader of the environment and of seedwire.toml.

sections  what can be set, with defaults       values  durations, sizes and numbers as people write them
checks    what types alone cannot say of them

A key is looked up as SEEDWIRE_<SECTION>_<KEY>, then in the file, then here. Unknown keys and bad values are
errors that name the key, the value and what is allowed. Site profiles, topics and webhooks are tables, [[sites]],
[[topics]] and [[webhooks]], of the file only.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from worker.errors import SettingsError
from worker.settings.checks import check, readable
from worker.settings.sections import Settings, allowed, keys, sections
from worker.settings.values import typed

__all__ = ["Settings", "keys", "load", "notify_socket"]


def load(path: Path, *, required: bool, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the file and the environment; a missing file is an error only where it was asked for.

    Raises SettingsError.
    """
    found = _file(path, required=required)
    for name, text in (os.environ if environment is None else environment).items():
        if name.startswith("SEEDWIRE_"):
            section, key = _key(name)
            values = found.setdefault(section, {})
            if isinstance(values, dict):  # else its own error says so
                values[key] = text
    converted = {
        section: {key: typed(section, key, value) for key, value in values.items()}
        if isinstance(values, dict)
        else values
        for section, values in found.items()
    }
    try:
        settings = msgspec.convert(converted, Settings, str_keys=True)
    except msgspec.ValidationError as error:
        raise SettingsError(readable(error, found, path)) from error
    check(settings)
    return settings


def notify_socket() -> str | None:
    """Where systemd wants to be told of our state (sd_notify(3)); None without systemd."""
    return os.environ.get("NOTIFY_SOCKET")


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


def _key(name: str) -> tuple[str, str]:
    """SEEDWIRE_SEEDS_DIRECTORY → ("seeds", "directory"). Raises SettingsError where no section has such a name."""
    section, _, key = name.removeprefix("SEEDWIRE_").lower().partition("_")
    if section in {"sites", "topics", "webhooks"}:
        raise SettingsError(f"{name} is set, but {section} cannot be set so: write [[{section}]] in the settings file")
    if section not in sections():
        raise SettingsError(f"{name} is set, but there is no section [{section}]: {allowed()}")
    if not key:
        raise SettingsError(f"{name} names no setting: {allowed(section)}")
    return section, key
