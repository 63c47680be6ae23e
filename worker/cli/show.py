"""What commands share in showing things."""

from __future__ import annotations

import json

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def print_json(value: object) -> None:
    """One JSON value as one line."""
    click.echo(json.dumps(value, ensure_ascii=False))
