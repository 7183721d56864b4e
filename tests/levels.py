"""Whether simulated audits keep their risk limit, from as few of them as tell."""

import math
from collections.abc import Iterable

MORE = 1.5
"""The true level, as a multiple of the risk limit, that is to be noticed."""
ERROR = 1 / 1_000
"""Chance that such a level passes, and that a true level of just the risk limit does not."""


def keeps_level(alpha: float, confirmed: Iterable[bool]) -> bool:
    """Wald's sequential test of level ``alpha`` against one half more, over audits of true nulls.

    It looks at audits until it knows; a method that confirms much more rarely than it may needs few.
    Raises ValueError where the audits end before.
    """
    hit, miss = math.log(MORE), math.log((1 - MORE * alpha) / (1 - alpha))
    evidence = 0.0
    for each in confirmed:
        evidence += hit if each else miss
        if abs(evidence) >= -math.log(ERROR):
            return evidence < 0
    raise ValueError("these audits are too few to tell")
