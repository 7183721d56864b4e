"""A full hand count is compared with what was announced; a lot after a tie is right where paper ties too."""

import json
from typing import Any

import pytest

from tallyproof.errors import RequestError
from tallyproof.services import solving

WRONG = "full hand count shows a different outcome"
CANNOT = "cannot be confirmed"
AHEAD = {"votes": {"Ann": 600, "Bob": 400}, "cards": 1_001}
TIED = {"votes": {"Ann": 500, "Bob": 500}, "cards": 1_001}
THREE_WAY = {"votes": {"Ann": 300, "Bob": 300, "Cy": 300}, "cards": 1_001}
SEATS: dict[str, Any] = {"votes": {"A": 600, "B": 400}, "cards": 1_000, "rule": "dhondt", "seats": 5}
RANKS = [{"ballots": 6, "ranking": ["a", "b"]}, {"ballots": 4, "ranking": ["b"]}]
TIED_RANKS = [{"ballots": 5, "ranking": ["a"]}, {"ballots": 5, "ranking": ["b"]}]
RANKED = {"votes": {"a": 6, "b": 4}, "cards": 10, "rule": "irv", "rankings": RANKS}
TIED_RANKED = {"votes": {"a": 5, "b": 5}, "cards": 10, "rule": "irv", "rankings": TIED_RANKS}


def audit(contest: dict[str, Any], winners: Any = None, **more: Any) -> Any:
    told = contest if winners is None else contest | {"winners": winners}
    return json.loads(solving.solve_json(json.dumps({"kind": "card_audit", "contest": told} | more)))


def counted(contest: dict[str, Any], winners: Any, votes: dict[str, int], **more: Any) -> Any:
    return audit(contest, winners, hand_count=votes, **more)


def test_a_hand_count_against_the_announced_winner_is_never_a_confirmation() -> None:
    """The votes and the paper elect Ann, Bob was announced; and Bob is right where the paper elects him."""
    wrong = counted(AHEAD, ["Bob"], {"Ann": 600, "Bob": 400})
    assert (wrong["verdict"], wrong["reasons"]) == (WRONG, ["False on paper: Bob has more votes than Ann."])
    right = counted(AHEAD, ["Bob"], {"Ann": 400, "Bob": 600})
    assert (right["verdict"], right["reasons"]) == (
        "confirmed", ["True on paper: Bob has more votes than Ann."])  # fmt: skip
    assert counted(AHEAD, ["Ann"], {"Ann": 400, "Bob": 600})["verdict"] == WRONG


def test_several_contests_say_the_same() -> None:
    """One contest of many: its hand count is compared with what was announced, too."""
    for winner, verdict in (("Ann", "confirmed"), ("Bob", WRONG)):
        given = {"contest": AHEAD | {"winners": [winner]}, "hand_count": AHEAD["votes"]}
        problem = {"kind": "contests_audit", "contests": {"m": given}, "cards": []}
        answer = json.loads(solving.solve_json(json.dumps(problem)))
        assert (answer["contests"]["m"]["verdict"], answer["finished"]) == (verdict, True)


@pytest.mark.parametrize(
    ("contest", "winners", "votes", "verdict"),
    [
        (TIED, ["Ann"], {"Ann": 500, "Bob": 500}, "confirmed"),
        (TIED, ["Ann"], {"Ann": 501, "Bob": 500}, "confirmed"),
        (TIED, ["Ann"], {"Ann": 500, "Bob": 501}, WRONG),
        (TIED, None, {"Ann": 500, "Bob": 500}, "confirmed"),
        (TIED, None, {"Ann": 501, "Bob": 500}, WRONG),
        (AHEAD, ["Ann"], {"Ann": 500, "Bob": 500}, WRONG),
        (AHEAD, ["Bob"], {"Ann": 500, "Bob": 500}, WRONG),
        (THREE_WAY, ["Cy"], {"Ann": 300, "Bob": 300, "Cy": 300}, "confirmed"),
        (THREE_WAY, ["Cy"], {"Ann": 300, "Bob": 299, "Cy": 300}, WRONG),
        (THREE_WAY | {"seats": 2}, ["Ann", "Cy"], {"Ann": 301, "Bob": 300, "Cy": 302}, "confirmed"),
        (THREE_WAY | {"seats": 2}, ["Ann", "Cy"], {"Ann": 301, "Bob": 302, "Cy": 300}, WRONG),
    ],
)
def test_a_lot_after_a_tie(contest: Any, winners: Any, votes: dict[str, int], verdict: str) -> None:
    """Right where the paper shows the tie, or the winner that the lot gave; another tie needs another lot."""
    assert counted(contest, winners, votes)["verdict"] == verdict


def test_whoever_did_not_tie_cannot_win_by_lot() -> None:
    """Ann and Bob tie, Cy was announced: the votes say otherwise, and so does the same paper."""
    contest: dict[str, Any] = {"votes": {"Ann": 400, "Bob": 400, "Cy": 1}, "cards": 1_000}
    found = audit(contest, ["Cy"])
    assert found["verdict"] == CANNOT
    assert "do not elect Cy as reported: Ann and Bob tie with 400 votes." in found["sentence"]
    assert found["reasons"] == [
        "False by the reported votes: Cy has more votes than Ann.",
        "False by the reported votes: Cy has more votes than Bob.",
    ]
    assert counted(contest, ["Cy"], contest["votes"])["verdict"] == WRONG
    assert (
        audit(contest, ["Ann"])["sentence"] == "No sample can confirm this: Ann and Bob tie with 400 votes."
    )


@pytest.mark.parametrize(
    ("votes", "lost", "verdict"),
    [
        ({"Ann": 200, "Bob": 201}, 599, CANNOT),
        ({"Ann": 200, "Bob": 301}, 100, WRONG),
        ({"Ann": 200, "Bob": 301}, 101, CANNOT),
        ({"Ann": 301, "Bob": 200}, 100, "confirmed"),
        ({"Ann": 301, "Bob": 200}, 101, CANNOT),
        ({"Ann": 300, "Bob": 300}, 1, CANNOT),
    ],
)
def test_cards_that_nobody_found_can_undo_either_answer(
    votes: dict[str, int], lost: int, verdict: str
) -> None:
    """Neither right nor wrong is said while the missing cards could turn it; a lead of 101 beats 100."""
    found = counted(AHEAD, ["Ann"], votes, not_found=lost)
    assert found["verdict"] == verdict and found["reasons"]


def test_missing_cards_that_cannot_help_the_announced_winner() -> None:
    """Two seats: whether Bob or Cy is second is open, but Dan, who was announced, is surely behind both."""
    contest: dict[str, Any] = {
        "votes": {"Ann": 500, "Bob": 300, "Cy": 299, "Dan": 1},
        "cards": 1_200,
        "seats": 2,
    }
    paper = contest["votes"]
    assert counted(contest, ["Ann", "Bob"], paper, not_found=5)["verdict"] == CANNOT
    assert counted(contest, ["Ann", "Dan"], paper, not_found=5)["verdict"] == WRONG
    assert counted(contest, ["Ann", "Bob"], paper)["verdict"] == "confirmed"


def test_ranked_contests_keep_to_what_was_announced() -> None:
    """Also where the rankings elect someone else, or tie."""
    right, turned = {"a": 6, "b": 4}, [RANKS[1] | {"ballots": 6}, RANKS[0] | {"ballots": 4}]
    for winner, verdict in (("a", "confirmed"), ("b", WRONG)):
        found = counted(RANKED, [winner], right, hand_count_rankings=RANKS)
        assert found["verdict"] == verdict and found["reasons"]
    found = counted(RANKED, ["b"], {"a": 4, "b": 6}, hand_count_rankings=turned)
    assert (found["verdict"], found["sentence"]) == (
        "confirmed", "A full hand count shows the reported outcome: b wins.")  # fmt: skip
    other = counted(RANKED, None, {"a": 4, "b": 6}, hand_count_rankings=turned)
    assert other["verdict"] == WRONG and other["reasons"][0].startswith("False on paper: ")
    for told in (["a"], ["b"], None):
        same = counted(TIED_RANKED, told, {"a": 5, "b": 5}, hand_count_rankings=TIED_RANKS)
        assert same["verdict"] == "confirmed"
    assert counted(TIED_RANKED, ["b"], right, hand_count_rankings=RANKS)["verdict"] == WRONG
    lost = [RANKS[0] | {"ballots": 2}, RANKS[1] | {"ballots": 3}]
    assert (
        counted(RANKED, ["a"], {"a": 2, "b": 3}, hand_count_rankings=lost, not_found=5)["verdict"] == CANNOT
    )


def test_seats_are_announced_by_number() -> None:
    """Three and two: the names alone say it, one and four do not; and the paper's numbers are compared."""
    kind = {"kind": "assertions"}
    status = {
        str(winners): json.loads(
            solving.solve_json(json.dumps(kind | {"contest": SEATS | {"winners": winners}}))
        )
        for winners in (["A", "B"], {"A": 3, "B": 2}, {"A": 1, "B": 4}, {"A": 5, "B": 0})
    }
    assert [each["status"] for each in status.values()] == ["assertions"] * 2 + ["another outcome"] * 2
    assert status["{'A': 1, 'B': 4}"]["sentence"] == (
        "The reported votes elect A 3, B 2, not A 1, B 4 as reported."
    )
    assert counted(SEATS, {"A": 1, "B": 4}, {"A": 200, "B": 800})["verdict"] == "confirmed"
    assert counted(SEATS, {"A": 3, "B": 2}, {"A": 200, "B": 800})["verdict"] == WRONG
    assert counted(SEATS, ["A", "B"], {"A": 200, "B": 800})["verdict"] == WRONG
    with pytest.raises(RequestError, match="'winners' must be among"):
        audit(SEATS, {"Z": 5})


def test_a_lot_for_the_last_seat() -> None:
    """Six to three for two seats: A 2, or A 1 and B 1; never B 2."""
    contest: dict[str, Any] = {"votes": {"A": 6, "B": 3}, "cards": 9, "rule": "dhondt", "seats": 2}
    paper = contest["votes"]
    for winners in ({"A": 2}, {"A": 1, "B": 1}, ["A"], ["A", "B"]):
        assert counted(contest, winners, paper)["verdict"] == "confirmed"
        assert audit(contest, winners)["verdict"] == CANNOT
    for winners in ({"B": 2}, ["B"]):
        assert counted(contest, winners, paper)["verdict"] == WRONG
        assert "as reported" in audit(contest, winners)["sentence"]


def test_an_exact_share_is_not_more_than_it() -> None:
    """Exactly half is no majority on paper; reported just below it, that is the outcome reported."""
    rule = {"rule": "supermajority", "share": "1/2", "choice": "A"}
    contest: dict[str, Any] = {"votes": {"A": 499, "B": 501}, "cards": 1_000} | rule
    assert counted(contest, None, {"A": 500, "B": 500})["verdict"] == "confirmed"
    above = contest | {"votes": {"A": 501, "B": 499}}
    assert counted(above, None, {"A": 500, "B": 500})["verdict"] == WRONG


def test_exactly_the_threshold_is_for_the_law() -> None:
    """B has exactly a tenth on paper, and would win a seat: nothing is said of who is right."""
    rule = {"rule": "dhondt", "seats": 10, "threshold": "0.1"}
    contest: dict[str, Any] = {"votes": {"A": 880, "B": 120}, "cards": 1_000} | rule
    found = counted(contest, {"A": 9, "B": 1}, {"A": 900, "B": 100})
    assert found["verdict"] == CANNOT and found["sentence"].startswith("The law must say")
    assert counted(contest, {"A": 8, "B": 2}, {"A": 900, "B": 100})["verdict"] == WRONG


def test_one_party_alone_is_unopposed() -> None:
    """Nobody else can win a seat, so there is nothing to assert."""
    contest: dict[str, Any] = {"votes": {"A": 5}, "cards": 9, "rule": "dhondt", "seats": 3}
    found = json.loads(solving.solve_json(json.dumps({"kind": "assertions", "contest": contest})))
    assert (found["status"], found["outcome"]) == ("unopposed", {"A": 3})
    batch = {"kind": "batch_audit", "contest": contest, "batches": [{"name": "1", "cards": 9}]}
    assert json.loads(solving.solve_json(json.dumps(batch)))["verdict"] == "confirmed"


@pytest.mark.parametrize(
    "more",
    [
        {"rule": "supermajority", "share": "1/2"},
        {"rule": "majority_or_runoff"},
        {"rule": "dhondt", "seats": 3},
        {"rule": "sainte_lague", "seats": 3},
    ],
)
def test_shares_of_votes_need_one_mark_per_card(more: dict[str, Any]) -> None:
    """Sums of marks are not the sums of the assorter where a card bears two: refused, as one is not."""
    contest: dict[str, Any] = {"votes": {"A": 1_000, "B": 600, "C": 100}, "cards": 2_000} | more
    assert audit(contest)["verdict"] == "continue"
    with pytest.raises(RequestError, match="'votes_per_card' is 2; it must be 1 for shares"):
        audit(contest | {"votes_per_card": 2})


def test_every_verdict_gives_reasons() -> None:
    """Hand counts, ties, contradictions and a contest in which nobody can lose, too."""
    alone = {"votes": {"Ann": 5}, "cards": 9}
    assert audit(alone)["reasons"] == ["There are no more choices than seats."]
    assert audit(TIED)["reasons"] == [
        "Neither side ahead by the reported votes: Ann has more votes than Bob."
    ]
    assert audit(AHEAD, ["Bob"])["reasons"] == ["False by the reported votes: Bob has more votes than Ann."]
    assert counted(AHEAD, None, {"Ann": 400, "Bob": 600})["reasons"] == [
        "False on paper: Ann has more votes than Bob."
    ]
    assert counted(TIED, None, {"Ann": 500, "Bob": 500})["reasons"] == [
        "Neither side ahead on paper: Ann has more votes than Bob."
    ]
    assert audit(TIED_RANKED)["reasons"][0].startswith("A tie decides")


def test_strata_counted_by_hand() -> None:
    """As in a card audit: the announced winner against the paper, cards not found first."""
    strata = {
        "x": {"cards": 600, "votes": {"Ann": 400, "Bob": 200}},
        "y": {"cards": 401, "votes": {"Ann": 200, "Bob": 200}, "drawn": [{"paper": {"marks": ["Ann"]}}]},
    }

    def verdict(votes: dict[str, int], winner: str = "Ann", **more: Any) -> str:
        problem = {"kind": "stratified_audit", "contest": AHEAD | {"winners": [winner]}, "strata": strata}
        told = json.loads(solving.solve_json(json.dumps(problem | {"hand_count": votes} | more)))
        return str(told["verdict"])

    assert verdict({"Ann": 510, "Bob": 490}) == "confirmed"
    assert verdict({"Ann": 490, "Bob": 510}) == verdict({"Ann": 510, "Bob": 490}, "Bob") == WRONG
    assert verdict({"Ann": 200, "Bob": 201}, not_found=600) == CANNOT


def test_a_share_that_was_missed_is_announced_by_nought() -> None:
    """The measure failed, it was said; paper and votes pass it. And the other way round."""
    rule = {"rule": "supermajority", "share": "1/2", "choice": "Ann"}
    failed = AHEAD | rule | {"winners": {"Ann": 0}}
    assert audit(failed)["verdict"] == CANNOT
    assert audit(failed)["reasons"] == [
        "False by the reported votes: Ann has less than 1/2 of the valid votes."
    ]
    assert counted(failed, None, {"Ann": 600, "Bob": 400})["verdict"] == WRONG
    assert counted(failed, None, {"Ann": 400, "Bob": 600})["verdict"] == "confirmed"
    with pytest.raises(RequestError, match="name at least one"):
        audit(AHEAD, {"Ann": 0})
