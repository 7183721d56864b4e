"""MACRO: Kaplan-Markov P of batches drawn in proportion to their error bounds.

Stark 2009, "Efficient post-election audits of multiple contests: 2009 California tests". Batch p can
overstate a margin by at most u_p, the maximum over pairs as a share of the pair's margin; U is the sum of
all u_p. Batches are drawn with replacement with chances u_p / U; a drawn batch's taint is t = e_p / u_p.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from tallyproof.risk.function import Floats, History, check_alpha, require
from tallyproof.risk.wealth import running_logs


def macro_history(total_bound: float, taints: ArrayLike, understatements: bool = False) -> History:
    """P after each drawn batch: the product of (1 - 1/U) / (1 - t), in the order drawn.

    The P that audits publish is the last ``p``, of the whole sample. A taint of 1 or more makes it 1.
    Negative taints count as 0, as in the programs that states run, unless ``understatements`` is true.
    """
    t = np.asarray(taints, dtype=np.float64)
    require(not bool(np.isnan(t).any()), "taints", "numbers; one of them is not a number (NaN)")
    require(math.isfinite(total_bound) and total_bound >= 0, "total_bound", "a number, at least 0")
    if not understatements:
        t = np.maximum(t, 0.0)
    never = np.broadcast_to(np.False_, t.shape)
    if total_bound <= 1:
        return History(_certain(total_bound, t), never)
    return History(running_logs(np.maximum(1.0 - t, 0.0) / (1.0 - 1.0 / total_bound), np.zeros(())), never)


def macro_size(alpha: float, total_bound: float, spare: int = 1) -> int:
    """Draws after which P is at most ``alpha`` if no drawn batch is overstated, and ``spare`` more.

    ceil(ln alpha / ln(1 - 1/U)); programs plan one more.
    """
    check_alpha(alpha)
    require(total_bound > 0, "total_bound", "above 0")
    if total_bound <= 1:
        return 1 + spare
    return math.ceil(math.log(alpha) / math.log1p(-1.0 / total_bound)) + spare


def rule_of_thumb_size(alpha: float, margin: float) -> int:
    """Draws by a public audit planner's rule of thumb, ceil(ln(1/alpha) / v + 2), for a diluted margin v.

    With U = 1 + 1/v MACRO takes ln(1/alpha) / ln(1 + v) draws, at most ln(1/alpha) (1/v + 1/2). The rule puts
    2 for the second term, which is enough for risk limits from e^-4, 1.8 %, on. Source: VotingWorks, Arlo's
    public audit planner.
    """
    check_alpha(alpha)
    require(0 < margin <= 1, "margin", "above 0 and at most 1")
    return math.ceil(-math.log(alpha) / margin + 2)


def _certain(total_bound: float, taints: Floats) -> Floats:
    """U < 1: no error could change the outcome. U = 1: only batches wrong through and through could."""
    if total_bound < 1:
        return np.full(taints.shape, np.inf)
    return np.where(np.minimum.accumulate(taints) < 1.0, np.inf, 0.0)
