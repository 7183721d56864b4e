"""Contests as problems: votes and a rule in, the outcome and the assertions that imply it out."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tallyproof.audit.assertion import (
    Assertion,
    Claims,
    Tally,
    above,
    ahead,
    below,
    majority_or_runoff,
    pairs_between,
    plurality,
    reported_as,
    scores,
    supermajority,
)
from tallyproof.audit.assorter import HALF
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.methods import clean_comparison_size
from tallyproof.audit.outcome import Announced, announced
from tallyproof.audit.proportional import METHODS, announced_seats, highest_averages
from tallyproof.audit.ranked import instant_runoff
from tallyproof.errors import RequestError

MOST = 2**53 - 1
Count = Annotated[int, Meta(ge=0, le=MOST)]
Cards = Annotated[int, Meta(ge=1, le=MOST, description="all cards that may bear the contest, not votes")]
RiskLimit = Annotated[float, Meta(gt=0, lt=1, description="such as 0.05")]
Share = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,18}/0*[1-9][0-9]{0,17}|[0-9]{0,18}\.[0-9]{1,18})$",
        description='a share above 0 and below 1, such as "2/3" or "0.05"',
    ),
]
Rule = Literal[
    "plurality", "supermajority", "majority_or_runoff", "score", "dhondt", "sainte_lague",
    "modified_sainte_lague", "danish", "imperiali", "irv",
]  # fmt: skip


class Contest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reported votes by choice, how many cards there are, and the rule that makes an outcome of them.

    ``votes_per_card`` is n where voters vote for up to n; approval allows as many as there are choices.
    ``points`` is the most that a card gives one choice under "score" (Borda too). ``share`` is what a
    supermajority must exceed, ``choice`` whose (the leader's unless named); ``threshold`` is the share of
    valid votes that a party needs for seats. Under "irv" the ``votes`` are first preferences and ``rankings``
    the ballots as recorded. ``winners`` are those that were announced; where parties win several seats, by
    their numbers of seats; of a share that was missed the choice with the number 0.
    """

    votes: Annotated[dict[str, Count], Meta(min_length=1)]
    cards: Cards
    rule: Rule = "plurality"
    seats: Annotated[int, Meta(ge=1, le=10_000)] = 1
    votes_per_card: Annotated[int, Meta(ge=1, le=10_000)] = 1
    points: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    share: Share | None = None
    choice: str | None = None
    threshold: Share | None = None
    winners: Annotated[
        tuple[str, ...] | dict[str, Count] | None,
        Meta(description="as reported: choices, or seats by choice"),
    ] = None
    rankings: tuple[EqualBallots, ...] = ()


class Assertions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="assertions"):
    """Which assertions confirm the outcome of a contest, with their margins over all its cards."""

    contest: Contest
    risk_limit: RiskLimit = 0.05


class AssertionFound(msgspec.Struct, frozen=True):
    """A claim with its exact margin v = 2 mean - 1, its assorter's bound u, and what a right card counts.

    ``comparison_cards`` suffice for a card comparison without errors, drawn with replacement.
    """

    claim: str
    winner: str
    loser: str
    margin: str
    percent: float
    upper: str
    no_error: float
    comparison_cards: int


class AssertionsAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="assertions"):
    """``status``: assertions, unopposed, tied, another outcome or no assertions suffice, with a reason."""

    status: str
    sentence: str
    outcome: dict[str, int]
    assertions: tuple[AssertionFound, ...] = ()


def solve_assertions(problem: Assertions) -> AssertionsAnswer:
    """The outcome that the votes give and what must be shown for it; ties and contradictions are answers.

    Raises RequestError for votes that the cards cannot bear.
    """
    tally, claims = claims_of(problem.contest)
    found = []
    for each in claims.assertions:
        v = tally.margin(each)
        relative = v / each.assorter.upper
        found.append(
            AssertionFound(
                each.claim,
                each.winner,
                each.loser,
                str(v),
                round(100 * float(v), 6),
                str(each.assorter.upper),
                float(1 / (2 - relative)),
                clean_comparison_size(problem.risk_limit, min(1.0, float(relative))),
            )
        )
    return AssertionsAnswer(claims.status.value, claims.sentence, dict(claims.outcome), tuple(found))


def claims_of(contest: Contest) -> tuple[Tally, Claims]:
    """The tally and the claims of a contest, compared with the winners that were reported."""
    if (contest.rule == "irv") != bool(contest.rankings):
        raise RequestError("'rankings' belong to the rule \"irv\", and that rule needs them.")
    if contest.rule == "irv":
        return _ranked(contest)
    tally = Tally(contest.votes, contest.cards, votes_on_card(contest), votes_for_choice(contest))
    claims = _claims(contest, tally)
    if contest.winners is None:
        return tally, claims
    told = _told(contest)
    return tally, reported_as(claims, told, tally, _asserted(contest, tally, told))


def votes_for_choice(contest: Contest) -> int:
    """The most votes, or points, that a card gives one choice."""
    return contest.points if contest.rule == "score" else 1


def votes_on_card(contest: Contest) -> int:
    """The most votes, or points, that a card gives in all."""
    most = votes_for_choice(contest)
    return contest.votes_per_card if most == 1 else most * len(contest.votes)


def _told(contest: Contest) -> Announced:
    """The announced outcome. Parties that are only named may have any number of seats."""
    winners = contest.winners or ()
    unknown = [name for name in winners if name not in contest.votes]
    by_number = isinstance(winners, dict)
    told = announced(winners, by_number or contest.rule not in METHODS)
    nobody = contest.rule == "supermajority" and by_number and winners and not told.seats
    if unknown or not (told.seats or nobody):
        wrong = f"{', '.join(unknown)} is not" if unknown else "name at least one"
        raise RequestError(f"'winners' must be among the choices, {', '.join(contest.votes)}; {wrong}.")
    return told


def _asserted(contest: Contest, tally: Tally, told: Announced) -> tuple[Assertion, ...]:
    """What the announced outcome would need of the votes."""
    names = [name for name in tally.ranked if name in told.seats]
    if contest.rule in METHODS:
        threshold = None if contest.threshold is None else share_of(contest.threshold, "threshold")
        return announced_seats(tally, told.seats, contest.rule, threshold) if told.numbers else ()
    if contest.rule == "supermajority":
        share = share_of(contest.share, "share")
        if not names:
            return tuple(below(tally, name, share) for name in contest.winners or ())
        return tuple(above(tally, name, share) for name in names)
    if contest.rule == "majority_or_runoff":
        return _majority_or_runoff(tally, names)
    return pairs_between(tally, names, votes_for_choice(contest))


def _majority_or_runoff(tally: Tally, names: list[str]) -> tuple[Assertion, ...]:
    if len(names) == 1:
        return (above(tally, names[0], HALF),)
    others = [name for name in tally.ranked if name not in names]
    pairs = (ahead(tally, name, other) for name in names for other in others)
    return (*pairs, *(below(tally, name, HALF) for name in names))


def _ranked(contest: Contest) -> tuple[Tally, Claims]:
    if contest.seats != 1 or (contest.winners is not None and len(contest.winners) != 1):
        raise RequestError("'seats' of a ranked contest must be 1, and so must its 'winners'.")
    winner = None if contest.winners is None else next(iter(_told(contest).seats))
    return instant_runoff(contest.votes, contest.rankings, contest.cards, winner)


def share_of(text: str | None, field: str) -> Fraction:
    """A share written as text. Raises RequestError outside (0, 1)."""
    if text is None or not 0 < Fraction(text) < 1:
        raise RequestError(f"'{field}' must be a share above 0 and below 1, such as \"2/3\".")
    return Fraction(text)


def _claims(contest: Contest, tally: Tally) -> Claims:
    if contest.rule == "plurality":
        return plurality(tally, contest.seats)
    if contest.rule == "majority_or_runoff":
        return majority_or_runoff(tally)
    if contest.rule == "supermajority":
        return supermajority(tally, share_of(contest.share, "share"), contest.choice)
    if contest.rule == "score":
        return scores(tally, contest.seats, contest.points)
    threshold = None if contest.threshold is None else share_of(contest.threshold, "threshold")
    return highest_averages(tally, contest.seats, contest.rule, threshold)
