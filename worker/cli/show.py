"""What commands share in showing things."""

from __future__ import annotations

import json
import re

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def print_json(value: object) -> None:
    """One JSON value as one line. A lone surrogate, which UTF-8 has no bytes for, is escaped (RFC 8259 section 7)."""
    line = json.dumps(value, ensure_ascii=False)
    click.echo(re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", line))
