"""Which assertions imply an outcome; ties and contradictions are answers."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tallyproof.audit.assertion import (
    Claims,
    Status,
    Tally,
    majority_or_runoff,
    plurality,
    reported_as,
    scores,
    supermajority,
)
from tallyproof.audit.proportional import METHODS, highest_averages
from tallyproof.errors import RequestError

THREE = Tally({"a": 50, "b": 30, "c": 15}, 100)


def claims_of(claims: Claims) -> list[str]:
    return [assertion.claim for assertion in claims.assertions]


def test_plurality_with_two_seats_pairs_every_winner_with_every_loser() -> None:
    """Two winners and one loser make two claims."""
    found = plurality(THREE, seats=2)
    assert claims_of(found) == ["a has more votes than c.", "b has more votes than c."]
    assert [THREE.margin(each) for each in found.assertions] == [Fraction(35, 100), Fraction(15, 100)]


def test_a_supermajority_needs_more_than_its_share_of_valid_votes() -> None:
    """The margin is q (p / f - 1) with q the share of valid votes, p the winner's share of them."""
    found = supermajority(THREE, Fraction(1, 2))
    (only,) = found.assertions
    assert THREE.margin(only) == Fraction(95, 100) * (Fraction(50, 95) / Fraction(1, 2) - 1)
    assert only.assorter.upper == 1


def test_a_missed_supermajority_is_confirmed_by_the_mirror_image() -> None:
    """A question that needed three fifths and fell short; where nobody is named, everybody fell short."""
    named = supermajority(THREE, Fraction(3, 5), "a")
    assert claims_of(named) == ["a has less than 3/5 of the valid votes."]
    assert named.assertions[0].assorter.upper == Fraction(5, 4)
    assert len(supermajority(THREE, Fraction(3, 5)).assertions) == 3


def test_a_runoff_needs_leads_and_no_majority() -> None:
    """Two choices go on: each leads the others, and neither has half of the votes."""
    found = majority_or_runoff(Tally({"a": 45, "b": 30, "c": 20}, 100))
    assert claims_of(found) == [
        "a has more votes than c.",
        "b has more votes than c.",
        "a has less than 1/2 of the valid votes.",
        "b has less than 1/2 of the valid votes.",
    ]
    assert majority_or_runoff(THREE).outcome == {"a": 1}


def test_borda_compares_points() -> None:
    """(s_w - s_l + s_max) / (2 s_max): 110 points against 100 on 60 cards of at most 2 points."""
    tally = Tally({"a": 70, "b": 60, "c": 50}, 60, per_card=3, per_choice=2)
    found = scores(tally, 1, most=2)
    assert tally.margin(found.assertions[0]) == Fraction(10, 2 * 60)


@pytest.mark.parametrize(
    "tied",
    [
        plurality(Tally({"a": 5, "b": 5, "c": 1}, 20)),
        plurality(Tally({"a": 7, "b": 5, "c": 5}, 20), seats=2),
        supermajority(Tally({"a": 6, "b": 4}, 10), Fraction(3, 5)),
        majority_or_runoff(Tally({"a": 5, "b": 3, "c": 2}, 10)),
        majority_or_runoff(Tally({"a": 4, "b": 3, "c": 3}, 10)),
        highest_averages(Tally({"a": 6, "b": 3}, 10), 2),
        highest_averages(Tally({"a": 19, "b": 1}, 20), 2, threshold=Fraction(1, 20)),
    ],
)
def test_a_tie_is_an_answer(tied: Claims) -> None:
    """Nothing can be confirmed where one vote more would decide; no assertion is made."""
    assert tied.status is Status.TIED
    assert not tied.assertions


def test_a_tie_among_the_losers_is_none() -> None:
    """Equal votes matter only where seats end."""
    assert plurality(Tally({"a": 7, "b": 5, "c": 5}, 20)).status is Status.ASSERTIONS


def test_another_outcome_than_the_announced_one_is_an_answer() -> None:
    """The winner that was announced is not the one of the votes: no assertion could be true."""
    assert reported_as(plurality(THREE), ["b"]).status is Status.CONTRADICTED
    assert not reported_as(plurality(THREE), ["b"]).assertions
    assert reported_as(plurality(THREE), ["a"]) == plurality(THREE)


def test_nobody_can_lose_against_nobody() -> None:
    """As many choices as seats."""
    assert plurality(THREE, seats=3).status is Status.UNOPPOSED


@pytest.mark.parametrize(
    ("votes", "cards", "why"),
    [
        ({"a": -1}, 5, "at least 0"),
        ({"a": 6}, 5, "at most 5"),
        ({"a": 3, "b": 3}, 5, "at most 5"),
        ({}, 5, "name a"),
    ],
)
def test_impossible_tallies_are_refused(votes: dict[str, int], cards: int, why: str) -> None:
    """Negative votes, and more votes than cards can bear."""
    with pytest.raises(RequestError, match=why):
        Tally(votes, cards)


def test_impossible_requests_are_refused() -> None:
    """Shares outside (0, 1), unknown choices and methods, no seats."""
    requests: list[Callable[[], Claims]] = [
        lambda: supermajority(THREE, Fraction(1)),
        lambda: supermajority(THREE, Fraction(1, 2), "z"),
        lambda: plurality(THREE, 0),
        lambda: scores(THREE, 1, 0),
        lambda: highest_averages(THREE, 3, "hare"),
        lambda: highest_averages(THREE, 0),
    ]
    for request in requests:
        with pytest.raises(RequestError):
            request()


METHOD: list[Callable[[Tally], Claims]] = [
    plurality,
    lambda tally: plurality(tally, 2),
    majority_or_runoff,
    lambda tally: supermajority(tally, Fraction(2, 5)),
    lambda tally: supermajority(tally, Fraction(2, 5), "a"),
    *(partial(highest_averages, seats=5, method=name) for name in METHODS),
    lambda tally: highest_averages(tally, 4, "dhondt", Fraction(1, 5)),
]
VOTES = st.lists(st.integers(1, 12), min_size=4, max_size=4).map(
    lambda counts: dict(zip("abcd", counts, strict=True))
)


@given(VOTES, VOTES, st.sampled_from(METHOD))
def test_true_assertions_imply_the_outcome(
    told: dict[str, int], true: dict[str, int], method: Callable[[Tally], Claims]
) -> None:
    """Claims made from reported votes that all hold for the true votes: the outcome is the same."""
    reported, real = Tally(told, 60), Tally(true, 60)
    claims = method(reported)
    assume(claims.status is Status.ASSERTIONS)
    assert all(reported.margin(each) > 0 for each in claims.assertions)
    if all(real.margin(each) > 0 for each in claims.assertions):
        assert method(real).outcome == claims.outcome


def test_a_share_that_two_can_exceed_needs_the_leader_to_lead() -> None:
    """Two may have more than 2/5: who is first must be shown too, unless the choice is named."""
    tally = Tally({"a": 5, "b": 5, "c": 2}, 12)
    assert supermajority(tally, Fraction(2, 5)).status is Status.TIED
    ahead = supermajority(Tally({"a": 6, "b": 5, "c": 1}, 12), Fraction(2, 5))
    assert [(each.winner, each.loser) for each in ahead.assertions] == [("a", ""), ("a", "b"), ("a", "c")]
    named = supermajority(tally, Fraction(2, 5), "b")
    assert [(each.winner, each.loser) for each in named.assertions] == [("b", "")]


def test_claims_come_in_the_order_of_the_choices() -> None:
    """Also those of the parties that a threshold keeps out: the same list on every machine and run."""
    tally = Tally({"a": 500, "b": 300, **{f"small {n}": 20 - n for n in range(8)}}, 1000)
    claims = claims_of(highest_averages(tally, 5, "dhondt", Fraction(1, 20)))
    kept_out = [claim for claim in claims if "small" in claim]
    assert kept_out == [f"{who} is more than small {n} / 1." for n in range(8) for who in ("a / 3", "b / 2")]
