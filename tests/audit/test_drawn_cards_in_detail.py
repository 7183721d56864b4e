"""Sampled cards and ranked contests as problems tell them, in detail: what is read, and what is refused."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, get_args

import msgspec
import numpy as np
import pytest

from tallyproof.audit import drawn_cards
from tallyproof.audit.assertion import Claims, Status, Tally
from tallyproof.audit.assorter import NO_VOTE, NOT_FOUND, NOT_ON_CARD, OVERVOTE, Interpretation
from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.drawn_cards import (
    DrawnCards,
    PoolTotals,
    Shown,
    compared_values,
    design_of,
    draws_of,
    polled_values,
    pools_of,
    shown,
    totals_of,
)
from tallyproof.audit.irv import EqualBallots, Outcome
from tallyproof.audit.outcome import Possible
from tallyproof.audit.overstatement import Comparison
from tallyproof.audit.ranked import STATUS, instant_runoff, marks_in_all, marks_of, ranked_card
from tallyproof.errors import RequestError

PLAIN = Contest({"A": 600, "B": 400}, 1_000)
SCORED = Contest({"A": 600, "B": 400}, 1_000, rule="score", points=3)
BALLOTS = (
    EqualBallots(50, ("A",)),
    EqualBallots(30, ("B", "A")),
    EqualBallots(40, ("C", "B")),
    EqualBallots(3, ()),
)
RANKED = Contest({"A": 50, "B": 30, "C": 40}, 125, rule="irv", rankings=BALLOTS)
A, B, ABSENT = Shown(("A",)), Shown(("B",)), Shown(state="contest not on card")


def claims(contest: Contest) -> Claims:
    return claims_of(contest)[1]


def test_what_a_card_shows() -> None:
    """A mark, none, too many, points, and a card that is not there or lacks the contest."""
    told = claims(PLAIN)
    assert shown(A, PLAIN, told) == Interpretation((1, 0))
    assert shown(Shown(), PLAIN, told) == NO_VOTE
    assert shown(Shown(("A", "B")), PLAIN, told) == OVERVOTE
    assert shown(Shown(state="not found"), PLAIN, told) == NOT_FOUND
    assert shown(ABSENT, PLAIN, told) == NOT_ON_CARD
    assert shown(Shown(points={"B": 3}), SCORED, claims(SCORED)) == Interpretation((0, 3))
    assert shown(Shown(points={"B": 0}), SCORED, claims(SCORED)) == NO_VOTE


@pytest.mark.parametrize(
    ("card", "contest", "sentence"),
    [
        (Shown(("Z",)), PLAIN, "'drawn': Z is none of the choices: A, B."),
        (Shown(points={"Y": 1}), SCORED, "'drawn': Y is none of the choices: A, B."),
        (Shown(points={"A": 4}), SCORED, "'points' of a card must be at most 3 for a choice."),
        (Shown(ranking=()), PLAIN, "'drawn': a 'ranking' is shown in a ranked contest only."),
        (A, RANKED, "'drawn': a ranked contest's cards show a 'ranking'."),
        (Shown(points={"A": 1}), RANKED, "'drawn': a ranked contest's cards show a 'ranking'."),
        (Shown(ranking=("A", "Z")), RANKED, "'ranking': Z is none of the choices: A, B, C."),
        (Shown(ranking=("A", "A")), RANKED,
         "'ranking' names a choice twice; it counts at its first place only."),
    ],
)  # fmt: skip
def test_what_no_card_of_the_contest_shows(card: Shown, contest: Contest, sentence: str) -> None:
    """Refused in these words."""
    with pytest.raises(RequestError) as refused:
        shown(card, contest, claims(contest))
    assert str(refused.value) == sentence


def test_the_design_follows_from_the_cards() -> None:
    """A record or pool on all cards is a comparison, on none polling, on some nothing."""
    compared, pooled, polled = DrawnCards(A, A), DrawnCards(A, pool="p"), DrawnCards(A)
    pools = {"p": PoolTotals(10, {"A": 6})}
    assert design_of([compared], {}) == "comparison"
    assert design_of([], {}) == "comparison"
    assert design_of([polled, polled], {}) == "polling"
    assert design_of([compared, pooled], pools) == "comparison with pools"
    with pytest.raises(RequestError, match="must all have a 'record' or a 'pool', or none of them"):
        design_of([compared, polled], {})


def test_draws_keep_their_order_and_number() -> None:
    """Equal cards are one kind; each stands as often as it was told."""
    drawn = [DrawnCards(A, B, times=2), DrawnCards(B, B), DrawnCards(A, B)]
    found = draws_of(drawn, PLAIN, claims(PLAIN))
    assert (len(found.kinds), found.codes.tolist(), len(found)) == (2, [0, 0, 1, 0], 4)
    assert DrawnCards(A).times == 1
    assertion = claims(PLAIN).assertions[0]
    assert polled_values(assertion, found, styles=True).tolist() == [1, 1, 0, 1]


def test_values_of_compared_cards() -> None:
    """u + A(paper) - A(record) over 2 u - v = 1.8; with styles a record without the contest is left out."""
    drawn = [DrawnCards(B, A), DrawnCards(A, ABSENT), DrawnCards(A, A), DrawnCards(A, pool="p", times=2)]
    found = draws_of(drawn, PLAIN, claims(PLAIN))
    pools = pools_of({"p": PoolTotals(10, {"A": 6, "B": 3})}, PLAIN, claims(PLAIN), 0)
    comparison = Comparison(claims(PLAIN).assertions[0].assorter, Fraction(1, 5), True)
    wanted = np.array([0, 1, 1 - 0.65 + 1, 1.35]) / 1.8
    assert compared_values(comparison, pools, found) == pytest.approx(wanted)


def test_pools_and_their_totals() -> None:
    """Each pool has its cards; unknown choices are named."""
    assert (
        pools_of({"p": PoolTotals(999, {"A": 1}), "q": PoolTotals(1)}, PLAIN, claims(PLAIN), 0)["p"].cards
        == 999
    )
    for pools, sentence in (
        ({"p": PoolTotals(9, {"Z": 1})}, "'pools': p: Z is none of the choices: A, B."),
        ({"p": PoolTotals(9, rankings=BALLOTS)},
         "'pools': p has 'rankings'; they belong to the rule \"irv\"."),
    ):  # fmt: skip
        with pytest.raises(RequestError) as refused:
            pools_of(pools, PLAIN, claims(PLAIN), 0)
        assert str(refused.value) == sentence
    with pytest.raises(RequestError, match="'x' has 'votes'; a ranked contest needs 'rankings'."):
        totals_of({"A": 1}, (), RANKED, claims(RANKED), "'x'")


# ---- ranked contests


def test_a_ranked_contest_as_marks() -> None:
    """B goes out, 30 ballots go on to A, who has 80 against 40. Marks add up by assertion."""
    tally, found = instant_runoff(RANKED.votes, RANKED.rankings, RANKED.cards)
    assert (found.status, found.outcome, found.sentence) == (Status.ASSERTIONS, {"A": 1}, "A wins.")
    assert tally.cards == 125
    assert tally.per_card == len(found.ranked) == len(found.assertions)
    assert list(tally.votes)[:2] == ["for 1", "against 1"]
    assert tuple(tally.votes.values()) == marks_in_all(BALLOTS, ["A", "B", "C"], found.ranked)
    for place, (assertion, ranked) in enumerate(zip(found.assertions, found.ranked, strict=True)):
        halves = sum(
            each.ballots * ranked.halves(tuple("ABC".index(c) for c in each.ranking)) for each in BALLOTS
        )
        weights = assertion.assorter.weights
        assert assertion.assorter.upper == 1
        assert [at for at, weight in enumerate(weights) if weight] == [2 * place, 2 * place + 1]
        assert tally.margin(assertion) == Fraction(halves - sum(each.ballots for each in BALLOTS), 125)


def test_marks_for_against_and_neither() -> None:
    """In the order of the assertions; an empty ranking is no vote."""
    ranked = claims(RANKED).ranked
    for ranking in ((), (0,), (1, 0), (2, 1)):
        halves = [each.halves(ranking) for each in ranked]
        pairs = {2: (1, 0), 1: (0, 0), 0: (0, 1)}
        assert marks_of(ranking, ranked) == tuple(mark for half in halves for mark in pairs[int(half)])
    assert ranked_card((), ["A", "B", "C"], ranked) == NO_VOTE
    assert ranked_card(("B", "A"), ["A", "B", "C"], ranked) == Interpretation(marks_of((1, 0), ranked))


@pytest.mark.parametrize(
    ("votes", "ballots", "winner", "status", "outcome", "sentence"),
    [
        ({"A": 5, "B": 5}, [(5, ("A",)), (5, ("B",))], None, Status.TIED, {},
         "A tie decides whether A or B wins; no assertions can confirm one of them."),
        ({"A": 6, "B": 5}, [(6, ("A",)), (5, ("B",))], "B", Status.CONTRADICTED, {},
         "The rankings elect A, not B."),
        ({"A": 6, "B": 5}, [(6, ("A",)), (5, ("B",))], "A", Status.ASSERTIONS, {"A": 1}, "A wins."),
        ({"A": 6}, [(6, ("A",))], None, Status.UNOPPOSED, {"A": 1}, "A wins."),
    ],
)  # fmt: skip
def test_how_a_ranked_contest_ends(
    votes: dict[str, int],
    ballots: list[Any],
    winner: str | None,
    status: Status,
    outcome: dict[str, int],
    sentence: str,
) -> None:
    """Tied, won by another than reported, won, and without a loser."""
    tally, found = instant_runoff(votes, [EqualBallots(*each) for each in ballots], 20, winner)
    assert (found.status, found.outcome, found.sentence) == (status, outcome, sentence)
    possible = {
        Status.TIED: (Possible({}, frozenset("AB"), 1),),
        Status.CONTRADICTED: (Possible({"A": 1}),),
    }
    assert found.possible == possible.get(status, ())
    if status is not Status.ASSERTIONS:
        assert tally == Tally(dict.fromkeys(votes, 0), 20)


def test_every_outcome_of_a_ranked_contest_has_a_status() -> None:
    """Also the one that no small contest has: that no assertions suffice."""
    assert set(STATUS) == set(get_args(Outcome))


def test_first_preferences_must_be_those_of_the_rankings() -> None:
    """Told with both numbers; ballots that rank nobody are no preference."""
    with pytest.raises(RequestError) as refused:
        instant_runoff({"A": 50, "B": 31, "C": 40}, BALLOTS, 125)
    assert str(refused.value) == (
        "'votes' of a ranked contest are first preferences: B has 31 of them, the 'rankings' give 30. "
        "Settle which is right before an audit."
    )


def test_numbers_of_cards_and_times() -> None:
    """A pool has a card, a drawn card was drawn, and not more than ten million times."""
    refuse: list[Callable[[], object]] = [
        lambda: msgspec.convert({"cards": 0}, PoolTotals),
        lambda: msgspec.convert({"paper": {}, "times": 0}, DrawnCards),
        lambda: msgspec.convert({"paper": {}, "times": 10_000_001}, DrawnCards),
    ]
    for each in refuse:
        with pytest.raises(msgspec.ValidationError):
            each()
    assert msgspec.convert({"cards": 1}, PoolTotals) == PoolTotals(1)
    assert msgspec.convert({"paper": {}, "times": 10_000_000}, DrawnCards).times == 10_000_000
    assert msgspec.convert({"paper": {}, "times": 1}, DrawnCards).paper == Shown()


def test_as_many_cards_as_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most itself is taken, one more is not."""
    monkeypatch.setattr(drawn_cards, "MOST_DRAWS", 10)
    assert len(draws_of([DrawnCards(A, times=7), DrawnCards(B, times=3)], PLAIN, claims(PLAIN))) == 10
    with pytest.raises(RequestError) as refused:
        draws_of([DrawnCards(A, times=7), DrawnCards(B, times=4)], PLAIN, claims(PLAIN))
    assert str(refused.value) == "'drawn' is 11 cards in all; it must be at most 10."
