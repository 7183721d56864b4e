"""Votes of every set of remaining choices: the table says what counting one by one says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.audit import irv_tallies
from tallyproof.audit.irv_rankings import collapse
from tallyproof.audit.irv_tallies import Tallies, members_of

from .ranked import Rankings, ballots_of, elections, tops


@settings(deadline=None)
@given(elections(5))
def test_the_table_holds_every_sets_votes(election: tuple[int, Rankings]) -> None:
    """For each set, each member's votes are the ballots on which it stands first among them."""
    choices, rankings = election
    tallies = Tallies(ballots_of(election))
    for members in range(1, 1 << choices):
        remaining = set(members_of(members))
        votes = tallies.votes(members)
        assert {c: int(votes[c]) for c in remaining} == dict(tops(rankings, remaining))


@settings(max_examples=examples(50), deadline=None)
@given(elections(5), st.data())
def test_sets_counted_when_asked_for_have_the_same_votes(
    election: tuple[int, Rankings], data: st.DataObject
) -> None:
    """With many choices there is no table; votes are the same, also one choice at a time."""
    choices, _ = election
    table = Tallies(ballots_of(election))
    asked = Tallies(ballots_of(election))
    asked.__dict__["table"] = None
    members = data.draw(st.integers(0, (1 << choices) - 1))
    for outsider in members_of(asked.everyone & ~members):
        larger = members | 1 << outsider
        for choice in members_of(larger):
            expected = table.votes(larger)[choice]
            assert asked.votes(larger)[choice] == expected
            assert asked.votes_with_one_more(members)[outsider, choice] == expected
            assert table.votes_with_one_more(members)[outsider, choice] == expected


def test_first_preferences_and_pairs_are_named() -> None:
    """Three ballots, looked at by hand."""
    tallies = Tallies(collapse(3, {(0, 1): 5, (1, 0): 3, (2, 1): 4}))
    assert tallies.first.tolist() == [5, 3, 4]
    assert tallies.pairs.tolist() == [[0, 5, 8], [7, 0, 8], [4, 4, 0]]


def test_more_choices_than_the_table_holds_are_counted() -> None:
    """19 choices, one ballot each that also ranks the next."""
    many = irv_tallies.TABLE_CHOICES + 1
    tallies = Tallies(collapse(many, {(c, (c + 1) % many): 1 for c in range(many)}))
    assert tallies.table is None
    assert tallies.first.tolist() == [1] * many
    assert np.flatnonzero(tallies.votes(0b101)).tolist() == [0, 2]
    assert int(tallies.votes(0b101).sum()) == 4


@pytest.mark.parametrize(("members", "listed"), [(0, []), (1, [0]), (0b1011, [0, 1, 3])])
def test_a_set_lists_its_members(members: int, listed: list[int]) -> None:
    """Lowest first."""
    assert list(members_of(members)) == listed
