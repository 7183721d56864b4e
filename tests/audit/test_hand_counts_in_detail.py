"""Full hand counts in detail: every field of what is counted, and what is refused."""

import msgspec
import pytest

from tallyproof.audit.assertion import Status, Tally
from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.hand_count import hand_count_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.verdict import HandCount
from tallyproof.errors import RequestError

CONTEST = Contest({"A": 60, "B": 30}, 100, winners=("A",))
CLAIMS = claims_of(CONTEST)[1]
RANKINGS = (EqualBallots(6, ("A", "B")), EqualBallots(3, ("B", "C")), EqualBallots(1, ("C",)))
RANKED = Contest({"A": 6, "B": 3, "C": 1}, 12, "irv", rankings=RANKINGS)
RANKED_CLAIMS = claims_of(RANKED)[1]
BELONG = "'not_found' and 'hand_count_rankings' belong to a 'hand_count'."


def test_nothing_counted_is_no_count() -> None:
    """None; and what belongs to a count is refused without one."""
    assert hand_count_of(CONTEST, CLAIMS, None) is None
    for rankings, not_found in (((), 1), (RANKINGS, 0)):
        with pytest.raises(RequestError) as refused:
            hand_count_of(CONTEST, CLAIMS, None, rankings, not_found)
        assert str(refused.value) == BELONG


def test_a_count_is_read_by_the_contests_own_rule() -> None:
    """B has more on paper: that B wins is what the paper claims, whoever was announced."""
    tally = Tally({"A": 40, "B": 50}, 98)
    seen = claims_of(Contest({"A": 40, "B": 50}, 98))[1]
    assert hand_count_of(CONTEST, CLAIMS, {"B": 50, "A": 40}, (), 2) == HandCount(seen, tally, 2, None)
    found = hand_count_of(CONTEST, CLAIMS, {"B": 50, "A": 40})
    assert found is not None and list(found.tally.votes) == ["A", "B"]
    assert (found.not_found, found.tally.cards, found.claims.status) == (0, 100, Status.ASSERTIONS)


@pytest.mark.parametrize("votes", [{"A": 60}, {"A": 60, "B": 30, "C": 0}])
def test_every_choice_is_counted_and_no_other(votes: dict[str, int]) -> None:
    """A choice that is not told, or one that did not stand, is refused."""
    with pytest.raises(RequestError) as refused:
        hand_count_of(CONTEST, CLAIMS, votes)
    assert str(refused.value) == "'hand_count' must have votes for every choice of the contest and no other."


def test_some_card_was_found() -> None:
    """One card of a hundred is a count; none is not."""
    one = hand_count_of(CONTEST, CLAIMS, {"A": 1, "B": 0}, (), 99)
    assert one is not None and (one.tally.cards, one.not_found) == (1, 99)
    with pytest.raises(RequestError) as refused:
        hand_count_of(CONTEST, CLAIMS, {"A": 0, "B": 0}, (), 100)
    assert str(refused.value) == "'not_found' must be less than the contest's cards."


def test_ranked_papers_are_seen_by_the_reported_assertions_too() -> None:
    """As recorded A wins and B on paper: 4 rank A first and 7 B; each has marks for and against it."""
    paper = (EqualBallots(4, ("A",)), EqualBallots(7, ("B",)))
    found = hand_count_of(RANKED, RANKED_CLAIMS, {"A": 4, "B": 7, "C": 0}, paper, 1)
    told = msgspec.structs.replace(
        RANKED, votes={"A": 4, "B": 7, "C": 0}, cards=11, rankings=paper, winners=None
    )
    tally, claims = claims_of(told)
    reported = {f"{one.winner} {one.loser}" for one in RANKED_CLAIMS.assertions}
    assert reported == {"A B", "A C"}
    marks = {f"mark {2 * place}": 4 for place in range(2)} | {
        f"mark {2 * place + 1}": 7 if one.loser == "B" else 0
        for place, one in enumerate(RANKED_CLAIMS.assertions)
    }
    assert found == HandCount(claims, tally, 1, Tally(marks, 11, 2))
    assert claims.outcome == {"B": 1}
