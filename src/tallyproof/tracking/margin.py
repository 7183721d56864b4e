"""Margins and what could move them: exact arithmetic on whole votes."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta

from tallyproof.errors import RequestError

MOST = 2**53 - 1
"""The largest number of votes: the largest whole number that every JSON reader keeps exactly."""

Votes = Annotated[int, Meta(ge=0, le=MOST, description="a whole number of votes")]
Share = Annotated[
    str,
    Meta(
        pattern=r"^(0*1(\.0{1,20})?|0*\.[0-9]{0,20}[1-9][0-9]{0,20}|0*[1-9][0-9]{0,17}/0*[1-9][0-9]{0,17})$",
        description='a share above 0 and at most 1, such as "19/20" or "0.95"',
    ),
]


class Margin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="margin"):
    """The votes between the last winner and the first loser of a contest."""

    votes: Annotated[dict[str, Votes], Meta(min_length=2, description="votes by choice, winners and losers")]
    seats: Annotated[int, Meta(ge=1, le=MOST, description="how many choices win, fewer than there are")] = 1
    total: Annotated[Votes | None, Meta(description="all votes, where more than those of the choices")] = None


class MarginAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="margin"):
    """Winner and loser nearest to each other; ``share_of_total`` is an exact fraction such as "3/400"."""

    winner: str
    loser: str
    margin: int
    tied: bool
    total: int
    share_of_total: str | None


class NeededShare(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="needed_share"
):
    """The share of what is left that the trailing choice needs to draw level."""

    lead: Annotated[Votes, Meta(description="votes by which the leader leads now")]
    remaining: Annotated[Votes, Meta(description="ballots not yet counted")]
    two_party_share: Annotated[
        Share, Meta(description="share of the remaining ballots with a vote for one of the two")
    ] = "1"


class NeededShareAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="needed_share"):
    """``needed_share`` is an exact fraction above 1 where it cannot be done; None where nothing remains."""

    needed_share: str | None
    percent: float | None
    possible: bool
    can_win: bool
    sentence: str


class VotesAtStake(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="votes_at_stake"
):
    """The largest change to a margin if a finding were resolved in the worst direction."""

    moved: Annotated[
        Votes, Meta(description="votes that may belong to the other choice; each counts twice")
    ] = 0
    added_or_removed: Annotated[Votes, Meta(description="votes that may have to be added or taken away")] = 0
    margin: Annotated[Votes | None, Meta(description="the contest's margin, where known")] = None


class VotesAtStakeAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="votes_at_stake"):
    """``ratio`` is an exact fraction of the margin, None where that is unknown or 0.

    ``could_change_the_leader`` is true where the votes at stake reach the margin, so that at least a tie
    could come of it; None where the margin is unknown.
    """

    votes_at_stake: int
    ratio: str | None
    could_change_the_leader: bool | None


def solve_margin(problem: Margin) -> MarginAnswer:
    """Order choices by votes; equal votes are ordered by name and make a tie, not a win.

    Raises RequestError where nobody can lose or ``total`` is less than the choices' votes.
    """
    ordered = sorted(problem.votes.items(), key=lambda item: (-item[1], item[0]))
    if len(ordered) <= problem.seats:
        raise RequestError(
            f"'votes' has {len(ordered)} choices for {problem.seats:,} seats, so nobody can lose; "
            "name all choices."
        )
    (winner, most), (loser, next_most) = ordered[problem.seats - 1], ordered[problem.seats]
    counted = sum(problem.votes.values())
    total = counted if problem.total is None else problem.total
    if total < counted:
        raise RequestError(f"'total' is {total:,}, less than the choices' {counted:,} votes.")
    share = str(Fraction(most - next_most, total)) if total else None
    return MarginAnswer(winner, loser, most - next_most, most == next_most, total, share)


def solve_needed_share(problem: NeededShare) -> NeededShareAnswer:
    """H = 1/2 + L / (2 f R) for lead L, remaining ballots R and two-party share f of them.

    Exactly h draws level, more than h wins. Derivation: the trailing choice gains h f R - (1 - h) f R
    on the leader, which must equal L. Raises RequestError unless 0 < f <= 1.
    """
    share = _fraction(problem.two_party_share)
    votes = share * problem.remaining
    if votes == 0:
        tied = problem.lead == 0
        return NeededShareAnswer(None, None, tied, can_win=False, sentence="Nothing remains to be counted.")
    needed = Fraction(1, 2) + Fraction(problem.lead) / (2 * votes)
    possible, percent = needed <= 1, round(float(100 * needed), 4)
    end = "" if possible else ", which is more than there are: the lead is larger than what remains"
    sentence = (
        f"The trailing choice needs {percent:.1f} % of the remaining two-party vote to draw level{end}."
    )
    return NeededShareAnswer(str(needed), percent, possible, needed < 1, sentence)


def _fraction(text: str) -> Fraction:
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise RequestError(
            f"'two_party_share' is '{text}'; write a fraction like \"19/20\" or a decimal like \"0.95\"."
        ) from None
    if not 0 < share <= 1:
        raise RequestError(f"'two_party_share' is {text}; it must be above 0 and at most 1.")
    return share


def solve_votes_at_stake(problem: VotesAtStake) -> VotesAtStakeAnswer:
    """Votes moved between the two leading choices change the margin twice, others once."""
    stake = 2 * problem.moved + problem.added_or_removed
    if problem.margin is None:
        return VotesAtStakeAnswer(stake, None, None)
    ratio = str(Fraction(stake, problem.margin)) if problem.margin else None
    return VotesAtStakeAnswer(stake, ratio, stake >= max(1, problem.margin))
