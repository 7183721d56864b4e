"""Votes of each choice when any given set of them remains: a table for all sets at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tallyproof.audit.irv_rankings import NOBODY, RankedBallots

TABLE_CHOICES = 18

Members = int
"""A set of choices: bit c is set where choice c belongs to it."""


def members_of(choices: Members) -> Iterator[int]:
    """The choices of a set, lowest first."""
    while choices:
        lowest = choices & -choices
        yield lowest.bit_length() - 1
        choices ^= lowest


@dataclass(frozen=True, eq=False)
class Tallies:
    """The votes of every choice for every set that may remain.

    A ballot is choice c's when exactly the set R remains if c is in R and everyone ranked before c is
    out. So with f(c, P) ballots that rank c directly after exactly the set P, c has the sum of f(c, P) over
    all P outside R: a sum over subsets, made for all sets in n^2 2^n steps. With more than 18 choices
    sets are counted when asked for.
    """

    ballots: RankedBallots

    @property
    def choices(self) -> int:
        """How many choices there are."""
        return self.ballots.choices

    @property
    def everyone(self) -> Members:
        """The set of all choices."""
        return (1 << self.choices) - 1

    @cached_property
    def table(self) -> NDArray[np.int64] | None:
        """Votes by remaining set and choice, shape (2^n, n); only members' entries mean anything."""
        return _votes_of_all_sets(self.ballots) if self.choices <= TABLE_CHOICES else None

    @cached_property
    def _counted(self) -> dict[Members, NDArray[np.int64]]:
        return {}

    def votes(self, remaining: Members) -> NDArray[np.int64]:
        """Votes of each choice when exactly these remain, shape (n,); only members' entries count."""
        if self.table is not None:
            votes: NDArray[np.int64] = self.table[remaining]
            return votes
        if remaining not in self._counted:
            self._counted[remaining] = _votes_of_one_set(self.ballots, remaining)
        return self._counted[remaining]

    def votes_with_one_more(self, members: Members) -> NDArray[np.int64]:
        """Row c: votes when ``members`` and choice c remain, shape (n, n); for outsiders c only."""
        if self.table is not None:
            every: NDArray[np.int64] = self.table[[members | 1 << c for c in range(self.choices)]]
            return every
        rows = _votes_of_larger_sets(self.ballots, members)
        for outsider in members_of(self.everyone & ~members):
            self._counted[members | 1 << outsider] = rows[outsider]
        return rows

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """Votes of each choice when everyone remains: the first preferences, shape (n,)."""
        return self.votes(self.everyone)

    @cached_property
    def pairs(self) -> NDArray[np.int64]:
        """Entry (a, b): the votes of a when only a and b remain, shape (n, n), 0 on the diagonal."""
        votes = np.zeros((self.choices, self.choices), dtype=np.int64)
        for a in range(self.choices):
            for b in range(a):
                both = self.votes(1 << a | 1 << b)
                votes[a, b], votes[b, a] = both[a], both[b]
        return votes


def _votes_of_all_sets(ballots: RankedBallots) -> NDArray[np.int64]:
    n = ballots.choices
    sums = _ballots_by_predecessors(ballots)
    for choice in range(n):
        halves = sums.reshape(-1, 2, n << choice)
        halves[:, 1] += halves[:, 0]
    return np.ascontiguousarray(sums[::-1])


def _ballots_by_predecessors(ballots: RankedBallots) -> NDArray[np.int64]:
    """f(P, c) of the class above, shape (2^n, n)."""
    n = ballots.choices
    total = np.zeros(n << n, dtype=np.int64)
    before = np.zeros(len(ballots.counts), dtype=np.int64)
    for column in ballots.orders.T:
        ranked = column != NOBODY
        choice = column[ranked].astype(np.int64)
        total += _sums(before[ranked] * n + choice, ballots.counts[ranked], n << n)
        before[ranked] |= np.int64(1) << choice
    return total.reshape(1 << n, n)


def _votes_of_one_set(ballots: RankedBallots, remaining: Members) -> NDArray[np.int64]:
    _, top = first_of(ballots, remaining)
    return _sums(top, ballots.counts, ballots.choices + 1)[:-1]


def _votes_of_larger_sets(ballots: RankedBallots, members: Members) -> NDArray[np.int64]:
    """Row c: votes when ``members`` and c remain; c takes ballots that rank c before any member."""
    n = ballots.choices
    place, top = first_of(ballots, members)
    ranked_before = np.arange(ballots.orders.shape[1]) < place[:, None]
    ranked_before &= ballots.orders != NOBODY
    row, rank = np.nonzero(ranked_before)
    takers = ballots.orders[row, rank].astype(np.int64)
    taken = _sums(takers * (n + 1) + top[row], ballots.counts[row], n * (n + 1)).reshape(n, n + 1)
    votes = _sums(top, ballots.counts, n + 1)[:-1] - taken[:, :-1]
    votes[np.diag_indices(n)] = taken.sum(axis=1)
    return votes


def first_of(ballots: RankedBallots, members: Members) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each ranking has its first member, from 0, and who that is.

    Two arrays of one number per ranking; without a member they are the longest ranking's length and n.
    """
    n = ballots.choices
    belongs = np.array([members >> c & 1 for c in range(n)] + [0], dtype=bool)
    hits = belongs[ballots.orders]
    place = np.where(hits.any(axis=1), hits.argmax(axis=1), ballots.orders.shape[1])
    padded = np.pad(ballots.orders, ((0, 0), (0, 1)), constant_values=n)
    return place, padded[np.arange(len(place)), place].astype(np.int64)


def _sums(keys: NDArray[np.int64], counts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Counts added up by key; exact, since ballots are fewer than 2^53."""
    return np.bincount(keys, weights=counts, minlength=size).astype(np.int64)
