"""A public audit planner's first rounds, by method and risk limit in per cent."""

from collections.abc import Callable
from functools import partial

import pytest

from tallyproof.audit.plan import SampleSize, solve_sample_size
from tallyproof.risk import bravo
from tallyproof.risk.supersimple import Discrepancies, starting_size

from .contests import Votes, votes_of
from .golden import ids, vector

USUAL_RATES = Discrepancies(0.001, 0.0001, 0.001, 0.0001)


def comparison(votes: Votes, alpha: float) -> int:
    """Cards of a super-simple audit at the usual error rates."""
    found = starting_size(alpha, votes.diluted_margin, USUAL_RATES)
    assert found is not None
    return found


def polling(votes: Votes, alpha: float, kind: str) -> int:
    """Ballots of a BRAVO audit, on average or for a chance."""
    won, lost = votes.of_ballots(votes.closest.winner), votes.of_ballots(votes.closest.loser)
    if kind == "asn":
        return bravo.expected_size(alpha, won, lost)
    return bravo.size_for_chance(alpha, won, lost, float(kind))


def batches(votes: Votes, alpha: float) -> int:
    """Draws of batches by the planner's rule of thumb, at most as many as there are ballots."""
    problem = SampleSize(
        votes.ballots, (votes.diluted_margin,), ("batch_rule",), risk_limit=alpha, batch_cards=1
    )
    (found,) = solve_sample_size(problem).sizes
    return votes.ballots if found.cards is None else found.cards


def capped(votes: Votes, percent: str, size: Callable[[Votes, float], int]) -> int:
    """The method's size, at most all ballots."""
    return votes.ballots if percent == "0" else min(size(votes, int(percent) / 100), votes.ballots)


@pytest.mark.parametrize("name", ids("planner-"))
def test_first_rounds(name: str) -> None:
    """At most all ballots; a risk limit of 0 asks for all of them."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    votes = votes_of(given)
    for percent, ballots in expected["ballotComparison"].items():
        assert ballots == capped(votes, percent, comparison)
    for percent, ballots in expected["batchComparison"].items():
        assert ballots == capped(votes, percent, batches)
    for percent, kinds in expected["ballotPolling"].items():
        if percent == "0":
            assert kinds == {"all-ballots": votes.ballots}
            continue
        for kind, ballots in kinds.items():
            assert ballots == capped(votes, percent, partial(polling, kind=kind))
