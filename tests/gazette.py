"""A press that never was: invented news that reads like news, told by several outlets, corrected and reprinted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

FIRST = datetime(2026, 11, 7, 9, 40, tzinfo=UTC)
#: A title with all that HTML, XML and mail headers make something of.
HOSTILE = 'Goats & ferries: <b>"9 < 10"</b> ]]> 🐐 at the café'
OUTLETS = ("Kabar", "Lakeside Courier", "Tuzkent Gazette", "The Steppe Herald", "Harbour Board")
#: For a settings file.
TOPICS = """
[[topics]]
name = "Roads and ferries"
query = 'ferry OR bridge OR road'
[[topics]]
name = "Schools & libraries"
query = 'school OR library OR teachers'
[[topics]]
name = "Nobody writes of this"
query = 'zeppelin'
"""
_PLACES = ("Tuzkent", "Ulyterek", "Aksary", "Kokdala", "Sarybel", "Zhylysu", "Tasotkel", "Akkuduk")
_WHO = (
    *("the harbour board", "the town council", "a group of teachers", "the road service", "the oldest orchard"),
    *("the river museum", "a family of beekeepers", "the weather station", "the school orchestra", "the fire brigade"),
    *("a young clockmaker", "the public library", "the ferry company", "the hospital", "the market hall"),
)
_DID = (
    *("has opened", "will repair", "counted again", "has bought", "is looking for", "gave away", "has painted"),
    *("wants to rename", "found", "will move", "has measured", "showed visitors", "promised", "has closed"),
)
_WHAT = (
    *("a wooden bridge", "eleven lamps", "the old timetable", "a brass bell", "two hundred apple trees"),
    *("the mountain road", "a new ferry", "its reading room", "an unusual map", "the winter garden", "a quiet street"),
    *("the roof of the station", "a box of letters", "the smaller tower", "a herd of goats", "the swimming pool"),
)
_AND = (
    *("and neighbours came to look", "although the money comes only in spring", "which nobody had expected"),
    *("and asks everyone to be patient", "as it does every seven years", "before the first snow falls"),
    *("and a second vote is to follow", "while the lake was still frozen", "because the former one had worn out"),
    *("after months of talks", "and children may help on Saturdays", "with the help of three engineers"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One telling of one story."""

    number: int
    title: str
    source: str
    stated: datetime
    sentences: tuple[str, ...]

    @property
    def page(self) -> str:
        """As a crawler leaves it: one article in the layout of a news site."""
        paragraphs = [" ".join(self.sentences[at : at + 3]) for at in range(0, len(self.sentences), 3)]
        day = self.stated + timedelta(days=1)
        head = (f" date {day:%Y-%m-%d} {self.stated:%d.%m.%Y, %H:%M}", self.title, f"Source: {self.source}")
        return "\n\n".join((*head, "Tell a friend", *paragraphs)) + "\n"

    @property
    def changed(self) -> str:
        """The sentence that `revised` puts in."""
        return _sentence(Random(f"revision of {self.title}"))

    def revised(self) -> News:
        """The same article with another sentence in it: a revision."""
        return replace(self, sentences=(*self.sentences[:3], self.changed, *self.sentences[4:]))

    def told_by(self, outlet: str, *, title: str) -> News:
        """The same news in another outlet, some hours later: a reprint."""
        return replace(self, source=outlet, title=title, stated=self.stated + timedelta(hours=3))


def news(number: int, *, title: str = "", source: str = "", stated: datetime = FIRST, length: int = 9) -> News:
    """A story of its own: always the same for a number, and unlike those of all others."""
    chance = Random(f"news {number}")
    place, who = chance.choice(_PLACES), chance.choice(_WHO)
    named = f"{place}: {who} {chance.choice(_DID)} {chance.choice(_WHAT)}"
    return News(
        number=number,
        title=title or named,
        source=source or OUTLETS[number % len(OUTLETS)],
        stated=stated,
        sentences=tuple(_sentence(chance) for _ in range(length)),
    )


def _sentence(chance: Random) -> str:
    who, did, what, more = (chance.choice(words) for words in (_WHO, _DID, _WHAT, _AND))
    where, count = chance.choice(_PLACES), chance.randint(3, 980)
    told = f"{who} near {where} {did} {what} {more}, say {count} {chance.choice(('readers', 'guests', 'farmers'))}."
    return told[0].upper() + told[1:]
