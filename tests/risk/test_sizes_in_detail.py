"""Sample sizes in detail: order statistics, ends, and what SUITE's planner expects."""

import math

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.risk import sample_size as sizes
from tallyproof.risk import suite_sizes as planner
from tallyproof.risk.betting import FixedBet
from tallyproof.risk.function import Population
from tallyproof.risk.sample_size import (
    Estimate,
    Sizes,
    comparison_size,
    constant_size,
    simulated_sizes,
)
from tallyproof.risk.shuffle import cards, replaced_cards
from tallyproof.risk.suite import Compared, Polled
from tallyproof.risk.supersimple import Discrepancies

HUNDRED = Sizes(np.arange(10, 1_010, 10), 100, 2_000)


# ---- quantiles, chances, means


def test_quantiles_are_order_statistics() -> None:
    """The 80th of 100, between the 72nd and the 88th; of 100 audits the last is beyond the highest."""
    assert HUNDRED.quantile(0.8) == Estimate(800.0, 720.0, 880.0)
    assert HUNDRED.quantile(0.801) == Estimate(810.0, 730.0, 890.0)
    assert HUNDRED.quantile(0.005) == Estimate(10.0, 10.0, 20.0)
    assert HUNDRED.quantile(0.99) == Estimate(990.0, 980.0, math.inf)
    for share in (0.0, 1.0):
        with pytest.raises(RequestError, match="'share'"):
            HUNDRED.quantile(share)


def test_audits_that_did_not_end_have_no_quantile_beyond() -> None:
    """Eighty of a hundred ended: the 80th is known, its upper error and the 81st are not."""
    some = Sizes(np.arange(10, 810, 10), 100, 900)
    assert some.quantile(0.8) == Estimate(800.0, 720.0, math.inf)
    assert some.quantile(0.81) is None
    assert some.quantile(0.72) == Estimate(720.0, 640.0, math.inf)
    assert Sizes(np.arange(10, 890, 10), 100, 900).quantile(0.8) == Estimate(800.0, 720.0, 880.0)
    assert some.mean() is None


def test_chances_count_audits_that_ended_in_time() -> None:
    """At the size itself too; never below 0 or above 1."""
    found = HUNDRED.chance_within(500)
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.4, 0.6))
    assert HUNDRED.chance_within(499).value == 0.49
    assert HUNDRED.chance_within(0) == Estimate(0.0, 0.0, 0.0)
    assert HUNDRED.chance_within(2_000) == Estimate(1.0, 1.0, 1.0)
    assert HUNDRED.chance_within(990).high == 1.0
    for wrong in (-1, 2_001):
        with pytest.raises(RequestError, match="'cards'"):
            HUNDRED.chance_within(wrong)


def test_a_mean_carries_its_error() -> None:
    """Two standard errors; of one audit nothing is known."""
    found = Sizes(np.array([10, 20, 60]), 3, 100).mean()
    assert found is not None
    error = 2 * np.std([10, 20, 60], ddof=1) / math.sqrt(3)
    assert (found.value, found.low, found.high) == pytest.approx((30, 30 - error, 30 + error))
    assert Sizes(np.array([10]), 1, 100).mean() == Estimate(10.0, 0.0, math.inf)


# ---- closed forms and constants


def test_comparison_sizes() -> None:
    """COBRA's 119 at 5 %; half the bet; a margin of all; a whole number of cards is not rounded up."""
    assert comparison_size(0.05, 0.05) == 119
    assert comparison_size(0.05, 0.05, 1.0) == math.ceil(-math.log(0.05) / math.log(1 + 1 / 1.95 - 0.5))
    assert comparison_size(0.25, 1.0) == 2
    assert comparison_size(2.0**-10, 1.0) == 10
    for wrong in ({"margin": 1.1}, {"margin": 0.0}, {"bet": 0.0}, {"bet": 2.1}, {"alpha": 1.0}):
        with pytest.raises(RequestError, match=f"'{next(iter(wrong))}'"):
            comparison_size(**{"alpha": 0.05, "margin": 0.1, "bet": 2.0, **wrong})


def test_equal_cards() -> None:
    """Wealth 1.5^n: 8 cards for 5 %; 200 where each adds 1.5 %; never where it does not grow."""
    assert constant_size(1.0, Population(), FixedBet(1.0), 0.05) == 8
    assert constant_size(0.515, Population(), FixedBet(1.0), 0.05) == math.ceil(
        math.log(20) / math.log(1.015)
    )
    assert constant_size(0.4, Population(1, 0.5, 300), FixedBet(1.0), 0.05) is None
    assert constant_size(1.0, Population(1, 0.5, 5), FixedBet(0.1), 0.05) == 3
    assert constant_size(0.6, Population(1, 0.5, 90), FixedBet(0.1), 1e-9) == 76
    with pytest.raises(RequestError, match="'alpha'"):
        constant_size(1.0, Population(), FixedBet(1.0), 0.0)


# ---- simulated


def simulated(**more: object) -> Sizes:
    chance = np.random.default_rng(5)
    return simulated_sizes(
        cards([1.0, 0.0], [70, 30]),
        Population(1, 0.5, 100),
        FixedBet(1.0),
        0.1,
        chance,
        **more,  # type: ignore[arg-type]
    )


def test_simulations_say_how_far_they_watched() -> None:
    """To the last card where all end; to the horizon where not."""
    everything = simulated(replications=50, quantiles=None)
    assert (len(everything.ended), everything.horizon) == (50, 100)
    cut = simulated(replications=50, quantiles=None, horizon=5)
    assert cut.horizon == 5 and len(cut.ended) < 50
    assert simulated(replications=1, quantiles=None).replications == 1
    assert simulated(quantiles=(0.5,)).replications == 1_000


def test_a_sample_that_has_ended_the_audit_needs_no_more() -> None:
    """Wealth 1.5^6 = 11.4 is above 10: at the limit it counts as ended."""
    left = cards([1.0, 0.0], [64, 30])
    found = simulated_sizes(
        left, Population(1, 0.5, 100), FixedBet(1.0), 1.5**-6, np.random.default_rng(6), 20, drawn=np.ones(6)
    )
    with_replacement = simulated_sizes(
        replaced_cards([1.0], [1.0]), Population(), FixedBet(1.0), 1.5**-6, np.random.default_rng(6), 20
    )
    assert found.ended.tolist() == [0] * 20
    assert with_replacement.ended.tolist() == [6] * 20


def test_simulations_end_once_the_highest_quantile_is_known() -> None:
    """For an 80 % quantile of 1,000: 826 audits; each quantile asked for is answered."""
    found = simulated(quantiles=(0.2, 0.8))
    assert 826 <= len(found.ended) <= 1_000
    top = found.quantile(0.8)
    assert top is not None and top.high < math.inf
    for wrong in ((0.0,), (1.0,)):
        with pytest.raises(RequestError, match="'quantiles'"):
            simulated(quantiles=wrong)
    with pytest.raises(RequestError, match="'replications'"):
        simulated(replications=0)


def test_audits_that_must_end_before_a_quantile_is_known() -> None:
    """R q + 2 sqrt(R q (1 - q)), rounded up, at most all; the highest quantile decides."""
    assert sizes._wanted((0.2, 0.8), 1_000) == math.ceil(800 + 2 * math.sqrt(160))
    assert sizes._wanted((0.5,), 101) == math.ceil(50.5 + math.sqrt(101))
    assert sizes._wanted((0.99,), 10) == 10


def test_an_audit_that_reaches_the_limit_exactly_has_ended() -> None:
    """Wealth 2, 4, 8: a risk limit of 1/8 is met by the third card, drawn before or now."""
    pile, chance = replaced_cards([1.0], [1.0]), np.random.default_rng(7)
    now = simulated_sizes(pile, Population(), FixedBet(2.0), 1 / 8, chance, 5)
    assert now.ended.tolist() == [3] * 5
    before = simulated_sizes(pile, Population(), FixedBet(2.0), 1 / 8, chance, 5, drawn=[1.0, 1.0, 1.0])
    assert before.ended.tolist() == [0] * 5
    assert (now.horizon, before.horizon) == (2**31, 2**31)


def test_a_horizon_reached_is_the_cards_watched() -> None:
    """Where some audits have not ended; else it is the limit itself."""
    pile = cards([1.0, 0.0], [520, 480])
    population, chance = Population(1, 0.5, 1_000), np.random.default_rng(8)
    some = simulated_sizes(pile, population, FixedBet(0.2), 0.05, chance, 40, (0.05,))
    assert len(some.ended) < 40
    assert some.horizon < 1_000
    assert some.ended.max() <= some.horizon
    everything = simulated_sizes(pile, population, FixedBet(0.2), 0.05, chance, 40, None)
    assert (len(everything.ended), everything.horizon) == (40, 1_000)


def test_piles_hold_only_values_of_the_population() -> None:
    """One value above u is one too many."""
    with pytest.raises(RequestError, match="'values'"):
        simulated_sizes(
            cards([1.0, 2.0], [70, 30]), Population(1, 0.5, 100), FixedBet(1.0), 0.1, np.random.default_rng(1)
        )


# ---- SUITE's planner


def test_discrepancies_are_expected_to_go_on() -> None:
    """Thrice as many draws, thrice as many: over- rounded up, understatements down."""
    found = planner._expected_compared(Compared(1_000, 100, 10, Discrepancies(1, 2, 1, 2), 1.5), 25, 34)
    assert found == Compared(1_000, 100, 25, Discrepancies(4, 7, 3, 6), 1.5)
    none = planner._expected_compared(Compared(1_000, 100, 0), 25, 34)
    assert none.found == Discrepancies()


def test_votes_are_expected_as_drawn_or_as_reported() -> None:
    """Rounded against the winner, and never more than there are."""
    reported = planner._expected_polled(Polled(100, 55, 44, 0, 0, 0), 10)
    assert reported == Polled(100, 55, 44, 10, 5, 5)
    drawn = planner._expected_polled(Polled(100, 55, 40, 7, 3, 2), 20)
    assert drawn == Polled(100, 55, 40, 20, 3 + 5, 2 + 4)
    few = planner._expected_polled(Polled(100, 6, 94, 4, 2, 2), 100)
    assert (few.drawn_winner, few.drawn_loser) == (6, 50)


def test_both_strata_are_drawn_in_proportion() -> None:
    """The comparison stratum's share is rounded up."""
    assert planner._split(Compared(70, 1, 0), Polled(30, 1, 0, 0, 0, 0), 11) == (8, 3)
    assert planner._split(Compared(70, 1, 0), Polled(30, 1, 0, 0, 0, 0), 10) == (7, 3)


def test_fewer_cards_than_were_drawn_promise_nothing() -> None:
    """In either stratum."""
    for compared, polled in ((40, 5), (5, 40)):
        first = Compared(500, 100, compared)
        second = Polled(500, 300, 200, polled, polled // 2, polled // 3)
        assert planner._expected_risk(0.05, first, second, 60) == 1.0


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_a_plan_needs_a_risk_limit(alpha: float) -> None:
    """Before anything is counted."""
    with pytest.raises(RequestError, match="'alpha'"):
        planner.suite_sizes(alpha, Compared(500, 100, 0), Polled(500, 300, 200, 0, 0, 0))


def test_a_plan_is_near_the_limit() -> None:
    """The risk expected of it lies between 0.8 alpha and alpha, or one card fewer would miss it."""
    first, second = Compared(5_000, 600, 0), Polled(3_000, 1_700, 1_200, 0, 0, 0)
    sizes = planner.suite_sizes(0.05, first, second)
    assert sizes is not None
    expected = planner._expected_risk(0.05, first, second, sum(sizes))
    assert 0.8 * 0.05 <= expected <= 0.05
