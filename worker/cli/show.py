"""What commands share in showing things."""

from __future__ import annotations

import json
import re
import unicodedata

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
#: A lone surrogate has no bytes in UTF-8; of controls, JSON leaves DEL and C1 as they are, and terminals obey them.
_UNSHOWN = re.compile("[\x7f-\x9f\ud800-\udfff]")


def print_json(value: object) -> None:
    """One JSON value as one line; what cannot be shown, or should not, is escaped (RFC 8259 section 7)."""
    line = json.dumps(value, ensure_ascii=False)
    click.echo(_UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", line))


def say(line: str, *, err: bool = False, **style: bool) -> None:
    """Print one line in a style of `click.style`, whatever pages, paths and servers put into it; columns stay."""
    click.secho(_tamed(line), err=err, **style)  # type: ignore[arg-type]


def legible(text: str) -> str:
    """A text as one line without anything that a terminal might obey: controls show as "�", invisible ones go."""
    return " ".join(_tamed(text).split())


def _tamed(text: str) -> str:
    if text.isprintable():
        return text
    kept = (" " if char.isspace() else char for char in text if unicodedata.category(char) != "Cf")
    return "".join(char if char.isprintable() else "�" for char in kept)
