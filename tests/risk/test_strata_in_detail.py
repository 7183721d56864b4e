"""Stratified tests in detail: means at which P is largest, of small strata with and without replacement."""

import numpy as np
import pytest

from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.betting import FixedStake
from tallyproof.risk.strata import Stratum, _log_t, banded_risk, stratified_risk

SHRINK, LOW, HIGH = ShrinkTrunc(0.7, d=10), FixedStake(0.4), FixedStake(0.9)


def test_the_largest_banded_risk_lies_at_an_end_of_a_band() -> None:
    """Of two bands the border between them is worst: the middle of the line of means."""
    first = Stratum(np.array([0, 1, 0, 1, 1, 1, 1, 1, 0, 0.5, 0, 0.5]), 30, SHRINK)
    second = Stratum(np.array([0.25, 0, 0.5, 1, 0, 0.25, 0, 0.25]), 10, SHRINK, offset=-0.1)
    found = banded_risk([first, second], 0.4, 2)
    assert found.nuisance == pytest.approx((11 / 24, 0.325))
    assert found.p == 1


@pytest.mark.parametrize("upper", [0.25, 4.0])
def test_the_scale_of_the_values_does_not_matter(upper: float) -> None:
    """Values, their bound, the bet's mean and the null may all be told in other units."""
    chance = np.random.default_rng(8)
    samples = [np.where(chance.random(60) < 0.65, 1.0, 0.0) for _ in range(2)]

    def found(unit: float) -> float:
        bet = ShrinkTrunc(0.6 * unit, d=10)
        both = [
            Stratum(unit * x, cards, bet, unit, reference=unit / 2)
            for x, cards in zip(samples, (300, 500), strict=True)
        ]
        return banded_risk(both, unit / 2, 20).p

    assert found(1.0) < 0.5
    assert found(upper) == pytest.approx(found(1.0), rel=1e-9)


def test_zeros_take_what_was_staked_also_at_a_mean_of_0() -> None:
    """At the very end of the second stratum, 2.5 of 5 drawn, the factors of zeros stay finite."""
    first = Stratum(np.array([0, 0.5, 1, 1, 1, 0.25, 0.5, 0, 0]), 3, SHRINK, offset=0.1, replaced=True)
    second = Stratum(np.array([1, 0, 1, 0.5, 0]), 5, SHRINK, offset=-0.1, reference=0.4)
    found = stratified_risk([first, second], 0.4)
    assert found.p == pytest.approx(0.5938360237531112)
    assert found.attained == pytest.approx(found.p)
    assert found.nuisance == pytest.approx((0.3, 0.5))


def test_a_mean_of_0_with_replacement() -> None:
    """One draw of 1/4 at a mean of 0 would be infinitely unlikely; tangents touch beside it."""
    first = Stratum(np.array([0, 0.25]), 5, HIGH, offset=0.1, replaced=True)
    sample = np.array([1, 0, 0.25, 0.25, 0.5, 0.5, 0, 0.5])
    found = stratified_risk([first, Stratum(sample, 30, LOW, reference=0.4, replaced=True)], 0.5, True)
    assert found.p == pytest.approx(0.96938, rel=1e-3)
    assert found.gap < 1e-3


def test_the_best_means_stay_where_later_steps_find_less() -> None:
    """The value attained is the largest seen, not the last."""
    first = np.array([0.5, 0.25, 0.5, 0.25, 0.5, 0.5, 0.25, 0.25, 0.5, 0.5])
    second = np.array([0, 0, 1, 0.5, 0, 1, 1, 0.25, 1, 0.5])
    strata = [
        Stratum(first, 10, LOW, reference=0.4, replaced=True),
        Stratum(second, 3, SHRINK, offset=0.1, replaced=True),
    ]
    assert stratified_risk(strata, 0.4).attained == pytest.approx(0.9816221849962745)


def test_tangents_of_equal_slopes() -> None:
    """Where both strata's models are flat P is 1, and is attained."""
    first = Stratum(np.array([0.25, 0, 0, 0, 0, 1]), 10, HIGH)
    second = Stratum(np.array([0, 0.5, 0, 0, 1, 0]), 3, HIGH, replaced=True)
    assert stratified_risk([first, second], 0.6, True).attained == pytest.approx(1, abs=1e-9)


def test_a_stratum_that_only_lost_is_flat() -> None:
    """The largest T so far is the 1 before the first draw, whatever the mean."""
    values, slopes = _log_t(Stratum(np.zeros(4), 9, LOW), np.array([0.2, 0.5]), True)
    assert values.tolist() == [0, 0]
    assert slopes.tolist() == [0, 0]
