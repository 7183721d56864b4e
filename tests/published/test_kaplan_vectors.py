"""Kaplan-Markov, Kaplan-Wald and Kaplan-Kolmogorov on small samples."""

from typing import Any

import pytest

from tallyproof.risk.function import Bet, Population
from tallyproof.risk.kaplan import KaplanKolmogorov, KaplanMarkov, KaplanWald
from tallyproof.risk.wealth import history

from .golden import ids, vector
from .tolerance import agrees


def answer(method: str, given: dict[str, Any]) -> Any:
    """The whole history, its smallest P, or the P of the whole sample where order says nothing."""
    bet: Bet
    if method.startswith("kaplan_markov"):
        bet = KaplanMarkov(given["g"])
    elif method.startswith("kaplan_wald"):
        bet = KaplanWald(given["g"])
    else:
        bet = KaplanKolmogorov(given["g"])
    found = history(given["x"], Population(1, given["t"], given.get("N")), bet)
    if method.endswith("history"):
        return found.p
    return found.p_value if given.get("random_order", True) else found.p[-1]


def test_without_padding_everything_is_staked() -> None:
    """Kaplan-Wald with padding 0 is the product of x / t, as Kaplan-Markov without padding."""
    x = [0.9, 0.4, 1.0]
    wald, markov = (history(x, Population(), bet) for bet in (KaplanWald(0.0), KaplanMarkov(0.0)))
    assert wald.p[-1] == pytest.approx(1 / (1.8 * 0.8 * 2))
    assert wald.p.tolist() == markov.p.tolist()


@pytest.mark.parametrize("name", ids("kaplan-"))
def test_kaplan(name: str) -> None:
    """P agrees at the vector's tolerance."""
    assert agrees(answer(vector(name)["method"], vector(name)["inputs"]), vector(name))
