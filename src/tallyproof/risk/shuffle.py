"""Simulated draws from a pile of cards, many audits at once, however large the pile is.

Only the cards drawn cost anything: a pile is known by its distinct values and how many cards have each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tallyproof.risk.function import Flags, Floats, Ints, require
from tallyproof.risk.permutation import Permutations, permutations
from tallyproof.risk.wealth import WIDE

Kinds = NDArray[np.int8]
Counts = NDArray[np.int32]
FEW_KINDS = 12
SPARSE = 8
"""Where fewer cards than one of so many are of another kind, they are counted one by one."""


@dataclass(frozen=True, eq=False)
class Cards:
    """Distinct ``values`` and how many cards have each: whole ``counts``, or shares that sum to 1.

    Shares mean cards drawn with replacement. Kept with the commonest value first.
    """

    values: Floats
    counts: Floats
    replaced: bool

    @property
    def size(self) -> int | None:
        """Number of cards; None where they are drawn with replacement."""
        return None if self.replaced else int(self.counts.sum())

    @property
    def mean(self) -> float:
        """Mean value of the cards."""
        return float(self.values @ self.counts / self.counts.sum())


def cards(values: ArrayLike, counts: ArrayLike) -> Cards:
    """Cards drawn without replacement: so many of each value."""
    return _checked(values, counts, replaced=False)


def replaced_cards(values: ArrayLike, shares: ArrayLike) -> Cards:
    """Cards drawn with replacement: each value with its share."""
    return _checked(values, shares, replaced=True)


def cards_of(population: ArrayLike) -> Cards:
    """Cards drawn without replacement, from the list of all their values."""
    values, counts = np.unique(np.asarray(population, dtype=np.float64), return_counts=True)
    return cards(values, counts)


class Source(Protocol):
    """Cards in the order in which simulated audits draw them, one column per audit."""

    def draw(self, draws: int) -> Floats:
        """Values of the next so many cards of each audit, draws along the first axis."""
        ...

    def keep(self, audits: Flags) -> None:
        """Go on with some of the audits only."""
        ...


def source(pile: Cards, audits: int, chance: np.random.Generator) -> Source:
    """Cards for so many audits, by the way that suits the pile."""
    if pile.replaced:
        return Independent(pile, audits, chance)
    if len(pile.values) <= FEW_KINDS:
        return ShuffledKinds(pile, np.repeat(pile.counts[:, np.newaxis], audits, axis=1), chance)
    return ShuffledPlaces(pile, permutations(int(pile.counts.sum()), audits, chance))


@dataclass
class Independent:
    """Cards drawn with replacement."""

    pile: Cards
    audits: int
    chance: np.random.Generator

    def draw(self, draws: int) -> Floats:
        """Each card on its own."""
        ends = np.cumsum(self.pile.counts)[:-1]
        uniform = self.chance.random((draws, self.audits))
        if len(ends) >= FEW_KINDS:
            return np.asarray(self.pile.values[np.searchsorted(ends, uniform, side="right")])
        kinds = np.zeros(uniform.shape, dtype=np.int8)
        for end in ends:
            kinds += uniform >= end
        return valued(self.pile, kinds)

    def keep(self, audits: Flags) -> None:
        """Fewer columns from now on."""
        self.audits = int(audits.sum())


@dataclass
class ShuffledKinds:
    """Cards of a few kinds drawn without replacement; ``left`` counts those left by kind and audit."""

    pile: Cards
    left: Floats
    chance: np.random.Generator

    def draw(self, draws: int) -> Floats:
        """The next cards, taken from those left."""
        kinds = shuffled(self.left, draws, self.chance)
        self.left = self.left - kind_counts(kinds, len(self.left))
        return valued(self.pile, kinds)

    def keep(self, audits: Flags) -> None:
        """Drop the piles of the others."""
        self.left = self.left[:, audits]


@dataclass
class ShuffledPlaces:
    """Cards of many kinds drawn without replacement, by their place in a shuffled pile."""

    pile: Cards
    order: Permutations
    drawn: int = 0

    def draw(self, draws: int) -> Floats:
        """The values at the next places."""
        places = self.order.places(self.drawn, draws)
        self.drawn += draws
        return np.asarray(
            self.pile.values[np.searchsorted(np.cumsum(self.pile.counts), places, side="right")]
        )

    def keep(self, audits: Flags) -> None:
        """Drop the orders of the others."""
        self.order = self.order.only(audits)


def valued(pile: Cards, kinds: Kinds) -> Floats:
    """The values of cards given by kind."""
    if len(pile.values) == 2:
        x = np.multiply(kinds, pile.values[1] - pile.values[0])
        x += pile.values[0]
        return np.asarray(x)
    x = np.full(kinds.shape, pile.values[0])
    for kind in range(1, len(pile.values)):
        np.copyto(x, pile.values[kind], where=kinds == kind)
    return x


def kind_counts(kinds: Kinds, many: int) -> Floats:
    """How many cards of each of so many kinds each column holds."""
    counts = np.stack([_counted(kinds == kind) for kind in range(1, many)] or [kinds[0] * 0])
    first = len(kinds) - counts.sum(axis=0)
    return np.vstack([first, counts])[:many].astype(np.float64)


def _checked(values: ArrayLike, counts: ArrayLike, replaced: bool) -> Cards:
    x, many = np.asarray(values, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    require(x.ndim == 1 and x.shape == many.shape, "counts", "one per value")
    require(len(x) > 0, "values", "at least one value")
    require(bool(np.all(many >= 0) and many.sum() > 0), "counts", "at least 0, and not all 0")
    if replaced:
        require(abs(float(many.sum()) - 1.0) < 1e-9, "shares", "shares that sum to 1")
    else:
        require(bool(np.all(many == np.floor(many))), "counts", "whole numbers of cards")
    order = np.argsort(-many, kind="stable")
    return Cards(x[order], many[order], replaced)


def shuffled(left: Floats, draws: int, chance: np.random.Generator) -> Kinds:
    """Kinds of the next ``draws`` cards of each pile (a column of ``left``), without replacement.

    ``left`` holds cards left by kind along the first axis and is not changed. With r cards left, card j is
    not of the first kind if a uniform U < (others left) / (r - j). That share is at most others /
    (r - draws); the U below it also bound how many others can come at all, and so how low the share can
    fall. Where no U of a pile lies between the two, they decide; elsewhere ``_in_order`` does. Which other
    kind comes next is drawn in the same way from the pile of the others.
    """
    piles = left.shape[1]
    if len(left) == 1:
        return np.zeros((draws, piles), dtype=np.int8)
    uniform, cards_left, others = chance.random((draws, piles)), left.sum(axis=0), left[1:].sum(axis=0)
    other = uniform < others / np.maximum(cards_left - draws, 0.5)
    least = (others - _counted(other)) / np.maximum(cards_left, 1.0)
    unsure = np.flatnonzero((other != (uniform < least)).any(axis=0))
    if len(unsure):
        other[:, unsure] = _in_order(uniform[:, unsure], cards_left[unsure], others[unsure])
    return other.view(np.int8) if len(left) == 2 else _placed(other, left, chance)


def _in_order(uniform: Floats, cards_left: Floats, others: Floats) -> Flags:
    """Which cards are of another kind, one after the other: U (r - j) < others - (others before j).

    Begins with a guess of how many come before and repeats, in the columns that changed, until nothing
    changes: in each round at least one more card from the top is right, usually all of them.
    """
    numbers = np.arange(len(uniform), dtype=np.float64)[:, np.newaxis]
    height = uniform * (cards_left - numbers)
    other = height < others * (1.0 - numbers / np.maximum(cards_left, 1.0))
    columns = np.arange(uniform.shape[1])
    while len(columns):
        before = _counted_before(other[:, columns])
        better = height[:, columns] < others[columns] - before
        changed = (better != other[:, columns]).any(axis=0)
        other[:, columns] = better
        columns = columns[changed]
    return other


def _counted(flags: Flags) -> Counts:
    """How many flags are set in each column; 32 bits add up faster than the 64 of ``count_nonzero``."""
    return np.asarray(np.add.reduce(flags, axis=0, dtype=np.int32))


def _counted_before(flags: Flags) -> Counts:
    """How many flags are set above each; row by row where rows are wide."""
    numbers = flags.astype(np.int32)
    before = np.zeros_like(numbers)
    if flags.shape[1] < WIDE:
        np.cumsum(numbers[:-1], axis=0, out=before[1:])
        return before
    for row in range(1, len(flags)):
        np.add(before[row - 1], numbers[row - 1], out=before[row])
    return before


def _placed(other: Flags, left: Floats, chance: np.random.Generator) -> Kinds:
    """Give each card of another kind its kind: the next of a shuffled pile of the others."""
    kinds = np.zeros(other.shape, dtype=np.int8)
    rows, columns = np.divmod(np.flatnonzero(other), other.shape[1])
    if len(columns):
        many = len(columns) * SPARSE > other.size
        ranks = _counted_before(other)[rows, columns] if many else _ranks(columns)
        others = shuffled(left[1:], int(ranks.max()) + 1, chance)
        kinds[rows, columns] = 1 + others[ranks, columns]
    return kinds


def _ranks(labels: Ints) -> Ints:
    """How many equal labels stand before each."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return ranks
