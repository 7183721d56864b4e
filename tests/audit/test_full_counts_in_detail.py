"""Full counts in detail: what cards that nobody found leave open, and what paper says of ties and shares."""

from typing import Any

import pytest

from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.hand_count import hand_count_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.verdict import Decision, Verdict, decide

TWO_SEATS: dict[str, Any] = {"cards": 1_200, "seats": 2, "votes": {"Ann": 500, "Bob": 300, "Cy": 299, "D": 1}}
RUNOFF: dict[str, Any] = {
    "cards": 1_000,
    "rule": "majority_or_runoff",
    "votes": {"A": 400, "B": 303, "C": 297},
}
SEATS: dict[str, Any] = {
    "cards": 2_000,
    "rule": "dhondt",
    "seats": 2,
    "votes": {"A": 600, "B": 350, "C": 340},
}
TENTH: dict[str, Any] = {"cards": 1_000, "rule": "dhondt", "seats": 10, "threshold": "0.1"}


def counted(
    contest: dict[str, Any],
    winners: Any,
    paper: dict[str, int],
    lost: int = 0,
    rankings: tuple[EqualBallots, ...] = (),
) -> Decision:
    """The verdict of a full count of this paper on the outcome that was announced."""
    reported = Contest(**contest, winners=winners)
    _, claims = claims_of(reported)
    return decide(claims, [], 0.05, reported.cards, 0, hand_count_of(reported, claims, paper, rankings, lost))


def test_a_tie_on_paper_is_told_as_a_tie() -> None:
    """Reported and found: the lot may stand."""
    votes = {"A": 500, "B": 500}
    found = counted({"cards": 1_000, "votes": votes}, ("B",), votes)
    assert found == Decision(
        Verdict.CONFIRMED,
        "A full hand count shows the reported tie: A and B tie with 500 votes.",
        ("Neither side ahead on paper: A has more votes than B.",),
    )


def test_an_exact_share_on_paper_is_for_the_law() -> None:
    """B has exactly a tenth: told in full where the votes said more, and a tie where they said the same."""
    paper = {"A": 900, "B": 100}
    found = counted(TENTH | {"votes": {"A": 880, "B": 120}}, {"A": 9, "B": 1}, paper)
    assert found == Decision(
        Verdict.CANNOT,
        "The law must say what this means. On paper: B has exactly 1/10 of the valid votes.",
        ("Neither side ahead on paper: B has more than 1/10 of the valid votes.",),
    )
    for winners, verdict in (
        ({"A": 9, "B": 1}, Verdict.CONFIRMED),
        ({"A": 10}, Verdict.CONFIRMED),
        ({"A": 8, "B": 2}, Verdict.DIFFERENT_OUTCOME),
    ):
        assert counted(TENTH | {"votes": paper}, winners, paper).verdict is verdict


def test_cards_not_found_do_not_matter_where_nobody_can_lose() -> None:
    """One choice for one seat."""
    found = counted({"cards": 100, "votes": {"A": 60}}, ("A",), {"A": 1}, 99)
    assert found == Decision(
        Verdict.CONFIRMED,
        "A full hand count shows the reported outcome: There are no more choices than seats.",
        ("There are no more choices than seats.",),
    )


@pytest.mark.parametrize(
    ("lost", "verdict"), [(4, Verdict.DIFFERENT_OUTCOME), (5, Verdict.CANNOT), (6, Verdict.CANNOT)]
)
def test_a_reported_tie_without_a_lot(lost: int, verdict: Verdict) -> None:
    """Nobody was announced: on paper A leads by five, which four cards cannot undo and five can."""
    contest = {"cards": 1_000, "votes": {"A": 480, "B": 480}}
    assert counted(contest, None, {"A": 485, "B": 480}, lost).verdict is verdict


@pytest.mark.parametrize(
    ("winners", "verdict"),
    [
        (("Ann", "Bob"), Verdict.CANNOT),
        (("Ann", "Cy"), Verdict.CANNOT),
        (("Ann", "D"), Verdict.DIFFERENT_OUTCOME),
        (("Bob", "Cy"), Verdict.DIFFERENT_OUTCOME),
    ],
)
def test_a_lead_among_the_announced_rules_nothing_out(winners: tuple[str, ...], verdict: Verdict) -> None:
    """Ann leads Cy for sure, and both may win; Bob leads Cy by one vote, and five cards are lost."""
    assert counted(TWO_SEATS, winners, TWO_SEATS["votes"], 5).verdict is verdict


def test_that_nobody_has_a_majority_rules_no_runoff_out() -> None:
    """A and B go on whether or not A has a majority; B leads C by six, and ten cards are lost."""
    found = counted(RUNOFF, ("A", "B"), RUNOFF["votes"] | {"C": 287}, 10)
    assert found.verdict is Verdict.CONFIRMED
    found = counted(RUNOFF, ("A", "B"), RUNOFF["votes"] | {"A": 390}, 10)
    assert found.verdict is Verdict.CANNOT
    assert found.sentence == "Of 1,000 cards 10 were not found, which could change the outcome."
    assert found.reasons == (
        "True on paper, whatever the cards not found show: A has more votes than C.",
        "10 cards not found could make it false that B has more votes than C.",
        "True on paper, whatever the cards not found show: A has less than 1/2 of the valid votes.",
        "True on paper, whatever the cards not found show: B has less than 1/2 of the valid votes.",
    )


def test_a_seat_ahead_of_a_seat_rules_no_party_out() -> None:
    """B's first seat surely beats A's second, and C, who was announced, may still have it instead of B."""
    for winners in ({"A": 1, "B": 1}, {"A": 1, "C": 1}):
        assert counted(SEATS, winners, SEATS["votes"], 10).verdict is Verdict.CANNOT
    assert counted(SEATS, {"A": 1, "B": 1}, SEATS["votes"], 9).verdict is Verdict.CONFIRMED
    assert counted(SEATS, {"A": 1, "C": 1}, SEATS["votes"], 9).verdict is Verdict.DIFFERENT_OUTCOME


def test_ranked_papers_with_cards_missing_rule_nobody_out() -> None:
    """B leads A once C is out, whom B leads by three: with five cards lost A may win against C."""
    ballots = (
        EqualBallots(50, ("A",)),
        EqualBallots(21, ("B", "C")),
        EqualBallots(9, ("B",)),
        EqualBallots(27, ("C", "B")),
    )
    paper = {"A": 50, "B": 30, "C": 27}
    contest = {"cards": 120, "rule": "irv", "votes": paper, "rankings": ballots}
    for winner in "ABC":
        found = counted(contest, (winner,), paper, 5, ballots)
        assert found.verdict is Verdict.CANNOT
        assert [reason.partition(" that B ")[0] for reason in found.reasons] == [
            "5 cards not found could make it false",
            "True on paper, whatever the cards not found show: When only A and B remain, B has more votes "
            "than A.",
        ]
        wanted = Verdict.CONFIRMED if winner == "B" else Verdict.DIFFERENT_OUTCOME
        assert counted(contest, (winner,), paper, 0, ballots).verdict is wanted
