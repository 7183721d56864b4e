"""How many cards an audit would take: by method, margin and rate of errors.

Closed forms where there are any. Elsewhere whole audits are simulated from a population in which errors occur
at exactly the rates stated; such figures carry their Monte Carlo error, two standard errors either way. A
simulation draws at most ``most_drawn`` cards: a few audits tell how many it can afford.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, get_args

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.card_audit import usual_method
from tallyproof.audit.contest import Cards, RiskLimit
from tallyproof.audit.methods import Rate, bet_of, clean_comparison_size
from tallyproof.audit.pools import kelly
from tallyproof.errors import RequestError
from tallyproof.risk import bravo
from tallyproof.risk.betting import FixedBet, cobra_bet
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.macro import macro_size, rule_of_thumb_size
from tallyproof.risk.rounds import Smallest, normal_votes, smallest_round
from tallyproof.risk.sample_size import Sizes, simulated_sizes
from tallyproof.risk.shuffle import Cards as Pile
from tallyproof.risk.shuffle import cards as pile_of
from tallyproof.risk.supersimple import Discrepancies, starting_size

SizeMethod = Literal[
    "comparison", "super_simple", "pools", "alpha_polling", "minerva", "bravo", "batch", "batch_rule"
]
NAMES: tuple[SizeMethod, ...] = get_args(SizeMethod)
COMPARED = ("comparison", "super_simple", "pools")
FEWEST = 20
"""Audits simulated at least; so many also tell how many a figure can afford."""
MANY_VOTES = 200_000
"""Beyond so many votes BRAVO's round is answered by the normal approximation, which is then exact to 1 %."""
NARROW = 0.015  # below this margin exact Minerva rounds take seconds; programs use the normal limit


class ErrorRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of cards whose record overstates the margin by two votes, and by one."""

    two_votes: Rate = 0
    one_vote: Rate = 0


class SampleSize(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sample_size"
):
    """How many cards an audit takes with chance ``quantile``, for each method, margin and pair of rates.

    Margins are diluted: votes between winner and loser over all ``cards``. ``voted`` is the share of cards
    with a vote for one of the two, ``pooled`` the share of cards without a record of their own (for
    "pools"), ``batch_cards`` the cards of a batch (for "batch", and for "batch_rule", a public planner's rule
    of thumb that only those who name it get). Rates matter where records are compared.
    """

    cards: Cards
    margins: Annotated[tuple[Annotated[float, Meta(gt=0, le=1)], ...], Meta(min_length=1, max_length=50)]
    methods: Annotated[tuple[SizeMethod, ...], Meta(min_length=1)] = (
        "comparison", "super_simple", "pools", "alpha_polling", "minerva", "bravo", "batch",
    )  # fmt: skip
    rates: Annotated[tuple[ErrorRates, ...], Meta(min_length=1, max_length=20)] = (ErrorRates(),)
    risk_limit: RiskLimit = 0.05
    quantile: Annotated[float, Meta(gt=0, lt=1)] = 0.8
    voted: Annotated[float, Meta(gt=0, le=1)] = 1
    pooled: Annotated[float, Meta(gt=0, lt=1)] = 0.1
    batch_cards: Annotated[int, Meta(ge=1)] = 500
    replications: Annotated[int, Meta(ge=FEWEST, le=20_000, description="simulated audits at most")] = 400
    most_drawn: Annotated[
        int, Meta(ge=100_000, le=10**11, description="cards that the simulation of one figure may draw")
    ] = 100_000_000
    seed: Annotated[int, Meta(ge=0, description="of the simulation, so that it can be repeated")] = 1


class Size(msgspec.Struct, frozen=True):
    """Cards of one plan; null where no sample suffices and all cards are counted by hand.

    ``how`` is "formula", "normal approximation" or "simulated"; ``low`` and ``high`` then lie two standard
    errors either way of the ``replications``. Null ``cards`` with ``low`` mean more than that many: the
    simulation ended there. ``draws`` counts batches under "batch" and "batch_rule".
    """

    method: str
    margin: float
    two_votes: float
    one_vote: float
    cards: int | None
    low: int | None
    high: int | None
    draws: int | None
    replications: int
    how: Literal["formula", "normal approximation", "simulated"] = "formula"


class SampleSizeAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="sample_size"):
    """Sizes by method, margin and rates; rates are 0 where no records are compared with paper."""

    sizes: tuple[Size, ...]


@dataclass(frozen=True)
class Case:
    """One margin and one pair of rates of a problem."""

    problem: SampleSize
    margin: float
    rates: ErrorRates


def solve_sample_size(problem: SampleSize) -> SampleSizeAnswer:
    """A size for every method, margin and pair of rates. Raises RequestError for a margin above ``voted``."""
    if max(each.two_votes + each.one_vote for each in problem.rates) > 1:
        raise RequestError("'rates' must together be at most 1: no card is two votes over and one vote over.")
    if max(problem.margins) > problem.voted:
        raise RequestError(f"'margins' must be at most 'voted', {problem.voted:g} of the cards.")
    return SampleSizeAnswer(
        tuple(
            SIZES[method](Case(problem, margin, rates))
            for method in problem.methods
            for margin in problem.margins
            for rates in (problem.rates if method in COMPARED else (ErrorRates(),))
        )
    )


def comparison(case: Case) -> Size:
    """Cards compared one by one, by the bet that a card audit makes unless told otherwise.

    Where rates are stated, by COBRA's bet for these: the audit must then be told them too.
    """
    problem, v = case.problem, case.margin
    usual = 1 / (2 - v)
    two, one = (round(rate * problem.cards) for rate in (case.rates.two_votes, case.rates.one_vote))
    if two == one == 0:
        return _exact(case, "comparison", clean_comparison_size(problem.risk_limit, v))
    bet = FixedBet(cobra_bet(v, case.rates.two_votes, case.rates.one_vote), 1.0 if two == 0 else 0.99)
    pile = pile_of([0.0, usual / 2, usual], [two, one, problem.cards - two - one])
    return _simulated(case, "comparison", pile, Population(2 * usual, 0.5, problem.cards), bet)


def super_simple(case: Case) -> Size:
    """The first sample that programs plan, whole discrepancies expected at the rates stated."""
    rates = Discrepancies(case.rates.one_vote, case.rates.two_votes)
    return _exact(case, "super_simple", starting_size(case.problem.risk_limit, case.margin, rates))


def pools(case: Case) -> Size:
    """ONEAudit: a share of the cards in pools that vote like all others; the fixed Kelly bet."""
    problem, v = case.problem, case.margin
    pooled = round(problem.pooled * problem.cards)
    winner, loser, blank = _votes(pooled, v, problem.voted)
    mean = (winner + blank / 2) / max(pooled, 1)
    two, one = (
        round(rate * (problem.cards - pooled)) for rate in (case.rates.two_votes, case.rates.one_vote)
    )
    own, usual = problem.cards - pooled, 1 / (2 - v)
    papers = [(1 + paper - mean) / (2 - v) for paper in (1, 0, 0.5)]
    values, counts = _merged(
        [0.0, usual / 2, usual, *papers], [two, one, own - two - one, winner, loser, blank]
    )
    pile = pile_of(values, counts)
    if pile.mean <= 0.5:
        return _exact(case, "pools", None)
    return _simulated(case, "pools", pile, Population(2 * usual, 0.5, problem.cards), kelly(pile))


def alpha_polling(case: Case) -> Size:
    """ALPHA from paper alone, with the bet that a card audit that polls makes unless told otherwise."""
    problem = case.problem
    winner, loser, blank = _votes(problem.cards, case.margin, problem.voted)
    pile = pile_of(*_merged([1.0, 0.0, 0.5], [winner, loser, blank]))
    population = Population(1.0, 0.5, problem.cards)
    bet = bet_of(usual_method("polling"), population, pile.mean)
    return _simulated(case, "alpha_polling", pile, population, bet)


def minerva(case: Case) -> Size:
    """Minerva's (and Providence's) first round: the size from which on every round ends with the chance."""
    problem = case.problem
    share = 0.5 + case.margin / problem.voted / 2
    if share - 0.5 < NARROW / 2:
        votes = normal_votes(share, problem.risk_limit, problem.quantile)
        found = _exact(case, "minerva", math.ceil(votes / problem.voted))
        return msgspec.structs.replace(found, how="normal approximation")
    votes = smallest_round(share, problem.risk_limit, problem.quantile, Smallest.LASTING).votes
    return _exact(case, "minerva", math.ceil(votes / problem.voted))


def bravo_round(case: Case) -> Size:
    """BRAVO's first round, judged at its end."""
    winner, loser = _shares(case)
    if loser == 0:
        return _exact(case, "bravo", bravo.expected_size(case.problem.risk_limit, winner, loser))
    limits = (case.problem.risk_limit, winner, loser, case.problem.quantile)
    roughly = bravo.approximate_size(*limits)
    if roughly >= case.problem.cards:
        return _exact(case, "bravo", None)
    if roughly * (winner + loser) > MANY_VOTES:
        return msgspec.structs.replace(_exact(case, "bravo", roughly), how="normal approximation")
    return _exact(case, "bravo", bravo.size_for_chance(*limits))


def batch(case: Case) -> Size:
    """MACRO without errors: for one pair U = 1 + 1 / v; batches drawn, and their cards at most."""
    return _batches(case, "batch", macro_size(case.problem.risk_limit, 1 + 1 / case.margin, 0))


def batch_rule(case: Case) -> Size:
    """The draws of batches that a public audit planner states, to compare with the exact ones."""
    return _batches(case, "batch_rule", rule_of_thumb_size(case.problem.risk_limit, case.margin))


def _batches(case: Case, method: str, draws: int) -> Size:
    found = _exact(case, method, draws * case.problem.batch_cards)
    return msgspec.structs.replace(found, draws=draws)


SIZES: dict[str, Callable[[Case], Size]] = {
    "comparison": comparison,
    "super_simple": super_simple,
    "pools": pools,
    "alpha_polling": alpha_polling,
    "minerva": minerva,
    "bravo": bravo_round,
    "batch": batch,
    "batch_rule": batch_rule,
}


def _exact(case: Case, method: str, size: int | None) -> Size:
    """A size by formula; a full count where it would not be smaller than that."""
    fits = size is not None and size < case.problem.cards
    return Size(
        method,
        case.margin,
        case.rates.two_votes,
        case.rates.one_vote,
        size if fits else None,
        None,
        None,
        None,
        0,
    )


def _simulated(case: Case, method: str, pile: Pile, population: Population, bet: Bet) -> Size:
    problem = case.problem
    ended = _played(problem, pile, population, bet)
    done = msgspec.structs.replace(
        _exact(case, method, None), replications=ended.replications, how="simulated"
    )
    found = ended.quantile(problem.quantile)
    if found is None and ended.horizon < problem.cards:
        return msgspec.structs.replace(done, low=_surely(ended, problem.quantile))
    if found is None or found.value >= problem.cards:
        return done
    high = None if math.isinf(found.high) else int(found.high)
    return msgspec.structs.replace(done, cards=int(found.value), low=int(found.low), high=high)


def _played(problem: SampleSize, pile: Pile, population: Population, bet: Bet) -> Sizes:
    """Simulated audits: as many as asked for, or as many as may be drawn, of which a few first tell."""

    def play(audits: int, horizon: int | None = None) -> Sizes:
        chance = np.random.default_rng(problem.seed)
        wanted = (problem.quantile,)
        return simulated_sizes(pile, population, bet, problem.risk_limit, chance, audits, wanted, horizon)

    if problem.replications * problem.cards <= problem.most_drawn:
        return play(problem.replications)
    first = play(FEWEST, problem.most_drawn // FEWEST)
    if len(first.ended) < first.replications * problem.quantile:
        return first
    affordable = min(problem.replications, problem.most_drawn // _cost(first))
    return play(affordable) if affordable > FEWEST else first


def _cost(first: Sizes) -> int:
    """Cards that one audit drew on average; those that had not ended count as the longest that had."""
    longest = int(first.ended[-1])
    drawn = int(first.ended.sum()) + longest * (first.replications - len(first.ended))
    return drawn // first.replications


def _surely(ended: Sizes, quantile: float) -> int:
    """Cards that the quantile is above, less two standard errors, where it is beyond the horizon."""
    spread = 2 * math.sqrt(ended.replications * quantile * (1 - quantile))
    rank = max(1, math.ceil(quantile * ended.replications - spread))
    return int(ended.ended[rank - 1]) if rank <= len(ended.ended) else ended.horizon


def _votes(cards: int, margin: float, voted: float) -> tuple[int, int, int]:
    """Cards for winner, loser and neither."""
    relevant, lead = round(voted * cards), max(1, round(margin * cards))
    winner = min((relevant + lead + 1) // 2, (cards + lead) // 2, cards)
    return winner, max(winner - lead, 0), cards - winner - max(winner - lead, 0)


def _shares(case: Case) -> tuple[Fraction, Fraction]:
    winner, loser, _ = _votes(case.problem.cards, case.margin, case.problem.voted)
    return Fraction(winner, case.problem.cards), Fraction(loser, case.problem.cards)


def _merged(values: list[float], counts: list[int]) -> tuple[list[float], list[int]]:
    """Each value once, without those that no card has."""
    found: dict[float, int] = {}
    for value, count in zip(values, counts, strict=True):
        if count > 0:
            found[value] = found.get(value, 0) + count
    return list(found), list(found.values())
