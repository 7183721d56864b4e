"""SUITE: stratum and combined risks of published hybrid audits, and the sizes that programs plan."""

from typing import Any

import numpy as np
import pytest

from tallyproof.risk.suite import (
    Compared,
    Polled,
    comparison_log_p,
    polling_exact_log_p,
    suite_grid_risk,
    suite_risk,
)
from tallyproof.risk.suite_sizes import suite_sizes
from tallyproof.risk.supersimple import Discrepancies

from .golden import ids, vector
from .tolerance import agrees

HYBRID = [
    "suite-fisher",
    "suite-winner-loses-no-cvr",
    "suite-many-undervotes",
]


def compared(given: dict[str, Any]) -> Compared:
    """The stratum with cast vote records, in either file's spelling."""
    votes, found = given["votes"], given.get("misstatements", given)
    discrepancies = Discrepancies(found.get("o1", 0), found.get("o2", 0))
    return Compared(
        given["ballots"],
        votes["winner"] - votes["loser"],
        given.get("sample_size", given.get("sampled", 0)),
        discrepancies,
    )


def polled(given: dict[str, Any]) -> Polled:
    """The stratum without, in either file's spelling."""
    sample = given.get("sample", {"winner": 0, "loser": 0})
    draws = given.get("sample_size", given.get("sampled", 0))
    votes = given["votes"]
    return Polled(given["ballots"], votes["winner"], votes["loser"], draws, sample["winner"], sample["loser"])


def strata(given: dict[str, Any]) -> tuple[Compared, Polled]:
    first = given["cvr"] if "cvr" in given else given["cvr_stratum"]
    second = given["no_cvr"] if "no_cvr" in given else given["no_cvr_stratum"]
    return compared(first), polled(second)


def stratum_risks(first: Compared, second: Polled) -> list[float]:
    """P of the comparison stratum at 0.3 and of the polling stratum at 0.7 of the margin."""
    votes = first.lead + second.winner - second.loser
    logs = comparison_log_p(first, votes, np.array(0.3)), polling_exact_log_p(second, votes, np.array(0.7))
    return [float(np.exp(log)) for log in logs]


def assert_risks(name: str) -> None:
    """The three figures as the programs print them; the proven maximum is not below the printed one.

    Both say alike whether the audit stops.
    """
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    first, second = strata(given)
    wanted = [expected["p_cvr_lambda_0_3"], expected["p_no_cvr_lambda_0_7"], expected["p_combined"]]
    found = [*stratum_risks(first, second), suite_grid_risk(first, second, given["risk_limit"])]
    assert agrees(found, vector(name), wanted)
    proven = suite_risk(first, second).p
    assert proven >= found[2] * (1 - 1e-12)
    assert [p <= given["risk_limit"] for p in (found[2], proven)] == [expected["stop"]] * 2


@pytest.mark.parametrize("name", HYBRID)
def test_stratum_and_combined_risks(name: str) -> None:
    """Of strata that lead, trail, or have many undervotes."""
    assert_risks(name)


def test_risks_with_discrepancies() -> None:
    """Four one-vote and one two-vote overstatements (suite-003)."""
    given = vector("suite-003")["inputs"]
    first, second = strata(given)
    found = [*stratum_risks(first, second), suite_grid_risk(first, second, given["risk_limit"])]
    assert agrees(found, vector("suite-003"))


def test_kalamazoo_2018() -> None:
    """The pilot's published P of 0.0374 (suite-004), by the grid and with a proven bound."""
    first, second = strata(vector("suite-004")["inputs"])
    assert agrees(suite_grid_risk(first, second, 0.05), vector("suite-004"))
    proven = suite_risk(first, second)
    assert agrees(proven.p, vector("suite-004"))
    assert proven.attained == pytest.approx(0.0374140, abs=1e-7)
    assert proven.gap <= 1e-3


@pytest.mark.parametrize("name", ids("suite-sprt-"))
def test_polling_without_replacement(name: str) -> None:
    """The tri-hypergeometric ratio; two cases can be checked by hand."""
    given = vector(name)["inputs"]
    stratum = polled(given | {"ballots": given["stratum_ballots"]})
    found = float(np.exp(polling_exact_log_p(stratum, stratum.winner - stratum.loser, np.array(1.0))))
    assert agrees(found, vector(name), vector(name)["expected"]["p_value"])


@pytest.mark.parametrize("name", ids("suite-", "ballot-polling tri-hypergeometric"))
def test_polling_without_replacement_in_the_other_file(name: str) -> None:
    """The same ratio for other samples."""
    given = vector(name)["inputs"]
    (winner, loser), (won, lost) = given["reported"], given["sample"]
    stratum = Polled(given["popsize"], winner, loser, given["n"], won, lost)
    votes = stratum.winner - stratum.loser
    found = float(np.exp(polling_exact_log_p(stratum, votes, np.array(float(given["null_lambda"])))))
    assert agrees(found, vector(name))


@pytest.mark.parametrize("name", ids("suite-size-"))
def test_first_samples(name: str) -> None:
    """Both strata in proportion to their cards."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    assert suite_sizes(given["risk_limit"], *strata(given)) == (expected["cvr"], expected["no_cvr"])


def test_first_and_next_sample_of_an_escalated_audit() -> None:
    """56 and 24 cards, their risks, then 101 and 43 in all (suite-escalation-r1)."""
    assert_risks("suite-escalation-r1")
    given, expected = vector("suite-escalation-r1")["inputs"], vector("suite-escalation-r1")["expected"]
    first, second = strata(given)
    unsampled = (
        Compared(first.cards, first.lead, 0),
        Polled(second.cards, second.winner, second.loser, 0, 0, 0),
    )
    sizes = [suite_sizes(given["risk_limit"], *both) for both in (unsampled, (first, second))]
    wanted = [expected["initial_size"], expected["next_total_size"]]
    assert sizes == [(each["cvr"], each["no_cvr"]) for each in wanted]


def test_a_margin_too_close_to_sample() -> None:
    """Where the sizes reach a whole stratum, none is given; programs say so too (suite-really-close)."""
    assert_risks("suite-really-close")
    given, expected = (vector("suite-really-close")[part] for part in ("inputs", "expected"))
    assert suite_sizes(given["risk_limit"], *strata(given)) is None
    assert expected["get_sample_size"] == "error: One or both strata need to be recounted."
