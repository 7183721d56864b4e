"""Super-simple, MACRO, SUITE and confidence sequences: laws, ends and refused input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.errors import RequestError
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.macro import macro_history, macro_size, rule_of_thumb_size
from tallyproof.risk.suite import (
    Compared,
    Polled,
    polling_exact_log_p,
    polling_log_p,
    suite_grid_risk,
    suite_risk,
)
from tallyproof.risk.suite_sizes import suite_sizes
from tallyproof.risk.supersimple import (
    Discrepancies,
    risk_of_errors,
    risks,
    sample_size_multiplier,
    size,
    size_at_rates,
    starting_size,
)

# ---- super-simple


@settings(deadline=None)
@given(st.floats(0.001, 1), st.integers(0, 5), st.integers(0, 2), st.integers(0, 3), st.floats(0.01, 0.3))
def test_the_size_meets_the_limit(margin: float, o1: int, o2: int, u1: int, alpha: float) -> None:
    """After as many draws as the closed form says, with those discrepancies, P is at most alpha."""
    found = Discrepancies(o1, o2, u1)
    assert float(risks(size(alpha, margin, found), margin, o1, o2, u1)) <= alpha * (1 + 1e-9)


@settings(deadline=None)
@given(st.integers(0, 3000), st.floats(0.001, 1), st.integers(0, 9), st.integers(0, 9))
def test_risks_lie_in_0_1_and_rise_with_overstatements(n: int, margin: float, o1: int, o2: int) -> None:
    """More overstatements, more risk; never above 1."""
    p, more = float(risks(n, margin, o1, o2)), float(risks(n, margin, o1 + 1, o2))
    assert 0 <= p <= more <= 1


@settings(deadline=None)
@given(st.integers(9, 3000), st.floats(0.001, 1), st.integers(0, 4), st.integers(0, 4))
def test_whole_votes_of_error_are_the_counts(n: int, margin: float, o1: int, o2: int) -> None:
    """The general form with errors of 1 and 2 is the form with counts."""
    general = risk_of_errors(n, margin, [1.0] * o1 + [2.0] * o2)
    assert general == pytest.approx(float(risks(n, margin, o1, o2)), rel=1e-9)


def test_two_vote_errors_are_fatal_without_inflation() -> None:
    """At gamma 1 one two-vote overstatement makes P 1."""
    assert float(risks(10_000, 0.5, 0, 1, gamma=1.0)) == 1
    assert risk_of_errors(10_000, 0.5, [2.0], gamma=1.0) == 1


def test_a_contest_without_a_loser_has_no_risk_to_measure() -> None:
    """Margin 0 leaves P at 1, beside contests that have one."""
    assert risks([100, 100], [0.0, 0.1]).tolist() == [1.0, float(risks(100, 0.1))]


def test_rounding_of_expected_discrepancies() -> None:
    """Rounding two-vote counts up asks for more."""
    rates = Discrepancies(0.001, 0.0001)
    usual, careful = starting_size(0.05, 0.02, rates), starting_size(0.05, 0.02, rates, round_up_two=True)
    assert usual is not None and careful is not None
    assert careful > usual


# ---- MACRO


@settings(deadline=None)
@given(st.floats(1.01, 200), st.lists(st.floats(-1, 1), max_size=40))
def test_macro_is_a_product(bound: float, taints: list[float]) -> None:
    """(1 - 1/U) / (1 - t) over the draws; understatements count as 0 unless asked for."""
    found, bold = macro_history(bound, taints), macro_history(bound, taints, understatements=True)
    for history, lowest in ((found, 0.0), (bold, -1.0)):
        with np.errstate(divide="ignore"):
            product = np.cumprod((1 - 1 / bound) / (1 - np.maximum(taints, lowest)))
        assert np.allclose(history.p, np.minimum(product, 1), rtol=1e-9)
    assert np.all(bold.p <= found.p + 1e-12)


def test_a_batch_wrong_through_and_through_is_never_made_good() -> None:
    """A taint of 1 or more makes P 1 for good."""
    assert macro_history(5.0, [0, 1, 0, 0, 0]).p[1:].tolist() == [1, 1, 1, 1]
    assert macro_history(5.0, [1.2]).p.tolist() == [1]


def test_bounds_too_small_to_change_the_outcome() -> None:
    """U below 1 needs no draw's evidence; at U of 1 one batch that is not wholly wrong suffices."""
    assert macro_history(0.9, [0.5]).p.tolist() == [0]
    assert macro_history(1.0, [1, 0.5, 1]).p.tolist() == [1, 0, 0]
    assert macro_history(0.0, [0.5]).p.tolist() == [0]
    assert [macro_size(0.05, bound, spare=0) for bound in (0.5, 1.0)] == [1, 1]


@settings(deadline=None)
@given(st.floats(1.1, 500), st.floats(0.01, 0.3))
def test_macro_sizes_meet_the_limit(bound: float, alpha: float) -> None:
    """Without spare draws: enough, and one fewer is not."""
    n = macro_size(alpha, bound, spare=0)
    assert macro_history(bound, np.zeros(n)).p[-1] <= alpha * (1 + 1e-9)
    if n > 1:
        assert macro_history(bound, np.zeros(n - 1)).p[-1] > alpha * (1 - 1e-9)


@settings(deadline=None)
@given(st.floats(0.001, 1), st.floats(0.0184, 0.5))
def test_the_rule_of_thumb_for_batches_is_enough(margin: float, alpha: float) -> None:
    """At risk limits from 1.8 % on it is never below the exact number, and at most three draws above it."""
    exact = macro_size(alpha, 1 + 1 / margin, spare=0)
    assert exact <= rule_of_thumb_size(alpha, margin) <= exact + 3


def test_the_rule_of_thumb_can_be_too_small_for_a_small_risk_limit() -> None:
    """At 0.01 % and a margin of 10 % it says 95, and 97 are needed."""
    assert [rule_of_thumb_size(0.05, margin) for margin in (1, 0.1, 0.01)] == [5, 32, 302]
    assert [rule_of_thumb_size(1e-4, 0.1), macro_size(1e-4, 11, spare=0)] == [95, 97]


# ---- SUITE


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.floats(-1.5, 2.5))
def test_the_polling_nuisance_is_maximised(won: int, lost: int, share: float) -> None:
    """No number of votes for the winner has a larger likelihood ratio than the one found."""
    stratum = Polled(300, 160, 110, 80, won, lost)
    found = float(polling_exact_log_p(stratum, 50, np.array(share)))
    lead = 50 - share * 50
    best = -np.inf
    for winner in np.linspace(0, 300, 1_501):
        pools = np.array([winner, winner - lead, 300 - 2 * winner + lead])
        drawn = (won, lost, 80 - won - lost)
        if all(pool >= count for pool, count in zip(pools, drawn, strict=True)):
            reported = (160, 110, 30)
            logs = [
                np.sum(np.log(pool - np.arange(count)) - np.log(np.maximum(first - np.arange(count), 1e-9)))
                for pool, first, count in zip(pools, reported, drawn, strict=True)
            ]
            best = max(best, float(np.sum(logs)))
    if drawn[2] <= 30:
        assert min(best, 0.0) <= found + 1e-9


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(5, 60), st.integers(0, 40), st.integers(0, 20), st.integers(0, 2))
def test_the_proven_maximum_covers_the_grid(draws: int, won: int, lost: int, overstated: int) -> None:
    """P with a proven bound is never below the printed one, and not far above it."""
    first = Compared(700, 100, draws, Discrepancies(overstated))
    second = Polled(300, 200, 100, 60, won, lost)
    proven, printed = suite_risk(first, second), suite_grid_risk(first, second, 0.05)
    assert proven.p >= printed * (1 - 1e-9)
    assert proven.gap <= 1e-3


def test_polling_risk_rises_with_what_is_granted_elsewhere() -> None:
    """For all smaller leads together P is monotone, also where for exactly one lead it is not."""
    stratum = Polled(300, 200, 100, 60, 25, 30)
    shares = np.linspace(-1, 2, 61)
    together = polling_log_p(stratum, 100, shares)
    assert np.all(np.diff(together) <= 1e-9)
    assert np.all(together >= polling_exact_log_p(stratum, 100, shares) - 1e-12)


def test_strata_without_draws_leave_the_risk_at_1() -> None:
    """Nothing drawn, nothing known."""
    assert suite_risk(Compared(700, 100, 0), Polled(300, 200, 100, 0, 0, 0)).p == 1


def test_sizes_are_none_where_a_stratum_must_be_counted() -> None:
    """A margin of two votes in a thousand."""
    assert suite_sizes(0.05, Compared(700, 1, 0), Polled(300, 150, 149, 0, 0, 0)) is None


# ---- confidence sequences


def test_bounds_close_in_and_end_on_the_mean() -> None:
    """They never widen, contain the mean, and after the last card are the mean."""
    pile = np.random.default_rng(1).permutation(np.repeat([0, 0.5, 1], [60, 40, 100]))
    found = confidence_sequence(pile, 0.05, size=200, draws=[5, 50, 150, 199, 200])
    assert np.all(np.diff(found.lower) >= 0) and np.all(np.diff(found.upper) <= 0)
    assert found.lower[-1] == pytest.approx(pile.mean(), abs=1e-6)
    assert found.upper[-1] == pytest.approx(pile.mean(), abs=1e-6)
    assert found.lower[-2] >= (pile.sum() - 1) / 200 - 1e-6


def test_a_margin_is_twice_the_mean_less_one() -> None:
    """Bounds of the margin; a negative scale swaps them."""
    found = confidence_sequence(np.ones(40), 0.05, draws=[40])
    margin, loser = found.mapped(2, -1), found.mapped(-1, 1)
    assert margin.lower[0] == pytest.approx(2 * found.lower[0] - 1)
    assert (loser.lower[0], loser.upper[0]) == pytest.approx((1 - found.upper[0], 1 - found.lower[0]))


def test_one_side_alone_is_tighter() -> None:
    """All of alpha on the lower side; the upper bound is what the cards left allow."""
    x = np.random.default_rng(2).choice([0.0, 1.0], size=100, p=[0.4, 0.6])
    both = confidence_sequence(x, 0.05, size=1_000, draws=[100])
    lower = confidence_sequence(x, 0.05, size=1_000, draws=[100], two_sided=False)
    assert lower.lower[0] > both.lower[0]
    assert lower.upper[0] == pytest.approx((x.sum() + 900) / 1_000)


def test_all_draws_unless_told() -> None:
    """One pair of bounds for each draw; none for none."""
    assert confidence_sequence([1, 0, 1], 0.1).draws.tolist() == [1, 2, 3]
    assert confidence_sequence([], 0.1).draws.tolist() == []


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: size(0.05, 0.0), "margin"),
        (lambda: size(1.0, 0.1), "alpha"),
        (lambda: size(0.05, 0.1, gamma=0.9), "gamma"),
        (lambda: Discrepancies(-1), "discrepancies"),
        (lambda: risks(-1, 0.1), "draws"),
        (lambda: risks(10, 1.1), "margin"),
        (lambda: risks(10, 0.1, -1), "over_one"),
        (lambda: risk_of_errors(1, 0.1, [1, 1]), "draws"),
        (lambda: risk_of_errors(10, 0.1, [2.5]), "errors"),
        (lambda: size_at_rates(0.05, 2.0, Discrepancies()), "margin"),
        (lambda: sample_size_multiplier(0.1, 1.5), "tolerance"),
        (lambda: macro_history(5, [float("nan")]), "taints"),
        (lambda: macro_history(float("inf"), [0]), "total_bound"),
        (lambda: macro_size(0.05, 0), "total_bound"),
        (lambda: macro_size(0, 5), "alpha"),
        (lambda: rule_of_thumb_size(1, 0.1), "alpha"),
        (lambda: rule_of_thumb_size(0.05, 0), "margin"),
        (lambda: rule_of_thumb_size(0.05, 1.01), "margin"),
        (lambda: Polled(300, 200, 100, 301, 0, 0), "draws"),
        (lambda: Polled(300, 200, 101, 0, 0, 0), "cards"),
        (lambda: suite_risk(Compared(10, -5, 1), Polled(10, 5, 5, 1, 1, 0)), "lead"),
        (lambda: suite_grid_risk(Compared(10, 5, 1), Polled(10, 5, 5, 1, 1, 0), 0), "alpha"),
        (lambda: confidence_sequence([1], 0), "alpha"),
        (lambda: confidence_sequence([1], 0.05, draws=[2]), "draws"),
        (lambda: confidence_sequence([1, 1], 0.05, draws=[2, 1]), "draws"),
        (lambda: confidence_sequence([2], 0.05), "sample"),
    ],
)
def test_what_cannot_be_measured_is_refused(make: object, name: str) -> None:
    """The message names the argument."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        make()  # type: ignore[operator]
