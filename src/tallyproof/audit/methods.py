"""Risk functions by name, with the numbers that each asks for."""

from __future__ import annotations

from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import ArrayLike

from tallyproof.errors import RequestError
from tallyproof.risk.alpha import FixedAlternative, ShrinkTrunc, optimal_comparison
from tallyproof.risk.betting import Agrapa, FixedBet, cobra_bet, portfolio_history
from tallyproof.risk.confidence import STAKES
from tallyproof.risk.function import Bet, History, Population
from tallyproof.risk.kaplan import KaplanKolmogorov, KaplanWald
from tallyproof.risk.sample_size import comparison_size
from tallyproof.risk.wealth import history

Rate = Annotated[float, Meta(ge=0, le=1, description="share of cards")]
Most = Annotated[float, Meta(gt=0, le=1, description="the largest share of the wealth that is staked")]


class AlphaShrink(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="shrink_trunc"
):
    """ALPHA, the mean so far shrunk towards ``eta``: what is expected, unless given."""

    eta: float | None = None
    d: Annotated[float, Meta(gt=0)] = 100
    f: Annotated[float, Meta(ge=0)] = 0


class AlphaFixed(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="fixed_alternative"
):
    """ALPHA with the population's mean taken to be ``eta``: Wald's test, and BRAVO where cards are 0 or 1."""

    eta: float | None = None


class AlphaComparison(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="optimal_comparison"
):
    """ALPHA's best alternative if so many cards are overstated by two votes."""

    two_vote_rate: Rate = 0.0001


class Cobra(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="cobra"):
    """The fixed bet that grows fastest at these rates of overstatements.

    Where they would use up more than a quarter of the margin they are lowered to that: a bet on a narrow
    margin must expect few errors, or it could never grow.
    """

    two_vote_rate: Rate = 0.0001
    one_vote_rate: Rate = 0.001
    most: Most = 0.95


class AdaptiveBet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="agrapa"):
    """The bet that would be best for the mean and spread of the draws so far."""

    sd: Annotated[float, Meta(gt=0)] = 0.25
    weight: Annotated[float, Meta(gt=0)] = 20
    most: Most = 0.9


class KaplanKolmogorovTest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="kaplan_kolmogorov"
):
    """Kaplan-Kolmogorov, and with replacement Kaplan-Markov."""

    padding: Annotated[float, Meta(ge=0)] = 0.1


class KaplanWaldTest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="kaplan_wald"
):
    """Kaplan-Wald with padding."""

    padding: Annotated[float, Meta(ge=0, lt=1)] = 0.1


class Portfolio(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="portfolio"):
    """Wealth divided over many fixed stakes: no guess at all."""


OneBet = (
    AlphaShrink | AlphaFixed | AlphaComparison | Cobra | AdaptiveBet | KaplanKolmogorovTest | KaplanWaldTest
)
Method = OneBet | Portfolio


def clean_comparison_size(risk_limit: float, relative: float) -> int:
    """Cards that a card audit compares if it finds no error and is told of no method.

    ``relative`` is the assorter margin over the assorter's upper bound. The bet is COBRA's for the usual
    rates of errors: fewer cards would do for a bet that one overstatement of two votes ruins.
    """
    bet = _cobra(Cobra(), 2 / (2 - relative))
    staked = min(float(np.asarray(bet.bet)) / 2, bet.most)
    return comparison_size(risk_limit, relative, 2 * staked)


def measured(sample: ArrayLike, population: Population, method: Method, expected: float) -> History:
    """The history of a sample in draw order; ``expected`` is the mean if all is as reported."""
    if isinstance(method, Portfolio):
        return portfolio_history(np.asarray(sample, dtype=np.float64), population, STAKES)
    return history(sample, population, bet_of(method, population, expected))


def bet_of(method: Method, population: Population, expected: float) -> Bet:
    """The rule that bets, for a population whose mean is ``expected`` if all is as reported.

    Raises RequestError for the portfolio, which is many bets, and for rates that do not fit.
    """
    upper, null = float(population.upper), float(population.null_mean)
    if isinstance(method, AlphaShrink):
        return ShrinkTrunc(expected if method.eta is None else method.eta, method.d, f=method.f)
    if isinstance(method, AlphaFixed):
        return FixedAlternative(expected if method.eta is None else method.eta)
    if isinstance(method, AlphaComparison):
        return optimal_comparison(upper, method.two_vote_rate)
    if isinstance(method, Cobra) and upper <= 2 * null:
        raise RequestError(
            f"'method' cobra compares records with paper: 'upper' must be above {2 * null:g}, "
            f"2 / (2 - v) for a margin v, not {upper:g}."
        )
    if isinstance(method, Cobra):
        return _cobra(method, upper)
    if isinstance(method, AdaptiveBet):
        return Agrapa(expected, method.sd * upper, method.weight, method.most)
    if isinstance(method, KaplanKolmogorovTest):
        return KaplanKolmogorov(method.padding)
    if isinstance(method, KaplanWaldTest):
        return KaplanWald(method.padding)
    raise RequestError(f"'method' {type(method).__name__} is not one bet; null mean {null:g}.")


def _cobra(method: Cobra, upper: float) -> FixedBet:
    margin = min(1.0, 2 - 2 / upper)  # above 1 only where u is: a smaller bet than could be made
    errors = method.two_vote_rate + method.one_vote_rate / 2
    share = min(1.0, margin / 4 / errors) if errors else 1.0
    bet = cobra_bet(margin, share * method.two_vote_rate, share * method.one_vote_rate)
    return FixedBet(bet, method.most)
