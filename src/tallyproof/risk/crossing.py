"""Which of many simulated audits end within a block of draws, without log T after every draw.

Most audits are far from ending in most blocks. Between two draws log T rises by at most the logarithm of the
largest factor, so where it lies further below what is needed than ``STRIDE`` draws could make up, the product
of these draws' factors tells all that is asked. Only the audits that come near are looked at draw by draw.
"""

from __future__ import annotations

import numpy as np

from tallyproof.risk.function import Bet, Floats, Ints, Population
from tallyproof.risk.wealth import Carry, play, running_logs

STRIDE = 16
LARGEST = (
    1e18  # its power STRIDE is still a float; so is that of 2^-53, the smallest that 1 - k + k x / m can be
)
ROUNDING = 1e-6  # of logarithms: far more than a block's sum can be wrong by


def crossings(x: Floats, carry: Carry, population: Population, bet: Bet, needed: float) -> tuple[Ints, Carry]:
    """Play one block: the draw at which log T first is at least ``needed`` (0: none), by column; new state.

    ``x`` has draws along the first axis and one column per audit.
    """
    played = play(x, carry, population, bet)
    ends = None if played.disputed else _ends(played.factors, carry.log_t)
    if ends is None:
        logs = running_logs(played.factors, carry.log_t)
        if played.disputed:
            played.settle(logs)
        return _first(logs, needed), played.after(logs[-1])
    rise = STRIDE * float(np.log(played.factors.max())) + ROUNDING
    near = np.flatnonzero(ends[:-1].max(axis=0) + max(rise, 0.0) >= needed)
    found = np.zeros(x.shape[1], dtype=np.int64)
    found[near] = _first(running_logs(played.factors[:, near], carry.log_t[near]), needed)
    return found, played.after(ends[-1])


def _ends(factors: Floats, carried: Floats) -> Floats | None:
    """Log T before the block and after each stride of it; None where a product might be too large."""
    if factors.max() > LARGEST:
        return None
    many = len(factors) // STRIDE
    whole, rest = factors[: many * STRIDE], factors[many * STRIDE :]
    products = np.empty((many + 1, len(carried)))
    np.multiply.reduce(whole.reshape(many, STRIDE, len(carried)), axis=1, out=products[:-1])
    np.multiply.reduce(rest, axis=0, out=products[-1])
    with np.errstate(divide="ignore"):  # wealth once lost stays lost
        np.log(products, out=products)
    ends = np.vstack([carried, products])
    return np.cumsum(ends, axis=0, out=ends)


def _first(logs: Floats, needed: float) -> Ints:
    """Number of the first draw, from 1, at which each column has what is needed; 0 where none has."""
    met = logs >= needed
    return np.where(met.any(axis=0), met.argmax(axis=0) + 1, 0)
