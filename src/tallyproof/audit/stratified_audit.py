"""Stratified audits of cards as problems: each stratum compared, polled or pooled, and one verdict.

All values are in units of 1 / (2 u - v), in which a card's overstatement value is (u - record + paper) / (2 u
- v) and the assertion is true where the strata's means, weighted by their cards, exceed 1 / (4 u - 2 v). A
polled stratum counts A(paper) / (2 u - v); a compared one adds (reported mean - u) / (2 u - v) to its mean.
Each stratum's stakes are fixed at the means that it would have if all strata had lost v / 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.assertion import Claims, Status, Tally
from tallyproof.audit.card_audit import usual_method
from tallyproof.audit.contest import Cards, Contest, Count, RiskLimit, claims_of
from tallyproof.audit.drawn_cards import (
    Design,
    DrawnCards,
    PoolTotals,
    compared_values,
    design_of,
    draws_of,
    polled_values,
    pools_of,
    totals_of,
)
from tallyproof.audit.hand_count import hand_count_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.methods import OneBet, bet_of
from tallyproof.audit.overstatement import Comparison
from tallyproof.audit.totals import check_bearable, check_pools
from tallyproof.audit.verdict import MeasuredAssertion, decide
from tallyproof.errors import RequestError
from tallyproof.risk.function import Population
from tallyproof.risk.strata import Stratum, stratified_risk

NARROWEST = 0.02  # of u: a stratum's reference mean stays so far from 0 and u


class CardStratum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stratum: its cards that may bear the contest, its reported votes (or rankings), and its sample.

    Cards with a ``record`` or ``pool`` are compared, cards without are polled. The default method is that
    of a card audit of this design.
    """

    cards: Cards
    votes: dict[str, Count] = {}
    rankings: tuple[EqualBallots, ...] = ()
    drawn: tuple[DrawnCards, ...] = ()
    pools: dict[str, PoolTotals] = {}
    with_replacement: bool = False
    method: OneBet | None = None


class StratifiedAudit(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="stratified_audit"
):
    """A card audit of a contest whose cards lie in strata that are sampled apart: hybrid audits too.

    The strata's cards and votes must add up to the contest's. ``combine`` and ``gap`` are those of a
    stratified risk. ``hand_count`` gives votes by choice of a full count of all strata, in a ranked contest
    with ``hand_count_rankings``.
    """

    contest: Contest
    strata: Annotated[dict[str, CardStratum], Meta(min_length=1, max_length=200)]
    styles: bool = True
    risk_limit: RiskLimit = 0.05
    combine: Literal["product", "fisher"] = "product"
    gap: Annotated[float, Meta(gt=0, lt=1, description="by which a risk may be too large")] = 0.001
    hand_count: dict[str, Count] | None = None
    hand_count_rankings: tuple[EqualBallots, ...] = ()
    not_found: Count = 0


class StratifiedAssertion(msgspec.Struct, frozen=True):
    """A claim, its margin, its risk, and the strata's mean values (of A, on paper) at which it is largest."""

    claim: str
    margin: float
    risk: float
    strata_means: dict[str, float]


class StratifiedAuditAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="stratified_audit"):
    """The verdict, why, every assertion's risk, and how each stratum was audited."""

    verdict: str
    sentence: str
    reasons: tuple[str, ...]
    designs: dict[str, Design]
    draws: int
    assertions: tuple[StratifiedAssertion, ...]


def solve_stratified_audit(problem: StratifiedAudit) -> StratifiedAuditAnswer:
    """The largest risk over all strata means, by assertion, and the verdict.

    Raises RequestError where the strata's cards or votes are not those of the contest.
    """
    tally, claims = claims_of(problem.contest)
    designs = {name: _design(stratum) for name, stratum in problem.strata.items()}
    found: list[StratifiedAssertion] = []
    if claims.status is Status.ASSERTIONS:
        totals = _totals(problem, tally, claims)
        found = [
            _risk(problem, tally, claims, place, designs, totals) for place in range(len(claims.assertions))
        ]
    draws = {name: sum(card.times for card in each.drawn) for name, each in problem.strata.items()}
    examined = sum(
        0 if each.with_replacement else min(draws[name], each.cards) for name, each in problem.strata.items()
    )
    measured = [MeasuredAssertion(each.claim, each.margin, each.risk) for each in found]
    by_hand = hand_count_of(
        problem.contest, claims, problem.hand_count, problem.hand_count_rankings, problem.not_found
    )
    decision = decide(claims, measured, problem.risk_limit, tally.cards, min(examined, tally.cards), by_hand)
    return StratifiedAuditAnswer(
        decision.verdict.value,
        decision.sentence,
        decision.reasons,
        designs,
        sum(draws.values()),
        tuple(found),
    )


def _design(stratum: CardStratum) -> Design:
    return design_of(stratum.drawn, stratum.pools) if stratum.drawn else "polling"


def _totals(problem: StratifiedAudit, tally: Tally, claims: Claims) -> dict[str, tuple[int, ...]]:
    """Each stratum's votes in the order of the tally; together they must be the contest's."""
    strata = problem.strata
    totals = {
        name: totals_of(each.votes, each.rankings, problem.contest, claims, f"'strata': {name}")
        for name, each in strata.items()
    }
    if sum(each.cards for each in strata.values()) != tally.cards:
        raise RequestError(f"'strata' must have the contest's {tally.cards:,} cards in all.")
    if [sum(column) for column in zip(*totals.values(), strict=True)] != list(tally.votes.values()):
        raise RequestError("'strata' must have the contest's votes in all.")
    for name, votes in totals.items():
        check_bearable(tally, claims, votes, strata[name].cards, f"stratum {name}")
        _check_pools(problem, tally, claims, name, votes)
    return totals


def _check_pools(
    problem: StratifiedAudit, tally: Tally, claims: Claims, name: str, votes: Sequence[int]
) -> None:
    """A stratum's pools and records must be of the stratum's own votes and cards."""
    given = problem.strata[name]
    own = replace(tally, votes=dict(zip(tally.votes, votes, strict=True)), cards=given.cards)
    draws = draws_of(given.drawn, problem.contest, claims)
    try:
        check_pools(given.pools, draws, problem.contest, own, claims, given.with_replacement, problem.styles)
    except RequestError as refused:
        raise RequestError(f"'strata': {name}: {refused}") from None


def _risk(
    problem: StratifiedAudit,
    tally: Tally,
    claims: Claims,
    place: int,
    designs: Mapping[str, Design],
    totals: Mapping[str, tuple[int, ...]],
) -> StratifiedAssertion:
    """The risk of the assertion at ``place``."""
    assertion = claims.assertions[place]
    comparison = Comparison(assertion.assorter, tally.margin(assertion), problem.styles)
    unit = 1 / (2 * assertion.assorter.upper - comparison.margin)
    strata = [
        _stratum(problem, claims, place, comparison, name, (1 + assertion.assorter.margin(votes, cards)) / 2)
        for name, votes in totals.items()
        for cards in (problem.strata[name].cards,)
    ]
    found = stratified_risk(strata, float(unit / 2), problem.combine == "fisher", problem.gap)
    means = {
        name: (stratum.offset + mean) / float(unit)
        for name, stratum, mean in zip(designs, strata, found.nuisance, strict=False)
    }
    return StratifiedAssertion(assertion.claim, float(comparison.margin), found.p, means)


def _stratum(
    problem: StratifiedAudit,
    claims: Claims,
    place: int,
    comparison: Comparison,
    name: str,
    mean: Fraction,
) -> Stratum:
    """A stratum's sample; ``mean`` is the assorter's over its cards as reported."""
    given, assertion = problem.strata[name], claims.assertions[place]
    u, v = assertion.assorter.upper, comparison.margin
    unit = 1 / (2 * u - v)
    draws = draws_of(given.drawn, problem.contest, claims)
    if _design(given) == "polling":
        values = polled_values(assertion, draws, problem.styles) * float(unit)
        upper, offset, expected = u * unit, Fraction(), mean * unit
        reference = min(max(mean - v / 2, u * Fraction(NARROWEST)), u * (1 - Fraction(NARROWEST))) * unit
    else:
        pools = pools_of(given.pools, problem.contest, claims, place)
        values = compared_values(comparison, pools, draws)
        upper, offset, expected = comparison.upper, (mean - u) * unit, comparison.no_error
        reference = Fraction(1, 2)
    method = given.method or usual_method(_design(given))
    bet = bet_of(method, Population(float(upper), float(reference)), float(expected))
    return Stratum(
        np.minimum(values, float(upper)),
        given.cards,
        bet,
        float(upper),
        float(offset),
        float(reference),
        given.with_replacement,
    )
