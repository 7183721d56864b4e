"""How many cards an audit will need: closed forms where there are any, simulation elsewhere.

All simulated audits advance together, each stops at its crossing, and none draws a card more than needed:
the cost depends on the sample size, not on how many cards there are. Every simulated figure carries its
Monte Carlo error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tallyproof.risk.crossing import crossings
from tallyproof.risk.function import (
    Bet,
    Flags,
    Floats,
    Ints,
    Population,
    check_alpha,
    checked_sample,
    require,
)
from tallyproof.risk.shuffle import Cards, Source, source
from tallyproof.risk.wealth import Carry, advance, blocks, history, keep_memory, start

FIRST_STEP = 64
NUMBERS_PER_STEP = 65_536


@dataclass(frozen=True)
class Estimate:
    """A simulated figure and where it lies, two standard errors either way."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Sizes:
    """Cards after which simulated audits ended, in rising order, of ``replications`` in all.

    The others had not ended after ``horizon`` cards, where the simulation stopped watching them.
    """

    ended: Ints
    replications: int
    horizon: int

    def quantile(self, share: float) -> Estimate | None:
        """Cards that suffice for the given share of audits; None where that is beyond the horizon.

        The interval runs between order statistics: share * R, two binomial standard errors either way.
        """
        require(0 < share < 1, "share", "above 0 and below 1")
        error = 2 * math.sqrt(self.replications * share * (1 - share))
        middle = share * self.replications
        ranks = [max(1, math.ceil(rank)) for rank in (middle, middle - error, middle + error)]
        if ranks[0] > len(self.ended):
            return None
        value, low = (float(self.ended[rank - 1]) for rank in ranks[:2])
        return Estimate(
            value, low, float(self.ended[ranks[2] - 1]) if ranks[2] <= len(self.ended) else math.inf
        )

    def chance_within(self, cards: int) -> Estimate:
        """Chance that an audit ends within so many cards."""
        require(0 <= cards <= self.horizon, "cards", f"at most {self.horizon:,}, the simulation's horizon")
        share = float(np.searchsorted(self.ended, cards, side="right")) / self.replications
        error = 2 * math.sqrt(share * (1 - share) / self.replications)
        return Estimate(share, max(0.0, share - error), min(1.0, share + error))

    def mean(self) -> Estimate | None:
        """Mean number of cards; None where some audits had not ended at the horizon."""
        if len(self.ended) < self.replications:
            return None
        value = float(self.ended.mean())
        if self.replications == 1:
            return Estimate(value, 0.0, math.inf)
        error = 2 * float(self.ended.std(ddof=1)) / math.sqrt(self.replications)
        return Estimate(value, value - error, value + error)


def comparison_size(alpha: float, margin: float, bet: float = 2.0) -> int:
    """Cards of a comparison audit without errors, drawn with replacement, for a fixed bet.

    Each card multiplies T by 1 + bet (1 / (2 - v) - 1/2); at bet 2, ceil(ln(1/alpha) / (ln 2 - ln(2 - v)))
    (Spertus 2023, COBRA, eq. 1). ``margin`` is the assorter margin over the assorter's upper bound.
    """
    check_alpha(alpha)
    require(0 < margin <= 1, "margin", "above 0 and at most 1")
    require(0 < bet <= 2, "bet", "above 0 and at most 2")
    return math.ceil(-math.log(alpha) / math.log1p(bet * margin / (4 - 2 * margin)) - 1e-9)


def constant_size(value: float, population: Population, bet: Bet, alpha: float) -> int | None:
    """Cards after which P is at most ``alpha`` if every card drawn has the same ``value``.

    None where that never happens: the full count does not settle it, or the bet does not grow; with
    replacement, where it does not happen within four million draws.
    """
    most = 2**22 if population.size is None else int(np.min(population.size))
    draws = min(64, most)
    while True:
        found = int(history(np.full(draws, value), population, bet).crossing(alpha))
        if found or draws == most:
            return found or None
        draws = min(4 * draws, most)


def simulated_sizes(
    pile: Cards,
    population: Population,
    bet: Bet,
    alpha: float,
    chance: np.random.Generator,
    replications: int = 1000,
    quantiles: Iterable[float] | None = (0.5, 0.8, 0.9),
    horizon: int | None = None,
    drawn: ArrayLike = (),
) -> Sizes:
    """Numbers of further cards after which simulated audits end, with ``pile`` still to be drawn from.

    ``drawn`` is the sample so far, whose wealth is kept; ``pile`` holds what is assumed to be left, and
    with it ``population.size`` cards in all. The simulation ends once all ``quantiles`` and their errors
    are known (None: once every audit has ended), at ``horizon`` cards, or with the last card.
    """
    check_alpha(alpha)
    require(replications >= 1, "replications", "at least 1")
    seen = checked_sample(drawn, population)
    _check_pile(pile, population, seen)
    keep_memory()
    limit = 2**31 if pile.size is None else pile.size
    limit = limit if horizon is None else min(limit, horizon)
    needed = -math.log(alpha)
    carry, ready = _begin(seen, population, bet, replications, needed)
    if ready:
        return Sizes(np.zeros(replications, dtype=np.int64), replications, limit)
    wanted = replications if quantiles is None else _wanted(quantiles, replications)
    ended, watched = _played(
        source(pile, replications, chance), carry, population, bet, needed, wanted, limit
    )
    return Sizes(ended, replications, watched if len(ended) < replications else limit)


def _played(
    draws_of: Source, carry: Carry, population: Population, bet: Bet, needed: float, wanted: int, limit: int
) -> tuple[Ints, int]:
    """Cards after which audits ended, until so many have or the limit is reached; and cards watched."""
    ended: list[Ints] = [np.zeros(0, dtype=np.int64)]
    watched = 0
    while sum(map(len, ended)) < wanted and watched < limit:
        step = min(_step(watched, len(carry.total)), limit - watched)
        draws, carry = crossings(draws_of.draw(step), carry, population, bet, needed)
        crossed = draws > 0
        ended.append(watched + draws[crossed])
        carry = _kept(carry, ~crossed)
        draws_of.keep(~crossed)
        watched += step
    return np.sort(np.concatenate(ended)), watched


def _begin(
    seen: Floats, population: Population, bet: Bet, replications: int, needed: float
) -> tuple[Carry, bool]:
    """The state after the sample so far, for all audits, and whether it already ends them."""
    column, ready = seen[:, np.newaxis], False
    carry = start(column)
    for rows in blocks(column):
        logs, _, carry = advance(column[rows], carry, population, bet)
        ready = ready or bool((logs >= needed).any())
    return _kept(carry, np.zeros(replications, dtype=np.int64)), ready


def _kept(carry: Carry, which: Flags | Ints) -> Carry:
    """The state of some audits, or of one many times over."""
    first = None if carry.first is None else carry.first[which]
    squares = None if carry.squares is None else carry.squares[which]
    return Carry(carry.drawn, carry.total[which], carry.log_t[which], first, squares)


def _step(watched: int, audits: int) -> int:
    """Draws of the next step: few at first, then as many as the cache holds."""
    return int(min(max(FIRST_STEP, watched // 4), max(16, NUMBERS_PER_STEP // max(1, audits))))


def _wanted(quantiles: Iterable[float], replications: int) -> int:
    """Audits that must have ended before the highest quantile and its error are known."""
    highest = max(quantiles)
    require(0 < highest < 1, "quantiles", "above 0 and below 1")
    return min(
        replications,
        math.ceil(replications * highest + 2 * math.sqrt(replications * highest * (1 - highest))),
    )


def _check_pile(pile: Cards, population: Population, seen: Floats) -> None:
    require(
        bool(np.all((pile.values >= 0) & (pile.values <= np.max(population.upper)))),
        "values",
        "in [0, upper]",
    )
    require(pile.replaced == (population.size is None), "pile", "drawn as the population is")
    if pile.size is not None:
        whole = pile.size + len(seen)
        require(
            whole == population.size, "counts", f"{population.size} cards with those drawn; they are {whole}"
        )
