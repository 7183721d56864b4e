"""The size of a first round by the normal approximation: a worked answer, and what is refused."""

import math
from fractions import Fraction
from statistics import NormalDist

import pytest

from tallyproof.errors import RequestError
from tallyproof.risk.bravo import approximate_size

WINNER, LOSER = Fraction(9, 20), Fraction(6, 20)


@pytest.mark.parametrize("chance", [0.3, 0.8, 0.9])
def test_ballots_of_a_first_round(chance: float) -> None:
    """Votes just before the winner's quantile ends the audit, over the share that vote for the two."""
    found = approximate_size(0.05, WINNER, LOSER, chance)
    z, gain, loss = NormalDist().inv_cdf(chance), math.log(1.2), math.log(0.8)
    votes = next(
        n
        for n in range(1, 2_000)
        if n * 0.6 - z * math.sqrt(n * 0.24) >= (math.log(20) - n * loss) / (gain - loss)
    )
    assert found == math.ceil((votes - 1) / Fraction(3, 4))


def test_what_is_no_chance_and_no_loser_is_refused() -> None:
    """By their names."""
    with pytest.raises(RequestError, match="'chance' must be above 0 and below 1"):
        approximate_size(0.05, WINNER, LOSER, 1.0)
    with pytest.raises(RequestError, match="'loser' must be above 0"):
        approximate_size(0.05, WINNER, Fraction(0), 0.9)
