"""Instant-runoff counts in detail: ties that can be caught up, and a count whose first choice wins."""

import pytest

from tallyproof.audit import irv_answer
from tallyproof.audit.irv import EqualBallots, IrvAssertions
from tallyproof.audit.irv_answer import solve_irv_assertions
from tallyproof.audit.irv_count import count_irv, possible_winners
from tallyproof.audit.irv_rankings import collapse
from tallyproof.audit.irv_tallies import Tallies
from tallyproof.errors import TallyproofError

from .ranked import Rankings


def winners(choices: int, rankings: Rankings) -> tuple[int, ...]:
    return possible_winners(Tallies(collapse(choices, rankings)))


def test_a_count_has_a_round_for_everybody_who_goes_out() -> None:
    """Also where the first of the list wins."""
    counted = count_irv(Tallies(collapse(3, {(0,): 5, (1, 0): 3, (2, 1): 1})))
    assert [round_.out for round_ in counted.rounds] == [2, 1]
    assert (counted.order, counted.winner) == ((2, 1, 0), 0)


def test_tied_choices_who_together_reach_the_next_may_go_on() -> None:
    """1 and 1 make 2, a tie with the third: whoever gets the other's vote may win."""
    assert winners(3, {(0, 1): 1, (1,): 1, (2,): 2}) == (1, 2)


def test_tied_choices_are_measured_against_the_next_not_the_first() -> None:
    """1 and 1 reach the third's 2, and with its votes pass the first's 3."""
    assert winners(4, {(0, 1): 1, (1,): 1, (2, 1): 2, (3,): 3}) == (1, 3)


def test_tied_choices_who_cannot_catch_up_all_go_out() -> None:
    """1 and 1 stay below 3."""
    assert winners(4, {(0, 1): 1, (1, 0): 1, (2,): 3, (3,): 4}) == (3,)


def test_a_set_that_does_not_suffice_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the search wrong, the separate proof would say so."""
    monkeypatch.setattr(irv_answer, "choose_assertions", lambda *given: ())
    ballots = (EqualBallots(5, ("a",)), EqualBallots(3, ("b",)))
    with pytest.raises(TallyproofError, match="0 assertions do not imply"):
        solve_irv_assertions(IrvAssertions(("a", "b"), ballots))


def test_a_contradicted_winner_is_still_named() -> None:
    """The answer says who was reported, and who may have won."""
    ballots = (EqualBallots(5, ("a",)), EqualBallots(5, ("b",)), EqualBallots(1, ("c",)))
    found = solve_irv_assertions(IrvAssertions(("a", "b", "c"), ballots, winner="c"))
    assert (found.outcome, found.winner) == ("another_winner", "c")
    assert found.sentence == "The rankings elect a or b, not c."
    tied = solve_irv_assertions(IrvAssertions(("a", "b", "c"), ballots, winner="a"))
    assert (tied.outcome, tied.winner) == ("tied", "a")


def test_an_irv_audit_is_compared_at_5_percent_unless_told() -> None:
    """The defaults of the problem."""
    problem = IrvAssertions(("a",), ())
    assert (problem.difficulty, problem.risk_limit, problem.gamma) == ("comparison", 0.05, 1.03905)
    assert solve_irv_assertions(IrvAssertions(("a", "b"), ())).ends_walked == 0
