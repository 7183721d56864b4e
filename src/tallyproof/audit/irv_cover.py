"""From the events that must be ruled out to a set of assertions that has none to spare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import inf

import numpy as np
from numpy.typing import NDArray

from tallyproof.audit.irv_assertion import Assertion
from tallyproof.audit.irv_search import Events, SearchResult, open_events
from tallyproof.audit.irv_tallies import Members, members_of
from tallyproof.errors import RequestError

Pair = tuple[int, int]
Event = tuple[Members, int]


def choose_assertions(events: Events, winner: int, found: SearchResult) -> tuple[Assertion, ...]:
    """Assertions, none harder than the least difficulty, that together rule out every other winner.

    NEB assertions rule out many events each, so they are taken first, the one that rules out most before the
    others; each event left needs a NEN assertion of its own. Then every assertion is dropped whose absence
    lets no other winner through: NEB assertions, the hardest first, then NEN assertions. Raises RequestError
    where no assertions suffice.
    """
    if found.difficulty == inf:
        raise RequestError("no assertions rule out every other winner; see the order that the search names.")
    events_to_rule_out = list(open_events(events, found))
    nebs, left = _cover_by_nebs(events, events_to_rule_out, found.difficulty)
    nens = {event: _least_voted(events, event) for event in left}
    kept = _Kept(events.tallies.choices, winner, nebs, nens)
    for pair in sorted(nebs, key=lambda pair: (-events.neb[pair], pair)):
        kept.drop_neb_unless_needed(pair)
    kept.drop_needless_nens()
    return tuple(sorted(kept.assertions()))


def _cover_by_nebs(
    events: Events, to_rule_out: Sequence[Event], limit: float
) -> tuple[set[Pair], list[Event]]:
    """Pairs of winner and loser, greedily chosen, and the events that no allowed pair rules out."""
    neb, n = events.neb, events.tallies.choices
    pairs: list[Pair] = [(a, b) for a, b in product(range(n), repeat=2) if neb[a, b] <= limit]
    pairs.sort(key=lambda pair: (neb[pair], pair))
    remaining = np.array([event[0] for event in to_rule_out], dtype=np.int64)
    out = np.array([event[1] for event in to_rule_out], dtype=np.int64)
    covered = _packed([_rules_out(pair, remaining, out) for pair in pairs], len(out))
    todo = np.bitwise_or.reduce(covered, axis=0)
    left = np.flatnonzero(~np.unpackbits(todo.view(np.uint8), count=len(out)).astype(bool))
    chosen: set[Pair] = set()
    while todo.any():
        best = int(np.bitwise_count(covered & todo).sum(axis=1, dtype=np.int64).argmax())
        chosen.add(pairs[best])
        todo = todo & ~covered[best]
    return chosen, [to_rule_out[place] for place in left.tolist()]


def _rules_out(pair: Pair, remaining: NDArray[np.int64], out: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a NEB assertion forbids that ``out`` goes when exactly ``remaining`` are in."""
    winner, loser = pair
    goes_before_loser = (out == winner) & (remaining >> loser & 1 == 1)
    went_before_loser = (out == loser) & (remaining >> winner & 1 == 0)
    ruled_out: NDArray[np.bool_] = goes_before_loser | went_before_loser
    return ruled_out


def _packed(rows: Sequence[NDArray[np.bool_]], width: int) -> NDArray[np.uint64]:
    """Rows of truth values as rows of 64-bit words."""
    table = np.zeros((len(rows), -(-width // 64) * 64), dtype=bool)
    for place, row in enumerate(rows):
        table[place, :width] = row
    return np.packbits(table, axis=1).view(np.uint64)


def _least_voted(events: Events, event: Event) -> Assertion:
    """The NEN assertion with the largest margin for an event: over whoever has fewest votes."""
    remaining, choice = event
    votes = events.tallies.votes(remaining)
    loser = min(members_of(remaining), key=lambda other: (int(votes[other]), other))
    return Assertion("NEN", choice, loser, tuple(members_of(remaining)))


@dataclass(eq=False)
class _Kept:
    """Assertions kept so far, in a form in which an event is looked up at once."""

    choices: int
    winner: int
    nebs: set[Pair]
    nens: dict[Event, Assertion]
    beats: list[Members] = field(init=False)
    loses_to: list[Members] = field(init=False)
    _open: dict[Members, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        every = range(self.choices)
        self.beats = [_bits(loser for winner, loser in self.nebs if winner == c) for c in every]
        self.loses_to = [_bits(winner for winner, loser in self.nebs if loser == c) for c in every]

    def assertions(self) -> list[Assertion]:
        return [*(Assertion("NEB", *pair) for pair in self.nebs), *self.nens.values()]

    def drop_neb_unless_needed(self, pair: Pair) -> None:
        self._toggle(pair)
        if self.lets_through(0):
            self._toggle(pair)

    def drop_needless_nens(self) -> None:
        """Drop each NEN assertion after whose event no other winner could get through.

        What is open beyond an event depends on larger sets only, and dropping a needless assertion opens
        nothing; so what was found once holds throughout, and the order does not matter.
        """
        for remaining, choice in list(self.nens):
            if not self.lets_through(remaining):
                del self.nens[remaining, choice]

    def _toggle(self, pair: Pair) -> None:
        winner, loser = pair
        self.nebs ^= {pair}
        self.beats[winner] ^= 1 << loser
        self.loses_to[loser] ^= 1 << winner
        self._open.clear()

    def lets_through(self, members: Members) -> bool:
        """Whether some way to go on from this set, the last to remain, meets no assertion."""
        if members not in self._open:
            complete = members == (1 << self.choices) - 1
            self._open[members] = complete or any(map(self.lets_through, self._larger(members)))
        return self._open[members]

    def _larger(self, members: Members) -> Iterator[Members]:
        everyone = (1 << self.choices) - 1
        outside = everyone & ~members & ~(0 if members else 1 << self.winner)
        for choice in members_of(outside):
            larger = members | 1 << choice
            if not self._ruled_out(larger, choice):
                yield larger

    def _ruled_out(self, remaining: Members, choice: int) -> bool:
        return bool(
            self.beats[choice] & remaining
            or self.loses_to[choice] & ~remaining
            or (remaining, choice) in self.nens
        )


def _bits(choices: Iterable[int]) -> Members:
    return sum(1 << choice for choice in choices)
