"""Audits that end within a block: the same draws as log T after every draw tells."""

import numpy as np
import pytest

from tallyproof.risk import crossing
from tallyproof.risk.alpha import FixedAlternative, ShrinkTrunc
from tallyproof.risk.betting import Agrapa, FixedBet, FixedStake
from tallyproof.risk.crossing import LARGEST, STRIDE, crossings
from tallyproof.risk.function import Bet, Floats, Past, Population
from tallyproof.risk.wealth import Carry, history, start

BETS: list[Bet] = [
    ShrinkTrunc(0.55),
    ShrinkTrunc(0.55, f=0.01),
    FixedAlternative(0.6),
    Agrapa(0.55, 0.4),
    FixedBet(1.2, 0.95),
    FixedStake(1.0),
]


def ends(x: Floats, population: Population, bet: Bet, alpha: float, block: int) -> list[int]:
    """The draw at which each column first ends, played in blocks; 0 where none does."""
    carry, found = start(x), np.zeros(x.shape[1], dtype=np.int64)
    for begin in range(0, len(x), block):
        draws, carry = crossings(x[begin : begin + block], carry, population, bet, -np.log(alpha))
        found = np.where((found == 0) & (draws > 0), begin + draws, found)
    return [int(draw) for draw in found]


@pytest.mark.parametrize("bet", BETS, ids=lambda bet: type(bet).__name__)
@pytest.mark.parametrize("size", [None, 300, 5_000])
@pytest.mark.parametrize("block", [1, STRIDE, 3 * STRIDE + 5, 300])
def test_the_same_draws_as_the_history_tells(bet: Bet, size: int | None, block: int) -> None:
    """Forty columns of votes, blank cards among them; of 300 cards all, so that some ends are proofs."""
    x = np.random.default_rng(7).choice([0.0, 0.5, 1.0], (300, 40), p=[0.3, 0.2, 0.5])
    population = Population(1, 0.5, size)
    for alpha in (0.5, 0.05, 1e-4):
        expected = history(x, population, bet).crossing(alpha).tolist()
        assert ends(x, population, bet, alpha, block) == expected
        assert sum(draw > 0 for draw in expected) > 0 or isinstance(bet, FixedStake)


def test_the_state_after_a_block_is_that_of_its_last_draw() -> None:
    """Log T of columns far from ending comes from products, of others draw by draw: both the same."""
    x = np.random.default_rng(8).choice([0.0, 1.0], (100, 30), p=[0.4, 0.6])
    bet, population = ShrinkTrunc(0.55), Population(1, 0.5, 5_000)
    _, carry = crossings(x, start(x), population, bet, 3.0)
    assert carry.log_t == pytest.approx(history(x, population, bet).log_t[-1], abs=1e-12)
    assert (carry.drawn, carry.total.tolist()) == (100, x.sum(axis=0).tolist())


class Given:
    """Stakes everything always, so that a factor is a value over the null mean."""

    spread = False

    def stakes(self, past: Past) -> Floats:
        return np.ones_like(past.null_mean)


@pytest.mark.parametrize("many", [1, STRIDE])
@pytest.mark.parametrize("factor", [0.0, 2.0**-53, LARGEST * 10])
def test_wealth_that_grows_or_shrinks_beyond_measure(factor: float, many: int) -> None:
    """Lost wealth stays lost; sixteen factors of 1e19 are no float, and are added as logarithms."""
    x = np.full((2 * STRIDE, 2), 1.0)
    x[3 : 3 + many, 1] = factor
    carry = Carry(0, np.zeros(2), np.array([0.0, -800.0]))
    draws, after = crossings(x, carry, Population(1e20, 1.0), Given(), 3.0)
    with np.errstate(divide="ignore"):
        lost = many * np.log(factor) - 800
    assert draws.tolist() == [0, 0]
    assert after.log_t == pytest.approx([0.0, lost])


def test_only_columns_that_come_near_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 0, 1 and 2.9 only the last can reach 3 within sixteen draws of at most 1.01 each."""
    asked: list[list[float]] = []

    def noted(factors: Floats, carried: Floats) -> Floats:
        asked.append(carried.tolist())
        return np.cumsum(np.log(factors), axis=0) + carried

    monkeypatch.setattr(crossing, "running_logs", noted)
    carry = Carry(0, np.zeros(3), np.array([0.0, 1.0, 2.9]))
    x = np.full((STRIDE, 3), 1.01)
    draws, _ = crossings(x, carry, Population(2, 1.0), Given(), 3.0)
    assert (asked, draws.tolist()) == ([[2.9]], [0, 0, 11])


def test_what_has_enough_already_ends_with_the_first_draw_that_leaves_it() -> None:
    """At 3.5 a draw that costs 0.05 leaves enough, one that costs 0.7 does not."""
    carry = Carry(0, np.zeros(2), np.array([3.5, 3.5]))
    x = np.full((2, 2), [0.95, 0.5])
    draws, _ = crossings(x, carry, Population(2, 1.0), Given(), 3.0)
    assert draws.tolist() == [1, 0]
