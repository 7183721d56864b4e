"""Batches counted by hand in detail: what is a full count, by which rule, and when two counts differ."""

from typing import Any

import msgspec
import pytest

from tallyproof.audit import batch_audit
from tallyproof.audit.batch_audit import BatchAudit, BatchAuditAnswer, solve_batch_audit
from tallyproof.errors import RequestError

TWO: dict[str, Any] = {"votes": {"A": 600, "B": 400}, "cards": 1_000}
WHOLE = [{"name": "all", "cards": 1_000, "votes": TWO["votes"]}]
HALVES = [
    {"name": "1", "cards": 500, "votes": {"A": 350, "B": 150}},
    {"name": "2", "cards": 500, "votes": {"A": 250, "B": 250}},
]
WRONG = "full hand count shows a different outcome"
CANNOT = "cannot be confirmed"
COUNTED = "A full hand count shows the reported outcome: "


def answer(**told: Any) -> BatchAuditAnswer:
    return solve_batch_audit(msgspec.convert({"contest": TWO, "batches": WHOLE} | told, BatchAudit))


def drawn(votes: dict[str, int], *names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"names": [name], "votes": votes, **more} for name in names or ("all",)]


def refusal(**told: Any) -> str:
    with pytest.raises(RequestError) as refused:
        answer(**told)
    return str(refused.value)


@pytest.mark.parametrize(
    ("cards", "verdict", "bound"), [(1_199, "confirmed", 1_200.0), (1_200, "confirmed", 0.0)]
)
def test_a_hand_count_where_lost_cards_leave_no_margin(cards: int, verdict: str, bound: float) -> None:
    """Of a lead of 200 the lost cards leave one vote, which a batch could take 1,200 times over, or none."""
    paper = {"A": 700, "B": 480}
    found = answer(contest=TWO | {"cards": cards}, hand_count=paper)
    assert (found.verdict, found.sentence, found.lost) == (verdict, f"{COUNTED}A wins.", cards - 1_000)
    assert found.total_bound == bound


def test_one_claim_without_a_margin_leaves_no_sample() -> None:
    """A leads B by 100 and C by 400; 150 lost cards could undo the first."""
    contest = {"votes": {"A": 500, "B": 400, "C": 100}, "cards": 1_150}
    batches = [{"name": "all", "cards": 1_000, "votes": contest["votes"]}]
    found = answer(contest=contest, batches=batches, hand_count={"A": 600, "B": 400, "C": 100})
    assert found == BatchAuditAnswer(
        "confirmed",
        f"{COUNTED}A wins.",
        ("True on paper: A has more votes than B.", "True on paper: A has more votes than C."),
        1.0,
        0,
        0.0,
        None,
        (),
        (),
        150,
    )


def test_the_claim_that_is_worst_off_gives_the_risk() -> None:
    """Each claim by its own values: C's share was counted as reported, B's was not; the taint is B's."""
    contest = {"votes": {"A": 600, "B": 250, "C": 150}, "cards": 1_000}
    batches = [{"name": n, "cards": 100, "votes": {"A": 60, "B": 25, "C": 15}} for n in "0123456789"]
    found = answer(
        contest=contest,
        batches=batches,
        method="assorter",
        drawn=drawn({"A": 50, "B": 35, "C": 15}, "0", "1", times=20),
    )
    risks = [float(reason.split("risk ")[1].split(",")[0]) for reason in found.reasons]
    assert risks[0] > 2 * risks[1]
    assert found.risk == pytest.approx(risks[0], rel=1e-3)
    (taint,) = set(found.taints)
    assert taint == pytest.approx((20 / 350) / (135 / 350))


# ---- by which rule


@pytest.mark.parametrize("claims", ["outcome", "pairs"])
def test_points_are_counted_as_points(claims: str) -> None:
    """Of up to two per card: by pairs the paper is read by the same rule, and U is that of the outcome."""
    contest = {"votes": {"A": 120, "B": 80}, "cards": 100, "rule": "score", "points": 2}
    batches = [{"name": "all", "cards": 100, "votes": contest["votes"]}]
    found = answer(contest=contest, batches=batches, drawn=drawn({"A": 130, "B": 90}), claims=claims)
    assert (found.verdict, found.sentence) == ("confirmed", f"{COUNTED}A wins.")
    assert found.reasons == ("True on paper: A has more points than B.",)
    assert found.total_bound == (40 + 2 * 100) / 40
    tied = answer(contest=contest, batches=batches, drawn=drawn({"A": 90, "B": 90}), claims=claims)
    assert tied.sentence == "The reported outcome is wrong. On paper: A and B tie with 90 points."


def test_votes_are_counted_as_votes() -> None:
    """Also where a number of points is told, which means nothing for votes."""
    tie = {"A": 500, "B": 500}
    found = answer(contest=TWO | {"points": 4}, drawn=drawn(tie), claims="pairs")
    assert found.sentence == "The reported outcome is wrong. On paper: A and B tie with 500 votes."
    assert found.total_bound == (200 + 1_000) / 200
    share = {"votes": tie, "cards": 1_000, "rule": "supermajority", "share": "3/5"}
    found = answer(contest=share, batches=[WHOLE[0] | {"votes": tie}], claims="pairs")
    assert found.sentence == "No sample can confirm this: A and B tie with 500 votes."


def test_a_majority_beside_two_seats_is_counted_by_seats() -> None:
    """A and B win the two seats on paper; that A had a majority besides is tested of cards only."""
    contest = {"votes": {"A": 600, "B": 250, "C": 150}, "cards": 1_000, "seats": 2}
    batches = [{"name": "all", "cards": 1_000, "votes": contest["votes"]}]
    seen = drawn({"A": 450, "B": 350, "C": 200})
    found = answer(contest=contest, batches=batches, drawn=seen, claims="majority")
    assert (found.verdict, found.sentence) == ("confirmed", f"{COUNTED}A, B win.")
    alone = answer(contest=contest | {"seats": 1}, batches=batches, drawn=seen, claims="majority")
    assert alone.verdict == WRONG


# ---- what was counted


def test_a_single_lost_card_must_be_all_that_lie_in_no_batch() -> None:
    """Two lie in none: one cannot be told, two and more can."""
    contest = TWO | {"cards": 1_002}
    assert refusal(contest=contest, lost=1) == (
        "'lost' is 1; 2 of the contest's cards are in no batch. It must count those and all pending ones; "
        "without it those in no batch are counted."
    )
    assert [answer(contest=contest, lost=lost).lost for lost in (0, 2, 3)] == [2, 2, 3]


def test_as_many_draws_as_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most itself is taken, one more is not."""
    monkeypatch.setattr(batch_audit, "MOST_DRAWS", 10)
    assert answer(batches=HALVES, drawn=drawn({"A": 350, "B": 150}, "1", times=10)).draws == 10
    assert refusal(batches=HALVES, drawn=drawn({"A": 350, "B": 150}, "1", times=11)) == (
        "'drawn' must be at most 10 draws in all."
    )


@pytest.mark.parametrize(
    "told",
    [
        {"batches": HALVES},
        {"batches": HALVES, "hand_count": TWO["votes"]},
        {"contest": {"votes": {"A": 500, "B": 500}, "cards": 1_000}, "batches": HALVES},
    ],
)
def test_two_counts_of_a_batch_are_settled_first(told: dict[str, Any]) -> None:
    """Beside a hand count and where the votes tie, too; a choice without a vote may be told or not."""
    sentence = "'drawn' has two different counts of batch 1; settle which is right."
    first, other = drawn({"A": 350, "B": 0}, "1") + drawn({"A": 340, "B": 0}, "1")
    assert refusal(**told, drawn=[first, other]) == sentence
    assert refusal(**told, drawn=[first, first | {"missing": 1}]) == sentence
    assert refusal(**told, drawn=[first, first | {"names": ["1", "2"]}]) == sentence
    assert answer(**told, drawn=[first, *drawn({"A": 350}, "1")]).verdict


def test_a_batch_without_cards_needs_no_count() -> None:
    """All that hold cards were counted: that is the full count."""
    batches = [*WHOLE, {"name": "none", "cards": 0}]
    found = answer(batches=batches, drawn=drawn(TWO["votes"]))
    assert (found.verdict, found.sentence) == ("confirmed", f"{COUNTED}A wins.")


@pytest.mark.parametrize(
    ("cards", "votes", "missing", "sentence"),
    [
        (1_000, {}, 1_000, "1 of 1 assertions not confirmed yet: draw more cards, or count all by hand."),
        (1_000, {"A": 1}, 999, "Of 1,000 cards 999 were not found, which could change the outcome."),
        (1_100, {"A": 150}, 850, "Of 1,100 cards 950 were not found, which could change the outcome."),
        (1_100, {}, 1_000, "1 of 1 assertions not confirmed yet: draw more cards, or count all by hand."),
    ],
)
def test_a_full_count_has_found_a_card(cards: int, votes: Any, missing: int, sentence: str) -> None:
    """Where every card is missing or lost nothing was counted."""
    found = answer(contest=TWO | {"cards": cards}, drawn=drawn(votes, missing=missing))
    assert found.sentence == sentence
