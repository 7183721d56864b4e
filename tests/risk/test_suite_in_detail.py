"""SUITE in detail: printed and proven risks of small strata, the borders of its nuisance, planned sizes."""

import math

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.risk.bounding import fisher
from tallyproof.risk.suite import (
    Compared,
    Polled,
    _fisher_y,
    _modulus,
    comparison_log_p,
    polling_exact_log_p,
    polling_log_p,
    suite_grid_risk,
    suite_risk,
)
from tallyproof.risk.supersimple import Discrepancies

GRID = [
    (
        Compared(1000, 442, 42, Discrepancies(1, 1)),
        Polled(100, 65, 31, 25, 25, 0),
        0.05,
        0.008072612801804541,
    ),
    (Compared(50, 19, 49), Polled(10, 4, 0, 7, 3, 0), 0.1, 6.76910899749173e-05),
    (Compared(1000, 293, 142), Polled(30, 27, 0, 10, 8, 1), 0.3, 9.589200646524932e-07),
    (
        Compared(1000, 239, 800, Discrepancies(2, 1)),
        Polled(400, 231, 130, 54, 31, 18),
        0.3,
        5.75180619482717e-11,
    ),
    (Compared(20, 9, 9, Discrepancies(2)), Polled(100, 37, 9, 42, 16, 4), 0.05, 0.00861072999114627),
    (Compared(200, 53, 107), Polled(30, 14, 0, 13, 6, 0), 0.1, 2.2167174114523565e-07),
    (Compared(200, 5, 68), Polled(30, 25, 3, 14, 14, 0), 0.3, 0.07677933832073519),
    (Compared(50, -6, 0, Discrepancies(2, 1)), Polled(400, 359, 7, 45, 40, 1), 0.05, 1.453938953682863e-06),
    (Compared(20, -1, 14), Polled(400, 394, 4, 18, 18, 0), 0.1, 4.7819900917606356e-05),
]


@pytest.mark.parametrize(("first", "second", "alpha", "printed"), GRID)
def test_the_printed_risk_of_small_strata(
    first: Compared, second: Polled, alpha: float, printed: float
) -> None:
    """Where the grid's ends (one step beyond the shares that can be), its step and its refinement decide."""
    assert suite_grid_risk(first, second, alpha) == pytest.approx(printed, rel=1e-6)


def test_the_printed_risk_bounds_the_proven_one_neither_way() -> None:
    """Three cards can hide 5 of 66 votes: beyond them P is larger, but no such share is possible."""
    first, second = Compared(3, 2, 0), Polled(84, 74, 10, 8, 8, 0)
    proven = suite_risk(first, second).p
    assert proven == pytest.approx(0.0590, rel=2e-3)
    printed = [suite_grid_risk(first, second, alpha) for alpha in (0.05, 0.5)]
    assert printed == pytest.approx([0.1124480, 0.5642320], rel=1e-5)
    possible = np.linspace(first.lead - first.cards, first.lead + first.cards, 50) / 66
    logs = comparison_log_p(first, 66, possible) + polling_exact_log_p(second, 66, 1.0 - possible)
    assert fisher(logs, 2).max() <= proven
    between = Compared(50, 19, 49), Polled(10, 4, 0, 7, 3, 0)
    assert suite_grid_risk(*between, 0.1) < 0.95 * suite_risk(*between).p


def test_the_polling_risk_where_only_one_count_fits() -> None:
    """All 10 cards seen, 7 for the winner and 1 for the loser: only a lead of exactly 6 is possible."""
    found = polling_exact_log_p(Polled(10, 7, 1, 10, 7, 1), 30, np.array([-0.1, 0.0, 0.3]))
    assert found.tolist() == [-math.inf, 0, -math.inf]


def test_leads_that_the_sample_rules_out() -> None:
    """3 of 7 cards for the winner, 4 for neither, of 10: a lead is from 0 to 6 less the 4, and no less."""
    stratum = Polled(10, 4, 0, 7, 3, 0)
    shares = np.array([-0.3, -0.1, 0.0, 0.1, 0.3])
    found = np.isfinite(polling_exact_log_p(stratum, 10, shares))
    assert found.tolist() == [False, True, True, True, True]


def test_a_sample_that_the_reports_rule_out_shows_nothing() -> None:
    """10 votes for a loser who has 6: the reported votes are false, so P is 1 for every share."""
    found = polling_exact_log_p(Polled(100, 77, 6, 38, 2, 10), 66, np.array([-0.1, 0.3, 1.0]))
    assert found.tolist() == [0, 0, 0]


def test_smaller_leads_count_from_the_reported_one_on() -> None:
    """No share, or less than none: P is 1."""
    found = polling_log_p(Polled(100, 65, 31, 25, 25, 0), 476, np.array([-0.3, 0.0]))
    assert found.tolist() == [0, 0]


def test_no_draw_shows_nothing_even_if_every_vote_were_error() -> None:
    """At a share at which one draw would be proof."""
    assert comparison_log_p(Compared(20, 1, 0), 1_000, np.array(1.0)) == 0
    assert comparison_log_p(Compared(20, 1, 1), 1_000, np.array(1.0)) == -math.inf


def test_one_vote_is_a_lead_and_none_is_not() -> None:
    """The smallest lead can be measured; equal votes are refused."""
    assert suite_risk(Compared(700, 1, 10), Polled(300, 150, 150, 0, 0, 0)).p == 1
    with pytest.raises(RequestError, match="'lead' must be such that the winner leads"):
        suite_risk(Compared(700, 0, 10), Polled(300, 150, 150, 0, 0, 0))


def test_the_modulus_of_continuity() -> None:
    """2 ((n_w + n_l) ln(1 + V d) + n_o ln(1 + 2 V d) + n_c ln(1 + V d / 2 g N)), SUITE, section 3.4."""
    found = _modulus(Compared(50, 5, 7, gamma=4.0), Polled(90, 20, 5, 9, 3, 2), 20, 0.1)
    assert found == pytest.approx(2 * (5 * math.log(3) + 4 * math.log(5) + 7 * math.log(1 + 2 / 400)))


@pytest.mark.parametrize("p", [0.99, 0.9, 0.05, 1e-9])
def test_the_inverse_of_fishers_combination(p: float) -> None:
    """The y found gives p back."""
    assert float(fisher(np.array(-_fisher_y(p)), 2)) == pytest.approx(p)
