"""Ranked elections for tests, and what is true of them by counting ballot after ballot."""

from collections import Counter
from itertools import combinations, permutations

from hypothesis import strategies as st

from tallyproof.audit.irv_assertion import Assertion
from tallyproof.audit.irv_rankings import RankedBallots, Ranking, collapse

Rankings = dict[Ranking, int]


@st.composite
def elections(draw: st.DrawFn, largest: int = 4) -> tuple[int, Rankings]:
    """Up to so many choices and a dozen distinct rankings; equal tallies are common."""
    choices = draw(st.integers(1, largest))
    orders = st.permutations(range(choices))
    cut = st.integers(0, choices)
    rankings = st.builds(lambda order, end: tuple(order[:end]), orders, cut)
    return choices, draw(st.dictionaries(rankings, st.integers(1, 6), max_size=12))


def ballots_of(election: tuple[int, Rankings]) -> RankedBallots:
    return collapse(*election)


def tops(rankings: Rankings, remaining: set[int]) -> Counter[int]:
    """Votes of those who remain, by looking at each ranking."""
    votes = Counter(dict.fromkeys(remaining, 0))
    for ranking, ballots in rankings.items():
        top = next((choice for choice in ranking if choice in remaining), None)
        if top is not None:
            votes[top] += ballots
    return votes


def all_assertions(choices: int) -> list[Assertion]:
    """Every NEB and NEN assertion there is."""
    pairs = list(permutations(range(choices), 2))
    sets = [s for size in range(2, choices + 1) for s in combinations(range(choices), size)]
    nens = [Assertion("NEN", w, x, s) for s in sets for w, x in permutations(s, 2)]
    return [Assertion("NEB", w, x) for w, x in pairs] + nens


def contradicts(order: Ranking, assertion: Assertion) -> bool:
    """Whether a complete elimination order cannot be if the assertion is true."""
    at = {choice: place for place, choice in enumerate(order)}
    if assertion.kind == "NEB":
        return at[assertion.winner] < at[assertion.loser]
    still_in = set(order[at[assertion.winner] :])
    return still_in == set(assertion.continuing)


def other_orders(choices: int, winner: int) -> list[Ranking]:
    """All elimination orders in which another choice is left last."""
    return [order for order in permutations(range(choices)) if order[-1] != winner]
