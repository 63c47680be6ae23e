"""Pages of invented news to measure with, in the layouts of `examples/pages`: the same seed, the same bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from bench.invented import Story
from bench.retold import told

_FILES_A_FOLDER = 500
_CLOSE = "Reprints are welcome with a link to Steppe Courier. Copyright of all texts: Steppe Courier News Agency."


def write(folder: Path, *, articles: int, seed: int) -> int:
    """Write pages with so many articles below `folder`; how many pages it took."""
    chance = random.Random(seed)
    tellings = told(chance, articles)
    layouts: tuple[tuple[Callable[[random.Random, list[Story]], str], int], ...] = (
        (_listing, 8),
        (_dated, 4),
        (_archive, 6),
        (_credited, 1),
        (_bare, 1),
    )
    pages = 0
    while stories := _some(tellings, layouts[pages % len(layouts)][1]):
        path = folder / f"{pages // _FILES_A_FOLDER:03}" / f"{pages:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(layouts[pages % len(layouts)][0](chance, stories), encoding="utf-8")
        pages += 1
    return pages


def _some(stories: Iterator[Story], count: int) -> list[Story]:
    return [story for _, story in zip(range(count), stories, strict=False)]


def _crawled(story: Story) -> str:
    return f" date {story.when + timedelta(days=1):%Y-%m-%d} "


def _listing(chance: random.Random, stories: list[Story]) -> str:
    """As an agency lists its news: date and views, title, credit, text."""
    blocks = [
        "\n".join(
            [
                f"{story.when:%d.%m.%Y, %H:%M} {chance.randrange(100, 60_000)}",
                story.title,
                "Images | Steppe Courier",
                "Tell a friend",
                *story.paragraphs,
                _CLOSE,
            ]
        )
        for story in stories
    ]
    return _crawled(stories[0]) + "\nrelevant news\n".join(blocks) + "\n"


def _dated(_chance: random.Random, stories: list[Story]) -> str:
    """As a newsroom posts: title, who posted it and when, text, tags."""
    blocks = [
        "\n\n".join(
            [
                story.title,
                f"Posted on {story.when.day} {story.when:%B %Y} by Press Office",
                *story.paragraphs,
                "Tags: news, province | Share",
            ]
        )
        for story in stories
    ]
    return "\n\n".join(["Aksary University", "Newsroom", *blocks]) + "\n"


def _archive(_chance: random.Random, stories: list[Story]) -> str:
    """As a city hall keeps its news: title, day, a paragraph that ends in "Read More"."""
    blocks = [
        f"News Image\n\n{story.title}\n\n{story.when:%B} {story.when.day}, {story.when.year}\n\n"
        f"{' '.join(story.paragraphs[:3])} Read More ..."
        for story in stories
    ]
    return "\n\n".join(["Skip to main content", "Ulyterek City Hall", "News Archive", *blocks]) + "\n"


def _credited(_chance: random.Random, stories: list[Story]) -> str:
    """A single article below the credit of its picture, lines far apart."""
    lines = ["Images | inlandwaters.example", "Tell a friend", *stories[0].paragraphs]
    return _crawled(stories[0]) + "\n\n\n".join(lines) + "\n"


def _bare(_chance: random.Random, stories: list[Story]) -> str:
    """A single article without anything around it."""
    return _crawled(stories[0]) + "\n\n".join(stories[0].paragraphs) + "\n"
