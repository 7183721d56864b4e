"""Measures of difficulty: they fall with the winner's votes, rise with the loser's, and end at a tie."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.irv_difficulty import (
    Difficulty,
    bravo_cards,
    inverse_margin,
    inverse_margin_squared,
    kaplan_markov_cards,
)
from tallyproof.errors import RequestError

MEASURES = {
    "comparison": inverse_margin,
    "polling": inverse_margin_squared,
    "kaplan_markov": kaplan_markov_cards(0.05),
    "bravo": bravo_cards(0.05),
}
votes = st.integers(0, 10_000_000)


def one(measure: Difficulty, winner: int, loser: int, cards: int = 20_000_000) -> float:
    return float(measure(np.array([winner]), np.array([loser]), cards)[0])


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@settings(deadline=None)
@given(winner=votes, loser=votes, more=st.integers(1, 1000))
def test_more_votes_for_the_winner_are_no_harder(
    measure: Difficulty, winner: int, loser: int, more: int
) -> None:
    """What the search relies on; and a tie or a false assertion is infinitely hard."""
    before = one(measure, winner, loser)
    assert one(measure, winner + more, loser) <= before * (1 + 1e-6)
    assert one(measure, winner, loser + more) * (1 + 1e-6) >= before
    assert (before == inf) == (winner <= loser)
    assert before > 0


def test_margins_are_shares_of_all_cards() -> None:
    """100 votes among 1,000 cards."""
    assert one(inverse_margin, 500, 400, 1_000) == 10
    assert one(inverse_margin_squared, 500, 400, 1_000) == 100


@pytest.mark.parametrize("risk_limit", [0, 1, -0.05, float("nan")])
def test_a_risk_limit_outside_its_range_is_refused(risk_limit: float) -> None:
    """Above 0 and below 1."""
    for measure in (bravo_cards, kaplan_markov_cards):
        with pytest.raises(RequestError, match="'risk_limit' is"):
            measure(risk_limit)


def test_gamma_below_one_is_refused() -> None:
    """Kaplan-Markov's inflation factor is 1 or more."""
    with pytest.raises(RequestError, match=r"'gamma' is 0\.9"):
        kaplan_markov_cards(0.05, 0.9)
