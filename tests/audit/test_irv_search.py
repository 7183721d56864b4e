"""The search: least difficulty, a set that suffices with none to spare, and orders that no set excludes."""

from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings

from laws import examples
from tallyproof.audit.irv_assertion import Assertion
from tallyproof.audit.irv_count import count_irv, possible_winners
from tallyproof.audit.irv_cover import choose_assertions
from tallyproof.audit.irv_difficulty import Difficulty, bravo_cards, inverse_margin
from tallyproof.audit.irv_proof import prove
from tallyproof.audit.irv_rankings import collapse
from tallyproof.audit.irv_search import Events, search
from tallyproof.audit.irv_tallies import Tallies
from tallyproof.errors import RequestError

from .ranked import Rankings, all_assertions, ballots_of, contradicts, elections, other_orders

MEASURES = {"comparison": inverse_margin, "bravo": bravo_cards(0.1)}


def difficulty(events: Events, assertion: Assertion) -> float:
    winner, loser = assertion.votes(events.tallies)
    return float(events.difficulty(np.array([winner]), np.array([loser]), events.cards)[0])


def by_trying_everything(events: Events, winner: int) -> float:
    """Over all orders of other winners, the hardest; for each order, the easiest assertion of all."""
    assertions = [(difficulty(events, a), a) for a in all_assertions(events.tallies.choices)]
    orders = other_orders(events.tallies.choices, winner)
    return max(
        (min((d for d, a in assertions if contradicts(o, a)), default=inf) for o in orders), default=0.0
    )


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("table", [True, False], ids=["table", "one by one"])
@settings(max_examples=examples(60), deadline=None)
@given(election=elections())
def test_no_set_of_assertions_is_easier(
    measure: Difficulty, table: bool, election: tuple[int, Rankings]
) -> None:
    """The difficulty found is that of trying every assertion on every order, for every winner."""
    tallies = Tallies(ballots_of(election))
    if not table:
        tallies.__dict__["table"] = None
    events = Events(tallies, measure, 100)
    for winner in range(tallies.choices):
        found = search(events, winner)
        assert found.difficulty == pytest.approx(by_trying_everything(events, winner))


@settings(max_examples=examples(150), deadline=None)
@given(elections(5))
def test_the_set_rules_out_every_order_and_none_can_be_left_out(election: tuple[int, Rankings]) -> None:
    """Each order of another winner is contradicted; without any one assertion some order is not."""
    tallies = Tallies(ballots_of(election))
    winner = count_irv(tallies).winner
    assume(winner is not None)
    assert winner is not None
    events = Events(tallies, inverse_margin, 100)
    found = search(events, winner)
    chosen = choose_assertions(events, winner, found)
    orders = other_orders(tallies.choices, winner)
    against = [{a for a in chosen if contradicts(order, a)} for order in orders]
    assert all(against)
    assert all({a} in against for a in chosen)
    assert max((difficulty(events, a) for a in chosen), default=0.0) == found.difficulty
    assert all(a.margin(tallies) > 0 for a in chosen)


@settings(deadline=None)
@given(elections(5))
def test_only_a_sure_winner_can_be_confirmed(election: tuple[int, Rankings]) -> None:
    """No set exists just where another count is possible; no true assertion contradicts the order named."""
    tallies = Tallies(ballots_of(election))
    events = Events(tallies, inverse_margin, 100)
    true = [a for a in all_assertions(tallies.choices) if a.margin(tallies) > 0]
    for winner in range(tallies.choices):
        found = search(events, winner)
        assert (found.difficulty < inf) == (possible_winners(tallies) == (winner,))
        if found.difficulty == inf:
            assert found.hardest_order[-1] != winner
            assert not any(contradicts(found.hardest_order, assertion) for assertion in true)


SPARE_AFTER_COVERING = {(4, 3, 2, 0, 5, 1): 13, (2, 3): 11, (5, 3): 9, (3, 0, 1, 2, 5): 3}
ONE_OF_TWO_TO_SPARE = {
    (0, 3): 7,
    (0, 4, 3): 11,
    (4, 0, 3, 1, 5, 2): 7,
    (5, 4, 0): 19,
    (1, 0, 4, 3, 2, 5): 3,
    (3, 0, 4, 5, 2): 10,
    (1, 4, 0): 12,
    (3, 0, 4, 5, 2, 1): 4,
    (3, 4, 0, 5, 1): 19,
    (0,): 13,
}


def test_an_assertion_that_others_have_made_needless_is_dropped() -> None:
    """Here the greedy cover takes "4 is not eliminated before 0" first, and does not need it in the end."""
    events = Events(Tallies(collapse(6, SPARE_AFTER_COVERING)), inverse_margin, 36)
    chosen = choose_assertions(events, 2, search(events, 2))
    assert Assertion("NEB", 4, 0) not in chosen
    assert prove(6, 2, chosen).sufficient
    assert not any(prove(6, 2, [a for a in chosen if a != needed]).sufficient for needed in chosen)


def test_of_two_assertions_to_spare_the_harder_is_dropped() -> None:
    """Either of two would do; the set keeps the one with the larger margin."""
    tallies = Tallies(collapse(6, ONE_OF_TWO_TO_SPARE))
    events = Events(tallies, inverse_margin, 105)
    chosen = choose_assertions(events, 0, search(events, 0))
    easier, harder = Assertion("NEB", 3, 1), Assertion("NEB", 3, 5)
    assert easier.margin(tallies) > harder.margin(tallies) > 0
    assert easier in chosen and harder not in chosen
    assert prove(6, 0, [a for a in (*chosen, harder) if a != easier]).sufficient


def test_two_choices_need_one_assertion() -> None:
    """The majority's."""
    events = Events(Tallies(collapse(2, {(0,): 5, (1,): 3})), inverse_margin, 8)
    found = search(events, 0)
    assert found.difficulty == 4
    assert choose_assertions(events, 0, found) == (Assertion("NEB", 0, 1),)


def test_a_unanimous_contest_needs_an_assertion_too() -> None:
    """Its difficulty is the least there is: 1, the margin being all cards."""
    events = Events(Tallies(collapse(3, {(0, 1, 2): 9})), inverse_margin, 9)
    found = search(events, 0)
    assert found.difficulty == 1
    assert choose_assertions(events, 0, found) == (Assertion("NEB", 0, 1), Assertion("NEB", 0, 2))


def test_one_choice_needs_none() -> None:
    """Nobody else can win."""
    events = Events(Tallies(collapse(1, {(0,): 5})), inverse_margin, 5)
    found = search(events, 0)
    assert (found.difficulty, choose_assertions(events, 0, found)) == (0.0, ())


def test_an_unknown_winner_is_refused() -> None:
    """Choices are counted from 0."""
    with pytest.raises(RequestError, match="'winner' is 2"):
        search(Events(Tallies(collapse(2, {})), inverse_margin, 1), 2)


def test_fewer_cards_than_ballots_are_refused() -> None:
    """Margins would come out too large."""
    with pytest.raises(RequestError, match="'cards' is 7, fewer than the 8 ballots"):
        Events(Tallies(collapse(2, {(0,): 5, (1,): 3})), inverse_margin, 7)


def test_no_set_is_chosen_where_none_suffices() -> None:
    """A tie has no true assertions to offer."""
    events = Events(Tallies(collapse(2, {(0,): 5, (1,): 5})), inverse_margin, 10)
    with pytest.raises(RequestError, match="no assertions rule out every other winner"):
        choose_assertions(events, 0, search(events, 0))


def close_contest(choices: int) -> Tallies:
    """Every order of three once, and a few more for some: a contest that is hard to confirm."""
    orders = [order for order in product(range(choices), repeat=3) if len(set(order)) == 3]
    return Tallies(collapse(choices, {order: 100 + order[0] + (order[1] > 5) for order in orders}))


def test_a_close_contest_of_ten_ends_with_every_set_looked_at_once() -> None:
    """At most 2^n sets, however many million orders there are."""
    tallies = close_contest(10)
    winner = count_irv(tallies).winner
    assert winner is not None
    events = Events(tallies, inverse_margin, tallies.ballots.ballots)
    found = search(events, winner)
    assert found.difficulty < inf
    assert len(found.open_sets) <= 2**10


def test_more_choices_than_the_table_holds_can_be_confirmed() -> None:
    """20 choices, counted when asked for; each of the other 19 falls by one assertion."""
    rankings = {(0,): 500, (1,): 300, (2, 1): 90} | {(c, 0): 5 for c in range(3, 20)}
    tallies = Tallies(collapse(20, rankings))
    events = Events(tallies, inverse_margin, 1_000)
    chosen = choose_assertions(events, 0, search(events, 0))
    assert tallies.table is None
    assert prove(20, 0, chosen).sufficient
    assert sorted(assertion.loser for assertion in chosen) == list(range(1, 20))
