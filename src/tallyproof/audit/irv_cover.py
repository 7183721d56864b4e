"""From the events that must be ruled out to a set of assertions that has none to spare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import compress, product
from math import inf
from operator import or_

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
    covered = {pair: _rules_out(pair, remaining, out) for pair in pairs}
    bits = {pair: int.from_bytes(np.packbits(events).tobytes(), "big") for pair, events in covered.items()}
    todo, chosen = reduce(or_, bits.values(), 0), set[Pair]()
    while todo:
        best = max(bits, key=lambda pair: (bits[pair] & todo).bit_count())
        chosen.add(best)
        todo &= ~bits[best]
    left = ~np.logical_or.reduce([*covered.values(), np.zeros(len(out), dtype=bool)])
    return chosen, list(compress(to_rule_out, left.tolist()))


def _rules_out(pair: Pair, remaining: NDArray[np.int64], out: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a NEB assertion is contradicted: its loser goes out, and its winner is out already."""
    winner, loser = pair
    contradicted: NDArray[np.bool_] = (out == loser) & (remaining >> winner & 1 == 0)
    return contradicted


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
    loses_to: list[Members] = field(init=False)
    _open: dict[Members, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loses_to = [0] * self.choices
        for winner, loser in self.nebs:
            self.loses_to[loser] |= 1 << winner

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
        return bool(self.loses_to[choice] & ~remaining) or (remaining, choice) in self.nens
