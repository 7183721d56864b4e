"""Works out the answer to an instant-runoff problem: count, search, proof, and words for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf

import numpy as np

from tallyproof.audit.irv import IrvAssertion, IrvAssertions, IrvAssertionsAnswer, IrvRound, Outcome
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


def solve_irv_assertions(problem: IrvAssertions) -> IrvAssertionsAnswer:
    """Count the ballots and find the assertions of least difficulty that confirm the winner (RAIRE).

    A tie that decides who wins, and rankings that elect someone else, are answers: then no true assertions
    can confirm the winner. Raises RequestError for unknown or repeated names and fewer cards than ballots.
    """
    ballots = ballots_of(problem)
    tallies = Tallies(ballots)
    counted = count_irv(tallies)
    reported = counted.winner if problem.winner is None else _place(problem, problem.winner, "winner")
    cards = max(ballots.ballots, 1) if problem.cards is None else problem.cards
    events = Events(tallies, _measure(problem), cards)
    if reported is None:
        return _refusal(problem, counted, None, counted.order)
    return _assertions_for(problem, events, counted, reported)


def _assertions_for(
    problem: IrvAssertions, events: Events, counted: IrvCount, reported: int
) -> IrvAssertionsAnswer:
    names = problem.choices
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
    names = problem.choices
    possible = [names[choice] for choice in counted.possible_winners]
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
        not_excluded=tuple(names[choice] for choice in order),
    )


def ballots_of(problem: IrvAssertions) -> RankedBallots:
    """The ballots by ranking. Raises RequestError for repeated and unknown names."""
    places = {name: place for place, name in enumerate(problem.choices)}
    if len(places) < len(problem.choices):
        raise RequestError("'choices' names one twice; give each a name of its own.")
    rankings: Counter[Ranking] = Counter()
    for equal in problem.rankings:
        try:
            rankings[tuple(places[name] for name in equal.ranking)] += equal.ballots
        except KeyError as unknown:
            raise RequestError(f"'rankings' names {unknown}, who is not among the 'choices'.") from None
    return collapse(len(places), rankings)


def _place(problem: IrvAssertions, name: str, argument: str) -> int:
    if name not in problem.choices:
        raise RequestError(f"'{argument}' is '{name}', who is not among the 'choices'.")
    return problem.choices.index(name)


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
        tuple(names[choice] for choice in assertion.continuing),
        winner_votes,
        loser_votes,
        winner_votes - loser_votes,
        float(measure[0]),
        assertion.sentence(names),
    )


def _rounds(counted: IrvCount, names: Sequence[str]) -> tuple[IrvRound, ...]:
    return tuple(
        IrvRound(
            {names[choice]: votes for choice, votes in round_.votes.items()},
            names[round_.out],
            tuple(names[choice] for choice in round_.tied),
        )
        for round_ in counted.rounds
    )
