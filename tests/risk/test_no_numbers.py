"""What is no number is refused by name, and never comes out as a risk."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.risk.alpha import ConstantAlternative, FixedAlternative, ShrinkTrunc
from tallyproof.risk.betting import Agrapa, portfolio_history
from tallyproof.risk.function import Population
from tallyproof.risk.sample_size import comparison_size
from tallyproof.risk.strata import Stratum, banded_risk, stratified_risk
from tallyproof.risk.supersimple import Discrepancies

NAN = math.nan
HALF = Stratum(np.array([1.0, 0.0]), 10, FixedAlternative(0.6))


@pytest.mark.parametrize(
    ("made", "argument"),
    [
        (lambda: FixedAlternative(NAN), "eta"),
        (lambda: ConstantAlternative(NAN), "eta"),
        (lambda: ShrinkTrunc(NAN), "eta"),
        (lambda: ShrinkTrunc(np.array([0.6, NAN])), "eta"),
        (lambda: Agrapa(NAN), "mean"),
        (lambda: Discrepancies(0, NAN), "discrepancies"),
        (lambda: Discrepancies(NAN, 0), "discrepancies"),
        (lambda: stratified_risk([HALF], gap=NAN), "gap"),
        (lambda: stratified_risk([HALF], gap=0.0), "gap"),
        (lambda: stratified_risk([HALF], gap=1.0), "gap"),
        (lambda: stratified_risk([HALF], NAN), "null_mean"),
        (lambda: stratified_risk([HALF], 2.0), "null_mean"),
        (lambda: stratified_risk([HALF], -0.1), "null_mean"),
        (lambda: banded_risk([HALF, HALF], 1.1), "null_mean"),
        (lambda: stratified_risk([]), "strata"),
    ],
)
def test_the_argument_is_named(made: Callable[[], object], argument: str) -> None:
    """NaN, and means that no strata have."""
    with pytest.raises(RequestError, match=f"'{argument}' must be"):
        made()


@pytest.mark.parametrize(("null_mean", "p"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_ends_of_what_strata_can_average_are_means(null_mean: float, p: float) -> None:
    """A card counted 1: a mean of 0 is out of the question, and one of at most 1 is certain."""
    assert stratified_risk([HALF], null_mean).p == p
    assert stratified_risk([HALF, HALF], null_mean).p == p


def test_an_infinite_alternative_is_the_upper_bound() -> None:
    """It is a number, and stakes all."""
    assert FixedAlternative(math.inf).eta == math.inf


def test_a_stake_without_weight_adds_nothing() -> None:
    """Where the sample proves the null false its wealth is infinite, and so is the other's."""
    found = portfolio_history([1.0] * 6, Population(1, 0.5, 10), [0.2, 0.5], [1, 0])
    alone = portfolio_history([1.0] * 6, Population(1, 0.5, 10), [0.2], [1])
    assert found.p.tolist() == alone.p.tolist()
    assert found.p[-1] == 0


def test_the_narrowest_margins_have_a_size() -> None:
    """ln 20 over half the margin, for margins that 1 - v cannot tell from 1."""
    assert comparison_size(0.05, 1e-17) == pytest.approx(2 * math.log(20) * 1e17, rel=1e-9)
