"""Wealth in detail: last draws that jump, other units, many blocks, and no warning on the way."""

import warnings

import numpy as np
import pytest

from tallyproof.risk.alpha import FixedAlternative, ShrinkTrunc
from tallyproof.risk.betting import Agrapa, FixedBet
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.kaplan import KaplanWald
from tallyproof.risk.wealth import bets, estimates, history, stakes

BETS: list[Bet] = [FixedAlternative(0.7), ShrinkTrunc(0.6), FixedBet(1.5), Agrapa(0.6), KaplanWald(0.2)]


def test_a_last_draw_may_jump_over_the_border() -> None:
    """Two of three cards: 1 of 1.5 before, 2 after; T is infinite though m_2 could still be bet on."""
    found = history([1.0, 1.0], Population(1, 0.5, 3), FixedBet(1.0))
    assert found.p.tolist()[0] > 0
    assert found.p_value == 0
    lost = history([0.0, 0.0], Population(1, 0.5, 3), FixedBet(1.0))
    assert lost.null_certain.tolist() == [False, True]


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_may_be_far_from_1(unit: float) -> None:
    """Tolerances are in units of what is measured: the same wealth and the same ends."""
    x = np.array([1.0, 0.0, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0])
    plain = history(x, Population(1, 0.5, 10), FixedBet(1.0))
    other = history(x * unit, Population(unit, unit / 2, 10), FixedBet(1.0 / unit))
    assert other.log_t == pytest.approx(plain.log_t)
    assert np.isinf(plain.log_t).tolist() == [False] * 6 + [True] * 2


@pytest.mark.parametrize(("mean", "zeros"), [(3.0, 10), (0.5, 35)])
def test_ends_where_u_is_4(mean: float, zeros: int) -> None:
    """Of 40 cards the null is proven true once 4 (40 - j) <= 40 t."""
    found = history(np.zeros(zeros), Population(4.0, mean, 40), FixedBet(0.1))
    assert found.null_certain.tolist() == [False] * (zeros - 1) + [True]


def test_what_blocks_prove_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The draws from which the null is certain, and T, are those of one block; for one column and many."""
    x = np.append(np.ones(40), np.zeros(400))
    population = Population(1, 0.5, 500)
    for sample in (x, np.stack([x, 1 - x], axis=1)):
        whole = history(sample, population, FixedBet(0.5))
        monkeypatch.setattr("tallyproof.risk.wealth.BLOCK", 64)
        parts = history(sample, population, FixedBet(0.5))
        monkeypatch.undo()
        assert np.array_equal(parts.null_certain, whole.null_certain)
        assert np.allclose(parts.log_t, whole.log_t)
    first = history(x, population, FixedBet(0.5)).null_certain
    assert int(first.argmax()) == 289 and first[289:].all()  # 210 cards cannot bring 40 up to 250


@pytest.mark.parametrize("bet", BETS)
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_nothing_is_divided_by_nothing(bet: Bet, value: float) -> None:
    """A full count of equal cards passes m = 0 or m = u without a warning, in history, stakes and bets."""
    x, population = np.full((40, 2), value), Population(1, 0.5, 40)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for work in (history, stakes, bets, estimates):
            work(x, population, bet)
        assert history(x, population, bet).p_value.tolist() == [1 - value] * 2


@pytest.mark.parametrize("bet", BETS)
def test_one_draw_is_a_sample(bet: Bet) -> None:
    """Its wealth is 1 - k + k x / m."""
    k = float(stakes([1.0], Population(), bet)[0])
    assert np.exp(history([1.0], Population(), bet).log_t[0]) == pytest.approx(1 + k)


def test_stakes_and_estimates_have_a_column_for_each_test() -> None:
    """As the sample has, with and without replacement."""
    x = np.tile([[1.0, 0.0, 0.5]], (4, 1))
    for population in (Population(), Population(1, 0.5, 10)):
        for work in (stakes, bets, estimates):
            together = work(x, population, Agrapa(0.6))
            assert together.shape == (4, 3)
            for column in range(3):
                assert together[:, column] == pytest.approx(work(x[:, column], population, Agrapa(0.6)))


def test_risk_after_each_number_of_draws() -> None:
    """Wealth doubles with each: 2^-n after n, of columns that are read at different lengths."""
    found = history(np.ones((4, 5)), Population(), FixedBet(2.0))
    assert found.p_value_after([0, 1, 2, 3, 4]) == pytest.approx([1, 0.5, 0.25, 0.125, 0.0625])


def test_where_nothing_is_left_to_bet_on_wealth_stays() -> None:
    """Two votes of four cards are what the null allows: the third leaves T as it is, the last one proves."""
    for bet in (ShrinkTrunc(0.7), FixedBet(1.0, 0.9)):
        log_t = history(np.array([1.0, 1.0, 0.0, 0.0]), Population(1, 0.5, 4), bet).log_t
        assert 0 < log_t[0] < log_t[1] == log_t[2]
        assert log_t[3] == -np.inf
