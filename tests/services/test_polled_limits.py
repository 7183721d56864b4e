"""More polled cards than a laptop can work with are refused in words, and two doors give one answer."""

from __future__ import annotations

import pytest

from tallyproof.audit.sample_risk import PollingRounds, Round, SuiteRisk
from tallyproof.errors import RequestError
from tallyproof.services.solving import solve


@pytest.mark.parametrize(("method", "most"), [("minerva", "200,000"), ("providence", "10,000,000")])
def test_rounds_beyond_what_is_worked_out_are_refused(method: str, most: str) -> None:
    """The method and its limit are named."""
    rounds = (Round(600_000_000, 500_000_000),)
    told = f"'rounds' has 1,100,000,000 in all; {method} is worked out for up to {most}"
    with pytest.raises(RequestError, match=told):
        solve(PollingRounds(0.6, rounds, method=method))  # type: ignore[arg-type]


def test_bravo_takes_any_number() -> None:
    """It is a formula of the sums."""
    found = solve(PollingRounds(0.6, (Round(700_000_000, 400_000_000),)))
    assert found.met


def test_suite_says_how_many_cards_it_takes() -> None:
    """A hundred million draws would fill the memory."""
    problem = SuiteRisk(
        compared_cards=10**9, compared_winner=6 * 10**8, compared_loser=4 * 10**8, compared_draws=100,
        polled_cards=10**9, polled_winner=6 * 10**8, polled_loser=4 * 10**8, polled_draws=10**8,
        drawn_winner=6 * 10**7, drawn_loser=4 * 10**7,
    )  # fmt: skip
    told = "'polled_draws' has 100,000,000 in all; suite is worked out for up to"
    with pytest.raises(RequestError, match=told):
        solve(problem)
