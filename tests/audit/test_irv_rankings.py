"""Rankings: read from marks by the jurisdiction's rules, collapsed without losing a ballot."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.irv_rankings import COLORADO, RankingRules, collapse, ranking_of
from tallyproof.errors import RequestError

MARKS = [[2], [], [0, 1], [], [], [3]]


@pytest.mark.parametrize(
    ("rules", "ranking"),
    [
        (RankingRules(), (2,)),
        (RankingRules(overvote="skip"), (2, 3)),
        (RankingRules(overvote="skip", blanks=0), (2,)),
        (RankingRules(overvote="skip", blanks=3), (2,)),
        (RankingRules(overvote="skip", blanks=4), (2, 3)),
    ],
)
def test_rules_decide_what_a_ballot_ranks(rules: RankingRules, ranking: tuple[int, ...]) -> None:
    """An overvote ends the ranking or counts as an empty rank; so many empty ranks in a row end it."""
    assert ranking_of(MARKS, rules) == ranking


def test_one_empty_rank_may_be_passed_over_and_two_not() -> None:
    """Empty ranks are counted in a row, not in all."""
    one_at_a_time, two = [[0], [], [1], [], [2]], [[0], [], [], [1]]
    assert ranking_of(one_at_a_time, RankingRules(blanks=1)) == (0, 1, 2)
    assert ranking_of(two, RankingRules(blanks=1)) == (0,)


def test_a_choice_ranked_again_counts_once() -> None:
    """The later rank is neither a vote nor an empty rank."""
    assert ranking_of([[1], [1], [1], [0]], RankingRules(blanks=0)) == (1, 0)


def test_repeats_struck_out_leave_a_rank_with_one_choice_or_empty() -> None:
    """Kept, a repeat makes an overvote; struck out, the other choice counts, and its rank alone is empty."""
    both, alone = [[0], [0, 1], [2]], [[0], [0], [1]]
    assert ranking_of(both, RankingRules()) == (0,)
    assert ranking_of(both, RankingRules(repeats="strike")) == (0, 1, 2)
    assert ranking_of(alone, RankingRules(blanks=0)) == (0, 1)
    assert ranking_of(alone, COLORADO) == (0,)


@pytest.mark.parametrize(
    ("marks", "ranking"),
    [([[0], [1, 2], [3]], (0,)), ([[0], [], [1]], (0,)), ([[], [0]], ()), ([[0, 1], [0]], ())],
)
def test_colorado_ends_a_ranking_at_an_overvote_and_at_an_empty_rank(
    marks: list[list[int]], ranking: tuple[int, ...]
) -> None:
    """Rules 26.7.1 and 26.7.2 where no choice stands twice."""
    assert ranking_of(marks, COLORADO) == ranking


RANKS = st.lists(st.lists(st.integers(0, 3), max_size=3, unique=True), max_size=6)
RULES = st.builds(
    RankingRules, st.sampled_from(["exhaust", "skip"]), st.none() | st.integers(0, 3),
    st.sampled_from(["keep", "strike"]),
)  # fmt: skip


@given(RANKS, RULES)
def test_a_ranking_names_each_choice_once_and_only_marked_ones(
    marks: list[list[int]], rules: RankingRules
) -> None:
    """Whatever the rules and marks."""
    found = ranking_of(marks, rules)
    assert len(set(found)) == len(found) and set(found) <= {choice for rank in marks for choice in rank}


@given(st.permutations(range(4)), st.integers(0, 4), RULES)
def test_a_plain_ranking_is_read_alike_under_all_rules(
    order: list[int], length: int, rules: RankingRules
) -> None:
    """One choice at each rank, none twice, none left out: there is nothing to decide."""
    assert ranking_of([[choice] for choice in order[:length]], rules) == tuple(order[:length])


def test_a_blank_ballot_ranks_nobody() -> None:
    """Nothing marked is an empty ranking under every rule."""
    assert ranking_of([[], []], RankingRules()) == () == ranking_of([], RankingRules(blanks=0))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.permutations(range(4)).flatmap(lambda order: st.integers(0, 4).map(lambda n: tuple(order[:n]))),
        st.integers(0, 9),
    )
)
def test_collapsing_keeps_every_ballot(rankings: dict[tuple[int, ...], int]) -> None:
    """Rankings and numbers can be read back."""
    ballots = collapse(4, rankings)
    back = {
        tuple(int(c) for c in order if c >= 0): int(count)
        for order, count in zip(ballots.orders, ballots.counts, strict=True)
    }
    assert back == rankings
    assert ballots.ballots == Counter(rankings).total()


@pytest.mark.parametrize(
    ("choices", "rankings", "message"),
    [
        (2, {(0, 2): 1}, "outside 0 to 1"),
        (2, {(-1,): 1}, "outside 0 to 1"),
        (3, {(0, 1, 0): 1}, "a choice twice"),
        (2, {(0,): -1}, "number of ballots below 0"),
        (2, {(0,): 2**52, (1,): 2**52}, "2\\^53 and more in all"),
        (0, {}, "'choices' is 0"),
        (63, {}, "'choices' is 63"),
    ],
)
def test_rankings_that_cannot_be_are_refused(
    choices: int, rankings: dict[tuple[int, ...], int], message: str
) -> None:
    """Unknown choices, repeated ones and negative numbers."""
    with pytest.raises(RequestError, match=message):
        collapse(choices, rankings)


def test_unknown_rules_are_refused() -> None:
    """A rule that nobody defined is not guessed at."""
    with pytest.raises(RequestError, match="'overvote' is 'maybe'"):
        RankingRules(overvote="maybe")  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="'repeats' is 'maybe'; it must be 'keep' or 'strike'"):
        RankingRules(repeats="maybe")  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="'blanks' is -1"):
        RankingRules(blanks=-1)
