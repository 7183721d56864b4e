"""The door: ranked ballots and a reported winner in, assertions or the reason why there are none out."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from tallyproof.audit.irv import EqualBallots, IrvAssertions, IrvAssertionsAnswer
from tallyproof.audit.irv_answer import solve_irv_assertions
from tallyproof.errors import RequestError

NAMES = ("Alice", "Bob", "Chuan", "Diego")
GUIDE = {
    ("Chuan", "Bob", "Alice"): 5000,
    ("Bob", "Chuan", "Diego"): 1000,
    ("Diego", "Alice"): 1500,
    ("Alice", "Diego"): 4000,
    ("Diego",): 2000,
}


def problem(rankings: Mapping[tuple[str, ...], int] = GUIDE, **more: Any) -> IrvAssertions:
    ballots = tuple(EqualBallots(number, ranking) for ranking, number in rankings.items())
    return IrvAssertions(more.pop("choices", NAMES), ballots, **more)


def solve(rankings: Mapping[tuple[str, ...], int] = GUIDE, **more: Any) -> IrvAssertionsAnswer:
    return solve_irv_assertions(problem(rankings, **more))


def test_the_guides_contest_is_confirmed_by_five_assertions() -> None:
    """Winner, difficulty, margins, the count's rounds and the proof come together."""
    answer = solve(winner="Chuan")
    assert (answer.outcome, answer.winner, answer.difficulty) == ("assertions", "Chuan", 27.0)
    assert [(a.type, a.winner, a.loser, a.margin) for a in answer.assertions] == [
        ("NEB", "Chuan", "Bob", 4000),
        ("NEN", "Alice", "Bob", 3000),
        ("NEN", "Alice", "Diego", 500),
        ("NEN", "Chuan", "Alice", 500),
        ("NEN", "Chuan", "Diego", 2500),
    ]
    assert answer.smallest_margin == 500
    assert [round_.out for round_ in answer.rounds] == ["Bob", "Diego", "Alice"]
    assert answer.explanation[-1] == "      Alice: contradicts (2)."


def test_margins_are_diluted_by_all_cards() -> None:
    """Twice as many cards are twice as hard to compare, and four times as hard to poll."""
    assert solve(cards=27_000).difficulty == 54.0
    assert solve(cards=27_000, difficulty="polling").difficulty == 54.0**2


def test_difficulty_may_be_the_cards_of_a_method() -> None:
    """A smaller risk limit needs more cards, in both methods."""
    for method in ("kaplan_markov", "bravo"):
        loose, strict = (solve(difficulty=method, risk_limit=limit).difficulty for limit in (0.1, 0.01))
        assert loose is not None and strict is not None and 0 < loose < strict


def test_a_tie_that_decides_the_winner_is_an_answer() -> None:
    """No assertion is offered, and the order that cannot be excluded is named."""
    answer = solve({("Alice",): 5, ("Bob",): 5}, choices=("Alice", "Bob"), winner="Alice")
    assert (answer.outcome, answer.assertions) == ("tied", ())
    assert answer.not_excluded == ("Alice", "Bob")
    assert "Alice or Bob" in answer.sentence


def test_a_tie_without_a_reported_winner_is_an_answer_too() -> None:
    """The winner stays open."""
    answer = solve({("Alice",): 5, ("Bob",): 5}, choices=("Alice", "Bob"))
    assert (answer.outcome, answer.winner) == ("tied", None)


def test_rankings_that_elect_another_are_an_answer() -> None:
    """The reported winner did not win; the order that did happen cannot be excluded."""
    answer = solve(winner="Alice")
    assert answer.outcome == "another_winner"
    assert answer.sentence == "The rankings elect Chuan, not Alice."
    assert answer.not_excluded == ("Bob", "Diego", "Alice", "Chuan")


def test_one_choice_needs_no_assertion() -> None:
    """Nobody else can win."""
    answer = solve({("Alice",): 5}, choices=("Alice",))
    assert (answer.outcome, answer.assertions, answer.smallest_margin) == ("assertions", (), None)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"winner": "Eve"}, "'winner' is 'Eve'"),
        ({"choices": ("Alice", "Bob", "Chuan")}, "'rankings' names 'Diego'"),
        ({"choices": (*NAMES, "Alice")}, "'choices' names one twice"),
        ({"cards": 13_499}, "'cards' is 13,499, fewer than the 13,500"),
        ({"rankings": {("Alice", "Alice"): 1}}, "a choice twice"),
        ({"difficulty": "bravo", "risk_limit": 1.0}, "'risk_limit' is"),
    ],
)
def test_a_problem_that_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    """The argument is named."""
    with pytest.raises(RequestError, match=message):
        solve(**changed)


def test_problem_and_answer_pass_through_json() -> None:
    """What goes in and comes out at the command line is the same object."""
    asked = problem(winner="Chuan")
    again = msgspec.json.decode(msgspec.json.encode(asked), type=IrvAssertions)
    answer = solve_irv_assertions(again)
    assert again == asked
    assert msgspec.json.decode(msgspec.json.encode(answer), type=IrvAssertionsAnswer) == answer
