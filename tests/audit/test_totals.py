"""Pools, records and strata must add up to what was reported; cards bear no more votes than the rule says."""

import json
from typing import Any

import pytest

from tallyproof.errors import RequestError
from tallyproof.services import solving

A, B = {"marks": ["A"]}, {"marks": ["B"]}
BLANK: dict[str, Any] = {"marks": []}
TWO: dict[str, Any] = {"votes": {"A": 600, "B": 400}, "cards": 1_000}
HALVES = [{"pool": "P", "paper": B, "times": 100}, {"pool": "P", "paper": A, "times": 100}]
RANKS = [{"ballots": 60, "ranking": ["A"]}, {"ballots": 40, "ranking": ["B", "A"]}]
RANKED = {"votes": {"A": 60, "B": 40}, "cards": 100, "rule": "irv", "rankings": RANKS}


def solved(kind: str, **problem: Any) -> Any:
    return json.loads(solving.solve_json(json.dumps({"kind": kind} | problem)))


def pooled(cards: int, votes: dict[str, int], drawn: Any = (), **more: Any) -> Any:
    pools = {"P": {"cards": cards, "votes": votes}}
    return solved("card_audit", contest=TWO, pools=pools, drawn=drawn, **more)


def in_strata(kind: str, **stratum: Any) -> Any:
    """The same as the only stratum, or as a card audit."""
    if kind == "card_audit":
        return solved(kind, contest=TWO, **stratum)
    whole = {"cards": 1_000, "votes": TWO["votes"]}
    return solved(kind, contest=TWO, strata={"all": whole | stratum})


@pytest.mark.parametrize("kind", ["card_audit", "stratified_audit"])
@pytest.mark.parametrize(
    ("cards", "votes", "why"),
    [
        (1_000, {"A": 600, "B": 400}, ""),
        (1_000, {}, "leave 600 of the contest's votes for one choice to 0 other cards"),
        (1_000, {"A": 599, "B": 400}, "leave 1 of the contest's votes"),
        (999, {"A": 600, "B": 399}, ""),
        (999, {"A": 599, "B": 399}, "leave 2 of the contest's votes to 1 other cards"),
        (900, {"A": 601, "B": 200}, "have 1 more votes for A than the contest"),
        (900, {"A": 600, "B": 400}, "'votes' of pool P are 1,000; its 900 'cards' bear at most 900"),
        (1_001, {"A": 600, "B": 400}, "'pools' hold 1,001 cards, more than the contest's 1,000"),
    ],
)
def test_pools_are_part_of_the_reported_votes(kind: str, cards: int, votes: Any, why: str) -> None:
    """All cards in a pool: its votes are the contest's; else what is left must fit on the cards left."""
    pools = {"P": {"cards": cards, "votes": votes}}
    if not why:
        assert in_strata(kind, pools=pools, drawn=HALVES)["verdict"] in ("continue", "full hand count")
        return
    with pytest.raises(RequestError, match=why):
        in_strata(kind, pools=pools, drawn=HALVES)


def test_records_count_too() -> None:
    """Beside a pool of 300 with 100 for A, 500 records may name A, not 501; one record may be drawn often."""
    votes = {"A": 100, "B": 200}
    drawn = [{"record": A, "paper": A, "times": 500}, {"pool": "P", "paper": A}]
    assert pooled(300, votes, drawn)["verdict"] == "confirmed"
    more = [{"record": A, "paper": A, "times": 501}]
    with pytest.raises(RequestError, match="1 more votes for A than the contest"):
        pooled(300, votes, more)
    assert pooled(300, votes, more, with_replacement=True)["verdict"] == "confirmed"
    blank = [{"record": BLANK, "paper": BLANK}]
    with pytest.raises(RequestError, match="leave 700 of the contest's votes to 699 other cards"):
        pooled(300, votes, blank)


def test_records_alone_must_be_of_the_reported_votes() -> None:
    """401 records for B where 400 votes were reported: the margin is not theirs."""
    fits, beyond = ([{"record": B, "paper": B, "times": times}] for times in (400, 401))
    assert solved("card_audit", contest=TWO, drawn=fits)["verdict"] == "confirmed"
    with pytest.raises(RequestError, match="1 more votes for B"):
        solved("card_audit", contest=TWO, drawn=beyond)


def test_no_card_of_a_pool_is_drawn_twice_without_replacement() -> None:
    """A pool of one card gives one draw; with replacement it may give five."""
    votes = {"A": 1}
    five = [{"pool": "P", "paper": A, "times": 5}]
    assert pooled(1, votes, [{"pool": "P", "paper": A}])["draws"] == 1
    with pytest.raises(RequestError, match="5 cards of pool P, drawn without replacement; it holds 1"):
        pooled(1, votes, five)
    assert pooled(1, votes, five, with_replacement=True)["draws"] == 5


def test_where_pools_are_all_cards_none_has_a_record() -> None:
    """With replacement either."""
    for more in ({}, {"with_replacement": True}):
        with pytest.raises(RequestError, match="1 cards with records of their own"):
            pooled(1_000, TWO["votes"], [{"record": A, "paper": A}], **more)


def test_ranked_pools_are_part_of_the_rankings() -> None:
    """Sixty first for A in all: a pool with 61, or one of all cards with fewer, is another contest."""

    def asked(cards: int, first: int, second: int = 40) -> Any:
        ballots = [{"ballots": first, "ranking": ["A"]}, {"ballots": second, "ranking": ["B"]}]
        pools = {"P": {"cards": cards, "rankings": ballots}}
        return solved("card_audit", contest=RANKED, pools=pools, drawn=[{"pool": "P", "paper": {}}])

    assert asked(100, 60)["verdict"] == "continue"
    with pytest.raises(RequestError, match="1 more rankings for the assertion that A"):
        asked(90, 61, 20)
    with pytest.raises(RequestError, match="leave 1 of the contest's votes to 0 other cards"):
        asked(100, 59)
    with pytest.raises(RequestError, match="'votes' of pool P are 100; its 99"):
        asked(99, 60)


def test_a_stratum_bears_no_more_votes_than_cards() -> None:
    """Ten cards and 300 votes: refused; as many votes as cards pass."""

    def strata(cards: int) -> Any:
        x = {"cards": cards, "votes": {"A": 300}}
        y = {"cards": 1_000 - cards, "votes": {"A": 300, "B": 400}, "drawn": [{"paper": A}]}
        return solved("stratified_audit", contest=TWO, strata={"x": x, "y": y})

    assert strata(300)["verdict"] == "continue"
    for cards in (10, 299):
        with pytest.raises(RequestError, match="'votes' of stratum x are 300"):
            strata(cards)


def test_points_are_held_to_the_votes_of_a_card() -> None:
    """Vote for one: points for two choices are an overvote, as two marks are; vote for two: they are not."""
    contest = {"votes": {"A": 500, "B": 300, "C": 100}, "cards": 1_000}

    def risk(per_card: int, paper: Any) -> list[float]:
        asked = {"contest": contest | {"votes_per_card": per_card}, "drawn": [{"paper": paper, "times": 90}]}
        return [each["risk"] for each in solved("card_audit", **asked)["assertions"]]

    both = {"points": {"A": 1, "B": 1}}
    assert risk(1, both) == risk(1, {"marks": ["A", "B"]}) == risk(1, BLANK)
    assert risk(2, both) == risk(2, {"marks": ["A", "B"]}) != risk(2, BLANK)
    assert risk(1, {"points": {"A": 1}})[0] < 0.05
    with pytest.raises(RequestError, match="'points' of a card must be at most 1"):
        solved("card_audit", contest=contest | {"points": 3}, drawn=[{"paper": {"points": {"A": 2}}}])


def test_a_leader_above_a_small_share_must_lead() -> None:
    """Two of them can have more than two fifths: that one has is not that it leads, unless it is named."""
    contest = {"votes": {"A": 500, "B": 410}, "cards": 1_000, "rule": "supermajority", "share": "2/5"}
    claims = [each["claim"] for each in solved("assertions", contest=contest)["assertions"]]
    assert claims == ["A has more than 2/5 of the valid votes.", "A has more votes than B."]
    assert len(solved("assertions", contest=contest | {"choice": "A"})["assertions"]) == 1
    tied = contest | {"votes": {"A": 450, "B": 450}}
    assert solved("assertions", contest=tied)["sentence"] == "A and B tie for the lead."
    assert solved("assertions", contest=tied | {"choice": "A"})["status"] == "assertions"
