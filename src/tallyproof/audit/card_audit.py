"""Audits of cards as problems: what was drawn, card by card, to the risk of every assertion and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from tallyproof.audit.assertion import Assertion, Status, Tally
from tallyproof.audit.assorter import NOT_FOUND, NOT_ON_CARD, Column, Interpretation, interpretation
from tallyproof.audit.contest import Contest, Count, RiskLimit, claims_of
from tallyproof.audit.discrepancy import counts, pairs_of, super_simple_risk
from tallyproof.audit.methods import AdaptiveBet, AlphaShrink, Cobra, Method, measured
from tallyproof.audit.overstatement import Comparison, paper_value
from tallyproof.audit.pools import DrawnCard, Pool, oneaudit_values, pool_of_totals
from tallyproof.audit.verdict import Decision, HandCount, MeasuredAssertion, decide
from tallyproof.errors import RequestError
from tallyproof.risk.function import Population
from tallyproof.risk.supersimple import GAMMA

Times = Annotated[int, Meta(ge=1, le=10_000_000)]


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a card or its record shows of the contest: marks by choice, or points; or that it is not there.

    No marks is no vote; more marks than the contest allows is an overvote.
    """

    marks: tuple[str, ...] = ()
    points: dict[str, Count] | None = None
    state: Literal["seen", "contest not on card", "not found"] = "seen"


class DrawnCards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sampled card: its paper, and its own record or the pool it belongs to; ``times`` like it in a row."""

    paper: Shown
    record: Shown | None = None
    pool: str | None = None
    times: Times = 1


class PoolTotals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pool's cards that may bear the contest, and its reported votes by choice."""

    cards: Annotated[int, Meta(ge=1)]
    votes: dict[str, Count]


class CardAudit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="card_audit"):
    """A card audit of one contest: comparison, comparison with pools (ONEAudit), or polling.

    The reported votes must be those of the records and pools; without a ``record`` or ``pool`` for every
    card drawn the audit polls, and looks at paper only. With ``styles`` all cards bear the contest. The
    default method is COBRA's bet, an adaptive bet where there are pools, ALPHA where the audit polls.
    ``hand_count`` gives votes by choice of a full count.
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
    design: Literal["comparison", "comparison with pools", "polling"]
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
    design = _design(problem)
    cards = [_drawn(each, problem.contest) for each in problem.drawn]
    times = np.array([each.times for each in problem.drawn], dtype=np.int64)
    draws = int(times.sum())
    found = []
    if claims.status is Status.ASSERTIONS:
        found = [_measure(problem, tally, each, cards, times, design) for each in claims.assertions]
    different = 0 if problem.with_replacement else min(draws, tally.cards)  # a draw may repeat a card
    examined = different if problem.examined is None else problem.examined
    decision = decide(claims, found, problem.risk_limit, tally.cards, examined, _by_hand(problem))
    return _answer(decision, design, draws, found)


def solve_super_simple(problem: SuperSimple) -> SuperSimpleAnswer:
    """P with each card's overstatement the largest over pairs of error / margin of that pair."""
    tally, claims = claims_of(problem.contest)
    if problem.contest.rule != "plurality" or claims.status is not Status.ASSERTIONS:
        raise RequestError(
            f"'contest' must be a plurality contest with a winner and a loser: {claims.sentence}"
        )
    pairs = pairs_of(tally, problem.contest.seats)
    cards = [_drawn(each, problem.contest) for each in problem.drawn]
    if any(card.record is None for card in cards):
        raise RequestError(
            "'drawn' cards must each have a 'record'; write \"not found\" where there is none."
        )
    blank = interpretation((), len(tally.votes))
    kinds = [(card.record or blank, card.paper) for card in cards] + [(blank, blank)]
    times = [each.times for each in problem.drawn] + [problem.clean]
    codes = np.repeat(np.arange(len(kinds)), times)
    records, papers = (Column(codes, tuple(side)) for side in zip(*kinds, strict=True))
    found = counts(records, papers, pairs)
    p = super_simple_risk(records, papers, pairs, problem.gamma, problem.conservative)
    return SuperSimpleAnswer(p, len(codes), str(pairs.diluted_margin), *found.counts)


def _design(problem: CardAudit) -> Literal["comparison", "comparison with pools", "polling"]:
    compared = [each.record is not None or each.pool is not None for each in problem.drawn]
    if any(compared) and not all(compared):
        raise RequestError("'drawn' cards must all have a 'record' or a 'pool', or none of them.")
    if problem.pools:
        return "comparison with pools"
    return "comparison" if any(compared) or not compared else "polling"


def _measure(
    problem: CardAudit,
    tally: Tally,
    assertion: Assertion,
    cards: list[DrawnCard],
    times: NDArray[np.int64],
    design: str,
) -> MeasuredAssertion:
    v = tally.margin(assertion)
    size = None if problem.with_replacement else tally.cards
    if design == "polling":
        values = [float(paper_value(assertion.assorter, card.paper, problem.styles)) for card in cards]
        population = Population(float(assertion.assorter.upper), 0.5, size)
        expected, usual = float(1 + v) / 2, AlphaShrink()
        sample = np.repeat(np.array(values), times)
    else:
        comparison = Comparison(assertion.assorter, v, problem.styles)
        sample = _compared(comparison, _pools(problem, assertion), cards, times)
        population, expected = comparison.population(size), float(comparison.no_error)
        usual = AdaptiveBet() if problem.pools else Cobra()  # type: ignore[assignment]
    history = measured(sample, population, problem.method or usual, expected)
    disproved = bool(len(sample) and history.null_certain[-1])
    return MeasuredAssertion(assertion.claim, float(v), float(history.p_value), disproved)


def _compared(
    comparison: Comparison, pools: Mapping[str, Pool], cards: list[DrawnCard], times: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Values of all draws; cards whose record lacks the contest are left out with styles."""
    parts = [
        np.repeat(oneaudit_values(comparison, pools, [card]), count)
        for card, count in zip(cards, times, strict=True)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _pools(problem: CardAudit, assertion: Assertion) -> dict[str, Pool]:
    names = list(problem.contest.votes)
    for name, pool in problem.pools.items():
        if set(pool.votes) - set(names):
            raise RequestError(f"'pools': {name} has votes for what is no choice of the contest.")
    if sum(pool.cards for pool in problem.pools.values()) > problem.contest.cards:
        raise RequestError("'pools' hold more cards than the contest has.")
    return {
        name: pool_of_totals(assertion.assorter, [pool.votes.get(choice, 0) for choice in names], pool.cards)
        for name, pool in problem.pools.items()
    }


def _drawn(given: DrawnCards, contest: Contest) -> DrawnCard:
    record = None if given.record is None else shown(given.record, contest)
    return DrawnCard(shown(given.paper, contest), record, given.pool)


def shown(given: Shown, contest: Contest) -> Interpretation:
    """What a card shows, in the order of the contest's choices. Raises RequestError for unknown choices."""
    if given.state != "seen":
        return NOT_FOUND if given.state == "not found" else NOT_ON_CARD
    names = list(contest.votes)
    unknown = [name for name in (*given.marks, *(given.points or ())) if name not in names]
    if unknown:
        raise RequestError(f"'drawn': {unknown[0]} is none of the choices: {', '.join(names)}.")
    if given.points is not None:
        points = tuple(given.points.get(name, 0) for name in names)
        if max(points) > contest.points:
            raise RequestError(f"'points' of a card must be at most {contest.points} for a choice.")
        return Interpretation(points) if any(points) else interpretation((), len(names))
    return interpretation([names.index(name) for name in given.marks], len(names), contest.votes_per_card)


def _by_hand(problem: CardAudit) -> HandCount | None:
    """The full hand count, read by the contest's own rule."""
    if problem.hand_count is None:
        return None
    if set(problem.hand_count) != set(problem.contest.votes):
        raise RequestError("'hand_count' must have votes for every choice of the contest and no other.")
    votes = {name: problem.hand_count[name] for name in problem.contest.votes}
    found = problem.contest.cards - problem.not_found
    if found < 1:
        raise RequestError("'not_found' must be less than the contest's cards.")
    paper = msgspec.structs.replace(problem.contest, votes=votes, cards=found, winners=None)
    tally, claims = claims_of(paper)
    return HandCount(claims, tally, problem.not_found)


def _answer(
    decision: Decision,
    design: Literal["comparison", "comparison with pools", "polling"],
    draws: int,
    found: list[MeasuredAssertion],
) -> CardAuditAnswer:
    risks = tuple(AssertionRisk(each.claim, each.margin, each.risk, each.disproved) for each in found)
    return CardAuditAnswer(decision.verdict.value, decision.sentence, decision.reasons, design, draws, risks)
