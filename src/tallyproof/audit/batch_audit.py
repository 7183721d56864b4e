"""Batch comparison audits as problems: bounds, first round, the risk of what was drawn, a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.assertion import Claims, Status, Tally, above, plurality, scores
from tallyproof.audit.assorter import HALF
from tallyproof.audit.batch_assorter import BatchClaims, BatchComparison
from tallyproof.audit.batch_error import Batch, BatchContest, unauditable
from tallyproof.audit.contest import Contest, Count, RiskLimit, Rule, claims_of
from tallyproof.audit.drawn_cards import MOST_DRAWS, totals_of
from tallyproof.audit.hand_count import hand_count_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.totals import check_bearable
from tallyproof.audit.verdict import HandCount, MeasuredAssertion, decide
from tallyproof.errors import RequestError
from tallyproof.risk.betting import Agrapa
from tallyproof.risk.wealth import history


@dataclass(frozen=True)
class Row:
    """A batch as reported, its audited votes, how often it was drawn, and its cards that were not found."""

    batch: Batch
    votes: tuple[int, ...]
    times: int
    missing: int


class ReportedBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch, its cards by the ballot manifest, and its reported votes by choice, or its rankings."""

    name: str
    cards: Count
    votes: dict[str, Count] = {}
    rankings: tuple[EqualBallots, ...] = ()


class DrawnBatches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Audited votes (or rankings) of a batch, or of several ``names`` that were counted together.

    ``times`` is how often it was drawn; for batches counted together, how often any of them was. ``missing``
    cards of the manifest were not found in it, and count against every claim.
    """

    names: Annotated[tuple[str, ...], Meta(min_length=1)]
    votes: dict[str, Count] = {}
    times: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    rankings: tuple[EqualBallots, ...] = ()
    missing: Count = 0


class BatchAudit(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="batch_audit"
):
    """A batch comparison audit: batches drawn in proportion to their error bounds, with replacement.

    ``claims`` chooses what is tested: what the contest's rule needs ("outcome"), or only that each winner
    leads each loser ("pairs"), or pairs and that the winner has a majority ("majority"). Cards that the
    contest has beyond those of the batches are lost; ``lost`` tells of all that are pending or in no batch,
    where they are more. ``method`` "macro" is what states publish; "assorter" tests each claim as a mean.
    Once all batches are counted, and no card is lost, the verdict is that of a full hand count, as with a
    ``hand_count`` of its own (and ``hand_count_rankings`` in a ranked contest).
    """

    contest: Contest
    batches: Annotated[tuple[ReportedBatch, ...], Meta(min_length=1)]
    drawn: tuple[DrawnBatches, ...] = ()
    claims: Literal["outcome", "pairs", "majority"] = "outcome"
    lost: Count = 0
    risk_limit: RiskLimit = 0.05
    method: Literal["macro", "assorter"] = "macro"
    hand_count: dict[str, Count] | None = None
    hand_count_rankings: tuple[EqualBallots, ...] = ()
    not_found: Count = 0


class BatchBound(msgspec.Struct, frozen=True):
    """A batch and its chance weight: the error bound, or for one claim's assorter its sum."""

    batch: str
    bound: str


class BatchAuditAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="batch_audit"):
    """``total_bound`` is U; ``first_round`` the draws planned, one more than an audit without error needs.

    ``lost`` are the cards that counted against every claim because no batch holds them.
    """

    verdict: str
    sentence: str
    reasons: tuple[str, ...]
    risk: float
    draws: int
    total_bound: float
    first_round: int | None
    taints: tuple[float, ...]
    bounds: tuple[BatchBound, ...]
    lost: int = 0


def solve_batch_audit(problem: BatchAudit) -> BatchAuditAnswer:
    """The risk of the batches drawn and the verdict. Raises RequestError for unknown batches and choices."""
    contest_tested, tally, claims = _tested(problem)
    if claims.status is not Status.ASSERTIONS:
        by_hand = counted_batches(problem, contest_tested, claims)
        return _without_sample(problem, tally, claims, by_hand)
    batches = tuple(Batch(each.name, _votes(problem, claims, each), each.cards) for each in problem.batches)
    lost = _lost(problem, unauditable(tally, batches))
    _check_totals(tally, claims, batches, lost)
    contest = BatchContest(tally, claims.assertions, batches, lost)
    rows = _audited(problem, contest, claims)
    by_hand = counted_batches(problem, contest_tested, claims)
    no_sample = min(contest.left) <= 0 or any(contest.bound(row.batch) <= 0 for row in rows)
    if by_hand is not None and no_sample:
        return _without_sample(problem, tally, claims, by_hand, lost)
    return _with_sample(problem, contest, claims, rows, by_hand)


def _with_sample(
    problem: BatchAudit,
    contest: BatchContest,
    claims: Claims,
    rows: Sequence[Row],
    by_hand: HandCount | None,
) -> BatchAuditAnswer:
    found = _by_assorter(contest, rows) if problem.method == "assorter" else _by_macro(contest, rows)
    measured = [
        MeasuredAssertion(each.claim, float(Fraction(margin, contest.tally.cards * lead[-1])), risk)
        for each, margin, lead, risk in zip(
            contest.assertions, contest.margins, contest.leads, found.risks, strict=True
        )
    ]
    decision = decide(claims, measured, problem.risk_limit, contest.tally.cards, 0, by_hand)
    return BatchAuditAnswer(
        decision.verdict.value,
        decision.sentence,
        decision.reasons,
        max(found.risks),
        sum(row.times for row in rows),
        float(contest.total_bound),
        contest.first_round(problem.risk_limit) if problem.method == "macro" else None,
        tuple(float(taint) for taint in found.taints),
        _chances(contest, problem.method),
        contest.lost,
    )


@dataclass(frozen=True)
class _Found:
    """The risk of each claim, and the taint of each row."""

    risks: tuple[float, ...]
    taints: tuple[Fraction, ...]


def _by_macro(contest: BatchContest, rows: Sequence[Row]) -> _Found:
    taints = tuple(contest.taint(row.batch, row.votes, row.missing) for row in rows)
    risk = contest.p_of_taints(taints, [row.times for row in rows])
    return _Found((risk,) * len(contest.assertions), taints)


def _by_assorter(contest: BatchContest, rows: Sequence[Row]) -> _Found:
    """Each claim as a mean, all from the same draws."""
    tested = BatchClaims(contest)
    values = [tested.values(row.batch, row.votes, row.missing) for row in rows]
    times = [row.times for row in rows]
    bet = Agrapa(1.0, 0.05, 20)
    each = (np.array([float(value[place]) for value in values]) for place in range(len(contest.assertions)))
    risks = tuple(float(history(np.repeat(x, times), tested.population, bet).p_value) for x in each)
    return _Found(risks, tuple(1 - min(value) for value in values))


def _chances(contest: BatchContest, method: str) -> tuple[BatchBound, ...]:
    """What batches are drawn in proportion to."""
    weights = contest.bounds
    if method == "assorter" and len(contest.assertions) == 1:
        weights = BatchComparison(contest.assertions[0], contest.batches, contest.lost).sums
    return tuple(BatchBound(name, str(weight)) for name, weight in weights.items())


def _without_sample(
    problem: BatchAudit, tally: Tally, claims: Claims, by_hand: HandCount | None, lost: int = 0
) -> BatchAuditAnswer:
    """The verdict where no sample could say anything."""
    decision = decide(claims, [], problem.risk_limit, tally.cards, 0, by_hand)
    verdict, sentence, reasons = decision.verdict.value, decision.sentence, decision.reasons
    return BatchAuditAnswer(verdict, sentence, reasons, 1.0, 0, 0.0, None, (), (), lost)


def _tested(problem: BatchAudit) -> tuple[Contest, Tally, Claims]:
    """What is claimed, and the contest by the rule that makes it an outcome."""
    contest = problem.contest
    tally, claims = claims_of(contest)
    if problem.claims == "outcome" or claims.status is not Status.ASSERTIONS:
        return contest, tally, claims
    if contest.rule == "irv":
        raise RequestError("'claims' of a ranked contest must be \"outcome\".")
    scored = contest.rule == "score"
    pairs = scores(tally, contest.seats, contest.points) if scored else plurality(tally, contest.seats)
    by_pairs = _by_rule(contest, "score" if scored else "plurality")
    if problem.claims == "pairs" or pairs.status is not Status.ASSERTIONS:
        return by_pairs, tally, pairs
    leader = tally.ranked[0]
    majority = above(tally, leader, HALF)
    if 2 * tally.votes[leader] <= sum(tally.votes.values()):
        raise RequestError(f"'claims' cannot be \"majority\": {leader} has no majority of the votes.")
    both = Claims(pairs.status, pairs.sentence, pairs.outcome, (*pairs.assertions, majority))
    return _by_rule(contest, "majority_or_runoff") if contest.seats == 1 else by_pairs, tally, both


def _by_rule(contest: Contest, rule: Rule) -> Contest:
    return msgspec.structs.replace(contest, rule=rule, threshold=None, share=None, choice=None)


def _lost(problem: BatchAudit, in_no_batch: int) -> int:
    """Cards that nobody can draw: what the contest has beyond the batches, or more where that is told."""
    if 0 < problem.lost < in_no_batch:
        raise RequestError(
            f"'lost' is {problem.lost:,}; {in_no_batch:,} of the contest's cards are in no batch. It must "
            "count those and all pending ones; without it those in no batch are counted."
        )
    return max(problem.lost, in_no_batch)


def _check_totals(tally: Tally, claims: Claims, batches: Sequence[Batch], lost: int) -> None:
    """Refuse batches that do not add up to what was reported: errors could hide between the two."""
    for batch in batches:
        check_bearable(tally, claims, batch.votes, batch.cards, batch.name)
    votes = [sum(column) for column in zip(*(batch.votes for batch in batches), strict=True)]
    absent = [told - found for told, found in zip(tally.votes.values(), votes, strict=True)]
    if min(absent) < 0 or max(absent) > tally.per_choice * lost or sum(absent) > tally.per_card * lost:
        raise RequestError(
            f"'batches' must have the contest's votes in all, but for those on the {lost:,} 'lost' cards; "
            "settle the difference before an audit."
        )


def _audited(problem: BatchAudit, contest: BatchContest, claims: Claims) -> list[Row]:
    """The batches drawn, or counted together, with their audited votes and how often they were drawn."""
    rows = [_row(problem, contest, claims, each) for each in problem.drawn]
    if sum(row.times for row in rows) > MOST_DRAWS:
        raise RequestError(f"'drawn' must be at most {MOST_DRAWS:,} draws in all.")
    check_one_count(problem.drawn)
    return rows


def _row(problem: BatchAudit, contest: BatchContest, claims: Claims, drawn: DrawnBatches) -> Row:
    batch = contest.combined(" and ".join(drawn.names), set(drawn.names))
    if drawn.missing > batch.cards:
        raise RequestError(f"'missing' of {batch.name} is {drawn.missing:,} of its {batch.cards:,} cards.")
    votes = _votes(problem, claims, drawn)
    check_bearable(contest.tally, claims, votes, batch.cards - drawn.missing, batch.name)
    return Row(batch, votes, drawn.times, drawn.missing)


def _votes(problem: BatchAudit, claims: Claims, given: ReportedBatch | DrawnBatches) -> tuple[int, ...]:
    return totals_of(given.votes, given.rankings, problem.contest, claims, "'votes'")


def check_one_count(drawn: Sequence[DrawnBatches]) -> None:
    """Refuse two different counts of a batch; one that was drawn again is told with the same count."""
    found: dict[str, tuple[object, ...]] = {}
    for each in drawn:
        votes = {name: votes for name, votes in each.votes.items() if votes}
        count = (set(each.names), votes, each.rankings, each.missing)
        for name in each.names:
            if found.setdefault(name, count) != count:
                raise RequestError(
                    f"'drawn' has two different counts of batch {name}; settle which is right."
                )


def counted_batches(problem: BatchAudit, contest: Contest, claims: Claims) -> HandCount | None:
    """The full hand count: as told, or what the batches add up to once all of them are counted.

    ``contest`` has the rule by which ``claims`` were made.
    """
    if problem.hand_count is not None or problem.not_found or problem.hand_count_rankings:
        return hand_count_of(
            contest, claims, problem.hand_count, problem.hand_count_rankings, problem.not_found
        )
    check_one_count(problem.drawn)
    counted = {frozenset(each.names): each for each in problem.drawn}
    names = {each.name for each in problem.batches}
    unknown = next((each.names for each in problem.drawn if not names.issuperset(each.names)), None)
    if unknown is not None:
        raise RequestError(f"'names' of {' and '.join(unknown)} must all be batches of the contest.")
    named = {name for together in counted for name in together}
    if not counted or {each.name for each in problem.batches if each.cards} - named:
        return None
    cards = sum(each.cards for each in problem.batches)
    lost = max(problem.lost, contest.cards - cards)
    not_found = lost + sum(each.missing for each in counted.values())
    if not_found >= cards + lost:
        return None
    whole = msgspec.structs.replace(contest, cards=cards + lost)
    rankings = tuple(equal for each in counted.values() for equal in each.rankings)
    return hand_count_of(whole, claims, _all_votes(contest, counted.values()), rankings, not_found)


def _all_votes(contest: Contest, counted: Iterable[DrawnBatches]) -> dict[str, int]:
    """Votes (first preferences) of all batches together."""
    votes: Counter[str] = Counter(dict.fromkeys(contest.votes, 0))
    for each in counted:
        votes.update(each.votes)
        for equal in each.rankings:
            votes.update(dict.fromkeys(equal.ranking[:1], equal.ballots))
    return dict(votes)
