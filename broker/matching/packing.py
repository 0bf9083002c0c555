"""Days of all quarters in a few machine words, so that one subtraction tells what still fits.

Each quarter has a lane with a guard bit on top. Free days with all guards set, less the days
used, keep every guard exactly when each quarter had enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broker.matching.arrays import Flags, Ints

Words = NDArray[np.uint64]
WORD = 64
NARROW, MIDDLE = 16, 32  # bits of a lane


@dataclass(frozen=True)
class Packing:
    """`use`: items x words; `free`: providers x words, guards set."""

    use: Words
    free: Words
    guards: np.uint64

    def fits(self, free: Words, use: Words) -> Flags:
        enough: Flags = (((free - use) & self.guards) == self.guards).all(axis=1)
        return enough


def packed(use: Ints, free: Ints) -> Packing:
    highest = max(int(free.max(initial=0)), int(use.max(initial=0)))
    lane = next(bits for bits in (NARROW, MIDDLE, WORD) if highest < 1 << (bits - 1))
    guards = np.uint64(sum(1 << at for at in range(lane - 1, WORD, lane)))
    return Packing(_words(use, lane), _words(free, lane) | guards, guards)


def _words(figures: Ints, lane: int) -> Words:
    lanes = WORD // lane
    count = max(1, -(-figures.shape[1] // lanes))
    words: Words = np.zeros((len(figures), count), np.uint64)
    for quarter in range(figures.shape[1]):
        shift = np.uint64(lane * (quarter % lanes))
        words[:, quarter // lanes] |= figures[:, quarter].astype(np.uint64) << shift
    return words
