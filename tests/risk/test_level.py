"""True nulls are rejected no more often than the risk limit allows: seeded simulations of every method.

A test fails where the number of rejections exceeds what a binomial with the risk limit would reach with a
chance of about one in a thousand (3.1 standard errors). Methods that cannot be played side by side are
watched audit by audit until it is known that their level is below one and a half of the risk limit.
"""

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from levels import keeps_level
from tallyproof.risk import bravo, macro, minerva, providence, rounds, supersimple
from tallyproof.risk.alpha import ConstantAlternative, FixedAlternative, ShrinkTrunc, optimal_comparison
from tallyproof.risk.betting import Agrapa, FixedBet, FixedStake, cobra_bet, portfolio_history
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.function import Bet, Floats, Population
from tallyproof.risk.kaplan import KaplanKolmogorov, KaplanWald
from tallyproof.risk.strata import Stratum, banded_risk, stratified_risk
from tallyproof.risk.suite import Compared, Polled, suite_risk
from tallyproof.risk.wealth import history

ALPHA = 0.1
AUDITS = 2_000
ENOUGH = 20_000  # audits that are watched one by one, at most
CARDS = 200
MARGIN = 0.1
USUAL = 1 / (2 - MARGIN)


def most(audits: int, alpha: float = ALPHA) -> float:
    """Rejections that chance still explains."""
    return audits * alpha + 3.1 * math.sqrt(audits * alpha * (1 - alpha))


def repeated(values: list[float], counts: list[int]) -> Floats:
    return np.repeat(np.array(values, dtype=float), counts)


# Populations whose mean is exactly one half, and one vote below it.
TRUE_NULLS = {
    "polling, tied": repeated([0, 1], [100, 100]),
    "polling, lost by one vote": repeated([0, 1], [101, 99]),
    "polling with half points, tied": repeated([0, 0.5, 1], [20, 160, 20]),
    "polling with half points, lost by one": repeated([0, 0.5, 1], [21, 159, 20]),
    "polling, nearly all half points": repeated([0, 0.5, 1], [1, 198, 1]),
    "comparison, tied by two-vote overstatements": repeated([0, USUAL], [10, 190]),
    "comparison, lost by one vote": repeated([0, USUAL / 2, USUAL], [10, 1, 189]),
    "comparison, tied by one-vote overstatements": repeated([USUAL / 2, USUAL], [20, 180]),
}


def upper(name: str) -> float:
    return 2 * USUAL if name.startswith("comparison") else 1.0


def bets_for(name: str) -> dict[str, Bet]:
    """Bets that hope for the reported outcome, each the eager kind."""
    u = upper(name)
    hoped = USUAL if name.startswith("comparison") else 0.55
    return {
        "fixed alternative": FixedAlternative(hoped),
        "constant alternative": ConstantAlternative(hoped),
        "eager alternative": FixedAlternative(0.95 * u),
        "shrink-trunc": ShrinkTrunc(hoped, d=20),
        "shrink-trunc towards u": ShrinkTrunc(hoped, d=20, f=0.05),
        "aGRAPA": Agrapa(hoped, sd=0.2),
        "fixed bet": FixedBet(1.9),
        "half of the wealth": FixedStake(0.5),
        "Kaplan-Kolmogorov": KaplanKolmogorov(0.1),
        "Kaplan-Wald": KaplanWald(0.1),
        "optimal comparison": optimal_comparison(2 * USUAL, 0.01)
        if u > 1
        else FixedBet(cobra_bet(0.1, 0.01)),
    }


def shuffled(population: Floats, seed: int, audits: int = AUDITS) -> Floats:
    """Whole populations in random order, one per column: sampling without replacement to the last card."""
    columns = np.repeat(population[:, np.newaxis], audits, axis=1)
    return np.random.default_rng(seed).permuted(columns, axis=0)


def resampled(population: Floats, draws: int, seed: int) -> Floats:
    return np.random.default_rng(seed).choice(population, size=(draws, AUDITS))


@pytest.mark.parametrize("name", TRUE_NULLS)
def test_without_replacement_to_the_last_card(name: str) -> None:
    """Every bet on every population: at most ALPHA of audits ever see P <= ALPHA."""
    x = shuffled(TRUE_NULLS[name], 11)
    population = Population(upper(name), 0.5, CARDS)
    rejected = {
        label: int(np.sum(history(x, population, bet).crossing(ALPHA) > 0))
        for label, bet in bets_for(name).items()
    }
    assert {label: count for label, count in rejected.items() if count > most(AUDITS)} == {}


@pytest.mark.parametrize("name", TRUE_NULLS)
def test_with_replacement(name: str) -> None:
    """The same for twice as many draws as there are cards."""
    x = resampled(TRUE_NULLS[name], 2 * CARDS, 12)
    population = Population(upper(name), 0.5)
    rejected = {
        label: int(np.sum(history(x, population, bet).crossing(ALPHA) > 0))
        for label, bet in bets_for(name).items()
    }
    assert {label: count for label, count in rejected.items() if count > most(AUDITS)} == {}


@pytest.mark.parametrize("name", TRUE_NULLS)
def test_after_the_last_card_a_true_null_is_certain(name: str) -> None:
    """N = n: P is 1 in every audit, also where it was small before."""
    x = shuffled(TRUE_NULLS[name], 13, 50)
    for bet in bets_for(name).values():
        assert np.all(history(x, Population(upper(name), 0.5, CARDS), bet).p_value == 1)


@pytest.mark.parametrize("name", TRUE_NULLS)
def test_the_universal_portfolio(name: str) -> None:
    """An average of martingales keeps the level, deep into the population."""
    x = shuffled(TRUE_NULLS[name], 14)
    found = portfolio_history(x, Population(upper(name), 0.5, CARDS), np.linspace(0.05, 0.95, 7))
    assert int(np.sum(found.crossing(ALPHA) > 0)) <= most(AUDITS)


def test_the_level_is_used() -> None:
    """Power of the simulation itself: a bet of everything on a tie rejects about as often as it may."""
    x = resampled(TRUE_NULLS["polling, tied"], 200, 15)
    rejected = int(np.sum(history(x, Population(), FixedBet(2.0)).crossing(1 / 8) > 0))
    assert abs(rejected - AUDITS / 8) <= 3.1 * math.sqrt(AUDITS / 8 * 7 / 8)


# ---- rounds of ballot polling, with replacement from a tie


def test_bravo_selection_ordered() -> None:
    """P after every vote of 1,000."""
    votes = resampled(TRUE_NULLS["polling, tied"], 1_000, 16)
    assert int(np.sum(bravo.selection_ordered(votes, 0.55).crossing(ALPHA) > 0)) <= most(AUDITS)


def test_bravo_at_the_ends_of_rounds() -> None:
    """P after rounds of 100, 300 and 900 votes in all, stopping at the first that is small enough."""
    won = np.cumsum(resampled(TRUE_NULLS["polling, tied"], 900, 17), axis=0)[[99, 299, 899]]
    votes = np.array([[100], [300], [900]])
    risks = bravo.end_of_round_risk(won, votes - won, 0.55)
    assert int(np.sum((risks <= ALPHA).any(axis=0))) <= most(AUDITS)


@pytest.mark.parametrize("share", [0.52, 0.6, 0.75])
@pytest.mark.parametrize("schedule", [[50], [50, 120], [20, 60, 200, 500], [7, 8, 9, 10, 11, 12]])
def test_minerva_exactly(share: float, schedule: list[int]) -> None:
    """The chance that a tie is ever confirmed, by exact enumeration of all paths, is at most ALPHA."""
    rules = minerva.stopping_rules(share, ALPHA, schedule)
    paths, confirmed, before = np.ones(1), 0.0, 0
    for rule in rules:
        new, before = rule.votes - before, rule.votes
        paths = np.convolve(paths, [math.comb(new, k) / 2**new for k in range(new + 1)])
        if rule.winner_votes is not None:
            confirmed += paths[rule.winner_votes :].sum()
            paths[rule.winner_votes :] = 0
    assert confirmed <= ALPHA


def test_providence_with_rounds_chosen_from_the_sample() -> None:
    """Each next round is as large as the votes so far suggest; a tie is confirmed at most ALPHA of times."""
    chance = np.random.default_rng(18)

    def confirmed() -> bool:
        votes, won = [60], [int(chance.binomial(60, 0.5))]
        while providence.risks(0.6, votes, won)[-1] > ALPHA and len(votes) < 4:
            ahead = 2 * sum(won) - sum(votes)
            votes.append(20 if ahead > 5 else 90)
            won.append(int(chance.binomial(votes[-1], 0.5)))
        return bool(providence.risks(0.6, votes, won)[-1] <= ALPHA)

    assert keeps_level(ALPHA, (confirmed() for _ in range(ENOUGH)))


@pytest.mark.parametrize("share", [0.53, 0.6, 0.9])
def test_one_round_exactly(share: float) -> None:
    """A single round of any size confirms a tie with a chance of at most ALPHA times its power."""
    for votes in range(1, 120):
        stop = rounds.stop_after(votes, share, ALPHA)
        if stop.winner_votes is not None:
            tied = sum(math.comb(votes, k) for k in range(stop.winner_votes, votes + 1)) / 2**votes
            assert tied <= ALPHA * stop.chance + 1e-12


# ---- comparison with bounds


def test_super_simple() -> None:
    """A reported margin of 10 % that two-vote overstatements have turned into a tie; the final P alone."""
    draws = 150
    wrong = np.random.default_rng(19).binomial(draws, MARGIN / 2, size=AUDITS)
    assert int(np.sum(supersimple.risks(draws, MARGIN, 0, wrong) <= ALPHA)) <= most(AUDITS)


def test_macro_in_draw_order() -> None:
    """Batches whose errors just undo the margin (mean taint 1 / U), also looked at after every draw."""
    bound = 8.0
    tainted = np.random.default_rng(20).choice([0.0, 1.0, 0.25], size=(60, AUDITS), p=[0.85, 0.1, 0.05])
    assert 1 / bound > 0.1 + 0.05 * 0.25  # what is missing to the tie is added to one kind of batch
    missing = (1 / bound - 0.1125) / 0.85
    taints = np.where(tainted == 0, missing, tainted)
    found = [macro.macro_history(bound, column).crossing(ALPHA) > 0 for column in taints.T]
    assert int(np.sum(found)) <= most(AUDITS)


# ---- strata


def strata(orders: list[Floats], draws: int) -> list[Stratum]:
    return [Stratum(order[:draws], len(order), ShrinkTrunc(0.6, d=20)) for order in orders]


NUISANCES = [(0.5, 0.5), (0.8, 0.3), (0.2, 0.7), (1.0, 1 / 6)]


@pytest.mark.parametrize("nuisance", NUISANCES)
@pytest.mark.parametrize("way", ["product", "fisher", "banded"])
def test_strata(nuisance: tuple[float, float], way: str) -> None:
    """Two strata tied together, whichever of them holds the winner's votes; looked at twice."""
    chance = np.random.default_rng(21)
    piles = [
        repeated([0, 1], [n - round(n * mean), round(n * mean)])
        for n, mean in zip((400, 600), nuisance, strict=True)
    ]
    assert sum(float(pile.sum()) for pile in piles) == pytest.approx(500)

    def risks() -> Iterator[float]:
        orders = [chance.permutation(pile) for pile in piles]
        for draws in (40, 120):
            both = strata(orders, draws)
            if way == "banded":
                yield banded_risk(both, bands=20).p
            else:
                yield stratified_risk(both, by_fisher=way == "fisher").p

    assert keeps_level(ALPHA, (any(p <= ALPHA for p in risks()) for _ in range(ENOUGH)))


def test_suite() -> None:
    """A comparison stratum without error, a polling stratum that undoes its lead."""
    chance = np.random.default_rng(22)

    @cache
    def confirmed(won: int, lost: int) -> bool:
        return suite_risk(Compared(1000, 100, 60), Polled(1000, 520, 420, 60, won, lost)).p <= ALPHA

    samples = (chance.multivariate_hypergeometric([400, 500, 100], 60) for _ in range(ENOUGH))
    assert keeps_level(ALPHA, (confirmed(int(won), int(lost)) for won, lost, _ in samples))


def test_confidence_sequences_hold_at_all_times_at_once() -> None:
    """The true mean leaves the bounds at any of four looks in at most ALPHA of samples."""
    chance = np.random.default_rng(23)
    pile = repeated([0, 0.5, 1], [20, 20, 60])

    def missed() -> bool:
        found = confidence_sequence(chance.permutation(pile), ALPHA, size=100, draws=[10, 30, 70, 100])
        return bool(np.any((found.lower > pile.mean() + 1e-9) | (found.upper < pile.mean() - 1e-9)))

    assert keeps_level(ALPHA, (missed() for _ in range(ENOUGH)))


# ---- the watch itself


@pytest.mark.parametrize("alpha", [0.05, 0.1])
def test_a_level_that_is_too_high_is_noticed(alpha: float) -> None:
    """Half as much again as the limit never passes in 50 tries, the limit itself always does."""
    chance = np.random.default_rng(24)
    passed = {
        level: sum(keeps_level(alpha, chance.random(20_000) <= level) for _ in range(50))
        for level in (0.0, alpha / 2, alpha, 1.5 * alpha, 1.0)
    }
    assert passed == {0.0: 50, alpha / 2: 50, alpha: 50, 1.5 * alpha: 0, 1.0: 0}


def test_too_few_audits_tell_nothing() -> None:
    """Ten audits that confirm nothing are no proof of a level of 10 %."""
    with pytest.raises(ValueError, match="too few"):
        keeps_level(ALPHA, [False] * 10)
