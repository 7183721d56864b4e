"""Full hand counts as problems tell them: votes or rankings on paper, read by the contest's own rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from tallyproof.audit.assertion import Claims, Tally
from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.ranked import marks_in_all
from tallyproof.audit.verdict import HandCount
from tallyproof.errors import RequestError


def hand_count_of(
    contest: Contest,
    claims: Claims,
    votes: Mapping[str, int] | None,
    rankings: Sequence[EqualBallots] = (),
    not_found: int = 0,
) -> HandCount | None:
    """The outcome on paper, None where nothing was counted.

    ``claims`` are those of the contest as reported. Raises RequestError for votes of other choices, and
    where no card was found.
    """
    if votes is None:
        if not_found or rankings:
            raise RequestError("'not_found' and 'hand_count_rankings' belong to a 'hand_count'.")
        return None
    if set(votes) != set(contest.votes):
        raise RequestError("'hand_count' must have votes for every choice of the contest and no other.")
    found = contest.cards - not_found
    if found < 1:
        raise RequestError("'not_found' must be less than the contest's cards.")
    ordered = {name: votes[name] for name in contest.votes}
    paper = msgspec.structs.replace(
        contest, votes=ordered, cards=found, winners=None, rankings=tuple(rankings)
    )
    tally, seen = claims_of(paper)
    counted = HandCount(seen, tally, not_found)
    if not claims.ranked:
        return counted
    marks = marks_in_all(rankings, list(contest.votes), claims.ranked)
    labels = [f"mark {place}" for place in range(len(marks))]
    return replace(counted, on_paper=Tally(dict(zip(labels, marks, strict=True)), found, len(claims.ranked)))
