"""Batch comparison audits as problems, in detail: every field of the answers, and what is refused."""

from typing import Any

import msgspec
import numpy as np
import pytest

from tallyproof.audit.batch_audit import (
    BatchAudit,
    BatchAuditAnswer,
    BatchBound,
    DrawnBatches,
    ReportedBatch,
    solve_batch_audit,
)
from tallyproof.errors import RequestError
from tallyproof.risk.betting import Agrapa
from tallyproof.risk.function import Population
from tallyproof.risk.wealth import history

TWO = {"votes": {"A": 600, "B": 400}, "cards": 1_000}
BATCHES = [
    {"name": "1", "cards": 500, "votes": {"A": 350, "B": 150}},
    {"name": "2", "cards": 300, "votes": {"A": 150, "B": 150}},
    {"name": "3", "cards": 200, "votes": {"A": 100, "B": 100}},
]
MAJORITY = {"votes": {"A": 550, "B": 300, "C": 150}, "cards": 1_000}
HALVES = [
    {"name": "1", "cards": 500, "votes": {"A": 350, "B": 100, "C": 50}},
    {"name": "2", "cards": 500, "votes": {"A": 200, "B": 200, "C": 100}},
]
TWO_SEATS = {"votes": {"A": 90, "B": 70, "C": 40}, "cards": 100, "seats": 2, "votes_per_card": 2}
RANKS = [{"name": "1", "cards": 5, "rankings": [{"ballots": 5, "ranking": ["A"]}]}]
RANKED = {"votes": {"A": 5, "B": 0}, "cards": 5, "rule": "irv", "rankings": RANKS[0]["rankings"]}
TOTALS = (
    "'batches' must have the contest's votes in all, but for those on the 10 'lost' cards; "
    "settle the difference before an audit."
)
MORE = "1 of 1 assertions not confirmed yet: draw more cards, or count all by hand."


def answer(**told: Any) -> BatchAuditAnswer:
    return solve_batch_audit(msgspec.convert({"contest": TWO, "batches": BATCHES} | told, BatchAudit))


def test_what_is_left_out_is_told() -> None:
    """The numbers that hold unless a problem says otherwise."""
    problem = msgspec.convert({"contest": TWO, "batches": [{"name": "1", "cards": 5}]}, BatchAudit)
    assert (problem.drawn, problem.claims, problem.lost, problem.risk_limit) == ((), "outcome", 0, 0.05)
    assert problem.method == "macro"
    assert problem.batches == (ReportedBatch("1", 5, {}, ()),)
    assert DrawnBatches(("1",)) == DrawnBatches(("1",), {}, 1, ())


TOGETHER = [{"names": ["2", "3"], "votes": {"A": 240, "B": 260}, "times": 2}]
BOUNDS = (BatchBound("1", "7/2"), BatchBound("2", "3/2"), BatchBound("3", "1"))


def test_macro_in_full() -> None:
    """Two batches counted together, drawn twice, 10 votes moved: (1 - 1/6)^2 / (1 - 1/25)^2."""
    found = answer(drawn=TOGETHER)
    assert found == BatchAuditAnswer(
        "continue",
        MORE,
        ("Not confirmed yet, risk 0.7535, above 0.05: A has more votes than B.",),
        pytest.approx((5 / 6) ** 2 / (24 / 25) ** 2),  # type: ignore[arg-type]
        2,
        6.0,
        3,
        pytest.approx((1 / 25,)),  # type: ignore[arg-type]
        BOUNDS,
    )


def test_macro_ends_at_the_limit() -> None:
    """Twenty clean draws give (5/6)^20 = 0.026: above 1 %, at most 5 %."""
    drawn = [{"names": ["1"], "votes": {"A": 350, "B": 150}, "times": 20}]
    assert answer(drawn=drawn).verdict == "confirmed"
    assert answer(drawn=drawn).reasons == ("Confirmed, risk 0.02608, at most 0.05: A has more votes than B.",)
    assert answer(drawn=drawn, risk_limit=0.01).verdict == "continue"


def test_the_assorter_in_full() -> None:
    """Batches weigh what A's assorter adds up to in them; 240 of 250 is a taint of 1/25; U = 1 + 1/v = 6."""
    value = np.full(2, 240 / 250)
    expected = history(value, Population(2.0, 1 - 1 / 6), Agrapa(1.0, 0.05, 20)).p_value
    found = answer(drawn=TOGETHER, method="assorter")
    assert found == BatchAuditAnswer(
        "continue",
        MORE,
        (f"Not confirmed yet, risk {found.risk:.4g}, above 0.05: A has more votes than B.",),
        pytest.approx(float(expected)),  # type: ignore[arg-type]
        2,
        6.0,
        None,
        pytest.approx((1 / 25,)),  # type: ignore[arg-type]
        (BatchBound("1", "350"), BatchBound("2", "150"), BatchBound("3", "100")),
    )
    assert (5 / 6) ** 2 < found.risk < 1


def test_the_assorter_counts_a_batch_twice_over_at_most() -> None:
    """Five times the reported sum counts as twice: a taint of -1."""
    batches = [
        {"name": "1", "cards": 100, "votes": {"A": 10, "B": 90}},
        {"name": "2", "cards": 900, "votes": {"A": 590, "B": 310}},
    ]
    drawn = [{"names": ["1"], "votes": {"A": 50, "B": 50}}, {"names": ["2"], "votes": {"A": 885, "B": 15}}]
    assert answer(batches=batches, drawn=drawn, method="assorter").taints == pytest.approx((-1.0, -0.5))


def test_the_assorter_bets_less_after_errors() -> None:
    """The guesses (mean 1, deviation 0.05) count as 20 batches: bad ones among them lower what is staked."""
    halves = [{"name": name, "cards": 250, "votes": {"A": 175, "B": 75}} for name in "12"]
    quarters = [{"name": name, "cards": 150, "votes": {"A": 75, "B": 75}} for name in "34"]
    batches = [*halves, *quarters, BATCHES[2] | {"name": "5"}]
    counted = [("1", 52, 197, 5), ("3", 100, 50, 5), ("2", 90, 160, 3), ("4", 75, 75, 51)]
    drawn = [{"names": [name], "votes": {"A": a, "B": b}, "times": times} for name, a, b, times in counted]
    found = answer(drawn=drawn, batches=batches, method="assorter")
    assert found.risk == pytest.approx(0.007705470809214137)
    assert (found.draws, found.verdict) == (64, "confirmed")


@pytest.mark.parametrize("method", ["macro", "assorter"])
def test_votes_are_no_cards_examined(method: str) -> None:
    """Nothing was drawn: one card in all is not one card examined."""
    one = [{"name": "1", "cards": 1, "votes": {"A": 1}}]
    found = answer(contest={"votes": {"A": 1, "B": 0}, "cards": 1}, batches=one, method=method)
    assert (found.verdict, found.risk, found.draws) == ("continue", 1.0, 0)


@pytest.mark.parametrize("claims", ["outcome", "pairs", "majority"])
def test_a_tie_cannot_be_confirmed(claims: str) -> None:
    """The answer is given without a look at the batches."""
    tied = {"votes": {"A": 1, "B": 1}, "cards": 2}
    sentence = "No sample can confirm this: A and B tie with 1 vote."
    found = answer(contest=tied, claims=claims)
    why = ("Neither side ahead by the reported votes: A has more votes than B.",)
    assert found == BatchAuditAnswer("cannot be confirmed", sentence, why, 1.0, 0, 0.0, None, (), ())


def test_other_winners_cannot_be_confirmed_by_pairs() -> None:
    """The votes elect A: that A leads B shows nothing of what was reported."""
    sentence = "No sample can confirm this: The reported votes elect A, not B as reported."
    assert answer(contest=TWO | {"winners": ["B"]}, claims="pairs").sentence == sentence


@pytest.mark.parametrize("claims", ["pairs", "majority"])
def test_a_tie_among_pairs_is_told(claims: str) -> None:
    """That nobody reached three fifths can be shown, not who leads."""
    tied = {"votes": {"A": 500, "B": 500}, "cards": 1_000, "rule": "supermajority", "share": "3/5"}
    batches = [{"name": "1", "cards": 1_000, "votes": {"A": 500, "B": 500}}]
    assert answer(contest=tied, batches=batches).verdict == "continue"
    assert answer(contest=tied, batches=batches, claims=claims).verdict == "cannot be confirmed"


def test_the_claims_asked_for_are_tested() -> None:
    """The rule's own, each pair, or the pairs and the majority; U follows."""
    contest = MAJORITY | {"rule": "majority_or_runoff"}
    pairs = ["A has more votes than B.", "A has more votes than C."]
    half = ["A has more than 1/2 of the valid votes."]
    for claims, wanted, bound in (("outcome", half, 11), ("pairs", pairs, 5), ("majority", pairs + half, 11)):
        found = answer(contest=contest, batches=HALVES, claims=claims)
        assert [reason.partition(": ")[2] for reason in found.reasons] == wanted
        assert (found.total_bound, found.first_round) == (bound, 2)


def test_half_of_the_votes_is_no_majority() -> None:
    """Exactly half is refused, and the leader is named; one vote more is not."""
    half = {"votes": {"B": 300, "A": 500, "C": 200}, "cards": 1_001}
    batches = [{"name": "1", "cards": 1_001, "votes": half["votes"]}]
    told = "'claims' cannot be \"majority\": A has no majority of the votes."
    with pytest.raises(RequestError, match=told):
        answer(contest=half, batches=batches, claims="majority")
    over = {"votes": {"B": 300, "A": 501, "C": 200}, "cards": 1_001}
    batches = [{"name": "1", "cards": 1_001, "votes": over["votes"]}]
    assert len(answer(contest=over, batches=batches, claims="majority").reasons) == 3


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"drawn": [{"names": ["2", "3"], "votes": {"A": 300, "B": 250}}]},
         "'votes' of 2 and 3 are 550; its 500 'cards' bear at most 500."),
        ({"drawn": [{"names": ["2", "9"], "votes": {"A": 1}}]},
         "'names' of 2 and 9 must all be batches of the contest."),
        ({"drawn": [{"names": ["2"], "votes": {"Z": 1}}]}, "'votes': Z is none of the choices: A, B."),
        ({"batches": BATCHES[:2], "lost": 199},
         "'lost' is 199; 200 of the contest's cards are in no batch. It must count those and all pending "
         "ones; without it those in no batch are counted."),
        ({"batches": [{**BATCHES[0], "cards": 501}, *BATCHES[1:]]},
         "'batches' hold 1 cards more than the contest's 1,000."),
        ({"batches": [{**BATCHES[0], "votes": {"A": 340, "B": 160}}, *BATCHES[1:]], "lost": 10}, TOTALS),
        ({"contest": TWO_SEATS, "batches": [{"name": "1", "cards": 100, "votes": {"A": 101, "B": 60}}]},
         "'votes' of 1 are 101 for one choice; its 100 'cards' bear at most 100."),
        ({"contest": TWO_SEATS,
          "batches": [{"name": "1", "cards": 100, "votes": {"A": 90, "B": 70, "C": 41}}]},
         "'votes' of 1 are 201; its 100 'cards' bear at most 200."),
        ({"batches": [{**BATCHES[0], "cards": 499}, *BATCHES[1:]]},
         "'votes' of 1 are 500; its 499 'cards' bear at most 499."),
        ({"contest": RANKED, "batches": RANKS, "claims": "pairs"},
         "'claims' of a ranked contest must be \"outcome\"."),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused_in_these_words(told: dict[str, Any], sentence: str) -> None:
    """The sentence names what is wrong and by how much."""
    with pytest.raises(RequestError) as refused:
        answer(**told)
    assert str(refused.value) == sentence
