"""How wealth grows draw by draw: exact at the ends, in logarithms, block by block for all columns at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from tallyproof.risk.function import (
    Bet,
    Flags,
    Floats,
    History,
    Past,
    Population,
    checked_sample,
)

KEPT = 3_500_000  # numbers, 28 MB; glibc's limit is 32 MB
BLOCK = 16_384  # numbers per step: about what a core's nearest cache holds
WIDE = 192  # columns from which adding row by row beats a running sum
# Rounding of a sum of n values up to u stays below n u 2^-39 (see running_totals); one vote is far more.
SLACK = 2.0**-39


@dataclass(frozen=True, eq=False)
class Carry:
    """What one block of draws hands to the next."""

    drawn: int
    total: Floats
    log_t: Floats
    first: Floats | None = None
    squares: Floats | None = None


def history(sample: ArrayLike, population: Population, bet: Bet) -> History:
    """Wealth of ``bet`` after each draw of ``sample`` (draws along the first axis, one column per test).

    T_j = T_{j-1} (1 - k_j + k_j x_j / m_j); see ``function``. Raises RequestError where values leave
    [0, upper], are not numbers, or are more than the population holds.
    """
    x = checked_sample(sample, population)
    log_t: Floats | None = None
    certain: Flags | None = None
    carry = start(x)
    keep_memory()
    for rows in blocks(x):
        logs, sure, carry = advance(x[rows], carry, population, bet)
        if log_t is None:
            log_t = np.empty((len(x), *logs.shape[1:]))
        log_t[rows] = logs
        if sure is not None:
            certain = np.zeros(log_t.shape, bool) if certain is None else certain
            certain[rows] = sure
    log_t = np.empty(x.shape) if log_t is None else log_t
    return History(log_t, np.broadcast_to(np.False_, log_t.shape) if certain is None else certain)


def keep_memory() -> None:
    """Let the C library keep freed blocks for the next step instead of returning them to the system.

    glibc does so once it has seen a larger block freed; without, half of the time goes into page faults.
    The block is never touched, so it costs microseconds.
    """
    np.empty(KEPT)


def start(x: Floats) -> Carry:
    """The state before the first draw, for columns shaped like those of ``x``."""
    zero = np.zeros(x.shape[1:])
    return Carry(0, zero, zero)


def blocks(x: Floats) -> Iterator[slice]:
    """Consecutive slices of draws, each small enough for the cache."""
    step = max(16, BLOCK // max(1, int(np.prod(x.shape[1:], dtype=np.int64))))
    for begin in range(0, len(x), step):
        yield slice(begin, begin + step)


def advance(x: Floats, carry: Carry, population: Population, bet: Bet) -> tuple[Floats, Flags | None, Carry]:
    """Play one block of draws: log T after each, where the null is certainly true (or None), new state."""
    played = play(x, carry, population, bet)
    logs = running_logs(played.factors, carry.log_t)
    certain = played.settle(logs) if played.disputed else None
    return logs, certain, played.after(logs[-1])


@dataclass(frozen=True, eq=False)
class Played:
    """A block of draws: by what each multiplies T, and sums before the first and after each.

    ``disputed`` where some draw of the block may leave nothing to doubt; ``settle`` then tells which.
    """

    factors: Floats
    totals: Floats
    past: Past
    disputed: bool
    squares: Floats | None

    def settle(self, logs: Floats) -> Flags:
        """Write proofs into ``logs``; where the null is certainly true."""
        return _settle(logs, self.totals[1:], self.past, self.past.population)

    def after(self, log_t: Floats) -> Carry:
        """The state after the block, given log T."""
        return Carry(past_drawn(self.past), self.totals[-1], log_t, self.past.first, self.squares)


def play(x: Floats, carry: Carry, population: Population, bet: Bet) -> Played:
    """What one block of draws makes of the wealth staked on each; 1 where nothing is left to bet on."""
    totals = running_totals(x, carry.total)
    past, squares = _past(x, totals, carry, population, bet)
    inside = _inside(totals, past, population)
    if inside is None:
        factors = payoffs(x, past.null_mean, clipped(bet.stakes(past)))
    else:
        past = replace(past, null_mean=np.where(inside, past.null_mean, np.asarray(population.upper) / 2))
        factors = np.where(inside, payoffs(x, past.null_mean, clipped(bet.stakes(past))), 1.0)
    return Played(factors, totals, past, inside is not None, squares)


def payoffs(x: Floats, null_mean: Floats, stakes: Floats) -> Floats:
    """Factors 1 - k + k x / m. With k in [0, 1] they are never negative, and exactly 0 at k = 1, x = 0."""
    gain = x / null_mean
    gain -= 1.0
    gain = np.multiply(gain, stakes, out=gain) if gain.shape == stakes.shape else gain * stakes
    gain += 1.0
    return gain


def clipped(stakes: Floats) -> Floats:
    """Stakes moved into [0, 1]: ALPHA's estimate into [m_j, u]."""
    return np.clip(stakes, 0.0, 1.0)


def running_logs(factors: Floats, carried: Floats) -> Floats:
    """Logarithm of T after each draw, from factors and log T before; wealth once lost stays lost."""
    logs = np.empty(np.broadcast_shapes(factors.shape, (1, *carried.shape)))
    with np.errstate(divide="ignore"):
        np.log(factors, out=logs)
    logs[:1] += carried
    return _summed(logs, logs)


def running_totals(x: Floats, carried: Floats) -> Floats:
    """``carried`` and then the sum after each draw of the block: one row more than ``x``.

    Blocks start from 0 and the carried total is added last. With blocks of B <= 2^14 draws the rounding of
    n values in [0, u] is at most n B u 2^-54 within the blocks and n (n / B) u 2^-54 between them: below
    n u 2^-39 for n up to 10^8. Values that are multiples of a power of 2, such as votes, are exact.
    """
    totals = np.empty((len(x) + 1, *carried.shape))
    totals[0] = carried
    body = _summed(x, totals[1:])
    body += carried
    return totals


def _summed(x: Floats, out: Floats) -> Floats:
    """Running sums along the first axis, written to ``out``, which may be ``x``."""
    if len(x) == 0 or out[0].size < WIDE:
        return np.cumsum(np.broadcast_to(x, out.shape), axis=0, out=out)
    out[0] = x[0]
    for row in range(1, len(x)):
        np.add(out[row - 1], x[row], out=out[row])
    return out


def stakes(sample: ArrayLike, population: Population, bet: Bet) -> Floats:
    """The share of the wealth that ``bet`` stakes before each draw; 0 where nothing is left to bet on."""
    x = checked_sample(sample, population)
    if len(x) == 0:
        return x
    totals = running_totals(x, np.zeros(x.shape[1:]))
    past, _ = _past(x, totals, start(x), population, bet)
    inside = _inside(totals, past, population)
    if inside is None:
        return np.broadcast_to(clipped(bet.stakes(past)), past.null_mean.shape)
    past = replace(past, null_mean=np.where(inside, past.null_mean, np.asarray(population.upper) / 2))
    return np.where(inside, clipped(bet.stakes(past)), 0.0)


def estimates(sample: ArrayLike, population: Population, bet: Bet) -> Floats:
    """ALPHA's estimate eta_j = m_j + k_j (u - m_j) of the mean of what is left, before each draw."""
    means = null_means(sample, population)
    return means + stakes(sample, population, bet) * (np.asarray(population.upper) - means)


def bets(sample: ArrayLike, population: Population, bet: Bet) -> Floats:
    """The betting form's lambda_j = k_j / m_j before each draw; 0 where nothing is left to bet on."""
    shares = stakes(sample, population, bet)
    return np.where(shares > 0, shares / np.where(shares > 0, null_means(sample, population), 1.0), 0.0)


def null_means(sample: ArrayLike, population: Population) -> Floats:
    """m_j before each draw: t with replacement, (N t - S_{j-1}) / (N - j + 1) without (ALPHA, eq. 5).

    Below 0 the null is certainly false, above u certainly true.
    """
    x = checked_sample(sample, population)
    totals = running_totals(x, np.zeros(x.shape[1:]))
    return np.asarray(_means(totals[:-1], _counts(0, x), population))


def average(log_t: Floats, weights: Floats) -> Floats:
    """Logarithm of the weighted average of T over the last axis: martingales averaged are one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs, shares = log_t[..., weights > 0], weights[weights > 0]  # a part that has nothing adds nothing
        highest = np.max(logs, axis=-1, keepdims=True)
        shift = np.where(np.isfinite(highest), highest, 0.0)
        return np.asarray(np.log(np.exp(logs - shift) @ shares) + shift[..., 0])


def past_drawn(past: Past) -> int:
    """Draws made once the block of ``past`` is over."""
    return int(past.drawn.flat[-1]) + 1


def _past(
    x: Floats, totals: Floats, carry: Carry, population: Population, bet: Bet
) -> tuple[Past, Floats | None]:
    """What the bet may know, and the sum of squares after the block, for bets that look at deviations."""
    drawn = _counts(carry.drawn, x)
    means = _means(totals[:-1], drawn, population)
    if not bet.spread:
        return Past(drawn, totals[:-1], means, population), None
    first = x[0] if carry.first is None else carry.first
    carried = np.zeros(x.shape[1:]) if carry.squares is None else carry.squares
    squares = running_totals((x - first) ** 2, carried)
    return Past(drawn, totals[:-1], means, population, first, squares[:-1]), squares[-1]


def _counts(drawn: int, x: Floats) -> Floats:
    numbers = np.arange(drawn, drawn + len(x), dtype=np.float64)
    return numbers.reshape((-1,) + (1,) * (x.ndim - 1))


def _means(before: Floats, drawn: Floats, population: Population) -> Floats:
    if population.size is None:
        mean = np.asarray(population.null_mean, dtype=np.float64)
        return np.broadcast_to(mean, np.broadcast_shapes(before.shape, mean.shape))
    size = np.asarray(population.size, dtype=np.float64)
    left = size * population.null_mean - before
    left /= size - drawn
    return left


def _inside(totals: Floats, past: Past, population: Population) -> Flags | None:
    """Where 0 < m_j < u, so that a bet can be made; None where that holds for the whole block.

    What the null leaves to be found, N t - S, falls from draw to draw, and what it leaves room for,
    u (N - j) - (N t - S), falls too: the last draw of the block decides for all.
    """
    if population.size is None:
        return None
    size, upper = np.asarray(population.size, dtype=np.float64), np.asarray(population.upper)
    slack = size * upper * SLACK
    need = size * population.null_mean - totals[-1]
    room = upper * (size - past_drawn(past)) - need
    if np.all((need > slack) & (room > slack)):
        return None
    need = size * population.null_mean - past.total
    room = upper * (size - past.drawn) - need
    return np.asarray((need > slack) & (room > slack))


def _settle(logs: Floats, after: Floats, past: Past, population: Population) -> Flags:
    """Write in T = inf where the null is certainly false and T = 0 where it is certainly true.

    Without replacement S_j > N t leaves nothing to doubt, and so does S_j + u (N - j) <= N t. After the
    last card one of the two holds. Both count a difference within the rounding as a tie: no proof of an
    outcome, and proof that the mean is not above t.
    """
    size, upper = np.asarray(population.size, dtype=np.float64), np.asarray(population.upper)
    slack = size * upper * SLACK
    need = size * population.null_mean - after
    certain = upper * (size - past.drawn - 1) - need <= slack
    np.copyto(logs, np.inf, where=need < -slack)
    np.copyto(logs, -np.inf, where=certain)
    return np.asarray(certain)
