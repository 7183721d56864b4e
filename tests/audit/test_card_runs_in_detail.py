"""Stretches of cards that agree, in detail: how heavy they must be, and every number of those told.

In a stack of n cards of which all differ but a stretch and its copy, each card of the stretch weighs
ln(n/2)/2, so that k of them are told from n²·(2/n)^(k/2) ≤ 10⁻⁶ on: of 100 cards twelve, where that is
6.4·10⁻⁷, and not eleven.
"""

from dataclasses import replace

import numpy as np
import pytest

from tallyproof.audit.card_facts import facts_of
from tallyproof.audit.card_runs import SameRun, SameRuns, _different, _repeated, same_runs
from tallyproof.audit.card_votes import count_votes
from tallyproof.election.cast_vote_record import CardContest, Marks

from .card_tables import part

Batches = dict[str, list[int]]


def runs_of(batches: Batches, units: list[str] | None = None, *, turned: bool = False) -> SameRuns:
    """Stretches among batches of cards with these marks, in the order of records; ``turned`` in the file."""
    marks = [mark for own in batches.values() for mark in own]
    contest = CardContest("Mayor", [str(place) for place in range(max(marks) + 1)])
    for place in range(max(marks) + 1):
        contest.code(Marks(((place,),)))
    facts = {
        "batch": [name for name, own in batches.items() for _ in own],
        "record": [str(place) for own in batches.values() for place, _ in enumerate(own)],
        "unit": units or [""] * len(marks),
    }
    if turned:
        marks, facts = marks[::-1], {name: own[::-1] for name, own in facts.items()}
    found = facts_of([part([list(marks)], [contest], facts)])
    ballots = count_votes(found, found.group, len(found.groups))[1]
    return same_runs(found, ballots, np.zeros(found.cards, bool))


def rounded(found: SameRuns) -> tuple[SameRun, ...]:
    """The stretches, what chance would give to twelve places."""
    return tuple(replace(run, expected=round(run.expected, 12)) for run in found.runs)


def copied(cards: int, *, first: int = 5, turned: bool = False) -> Batches:
    """A hundred cards: those of batch 1 all differ, and batch 2 repeats so many of them from ``first`` on."""
    again = list(range(first, first + cards))
    return {"1": list(range(100 - cards)), "2": again[::-1] if turned else again}


def test_every_number_of_a_stretch() -> None:
    """Twelve cards of batch 2 are cards 5 to 16 of batch 1; chance bounds are the formula's."""
    found = runs_of(copied(12))
    assert rounded(found) == (SameRun(0, 1, 12, 12, False, 6.4e-7, 0, 90, 0, 7),)
    assert (found.label.tolist(), found.judged) == ([-1] * 88 + [0] * 12, 100)


def test_a_stretch_the_other_way_round() -> None:
    """The same cards in the order in which a stack lies that was turned over."""
    found = runs_of(copied(12, turned=True))
    assert rounded(found) == (SameRun(0, 1, 12, 12, True, 6.4e-7, 0, 90, 0, 7),)
    assert found.label.tolist() == [-1] * 88 + [0] * 12


@pytest.mark.parametrize("turned", [False, True])
def test_a_stretch_too_light_is_not_told(turned: bool) -> None:
    """Eleven of 100 cards could agree by chance more often than once in a million counts."""
    found = runs_of(copied(11, turned=turned))
    assert (found.runs, set(found.label.tolist()), found.judged) == ((), {-1}, 100)


def test_a_longer_stretch_is_told_whole() -> None:
    """Thirty cards in a row, of which the first in the file is told on both sides."""
    (run,) = runs_of(copied(30, first=8)).runs
    assert (run.cards, run.longest, run.row, run.first_row) == (30, 30, 72, 10)
    assert run.expected == pytest.approx(100**2 * (2 / 100) ** 15)
    (run,) = runs_of(copied(30, first=8, turned=True)).runs
    assert (run.cards, run.longest, run.row, run.first_row) == (30, 30, 72, 10)


def test_a_card_like_the_one_before_weighs_nothing() -> None:
    """A household of three among fifteen cards: the weight is that of thirteen, one of which is frequent."""
    again = [5, 6, 7, 8, 8, 8, *range(9, 18)]
    (run,) = runs_of({"1": [*range(5), *again, *range(18, 88)], "2": again}).runs
    assert (run.cards, run.longest) == (15, 15)
    assert run.expected == pytest.approx(105**2 * (2 / 105) ** 6 * (6 / 105) ** 0.5)


def test_a_stretch_may_follow_its_own_copy() -> None:
    """In one batch, and nothing between the two."""
    stack = [*range(12), *range(12), *range(12, 88)]
    assert rounded(runs_of({"1": stack})) == (SameRun(0, 0, 12, 12, False, 6.4e-7, 0, 14, 0, 2),)


def test_the_order_is_that_of_records_not_of_rows() -> None:
    """A file that lists its cards backwards tells the same stretch, at the rows where its cards stand."""
    found = runs_of(copied(12), turned=True)
    assert rounded(found) == (SameRun(0, 1, 12, 12, False, 6.4e-7, 0, 96, 0, 13),)
    assert found.label.tolist() == [-1] * 83 + [0] * 12 + [-1] * 5


def test_two_stretches_of_one_pair_are_one_run() -> None:
    """Fifteen and twenty cards with others between: 35 cards, the places of the longer one; largest first."""
    one, two = list(range(10, 25)), list(range(40, 60))
    found = runs_of({"1": list(range(100)), "2": [*one, *range(200, 210), *two], "3": list(range(70, 90))})
    told = [
        (run.first_batch, run.batch, run.cards, run.longest, run.row, run.first_row) for run in found.runs
    ]
    assert told == [
        (0, 1, 35, 20, 127, 42), (0, 2, 20, 20, 147, 72),
    ]  # fmt: skip
    assert found.label.tolist() == [-1] * 100 + [0] * 15 + [-1] * 10 + [0] * 20 + [1] * 20


def test_a_stretch_is_told_beside_the_batch_where_it_stands_whole() -> None:
    """Of 24 cards all but the ends were scanned before: the third scan repeats the second, not the first."""
    stack = list(range(24))
    found = runs_of({"1": stack[1:23], "2": stack, "3": stack, "4": list(range(100, 230))})
    assert [(run.first_batch, run.batch, run.cards, run.longest) for run in found.runs] == [
        (1, 2, 24, 24), (0, 1, 22, 22),
    ]  # fmt: skip


def test_runs_of_equal_size_stand_as_their_cards_do() -> None:
    """Six batches that each repeat fifteen cards of one of their own: by the places of the later cards."""
    batches = {"1": list(range(120))} | {str(n): list(range(15 * n, 15 * n + 15)) for n in range(7, 1, -1)}
    found = runs_of(batches)
    assert [(run.batch, run.row) for run in found.runs] == [(n, 122 + 15 * (n - 1)) for n in range(1, 7)]


def test_the_same_votes_in_another_unit_are_other_cards() -> None:
    """A stretch of the same votes whose cards are of another precinct agrees with nothing."""
    assert runs_of(copied(12), ["A"] * 88 + ["B"] * 12).runs == ()
    assert runs_of(copied(12), ["A"] * 100).runs != ()


@pytest.mark.parametrize(
    ("runs", "judged"), [([4, 5, 3, 5, 3], 20), ([5, 5, 5, 5], 20), ([5, 10, 5], 0), ([7, 10, 3], 0)]
)
def test_cards_are_sorted_above_a_share_of_like_neighbours(runs: list[int], judged: int) -> None:
    """Ten cards each of two kinds: from 17 of 20 like the one before on; at 16, the share itself, not yet."""
    stack = [place % 2 for place, cards in enumerate(runs) for _ in range(cards)]
    assert runs_of({"1": stack}).judged == judged


def test_no_cards_and_one_card_are_judged_and_silent() -> None:
    """Where no card has a number in its batch nothing is judged."""
    one = runs_of({"1": [0]})
    assert (one.runs, one.label.tolist(), one.judged) == ((), [-1], 1)
    facts = facts_of([part([[None, None]], [CardContest("Mayor", ["Ann"])], {"batch": ["1", "1"]})])
    none = same_runs(facts, count_votes(facts, facts.group, 1)[1], np.zeros(2, bool))
    assert (none.runs, none.label.tolist(), none.judged) == ((), [-1, -1], 0)


def test_values_that_stand_twice_and_each_once() -> None:
    """Of values in order; the smallest and the largest too, and of none none."""
    some, nothing = np.array([1, 1, 2, 3, 3, 3, 2**63], np.uint64), np.zeros(0, np.uint64)
    assert _repeated(some).to_list() == [1, 3]
    assert _different(some).tolist() == [1, 2, 3, 2**63]
    assert [_repeated(nothing).to_list(), _different(nothing).tolist()] == [[], []]
