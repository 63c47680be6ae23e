"""Runs of five words, hashed, of a normalised text; and the sample of them that is its sketch.

A word is hashed eight bytes at a time; a gram mixes five of them in their order. All of it is plain 64-bit arithmetic
modulo 2^64 (numpy), with the finisher of MurmurHash3, and the same on every machine. No adversary is thought of:
what is found by these is verified on the texts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

WORDS = 5  #: in a gram
#: A gram is in the sample where its hash is 0 modulo this: by the gram alone, so that two texts that share a passage
#: keep the same grams of it. Of texts with fewer grams all are kept, or a fourth: a sample of sixteen is the least
#: that tells anything.
SAMPLE = 16
_FEW, _SOME = 64, 256

_EIGHT = 8  # bytes of a word are taken at a time
_SPACE = 32
#: The first so many of eight bytes, little-endian.
_FIRST = np.array([(1 << 8 * count) - 1 for count in range(_EIGHT + 1)], np.uint64)
_NEXT = np.uint64(0x5851F42D4C957F2D)  # Knuth's MMIX multiplier
_PLACES = np.multiply.accumulate(np.full(WORDS, 0xD1342543DE82EF95, np.uint64))  # of the five words of a gram
_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_HALF = np.uint64(33)
_NONE: Hashes = np.empty(0, np.uint64)


def grams(folded: bytes) -> Hashes:
    """The hash of every run of five words, in the order of the text. `folded`: words with one space between them."""
    words = _words(folded)
    count = len(words) - WORDS + 1
    if count <= 0:
        return _NONE if not len(words) else _mixed(words.sum(keepdims=True))
    found = words[:count] * _PLACES[0]
    for place in range(1, WORDS):
        found += words[place : place + count] * _PLACES[place]
    return _mixed(found)


def sample(found: Hashes) -> Hashes:
    """The sketch of a text: sorted, each gram once, all of the same density, which `density` tells."""
    every = density(len(found))
    if every > 1:
        found = found[found & np.uint64(every - 1) == 0]
    found = np.sort(found)
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


def density(count: int) -> int:
    """One gram in how many is kept of a text of so many grams: 1, 4 or 16."""
    return 1 if count < _FEW else 4 if count < _SOME else SAMPLE


def density_of(sketch: Hashes) -> int:
    """The density that a sketch was made with, as its values show it."""
    every = int(np.bitwise_or.reduce(sketch)) if len(sketch) else 0
    return SAMPLE if every % SAMPLE == 0 else 4 if every % 4 == 0 else 1


def _words(folded: bytes) -> Hashes:
    """The hash of every word: eight bytes at a time, as a number, each mixed in before the next."""
    if not folded:
        return _NONE
    padded = folded + b" " + bytes(_EIGHT)
    letters = np.frombuffer(padded, np.uint8)
    ends = np.flatnonzero(letters == _SPACE)
    starts = np.empty_like(ends)
    starts[0] = 0
    starts[1:] = ends[:-1] + 1
    at_any = np.ndarray((len(padded) - _EIGHT + 1,), "<u8", padded, strides=(1,))
    left = ends - starts
    hashes = _mixed(at_any[starts] & _FIRST[np.minimum(left, _EIGHT)])
    which = np.arange(len(ends))
    longer = np.flatnonzero(left > _EIGHT)
    while len(longer):
        starts, left = starts[longer] + _EIGHT, left[longer] - _EIGHT
        more = at_any[starts] & _FIRST[np.minimum(left, _EIGHT)]
        which = which[longer]
        hashes[which] = _mixed(hashes[which] * _NEXT + more)
        longer = np.flatnonzero(left > _EIGHT)
    return hashes


def _mixed(hashes: Hashes) -> Hashes:
    hashes ^= hashes >> _HALF
    for factor in _MIX:
        hashes *= factor
        hashes ^= hashes >> _HALF
    return hashes
