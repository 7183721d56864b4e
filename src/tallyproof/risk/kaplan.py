"""Kaplan's martingales: bets that need no guess of the alternative, only a padding against zeros."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tallyproof.risk.function import Floats, Past, require


@dataclass(frozen=True)
class KaplanKolmogorov:
    """Factors (x_j + g) / (m_j + g): Kaplan-Kolmogorov without, Kaplan-Markov with replacement.

    Stark 2009, "Risk-limiting postelection audits: P-values from common probability inequalities", and
    Stark 2020 (SHANGRLA), section 3; ``padding`` g >= 0 keeps one value 0 from losing everything.
    """

    padding: float = 0.0
    spread: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse a negative padding."""
        require(self.padding >= 0, "padding", "at least 0")

    def stakes(self, past: Past) -> Floats:
        """The share m / (m + g) makes the factor 1 - k + k x / m equal to (x + g) / (m + g)."""
        return np.asarray(past.null_mean / (past.null_mean + self.padding))


KaplanMarkov = KaplanKolmogorov


@dataclass(frozen=True)
class KaplanWald:
    """Factors (1 - g) x_j / m_j + g: the share 1 - g of the wealth is staked on every draw.

    Stark and Teague 2014, "Verifiable European elections"; ``padding`` g lies in [0, 1).
    """

    padding: float = 0.1
    spread: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse a padding that leaves nothing to stake."""
        require(0 <= self.padding < 1, "padding", "in [0, 1)")

    def stakes(self, past: Past) -> Floats:
        """The same share of the wealth before every draw."""
        return np.full_like(past.null_mean, 1.0 - self.padding)
