"""Risk functions by name, in detail: which bet each is, with which numbers."""

from typing import Any

import msgspec
import numpy as np
import pytest

from tallyproof.audit.methods import (
    AdaptiveBet,
    AlphaComparison,
    AlphaFixed,
    AlphaShrink,
    Cobra,
    KaplanKolmogorovTest,
    KaplanWaldTest,
    Method,
    Portfolio,
    bet_of,
    measured,
)
from tallyproof.errors import RequestError
from tallyproof.risk.alpha import FixedAlternative, ShrinkTrunc, optimal_comparison
from tallyproof.risk.betting import Agrapa, FixedBet, cobra_bet, portfolio_history
from tallyproof.risk.confidence import STAKES
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.kaplan import KaplanKolmogorov, KaplanWald
from tallyproof.risk.wealth import history

POPULATION = Population(1.25, 0.5, 100)
SAMPLE = [0.7, 0.9, 0.0, 1.25, 0.7]
BETS: list[tuple[Method, Bet]] = [
    (AlphaShrink(), ShrinkTrunc(0.7, 100, f=0)),
    (AlphaShrink(0.9, 7, 0.5), ShrinkTrunc(0.9, 7, f=0.5)),
    (AlphaFixed(), FixedAlternative(0.7)),
    (AlphaFixed(0.9), FixedAlternative(0.9)),
    (AlphaComparison(), optimal_comparison(1.25, 0.0001)),
    (AlphaComparison(0.01), optimal_comparison(1.25, 0.01)),
    (Cobra(), FixedBet(cobra_bet(0.4, 0.0001, 0.001), 0.95)),
    (Cobra(0.0, 0.0, 0.5), FixedBet(cobra_bet(0.4, 0.0, 0.0), 0.5)),
    (AdaptiveBet(), Agrapa(0.7, 0.3125, 20, 0.9)),
    (AdaptiveBet(0.4, 3, 0.6), Agrapa(0.7, 0.5, 3, 0.6)),
    (KaplanKolmogorovTest(), KaplanKolmogorov(0.1)),
    (KaplanWaldTest(), KaplanWald(0.1)),
    (KaplanWaldTest(0.3), KaplanWald(0.3)),
]


@pytest.mark.parametrize(("method", "bet"), BETS)
def test_each_name_is_this_bet(method: Method, bet: Bet) -> None:
    """With its own numbers, and u = 1.25 and an expected mean of 0.7 where it asks for them."""
    assert bet_of(method, POPULATION, 0.7) == bet
    wanted = history(SAMPLE, POPULATION, bet).p
    assert np.array_equal(measured(SAMPLE, POPULATION, method, 0.7).p, wanted)


def test_cobra_lowers_rates_to_a_quarter_of_the_margin() -> None:
    """Rates of 0.1 and 0.1 cost 0.15, half as much again as a quarter of the margin 0.4."""
    found = bet_of(Cobra(0.1, 0.1), POPULATION, 0.7)
    assert isinstance(found, FixedBet)
    assert found.bet == pytest.approx(cobra_bet(0.4, 0.2 / 3, 0.2 / 3))


def test_cobra_takes_no_margin_above_1() -> None:
    """u = 4 would be a margin of 1.5; the bet is that of 1."""
    assert bet_of(Cobra(), Population(4.0, 0.5), 0.7) == FixedBet(cobra_bet(1.0, 0.0001, 0.001), 0.95)


def test_the_portfolio_is_many_bets() -> None:
    """It has a history and is refused as one bet."""
    wanted = portfolio_history(np.array(SAMPLE), POPULATION, STAKES).p
    assert np.array_equal(measured(SAMPLE, POPULATION, Portfolio(), 0.7).p, wanted)
    with pytest.raises(RequestError, match="'method' Portfolio is not one bet; null mean 0.5."):
        bet_of(Portfolio(), POPULATION, 0.7)


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({"two_vote_rate": 0, "one_vote_rate": 1}, True),
        ({"two_vote_rate": -1e-9}, False),
        ({"one_vote_rate": 1 + 1e-9}, False),
        ({"most": 1}, True),
        ({"most": 1e-9}, True),
        ({"most": 0}, False),
        ({"most": 1 + 1e-9}, False),
    ],
)
def test_rates_and_stakes_are_shares(given: dict[str, Any], fits: bool) -> None:
    """A rate is in [0, 1], the largest stake in (0, 1]."""
    if fits:
        assert msgspec.convert(given, Cobra) == Cobra(**given)
    else:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(given, Cobra)


def test_the_schema_says_what_the_numbers_are() -> None:
    """In words that show in the schemas users read."""
    fields = msgspec.json.schema(Cobra)["$defs"]["Cobra"]["properties"]
    assert fields["two_vote_rate"]["description"] == "share of cards"
    assert fields["most"]["description"] == "the largest share of the wealth that is staked"
