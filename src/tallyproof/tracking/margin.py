"""Margins and what could move them: exact arithmetic on whole votes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def margin(votes: Mapping[str, int], seats: int = 1) -> tuple[str, str, int]:
    """The last winner, the first loser and the votes between them, for ``seats`` winners.

    Equal votes are ordered by name, and the margin is then 0: a tie, not a win.
    Raises ValueError where nobody can lose (as many choices as seats, or fewer).
    """
    if seats < 1 or len(votes) <= seats:
        raise ValueError(f"{len(votes)} choices for {seats} seats: nobody can lose")
    ordered = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    (winner, most), (loser, next_most) = ordered[seats - 1], ordered[seats]
    return winner, loser, most - next_most


def needed_share(lead: int, remaining: int, two_party_share: Fraction = Fraction(1)) -> Fraction | None:
    """The share of the remaining two-party vote that the trailing choice needs to draw level.

    h = 1/2 + L / (2 f R) for lead L, remaining ballots R and the share f of them with a vote for one
    of the two. None where nothing remains; above 1 where it cannot be done with these R.
    """
    votes = two_party_share * remaining
    return Fraction(1, 2) + Fraction(lead) / (2 * votes) if votes > 0 else None


def votes_at_stake(moved: int = 0, added_or_removed: int = 0) -> int:
    """The largest change to a two-choice margin: votes moved between the two count twice, others once."""
    return 2 * abs(moved) + abs(added_or_removed)
