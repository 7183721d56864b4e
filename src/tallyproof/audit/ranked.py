"""Ranked contests as contests of marks: for each of their assertions a mark for it or one against it.

A ballot's ranking decides for every NEB or NEN assertion whether it speaks for it (value 1), against it (0)
or neither (1/2). So a ranked contest is one with two choices for each assertion, in which marks add up, and
pools, batches, strata and hand counts work as in any other contest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from tallyproof.audit.assertion import Assertion, Claims, Status, Tally
from tallyproof.audit.assorter import HALF, NO_VOTE, Interpretation, PointsAssorter
from tallyproof.audit.irv import EqualBallots, IrvAssertions, IrvAssertionsAnswer
from tallyproof.audit.irv import IrvAssertion as Told
from tallyproof.audit.irv_answer import ballots_of, solve_irv_assertions
from tallyproof.audit.irv_assertion import Assertion as RankedAssertion
from tallyproof.audit.irv_count import count_irv
from tallyproof.audit.irv_rankings import Ranking
from tallyproof.audit.irv_tallies import Tallies
from tallyproof.audit.outcome import Possible, announced
from tallyproof.errors import RequestError

STATUS: Mapping[str, Status] = {
    "assertions": Status.ASSERTIONS,
    "tied": Status.TIED,
    "another_winner": Status.CONTRADICTED,
    "none_suffices": Status.NONE_SUFFICES,
}


def instant_runoff(
    votes: Mapping[str, int], rankings: Sequence[EqualBallots], cards: int, winner: str | None = None
) -> tuple[Tally, Claims]:
    """The winner by instant runoff and the assertions of least difficulty that imply it (RAIRE).

    ``votes`` are first preferences by choice. Raises RequestError where the rankings do not give them, or
    are more than the cards.
    """
    names = tuple(votes)
    _check_first(votes, rankings)
    problem = IrvAssertions(names, tuple(rankings), winner, cards)
    answer = solve_irv_assertions(problem)
    ranked = tuple(_assertion(told, names) for told in answer.assertions)
    tally = _tally(names, ranked, rankings, cards)
    outcome = {answer.winner: 1} if answer.winner is not None else {}
    if answer.outcome == "another_winner":
        outcome = {}
    status = Status.UNOPPOSED if len(names) == 1 else STATUS[answer.outcome]
    return tally, Claims(
        status,
        _sentence(answer),
        outcome,
        _claims(answer, len(ranked)),
        ranked,
        () if answer.outcome == "assertions" else (_possible(problem),),
        None if winner is None else announced([winner]),
    )


def marks_of(ranking: Ranking, ranked: Sequence[RankedAssertion]) -> tuple[int, ...]:
    """A mark for and one against each assertion in turn: (1, 0), (0, 1), or (0, 0) for neither."""
    halves = (assertion.halves(ranking) for assertion in ranked)
    return tuple(mark for half in halves for mark in (int(half == 2), int(half == 0)))


def ranked_card(
    ranking: Sequence[str], names: Sequence[str], ranked: Sequence[RankedAssertion]
) -> Interpretation:
    """What a card with this ranking shows. Raises RequestError for a choice unknown or ranked twice."""
    places = _places(ranking, names)
    return Interpretation(marks_of(places, ranked)) if places else NO_VOTE


def marks_in_all(
    rankings: Iterable[EqualBallots], names: Sequence[str], ranked: Sequence[RankedAssertion]
) -> tuple[int, ...]:
    """Marks for and against each assertion on all these ballots."""
    totals = [0] * (2 * len(ranked))
    for equal in rankings:
        marks = marks_of(_places(equal.ranking, names), ranked)
        totals = [total + mark * equal.ballots for total, mark in zip(totals, marks, strict=True)]
    return tuple(totals)


def _tally(
    names: Sequence[str], ranked: Sequence[RankedAssertion], rankings: Sequence[EqualBallots], cards: int
) -> Tally:
    if not ranked:
        return Tally(dict.fromkeys(names, 0), cards)
    labels = [label for place in range(1, len(ranked) + 1) for label in (f"for {place}", f"against {place}")]
    votes = dict(zip(labels, marks_in_all(rankings, names, ranked), strict=True))
    return Tally(votes, cards, per_card=len(ranked))


def _claims(answer: IrvAssertionsAnswer, count: int) -> tuple[Assertion, ...]:
    return tuple(
        Assertion(told.sentence, told.winner, told.loser, _assorter(place, count))
        for place, told in enumerate(answer.assertions)
    )


def _assorter(place: int, count: int) -> PointsAssorter:
    weights = [Fraction()] * (2 * count)
    weights[2 * place], weights[2 * place + 1] = HALF, -HALF
    return PointsAssorter(tuple(weights), Fraction(1))


def _assertion(told: Told, names: Sequence[str]) -> RankedAssertion:
    continuing = tuple(sorted(names.index(name) for name in told.continuing))
    return RankedAssertion(told.type, names.index(told.winner), names.index(told.loser), continuing)


def _possible(problem: IrvAssertions) -> Possible:
    """Who can win, by lot where rounds are tied."""
    found = count_irv(Tallies(ballots_of(problem))).possible_winners
    names = [problem.choices[place] for place in found]
    return Possible({names[0]: 1}) if len(names) == 1 else Possible({}, frozenset(names), 1)


def _sentence(answer: IrvAssertionsAnswer) -> str:
    return f"{answer.winner} wins." if answer.outcome == "assertions" else answer.sentence


def _places(ranking: Sequence[str], names: Sequence[str]) -> Ranking:
    unknown = [name for name in ranking if name not in names]
    if unknown:
        raise RequestError(f"'ranking': {unknown[0]} is none of the choices: {', '.join(names)}.")
    if len(set(ranking)) < len(ranking):
        raise RequestError("'ranking' names a choice twice; it counts at its first place only.")
    return tuple(names.index(name) for name in ranking)


def _check_first(votes: Mapping[str, int], rankings: Iterable[EqualBallots]) -> None:
    first: Counter[str] = Counter()
    for equal in rankings:
        if equal.ranking:
            first[equal.ranking[0]] += equal.ballots
    wrong = next((name for name in votes if votes[name] != first[name]), None)
    if wrong is not None:
        raise RequestError(
            f"'votes' of a ranked contest are first preferences: {wrong} has {votes[wrong]:,} of them, "
            f"the 'rankings' give {first[wrong]:,}. Settle which is right before an audit."
        )
