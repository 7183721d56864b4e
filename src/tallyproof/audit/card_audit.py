"""Audits of cards as problems: what was drawn, card by card, to the risk of every assertion and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from tallyproof.audit.assertion import Claims, Status, Tally
from tallyproof.audit.assorter import interpretation
from tallyproof.audit.contest import Contest, Count, RiskLimit, claims_of
from tallyproof.audit.discrepancy import counts_of, pairs_of, risk_of
from tallyproof.audit.drawn_cards import (
    Design,
    DrawnCards,
    PoolTotals,
    compared_values,
    design_of,
    drawn_card,
    draws_of,
    polled_values,
    pools_of,
)
from tallyproof.audit.hand_count import hand_count_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.methods import AdaptiveBet, AlphaShrink, Cobra, Method, OneBet, measured
from tallyproof.audit.overstatement import Comparison
from tallyproof.audit.totals import check_pools
from tallyproof.audit.verdict import Decision, MeasuredAssertion, decide
from tallyproof.errors import RequestError
from tallyproof.risk.function import Population
from tallyproof.risk.supersimple import GAMMA


class CardAudit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="card_audit"):
    """A card audit of one contest: comparison, comparison with pools (ONEAudit), or polling.

    The reported votes must be those of the records and pools; without a ``record`` or ``pool`` for every
    card drawn the audit polls, and looks at paper only. With ``styles`` all cards bear the contest. The
    default method is COBRA's bet, an adaptive bet where there are pools, ALPHA where the audit polls.
    ``hand_count`` gives votes by choice of a full count, and in a ranked contest ``hand_count_rankings``.
    """

    contest: Contest
    drawn: tuple[DrawnCards, ...] = ()
    pools: dict[str, PoolTotals] = {}
    styles: bool = True
    with_replacement: bool = False
    method: Method | None = None
    risk_limit: RiskLimit = 0.05
    examined: Annotated[Count, Meta(description="different cards examined")] | None = None
    hand_count: dict[str, Count] | None = None
    hand_count_rankings: tuple[EqualBallots, ...] = ()
    not_found: Count = 0


class AssertionRisk(msgspec.Struct, frozen=True):
    """A claim, its margin over the records, and the measured risk that it is false."""

    claim: str
    margin: float
    risk: float
    disproved: bool


class CardAuditAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="card_audit"):
    """The verdict, why, and every assertion's risk; ``design`` says what kind of audit it was."""

    verdict: str
    sentence: str
    reasons: tuple[str, ...]
    design: Design
    draws: int
    assertions: tuple[AssertionRisk, ...]


class SuperSimple(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="super_simple"
):
    """The super-simple risk of a plurality contest, from the cards drawn with their records.

    ``clean`` cards more were drawn whose records are right. ``conservative`` counts whole votes against
    the smallest margin, as programs publish it.
    """

    contest: Contest
    drawn: tuple[DrawnCards, ...] = ()
    clean: Count = 0
    gamma: Annotated[float, Meta(gt=1)] = GAMMA
    conservative: bool = False


class SuperSimpleAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="super_simple"):
    """The risk, and draws over- and understated by one and two votes (the largest over pairs)."""

    risk: float
    draws: int
    diluted_margin: str
    over_one: float
    over_two: float
    under_one: float
    under_two: float


def solve_card_audit(problem: CardAudit) -> CardAuditAnswer:
    """Risk of every assertion and the verdict. Raises RequestError for cards that are not of the contest."""
    tally, claims = claims_of(problem.contest)
    design = design_of(problem.drawn, problem.pools)
    draws = sum(each.times for each in problem.drawn)
    found = [_measured(each) for each in samples(problem, tally, claims, design)]
    examined = problem.examined or 0  # draws that are all the cards settle each assertion by their values
    by_hand = hand_count_of(
        problem.contest, claims, problem.hand_count, problem.hand_count_rankings, problem.not_found
    )
    decision = decide(claims, found, problem.risk_limit, tally.cards, examined, by_hand)
    return _answer(decision, design, draws, found)


def solve_super_simple(problem: SuperSimple) -> SuperSimpleAnswer:
    """P with each card's overstatement the largest over pairs of error / margin of that pair."""
    tally, claims = claims_of(problem.contest)
    if problem.contest.rule != "plurality" or claims.status is not Status.ASSERTIONS:
        raise RequestError(
            f"'contest' must be a plurality contest with a winner and a loser: {claims.sentence}"
        )
    pairs = pairs_of(tally, problem.contest.seats)
    cards = [drawn_card(each, problem.contest, claims) for each in problem.drawn]
    if any(card.record is None for card in cards):
        raise RequestError(
            "'drawn' cards must each have a 'record'; write \"not found\" where there is none."
        )
    blank = interpretation((), len(tally.votes))
    times = (each.times for each in problem.drawn)
    compared = [(card.record or blank, card.paper, many) for card, many in zip(cards, times, strict=True)]
    compared.append((blank, blank, problem.clean))
    p = risk_of(compared, pairs, problem.gamma, problem.conservative)
    draws = sum(many for *_, many in compared)
    return SuperSimpleAnswer(p, draws, str(pairs.diluted_margin), *counts_of(compared, pairs).counts)


@dataclass(frozen=True, eq=False)
class Sampled:
    """An assertion's values in draw order, the population they are from, and how they are judged.

    ``expected`` is the mean if all is as reported, ``margin`` the assertion's v.
    """

    claim: str
    margin: float
    values: NDArray[np.float64]
    population: Population
    method: Method
    expected: float


def samples(problem: CardAudit, tally: Tally, claims: Claims, design: Design) -> list[Sampled]:
    """What the cards drawn say of each assertion."""
    draws = draws_of(problem.drawn, problem.contest, claims)
    if claims.assertions:
        check_pools(
            problem.pools, draws, problem.contest, tally, claims, problem.with_replacement, problem.styles
        )
    size = None if problem.with_replacement else tally.cards
    found = []
    for place, each in enumerate(claims.assertions):
        v, u = tally.margin(each), each.assorter.upper
        if design == "polling":
            values = polled_values(each, draws, problem.styles)
            population, expected = Population(float(u), 0.5, size), float(1 + v) / 2
        else:
            comparison = Comparison(each.assorter, v, problem.styles)
            pools = pools_of(problem.pools, problem.contest, claims, place)
            values = compared_values(comparison, pools, draws)
            population, expected = comparison.population(size), float(comparison.no_error)
        method = problem.method or usual_method(design)
        found.append(Sampled(each.claim, float(v), values, population, method, expected))
    return found


def usual_method(design: Design) -> OneBet:
    """COBRA's bet for records, an adaptive one where there are pools, ALPHA for paper alone."""
    if design == "polling":
        return AlphaShrink()
    return AdaptiveBet() if design == "comparison with pools" else Cobra()


def _measured(each: Sampled) -> MeasuredAssertion:
    history = measured(each.values, each.population, each.method, each.expected)
    disproved = bool(len(each.values) and history.null_certain[-1])
    return MeasuredAssertion(each.claim, each.margin, float(history.p_value), disproved)


def _answer(
    decision: Decision,
    design: Design,
    draws: int,
    found: list[MeasuredAssertion],
) -> CardAuditAnswer:
    risks = tuple(AssertionRisk(each.claim, each.margin, each.risk, each.disproved) for each in found)
    return CardAuditAnswer(decision.verdict.value, decision.sentence, decision.reasons, design, draws, risks)
