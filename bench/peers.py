"""Near-duplicates as the peers find them: datasketch and rensa, fed with runs of five words as their papers do."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

PERMUTATIONS = 128
THRESHOLD = 0.5  #: of Jaccard likeness: above it edits of a tenth are lost, below it boilerplate is found
_WORD = re.compile(r"\w+")


def missing(*packages: str) -> str:
    """Which of these packages is not installed, in words; "" where all are."""
    absent = [package for package in packages if find_spec(package) is None]
    return f"skipped, since {' and '.join(absent)} cannot be imported (`make bench` installs it)" if absent else ""


def module(name: str) -> Any:
    """A peer, which has no types, or is not there at all."""
    return importlib.import_module(name)


def told(*packages: str) -> str:
    """Their names and versions."""
    return ", ".join(f"{package} {version(package)}" for package in packages)


def shingles(text: str) -> set[str]:
    """Its runs of five words; of a shorter text, itself."""
    words = _WORD.findall(text.lower())
    return {" ".join(run) for run in zip(*(words[place:] for place in range(5)), strict=False)} or {" ".join(words)}


class Datasketch:
    """MinHash in batches, as its documentation advises, with SHA-1 as it comes or with a hash that is faster."""

    def __init__(self, *, fast: bool) -> None:
        self._minhash = module("datasketch").MinHash
        self._options: dict[str, Any] = {"num_perm": PERMUTATIONS}
        if fast:
            self._options["hashfunc"] = module("xxhash").xxh32_intdigest

    def signatures(self, texts: Iterable[str]) -> list[Any]:
        """One MinHash a text."""
        batches = ([shingle.encode() for shingle in shingles(text)] for text in texts)
        found: list[Any] = self._minhash.bulk(batches, **self._options)
        return found


def rensa_signatures(texts: Sequence[str]) -> list[Any]:
    """One RMinHash a text."""
    found: list[Any] = module("rensa").RMinHash.from_token_sets(map(shingles, texts), num_perm=PERMUTATIONS, seed=1)
    return found
