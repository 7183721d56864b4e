"""How fast risk functions, sample sizes by simulation and stratified tests answer.

Run it alone (``python bench/risk.py``), or take its lines from ``measure``. Each figure is the best of a few
runs in a warm process: the work itself, without the noise of other programs.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.betting import FixedBet, cobra_bet
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.function import Population
from tallyproof.risk.rounds import Smallest, smallest_round
from tallyproof.risk.sample_size import Estimate, simulated_sizes
from tallyproof.risk.shuffle import Cards, cards
from tallyproof.risk.strata import Stratum, banded_risk, stratified_risk
from tallyproof.risk.supersimple import risks
from tallyproof.risk.wealth import history

MARGIN = 0.02
ALPHA = 0.05


def measure() -> Iterator[str]:
    """One line for each thing measured."""
    yield from histories()
    yield from simulations()
    yield from strata()
    yield from others()


def histories() -> Iterator[str]:
    """Risk after every draw, of one sample and of many at once."""
    chance = np.random.default_rng(1)
    for draws, runs in ((10_000, 50), (1_000_000, 5)):
        x = np.where(chance.random(draws) < 0.52, 1.0, 0.0)
        population = Population(1, 0.5, 5 * draws)
        took = best(partial(history, x, population, ShrinkTrunc(0.52)), runs)
        yield line(f"history, shrink-trunc, n = {draws:,}", took)
    table = chance.choice([0, 0.5, 1], size=(10_000, 131), p=[0.3, 0.3, 0.4])
    many = Population(np.ones(131), 0.5, np.full(131, 400_000))
    etas = np.linspace(0.51, 0.6, 131)
    yield line(
        "131 assertions x 10,000 cards", best(lambda: history(table, many, ShrinkTrunc(etas)).p_value, 5)
    )


def simulations() -> Iterator[str]:
    """Cards that suffice for 80 % of 1,000 simulated audits, margin 2 %, risk limit 5 %."""
    for size in (100_000, 10_000_000):
        comparison, upper = compared(size)
        bet = FixedBet(cobra_bet(MARGIN, 0.0005), most=0.95)
        yield planned(
            f"80 % size, comparison, N = {size:,}", comparison, Population(upper, 0.5, size), bet, 7
        )
        polling = cards([1, 0], [size * 51 // 100, size - size * 51 // 100])
        yield planned(
            f"80 % size, polling, N = {size:,}", polling, Population(1, 0.5, size), ShrinkTrunc(0.51), 3
        )


def compared(size: int) -> tuple[Cards, float]:
    """Overstatement values with a few errors of each kind, and their upper bound."""
    usual, wrong = 1 / (2 - MARGIN), size // 2_000
    return cards([usual, usual / 2, 0, 1.5 * usual], [size - 3 * wrong, wrong, wrong, wrong]), 2 * usual


def planned(what: str, pile: Cards, population: Population, bet: FixedBet | ShrinkTrunc, runs: int) -> str:
    """Time and answer of one plan."""
    found: list[Estimate | None] = []

    def plan() -> None:
        sizes = simulated_sizes(pile, population, bet, ALPHA, np.random.default_rng(2), 1_000, [0.8])
        found.append(sizes.quantile(0.8))

    took = best(plan, runs)
    answer = found[-1]
    assert answer is not None
    return line(what, took, f"{answer.value:,.0f} cards ({answer.low:,.0f} to {answer.high:,.0f})")


def strata() -> Iterator[str]:
    """The largest P over the nuisance of two strata with 1,000 draws in all."""
    chance = np.random.default_rng(3)
    both = [
        Stratum(np.where(chance.random(500) < mean, 1.0, 0.0), size, ShrinkTrunc(0.54))
        for mean, size in ((0.55, 20_000), (0.54, 30_000))
    ]
    tests = {
        "product": partial(stratified_risk, both),
        "Fisher": partial(stratified_risk, both, by_fisher=True),
        "100 bands": partial(banded_risk, both),
    }
    for name, test in tests.items():
        found = test()
        yield line(
            f"stratified, {name}", best(test, 10), f"P {found.p:.6f}, proven gap {100 * found.gap:.3f} %"
        )


def others() -> Iterator[str]:
    """Rounds, confidence sequences and published risks."""
    yield line("Minerva round, margin 2 %, lasting", best(lambda: smallest_round(0.51, ALPHA, 0.9), 3))
    halving = best(lambda: smallest_round(0.51, ALPHA, 0.9, Smallest.HALVING), 3)
    yield line("Minerva round, margin 2 %, halving", halving)
    x = np.where(np.random.default_rng(4).random(1_000) < 0.55, 1.0, 0.0)
    bounds = best(lambda: confidence_sequence(x, ALPHA, size=20_000, draws=[100, 300, 1_000]), 3)
    yield line("confidence sequence, 3 of 1,000 draws", bounds)
    counts = np.random.default_rng(5).integers(0, 3, (4, 5_081))
    margins = np.linspace(0.001, 0.5, 5_081)
    yield line("super-simple risks of 5,081 contests", best(lambda: risks(200, margins, *counts), 20))


def best(work: Callable[[], object], runs: int) -> float:
    """Seconds of the fastest run."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def line(what: str, seconds: float, answer: str = "") -> str:
    """Milliseconds, and the answer where there is one."""
    return f"risk, {what:40} {1000 * seconds:10.2f} ms  {answer}".rstrip()


if __name__ == "__main__":
    for text in measure():
        print(text)
