"""What an announced outcome would need of the votes, rule by rule, with every margin."""

from fractions import Fraction as F
from typing import Any

import pytest

from tallyproof.audit.assertion import Claims, Status
from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.outcome import Announced
from tallyproof.errors import RequestError

VOTES = {"a": 60, "b": 30, "c": 6}
DHONDT: dict[str, Any] = {"rule": "dhondt", "seats": 4}
HALF: dict[str, Any] = {"rule": "supermajority", "share": "1/2"}
RUNOFF: dict[str, Any] = {"rule": "majority_or_runoff"}


def claims(winners: Any, votes: dict[str, int] | None = None, **more: Any) -> Claims:
    return claims_of(Contest(votes or VOTES, 100, winners=winners, **more))[1]


@pytest.mark.parametrize(
    ("winners", "more", "needed"),
    [
        (("b",), {}, {"b has more votes than a.": F(-30, 100), "b has more votes than c.": F(24, 100)}),
        (("c", "a"), {"seats": 2},
         {"a has more votes than b.": F(30, 100), "c has more votes than b.": F(-24, 100)}),
        (("b",), {"rule": "score", "points": 2},
         {"b has more points than a.": F(-30, 200), "b has more points than c.": F(24, 200)}),
        (("a", "b"), RUNOFF,
         {"a has more votes than c.": F(54, 100), "b has more votes than c.": F(24, 100),
          "a has less than 1/2 of the valid votes.": F(-24, 100),
          "b has less than 1/2 of the valid votes.": F(36, 100)}),
        (("b",), RUNOFF, {"b has more than 1/2 of the valid votes.": F(-36, 100)}),
        (("b",), HALF, {"b has more than 1/2 of the valid votes.": F(-36, 100)}),
        ({"a": 0}, HALF, {"a has less than 1/2 of the valid votes.": F(-24, 100)}),
        ({"a": 0, "c": 0}, HALF,
         {"a has less than 1/2 of the valid votes.": F(-24, 100),
          "c has less than 1/2 of the valid votes.": F(84, 100)}),
        ({"a": 2, "b": 2}, DHONDT,
         {"a / 2 is more than b / 3.": F(60, 100), "a / 2 is more than c / 1.": F(24, 100),
          "b / 2 is more than a / 3.": F(-15, 100), "b / 2 is more than c / 1.": F(9, 100)}),
        ({"a": 4}, DHONDT | {"threshold": "1/2"}, None),
        ({"a": 3, "b": 1}, DHONDT | {"threshold": "1/2"},
         {"a / 3 is more than b / 2.": F(10, 100), "a / 3 is more than c / 1.": F(14, 100),
          "b / 1 is more than a / 4.": F(60, 100), "b / 1 is more than c / 1.": F(24, 100),
          "a has more than 1/2 of the valid votes.": F(24, 100),
          "b has more than 1/2 of the valid votes.": F(-36, 100)}),
        (("c",), DHONDT, {}),
    ],
)  # fmt: skip
def test_what_another_outcome_would_need(winners: Any, more: dict[str, Any], needed: Any) -> None:
    """Each assertion that would have to be true, with its margin over the reported votes."""
    found = claims(winners, **more)
    told = {each.assertion.claim: each.margin for each in found.needed}
    if needed is None:
        assert (found.status, found.needed, found.told) == (Status.ASSERTIONS, (), None)
        return
    assert (found.status, found.assertions) == (Status.CONTRADICTED, ())
    assert told == needed


def test_seats_are_announced_by_name_or_number() -> None:
    """Parties that are only named may have any number of seats; elsewhere a name is a seat."""
    assert claims(("b", "a"), **DHONDT).status is Status.ASSERTIONS
    assert claims(("c", "a"), **DHONDT).told == Announced({"c": 1, "a": 1}, False)
    assert claims({"c": 1, "a": 3}, **DHONDT).told == Announced({"c": 1, "a": 3}, True)
    assert claims(("b",)).told == Announced({"b": 1}, True)
    assert claims({"b": 1, "a": 0}).told == Announced({"b": 1}, True)
    assert claims({"a": 0}, **HALF).told == Announced({}, True)


@pytest.mark.parametrize(
    ("winners", "more", "wrong"),
    [
        (("y", "a"), {}, "y is not"),
        ({"y": 0}, HALF, "y is not"),
        ({"y": 1, "z": 1}, DHONDT, "y, z is not"),
        ({"a": 0}, {}, "name at least one"),
        ({"a": 0}, DHONDT, "name at least one"),
        ({}, HALF, "name at least one"),
        ((), HALF, "name at least one"),
    ],
)
def test_winners_are_choices_and_there_is_one(winners: Any, more: dict[str, Any], wrong: str) -> None:
    """Nobody is announced only where a share was missed, by the number 0 of who missed it."""
    with pytest.raises(RequestError) as refused:
        claims(winners, **more)
    assert str(refused.value) == f"'winners' must be among the choices, a, b, c; {wrong}."
