"""Levels of whole designs: true nulls are rejected at most as often as the risk limit allows.

Each case simulates audits of a contest that is lost by one vote or tied, and counts how many confirm it.
A true level of 5 % exceeds the bound (5 % and four binomial standard errors) in one of 30,000 runs; a true
level of 7.5 % stays below it in one of 50.
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from levels import keeps_level
from tallyproof.audit.assertion import Tally, above, ahead, plurality
from tallyproof.audit.assorter import Column, one_vote_kinds
from tallyproof.audit.batch_assorter import BatchComparison
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.audit.overstatement import Comparison, compared, polled
from tallyproof.audit.pools import kelly, pool_of_totals
from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.betting import Agrapa, FixedBet, FixedStake, cobra_bet
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.macro import macro_history
from tallyproof.risk.shuffle import cards_of
from tallyproof.risk.strata import Stratum, stratified_risk
from tallyproof.risk.wealth import history

ALPHA, AUDITS = 0.05, 3_200
BOUND = ALPHA + 4 * (ALPHA * (1 - ALPHA) / AUDITS) ** 0.5
KINDS = one_vote_kinds(3)
CARDS = 400
Values = NDArray[np.float64]


def cards_like(counts: dict[int, int]) -> NDArray[np.int8]:
    return np.repeat(np.array(list(counts), dtype=np.int8), list(counts.values()))


def halves(winner: int, loser: int, neither: int) -> Values:
    return np.repeat([1.0, 0.0, 0.5], [winner, loser, neither])


def rejections(values: Values, population: Population, bet: Bet, draws: int, replaced: bool) -> float:
    """Share of audits of the whole population's values that end with P at most 5 %."""
    chance = np.random.default_rng(20260519)
    if replaced:
        drawn = chance.choice(values, size=(draws, AUDITS))
    else:
        drawn = chance.permuted(np.tile(values[:, np.newaxis], (1, AUDITS)), axis=0)[:draws]
    return float(np.mean(history(drawn, population, bet).p_value <= ALPHA))


# Reported: 220 for the winner, 170 for the loser, 10 blank. On paper both have 195 (or the loser one more).
REPORTED = cards_like({0: 220, 1: 170, 3: 10})
CASES = (
    "turned votes, tied", "turned votes, lost by one vote", "blank papers", "cards not found",
    "contest not on card",
)  # fmt: skip


def papers(case: str) -> NDArray[np.int8]:
    """What the papers of the records for the winner show, so that the assertion just fails."""
    shown = REPORTED.copy()
    if case == "turned votes, tied":
        shown[:25] = 1
    elif case == "turned votes, lost by one vote":
        shown[:25], shown[25] = 1, 3
    elif case == "blank papers":
        shown[:50] = 3
    else:
        shown[:25] = 6 if case == "cards not found" else 5
    return shown


BETS: dict[str, Callable[[Comparison], Bet]] = {
    "cobra": lambda c: FixedBet(cobra_bet(float(c.relative_margin), 0.001, 0.001), 0.95),
    "full stake": lambda c: FixedStake(1.0),
    "shrink": lambda c: ShrinkTrunc(float(c.no_error)),
    "adaptive": lambda c: Agrapa(float(c.no_error), 0.2),
}


@pytest.mark.parametrize("replaced", [False, True])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("bet", BETS)
def test_comparison(bet: str, case: str, replaced: bool) -> None:
    """Records that overstate by as much as the margin, in every way; deep samples too."""
    claim = ahead(Tally({"w": 220, "l": 170, "x": 0}, CARDS), "w", "l")
    comparison = Comparison(claim.assorter, Fraction(50, CARDS))
    values = compared(comparison, Column(REPORTED, KINDS), Column(papers(case), KINDS))
    assert values.mean() <= 0.5 + 1e-12
    population = comparison.population(None if replaced else CARDS)
    assert rejections(values, population, BETS[bet](comparison), 300, replaced) <= BOUND


def test_an_outcome_that_is_right_is_confirmed() -> None:
    """The same simulation does confirm: without errors, nearly always."""
    claim = ahead(Tally({"w": 220, "l": 170, "x": 0}, CARDS), "w", "l")
    comparison = Comparison(claim.assorter, Fraction(50, CARDS))
    records = Column(REPORTED, KINDS)
    values = compared(comparison, records, records)
    assert rejections(values, comparison.population(CARDS), BETS["cobra"](comparison), 100, False) == 1.0


@pytest.mark.parametrize("name", ["pair", "supermajority"])
def test_polling(name: str) -> None:
    """A tie on paper, and a share exactly at two thirds; nearly all cards drawn."""
    votes = {"pair": {0: 180, 1: 180, 3: 40}, "supermajority": {0: 240, 1: 120, 3: 40}}[name]
    tally = Tally({"w": 250, "l": 110, "x": 0}, CARDS)
    claim = ahead(tally, "w", "l") if name == "pair" else above(tally, "w", Fraction(2, 3))
    values = polled(claim.assorter, Column(cards_like(votes), KINDS))
    population = Population(float(claim.assorter.upper), 0.5, CARDS)
    assert rejections(values, population, ShrinkTrunc(0.55), CARDS - 1, False) <= BOUND


@pytest.mark.parametrize("bet", ["kelly", "adaptive"])
def test_pools(bet: str) -> None:
    """Half of the cards in two pools whose totals overstate the winner by just the margin."""
    assorter = ahead(Tally({"w": 1, "l": 0}, 2), "w", "l").assorter
    pools = {"a": pool_of_totals(assorter, (80, 15), 100), "b": pool_of_totals(assorter, (30, 65), 100)}
    own = halves(110, 85, 5)
    reported = np.concatenate([own, *(np.full(100, float(pool.mean)) for pool in pools.values())])
    comparison = Comparison(assorter, 2 * Fraction(str(round(reported.mean(), 12))) - 1)
    paper = np.concatenate([own, halves(65, 30, 5), halves(15, 75, 10)])
    values = comparison.values(reported, paper)
    assert values.mean() <= 0.5 + 1e-9
    right = comparison.values(reported, np.concatenate([own, halves(80, 15, 5), halves(30, 65, 5)]))
    chosen: Bet = kelly(cards_of(right)) if bet == "kelly" else Agrapa(float(comparison.no_error), 0.3)
    assert rejections(values, comparison.population(CARDS), chosen, 350, False) <= BOUND


def test_strata() -> None:
    """One stratum compared and one polled that tie together; the largest risk over what each may hold."""
    chance = np.random.default_rng(7)
    reported = 0.65  # mean of the compared stratum's records; on paper a fifth was turned round
    compared_values = np.repeat([1.0, 0.0], [80, 20])  # u + A(paper) - A(record)
    polled_values = np.repeat([1.0, 0.0, 0.5], [54, 44, 2])
    offset = reported - 1.0
    assert compared_values.mean() + offset + polled_values.mean() == pytest.approx(1.0)

    def confirmed() -> bool:
        strata = [
            Stratum(chance.permutation(compared_values)[:60], 100, FixedStake(0.4), 2.0, offset, 0.85),
            Stratum(chance.permutation(polled_values)[:60], 100, ShrinkTrunc(0.56), 1.0, 0.0, 0.5),
        ]
        return stratified_risk(strata, gap=0.01).p <= ALPHA

    assert keeps_level(ALPHA, (confirmed() for _ in range(20_000)))


BATCHED = Tally({"w": 800, "l": 600, "x": 0}, 1_600)
BATCHES = tuple(Batch(str(place), (40, 30, 0), 80) for place in range(20))


@pytest.mark.parametrize("spread", [4, 20])
def test_macro(spread: int) -> None:
    """Errors of the whole margin in four batches, or spread over twenty."""
    tally, batches = BATCHED, BATCHES
    per = 200 // spread
    paper = [(40 - per // 2, 30 + per - per // 2, 0)] * spread + [(40, 30, 0)] * (20 - spread)
    contest = BatchContest(tally, plurality(tally).assertions, batches)
    assert sum(contest.error(batch, votes) for batch, votes in zip(batches, paper, strict=True)) >= 1
    taints = np.array(
        [float(contest.taint(batch, votes)) for batch, votes in zip(batches, paper, strict=True)]
    )
    chances = np.array([float(bound) for bound in contest.bounds.values()])
    chance = np.random.default_rng(3)
    drawn = chance.choice(taints, size=(40, AUDITS), p=chances / chances.sum())
    history_ = [macro_history(float(contest.total_bound), drawn[:, audit]).p_value for audit in range(AUDITS)]
    assert np.mean(np.array(history_) <= ALPHA) <= BOUND


@pytest.mark.parametrize("by_size", [True, False])
@pytest.mark.parametrize("bet", [FixedStake(1.0), FixedStake(0.5), Agrapa(1.0, 0.1)], ids=str)
def test_batch_assorter(bet: Bet, by_size: bool) -> None:
    """The loser leads on paper by a few votes in batches turned round; drawn by size and alike."""
    tally, batches = BATCHED, BATCHES
    paper = [(5, 65, 0)] * 3 + [(40, 30, 0)] * 17  # 210 overstated against a lead of 200
    comparison = BatchComparison(ahead(tally, "w", "l"), batches)
    pairs = list(zip(batches, paper, strict=True))
    if by_size:
        values = np.array([comparison.value_by_size(batch, votes) for batch, votes in pairs])
        assert rejections(values, comparison.population_by_size, bet, 60, True) <= BOUND
    else:
        values = np.array([comparison.value_alike(batch, votes) for batch, votes in pairs])
        assert rejections(values, comparison.population_alike, bet, 19, False) <= BOUND
