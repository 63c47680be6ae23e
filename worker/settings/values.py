"""Values as people write them: durations, sizes, and whatever the environment, which knows only text, gives."""

from __future__ import annotations

import re
from datetime import timedelta

from worker.errors import SettingsError
from worker.settings.sections import keys

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}
_MOST_SECONDS = 10 * 365 * 86400.0  #: ten years; far beyond that, adding to a date fails
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,3})?)\s*([KMGT]i?B|B)?")
_SCALES = {"B": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_SIZES = {"limits.bytes", "limits.page_bytes", "feed.bytes"}  #: settings that may be written as "64MiB"


def typed(section: str, key: str, value: object) -> object:
    """A value as what the setting wants, as far as its text tells. Raises SettingsError."""
    default, where = keys().get(f"{section}.{key}"), f"[{section}] {key}"
    if isinstance(default, timedelta):
        return _duration(where, value)
    if not isinstance(value, str):
        return value
    if f"{section}.{key}" in _SIZES:
        return _size(where, value)
    if isinstance(default, tuple):
        return tuple(value.replace(",", " ").split())
    if isinstance(default, float):
        if not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", value.strip()):
            raise SettingsError(f"{where} = {value!r}: want a number such as 5 or 2.5")
        return float(value.strip())
    if isinstance(default, int):
        if not re.fullmatch(r"[0-9]{1,9}", value.strip()):
            raise SettingsError(f"{where} = {value!r}: want a whole number")
        return int(value.strip())
    return value


def _duration(where: str, value: object) -> timedelta:
    """ "12h" and its like; a bare number counts seconds."""
    found = _DURATION.fullmatch(str(value).strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found else -1
    if not 0 <= seconds <= _MOST_SECONDS:
        raise SettingsError(f'{where} = {value!r}: want a duration such as "0.5s", "10m", "12h" or "2d"')
    return timedelta(seconds=seconds)


def _size(where: str, value: str) -> int:
    """Bytes of "64MiB", "1.5 GB" or "4096"."""
    found = _SIZE.fullmatch(value.strip())
    if not found:
        raise SettingsError(f'{where} = {value!r}: want a size such as "64MiB", "4GiB" or a number of bytes')
    unit = found[2] or "B"
    return int(float(found[1]) * (1024 if "i" in unit else 1000) ** _SCALES[unit[0]])
