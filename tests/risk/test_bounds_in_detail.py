"""Proven bounds, strata, super-simple, MACRO and confidence sequences in detail."""

import math

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.risk import bounding
from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.betting import FixedBet, FixedStake
from tallyproof.risk.bounding import Bounded, fisher, largest_on_line
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.function import Floats, Past, Population, check_alpha, checked_sample
from tallyproof.risk.macro import macro_history, macro_size
from tallyproof.risk.strata import Stratum, banded_risk, stratified_risk
from tallyproof.risk.supersimple import (
    GAMMA,
    Discrepancies,
    risk_of_errors,
    risks,
    sample_size_multiplier,
    size,
    size_at_rates,
)
from tallyproof.risk.wealth import history

# ---- bounds on a line


def falling(x: Floats) -> Floats:
    return -((x + 1.0) ** 2)


def rising(x: Floats) -> Floats:
    return -((2.0 - x) ** 2)


def test_the_gap_is_a_share_of_p() -> None:
    """None where P is 0."""
    assert Bounded(0.5, 0.4, ()).gap == pytest.approx(0.2)
    assert Bounded(0.0, 0.0, ()).gap == 0
    assert Bounded(0.5, 0.5, ()).gap == 0


def test_the_largest_value_is_found_where_it_is() -> None:
    """-(x + 1)^2 - (2 - x)^2 is largest at 1/2, where it is -9/2; on [1, 2] at the lower end."""
    found = largest_on_line(falling, rising, -1.0, 2.0, np.exp)
    assert found.nuisance[0] == pytest.approx(0.5, abs=0.03)
    assert found.attained == pytest.approx(math.exp(-4.5), rel=1e-3)
    assert 0 <= found.gap <= 1e-3
    assert largest_on_line(falling, rising, 1.0, 2.0, np.exp).nuisance == (1.0,)
    assert largest_on_line(falling, rising, 1.0, 2.0, np.exp).attained == pytest.approx(math.exp(-5))


def test_cutting_ends_where_a_cell_count_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is then wider than asked for, and still no smaller than the largest value."""
    exact = largest_on_line(falling, rising, -1.0, 2.0, np.exp, 1e-6)
    monkeypatch.setattr(bounding, "MOST_CELLS", 0)
    rough = largest_on_line(falling, rising, -1.0, 2.0, np.exp, 1e-6)
    assert rough.gap > 1e-3
    assert rough.p >= exact.p >= rough.attained


def test_nothing_beyond_the_line_counts() -> None:
    """On [-1, 0] the largest value is that at 0; cells are not cut beyond their ends."""
    found = largest_on_line(falling, rising, -1.0, 0.0, np.exp)
    assert found.nuisance == (0.0,)
    assert found.attained == pytest.approx(math.exp(-5))
    assert found.p <= math.exp(-5) * 1.0011


@pytest.mark.parametrize("gap", [0.0, 1.0, 1.5])
def test_a_gap_is_a_share(gap: float) -> None:
    """Neither none nor all."""
    with pytest.raises(RequestError, match="'gap'"):
        largest_on_line(falling, rising, 0.0, 1.0, np.exp, gap)


def test_fishers_tail_for_any_number_of_tests() -> None:
    """exp(-y) (1 + y + y^2 / 2) for three, at most 1; nothing proves nothing, certainty everything."""
    y = np.array([0.0, 0.3, 4.0, np.inf])
    assert fisher(-y, 3) == pytest.approx([1.0, *(np.exp(-y[1:3]) * (1 + y[1:3] + y[1:3] ** 2 / 2)), 0.0])
    assert fisher(-y, 1) == pytest.approx(np.exp(-y))


def test_what_is_surer_than_sure_is_sure() -> None:
    """A logarithm above 0 cannot be a P's; infinite ones do not confuse the sum."""
    assert fisher(np.array([np.inf, -np.inf]), 2).tolist() == [1.0, 0.0]


# ---- strata


def test_one_stratum_by_fisher_is_its_sequential_risk() -> None:
    """The largest T so far counts, not the last; with no success at all P is 1."""
    for x in (np.append(np.ones(12), np.zeros(8)), np.zeros(5), np.array([0.0, 1.0, 1.0])):
        stratum = Stratum(x, 60, FixedStake(0.4))
        alone = history(x, Population(1, 0.5, 60), FixedStake(0.4))
        assert stratified_risk([stratum], by_fisher=True, gap=1e-6).p == pytest.approx(float(alone.p_value))


def test_a_stratum_that_shows_nothing_leaves_the_other_its_worth() -> None:
    """Zeros in one of two strata: by Fisher P is that of the other alone, at the mean that is left for it."""
    silent = Stratum(np.zeros(4), 50, FixedStake(0.4))
    strong = Stratum(np.ones(40), 50, FixedStake(0.4))
    found = stratified_risk([silent, strong], by_fisher=True)
    assert found.gap <= 1e-3
    assert 0 < found.attained <= found.p <= 1
    grid = []
    for mean in np.linspace(0.8001, 0.99, 400):
        other = 1.0 - mean
        logs = [
            float(history(each.sample, each.population(at), FixedStake(0.4)).log_t.max(initial=0.0))
            for each, at in ((silent, other), (strong, mean))
        ]
        grid.append(float(fisher(np.array(-sum(logs)), 2)))
    assert max(grid) <= found.p * (1 + 1e-9)


def test_bands_name_where_t_is_least() -> None:
    """With a fixed bet T at the means named is P itself; one draw in each stratum counts."""
    chance = np.random.default_rng(13)
    many = [np.where(chance.random(n) < 0.7, 1.0, 0.0) for n in (50, 80)]
    for samples in (many, [np.ones(1), np.ones(1)], [np.zeros(0), np.ones(30)]):
        both = [Stratum(x, cards, FixedBet(0.4)) for x, cards in zip(samples, (200, 300), strict=True)]
        found = banded_risk(both, bands=20)
        logs = [
            math.log1p(0.4 * (value - (each.cards * mean - before) / (each.cards - place)))
            for each, mean in zip(both, found.nuisance, strict=True)
            for place, (value, before) in enumerate(
                zip(each.sample, np.append(0.0, np.cumsum(each.sample)), strict=False)
            )
        ]
        assert found.p == pytest.approx(min(1.0, math.exp(-sum(logs))))


def test_the_range_of_a_stratum() -> None:
    """Without replacement what was drawn narrows it; with replacement nothing does."""
    x = np.array([1.0, 2.0])
    assert Stratum(x, 10, FixedBet(0.1), upper=2.0).range == (0.3, 1.9)
    assert not Stratum(x, 10, FixedBet(0.1), upper=2.0).replaced
    drawn_again = Stratum(x, 10, FixedBet(0.1), upper=2.0, replaced=True)
    assert drawn_again.range == (0.0, 2.0)
    assert drawn_again.population(0.5).size is None
    assert Stratum([1, 0], 10, FixedBet(0.1)).sample.dtype == np.float64  # type: ignore[arg-type]


def test_what_proves_an_outcome_proves_it_exactly() -> None:
    """P and what was attained are both 0, or both 1, at the strata's ends."""
    won = [Stratum(np.ones(6), 10, FixedBet(1.0)), Stratum(np.ones(5), 10, FixedBet(1.0))]
    lost = [Stratum(np.zeros(5), 10, FixedBet(1.0)), Stratum(np.zeros(5), 10, FixedBet(1.0))]
    for test in (stratified_risk, banded_risk):
        assert (test(won).p, test(won).attained, test(won).nuisance) == (0, 0, (0.6, 0.5))
        assert (test(lost).p, test(lost).attained, test(lost).nuisance) == (1, 1, (0.5, 0.5))


def test_a_zero_where_nothing_is_left_to_find() -> None:
    """At the least mean possible m is 0 after the only one; the zeros after it multiply by 1 - k."""
    both = [Stratum(np.array([1.0, 0.0, 0.0]), 8, FixedStake(0.5)) for _ in range(2)]
    for by_fisher in (False, True):
        found = stratified_risk(both, by_fisher=by_fisher)
        assert 0 < found.attained <= found.p <= 1
        assert all(np.isfinite(found.nuisance))


def test_the_worst_means_are_named() -> None:
    """T at the nuisance is what was attained, and the nuisance lies on the border of the null."""
    chance = np.random.default_rng(11)
    both = [
        Stratum(np.where(chance.random(60) < 0.7, 1.0, 0.0), cards, FixedStake(0.4)) for cards in (200, 300)
    ]
    found = stratified_risk(both)
    assert 0.4 * found.nuisance[0] + 0.6 * found.nuisance[1] == pytest.approx(0.5)
    logs = [
        history(stratum.sample, stratum.population(mean), FixedStake(0.4)).log_t[-1]
        for stratum, mean in zip(both, found.nuisance, strict=True)
    ]
    assert math.exp(-sum(logs)) == pytest.approx(found.attained)
    bands = banded_risk(both, bands=50)
    assert 0.4 * bands.nuisance[0] + 0.6 * bands.nuisance[1] == pytest.approx(0.5)
    assert bands.p == pytest.approx(found.p, rel=0.2)


def test_two_bands_have_three_edges() -> None:
    """One band ends where the line ends; bands of a fixed bet change nothing, of one that learns a little."""
    chance = np.random.default_rng(12)
    samples = [np.where(chance.random(60) < 0.8, 1.0, 0.0) for _ in range(2)]
    fixed = [Stratum(x, 200, FixedBet(0.8)) for x in samples]
    one, two, many = (banded_risk(fixed, bands=bands) for bands in (1, 2, 400))
    ends = (fixed[0].range[0], 1 - fixed[1].range[0])
    assert one.nuisance[0] in [pytest.approx(end) for end in ends]
    assert [one.p, two.p] == pytest.approx([many.p] * 2)
    learning = [Stratum(x, 200, ShrinkTrunc(0.7, d=10)) for x in samples]
    assert banded_risk(learning).p == banded_risk(learning, bands=100).p != banded_risk(learning, bands=99).p


# ---- super-simple and MACRO


def test_discrepancies_are_none_unless_given() -> None:
    """(1 - m / 2g)^n alone; an array of contests may have one wrong number."""
    assert float(risks(100, 0.1)) == pytest.approx((1 - 0.05 / GAMMA) ** 100)
    for wrong in (
        lambda: risks([10, -1], 0.1), lambda: risks(10, [0.1, 1.5]), lambda: risks(10, 0.1, [0, -1]),
        lambda: risks(10, 0.1, gamma=0.9), lambda: risk_of_errors(5, 0.1, [], gamma=0.9),
        lambda: risk_of_errors(5, 0.0, []), lambda: size_at_rates(0.0, 0.1, Discrepancies()),
        lambda: sample_size_multiplier(0.0, 0.1), lambda: sample_size_multiplier(0.1, 0.1, gamma=0.9),
        lambda: sample_size_multiplier(0.1, -0.1),
    ):  # fmt: skip
        with pytest.raises(RequestError):
            wrong()


def test_no_two_vote_error_costs_nothing_without_inflation() -> None:
    """At gamma 1 one is fatal; none leaves (1 - m / 2)^n."""
    assert float(risks(10, 0.5, gamma=1.0)) == pytest.approx(0.75**10)
    assert float(risks(10, 0.5, 0, 1, gamma=1.0)) == 1


def test_no_tolerance_is_a_tolerance() -> None:
    """rho = -2 g ln alpha then."""
    assert sample_size_multiplier(0.1, 0.0) == pytest.approx(-2 * GAMMA * math.log(0.1))


def test_a_sample_holds_all_its_discrepancies() -> None:
    """Two and a half expected ones need three cards, however little else is asked for."""
    assert size(0.99, 1.0, Discrepancies(under_one=2.5)) == 3
    assert size(0.05, 0.1, gamma=1.0) == math.ceil(-2 * math.log(0.05) / 0.1)
    assert size_at_rates(0.05, 0.1, Discrepancies(), gamma=1.0) == math.ceil(
        math.log(0.05) / math.log1p(-0.05)
    )


def test_bounds_below_1_are_settled_before_a_draw() -> None:
    """Even by batches wrong through and through; the spare draws are drawn all the same."""
    assert macro_history(0.9, [1.0, 0.5]).p.tolist() == [0, 0]
    assert macro_size(0.05, 0.5, spare=2) == 3
    assert macro_size(0.05, 0.5) == 2


# ---- confidence sequences


def test_each_side_has_half_of_alpha() -> None:
    """The lower bound of both sides at 10 % is that of one side at 5 %."""
    x = np.random.default_rng(3).choice([0.0, 2.0], size=60, p=[0.3, 0.7])
    both = confidence_sequence(x, 0.1, upper=2.0, draws=[30, 60])
    one = confidence_sequence(x, 0.05, upper=2.0, draws=[30, 60], two_sided=False)
    assert both.lower == pytest.approx(one.lower)
    mirrored = confidence_sequence(2.0 - x, 0.1, upper=2.0, draws=[30, 60])
    assert both.upper == pytest.approx(2.0 - mirrored.lower)
    assert np.all(both.upper < 2.0)
    assert one.upper.tolist() == [2.0, 2.0]


def test_the_upper_side_alone_is_what_the_cards_allow() -> None:
    """Sixty values seen, forty left at u = 2."""
    x = np.tile([2.0, 0.0, 1.0], 20)
    found = confidence_sequence(x, 0.05, upper=2.0, size=100, draws=[60], two_sided=False)
    assert found.upper[0] == pytest.approx((60 + 40 * 2) / 100)


def test_draws_of_a_confidence_sequence_rise() -> None:
    """The same one twice, or a table of samples, is no sequence."""
    for sample, draws, name in (
        ([1, 1], [2, 2], "draws"),
        ([1, 1], [0, 1], "draws"),
        ([[1, 1]], None, "sample"),
    ):
        with pytest.raises(RequestError, match=f"'{name}'"):
            confidence_sequence(sample, 0.05, draws=draws)


# ---- what every risk function shares


def test_deviations_are_those_of_the_draws_so_far() -> None:
    """Sum of squared deviations from the mean; none of no draw and of one."""
    x = np.array([0.25, 1.0, 0.5, 0.0])
    total = np.append(0.0, np.cumsum(x)[:-1])
    squares = np.append(0.0, np.cumsum((x - x[0]) ** 2)[:-1])
    past = Past(np.arange(4.0), total, np.full(4, 0.5), Population(), x[0], squares)
    assert past.deviations == pytest.approx([0.0, 0.0, *(n * np.var(x[:n]) for n in (2, 3))])


@pytest.mark.parametrize(
    ("sample", "upper", "why"),
    [
        ([0.5, float("nan")], 1.0, "NaN"),
        ([0.5, -0.1], 1.0, r"values in \[0, 1\]"),
        ([0.5, 2.6], 2.5, r"values in \[0, 2.5\]"),
        ([[0.5, 0.5], [0.5, 1.5]], np.array([2.0, 1.0]), r"values in \[0, 2\]"),
    ],
)
def test_a_wrong_value_anywhere_is_refused(sample: object, upper: float, why: str) -> None:
    """The range is told."""
    with pytest.raises(RequestError, match=why):
        checked_sample(sample, Population(upper, 0.4))  # type: ignore[arg-type]


def test_each_column_has_its_own_bound() -> None:
    """1.5 is a value where u is 2, beside a column where it is not."""
    assert checked_sample([[1.5, 0.5]], Population(np.array([2.0, 1.0]), 0.5)).shape == (1, 2)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, 1.1, float("nan")])
def test_no_risk_limit_is_0_or_1(alpha: float) -> None:
    """It lies between."""
    with pytest.raises(RequestError, match="'alpha'"):
        check_alpha(alpha)


def test_the_best_value_stays_where_later_cuts_find_less() -> None:
    """1 at x = 0 alone, e^(-1/2) elsewhere; only the right half, where bounds are loose, is cut further."""
    found = largest_on_line(
        lambda x: np.where(x <= 0, 0.0, -0.5 - 100 * np.maximum(x - 0.5, 0.0)),
        lambda x: 100 * np.maximum(x - 0.5, 0.0),
        0.0,
        1.0,
        np.exp,
    )
    assert (found.attained, found.nuisance) == (1.0, (0.0,))


def test_stakes_do_not_show() -> None:
    """What a stratum prints is what it was given."""
    assert "stakes" not in repr(Stratum(np.ones(3), 5, FixedStake(0.5)))
