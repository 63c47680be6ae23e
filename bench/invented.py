"""Invented news, one story at a time: the same chances, the same words."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

_LISTS = """
onsets: B D G K L M N R S T V Z Ch Sh Tr Kr Al Or Is Ul Em Ad
nuclei: a e i o u ai ei ar er or an en un al il
endings: kent tau bek mir dar lun vash ros tin gal sor ben
trades: bakers beekeepers bellfounders boatbuilders brewers carpenters clockmakers coopers ferrymen gardeners
  glassblowers hatters lamplighters librarians millers nurses orchardists pharmacists plumbers potters printers
  ropemakers saddlers schoolteachers shepherds signalmen stonemasons surveyors tailors tinsmiths vets weavers
things: aqueduct archive ballroom bandstand barge bathhouse boiler bridge calendar cannery canal carousel cellar
  chimney cistern dam depot dock ferry fountain granary greenhouse harbour herbarium kiln kitchen ladder lighthouse
  loom market mill museum observatory orchard organ pier planetarium pump quarry railcar reservoir sawmill signalbox
  slipway sluice staircase telescope timetable tower tramway tunnel turbine viaduct warehouse weir windmill workshop
qualities: abandoned borrowed brass bright cautious clumsy cold crooked dusty early eastern elderly faded forgotten
  generous green heavy hollow honest humble late leaking lower modest narrow noisy northern oaken painted patient
  peculiar quiet rebuilt rusty second shallow silent southern spare stubborn sturdy tidy upper western wooden
deeds: adjusted aired borrowed catalogued cleaned compared counted covered drained drew emptied examined fenced
  filled lent levelled listed lowered measured mended moved numbered opened painted photographed polished raised
  recorded rebuilt rehung relaid replaced rinsed roofed sealed sketched sorted steadied tested traced tuned
  varnished washed weighed
matters: acoustics apprentices arithmetic barley bicycles candles chalk clay compasses copper cranes dew draughts
  embroidery fog frost geese gravel hailstones hedges honey icicles ink insurance kettles ladders lanterns lentils
  manners maps moss mushrooms nails needles oats otters parcels paving pears pigeons postage puddles quinces rain
  receipts reeds ribbons rope salt sardines seeds shingles shutters skates snow soap soup sparrows string sundials
  thunder timber tulips turnips umbrellas varnish vinegar walnuts weather wicker yeast
"""
WORDS = {
    name: words.split()
    for name, words in (found.split(": ") for found in _LISTS.strip().replace("\n  ", " ").splitlines())
}
OFFICES = ["Chamber of Crafts", "Ministry of Inland Waters", "Harbour Board", "River School", "Town Archive"]

#: Beside these, {p} is a place, {n} and {m} are people, {i} and {j} numbers, {o} an office; capitals make titles.
_SLOTS = {
    **dict.fromkeys("t", "trades"),
    **dict.fromkeys("xy", "things"),
    **dict.fromkeys("qr", "qualities"),
    **dict.fromkeys("de", "deeds"),
    **dict.fromkeys("ab", "matters"),
}
_SENTENCES = (
    "The {t} of {p} have {d} the {q} {x} beside the {y}, and {i} households will notice it first.",
    '"Nobody asked us about {a}," said {n}, who has looked after the {q} {y} for {j} years.',
    "In the {r} {y} the visitors {d} {i} boxes of {a}, {j} of them without a label.",
    "{n} and {m} {e} the {x} by hand, because neither {a} nor {b} will wait for a committee.",
    "One {q} {x} from {p} was {d} on Tuesday and {e} again on Thursday, to be certain about the {a}.",
    "The cost, {i} crowns and {j} sacks of {b}, will be met by the {t} themselves.",
    "Where the {y} once stood there is now one {r} {x}, and behind it {i} rows of {a}.",
    "The plan foresees {a} in spring, {b} in summer and one {q} {y} before the first {r} evening.",
    "Children from {p} {d} every {x} they could reach and wrote {i} essays about {b}.",
    "According to {m}, the {q} {x} uses {j} per cent less {a} than the {r} one it replaces.",
    "Only the {y} was left as it was: the {t} feared for the {a} they keep in it.",
    "{n} admits that the {x} looks {q}, but points out that nobody has ever stored {b} any better in {p}.",
    "For {i} days the {t} {e} the {y}, and on the next they {d} it once more.",
    'A notice on the {r} {x} says: "Please return {a} and {b} by the {q} door."',
    "The inspector {d} {j} samples of {b}, found {i} faults in the {y} and praised the {t}.",
    "If there is {a} enough, {p} will have one {q} {x} of its own, {i} steps from the {r} {y}.",
    "Old photographs show the {x} with {j} windows; {m} {e} all of them but the {q} one.",
    "What began as a dispute over {b} between two {t} ended with another {r} {y} open to everybody.",
)
_LEADS = (
    "The {t} of {p} have {d} one {q} {x} that was thought to be beyond repair, the {o} reports.",
    "One {q} {x} will open in {p} this month after {n} {d} {i} crates of {a}, according to the {o}.",
    "The {o} has given the {y} of {p} to the {t}, who promise to keep {a} and {b} apart.",
    "{n} of {p} has {d} the {r} {y} for time number {i} and asks for a second {x}.",
)
_TITLES = (
    "{T} of {p} Open Another {Q} {X}",
    "{p} Gets Its {Q} {X} Back",
    "What the {X} of {p} Has to Do with {A}",
    "{n} and the {Q} {X}",
    "One {Q} {X} for {i} {T}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One invented article, before a layout is put around it."""

    title: str
    when: datetime
    office: str
    paragraphs: tuple[str, ...]


def story(chance: random.Random, when: datetime) -> Story:
    """Something that has never been told."""
    office = chance.choice(OFFICES)
    paragraphs = [said(chance, chance.choice(_LEADS), office)]
    for _ in range(chance.randrange(4, 9)):
        sentences = chance.sample(_SENTENCES, chance.randrange(2, 6))
        paragraphs.append(" ".join(said(chance, sentence, office) for sentence in sentences))
    return Story(title=title(chance, office), when=when, office=office, paragraphs=tuple(paragraphs))


def title(chance: random.Random, office: str) -> str:
    """A headline."""
    return said(chance, chance.choice(_TITLES), office)


def said(chance: random.Random, pattern: str, office: str) -> str:
    """A pattern with chance words in its places."""
    words: dict[str, object] = {slot: chance.choice(WORDS[kind]) for slot, kind in _SLOTS.items()}
    words |= {"o": office, "p": name(chance), "i": chance.randrange(2, 400), "j": chance.randrange(2, 90)}
    words |= {"n": f"{name(chance)} {name(chance)}", "m": f"{name(chance)} {name(chance)}"}
    words |= {key.upper(): str(words[key]).title() for key in "txqa"}
    return pattern.format_map(words)


def name(chance: random.Random) -> str:
    """Of a place or a person."""
    return "".join(chance.choice(WORDS[part]) for part in ("onsets", "nuclei", "endings"))
