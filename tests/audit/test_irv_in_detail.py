"""Instant-runoff counts in detail: ties that can be caught up, and a count whose first choice wins."""

import numpy as np
import pytest

from tallyproof.audit import irv_answer, irv_tallies
from tallyproof.audit.irv import EqualBallots, IrvAssertions
from tallyproof.audit.irv_answer import solve_irv_assertions
from tallyproof.audit.irv_count import count_irv, possible_winners
from tallyproof.audit.irv_difficulty import bravo_cards, inverse_margin, kaplan_markov_cards
from tallyproof.audit.irv_rankings import MOST_CHOICES, RankingRules, collapse, ranking_of
from tallyproof.audit.irv_tallies import Tallies
from tallyproof.errors import RequestError, TallyproofError

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


def test_blanks_are_counted_from_none() -> None:
    """One empty rank is allowed at the very start where one in a row is; skipping reads on."""
    assert ranking_of([[], [0], [1]], RankingRules(blanks=1)) == (0, 1)
    assert ranking_of([[], [], [0]], RankingRules(blanks=1)) == ()
    assert ranking_of([[0, 1], [2]], RankingRules(overvote="skip")) == (2,)
    assert ranking_of([[0, 1], [2]], RankingRules()) == ()
    assert ranking_of([[1], [0], [1], [2]], RankingRules(blanks=0)) == (1, 0, 2)


@pytest.mark.parametrize(
    ("choices", "rankings", "why"),
    [
        (3, {(0, 2): 1, (-1,): 1}, "outside 0 to 2"),
        (3, {(0, 3): 1}, "outside 0 to 2"),
        (3, {(1, 0, 1): 1}, "a choice twice"),
        (3, {(2, 2): 1}, "a choice twice"),
        (3, {(0,): -1, (1,): 5}, "below 0"),
        (3, {(0,): 2**53}, "2.53"),
        (0, {}, "'choices' is 0"),
        (MOST_CHOICES + 1, {}, "'choices' is"),
    ],
)
def test_rankings_that_cannot_be_are_refused(choices: int, rankings: Rankings, why: str) -> None:
    """Wherever in the ranking, and whatever the others are."""
    with pytest.raises(RequestError, match=why):
        collapse(choices, rankings)


def test_as_many_choices_as_a_set_holds() -> None:
    """The last of them counts as the first does; no rankings are none."""
    last = MOST_CHOICES - 1
    assert collapse(MOST_CHOICES, {(last, 0): 3}).ballots == 3
    assert collapse(1, {(0,): 3}).orders.tolist() == [[0]]
    assert collapse(2, {}).ballots == 0
    assert collapse(2, {(): 4}).ballots == 4
    with pytest.raises(RequestError, match="a choice twice"):
        collapse(MOST_CHOICES, {(last, 0, last): 1})


@pytest.mark.parametrize("table", [True, False])
def test_votes_with_and_without_a_table(table: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for one set, for one more, and for pairs: the same numbers."""
    monkeypatch.setattr(irv_tallies, "TABLE_CHOICES", 3 if table else 2)
    tallies = Tallies(collapse(3, {(0, 1): 5, (1, 0): 3, (2, 1): 2, (2,): 1}))
    assert (tallies.table is not None) is table
    larger = tallies.votes_with_one_more(0b001)
    assert larger[1].tolist()[:2] == [5, 5]
    assert (larger[2][0], larger[2][2]) == (8, 3)
    assert tallies.votes(0b011).tolist()[:2] == [5, 5]
    assert tallies.votes(0b101).tolist()[::2] == [8, 3]
    assert tallies.pairs.tolist() == [[0, 5, 8], [5, 0, 8], [3, 3, 0]]
    assert tallies.first.tolist() == [5, 3, 3]


def test_difficulties_at_their_ends() -> None:
    """Gamma of 1 is allowed; a tie and a lost pair are impossible; all votes for one is finite."""
    votes = np.array([10, 5, 5]), np.array([0, 5, 6])
    assert kaplan_markov_cards(0.1, 1.0)(*votes, 20).tolist() == [
        pytest.approx(2 * np.log(10) * 2),
        np.inf,
        np.inf,
    ]
    found = bravo_cards(0.1)(*votes, 20)
    assert found[1:].tolist() == [np.inf, np.inf]
    assert found[0] == pytest.approx((np.log(2) / 2 + np.log(10)) / (0.5 * np.log(2)), rel=1e-6)
    assert inverse_margin(*votes, 20).tolist() == [2, np.inf, np.inf]
    with pytest.raises(RequestError, match="'gamma'"):
        kaplan_markov_cards(0.1, 0.99)
