"""News in the order of time, some of it told before: repeated, revised, reprinted, cut short, or a bulletin that reads
like any other of its kind.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bench.invented import OFFICES, WORDS, Story, name, said, story, title

_FIRST_DAY = datetime(2021, 1, 4, 6, tzinfo=UTC)
_REMEMBERED = 400  #: of the newest stories, and as many of any time before, are told again
_OLD = 0.25  #: of what is told again is any time old
#: Bulletins share nearly all of their words, and are news each: a day's figures, a telegram. Title, then paragraphs.
_BULLETINS = (
    (
        "Water Levels at {p} on Day {i}",
        "The {o} reports the levels of the morning: {i} centimetres at {p}, {j} below the mean of the season.",
        "The gauge at the {x} was read by {n}; the one at the {y} stood still and has been sent to the workshop.",
        "Skippers are asked to keep to the middle of the channel and to pass the {q} {x} at walking pace.",
        "The next readings will be hung out tomorrow at seven, with those of the upper reaches below them.",
    ),
    (
        "{n} Sends Greetings to {p}",
        "{n} has sent a telegram to {m}, head of the {t} of {p}, on the anniversary of their hall, the {o} reports.",
        '"On behalf of all our members and of myself I congratulate you most warmly on this day," the telegram says.',
        "It goes on to recall {j} years of good neighbourhood, the exchange of {a} and {b}, and a visit to the {x}.",
        "It wishes the {t} of {p} health, patience and dry cellars in the year that lies before them.",
    ),
)


def told(chance: random.Random, count: int) -> Iterator[Story]:
    """So many tellings, old stories told again among them."""
    recent: list[Story] = []
    old: list[Story] = []
    when = _FIRST_DAY
    for _ in range(count):
        when += timedelta(minutes=chance.randrange(20, 400))
        again = chance.choices(_AGAIN, _SHARES)[0]
        if again and recent:
            yield again(chance, chance.choice(old if old and chance.random() < _OLD else recent))
            continue
        recent.append(bulletin(chance, when) if chance.random() < _BULLETIN else story(chance, when))
        yield recent[-1]
        if len(recent) > _REMEMBERED:
            _keep(chance, old, recent.pop(0))


def repeat(_chance: random.Random, one: Story) -> Story:
    """The same once more; the page around it differs."""
    return one


def revision(chance: random.Random, one: Story) -> Story:
    """The same article with a few of its words changed, or a paragraph more."""
    if chance.random() < 0.3:
        more = said(chance, "In the meantime the {t} of {p} have {d} {i} boxes of {a} as well.", one.office)
        return replace(one, paragraphs=(*one.paragraphs, more))
    return replace(one, paragraphs=_edited(chance, one.paragraphs, chance.uniform(0.01, 0.08)))


def reprint(chance: random.Random, one: Story) -> Story:
    """Told by another office, under another headline, a little later, up to a tenth of the words edited."""
    office = _other(chance, one)
    first, *rest = _edited(chance, one.paragraphs, chance.uniform(0, 0.1))
    first = first.replace(one.office, office)
    if chance.random() < 0.3:
        first = f"{name(chance).upper()}. {first}"
    later = one.when + timedelta(minutes=chance.randrange(48 * 60))
    return replace(one, title=title(chance, office), when=later, office=office, paragraphs=(first, *rest))


def excerpt(chance: random.Random, one: Story) -> Story:
    """The first half or so of it, told by another office."""
    office = _other(chance, one)
    kept = one.paragraphs[: max(1, round(len(one.paragraphs) * chance.uniform(0.4, 0.7)))]
    kept = (kept[0].replace(one.office, office), *kept[1:])
    return replace(one, title=title(chance, office), office=office, paragraphs=kept)


def bulletin(chance: random.Random, when: datetime) -> Story:
    """News whose words are those of all its kind, but for names, numbers and things."""
    office = chance.choice(OFFICES)
    head, *patterns = chance.choice(_BULLETINS)
    return Story(
        title=said(chance, head, office),
        when=when,
        office=office,
        paragraphs=tuple(said(chance, pattern, office) for pattern in patterns),
    )


#: Of all tellings: exact repeats, revisions, reprints and excerpts; the rest is new, and of that a tenth bulletins.
_AGAIN: tuple[Callable[[random.Random, Story], Story] | None, ...] = (None, repeat, revision, reprint, excerpt)
_SHARES = (0.71, 0.12, 0.05, 0.08, 0.04)
_BULLETIN = 0.1


def _edited(chance: random.Random, paragraphs: tuple[str, ...], share: float) -> tuple[str, ...]:
    """With this share of their words replaced; the first and the last of each paragraph stay, and so do names."""
    return tuple(" ".join(_words(chance, paragraph.split(), share)) for paragraph in paragraphs)


def _words(chance: random.Random, words: list[str], share: float) -> Iterator[str]:
    for place, word in enumerate(words):
        inner = 0 < place < len(words) - 1
        yield chance.choice(WORDS["qualities"]) if inner and word.islower() and chance.random() < share else word


def _other(chance: random.Random, one: Story) -> str:
    return chance.choice([office for office in OFFICES if office != one.office])


def _keep(chance: random.Random, old: list[Story], one: Story) -> None:
    if len(old) < _REMEMBERED:
        old.append(one)
    else:
        old[chance.randrange(_REMEMBERED)] = one
