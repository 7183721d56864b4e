"""Claims in detail: borders, sentences, and what each function refuses by itself."""

from fractions import Fraction

import pytest

from tallyproof.audit.assertion import (
    Claims,
    Needed,
    Status,
    Tally,
    above,
    ahead,
    below,
    majority_or_runoff,
    needed,
    plurality,
    reported_as,
    scores,
    supermajority,
)
from tallyproof.audit.outcome import Possible, announced
from tallyproof.audit.proportional import highest_averages
from tallyproof.errors import RequestError

THREE = Tally({"a": 50, "b": 30, "c": 15}, 100)
HALF = Fraction(1, 2)


def runoff(*votes: int) -> Claims:
    return majority_or_runoff(Tally(dict(zip("abcd", votes, strict=False)), 100))


# ---- borders


def test_exactly_the_share_is_a_tie() -> None:
    """One vote more has it, one vote fewer has not."""
    found = [
        supermajority(Tally({"a": votes, "b": 10 - votes}, 10), Fraction(3, 5), "a") for votes in (5, 6, 7)
    ]
    assert [claims.status for claims in found] == [Status.ASSERTIONS, Status.TIED, Status.ASSERTIONS]
    assert [claims.outcome for claims in found] == [{}, {}, {"a": 1}]
    assert found[1].sentence == "a has exactly 3/5 of the valid votes."


def test_a_share_of_no_votes_is_a_tie() -> None:
    """Nobody has more or less than a share of nothing."""
    nobody = supermajority(Tally({"a": 0, "b": 0}, 10), Fraction(3, 5))
    assert (nobody.status, nobody.assertions) == (Status.TIED, ())
    assert nobody.sentence == "There are no valid votes."


@pytest.mark.parametrize(
    ("votes", "status", "outcome"),
    [
        ((51, 49), Status.ASSERTIONS, {"a": 1}),
        ((50, 50), Status.TIED, {}),
        ((50, 30, 20), Status.TIED, {}),
        ((51, 25, 24), Status.ASSERTIONS, {"a": 1}),
        ((49, 26, 25), Status.ASSERTIONS, {"a": 1, "b": 1}),
        ((49, 25, 25), Status.TIED, {}),
        ((60, 20, 20), Status.ASSERTIONS, {"a": 1}),
        ((40, 30, 10, 10), Status.ASSERTIONS, {"a": 1, "b": 1}),
    ],
)
def test_majority_runoff_or_tie(votes: tuple[int, ...], status: Status, outcome: dict[str, int]) -> None:
    """Half is no majority; a tie for the second place matters where there is a runoff, one below it never."""
    found = runoff(*votes)
    assert (found.status, found.outcome) == (status, outcome)


def test_ties_say_what_is_tied() -> None:
    """The last seat, the runoff, half of the votes."""
    assert runoff(49, 25, 25).sentence == "b and c tie for the runoff."
    assert runoff(50, 30, 20).sentence == "a has exactly half of the valid votes."
    tied = plurality(Tally({"a": 5, "b": 5, "c": 1}, 20))
    assert tied.sentence == "a and b tie with 5 votes."
    points = scores(Tally({"a": 5, "b": 5}, 20, 2, 2), 1, 2)
    assert points.sentence == "a and b tie with 5 points."


# ---- what is said


def test_outcomes_are_told() -> None:
    """One winner, two winners, nobody to lose, nobody with the share."""
    assert plurality(THREE).sentence == "a wins."
    assert plurality(THREE, 2).sentence == "a, b win."
    unopposed = plurality(THREE, 3)
    assert unopposed.sentence == "There are no more choices than seats."
    assert unopposed.outcome == {"a": 1, "b": 1, "c": 1}
    short = Fraction(3, 5)
    assert supermajority(THREE, short).sentence == "Every choice has less than 3/5 of the valid votes."
    assert supermajority(THREE, short, "b").sentence == "b has less than 3/5 of the valid votes."


def test_claims_name_votes_or_points_and_sides() -> None:
    """A share has one side only."""
    assert ahead(THREE, "a", "b").claim == "a has more votes than b."
    assert ahead(THREE, "a", "b", most=2).claim == "a has more points than b."
    more, less = above(THREE, "a", HALF), below(THREE, "a", HALF)
    assert (more.winner, more.loser, less.winner, less.loser) == ("a", "", "", "a")
    assert more.assorter.one_mark and less.assorter.one_mark


def test_a_contradiction_names_both_outcomes() -> None:
    """Also that nobody has won, and seats by party."""
    assert reported_as(plurality(THREE, 2), ["c", "a"]).sentence == (
        "The reported votes elect a, b, not a, c as reported."
    )
    nobody = reported_as(supermajority(THREE, Fraction(3, 5), "a"), ["a"])
    assert nobody.sentence == "The reported votes elect nobody, not a as reported."
    seats = highest_averages(THREE, 4)
    assert seats.outcome == {"a": 3, "b": 1}
    assert reported_as(seats, {"a": 3, "b": 1}) == seats
    assert reported_as(seats, {"a": 2, "b": 2}).status is Status.CONTRADICTED


# ---- what is refused


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(3, 2)])
def test_a_share_of_nothing_or_everything_is_refused(share: Fraction) -> None:
    """By each function that takes one."""
    for request in (
        supermajority,
        lambda tally, f: above(tally, "a", f),
        lambda tally, f: below(tally, "a", f),
    ):
        with pytest.raises(RequestError, match="'share' is"):
            request(THREE, share)


def test_everything_is_no_share_even_where_one_has_it() -> None:
    """All votes are for one: that is no tie with a share of 1."""
    with pytest.raises(RequestError, match="'share' is 1"):
        supermajority(Tally({"a": 5}, 10), Fraction(1))


def test_sides_that_are_no_choices_are_refused() -> None:
    """Winner or loser."""
    for winner, loser in (("z", "a"), ("a", "z")):
        with pytest.raises(RequestError, match="'z' is none of the choices: a, b, c"):
            ahead(THREE, winner, loser)


def test_points_that_no_card_can_give_are_refused() -> None:
    """One point per choice is a vote; two where one is allowed is not; 'most' itself is at least 1."""
    assert scores(THREE, 1, 1).outcome == {"a": 1}
    with pytest.raises(RequestError, match="'most' is 1"):
        scores(Tally({"a": 12, "b": 3}, 10, 3, 2), 1, 1)
    with pytest.raises(RequestError, match="'most' is 0"):
        scores(Tally({"a": 1}, 10, per_choice=0 + 1), 1, 0)


@pytest.mark.parametrize(
    ("votes", "why"),
    [
        ({"a": 9, "b": -1}, "at least 0 for every choice"),
        ({"a": 11, "b": 0}, "at most 10 for every choice"),
        ({"a": 6, "b": 5}, "11 in all"),
    ],
)
def test_what_is_wrong_with_a_tally_is_told(votes: dict[str, int], why: str) -> None:
    """Each kind of impossible vote has its own sentence."""
    with pytest.raises(RequestError, match=why):
        Tally(votes, 10)


def test_shares_are_looked_at_even_where_nobody_voted() -> None:
    """A share of nothing or all is refused before a tie is told; both sides need one mark per card."""
    with pytest.raises(RequestError, match="'share' is 1; it must be above 0 and below 1."):
        supermajority(Tally({"a": 0}, 10), Fraction(1))
    several = Tally({"a": 9, "b": 3}, 10, per_card=2)
    for request in (above, below):
        with pytest.raises(RequestError, match="'votes_per_card' is 2; it must be 1 for shares"):
            request(several, "a", HALF)


# ---- what a tie needs, and what was announced


def test_a_tie_for_the_lead_in_full() -> None:
    """Two of three have more than two fifths, equally many: a lot for one place between them."""
    tally = Tally({"a": 45, "b": 10, "c": 45}, 100)
    leads = [ahead(tally, "a", "c"), ahead(tally, "a", "b")]
    assert supermajority(tally, Fraction(2, 5)) == Claims(
        Status.TIED,
        "a and c tie for the lead.",
        {},
        possible=(Possible({}, frozenset("ac"), 1),),
        needed=(Needed(leads[0], Fraction(0)), Needed(leads[1], Fraction(35, 100))),
    )


def test_an_exact_share_in_full() -> None:
    """Six of ten, where more than three fifths are needed: what would have to be true has no margin."""
    tally = Tally({"a": 6, "b": 4}, 10)
    assert supermajority(tally, Fraction(3, 5)) == Claims(
        Status.TIED,
        "a has exactly 3/5 of the valid votes.",
        {},
        needed=(Needed(above(tally, "a", Fraction(3, 5)), Fraction(0)),),
    )


def test_an_outcome_that_one_reading_of_an_exact_share_allows() -> None:
    """b has exactly a tenth: nine and one seat, or ten for a; either may be announced, eight and two not."""
    claims = highest_averages(Tally({"a": 90, "b": 10}, 100), 10, threshold=Fraction(1, 10))
    assert claims.outcomes == (Possible({"a": 10}), Possible({"a": 9, "b": 1}))
    for seats in ({"a": 10}, {"a": 9, "b": 1}):
        found = reported_as(claims, seats)
        assert (found.status, found.told, found.reported) == (Status.TIED, announced(seats), announced(seats))
    found = reported_as(claims, {"a": 8, "b": 2})
    assert found.status is Status.CONTRADICTED
    assert found.sentence == (
        "The reported votes do not elect a 8, b 2 as reported: b has exactly 1/10 of the valid votes."
    )


def test_numbers_of_seats_are_told_where_someone_has_two() -> None:
    """One each against two for one; where nobody has two, names are enough."""
    claims = highest_averages(Tally({"a": 60, "b": 40}, 100), 2)
    assert claims.outcome == {"a": 1, "b": 1}
    assert reported_as(claims, {"a": 2}).sentence == (
        "The reported votes elect a 1, b 1, not a 2 as reported."
    )
    assert reported_as(claims, {"a": 1, "c": 1}).sentence == (
        "The reported votes elect a, b, not a, c as reported."
    )


def test_a_contradiction_needs_what_was_asserted_of_a_tally() -> None:
    """With its margin, below 0; without a tally there is none to tell."""
    wrong = ahead(THREE, "b", "a")
    found = reported_as(plurality(THREE), ["b"], THREE, [wrong])
    assert found.needed == needed(THREE, [wrong]) == (Needed(wrong, Fraction(-20, 100)),)
    assert (found.assertions, found.told, found.outcome) == ((), announced(["b"]), {"a": 1})
    assert reported_as(plurality(THREE), ["b"], None, [wrong]).needed == ()
