"""Contests as problems, in detail: every number of an answer, which rule is asked, and borders of fields."""

import math
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from tallyproof.audit.assertion import Claims, Status, Tally, majority_or_runoff, scores
from tallyproof.audit.contest import (
    AssertionFound,
    Assertions,
    AssertionsAnswer,
    Contest,
    claims_of,
    share_of,
    solve_assertions,
)
from tallyproof.audit.irv import EqualBallots
from tallyproof.errors import RequestError


def contest(votes: dict[str, int], cards: int, **more: Any) -> Contest:
    return Contest(votes=votes, cards=cards, **more)


def read(**fields: Any) -> Assertions:
    """A problem as it comes in, with every bound checked."""
    given = {"votes": {"a": 1}, "cards": 1, **fields.pop("contest", {})}
    return msgspec.convert({"kind": "assertions", "contest": given, **fields}, Assertions)


# ---- the answer


def test_the_answer_to_a_plurality_contest() -> None:
    """Every field of both assertions; the cards are ln 20 / -ln(1 - v / 2), rounded up."""
    votes = {"a": 600, "b": 300, "c": 50}
    found = solve_assertions(Assertions(contest(votes, 1_000)))
    assert found == AssertionsAnswer(
        "assertions",
        "a wins.",
        {"a": 1},
        (
            AssertionFound("a has more votes than b.", "a", "b", "3/10", 30.0, "1", 1 / 1.7, 19),
            AssertionFound("a has more votes than c.", "a", "c", "11/20", 55.0, "1", 1 / 1.45, 10),
        ),
    )
    assert found.assertions[0].comparison_cards == math.ceil(math.log(20) / -math.log(0.85))


def test_the_answer_to_a_supermajority() -> None:
    """700 of 1,000 votes for more than 3/5: u = 5/6, v = 2 * 7/12 - 1, so v / u = 1/5."""
    given = contest({"a": 700, "b": 300}, 1_000, rule="supermajority", share="3/5")
    (found,) = solve_assertions(Assertions(given)).assertions
    assert (found.margin, found.percent, found.upper) == ("1/6", 16.666667, "5/6")
    assert found.no_error == pytest.approx(1 / 1.8, rel=1e-15)
    assert found.comparison_cards == math.ceil(math.log(20) / -math.log(0.9)) == 29
    (strict,) = solve_assertions(Assertions(given, risk_limit=0.01)).assertions
    assert strict.comparison_cards == math.ceil(math.log(100) / -math.log(0.9))


def test_a_margin_above_its_bound_doubles_the_wealth_at_most() -> None:
    """All votes for more than 1/10: u = 5, v = 9, a right card counts 5; five doublings pass 20."""
    given = contest({"a": 10, "b": 0}, 10, rule="supermajority", share="1/10", choice="a")
    (found,) = solve_assertions(Assertions(given)).assertions
    assert (found.margin, found.upper, found.comparison_cards) == ("9", "5", 5)
    assert found.no_error == pytest.approx(5.0)


def test_a_tie_is_an_answer_without_assertions() -> None:
    """Nothing can be asserted, and the answer says why."""
    found = solve_assertions(Assertions(contest({"a": 5, "b": 5}, 10)))
    assert found == AssertionsAnswer("tied", "a and b tie with 5 votes.", {})


# ---- which rule is asked


@pytest.mark.parametrize(
    ("more", "per_card", "per_choice"),
    [
        ({}, 1, 1),
        ({"votes_per_card": 2}, 2, 1),
        ({"votes_per_card": 2, "points": 3}, 2, 1),
        ({"rule": "score", "points": 2}, 4, 2),
        ({"rule": "score", "points": 3, "votes_per_card": 5}, 6, 3),
        ({"rule": "score", "votes_per_card": 2}, 2, 1),
    ],
)
def test_what_a_card_bears(more: dict[str, Any], per_card: int, per_choice: int) -> None:
    """Points count under "score" alone: the most for each choice, and all choices times that for a card."""
    tally, _ = claims_of(contest({"a": 6, "b": 4}, 10, **more))
    assert tally == Tally({"a": 6, "b": 4}, 10, per_card, per_choice)


def test_scores_are_asked_of_the_rule_for_scores() -> None:
    """30 points of 3 each and 20 seats one choice; claims speak of points."""
    votes = {"a": 30, "b": 20, "c": 10}
    tally, claims = claims_of(contest(votes, 10, rule="score", points=3))
    assert claims == scores(tally, 1, 3)
    assert claims.assertions[0].claim == "a has more points than b."


def test_a_majority_or_runoff_is_asked_of_its_rule() -> None:
    """Two of three go to a runoff, which no other rule elects."""
    tally, claims = claims_of(contest({"a": 45, "b": 40, "c": 15}, 100, rule="majority_or_runoff"))
    assert claims == majority_or_runoff(tally)
    assert claims.outcome == {"a": 1, "b": 1}


def test_a_threshold_keeps_a_party_out() -> None:
    """6 of 100 votes take one of 20 seats, and none where a seat needs 10 %."""

    def seats(threshold: str | None) -> dict[str, int]:
        given = contest({"a": 94, "b": 6}, 100, rule="dhondt", seats=20, threshold=threshold)
        return dict(claims_of(given)[1].outcome)

    assert seats(None) == {"a": 19, "b": 1}
    assert seats("0.05") == {"a": 19, "b": 1}
    assert seats("1/10") == {"a": 20}


# ---- winners as reported


def reported(winners: tuple[str, ...], **more: Any) -> Claims:
    votes = {"a": 60, "b": 30, "c": 5}
    return claims_of(contest(votes, 100, **{"winners": winners, **more}))[1]


def test_parties_are_reported_without_their_seats() -> None:
    """The parties with seats confirm the outcome, whatever seats each has."""
    claims = reported(("b", "a"), rule="dhondt", seats=3)
    assert (claims.status, claims.outcome) == (Status.ASSERTIONS, {"a": 2, "b": 1})
    assert len(claims.assertions) > 0


def test_another_winner_contradicts_the_votes() -> None:
    """Nothing is asserted, and both outcomes are named."""
    claims = reported(("b",))
    assert (claims.status, claims.assertions) == (Status.CONTRADICTED, ())
    assert claims.sentence == "The reported votes elect a, not b as reported."


def test_a_tie_stays_a_tie_whoever_is_reported() -> None:
    """Votes that elect nobody contradict nobody."""
    _, claims = claims_of(contest({"a": 5, "b": 5}, 10, winners=("a",)))
    assert (claims.status, claims.sentence) == (Status.TIED, "a and b tie with 5 votes.")


@pytest.mark.parametrize(
    ("winners", "why"),
    [
        (("y", "a", "z"), "'winners' must be among the choices, a, b, c; y, z is not."),
        ((), "'winners' must be among the choices, a, b, c; name at least one."),
    ],
)
def test_winners_that_are_no_choices_are_refused(winners: tuple[str, ...], why: str) -> None:
    """The sentence names the choices, and those that are none."""
    with pytest.raises(RequestError) as told:
        reported(winners)
    assert str(told.value) == why


# ---- fields


@pytest.mark.parametrize("text", [None, "0/1", "0.0", "1/1", "3/2"])
@pytest.mark.parametrize("field", ["share", "threshold"])
def test_a_share_lies_between_nothing_and_all(text: str | None, field: str) -> None:
    """Neither border is a share, and the sentence names the field."""
    with pytest.raises(RequestError) as told:
        share_of(text, field)
    assert str(told.value) == f"'{field}' must be a share above 0 and below 1, such as \"2/3\"."
    assert share_of("2/3", field) == Fraction(2, 3)


def test_the_field_of_a_wrong_share_is_named() -> None:
    """A supermajority's is 'share', that which a party needs 'threshold'."""
    for rule, field in (("supermajority", "share"), ("dhondt", "threshold")):
        with pytest.raises(RequestError, match=f"^'{field}' must"):
            claims_of(contest({"a": 6, "b": 4}, 10, rule=rule, **{field: "1/1"}))


def test_what_is_left_out() -> None:
    """One seat, one vote for each card, one point, 5 %."""
    assert read() == Assertions(
        Contest({"a": 1}, 1, "plurality", 1, 1, 1, None, None, None, None, ()), risk_limit=0.05
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"contest": {"cards": 1, "votes": {"a": 0}}},
        {"contest": {"cards": 2**53 - 1, "votes": {"a": 2**53 - 1}}},
        {"risk_limit": 0.001},
        {"risk_limit": 0.999},
    ],
)
def test_numbers_at_their_borders_are_read(fields: dict[str, Any]) -> None:
    """From 0 votes and 1 card to what every program can count exactly."""
    assert isinstance(read(**fields), Assertions)


@pytest.mark.parametrize(
    "fields",
    [
        {"contest": {"cards": 0}},
        {"contest": {"cards": 2**53}},
        {"contest": {"votes": {"a": -1}}},
        {"contest": {"votes": {"a": 2**53}}},
        {"risk_limit": 0},
        {"risk_limit": 1},
    ],
)
def test_numbers_beyond_their_borders_are_refused(fields: dict[str, Any]) -> None:
    """One more or one less than the border."""
    with pytest.raises(msgspec.ValidationError):
        read(**fields)


# ---- ranked contests


def ranked(**more: Any) -> Claims:
    ballots = (EqualBallots(60, ("a", "b")), EqualBallots(40, ("b", "c")))
    given = contest({"a": 60, "b": 40, "c": 0}, 100, rule="irv", rankings=ballots, **more)
    return claims_of(given)[1]


def test_a_ranked_contest_is_compared_with_its_reported_winner() -> None:
    """The winner by the rankings confirms, another contradicts them, and none reported is no matter."""
    assert ranked().status is ranked(winners=("a",)).status is Status.ASSERTIONS
    assert (ranked(winners=("b",)).status, ranked(winners=("b",)).outcome) == (Status.CONTRADICTED, {})


@pytest.mark.parametrize("more", [{"seats": 2}, {"winners": ("a", "b")}, {"winners": ()}])
def test_a_ranked_contest_has_one_winner(more: dict[str, Any]) -> None:
    """One seat and one winner reported, no fewer and no more."""
    with pytest.raises(RequestError) as told:
        ranked(**more)
    assert str(told.value) == "'seats' of a ranked contest must be 1, and so must its 'winners'."
