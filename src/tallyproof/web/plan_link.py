"""The planner's address for a contest, with its reported numbers filled in."""

from __future__ import annotations

from tallyproof.election.returns import Measure
from tallyproof.services.card_answers import ContestAnswer
from tallyproof.services.counting import ContestCount
from tallyproof.web.plan_form import contest_query, query_of

NAMED = 12
"""Choices that are handed over; the ones ahead are enough, as only the closest pair matters."""


def plan_query(counted: ContestCount) -> str:
    """The address part with the leading choices, winners and as many cards as votes need at least.

    Empty where there is nothing to plan: no votes, nobody who loses, or a tie.
    """
    standing = counted.standing
    if not standing.total or not standing.margin or standing.is_unopposed:
        return ""
    if standing.stated:
        return query_of({"lead": str(standing.margin), "cards": str(standing.total)})
    seats, vote_for = standing.seats, max(1, counted.contest.vote_for or 1)
    known = [each for each in counted.choices if each.votes is not None and each.measure == Measure.CHOICE]
    if len({each.choice for each in known}) < len(known):
        return ""
    ahead = sorted(known, key=lambda each: -(each.votes or 0))[: max(NAMED, seats + 1)]
    votes = {each.choice: each.votes or 0 for each in ahead}
    cards = max(-(-standing.total // vote_for), *votes.values())
    return contest_query(votes, cards, seats, vote_for)


def card_query(answered: ContestAnswer) -> str:
    """The address part for a contest as its cards tell it: its votes, else (ranked) its smallest margin.

    Empty where there is nothing to plan: nobody who loses, a tie, or no assertions.
    """
    margin, bound = answered.margin, answered.margin.bound
    if not margin.assertions or not margin.smallest or margin.smallest < 0:
        return ""
    if margin.kind == "ranked":
        return query_of({"lead": str(margin.smallest), "cards": str(bound.cards)})
    ahead = sorted(margin.votes.items(), key=lambda each: -each[1])[: max(NAMED, margin.seats + 1)]
    return contest_query(dict(ahead), bound.cards, margin.seats, answered.vote_for)
