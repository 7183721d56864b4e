"""Worked examples of the pages on methods that no vector covers."""

import numpy as np
import pytest

from tallyproof.audit.plan import SampleSize, solve_sample_size
from tallyproof.risk.betting import cobra_bet
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.sample_size import comparison_size


def test_the_margin_of_400_ballots() -> None:
    """Confidence sequence after 50, 100 and 400 of 10,000 ballots; after the last card no doubt is left."""
    values = (np.random.default_rng(2016).random(400) < 0.6).astype(float)
    found = confidence_sequence(values, 0.05, size=10_000, draws=[50, 100, 400]).mapped(2.0, -1.0)
    assert values.sum() == 252
    assert np.round(100 * found.lower, 1).tolist() == [-1.6, -1.6, 15.3]
    assert np.round(100 * found.upper, 1).tolist() == [71.4, 57.1, 41.4]
    whole = np.random.default_rng(1).permutation(np.repeat([1.0, 0.0], [55, 45]))
    end = confidence_sequence(whole, 0.05, size=100, draws=[100]).mapped(2.0, -1.0)
    assert (end.lower[-1], end.upper[-1]) == pytest.approx((0.1, 0.1))


def test_what_a_tenth_of_the_cards_in_pools_costs() -> None:
    """ONEAudit, 100,000 cards, margin 5 %: 364 (316 to 403) for four audits in five; without pools 119."""
    (pooled,) = solve_sample_size(SampleSize(100_000, (0.05,), methods=("pools",))).sizes
    assert (pooled.cards, pooled.low, pooled.high) == (364, 316, 403)
    assert comparison_size(0.05, 0.05) == 119


def test_the_best_bet_for_one_error_in_a_thousand_cards() -> None:
    """COBRA: 1.92 at margin 5 %."""
    assert round(cobra_bet(0.05, 0.001), 2) == 1.92
