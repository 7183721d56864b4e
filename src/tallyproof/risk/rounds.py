"""When a round of relevant votes ends an audit, and how large the next round must be.

Minerva and Providence stop when the winner has k of n relevant votes and Pr(K >= k | tie) is at most alpha
times Pr(K >= k | as reported). The chance of that, if the result is as reported, rises with n in a saw's
teeth: the "smallest" round that ends with a chance of 90 % can be the first that does (``FIRST``), the
first after which no larger round fails (``LASTING``), or what a published program finds by halving.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from statistics import NormalDist

from tallyproof.risk.binomial import probabilities, tails
from tallyproof.risk.function import check_alpha, require

SHIFT = 200  # binary digits by which numbers of _Tail are kept in range


class Smallest(Enum):
    """What "the smallest round" means.

    ``HALVING`` halves (1, 10,000], doubled until its end works, as the program Athena does for Minerva;
    ``DECADES`` halves the first of (1, 10], (10, 100] … whose end works, as R2B2 does for Providence.
    Both find a size that works while one vote fewer does not.
    """

    FIRST = "first"
    LASTING = "lasting"
    HALVING = "halving"
    DECADES = "decades"


@dataclass(frozen=True)
class Stop:
    """Votes for the winner that end a round of ``votes`` relevant votes, and the chance of reaching them.

    ``winner_votes`` is None where no result of the round can end the audit.
    """

    votes: int
    winner_votes: int | None
    chance: float


def stop_after(votes: int, share: float, alpha: float) -> Stop:
    """The stopping rule of one round on its own, exactly.

    ``alpha`` may exceed 1 where earlier rounds have already earned more than the risk limit asks.
    """
    require(votes >= 0, "votes", "a number of votes, at least 0")
    check_share(share)
    reported, tied = tails(probabilities(votes, share)), tails(probabilities(votes, 0.5))
    enough = alpha * reported >= tied
    if not enough[-1]:
        return Stop(votes, None, 0.0)
    fewest = int(enough.argmax())
    return Stop(votes, fewest, float(min(reported[fewest], 1.0)))


def stops(share: float, alpha: float) -> Iterator[Stop]:
    """Stopping rules of rounds of 1, 2, 3 … votes, each from the one before in constant time.

    With f the chances of exactly k of n, Pr(K >= k) grows by s f(k - 1) when a vote is added. For the same k
    a longer round is weaker evidence (each path to k has more votes for the loser), so k only moves up.
    """
    check_share(share)
    require(alpha > 0, "alpha", "above 0")
    if alpha >= 1:
        yield from (Stop(votes, 0, 1.0) for votes in itertools.count(1))
    votes = math.ceil(-math.log(alpha) / math.log(2 * share))
    yield from (Stop(shorter, None, 0.0) for shorter in range(1, votes))
    if share == 1:
        yield from (stop_after(longer, share, alpha) for longer in itertools.count(votes))
    reported, tied = _Tail(share, votes), _Tail(0.5, votes)
    while True:
        yield Stop(votes, reported.k, reported.chance_in(0))
        votes += 1
        reported.add_vote()
        tied.add_vote()
        while alpha * reported.chance < tied.chance_in(reported.scale):
            reported.up()
            tied.up()


def smallest_round(share: float, alpha: float, chance: float, meaning: Smallest = Smallest.LASTING) -> Stop:
    """The smallest round that ends the audit with the given chance, in one of the meanings above.

    ``alpha`` is the risk limit times what earlier rounds have earned. ``LASTING`` is checked for all
    rounds up to twice its size.
    """
    require(alpha > 0, "alpha", "above 0")
    require(0 < chance < 1, "chance", "above 0 and below 1")
    if meaning in (Smallest.HALVING, Smallest.DECADES):
        return _halved(lambda votes: stop_after(votes, share, alpha), chance, meaning)
    return _scanned(stops(share, alpha), chance, meaning)


def _scanned(rounds: Iterator[Stop], chance: float, meaning: Smallest) -> Stop:
    found: Stop | None = None
    for stop in rounds:
        if stop.chance < chance:
            found = None
        elif found is None:
            found = stop
        if found is not None and (meaning is Smallest.FIRST or stop.votes >= 2 * found.votes):
            return found
    raise AssertionError("the iterator of rounds has no end")


def halve(stop: Callable[[int], Stop], chance: float, low: int, high: int) -> Stop:
    """Halve (low, high] down to a round that ends with the chance while one vote fewer does not."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if stop(middle).chance >= chance else (middle, high)
    return stop(high)


def _halved(stop: Callable[[int], Stop], chance: float, meaning: Smallest) -> Stop:
    low, high, factor = (1, 10_000, 2) if meaning is Smallest.HALVING else (1, 10, 10)
    while stop(high).chance < chance:
        low, high = (high if meaning is Smallest.DECADES else 1), factor * high
    return halve(stop, chance, low, high)


def normal_votes(share: float, alpha: float, chance: float) -> int:
    """Votes of a round that ends with the given chance, by the normal approximation.

    ((z(chance) sqrt(s (1 - s)) + z(1 - alpha chance) / 2) / (s - 1/2))^2, z the normal quantile. Programs
    answer with it where the margin is below 1.5 %.
    """
    check_alpha(alpha)
    check_share(share)
    quantile = NormalDist().inv_cdf
    spread = quantile(chance) * math.sqrt(share * (1 - share)) + quantile(1 - alpha * chance) / 2
    return math.ceil((spread / (share - 0.5)) ** 2)


def check_share(share: float) -> None:
    """Refuse a winner's share of the two that is no majority."""
    require(0.5 < share <= 1, "share", "above 1/2 and at most 1")


class _Tail:
    """Pr(K >= k) and Pr(K = k) for K binomial, moved along n and k; begins at k = n.

    Both are ``chance`` and ``exact`` times 2^``scale``: in a close contest the first of them are far too
    small for a float.
    """

    def __init__(self, share: float, votes: int) -> None:
        self.share, self.votes, self.k = share, votes, votes
        logarithm = votes * math.log2(share)
        self.scale = math.floor(logarithm)
        self.exact = self.chance = math.exp2(logarithm - self.scale)
        self.odds = share / (1 - share)

    def chance_in(self, scale: int) -> float:
        """Pr(K >= k) in units of 2^``scale``."""
        return math.ldexp(self.chance, self.scale - scale)

    def up(self) -> None:
        """To k + 1."""
        self.chance = max(self.chance - self.exact, 0.0)
        self.exact *= (self.votes - self.k) / (self.k + 1) * self.odds
        self.k += 1

    def add_vote(self) -> None:
        """To n + 1."""
        below = self.exact * self.k / self.odds / (self.votes - self.k + 1)
        self.chance += self.share * below
        self.exact = self.exact * (1 - self.share) + self.share * below
        self.votes += 1
        self._rescale()

    def _rescale(self) -> None:
        """Keep the chance within what a float holds while it grows."""
        if self.chance > math.exp2(SHIFT) and self.scale < 0:
            shift = min(SHIFT, -self.scale)
            self.chance, self.exact = math.ldexp(self.chance, -shift), math.ldexp(self.exact, -shift)
            self.scale += shift
