"""Batch comparison audits as problems: bounds, first round, the risk of what was drawn, a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.assertion import Assertion, Claims, Status, Tally, above, plurality
from tallyproof.audit.assorter import HALF
from tallyproof.audit.batch_assorter import BatchComparison
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.audit.contest import Contest, Count, RiskLimit, claims_of
from tallyproof.audit.drawn_cards import totals_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.verdict import MeasuredAssertion, decide
from tallyproof.errors import RequestError
from tallyproof.risk.betting import Agrapa
from tallyproof.risk.wealth import history

Row: TypeAlias = tuple[Batch, tuple[int, ...], int]


class ReportedBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch, its cards by the ballot manifest, and its reported votes by choice, or its rankings."""

    name: str
    cards: Count
    votes: dict[str, Count] = {}
    rankings: tuple[EqualBallots, ...] = ()


class DrawnBatches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Audited votes (or rankings) of a batch, or of several ``names`` that were counted together.

    ``times`` is how often it was drawn; for batches counted together, how often any of them was.
    """

    names: Annotated[tuple[str, ...], Meta(min_length=1)]
    votes: dict[str, Count] = {}
    times: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    rankings: tuple[EqualBallots, ...] = ()


class BatchAudit(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="batch_audit"
):
    """A batch comparison audit: batches drawn in proportion to their error bounds, with replacement.

    ``claims`` chooses what is tested: what the contest's rule needs ("outcome"), or only that each winner
    leads each loser ("pairs"), or pairs and that the winner has a majority ("majority"). ``lost`` cards are
    pending or in no batch. ``method`` "macro" is what states publish; "assorter" tests each claim as a mean
    from batches drawn in proportion to ``chances`` (all of one claim).
    """

    contest: Contest
    batches: Annotated[tuple[ReportedBatch, ...], Meta(min_length=1)]
    drawn: tuple[DrawnBatches, ...] = ()
    claims: Literal["outcome", "pairs", "majority"] = "outcome"
    lost: Count = 0
    risk_limit: RiskLimit = 0.05
    method: Literal["macro", "assorter"] = "macro"


class BatchBound(msgspec.Struct, frozen=True):
    """A batch and its chance weight: the error bound, or the assorter's sum."""

    batch: str
    bound: str


class BatchAuditAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="batch_audit"):
    """``total_bound`` is U; ``first_round`` the draws planned, one more than an audit without error needs."""

    verdict: str
    sentence: str
    reasons: tuple[str, ...]
    risk: float
    draws: int
    total_bound: float
    first_round: int | None
    taints: tuple[float, ...]
    bounds: tuple[BatchBound, ...]


def solve_batch_audit(problem: BatchAudit) -> BatchAuditAnswer:
    """The risk of the batches drawn and the verdict. Raises RequestError for unknown batches and choices."""
    tally, claims = _claims(problem)
    if claims.status is not Status.ASSERTIONS:
        decision = decide(claims, [], problem.risk_limit, tally.cards, 0)
        return BatchAuditAnswer(
            decision.verdict.value, decision.sentence, decision.reasons, 1.0, 0, 0.0, None, (), ()
        )
    batches = tuple(Batch(each.name, _votes(problem, claims, each), each.cards) for each in problem.batches)
    _check_totals(tally, batches, problem.lost)
    contest = BatchContest(tally, claims.assertions, batches, problem.lost)
    if problem.method == "assorter":
        return _by_assorter(problem, contest, claims)
    return _by_macro(problem, contest, claims)


def _by_macro(problem: BatchAudit, contest: BatchContest, claims: Claims) -> BatchAuditAnswer:
    rows = _audited(problem, contest, claims)
    sample = [(batch, votes) for batch, votes, times in rows for _ in range(times)]
    p = contest.p_value(sample)
    measured = [
        MeasuredAssertion(each.claim, float(contest.tally.margin(each)), p) for each in contest.assertions
    ]
    decision = decide(claims, measured, problem.risk_limit, contest.tally.cards, 0)
    return BatchAuditAnswer(
        decision.verdict.value,
        decision.sentence,
        decision.reasons,
        p,
        len(sample),
        float(contest.total_bound),
        contest.first_round(problem.risk_limit),
        tuple(float(contest.taint(batch, votes)) for batch, votes, _ in rows),
        tuple(BatchBound(name, str(bound)) for name, bound in contest.bounds.items()),
    )


def _by_assorter(problem: BatchAudit, contest: BatchContest, claims: Claims) -> BatchAuditAnswer:
    """One claim, from batches drawn in proportion to what its assorter adds up to in them."""
    if len(contest.assertions) > 1:
        raise RequestError(
            "'method' \"assorter\" draws for one claim; this contest has "
            f'{len(contest.assertions)}. Audit each alone, or use "macro".'
        )
    (claim,) = contest.assertions
    comparison = BatchComparison(claim, contest.batches, problem.lost)
    rows = _audited(problem, contest, claims)
    values = [
        float(
            min(
                comparison.sum_of(votes, batch.cards) / comparison.sum_of(batch.votes, batch.cards),
                comparison.ceiling,
            )
        )
        for batch, votes, _ in rows
    ]
    sample = np.repeat(np.array(values), [times for *_, times in rows])
    bet = Agrapa(1.0, 0.05, 20)
    p = float(history(sample, comparison.population_by_size, bet).p_value)
    measured = [MeasuredAssertion(claim.claim, float(comparison.margin), p)]
    decision = decide(claims, measured, problem.risk_limit, contest.tally.cards, 0)
    return BatchAuditAnswer(
        decision.verdict.value,
        decision.sentence,
        decision.reasons,
        p,
        len(sample),
        float(1 + 1 / comparison.margin),
        None,
        tuple(1 - value for value in values),
        tuple(BatchBound(name, str(total)) for name, total in comparison.sums.items()),
    )


def _claims(problem: BatchAudit) -> tuple[Tally, Claims]:
    tally, claims = claims_of(problem.contest)
    if problem.claims == "outcome" or claims.status is not Status.ASSERTIONS:
        return tally, claims
    if problem.contest.rule == "irv":
        raise RequestError("'claims' of a ranked contest must be \"outcome\".")
    pairs = plurality(tally, problem.contest.seats)
    if problem.claims == "pairs" or pairs.status is not Status.ASSERTIONS:
        return tally, pairs
    leader = tally.ranked[0]
    if 2 * tally.votes[leader] <= sum(tally.votes.values()):
        raise RequestError(f"'claims' cannot be \"majority\": {leader} has no majority of the votes.")
    more: tuple[Assertion, ...] = (*pairs.assertions, above(tally, leader, HALF))
    return tally, Claims(pairs.status, pairs.sentence, pairs.outcome, more)


def _check_totals(tally: Tally, batches: Sequence[Batch], lost: int) -> None:
    """Refuse batches that do not add up to what was reported: errors could hide between the two."""
    for batch in batches:
        _check_cards(tally, batch, batch.votes)
    cards = sum(batch.cards for batch in batches)
    if cards > tally.cards:
        raise RequestError(f"'batches' hold {cards:,} cards, the contest has {tally.cards:,}.")
    votes = [sum(column) for column in zip(*(batch.votes for batch in batches), strict=True)]
    missing = [told - found for told, found in zip(tally.votes.values(), votes, strict=True)]
    if min(missing) < 0 or sum(missing) > tally.per_card * lost:
        raise RequestError(
            f"'batches' must have the contest's votes in all, but for those on the {lost:,} 'lost' cards; "
            "settle the difference before an audit."
        )


def _check_cards(tally: Tally, batch: Batch, votes: Sequence[int]) -> None:
    """Refuse more votes than a batch's cards can bear: its error bound would be none."""
    for count, bears, kind in (
        (max(votes), tally.per_choice * batch.cards, " for one choice"),
        (sum(votes), tally.per_card * batch.cards, ""),
    ):
        if count > bears:
            raise RequestError(
                f"'votes' of {batch.name} are {count:,}{kind}; "
                f"its {batch.cards:,} 'cards' bear at most {bears:,}."
            )


def _audited(problem: BatchAudit, contest: BatchContest, claims: Claims) -> list[Row]:
    """The batches drawn, or counted together, with their audited votes and how often they were drawn."""
    rows = [(_row(contest, each), _votes(problem, claims, each), each.times) for each in problem.drawn]
    for batch, votes, _ in rows:
        _check_cards(contest.tally, batch, votes)
    return rows


def _row(contest: BatchContest, drawn: DrawnBatches) -> Batch:
    return contest.combined(" and ".join(drawn.names), set(drawn.names))


def _votes(problem: BatchAudit, claims: Claims, given: ReportedBatch | DrawnBatches) -> tuple[int, ...]:
    return totals_of(given.votes, given.rankings, problem.contest, claims, "'votes'")
