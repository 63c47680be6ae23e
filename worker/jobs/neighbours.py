"""Which stored entries share passages with the articles of a portion: candidates, which relate then verifies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np

from worker.intake.fingerprint import SKETCH_RECIPE
from worker.intake.shapes.grams import Hashes, density_of
from worker.model import Fingerprint
from worker.store.sketches import Row, Size, Sketches, key_of

#: A gram that more stories have is boilerplate, and tells nothing. Without this, whatever has a publisher's standing
#: paragraphs is like everything else that has them.
_COMMON = 40
#: A candidate shares four grams and 15 % of those of the smaller sketch; of fewer grams than seven, half of them,
#: and two, where there are three.
#: (A tenth of the words edited leaves 55 % of the grams of five words; 20 % leave a third.)
_LEAST, _SHARE = 4, 0.15


class Found(NamedTuple):
    """A candidate."""

    entry: int  #: number
    shared: int  #: grams
    of: int  #: grams of the smaller sketch at the density of both


class _Sketch(NamedTuple):
    grams: Hashes
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
        sketch = _sketch(article)
        oldest = self._sketches.oldest(last)
        shared: Counter[int] = Counter()
        telling = 0  # of its grams are no boilerplate
        for key in sketch.keys:
            entries = self._postings.get(key, ())
            if entries is None:
                continue
            if entries and oldest:
                entries = [entry for entry in entries if entry > oldest]
            if len(entries) <= _COMMON:
                telling += 1
                shared.update(entries)
        least = min(2, (telling + 1) // 2)
        return [
            found
            for entry, count in shared.items()
            if count >= least and (found := self._candidate(entry, count, sketch, telling))
        ]

    def add(self, number: int, article: Fingerprint, story: Collection[int] = ()) -> Row:
        """Let an entry be found by the grams of a text; by those only that no entry of its `story` has."""
        sketch = _sketch(article)
        kept = []
        for gram, key in zip(sketch.grams.tolist(), sketch.keys, strict=True):
            entries = self._postings.setdefault(key, [])
            if entries is None:
                kept.append(gram)
            elif not story or not any(entry in story for entry in entries):
                entries.append(number)
                kept.append(gram)
        size = self._sizes[number] = Size(grams=len(sketch.keys), density=sketch.density)
        return Row(entry=number, recipe=SKETCH_RECIPE, size=size, grams=np.array(kept, "<u8").tobytes())

    def _candidate(self, entry: int, shared: int, sketch: _Sketch, telling: int) -> Found | None:
        size = self._sizes.get(entry) or self._sketches.size(entry)
        if size is None:
            return None
        coarser = max(size.density, sketch.density)
        of = max(1, min(telling * sketch.density // coarser, size.grams * size.density // coarser))
        if shared < max(_SHARE * of, min(_LEAST, (of + 1) // 2)):
            return None
        return Found(entry, shared, max(of, shared))


def _sketch(article: Fingerprint) -> _Sketch:
    grams = np.frombuffer(article.sketch, "<u8")
    return _Sketch(grams, list(dict.fromkeys(map(key_of, grams.tolist()))), density_of(grams))


def sketched(fingerprints: Iterable[tuple[int, Fingerprint]]) -> list[Row]:
    """Rows of entries from before, each by itself."""
    found = []
    for number, article in fingerprints:
        sketch = _sketch(article)
        size = Size(grams=len(sketch.grams), density=sketch.density)
        found.append(Row(entry=number, recipe=SKETCH_RECIPE, size=size, grams=article.sketch))
    return found
