"""Zones as pages abbreviate them behind a time of day, and their offsets."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

#: Hours from UTC. The American ones are those of RFC 5322, 4.3 (obs-zone); it leaves all others open, so these are
#: the European and Moscow ones of the IANA time zone database, with their German and Russian names. Abbreviations
#: that several countries share (IST, AST) are left out.
_BY_HOURS = {
    -8: "PST",
    -7: "PDT MST",
    -6: "MDT CST",
    -5: "CDT EST",
    -4: "EDT",
    0: "UTC GMT Z WET",
    1: "WEST BST CET MEZ",
    2: "CEST MESZ EET",
    3: "EEST MSK МСК",
}
_HOURS = {name: hours for hours, names in _BY_HOURS.items() for name in names.split()}
#: "ET" is the time of New York, summer or winter.
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}

#: A pattern for all in capitals, and some in small letters; those of two letters also begin titles ("PT Astra …", "CT scan …").
ZONE = (
    rf"(?:(?-i:{'|'.join(sorted((name for name in _HOURS if len(name) > 2), key=len, reverse=True))})|utc|gmt|z|мск)(?!\w)"
    rf"|(?-i:{'|'.join(_PLACES)})(?!\s*\w)"
)


def offset_of(zone: str, wall: datetime) -> timedelta:
    """The offset from UTC of an abbreviation that `ZONE` matches, at a wall time there."""
    if place := _PLACES.get(zone.upper()):
        return wall.replace(tzinfo=ZoneInfo(place)).utcoffset() or timedelta(0)
    return timedelta(hours=_HOURS[zone.upper()])
