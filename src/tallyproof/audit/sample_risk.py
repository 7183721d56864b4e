"""Risks of samples as problems: values in draw order, counted votes of rounds, strata."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.contest import Cards, Count, RiskLimit
from tallyproof.audit.methods import AlphaShrink, Method, Portfolio, bet_of, measured
from tallyproof.errors import RequestError
from tallyproof.risk import bravo, minerva, providence
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.function import Population
from tallyproof.risk.strata import Stratum, stratified_risk
from tallyproof.risk.suite import Compared, Polled, suite_risk
from tallyproof.risk.supersimple import GAMMA, Discrepancies

MOST_POLLED = {"bravo": 2**53, "minerva": 200_000, "providence": 10_000_000, "suite": 100_000}
"""Cards polled at most, by method: what a laptop works out within some seconds, beyond any real sample."""
Values = Annotated[tuple[float, ...], Meta(max_length=10_000_000, description="in the order drawn")]


class SampleRisk(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sample_risk"
):
    """The risk that a population's mean is at most ``null_mean``, from a sample in draw order.

    Values lie in [0, ``upper``]; ``cards`` is how many there are when drawn without replacement.
    ``expected`` is their mean if all is as reported; bets that adapt start from it.
    """

    sample: Values
    method: Method = AlphaShrink()
    upper: Annotated[float, Meta(gt=0)] = 1
    null_mean: Annotated[float, Meta(gt=0)] = 0.5
    cards: Cards | None = None
    expected: float | None = None
    risk_limit: RiskLimit = 0.05
    history: bool = False


class SampleRiskAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="sample_risk"):
    """``risk`` is sequential: the smallest so far, valid however often one looked.

    ``met_after`` draws the limit was first met, null where never; ``disproved`` where the cards drawn leave
    no room for a mean above the null's.
    """

    risk: float
    draws: int
    mean: float | None
    met_after: int | None
    disproved: bool
    history: tuple[float, ...] | None = None


class MarginInterval(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="margin_interval"
):
    """Bounds of the margin 2 mean - 1 of a population, from a sample in draw order; valid at every look."""

    sample: Values
    upper: Annotated[float, Meta(gt=0)] = 1
    cards: Cards | None = None
    risk_limit: RiskLimit = 0.05
    two_sided: bool = True


class MarginIntervalAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="margin_interval"):
    """The margin lies between these with chance 1 - risk limit."""

    lower: float
    upper: float


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Votes for winner and loser among the ballots of one round."""

    winner: Count
    loser: Count


class PollingRounds(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="polling_rounds"
):
    """The risk after rounds of a ballot-polling audit, from votes for one winner and one loser.

    ``share`` is the winner's reported share of the votes for the two. Minerva's rounds must have been fixed
    beforehand; Providence's may depend on what was drawn.
    """

    share: Annotated[float, Meta(gt=0.5, le=1)]
    rounds: Annotated[tuple[Round, ...], Meta(min_length=1)]
    method: Literal["bravo", "minerva", "providence"] = "bravo"
    risk_limit: RiskLimit = 0.05


class PollingRoundsAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="polling_rounds"):
    """The risk after each round, and whether one of them met the limit: the audit ended there."""

    risks: tuple[float, ...]
    met: bool


class StratumSample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stratum's cards, its sample in draw order with values in [0, ``upper``], and the bet on it.

    The stratum's mean is ``offset`` + the mean of its values: 0 where these are the assorter's; reported
    mean - u where they are u + A(paper) - A(record), at most 2 u.
    """

    cards: Cards
    sample: Values
    method: Method = AlphaShrink()
    upper: Annotated[float, Meta(gt=0)] = 1
    offset: float = 0
    expected: float | None = None
    with_replacement: bool = False


class StratifiedRisk(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="stratified_risk"
):
    """The risk over strata: the largest over all ways in which the strata together could be a tie."""

    strata: Annotated[tuple[StratumSample, ...], Meta(min_length=1, max_length=200)]
    null_mean: Annotated[float, Meta(gt=0)] = 0.5
    combine: Literal["product", "fisher"] = "product"
    gap: Annotated[float, Meta(gt=0, lt=1, description="by which the answer may be too large")] = 0.001


class SuiteRisk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="suite_risk"):
    """SUITE: a stratum compared with records and one polled; votes of the winner and loser in each."""

    compared_cards: Cards
    compared_winner: Count
    compared_loser: Count
    compared_draws: Count
    polled_cards: Cards
    polled_winner: Count
    polled_loser: Count
    polled_draws: Count
    drawn_winner: Count
    drawn_loser: Count
    over_one: Count = 0
    over_two: Count = 0
    under_one: Count = 0
    under_two: Count = 0
    gamma: Annotated[float, Meta(gt=1)] = GAMMA


class BoundedRiskAnswer(msgspec.Struct, frozen=True):
    """``risk`` is proven to be at least the largest; ``attained`` is reached at ``nuisance``."""

    risk: float
    attained: float
    nuisance: tuple[float, ...]


class StratifiedRiskAnswer(BoundedRiskAnswer, frozen=True, tag_field="kind", tag="stratified_risk"):
    """``nuisance`` are the strata's means at which the risk is largest."""


class SuiteRiskAnswer(BoundedRiskAnswer, frozen=True, tag_field="kind", tag="suite_risk"):
    """``nuisance`` is the share of the margin granted to errors in the compared stratum."""


def solve_sample_risk(problem: SampleRisk) -> SampleRiskAnswer:
    """Risk after the last draw. Raises RequestError for values outside [0, upper] and too many draws."""
    if problem.cards is not None and len(problem.sample) > problem.cards:
        raise RequestError(
            f"'sample' has {len(problem.sample):,} draws, more than the {problem.cards:,} 'cards'; without "
            "replacement each is drawn once."
        )
    population = Population(problem.upper, problem.null_mean, problem.cards)
    expected = _expected(problem.expected, problem.null_mean, problem.upper)
    found = measured(problem.sample, population, problem.method, expected)
    after = int(found.crossing(problem.risk_limit))
    return SampleRiskAnswer(
        float(found.p_value),
        len(problem.sample),
        float(np.mean(problem.sample)) if problem.sample else None,
        after or None,
        bool(problem.sample and found.null_certain[-1]),
        tuple(map(float, found.sequential)) if problem.history else None,
    )


def solve_margin_interval(problem: MarginInterval) -> MarginIntervalAnswer:
    """Bounds after the last draw; without draws the margin can be anything."""
    if not problem.sample:
        return MarginIntervalAnswer(-1.0, 2 * problem.upper - 1)
    found = confidence_sequence(
        problem.sample,
        problem.risk_limit,
        problem.upper,
        problem.cards,
        draws=[len(problem.sample)],
        two_sided=problem.two_sided,
    ).mapped(2.0, -1.0)
    return MarginIntervalAnswer(float(found.lower[-1]), float(found.upper[-1]))


def solve_polling_rounds(problem: PollingRounds) -> PollingRoundsAnswer:
    """P after each round; the smallest so far for Minerva and Providence, the round's own for BRAVO."""
    winner = [each.winner for each in problem.rounds]
    votes = [each.winner + each.loser for each in problem.rounds]
    won, all_ = list(accumulate(winner)), list(accumulate(votes))
    _check_polled("rounds", problem.method, all_[-1])
    risks: Sequence[float]
    if problem.method == "minerva":
        risks = minerva.risks(problem.share, problem.risk_limit, all_, won).tolist()
    elif problem.method == "providence":
        risks = providence.risks(problem.share, votes, winner).tolist()
    else:
        lost = list(accumulate(each.loser for each in problem.rounds))
        risks = bravo.end_of_round_risk(won, lost, problem.share).tolist()
    return PollingRoundsAnswer(tuple(risks), min(risks) <= problem.risk_limit)


def solve_stratified_risk(problem: StratifiedRisk) -> StratifiedRiskAnswer:
    """The largest P with its proven bound. Raises RequestError for samples that are none."""
    strata = [_stratum(each) for each in problem.strata]
    found = stratified_risk(strata, problem.null_mean, problem.combine == "fisher", problem.gap)
    return StratifiedRiskAnswer(found.p, found.attained, found.nuisance)


def solve_suite_risk(problem: SuiteRisk) -> SuiteRiskAnswer:
    """The largest Fisher-combined P. Raises RequestError where the winner does not lead in both together."""
    _check_suite(problem)
    compared = Compared(
        problem.compared_cards,
        problem.compared_winner - problem.compared_loser,
        problem.compared_draws,
        Discrepancies(problem.over_one, problem.over_two, problem.under_one, problem.under_two),
        problem.gamma,
    )
    polled = Polled(
        problem.polled_cards,
        problem.polled_winner,
        problem.polled_loser,
        problem.polled_draws,
        problem.drawn_winner,
        problem.drawn_loser,
    )
    found = suite_risk(compared, polled)
    return SuiteRiskAnswer(found.p, found.attained, found.nuisance)


def _check_polled(argument: str, method: str, polled: int) -> None:
    if polled > MOST_POLLED[method]:
        raise RequestError(
            f"'{argument}' has {polled:,} in all; {method} is worked out for up to {MOST_POLLED[method]:,}."
        )


def _check_suite(problem: SuiteRisk) -> None:
    """Refuse more votes or draws than there are cards, and more votes drawn than cards."""
    limits = (
        ("compared_winner", problem.compared_winner + problem.compared_loser, problem.compared_cards),
        ("polled_winner", problem.polled_winner + problem.polled_loser, problem.polled_cards),
        ("polled_draws", problem.polled_draws, problem.polled_cards),
        ("drawn_winner", problem.drawn_winner + problem.drawn_loser, problem.polled_draws),
        ("over_one", problem.over_one + problem.over_two + problem.under_one + problem.under_two,
         problem.compared_draws),
    )  # fmt: skip
    _check_polled("polled_draws", "suite", problem.polled_draws)
    for name, given, most in limits:
        if given > most:
            raise RequestError(
                f"'{name}' and what belongs to it are {given:,}; they must be at most {most:,} in all."
            )


def _stratum(given: StratumSample) -> Stratum:
    if isinstance(given.method, Portfolio):
        raise RequestError("'method' of a stratum must be one bet, not a portfolio.")
    null = given.upper / 2
    expected = _expected(given.expected, null, given.upper)
    bet = bet_of(given.method, Population(given.upper, null), expected)
    sample = np.asarray(given.sample, dtype=np.float64)
    return Stratum(sample, given.cards, bet, given.upper, given.offset, null, given.with_replacement)


def _expected(given: float | None, null: float, upper: float) -> float:
    """A mean a little above the null's where none is given."""
    return null + (upper - null) / 10 if given is None else given
