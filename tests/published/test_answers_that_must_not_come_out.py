"""Worked cases in which a confirmation would be wrong: what must come out instead."""

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally, plurality
from tallyproof.audit.assorter import Column, one_vote_kinds
from tallyproof.audit.discrepancy import counts, pairs_of, super_simple_risk
from tallyproof.audit.verdict import HandCount, MeasuredAssertion, Verdict, decide
from tallyproof.risk.bravo import end_of_round_risk

from .golden import vector

KINDS = one_vote_kinds(3)
MET = (0.0, True)
"""The P and the stop that a program in use answered in these cases."""


def column(codes: list[int]) -> Column:
    return Column(np.array(codes, dtype=np.int8), KINDS)


def test_the_pair_that_weighs_most_decides() -> None:
    """defect-supersimple-pair: 20 of 3,000 cards for the distant third; P = 0.26027, the audit goes on."""
    given, expected = (vector("defect-supersimple-pair")[part] for part in ("inputs", "expected"))
    tally = Tally(given["contest"]["votes"], given["contest"]["ballots"])
    read = [2] * given["misread_as_L2"] + [0] * (given["sample_size"] - given["misread_as_L2"])
    p = super_simple_risk(column([0] * given["sample_size"]), column(read), pairs_of(tally), given["gamma"])
    assert p == pytest.approx(expected["correct_p_value"], rel=1e-12)
    assert p > given["risk_limit"]
    assert expected["arlo_reports"] <= given["risk_limit"] and expected["arlo_stops"]


def test_a_full_count_that_reverses_the_outcome() -> None:
    """defect-full-count-reversed: never a risk limit met."""
    given, program = (vector("defect-full-count-reversed")[part] for part in ("inputs", "expected"))
    ballots = given["contest"]["ballots"]
    claims, paper = plurality(Tally(given["contest"]["votes"], ballots)), Tally(given["hand_count"], ballots)
    zero = [MeasuredAssertion(each.claim, 0.2, 0.0) for each in claims.assertions]
    found = decide(claims, zero, 0.05, ballots, ballots, HandCount(plurality(paper), paper))
    assert found.verdict is Verdict.DIFFERENT_OUTCOME
    assert (program["arlo_reports"], program["arlo_stops"]) == MET


def test_votes_are_not_cards() -> None:
    """defect-vote-for-2: 1,000 votes on at most 1,000 cards of two votes each are no full count; P is 1."""
    given, program = (vector("defect-vote-for-2")[part] for part in ("inputs", "expected"))
    contest, sample = given["contest"], given["sample"]
    tally = Tally(contest["votes"], contest["ballots"], per_card=contest["votes_allowed"])
    risks = {
        each.claim: float(
            end_of_round_risk(
                sample[each.winner],
                sample[each.loser],
                tally.votes[each.winner] / (tally.votes[each.winner] + tally.votes[each.loser]),
            )
        )
        for each in plurality(tally, 2).assertions
    }
    assert set(risks.values()) == {1.0}
    measured = [MeasuredAssertion(claim, 0.1, risk) for claim, risk in risks.items()]
    examined = sum(sample.values()) // contest["votes_allowed"]
    assert decide(plurality(tally, 2), measured, 0.05, tally.cards, examined).verdict is Verdict.CONTINUE
    assert (program["arlo_reports"], program["arlo_stops"]) == MET


def test_draws_are_not_cards() -> None:
    """defect-with-replacement-full: ten draws of five cards, all overstated by two votes; P is 1."""
    given, program = (vector("defect-with-replacement-full")[part] for part in ("inputs", "expected"))
    tally = Tally(given["contest"]["votes"], given["contest"]["ballots"])
    kinds = one_vote_kinds(2)
    records = Column(np.zeros(given["draws"], dtype=np.int8), kinds)
    papers = Column(np.ones(given["draws"], dtype=np.int8), kinds)
    p = super_simple_risk(records, papers, pairs_of(tally))
    measured = [MeasuredAssertion(each.claim, 0.1, p) for each in plurality(tally).assertions]
    assert p == 1.0
    assert decide(plurality(tally), measured, 0.05, 10, given["unique"]).verdict is Verdict.CONTINUE
    assert (program["arlo_reports"], program["arlo_stops"]) == MET


def test_a_discrepancy_counts_as_often_as_its_card_was_drawn() -> None:
    """defect-suite-multiplicity: three draws of one card overstated by one vote are three."""
    given, expected = (vector("defect-suite-multiplicity")[part] for part in ("inputs", "expected"))
    pairs = pairs_of(Tally({"W": 6, "L": 4, "X": 0}, 10))
    found = counts(column([0] * given["times_sampled"]), column([3] * given["times_sampled"]), pairs)
    assert found.over_one == expected["correct_o1"] != expected["arlo_o1"]
