"""Instant-runoff contests: which assertions confirm the winner, or why none can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.irv_assertion import Assertion
from tallyproof.audit.irv_count import IrvCount, count_irv
from tallyproof.audit.irv_cover import choose_assertions
from tallyproof.audit.irv_difficulty import (
    Difficulty,
    bravo_cards,
    inverse_margin,
    inverse_margin_squared,
    kaplan_markov_cards,
)
from tallyproof.audit.irv_proof import explain, prove
from tallyproof.audit.irv_rankings import RankedBallots, Ranking, collapse
from tallyproof.audit.irv_search import Events, search
from tallyproof.audit.irv_tallies import Tallies
from tallyproof.errors import RequestError, TallyproofError

Outcome = Literal["assertions", "tied", "another_winner", "none_suffices"]


class EqualBallots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ballots that bear the same ranking."""

    ballots: Annotated[int, Meta(ge=0, description="how many")]
    ranking: Annotated[tuple[str, ...], Meta(description="choices, the most preferred first")]


class IrvAssertions(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="irv_assertions"
):
    """Ranked ballots as reported, and the winner to be confirmed.

    Without a ``winner`` it is the one that the rankings elect; without ``cards`` it is the ballots ranked.
    """

    candidates: Annotated[tuple[str, ...], Meta(min_length=1, description="all choices")]
    rankings: tuple[EqualBallots, ...]
    winner: Annotated[
        str | None, Meta(description="as reported; without it, the one that rankings elect")
    ] = None
    cards: Annotated[int, Meta(ge=1, description="all cards of the audit")] | None = None
    difficulty: Annotated[
        Literal["comparison", "polling", "kaplan_markov", "bravo"],
        Meta(description="cards per margin, its square, or the cards that this method examines"),
    ] = "comparison"
    risk_limit: Annotated[float, Meta(gt=0, lt=1, description="for kaplan_markov and bravo")] = 0.05
    gamma: Annotated[float, Meta(ge=1, description="for kaplan_markov")] = 1.03905


class IrvAssertion(msgspec.Struct, frozen=True):
    """One assertion: NEB (not eliminated before) or NEN (not eliminated next), and the votes compared."""

    type: Literal["NEB", "NEN"]
    winner: str
    loser: str
    continuing: tuple[str, ...]
    winner_votes: int
    loser_votes: int
    margin: int
    difficulty: float
    sentence: str


class IrvRound(msgspec.Struct, frozen=True):
    """One round of the count: votes of those who remain, who goes out, and who tied for that."""

    votes: dict[str, int]
    out: str
    tied: tuple[str, ...]


class IrvAssertionsAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="irv_assertions"):
    """The assertions, all needed and together sufficient; or why there are none.

    ``difficulty`` is that of the hardest assertion, the least possible. ``not_excluded`` is an elimination
    order with another winner that no assertion can rule out, where there is one. ``ends_walked`` counts the
    ends of orders that the separate proof looked at.
    """

    outcome: Outcome
    sentence: str
    winner: str | None
    rounds: tuple[IrvRound, ...]
    difficulty: float | None = None
    smallest_margin: int | None = None
    assertions: tuple[IrvAssertion, ...] = ()
    not_excluded: tuple[str, ...] = ()
    ends_walked: int = 0
    explanation: tuple[str, ...] = ()


def solve_irv_assertions(problem: IrvAssertions) -> IrvAssertionsAnswer:
    """Count the ballots and find the assertions of least difficulty that confirm the winner (RAIRE).

    A tie that decides who wins, and rankings that elect someone else, are answers: then no true assertions
    can confirm the winner. Raises RequestError for unknown or repeated names and fewer cards than ballots.
    """
    ballots = _ballots(problem)
    tallies = Tallies(ballots)
    counted = count_irv(tallies)
    reported = counted.winner if problem.winner is None else _place(problem, problem.winner, "winner")
    cards = max(ballots.ballots, 1) if problem.cards is None else problem.cards
    if cards < ballots.ballots:
        raise RequestError(f"'cards' is {cards:,}, fewer than the {ballots.ballots:,} ballots ranked.")
    if reported is None:
        return _refusal(problem, counted, None, counted.order)
    return _assertions_for(problem, Events(tallies, _measure(problem), cards), counted, reported)


def _assertions_for(
    problem: IrvAssertions, events: Events, counted: IrvCount, reported: int
) -> IrvAssertionsAnswer:
    names = problem.candidates
    found = search(events, reported)
    if found.difficulty == inf:
        return _refusal(problem, counted, reported, found.hardest_order)
    chosen = choose_assertions(events, reported, found)
    proof = prove(len(names), reported, chosen)
    if not proof.sufficient:
        raise TallyproofError(
            f"{len(chosen)} assertions do not imply the winner: a fault of the program; report this contest."
        )
    told = tuple(_told(events, assertion, names) for assertion in chosen)
    return IrvAssertionsAnswer(
        "assertions",
        f"{len(chosen)} assertions together imply that {names[reported]} won.",
        names[reported],
        _rounds(counted, names),
        found.difficulty,
        min((assertion.margin for assertion in told), default=None),
        told,
        ends_walked=proof.ends,
        explanation=tuple(explain(names, reported, chosen)),
    )


def _refusal(
    problem: IrvAssertions, counted: IrvCount, reported: int | None, order: Sequence[int]
) -> IrvAssertionsAnswer:
    names = problem.candidates
    possible = [names[candidate] for candidate in counted.possible_winners]
    outcome: Outcome
    if reported is not None and reported not in counted.possible_winners:
        outcome = "another_winner"
        sentence = f"The rankings elect {' or '.join(possible)}, not {names[reported]}."
    elif len(possible) > 1:
        outcome = "tied"
        sentence = (
            f"A tie decides whether {' or '.join(possible)} wins; no assertions can confirm one of them."
        )
    else:
        outcome = "none_suffices"
        sentence = "No assertions rule out every other winner."
    return IrvAssertionsAnswer(
        outcome,
        sentence,
        None if reported is None else names[reported],
        _rounds(counted, names),
        not_excluded=tuple(names[candidate] for candidate in order),
    )


def _ballots(problem: IrvAssertions) -> RankedBallots:
    places = {name: place for place, name in enumerate(problem.candidates)}
    if len(places) < len(problem.candidates):
        raise RequestError("'candidates' names one twice; give each a name of its own.")
    rankings: Counter[Ranking] = Counter()
    for equal in problem.rankings:
        try:
            rankings[tuple(places[name] for name in equal.ranking)] += equal.ballots
        except KeyError as unknown:
            raise RequestError(f"'rankings' names {unknown}, who is not among the 'candidates'.") from None
    return collapse(len(places), rankings)


def _place(problem: IrvAssertions, name: str, argument: str) -> int:
    if name not in problem.candidates:
        raise RequestError(f"'{argument}' is '{name}', who is not among the 'candidates'.")
    return problem.candidates.index(name)


def _measure(problem: IrvAssertions) -> Difficulty:
    if problem.difficulty == "kaplan_markov":
        return kaplan_markov_cards(problem.risk_limit, problem.gamma)
    if problem.difficulty == "bravo":
        return bravo_cards(problem.risk_limit)
    return inverse_margin if problem.difficulty == "comparison" else inverse_margin_squared


def _told(events: Events, assertion: Assertion, names: Sequence[str]) -> IrvAssertion:
    winner_votes, loser_votes = assertion.votes(events.tallies)
    measure = events.difficulty(np.array([winner_votes]), np.array([loser_votes]), events.cards)
    return IrvAssertion(
        assertion.kind,
        names[assertion.winner],
        names[assertion.loser],
        tuple(names[candidate] for candidate in assertion.continuing),
        winner_votes,
        loser_votes,
        winner_votes - loser_votes,
        float(measure[0]),
        assertion.sentence(names),
    )


def _rounds(counted: IrvCount, names: Sequence[str]) -> tuple[IrvRound, ...]:
    return tuple(
        IrvRound(
            {names[candidate]: votes for candidate, votes in round_.votes.items()},
            names[round_.out],
            tuple(names[candidate] for candidate in round_.tied),
        )
        for round_ in counted.rounds
    )
