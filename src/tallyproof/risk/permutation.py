"""Shuffled orders of a pile of any size, one per column, of which only the places asked for are computed.

A balanced Feistel network on the next power of two permutes it; a place beyond the pile is permuted again
until it falls inside (Black and Rogaway 2002, "Ciphers with arbitrary finite domains"). The keys come from
the generator that the caller hands in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tallyproof.risk.function import Ints, require

Words = NDArray[np.uint64]
ROUNDS = 8
FIRST_FACTOR, SECOND_FACTOR = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, eq=False)
class Permutations:
    """Shuffles of the numbers 0 … size - 1, one per column of ``keys``."""

    size: int
    keys: Words

    def places(self, first: int, count: int) -> Ints:
        """Where the cards at positions first … first + count - 1 of each shuffle come from."""
        require(0 <= first <= first + count <= self.size, "count", "within the pile")
        half = max(1, (self.size - 1).bit_length() + 1 >> 1)
        columns = self.keys.shape[1]
        start = np.repeat(np.arange(first, first + count, dtype=np.uint64), columns)
        keys = np.tile(np.arange(columns), count)
        places = _permuted(start, self.keys[:, keys], half)
        outside = np.flatnonzero(places >= self.size)
        while len(outside):
            places[outside] = _permuted(places[outside], self.keys[:, keys[outside]], half)
            outside = outside[places[outside] >= self.size]
        return places.astype(np.int64).reshape(count, columns)

    def only(self, columns: NDArray[np.bool_]) -> Permutations:
        """The shuffles of some columns."""
        return Permutations(self.size, self.keys[:, columns])


def permutations(size: int, columns: int, chance: np.random.Generator) -> Permutations:
    """So many shuffles of a pile of ``size`` cards."""
    require(size >= 1, "size", "at least 1 card")
    return Permutations(size, chance.integers(0, 2**64, (ROUNDS, columns), dtype=np.uint64))


def _permuted(numbers: Words, keys: Words, half: int) -> Words:
    """One pass of the network: halves swapped each round, the new half mixed with a hash of the other."""
    width, mask = np.uint64(half), np.uint64(2**half - 1)
    left, right = numbers >> width, numbers & mask
    for key in keys:
        left, right = right, left ^ (_mixed(right + key) & mask)
    return (left << width) | right


def _mixed(words: Words) -> Words:
    """The finisher of SplitMix64: every bit of the input moves every bit of the output."""
    words = (words ^ (words >> np.uint64(30))) * FIRST_FACTOR
    words = (words ^ (words >> np.uint64(27))) * SECOND_FACTOR
    return words ^ (words >> np.uint64(31))
