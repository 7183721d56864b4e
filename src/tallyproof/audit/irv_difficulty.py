"""How hard an assertion is to audit: measures that the search for assertions makes small."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tallyproof.errors import RequestError

Floats = NDArray[np.float64]
Difficulty = Callable[[NDArray[Any], NDArray[Any], int], Floats]
"""From the winner's votes, the loser's votes (arrays of whole numbers) and the number of cards to a measure.

It never rises with the winner's votes nor falls with the loser's, and is infinite where the winner has no
more votes than the loser.
"""


def inverse_margin(winner: NDArray[Any], loser: NDArray[Any], cards: int) -> Floats:
    """Cards / (winner - loser), one over the diluted margin: a card comparison needs a multiple of it."""
    return _where_true(cards / _positive(winner - loser), winner, loser)


def inverse_margin_squared(winner: NDArray[Any], loser: NDArray[Any], cards: int) -> Floats:
    """The square of cards / (winner - loser): ballot polling needs about a multiple of it."""
    return _where_true((cards / _positive(winner - loser)) ** 2, winner, loser)


def kaplan_markov_cards(risk_limit: float, gamma: float = 1.03905) -> Difficulty:
    """Cards that a comparison audit without discrepancies examines: 2 γ ln(1/α) cards / margin.

    Source: Stark 2010, super-simple; Lindeman and Stark 2012.
    """
    _require_limit(risk_limit)
    if not gamma >= 1:
        raise RequestError(f"'gamma' is {gamma}; it must be 1 or more.")
    factor = 2 * gamma * -log(risk_limit)
    return lambda winner, loser, cards: factor * inverse_margin(winner, loser, cards)


def bravo_cards(risk_limit: float) -> Difficulty:
    """Cards that BRAVO examines on average: (ln(1/α) + z_w/2) / (p_w z_w + p_l z_l).

    z_w = ln 2s and z_l = ln(2 - 2s), where s is the winner's share of the two, and p the shares of all
    cards. Source: Lindeman, Stark and Yates 2012, equation 5.
    """
    _require_limit(risk_limit)

    def expected_cards(winner: NDArray[Any], loser: NDArray[Any], cards: int) -> Floats:
        lead = np.clip((winner - loser) / np.maximum(winner + loser, 1), 0, np.nextafter(1, 0))
        z_winner, z_loser = np.log1p(lead), np.log1p(-lead)
        per_card = (winner * z_winner + loser * z_loser) / cards
        return _where_true((z_winner / 2 - log(risk_limit)) / _positive(per_card), winner, loser)

    return expected_cards


def _where_true(difficulty: Floats, winner: NDArray[Any], loser: NDArray[Any]) -> Floats:
    return np.where(winner > loser, difficulty, np.inf)


def _positive(values: NDArray[Any]) -> Floats:
    return np.where(values > 0, values, np.nan).astype(np.float64)


def _require_limit(risk_limit: float) -> None:
    if not 0 < risk_limit < 1:
        raise RequestError(f"'risk_limit' is {risk_limit}; it must be above 0 and below 1.")
