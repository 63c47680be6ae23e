"""Which stored entries share passages with the articles of a portion: candidates, which relate then verifies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from worker.intake.fingerprint import SKETCH_RECIPE
from worker.intake.shapes.grams import density_of
from worker.model import Fingerprint
from worker.store.sketches import Row, Size, Sketches, keys_of

#: A gram that more stories have is boilerplate, and tells nothing. Without this, whatever has a publisher's standing
#: paragraphs is like everything else that has them.
_COMMON = 40
#: Whoever tells the same news shares some grams that so few stories have. Bulletins of one kind share all but those,
#: and need not be compared one with the other.
_RARE = 3
#: A candidate shares four grams and 15 % of those of the smaller sketch; of fewer than nine, one more than a third.
#: (A tenth of the words edited leaves 55 % of the grams of five words; 20 % leave a third.)
_LEAST, _SHARE = 4, 0.15
_FEW = 48  # grams of a text; of so few, one may be all that a longer text keeps of them
_NOBODY: list[int] = []


class Found(NamedTuple):
    """A candidate."""

    entry: int  #: number
    shared: int  #: grams
    of: int  #: grams of the smaller sketch at the density of both
    rare: int  #: of the shared ones, those that hardly any other story has


class _Sketch(NamedTuple):
    grams: list[int]
    keys: list[int]
    density: int


class Neighbours:
    """The entries around a portion of articles, and the articles that become entries themselves."""

    def __init__(self, sketches: Sketches, articles: Collection[Fingerprint], last: int) -> None:
        self._sketches, self._sizes = sketches, dict[int, Size]()
        grams = b"".join(one.sketch for one in articles)
        self._postings = sketches.postings(np.frombuffer(grams, "<u8"), last, room=_COMMON + len(articles))

    def near(self, article: Fingerprint, last: int) -> list[Found]:
        """The candidates, when `last` is the number of the last entry that was given one; in no order."""
        sketch, held, oldest = _sketch(article.sketch), self._postings.get, self._sketches.oldest(last)
        shared, rare = Counter[int](), Counter[int]()
        common = 0
        for found in [found for key in sketch.keys if (found := held(key, _NOBODY)) is not _NOBODY]:
            entries = [entry for entry in found if entry > oldest] if found and oldest else found
            if entries is None or len(entries) > _COMMON:
                common += 1
            else:
                shared.update(entries)
                if len(entries) <= _RARE:
                    rare.update(entries)
        telling = 1 - common / max(1, len(sketch.keys))
        return list(self._candidates(shared, rare, sketch, telling)) if rare else []

    def add(self, number: int, article: Fingerprint, last: int, story: Collection[int] = ()) -> Row:
        """Let an entry be found by the grams of a text, of those that tell anything by those only that no entry of its
        `story` has. `last`: as it was when its neighbours were asked for.
        """
        sketch, oldest = _sketch(article.sketch), self._sketches.oldest(last)
        kept = []
        for gram, key in zip(sketch.grams, sketch.keys, strict=True):
            entries = self._postings.setdefault(key, [])
            if entries is not None:  # what is not among them, or no longer within the window, differs between portions
                within = [entry for entry in entries if entry > oldest] if oldest else entries
                if len(within) <= _COMMON and story and any(entry in story for entry in within):
                    continue
                entries.append(number)
            kept.append(gram)
        size = self._sizes[number] = Size(grams=len(sketch.keys), density=sketch.density)
        return Row(entry=number, recipe=SKETCH_RECIPE, size=size, grams=np.array(kept, "<u8").tobytes())

    def _candidates(self, shared: Counter[int], rare: Counter[int], sketch: _Sketch, telling: float) -> Iterator[Found]:
        """Those that share enough, at the coarser density of both. `telling`: the part of its grams that is not
        common.
        """
        counts: dict[int, int] = {}
        least = 2 if len(sketch.keys) * sketch.density * telling > _FEW else 1  # most have but one, by chance
        for entry, especially in rare.items():
            count = shared[entry]
            if count < least:
                continue
            grams, density = self._sizes.get(entry) or self._sketches.size(entry)
            coarser = max(density, sketch.density)
            if coarser not in counts:
                counts[coarser] = round(telling * sum(gram % coarser == 0 for gram in sketch.grams))
            of = max(1, min(counts[coarser], grams * density // coarser))
            if count > of // 3 or (count >= _LEAST and count >= _SHARE * of):
                yield Found(entry, count, max(of, count), especially)


@lru_cache(maxsize=1)  # it is asked for its neighbours, and then becomes one
def _sketch(sketch: bytes) -> _Sketch:
    grams = np.frombuffer(sketch, "<u8")
    return _Sketch(grams.tolist(), keys_of(grams).tolist(), density_of(grams))


def sketched(fingerprints: Iterable[tuple[int, Fingerprint]]) -> list[Row]:
    """Rows of entries from before, each by itself."""
    found = []
    for number, article in fingerprints:
        sketch = _sketch(article.sketch)
        size = Size(grams=len(sketch.grams), density=sketch.density)
        found.append(Row(entry=number, recipe=SKETCH_RECIPE, size=size, grams=article.sketch))
    return found


def sketched_once(story: Iterable[tuple[int, Fingerprint]]) -> list[Row]:
    """Rows of the entries of one story, which is to be found by each gram once, however many tell it."""
    had, found = set[int](), []
    for row in sketched(story):
        grams = np.frombuffer(row.grams, "<u8")
        keys = keys_of(grams).tolist()
        new = np.array([key not in had for key in keys], bool)
        had.update(keys)
        found.append(replace(row, grams=grams[new].tobytes()))
    return found
