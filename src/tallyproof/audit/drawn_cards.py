"""Sampled cards as problems tell them: what record and paper show, in the order that assorters read.

The totals of pools, batches and strata are read here too, so that ranked contests are told alike everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from tallyproof.audit.assertion import Assertion, Claims
from tallyproof.audit.assorter import NOT_FOUND, NOT_ON_CARD, OVERVOTE, Interpretation, interpretation
from tallyproof.audit.contest import Contest, Count, votes_for_choice, votes_on_card
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.overstatement import Comparison, paper_value
from tallyproof.audit.pools import DrawnCard, Pool, oneaudit_values, pool_of_totals
from tallyproof.audit.ranked import marks_in_all, ranked_card
from tallyproof.errors import RequestError

Design = Literal["comparison", "comparison with pools", "polling"]
MOST_DRAWS = 10_000_000
Times = Annotated[int, Meta(ge=1, le=MOST_DRAWS)]


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a card or its record shows of the contest: marks, points or a ranking; or that it is not there.

    No marks is no vote; more marks (or points) than the contest allows on a card is an overvote. A ranking is
    that which counts: overvoted, repeated and empty ranks are settled by the local rule before.
    """

    marks: tuple[str, ...] = ()
    points: dict[str, Count] | None = None
    ranking: tuple[str, ...] | None = None
    state: Literal["seen", "contest not on card", "not found"] = "seen"


class DrawnCards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sampled card: its paper, and its own record or the pool it belongs to; ``times`` like it in a row."""

    paper: Shown
    record: Shown | None = None
    pool: str | None = None
    times: Times = 1


class PoolTotals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pool's cards that may bear the contest, and its reported votes by choice, or its rankings."""

    cards: Annotated[int, Meta(ge=1)]
    votes: dict[str, Count] = {}
    rankings: tuple[EqualBallots, ...] = ()


def design_of(drawn: Sequence[DrawnCards], pools: Mapping[str, PoolTotals]) -> Design:
    """What kind of audit it is. Raises RequestError where some cards are compared and others only read."""
    compared = [each.record is not None or each.pool is not None for each in drawn]
    if any(compared) and not all(compared):
        raise RequestError("'drawn' cards must all have a 'record' or a 'pool', or none of them.")
    if pools:
        return "comparison with pools"
    return "comparison" if any(compared) or not compared else "polling"


@dataclass(frozen=True, eq=False)
class Draws:
    """Sampled cards in draw order: each a place in the short list of different ``kinds``."""

    kinds: tuple[DrawnCard, ...]
    codes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)


def draws_of(drawn: Sequence[DrawnCards], contest: Contest, claims: Claims) -> Draws:
    """The cards drawn, each as often as it is told. Raises RequestError for more than can be kept."""
    draws = sum(each.times for each in drawn)
    if draws > MOST_DRAWS:
        raise RequestError(f"'drawn' is {draws:,} cards in all; it must be at most {MOST_DRAWS:,}.")
    places: dict[DrawnCard, int] = {}
    codes = [places.setdefault(drawn_card(each, contest, claims), len(places)) for each in drawn]
    times = np.array([each.times for each in drawn], dtype=np.int64)
    return Draws(tuple(places), np.repeat(np.array(codes, dtype=np.int64), times))


def polled_values(assertion: Assertion, draws: Draws, styles: bool) -> NDArray[np.float64]:
    """Values of the papers of all draws."""
    values = [float(paper_value(assertion.assorter, kind.paper, styles)) for kind in draws.kinds]
    return np.asarray(np.array(values, dtype=np.float64)[draws.codes])


def compared_values(comparison: Comparison, pools: Mapping[str, Pool], draws: Draws) -> NDArray[np.float64]:
    """Values of all draws; cards whose record lacks the contest are left out with styles."""
    values = np.full(len(draws.kinds), np.nan)
    for place, kind in enumerate(draws.kinds):
        counted = oneaudit_values(comparison, pools, [kind])
        values[place] = counted[0] if len(counted) else np.nan
    told = values[draws.codes]
    return np.asarray(told[~np.isnan(told)])


def pools_of(
    pools: Mapping[str, PoolTotals], contest: Contest, claims: Claims, place: int
) -> dict[str, Pool]:
    """The pools as the assertion at ``place`` sees them: their cards and mean."""
    assorter = claims.assertions[place].assorter
    return {
        name: pool_of_totals(
            assorter, totals_of(pool.votes, pool.rankings, contest, claims, f"'pools': {name}"), pool.cards
        )
        for name, pool in pools.items()
    }


def totals_of(
    votes: Mapping[str, int],
    rankings: Sequence[EqualBallots],
    contest: Contest,
    claims: Claims,
    where: str,
) -> tuple[int, ...]:
    """Votes in the order of the tally; of a ranked contest marks for and against each assertion.

    Raises RequestError, beginning with ``where``, for unknown choices, and for rankings where they do not
    belong or are missing.
    """
    names = list(contest.votes)
    if contest.rule == "irv":
        if votes:
            raise RequestError(f"{where} has 'votes'; a ranked contest needs 'rankings'.")
        return marks_in_all(rankings, names, claims.ranked)
    unknown = [name for name in votes if name not in names]
    if unknown:
        raise RequestError(f"{where}: {unknown[0]} is none of the choices: {', '.join(names)}.")
    if rankings:
        raise RequestError(f"{where} has 'rankings'; they belong to the rule \"irv\".")
    return tuple(votes.get(choice, 0) for choice in names)


def drawn_card(given: DrawnCards, contest: Contest, claims: Claims) -> DrawnCard:
    """A sampled card in the order of the contest's choices, or of its assertions where it is ranked."""
    record = None if given.record is None else shown(given.record, contest, claims)
    return DrawnCard(shown(given.paper, contest, claims), record, given.pool)


def shown(given: Shown, contest: Contest, claims: Claims) -> Interpretation:
    """What a card shows, in the order of the contest's choices. Raises RequestError for unknown choices."""
    if given.state != "seen":
        return NOT_FOUND if given.state == "not found" else NOT_ON_CARD
    names = list(contest.votes)
    if contest.rule == "irv":
        if given.marks or given.points:
            raise RequestError("'drawn': a ranked contest's cards show a 'ranking'.")
        return ranked_card(given.ranking or (), names, claims.ranked)
    if given.ranking is not None:
        raise RequestError("'drawn': a 'ranking' is shown in a ranked contest only.")
    unknown = [name for name in (*given.marks, *(given.points or ())) if name not in names]
    if unknown:
        raise RequestError(f"'drawn': {unknown[0]} is none of the choices: {', '.join(names)}.")
    if given.points is not None:
        points = tuple(given.points.get(name, 0) for name in names)
        most = votes_for_choice(contest)
        if max(points) > most:
            raise RequestError(f"'points' of a card must be at most {most} for a choice.")
        if sum(points) > votes_on_card(contest):
            return OVERVOTE
        return Interpretation(points) if any(points) else interpretation((), len(names))
    return interpretation([names.index(name) for name in given.marks], len(names), contest.votes_per_card)
