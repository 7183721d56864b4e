"""Margins, needed shares and votes at stake: exact for all inputs."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.tracking.margin import (
    MOST,
    Margin,
    NeededShare,
    VotesAtStake,
    solve_margin,
    solve_needed_share,
    solve_votes_at_stake,
)

VOTES = st.integers(0, 10**7)
SHARES = st.fractions(Fraction(1, 1000), 1, max_denominator=1000)
COUNTS = st.dictionaries(st.text(min_size=1, max_size=5), VOTES, min_size=2, max_size=8)


def test_wisconsin_as_first_posted() -> None:
    """Wisconsin 2016: 1,404,000 against 1,381,823 of 2,975,313 votes is a margin of 22,177."""
    answer = solve_margin(Margin({"Clinton": 1_381_823, "Trump": 1_404_000}, total=2_975_313))
    assert (answer.winner, answer.loser, answer.margin) == ("Trump", "Clinton", 22_177)
    assert answer.share_of_total == "22177/2975313"


def test_a_tie_has_no_margin() -> None:
    """Equal votes are a tie, ordered by name."""
    answer = solve_margin(Margin({"b": 5, "a": 5}))
    assert (answer.tied, answer.margin, answer.winner, answer.loser) == (True, 0, "a", "b")


def test_nobody_voted() -> None:
    """Without a vote the share of the total does not exist."""
    assert solve_margin(Margin({"a": 0, "b": 0})).share_of_total is None


def test_seats_move_the_margin_down_the_list() -> None:
    """With two seats the second has won and the third has lost."""
    answer = solve_margin(Margin({"a": 90, "b": 60, "c": 55}, seats=2))
    assert (answer.winner, answer.loser, answer.margin) == ("b", "c", 5)


@settings(deadline=None)
@given(COUNTS, st.integers(1, 7))
def test_the_margin_is_what_the_loser_lacks(votes: dict[str, int], seats: int) -> None:
    """Exactly ``seats`` choices have at least the winner's votes or come before it by name."""
    assume(seats < len(votes))
    answer = solve_margin(Margin(votes, seats))
    assert votes[answer.winner] - votes[answer.loser] == answer.margin >= 0
    assert sum(count > votes[answer.loser] for count in votes.values()) <= seats
    assert sum(count >= votes[answer.winner] for count in votes.values()) >= seats
    assert answer.tied == (answer.margin == 0)


@pytest.mark.parametrize(
    ("lead", "remaining", "percent"),
    [
        (12_828, 25_430, 75.2),  # Georgia, 5 November 2020, 20:01 UTC
        (77_967, 351_953, 61.1),  # Georgia, 4 November 2020, 20:53
        (349_685, 1_220_261, 64.3),  # Pennsylvania, 4 November 2020, 20:58
        (90_027, 430_390, 60.5),  # Pennsylvania, 5 November 2020, 22:45
        (11_454, 186_147, 53.1),  # Nevada, 5 November 2020, 17:21
    ],
)
def test_needed_shares_of_2020(lead: int, remaining: int, percent: float) -> None:
    """What the trailing candidate needed by the counts and estimates of that hour."""
    answer = solve_needed_share(NeededShare(lead, remaining))
    assert answer.percent == pytest.approx(percent, abs=0.05)
    assert f"needs {percent} %" in answer.sentence
    assert answer.can_win


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**7), SHARES)
def test_with_the_needed_share_the_count_is_level(lead: int, remaining: int, share: Fraction) -> None:
    """Given h of the remaining two-party votes the trailing choice gains exactly the lead."""
    answer = solve_needed_share(NeededShare(lead, remaining, str(share)))
    needed, votes = Fraction(answer.needed_share or 0), share * remaining
    assert needed * votes - (1 - needed) * votes == lead
    assert answer.possible == (lead <= votes)
    assert answer.can_win == (lead < votes)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**7), st.integers(1, 10**6))
def test_a_larger_lead_needs_more(lead: int, remaining: int, more: int) -> None:
    """The needed share rises with the lead and never falls below one half."""
    shares = [
        Fraction(solve_needed_share(NeededShare(each, remaining)).needed_share or 0)
        for each in (lead, lead + more)
    ]
    assert Fraction(1, 2) <= shares[0] < shares[1]


def test_nothing_left_to_count() -> None:
    """Where nothing remains only a lead of nothing can be drawn level, and nobody can win."""
    assert not solve_needed_share(NeededShare(1, 0)).possible
    level = solve_needed_share(NeededShare(0, 0))
    assert (level.possible, level.can_win, level.needed_share) == (True, False, None)


def test_more_than_there_is() -> None:
    """A lead above what remains is said to be out of reach."""
    answer = solve_needed_share(NeededShare(11, 10))
    assert (answer.possible, answer.needed_share) == (False, "21/20")
    assert "more than there are" in answer.sentence


@pytest.mark.parametrize("share", ["", "half", "1/0", "0", "-1/2", "3/2"])
def test_a_share_that_is_none_is_refused(share: str) -> None:
    """The two-party share lies above 0 and is at most 1."""
    with pytest.raises(RequestError, match="two_party_share"):
        solve_needed_share(NeededShare(1, 2, share))


def test_votes_that_moved_count_twice() -> None:
    """Antrim-like: 100 votes given to the wrong choice change the margin by 200."""
    answer = solve_votes_at_stake(VotesAtStake(moved=100, added_or_removed=7, margin=414))
    assert (answer.votes_at_stake, answer.ratio, answer.could_change_the_leader) == (207, "1/2", False)


@settings(deadline=None)
@given(VOTES, VOTES, st.none() | st.integers(0, MOST))
def test_stakes_reach_the_margin_or_not(moved: int, other: int, margin: int | None) -> None:
    """Whether the leader could change is unknown without a margin, and false with nothing at stake."""
    answer = solve_votes_at_stake(VotesAtStake(moved, other, margin))
    assert answer.votes_at_stake == 2 * moved + other
    if margin is None:
        assert (answer.ratio, answer.could_change_the_leader) == (None, None)
    else:
        assert answer.could_change_the_leader == (0 < answer.votes_at_stake >= margin)
        assert (answer.ratio is None) == (margin == 0)
