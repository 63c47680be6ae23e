"""The small picture that browsers show beside the title of a page: lines of news on a dark ground.

Every browser asks for `/favicon.ico`, whatever pages say; a page that names an icon would only grow by that.
"""

from __future__ import annotations

import struct

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

#: A dot is paper, all else is ink: a title, and three lines of text.
_DRAWING = """
################
################
##..........####
##..........####
################
##............##
################
##............##
################
##........######
################
##............##
################
##......########
################
################
"""
_INK, _PAPER = b"\x20\x1c\x1a\x00", b"\xf6\xfa\xfb\x00"  # blue, green, red, and nothing
_SCALE = 2  # to 32 pixels, which a bookmark takes
_AGE = 604_800  # seconds: a week


def drawn() -> bytes:
    """As ICO has it: a directory of one picture, which is a bitmap of two colours from bottom to top, and its mask."""
    rows = [row for row in _DRAWING.split() for _ in range(_SCALE)]
    bits = ["".join(str(int(dot == ".")) * _SCALE for dot in row) for row in reversed(rows)]
    size = len(rows)
    lines = b"".join(int(row, 2).to_bytes(size // 8, "big") for row in bits)
    mask = bytes(len(lines))  # no dot is left out
    bitmap = struct.pack("<3I2H6I", 40, size, 2 * size, 1, 1, 0, len(lines) + len(mask), 0, 0, 2, 2)
    picture = bitmap + _INK + _PAPER + lines + mask
    return struct.pack("<3H4B2H2I", 0, 1, 1, size, size, 2, 0, 1, 1, len(picture), 22) + picture


def route() -> Route:
    """`/favicon.ico`"""
    picture = drawn()

    def icon(_request: Request) -> Response:
        return Response(picture, 200, {"cache-control": f"public, max-age={_AGE}"}, media_type="image/x-icon")

    return Route("/favicon.ico", icon)
