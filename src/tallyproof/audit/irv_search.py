"""RAIRE: the assertions of least difficulty that rule out every other winner of an instant-runoff count.

An elimination order is built from its end: first another winner, then who went out last, and so on. Which
assertion can rule out that choice c goes out when exactly the set S remains depends on c and S alone,
so there are at most n 2^(n-1) such events, and an order is ruled out by the cheapest of its n events: by a
NEN assertion among S, or by "w is never eliminated before c" with w out already.
The least difficulty at which all orders are ruled out is therefore the highest of all orders' cheapest
events: a widest path over sets of choices, which best-first search finds and proves. Sets reached
before at no less difficulty dominate later ones. Source: Blom, Stuckey and Teague 2018, 2019.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np

from tallyproof.audit.irv_count import require_choice
from tallyproof.audit.irv_difficulty import Difficulty, Floats
from tallyproof.audit.irv_tallies import Members, Tallies, members_of
from tallyproof.errors import RequestError


@dataclass(frozen=True, eq=False)
class Events:
    """The least difficulty of an assertion that rules out "c goes out when exactly S remain".

    ``cards`` are all cards of the audit; RequestError where they are fewer than the ballots ranked.
    """

    tallies: Tallies
    difficulty: Difficulty
    cards: int

    def __post_init__(self) -> None:
        ballots = self.tallies.ballots.ballots
        if self.cards < max(ballots, 1):
            raise RequestError(
                f"'cards' is {self.cards:,}, fewer than the {ballots:,} ballots ranked, or none."
            )

    @cached_property
    def neb(self) -> Floats:
        """Entry (w, l): the difficulty of "w is not eliminated before l", shape (n, n)."""
        n = self.tallies.choices
        first = np.broadcast_to(self.tallies.first[:, None], (n, n))
        neb = self.difficulty(first, self.tallies.pairs.T, self.cards)
        np.fill_diagonal(neb, inf)
        return neb

    @cached_property
    def _of_all_sets(self) -> Floats | None:
        """Entry (S, c) for c in S, shape (2^n, n), where there is a table of votes."""
        votes, n = self.tallies.table, self.tallies.choices
        if votes is None:
            return None
        inside = (np.arange(1 << n)[:, None] >> np.arange(n) & 1).astype(bool)
        fewest = np.where(inside, votes, np.iinfo(np.int64).max).min(axis=1, keepdims=True)
        least = self.difficulty(votes, np.broadcast_to(fewest, votes.shape), self.cards)
        return np.minimum(least, _least_over_subsets(self.neb)[::-1], out=least)

    @cached_property
    def _asked(self) -> dict[Members, list[float]]:
        return {}

    def just_before(self, members: Members) -> list[float]:
        """For each other choice c, the least difficulty to rule out that these remain when c goes out.

        The event is (members and c, c). A list over all choices; those of members mean nothing.
        """
        if self._of_all_sets is not None:
            every = np.arange(self.tallies.choices)
            costs: list[float] = self._of_all_sets[members | 1 << every, every].tolist()
            return costs
        if members not in self._asked:
            self._asked[members] = self._of_larger_sets(members).tolist()
        return self._asked[members]

    def _of_larger_sets(self, members: Members) -> Floats:
        votes, n = self.tallies.votes_with_one_more(members), self.tallies.choices
        inside = (members >> np.arange(n) & 1).astype(bool)
        fewest = np.where(inside | np.eye(n, dtype=bool), votes, np.iinfo(np.int64).max).min(axis=1)
        nen = self.difficulty(votes.diagonal(), fewest, self.cards)
        least: Floats = np.minimum(nen, self.neb[~inside].min(axis=0, initial=inf))
        return least


def _least_over_subsets(rows: Floats) -> Floats:
    """For each set of row numbers, the columnwise least of those rows, shape (2^n, columns)."""
    least = np.full((1, rows.shape[1]), inf)
    for row in rows:
        least = np.concatenate([least, np.minimum(least, row)])
    return least


@dataclass(frozen=True)
class SearchResult:
    """What the search found.

    ``difficulty``: the least at which every other winner can be ruled out, infinite where none suffices.
    ``hardest_order``: the elimination order that needs it. ``open_sets``: the sets that can remain, under
    another winner, without any assertion of at most this difficulty being contradicted.
    """

    difficulty: float
    hardest_order: tuple[int, ...]
    open_sets: tuple[Members, ...]


@dataclass(eq=False)
class _Frontier:
    """Sets still to be extended, the hardest to rule out first, then the largest."""

    hardness: dict[Members, float] = field(default_factory=dict)
    after: dict[Members, Members] = field(default_factory=dict)
    heap: list[tuple[float, int, Members]] = field(default_factory=list)

    def reach(self, members: Members, hardness: float, after: Members) -> None:
        """Note a set unless it was reached at no less hardness before."""
        if hardness > self.hardness.get(members, -1.0):
            self.hardness[members], self.after[members] = hardness, after
            heapq.heappush(self.heap, (-hardness, -members.bit_count(), members))

    def drain(self) -> Iterator[tuple[Members, float]]:
        """Each set once, at its greatest hardness."""
        done: set[Members] = set()
        while self.heap:
            hardness, _, members = heapq.heappop(self.heap)
            if members not in done:
                done.add(members)
                yield members, -hardness


def search(events: Events, winner: int) -> SearchResult:
    """Find the least difficulty that rules out every order in which another choice wins.

    Ends always: each set of choices is extended once at most. Raises RequestError for an unknown winner.
    """
    require_choice(events.tallies, winner, "winner")
    everyone = events.tallies.everyone
    frontier, extended = _Frontier(), {0: inf}
    first = events.just_before(0)
    for other in members_of(everyone & ~(1 << winner)):
        frontier.reach(1 << other, first[other], 0)
    for members, hardness in frontier.drain():
        if members == everyone:
            break
        extended[members] = hardness
        costs = events.just_before(members)
        for choice in members_of(everyone & ~members):
            frontier.reach(members | 1 << choice, min(hardness, costs[choice]), members)
    difficulty = frontier.hardness.get(everyone, 0.0)
    open_sets = tuple(members for members, hardness in extended.items() if hardness > difficulty)
    return SearchResult(difficulty, _order(frontier.after, everyone), open_sets)


def _order(after: dict[Members, Members], everyone: Members) -> tuple[int, ...]:
    order: list[int] = []
    members = everyone
    while members and members in after:
        order.append((members ^ after[members]).bit_length() - 1)
        members = after[members]
    return tuple(order)


def open_events(events: Events, found: SearchResult) -> Iterator[tuple[Members, int]]:
    """The events (S, c) at which the orders of other winners must be ruled out, each once.

    The winner's own last event is never among them, since no true assertion rules it out.
    """
    for members in found.open_sets:
        costs = events.just_before(members)
        for choice in members_of(events.tallies.everyone & ~members):
            if costs[choice] <= found.difficulty:
                yield members | 1 << choice, choice
