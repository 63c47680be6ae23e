"""Pages about a ferry that several outlets tell of, and about goats that one does."""

from __future__ import annotations

import os

from consoles import Console

_DROPPED = 1_795_435_200  # 23 November 2026: a page is not believed to know the future
FIRST = (
    "The night ferry between Tuzkent and Ulyterek sails again from Monday, the port authority said. It had been in "
    "the dock since March, when ice broke its rudder. Tickets cost 512 tenge, and children under seven travel free."
)
THEN = (
    "The captain said that the crew had painted the deck themselves during the winter. A brass band will play at the "
    "first departure at nine in the evening, and the baker of the harbour street has promised rolls for everybody."
)
MORE = (
    "The ferry was built in 1961 and has room for two hundred people and fourteen cars. Its engine was brought by rail "
    "from a closed shipyard, and three retired mechanics of the town put it together in a barn near the orchard."
)
OTHER = (
    "Goats have climbed the old water tower of Sarybel once more, to the delight of the pupils of the school across "
    "the square. The fire brigade needed an hour to bring them down, and their owner paid with two cheeses and a song."
)


def page(title: str, source: str, *paragraphs: str, stated: str = "07.11.2026, 09:40") -> str:
    return "\n\n".join((f" date 2026-11-10 {stated}", title, f"Source: {source}", "Tell a friend", *paragraphs)) + "\n"


def drop(console: Console, name: str, text: str) -> None:
    path = console.folder / "seeds" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (_DROPPED, _DROPPED))
