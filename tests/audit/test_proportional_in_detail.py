"""Highest averages in detail: divisors, thresholds, ties, and the claim that is easier to confirm."""

from fractions import Fraction
from fractions import Fraction as F

import pytest

from tallyproof.audit.assertion import Claims, Needed, Status, Tally, above
from tallyproof.audit.outcome import Possible
from tallyproof.audit.proportional import (
    METHODS,
    announced_seats,
    awards,
    highest_averages,
    relative_margin,
    seat_ahead,
)
from tallyproof.errors import RequestError

TALLY = Tally({"a": 530, "b": 240, "c": 150, "d": 80}, 1_000)


@pytest.mark.parametrize(
    ("method", "divisors"),
    [
        ("dhondt", [1, 2, 3, 4]),
        ("sainte_lague", [1, 3, 5, 7]),
        ("modified_sainte_lague", [Fraction(7, 5), 3, 5, 7]),
        ("danish", [1, 4, 7, 10]),
        ("imperiali", [1, Fraction(3, 2), 2, Fraction(5, 2)]),
    ],
)
def test_divisors_are_those_of_the_law(method: str, divisors: list[Fraction]) -> None:
    """The first four of each method."""
    assert [METHODS[method](seat) for seat in (1, 2, 3, 4)] == divisors


def test_seats_by_the_divisors() -> None:
    """Eight seats: 530, 265, 240, 176.7, 150, 132.5, 120, 106 win; 88.3 is the next."""
    found = highest_averages(TALLY, 8)
    assert found.outcome == {"a": 5, "b": 2, "c": 1}
    assert found.sentence == "a 5, b 2, c 1."
    last, first = awards(TALLY.votes, 8, METHODS["dhondt"])[7:9]
    assert (last.party, last.seat, last.quotient) == ("a", 5, Fraction(106))
    assert (first.party, first.seat, first.quotient) == ("a", 6, Fraction(530, 6))


def test_every_party_with_seats_is_ahead_of_every_next_seat() -> None:
    """Three with seats against three others each; u = (d(L) / d(W) + 1) / 2."""
    found = highest_averages(TALLY, 8)
    assert [assertion.claim for assertion in found.assertions] == [
        "a / 5 is more than b / 3.", "a / 5 is more than c / 2.", "a / 5 is more than d / 1.",
        "b / 2 is more than a / 6.", "b / 2 is more than c / 2.", "b / 2 is more than d / 1.",
        "c / 1 is more than a / 6.", "c / 1 is more than b / 3.", "c / 1 is more than d / 1.",
    ]  # fmt: skip
    assert found.assertions[3].assorter.upper == (Fraction(6, 2) + 1) / 2
    pair = seat_ahead(TALLY, "b", Fraction(2), "a", Fraction(6))
    assert TALLY.margin(pair) == Fraction(6, 1_000) * (Fraction(240, 2) - Fraction(530, 6))
    assert relative_margin(TALLY, pair) == TALLY.margin(pair) / 2


def test_a_party_at_the_threshold_is_a_tie_and_above_it_has_it() -> None:
    """240 of 1,000 votes are exactly 24 %."""
    assert highest_averages(TALLY, 4, threshold=Fraction(24, 100)).status is Status.TIED
    above = highest_averages(TALLY, 4, threshold=Fraction(23, 100))
    assert above.outcome == {"a": 3, "b": 1}
    claims = [assertion.claim for assertion in above.assertions]
    assert claims[2:4] == [
        "a has more than 23/100 of the valid votes.",
        "b has more than 23/100 of the valid votes.",
    ]


def test_a_party_kept_out_is_excluded_by_the_wider_margin() -> None:
    """Far below the threshold: that. Near it, but far from a seat: that it would win none."""
    far = highest_averages(TALLY, 4, threshold=Fraction(23, 100))
    assert "d has less than 23/100 of the valid votes." in [each.claim for each in far.assertions]
    near = highest_averages(TALLY, 3, threshold=Fraction(9, 100))
    claims = [each.claim for each in near.assertions if "d" in (each.loser, each.winner)]
    assert claims == ["a / 2 is more than d / 1.", "b / 1 is more than d / 1."]


def test_the_narrowest_claim_of_a_set_decides() -> None:
    """Below 11 %: v / u = 0.06; seatless: from 0.043 (against a / 5) to 0.07 (against c / 1)."""
    found = highest_averages(TALLY, 8, threshold=Fraction(11, 100))
    about_d = [each for each in found.assertions if "d" in (each.loser, each.winner)]
    assert [each.claim for each in about_d] == ["d has less than 11/100 of the valid votes."]
    assert float(relative_margin(TALLY, about_d[0])) == pytest.approx(0.06)


def test_a_threshold_of_nothing_is_refused() -> None:
    """Even where somebody has no votes."""
    with pytest.raises(RequestError, match="'share' is 0"):
        highest_averages(Tally({"a": 5, "b": 0}, 10), 2, threshold=Fraction(0))


def test_no_seat_goes_to_a_party_without_votes() -> None:
    """Quotients of nothing are none; too few parties for the seats is refused."""
    assert [award.party for award in awards({"a": 3, "b": 0}, 2, METHODS["dhondt"])] == ["a", "a", "a"]
    with pytest.raises(RequestError, match="at least one party"):
        highest_averages(Tally({"a": 0, "b": 0}, 10), 1)
    with pytest.raises(RequestError, match="'seats' at least 1"):
        highest_averages(TALLY, 0)
    assert highest_averages(Tally({"a": 3, "b": 2}, 10), 1).outcome == {"a": 1}


def test_a_tie_for_the_last_seat_names_both() -> None:
    """Six to three for two seats: 3 and 3."""
    found = highest_averages(Tally({"a": 6, "b": 3}, 10), 2)
    assert found.sentence == "a and b tie for the last seat."
    assert highest_averages(Tally({"a": 6, "b": 3}, 10), 3).status is Status.ASSERTIONS


def test_only_cards_with_one_mark_count_for_a_party() -> None:
    """Parties are voted for with one mark."""
    assert seat_ahead(TALLY, "b", Fraction(2), "a", Fraction(6)).assorter.one_mark


# ---- ties and exact shares in full


def test_a_tie_for_the_last_seat_in_full() -> None:
    """60, 30, 30, 20 / 60, 30, 20: after two sure seats three quotients of 30 are left for two places."""
    tally = Tally({"a": 60, "b": 30, "c": 30, "d": 15}, 200)
    found = highest_averages(tally, 3)
    needs = [seat_ahead(tally, "a", F(2), other, F(1)) for other in "bc"]
    assert found == Claims(
        Status.TIED,
        "a and b and c tie for the last seat.",
        {},
        possible=(Possible({"a": 1}, frozenset("abc"), 2),),
        needed=tuple(Needed(each, F(0)) for each in needs),
    )
    assert highest_averages(tally, 4).outcome == {"a": 2, "b": 1, "c": 1}


def test_a_tie_between_later_seats_in_full() -> None:
    """120 and 80 for four seats: 120, 80, 60, then 40 and 40 for the second of b and the third of a."""
    tally = Tally({"b": 80, "a": 120}, 200)
    found = highest_averages(tally, 4)
    assert found.possible == (Possible({"b": 1, "a": 2}, frozenset("ab"), 1),)
    assert found.needed == (Needed(seat_ahead(tally, "a", F(3), "b", F(2)), F(0)),)
    assert found.needed[0].assertion.claim == "a / 3 is more than b / 2."


@pytest.mark.parametrize(
    ("votes", "seats", "threshold", "possible"),
    [
        ({"a": 90, "b": 10}, 10, F(1, 10), [{"a": 10}, {"a": 9, "b": 1}]),
        ({"a": 90, "b": 10}, 1, F(1, 10), [{"a": 1}]),
        ({"a": 50, "b": 50}, 2, F(1, 2), [{}, {"a": 1, "b": 1}]),
    ],
)
def test_exactly_the_threshold_in_full(
    votes: dict[str, int], seats: int, threshold: Fraction, possible: list[dict[str, int]]
) -> None:
    """Without and with the parties that have just that share; one outcome where both are the same."""
    tally = Tally(votes, 100)
    exactly = [name for name, count in votes.items() if count == threshold * 100]
    assert highest_averages(tally, seats, threshold=threshold) == Claims(
        Status.TIED,
        f"{exactly[0]} has exactly {threshold} of the valid votes.",
        {},
        possible=tuple(Possible(sure) for sure in possible),
        needed=tuple(Needed(above(tally, name, threshold), F(0)) for name in exactly),
    )


def test_a_party_alone_in_full() -> None:
    """Nobody else could have a seat."""
    assert highest_averages(Tally({"a": 5}, 9), 3) == Claims(
        Status.UNOPPOSED, "There is no other party.", {"a": 3}
    )


def test_a_threshold_is_a_share() -> None:
    """Refused as one before anybody is held to it, and before a tie is told."""
    for votes, threshold in (({"a": 5, "b": 3}, F(2)), ({"a": 6, "b": 3}, F(0))):
        with pytest.raises(RequestError) as refused:
            highest_averages(Tally(votes, 10), 2, threshold=threshold)
        assert str(refused.value) == f"'share' is {threshold}; it must be above 0 and below 1."
    with pytest.raises(RequestError) as refused:
        highest_averages(Tally({"a": 0}, 10), 2)
    assert str(refused.value) == "'votes' must let at least one party above the threshold win seats."


def test_what_announced_seats_need() -> None:
    """Parties with none are not ahead of anybody; with a threshold those with seats are above it."""
    pairs = [
        ("a", F(2), "b", F(1)), ("a", F(2), "c", F(2)), ("a", F(2), "d", F(1)),
        ("c", F(1), "a", F(3)), ("c", F(1), "b", F(1)), ("c", F(1), "d", F(1)),
    ]  # fmt: skip
    wanted = tuple(seat_ahead(TALLY, *each) for each in pairs)
    seats = {"a": 2, "b": 0, "c": 1}
    assert announced_seats(TALLY, seats, "dhondt") == wanted
    over = tuple(above(TALLY, party, F(1, 10)) for party in "ac")
    assert announced_seats(TALLY, seats, "dhondt", F(1, 10)) == (*wanted, *over)
