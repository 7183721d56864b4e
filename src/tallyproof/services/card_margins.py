"""Margins of all contests from their cards: who won, what must be shown for it, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from tallyproof.audit.contest import AssertionFound, Assertions, solve_assertions
from tallyproof.audit.irv import IrvAssertion, IrvAssertions, IrvAssertionsAnswer
from tallyproof.audit.irv_answer import solve_irv_assertions
from tallyproof.audit.methods import clean_comparison_size
from tallyproof.errors import RequestError
from tallyproof.services.bounded import Solver, TooHeavyError
from tallyproof.services.card_bounds import CardBound
from tallyproof.services.card_contests import CountedContest

QUICK_CHOICES = 12
"""Ranked contests of so many choices are searched at once; larger ones within a time."""

SECONDS = 60.0
ASSERTIONS, WRITE_INS, NOBODY, TOO_LONG, REFUSED = (
    "assertions", "write-ins win", "no cards", "not found in time", "cannot be told",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AssertionMargin:
    """A claim, its margin in votes, and v = 2 mean - 1 of its assorter over the contest's cards.

    Where a choice leads another, v is the votes over the cards (``diluted``); where a share must be exceeded,
    the votes are those beyond it. ``percent`` is the votes in 100 cards. ``upper`` is the assorter's bound u:
    v / u decides how many cards an audit needs. ``comparison_cards`` suffice for a card comparison without
    errors, drawn with replacement; ``type`` is NEB or NEN in a ranked contest.
    """

    claim: str
    winner: str
    loser: str
    votes: int
    diluted: str
    percent: float
    comparison_cards: int
    upper: str = "1"
    type: str = ""


@dataclass(frozen=True, slots=True)
class ContestMargin:
    """Where a contest stands by its cards.

    ``status``: assertions, unopposed, tied, no assertions suffice, another outcome, write-ins win, no cards,
    not found in time, or cannot be told; ``sentence`` says it in words. ``smallest`` is the margin in votes
    of the assertion that needs most cards, ``diluted`` that over the ``bound`` on the contest's cards,
    ``over_all`` over all cards of the jurisdictions that vote on it. Votes of a ranked contest are first
    preferences.
    """

    name: str
    kind: str
    seats: int
    status: str
    sentence: str
    bound: CardBound
    votes: dict[str, int]
    winners: tuple[str, ...] = ()
    smallest: int | None = None
    diluted: str | None = None
    over_all: str | None = None
    percent: float | None = None
    assertions: tuple[AssertionMargin, ...] = ()
    remarks: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()


def margins(
    contests: Iterable[CountedContest], *, risk_limit: float = 0.05, seconds: float = SECONDS
) -> tuple[ContestMargin, ...]:
    """The margin of each contest; a ranked contest with many choices has so many seconds."""
    solver = Solver(seconds=seconds)
    try:
        return tuple(margin_of(each, risk_limit, solver) for each in contests)
    finally:
        solver.close()


def margin_of(contest: CountedContest, risk_limit: float, solver: Solver) -> ContestMargin:
    """The margin of one contest. What cannot be told is an answer too."""
    if contest.refused:
        return _without(contest, REFUSED, contest.refused)
    if contest.bound.cards < 1 or not contest.recorded.choices:
        return _without(contest, NOBODY, "No card bears this contest.")
    try:
        if contest.recorded.book.ranks:
            return _ranked(contest, risk_limit, solver)
        return _plain(contest, risk_limit)
    except TooHeavyError:
        return _without(contest, TOO_LONG, f"The search for assertions took longer than {solver.seconds:g} "
                        "seconds. Give it more, or count this contest by hand.")  # fmt: skip
    except RequestError as fault:
        return _without(contest, REFUSED, str(fault))


def assertions_problem(contest: CountedContest, risk_limit: float = 0.05) -> Assertions:
    """Which assertions confirm the outcome, as a problem of the kind "assertions"."""
    return Assertions(contest.problem(), risk_limit)


def irv_problem(contest: CountedContest, risk_limit: float = 0.05) -> IrvAssertions:
    """Which assertions confirm a ranked contest's winner, as a problem of the kind "irv_assertions"."""
    return IrvAssertions(
        contest.recorded.choices, contest.rankings, cards=contest.bound.cards, risk_limit=risk_limit
    )


def problem_of(contest: CountedContest, risk_limit: float = 0.05) -> Assertions | IrvAssertions:
    """The problem whose answer is the contest's assertion set. Raises RequestError where there is none."""
    if contest.refused:
        raise RequestError(contest.refused)
    if contest.recorded.book.ranks:
        return irv_problem(contest, risk_limit)
    return assertions_problem(contest, risk_limit)


def _without(contest: CountedContest, status: str, sentence: str) -> ContestMargin:
    return ContestMargin(
        contest.name, _kind(contest), contest.seats, status, sentence, contest.bound, contest.votes,
        remarks=_remarks(contest, ()),
    )  # fmt: skip


def _kind(contest: CountedContest) -> str:
    if contest.told.share:
        return f"more than {contest.told.share}"
    if contest.told.runoff:
        return "majority or runoff"
    return "ranked" if contest.recorded.book.ranks else f"vote for {contest.recorded.vote_for}"


def _plain(contest: CountedContest, risk_limit: float) -> ContestMargin:
    answer = solve_assertions(assertions_problem(contest, risk_limit))
    cards = contest.bound.cards
    found = tuple(_of_plain(each, _votes(each, cards), cards) for each in answer.assertions)
    return _margin(contest, answer.status, answer.sentence, tuple(answer.outcome), found)


def _of_plain(each: AssertionFound, votes: int, cards: int) -> AssertionMargin:
    return AssertionMargin(
        each.claim,
        each.winner,
        each.loser,
        votes,
        each.margin,
        round(100 * votes / cards, 6),
        each.comparison_cards,
        each.upper,
    )


def _votes(each: AssertionFound, cards: int) -> int:
    """The margin in votes: v N of a pair; v N / (2 u) of a share f, whose u is 1 / (2 f) or 1 / (2 - 2 f)."""
    whole = Fraction(each.margin) * cards
    return int(whole if each.winner and each.loser else whole / (2 * Fraction(each.upper)))


def _hardest(found: Sequence[AssertionMargin]) -> AssertionMargin | None:
    """The assertion that needs most cards: that with the smallest v / u."""
    return min(
        found, key=lambda each: (Fraction(each.diluted) / Fraction(each.upper), each.votes), default=None
    )


def _ranked(contest: CountedContest, risk_limit: float, solver: Solver) -> ContestMargin:
    answer = solve_ranked(irv_problem(contest, risk_limit), solver)
    cards = contest.bound.cards
    found = tuple(_of_ranked(each, cards, risk_limit) for each in answer.assertions)
    status = {"another_winner": "another outcome", "none_suffices": "no assertions suffice"}.get(
        answer.outcome, answer.outcome
    )
    if status == ASSERTIONS and not found:
        status = "unopposed"
    winners = () if answer.winner is None or status == "tied" else (answer.winner,)
    sentence = f"{answer.winner} wins." if status == ASSERTIONS else answer.sentence
    return _margin(contest, status, sentence, winners, found, answer.explanation)


def solve_ranked(problem: IrvAssertions, solver: Solver) -> IrvAssertionsAnswer:
    """The answer, in a process of its own where the search may be long. Raises TooHeavyError."""
    if len(problem.choices) <= QUICK_CHOICES:
        return solve_irv_assertions(problem)
    told = solver.solve_json(msgspec.json.encode(problem))
    return msgspec.json.decode(told, type=IrvAssertionsAnswer)


def _of_ranked(each: IrvAssertion, cards: int, risk_limit: float) -> AssertionMargin:
    diluted = Fraction(each.margin, cards)
    return AssertionMargin(
        each.sentence, each.winner, each.loser, each.margin, str(diluted), round(100 * float(diluted), 6),
        clean_comparison_size(risk_limit, min(1.0, float(diluted))), type=each.type,
    )  # fmt: skip


def _margin(
    contest: CountedContest,
    status: str,
    sentence: str,
    winners: tuple[str, ...],
    found: tuple[AssertionMargin, ...],
    explanation: tuple[str, ...] = (),
) -> ContestMargin:
    if contest.recorded.write_in in winners and contest.recorded.write_in:
        status, found = WRITE_INS, ()
        sentence = (
            f"{', '.join(winners)} would win, and {contest.recorded.write_in} stands for everyone written "
            "in. Records do not say who; count the names on the paper first."
        )
    least, bound = _hardest(found), contest.bound
    return ContestMargin(
        contest.name, _kind(contest), contest.seats, status, sentence, contest.bound, contest.votes, winners,
        None if least is None else least.votes,
        None if least is None else least.diluted,
        None if least is None else str(Fraction(least.diluted) * bound.cards / bound.all_cards),
        None if least is None else least.percent,
        found, _remarks(contest, found), explanation,
    )  # fmt: skip


def _remarks(contest: CountedContest, found: tuple[AssertionMargin, ...]) -> tuple[str, ...]:
    """What a reader must know beside the numbers."""
    said = [*contest.bound.faults, *contest.remarks, *filter(None, [contest.not_auditable])]
    book, recorded = contest.recorded.book, contest.recorded
    if contest.told.seats is None and contest.seats > 1 and not book.ranks:
        said.append(f"Winners are taken to be {contest.seats}, as many as a voter has votes.")
    if book.ranks and contest.told.seats == 1 and (book.vote_for or 1) > 1:
        said.append(f"The records name {book.vote_for} positions; one choice is taken to win, as was said.")
    if not book.ranks and book.vote_for is None:
        said.append(
            f"How many votes a voter has is not said; no card has more than {recorded.vote_for}. One choice "
            "is taken to win."
        )
    least = _hardest(found)
    if least is not None and recorded.write_in and least.loser == recorded.write_in and not book.ranks:
        said.append(
            "The smallest margin is over all write-ins together; no person written in has more votes."
        )
    if book.ranks and recorded.write_in and contest.votes.get(recorded.write_in):
        said.append("Everyone written in counts as one choice here; records do not say who.")
    return tuple(dict.fromkeys(said))
