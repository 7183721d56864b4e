"""Votes by groups of cards in detail: what each kind of mark counts, and which cards have equal numbers."""

import numpy as np
import pytest

from tallyproof.audit.card_counts import contest_totals, count_cards
from tallyproof.audit.card_facts import facts_of
from tallyproof.audit.card_votes import AT_ONCE, GroupedContest, count_rows, count_votes
from tallyproof.election.cast_vote_record import CardContest, Marks

from .card_tables import BLANK, part, two_choices


def contest(name: str, vote_for: int | None, ranks: int, *marks: Marks) -> CardContest:
    """A contest of A, B and C with these codes."""
    made = CardContest(name, ["A", "B", "C"], vote_for, ranks)
    for each in marks:
        made.code(each)
    return made


def counted(made: CardContest, codes: list[int | None], units: list[str]) -> GroupedContest:
    """The contest counted by unit."""
    facts = facts_of([part([codes], [made], {"unit": units})])
    return count_votes(facts, facts.group, len(facts.groups))[0][made.name]


def numbers(found: GroupedContest) -> list[list[int]]:
    """Cards, overvotes, blank cards and undervotes by group."""
    return [each.tolist() for each in (found.cards, found.overvotes, found.blank, found.undervotes)]


def test_a_voter_with_two_votes() -> None:
    """One mark leaves one vote, none two; three are an overvote, and so is a void card without marks."""
    marks = [Marks(((0,),)), Marks(((0, 1),)), Marks(((0, 1, 2),)), BLANK, Marks(((),), overvoted=True)]
    found = counted(contest("Council", 2, 0, *marks), [0, 1, 2, 3, 4, None, 0], ["U"] * 6 + ["V"])
    assert {name: votes.tolist() for name, votes in found.votes.items()} == {
        "A": [2, 1],
        "B": [1, 0],
        "C": [0, 0],
    }
    assert numbers(found) == [[5, 1], [2, 0], [1, 0], [3, 1]]
    assert (found.name, found.vote_for, found.ranks, found.groups) == ("Council", 2, 0, 2)
    assert (found.total(), found.has_undervotes, found.margin) == ({"A": 3, "B": 1, "C": 0}, True, 1)


def test_a_ranked_contest_counts_first_preferences() -> None:
    """A skipped first rank passes on, an overvoted one ends all; second preferences do not count."""
    marks = [Marks(((1,), (0,))), Marks(((), (2,))), Marks(((0, 1), (2,))), Marks(((), ()))]
    found = counted(contest("Judge", 1, 2, *marks), [0, 1, 2, 3, 0], ["U"] * 5)
    assert found.total() == {"A": 0, "B": 2, "C": 1}
    assert numbers(found)[:3] == [[5], [1], [1]]
    assert (found.ranks, found.has_undervotes, found.margin) == (2, False, None)


def test_votes_not_told_by_the_source_leave_no_margin() -> None:
    """Where nobody says how many votes a voter has, marks are counted; undervotes and margin are not."""
    found = counted(contest("Council", None, 0, Marks(((0, 1),)), BLANK), [0, 0, 1], ["U"] * 3)
    assert (found.total(), found.has_undervotes, found.margin) == ({"A": 2, "B": 2, "C": 0}, False, None)
    assert numbers(found)[:3] == [[3], [0], [1]]


@pytest.mark.parametrize(("vote_for", "margin"), [(1, 2), (2, 4), (3, None), (4, None)])
def test_the_margin_is_between_the_last_winner_and_the_first_loser(vote_for: int, margin: int | None) -> None:
    """Nobody loses where there are as many seats as choices, or more."""
    found = GroupedContest("Council", vote_for, 0, 2)
    found.votes = {name: np.array(own) for name, own in (("A", [5, 4]), ("B", [0, 3]), ("C", [7, 0]))}
    assert (found.margin, numbers(found)) == (margin, [[0, 0]] * 4)


def test_a_contest_of_two_files_has_all_choices_and_most_ranks() -> None:
    """A choice of one file only, ranks of the longer list, a contest that no card bears."""
    three, two = (contest("Judge", 1, ranks, Marks(((0,), (1,)))) for ranks in (3, 2))
    two.choice("D")
    facts = facts_of([part([[0, 0]], [three], {}), part([[0], [None]], [two, two_choices()], {}, "b.csv")])
    found, _ = count_votes(facts, facts.group, 1)
    assert (found["Judge"].ranks, found["Judge"].total()) == (3, {"A": 3, "B": 0, "C": 0, "D": 0})
    assert found["Mayor"].total() == {"Ann": 0, "Bob": 0}
    assert numbers(found["Mayor"]) == [[0]] * 4


def test_some_cards_are_counted_by_the_group_they_are_given() -> None:
    """Row 3 of the second file in group 1, rows 2 and 4 of the third in groups 0 and 1, none of the first."""
    parts = [part([[0, 0, 0]], [two_choices(name)], {}, name) for name in ("First", "Mayor")]
    parts.append(part([[1, 1, 0]], [two_choices()], {}, "c.csv"))
    found = count_rows(parts, np.array([1, 2, 2]), np.array([3, 2, 4]), np.array([1, 0, 1]), 2)
    assert list(found) == ["Mayor"]
    assert {name: votes.tolist() for name, votes in found["Mayor"].votes.items()} == {
        "Ann": [0, 2],
        "Bob": [1, 0],
    }
    assert found["Mayor"].cards.tolist() == [1, 2]


def test_more_contests_than_are_read_at_once() -> None:
    """The first and last of thirty contests have the votes of their own columns."""
    contests = [two_choices(f"C{place}") for place in range(2 * AT_ONCE + 6)]
    facts = facts_of([part([[place % 2] for place in range(len(contests))], contests, {})])
    found, _ = count_votes(facts, facts.group, 1)
    assert [each.total()["Bob"] for each in found.values()] == [place % 2 for place in range(len(contests))]


def test_equal_cards_of_two_files_have_equal_numbers() -> None:
    """A contest that only the other file has, and the card does not bear, makes no difference."""
    facts = facts_of([
        part([[0, 1, 2]], [two_choices()], {}),
        part([[0, 0, None], [None, 0, 0]], [two_choices(), two_choices("Judge")], {}, "b.csv"),
    ])  # fmt: skip
    ballots = count_votes(facts, facts.group, 1)[1]
    votes, contests = ballots.votes.tolist(), ballots.contests.tolist()
    assert votes[3] == votes[0] and len(set(votes)) == 5
    assert contests[:4] == contests[:1] * 4 and len(set(contests)) == 3


def test_whatever_differs_on_a_card_has_another_number() -> None:
    """Ranks, choices at one rank, and a note that there are too many marks; not the order of marks."""
    marks = [
        Marks(((0,), (1,))),
        Marks(((0, 1), ())),
        Marks(((0, 1), ()), overvoted=True),
        Marks(((1, 0), ())),
    ]
    facts = facts_of([part([[0, 1, 2, 3]], [contest("Judge", 1, 2, *marks)], {})])
    found = count_votes(facts, facts.group, 1)[1].votes.tolist()
    assert found[3] == found[1] and len(set(found)) == 3


@pytest.mark.parametrize("told", [(1, None), (None, 1), (1, 2), (2, 1)])
def test_votes_a_voter_has_are_known_where_all_files_say_the_same(told: tuple[int | None, ...]) -> None:
    """A file that says nothing, or another number, leaves no undervotes and no margin."""
    files = [
        part([[0]], [contest("Mayor", vote_for, 0, Marks(((0,),)))], {}, f"{vote_for}.csv", f"{vote_for}")
        for vote_for in told
    ]
    facts = facts_of(files)
    of_files = count_votes(facts, facts.group, 1)[0]["Mayor"]
    of_counties = contest_totals([count_cards([each]) for each in files])["Mayor"]
    for found in (of_files, of_counties):
        assert (found.vote_for, found.has_undervotes, found.margin) == (None, False, None)
        assert found.total() == {"A": 2, "B": 0, "C": 0}


def test_ranks_of_a_contest_are_the_most_of_all_counties() -> None:
    """Two ranks in one county and three in another are three, whichever comes first."""
    counties = [
        count_cards([part([[0]], [contest("Judge", 1, ranks, Marks(((0,), (1,))))], {})]) for ranks in (2, 3)
    ]
    assert [contest_totals(each)["Judge"].ranks for each in (counties, counties[::-1])] == [3, 3]
