"""Totals in detail: where votes and cards just fit, one more is refused, and in which words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tallyproof.audit.assorter import NO_VOTE, NOT_FOUND, NOT_ON_CARD, Interpretation
from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.drawn_cards import Draws, PoolTotals
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.pools import DrawnCard
from tallyproof.audit.totals import check_bearable, check_pools
from tallyproof.errors import RequestError

TWO = Contest({"A": 600, "B": 300}, 1_000)
VOTE_FOR_TWO = Contest({"A": 90, "B": 70, "C": 20}, 100, seats=2, votes_per_card=2)
POINTS = Contest({"A": 200, "B": 90}, 100, "score", points=3)
RANKS = (EqualBallots(60, ("A",)), EqualBallots(30, ("B",)), EqualBallots(10, ("C", "B")))
RANKED = Contest({"A": 60, "B": 30, "C": 10}, 110, "irv", rankings=RANKS)
A, B = Interpretation((1, 0)), Interpretation((0, 1))
SETTLE = "Settle which is right before an audit."


def drawn(*cards: tuple[DrawnCard, int]) -> Draws:
    """These kinds of cards, each so many times."""
    times = [many for _, many in cards]
    return Draws(tuple(card for card, _ in cards), np.repeat(np.arange(len(cards)), times))


def refusal(pools: dict[str, PoolTotals], draws: Draws, contest: Contest = TWO, **more: bool) -> str:
    """What is refused, or nothing."""
    try:
        tally, claims = claims_of(contest)
        check_pools(pools, draws, contest, tally, claims, **more)
    except RequestError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("contest", "votes", "cards", "told"),
    [
        (TWO, (60, 40), 100, ""),
        (TWO, (60, 41), 100, "'votes' of X are 101; its 100 'cards' bear at most 100."),
        (TWO, (1_001, 0), 1_000,
         "'votes' of X are 1,001 for one choice; its 1,000 'cards' bear at most 1,000."),
        (TWO, (0, 0), 0, ""),
        (VOTE_FOR_TWO, (10, 10, 0), 10, ""),
        (VOTE_FOR_TWO, (10, 10, 1), 10, "'votes' of X are 21; its 10 'cards' bear at most 20."),
        (VOTE_FOR_TWO, (4, 11, 0), 10, "'votes' of X are 11 for one choice; its 10 'cards' bear at most 10."),
        (POINTS, (30, 30), 10, ""),
        (POINTS, (31, 0), 10, "'votes' of X are 31 for one choice; its 10 'cards' bear at most 30."),
        (RANKED, (5, 5, 10, 0), 10, ""),
        (RANKED, (5, 5, 4, 7), 10, "'votes' of X are 11; its 10 'cards' bear at most 10."),
        (RANKED, (6, 5, 4, 4), 10, "'votes' of X are 11; its 10 'cards' bear at most 10."),
    ],
)  # fmt: skip
def test_cards_bear_so_many_votes(contest: Contest, votes: Sequence[int], cards: int, told: str) -> None:
    """As many as the rule allows for one choice and in all; a ballot speaks for or against an assertion."""
    tally, claims = claims_of(contest)
    if not told:
        check_bearable(tally, claims, votes, cards, "X")
        return
    with pytest.raises(RequestError) as refused:
        check_bearable(tally, claims, votes, cards, "X")
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("cards", "pooled", "told"),
    [
        ([(DrawnCard(A, A), 500)], 300, ""),
        ([(DrawnCard(A, A), 501)], 300,
         f"'pools' and the records drawn have 1 more votes for A than the contest. {SETTLE}"),
        ([(DrawnCard(B, B), 102)], 300,
         f"'pools' and the records drawn have 2 more votes for B than the contest. {SETTLE}"),
        ([(DrawnCard(NO_VOTE, NO_VOTE), 100)], 300, ""),
        ([(DrawnCard(NO_VOTE, NO_VOTE), 101)], 300,
         f"'pools' and the records drawn leave 600 of the contest's votes to 599 other cards, which bear at "
         f"most 599. {SETTLE}"),
        ([(DrawnCard(A, NOT_FOUND), 100), (DrawnCard(A, NO_VOTE), 1)], 300,
         f"'pools' and the records drawn leave 600 of the contest's votes to 599 other cards, which bear at "
         f"most 599. {SETTLE}"),
        ([(DrawnCard(A, NOT_ON_CARD), 5_000), (DrawnCard(A, A), 501)], 300,
         f"'pools' and the records drawn have 1 more votes for A than the contest. {SETTLE}"),
        ([(DrawnCard(A, A), 1), (DrawnCard(B, None, "P"), 300)], 300, ""),
        ([(DrawnCard(B, None, "P"), 150), (DrawnCard(A, None, "P"), 151)], 300,
         "'drawn' has 301 cards of pool P, drawn without replacement; it holds 300."),
        ([], 1_000,
         f"'pools' and the records drawn leave 500 of the contest's votes for one choice to 0 other "
         f"cards, which bear at most 0. {SETTLE}"),
        ([], 1_001, "'pools' hold 1,001 cards, more than the contest's 1,000."),
        ([], 299, "'votes' of pool P are 300; its 299 'cards' bear at most 299."),
    ],
)  # fmt: skip
def test_pools_and_records_are_of_the_contest(
    cards: list[tuple[DrawnCard, int]], pooled: int, told: str
) -> None:
    """Beside a pool with 100 for A and 200 for B: 500 votes for A, 100 for B and 100 blank cards are left."""
    pools = {"P": PoolTotals(pooled, {"A": 100, "B": 200})}
    assert refusal(pools, drawn(*cards)) == told


def test_records_are_no_more_than_the_cards_beside_the_pools() -> None:
    """Pools of 990 cards leave ten, which may be drawn often with replacement; those of all leave none."""
    pools = {"P": PoolTotals(500, {"A": 300, "B": 200}), "Q": PoolTotals(490, {"A": 300, "B": 100})}
    blank = DrawnCard(NO_VOTE, NO_VOTE)
    sentence = (
        "'drawn' has {} cards with records of their own; beside the pools there are {} cards, so without "
        "replacement at most {} draws."
    )
    assert refusal(pools, drawn((blank, 10))) == ""
    assert refusal(pools, drawn((blank, 11))) == sentence.format(11, 10, 10)
    assert refusal(pools, drawn((blank, 11)), with_replacement=True) == ""
    assert refusal(pools, drawn((DrawnCard(A, A), 11)), with_replacement=True) == ""
    pooled = DrawnCard(A, None, "P")
    assert refusal(pools, drawn((pooled, 501)), with_replacement=True) == ""
    assert refusal({"P": PoolTotals(1_000, {"A": 600, "B": 300})}, drawn((pooled, 1))) == ""
    whole = {"P": PoolTotals(1_000, {"A": 600, "B": 300})}
    assert refusal(whole, drawn((blank, 2)), with_replacement=True) == sentence.format(1, 0, 0)
    assert refusal(whole, drawn((blank, 2))) == sentence.format(2, 0, 0)


def test_records_without_the_contest_are_of_other_cards_with_styles() -> None:
    """Among the contest's own cards they take no place; among all cards they do, and bear no vote."""
    pools = {"P": PoolTotals(900, {"A": 501, "B": 300})}
    other, own = DrawnCard(NOT_ON_CARD, NOT_ON_CARD), DrawnCard(A, A)
    assert refusal(pools, drawn((other, 2), (own, 99))) == ""
    assert refusal(pools, drawn((other, 2), (own, 99)), styles=True) == ""
    assert refusal(pools, drawn((other, 2), (own, 99)), styles=False).startswith(
        "'drawn' has 101 cards with records of their own; beside the pools there are 100 cards"
    )
    assert refusal(pools, drawn((other, 1), (own, 99)), styles=False) == ""
    assert refusal(pools, drawn((other, 1), (DrawnCard(B, B), 1))) == (
        f"'pools' and the records drawn have 1 more votes for B than the contest. {SETTLE}"
    )


def test_no_pools_leave_all_to_the_other_cards() -> None:
    """900 votes on 1,000 cards: 100 blank records fit, 101 do not; 600 records for A, not 601."""
    blank = DrawnCard(NO_VOTE, NO_VOTE)
    assert refusal({}, drawn((blank, 100))) == ""
    assert refusal({}, drawn((blank, 101))) == (
        "'pools' and the records drawn leave 900 of the contest's votes to 899 other cards, which bear at "
        f"most 899. {SETTLE}"
    )
    assert refusal({}, drawn((DrawnCard(B, A), 600))) == ""
    assert "1 more votes for A" in refusal({}, drawn((DrawnCard(B, A), 601)))
    assert refusal({}, drawn((DrawnCard(B, A), 601)), with_replacement=True) == ""
    assert refusal({}, drawn((DrawnCard(A, NOT_FOUND), 100))) == ""


def test_cards_of_a_pool_that_is_not_told_are_left_to_others() -> None:
    """Each pool is counted apart."""
    pools = {"P": PoolTotals(2, {"A": 2}), "Q": PoolTotals(1, {"B": 1})}
    both = [(DrawnCard(A, None, "P"), 2), (DrawnCard(A, None, "Q"), 1), (DrawnCard(A, None, "Z"), 9)]
    assert refusal(pools, drawn(*both)) == ""
    assert refusal(pools, drawn(*both, (DrawnCard(B, None, "Q"), 1))) == (
        "'drawn' has 2 cards of pool Q, drawn without replacement; it holds 1."
    )


@pytest.mark.parametrize(
    ("ballots", "told"),
    [
        ([(60, "A"), (30, "B"), (10, "CB")], ""),
        ([(61, "A")], "have 1 more rankings for the assertion that {first} than the contest."),
        ([(41, "B")], "have 1 more rankings against the assertion that {first} than the contest."),
        ([(32, "C")], "have 22 more rankings against the assertion that {second} than the contest."),
    ],
)
def test_ranked_pools_name_the_assertion(ballots: list[tuple[int, str]], told: str) -> None:
    """60 rank A first, 30 B and 10 C and then B: more for or against an assertion than that are refused."""
    claims = claims_of(RANKED)[1]
    assert len(claims.assertions) == 2
    first, second = (each.claim.rstrip(".") for each in claims.assertions)
    pools = {
        "P": PoolTotals(100, rankings=tuple(EqualBallots(many, tuple(names)) for many, names in ballots))
    }
    found = refusal(pools, drawn(), RANKED)
    wanted = f"'pools' and the records drawn {told.format(first=first, second=second)} {SETTLE}"
    assert found == (wanted if told else "")


def test_with_replacement_the_drawn_cards_take_no_place() -> None:
    """A pool of 100 blank cards leaves 900 votes to 900 cards, however often one of them is drawn."""
    pools = {"P": PoolTotals(100)}
    for record in (A, NO_VOTE):
        assert refusal(pools, drawn((DrawnCard(NO_VOTE, record), 5)), with_replacement=True) == ""
    assert refusal({"P": PoolTotals(101)}, drawn(), with_replacement=True) == (
        "'pools' and the records drawn leave 900 of the contest's votes to 899 other cards, which bear at "
        f"most 899. {SETTLE}"
    )


def test_rankings_for_a_later_assertion_are_told_as_for_it() -> None:
    """61 rank A first, where 61 may speak for the first assertion and 60 for the second."""
    tally, claims = claims_of(RANKED)
    wider = replace(tally, votes={**tally.votes, "for 1": 61})
    pools = {"P": PoolTotals(61, rankings=(EqualBallots(61, ("A",)),))}
    with pytest.raises(RequestError, match="1 more rankings for the assertion that A is never.* before C"):
        check_pools(pools, drawn(), RANKED, wider, claims)
