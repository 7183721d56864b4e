"""Super-simple comparison audits: risks and sizes of published audits and of the programs that run them."""

from typing import Any

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally
from tallyproof.audit.assorter import Column, one_vote_kinds
from tallyproof.audit.discrepancy import pairs_of, super_simple_risk
from tallyproof.risk.supersimple import (
    Discrepancies,
    risks,
    sample_size_multiplier,
    size,
    size_at_rates,
    starting_size,
)

from .contests import Votes, votes_of
from .golden import SHARED, ids, vector
from .tolerance import agrees

PRINTED = ["audited sample count", "diluted margin %", "disc +1", "disc +2", "disc -1", "disc -2"]
RHO = "nmin (rho) "
USUAL_RATES = Discrepancies(0.001, 0.0001, 0.001, 0.0001)


def found(given: dict[str, Any]) -> Discrepancies:
    return Discrepancies(given["o1"], given["o2"], given["u1"], given["u2"])


def misread(votes: Votes, record: str, paper: str, cards: int, draws: int, gamma: float) -> float:
    """P of so many draws, of which so many cards say ``paper`` where the record says ``record``."""
    kinds, names = one_vote_kinds(len(votes.by_choice)), list(votes.by_choice)
    records, papers = np.full(draws, names.index(record)), np.full(draws, names.index(record))
    papers[:cards] = names.index(paper)
    pairs = pairs_of(Tally(votes.by_choice, votes.ballots), votes.winners)
    return super_simple_risk(
        Column(records.astype(np.int8), kinds), Column(papers.astype(np.int8), kinds), pairs, gamma
    )


@pytest.mark.parametrize("name", ["corla-size-1", "corla-size-3", "corla-size-4", "corla-size-5"])
def test_sizes_with_observed_errors(name: str) -> None:
    """123 votes against 14 on 165 cards, and one discrepancy of each kind."""
    given = vector(name)["inputs"]
    assert (
        size(given["risk_limit"], given["diluted_margin"], found(given), given["gamma"])
        == vector(name)["expected"]
    )


@pytest.mark.parametrize("name", ids("supersimple-", "nmin", but=(RHO,)))
def test_sizes(name: str) -> None:
    """The closed form of the Gentle introduction."""
    given = vector(name)["inputs"]
    assert size(given["alpha"], given["margin"], found(given), given["gamma"]) == vector(name)["expected"]


@pytest.mark.parametrize("name", ids("supersimple-", RHO))
def test_the_number_that_the_margin_divides(name: str) -> None:
    """Rho, 15.2 in the paper's headline."""
    given = vector(name)["inputs"]
    assert agrees(sample_size_multiplier(given["alpha"], given["lambdatol"], given["gamma"]), vector(name))


@pytest.mark.parametrize("name", ids("supersimple-", "expected sample size"))
def test_sizes_at_rates(name: str) -> None:
    """Errors at exact rates; none suffices where they are too frequent."""
    given = vector(name)["inputs"]
    rates = Discrepancies(given["o1_rate"], given["o2_rate"], given["u1_rate"], given["u2_rate"])
    assert size_at_rates(given["alpha"], given["margin"], rates, given["gamma"]) == vector(name)["expected"]


@pytest.mark.parametrize("name", ids("supersimple-", "initial sample size"))
def test_starting_sizes(name: str) -> None:
    """The first sample at the rates that programs assume."""
    given = vector(name)["inputs"]
    assert (
        starting_size(given["risk_limit"], given["diluted_margin"], USUAL_RATES) == vector(name)["expected"]
    )


@pytest.mark.parametrize("name", ids("supersimple-", "re-estimated"))
def test_sizes_after_an_overstatement(name: str) -> None:
    """One one-vote overstatement in the first sample."""
    given = vector(name)["inputs"]
    margin = (given["contest"]["winner"] - given["contest"]["loser"]) / given["contest"]["ballots"]
    rates = Discrepancies(1 / given["n_so_far"])
    assert starting_size(given["risk_limit"], margin, rates) == vector(name)["expected"]


@pytest.mark.parametrize("name", ids("supersimple-", "[nmin no error"))
def test_sizes_of_the_public_tools(name: str) -> None:
    """Without error, with one, and the starting size."""
    given = vector(name)["inputs"]
    alpha, margin, gamma = given["alpha"], given["margin"], given["gamma"]
    rates = Discrepancies(*given["rates"])
    starting = starting_size(alpha, margin, rates, gamma, given["round_up_1"], given["round_up_2"])
    expected = vector(name)["expected"]
    assert [
        size(alpha, margin, gamma=gamma),
        size(alpha, margin, Discrepancies(1), gamma),
        starting,
    ] == expected


@pytest.mark.parametrize("name", ids("supersimple-size-"))
def test_sizes_over_rounds(name: str) -> None:
    """The first sample, and all in all after an overstatement of one or two votes; at most all ballots."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    votes = votes_of(given)
    rates = given["assumed_rates"]
    alpha, margin = given["risk_limit"], votes.diluted_margin
    first = starting_size(
        alpha, margin, Discrepancies(rates["o1"], rates["o2"], rates["u1"], rates["u2"]), given["gamma"]
    )
    assert first == expected["initial"]
    assert first is not None
    for key, seen in (
        ("total_after_one_o1", Discrepancies(1 / first)),
        ("total_after_one_o2", Discrepancies(0, 1 / first)),
    ):
        total = starting_size(alpha, margin, seen, given["gamma"])
        assert min(votes.ballots if total is None else total, votes.ballots) == expected[key]


@pytest.mark.parametrize("name", ids("supersimple-p-"))
def test_risks_with_one_discrepancy(name: str) -> None:
    """Nothing found, one one-vote and one two-vote overstatement."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    margin = votes_of(given).diluted_margin
    p = risks(given["sample_size"], margin, [0, 1, 0], [0, 0, 1], gamma=given["gamma"])
    assert agrees(p, vector(name), [expected["no_discrepancy"], expected["one_o1"], expected["one_o2"]])


@pytest.mark.parametrize("name", ids("supersimple-", "p_value [no discrepancy"))
def test_risks_with_one_discrepancy_in_the_other_file(name: str) -> None:
    """The same three, by margin."""
    given = vector(name)["inputs"]
    assert agrees(
        risks(given["n"], given["margin"], [0, 1, 0], [0, 0, 1], gamma=given["gamma"]), vector(name)
    )


@pytest.mark.parametrize("name", ["supersimple-015", "supersimple-018", *ids("corla-km-p-")])
def test_risks_of_the_paper(name: str) -> None:
    """Table 3 of the paper, gamma 1.01."""
    given = vector(name)["inputs"]
    margin = given.get("margin", given.get("diluted_margin"))
    assert agrees(float(risks(given["n"], margin, *found(given).counts, gamma=given["gamma"])), vector(name))


@pytest.mark.parametrize("name", ["supersimple-small", "supersimple-small-two-o1"])
def test_risks_in_a_small_contest(name: str) -> None:
    """26 ballots, 18 draws with replacement: P, and that the audit goes on."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    p = risks(given["sample_size"], votes_of(given).diluted_margin, given["o1"], given["o2"])
    assert agrees(float(p), vector(name), expected["p_value"])
    assert (float(p) <= given["risk_limit"]) == expected["stop"]


@pytest.mark.parametrize("name", ids("colorado2024-"))
def test_published_risks_of_colorado_2024(name: str) -> None:
    """The risk measurement in per cent, to its one printed decimal."""
    given = vector(name)["inputs"]
    assert agrees(float(100 * risks(given["n"], given["diluted_margin"], *found(given).counts)), vector(name))


@pytest.mark.parametrize("name", ["supersimple-051", "supersimple-052"])
def test_the_pair_is_chosen_by_error_over_margin(name: str) -> None:
    """Cards for the winner that say a third candidate count by the closest pair."""
    given = vector(name)["inputs"]
    votes = Votes({key: given[key] for key in ("W", "L1", "L2")}, given["ballots"], 1)
    assert agrees(misread(votes, "W", "L2", given["k"], given["n"], given["gamma"]), vector(name))


def test_a_far_third_candidate_cannot_hide_an_error() -> None:
    """20 of 3,000 cards: P is 0.26, as for twenty one-vote overstatements (defect-supersimple-pair)."""
    name = "defect-supersimple-pair"
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    votes, draws = votes_of(given), given["sample_size"]
    p = misread(votes, "W", "L2", given["misread_as_L2"], draws, given["gamma"])
    assert p == pytest.approx(expected["correct_p_value"], rel=1e-9)
    assert p == pytest.approx(float(risks(draws, votes.diluted_margin, 20)), rel=1e-9)
    assert p > given["risk_limit"] > expected["arlo_reports"]
    assert expected["arlo_stops"]


def test_draws_with_replacement_are_no_full_count() -> None:
    """Ten draws of five out of ten ballots, all overstated by two votes: P is 1."""
    given, program = (vector("defect-with-replacement-full")[part] for part in ("inputs", "expected"))
    margin = votes_of(given).diluted_margin
    assert float(risks(given["draws"], margin, 0, given["draws"])) == 1.0
    assert (program["arlo_reports"], program["arlo_stops"]) == (0.0, True)


def test_every_published_risk_of_colorado_2024_general() -> None:
    """All contests of the state's report, in one call (colorado-008)."""
    calamine = pytest.importorskip("python_calamine")
    report = SHARED / vector("colorado-008")["inputs"]["file"]
    _, heading, *rows = calamine.CalamineWorkbook.from_path(report).get_sheet_by_name("Summary").to_python()
    contests = [row for row in rows if row[heading.index("Risk measurement %")] not in ("", "no data")]
    column = {name: np.array([float(row[heading.index(name)]) for row in contests]) for name in PRINTED}
    draws, margin, *counts = column.values()
    p = 100 * risks(draws, margin / 100, counts[0], counts[1], counts[2], counts[3])
    printed = np.array([float(row[heading.index("Risk measurement %")]) for row in contests])
    agreeing = int(np.sum(np.abs(p - printed) <= 0.051))
    assert [len(contests), agreeing] == vector("colorado-008")["expected"]
