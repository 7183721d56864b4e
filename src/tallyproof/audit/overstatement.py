"""Comparing paper with records: values whose mean is above 1/2 where overstatements are too few to matter.

Stark 2020 (SHANGRLA), section 3.2: with omega = A(record) - A(paper), u the assorter's upper bound and v its
margin over the records, B = (1 - omega / u) / (2 - v / u) lies in [0, 2 / (2 - v / u)], and its mean is above
1/2 exactly where the assertion is true of the paper. Sampled cards stand in draw order; a card that is drawn
twice stands twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tallyproof.audit.assorter import Assorter, Column, Interpretation, State
from tallyproof.errors import RequestError
from tallyproof.risk.function import Population

ABSENT = (State.NOT_ON_CARD, State.NOT_FOUND)


@dataclass(frozen=True)
class Comparison:
    """An assertion whose records are compared with paper: its assorter, and its margin over those records.

    With ``styles`` the population is the cards that bear the contest according to their records, and a paper
    that lacks it is an error; without, it is all cards.
    """

    assorter: Assorter
    margin: Fraction
    styles: bool = True

    def __post_init__(self) -> None:
        """Refuse an assertion that its own records contradict: only a full hand count can settle that."""
        if not 0 < self.margin <= 2 * self.assorter.upper - 1:
            raise RequestError(
                f"'margin' is {float(self.margin):g}; it must be above 0 and at most "
                f"{float(2 * self.assorter.upper - 1):g}. An assertion that is false of the records "
                "cannot be audited: count all cards by hand."
            )

    @property
    def relative_margin(self) -> Fraction:
        """The quotient v / u."""
        return self.margin / self.assorter.upper

    @property
    def upper(self) -> Fraction:
        """The largest value of a card, 2 / (2 - v / u)."""
        return 2 / (2 - self.relative_margin)

    @property
    def no_error(self) -> Fraction:
        """The value of a card whose record is right, 1 / (2 - v / u)."""
        return 1 / (2 - self.relative_margin)

    def value(self, omega: Fraction) -> Fraction:
        """B of a card overstated by ``omega``, in [-u, u]."""
        if not -self.assorter.upper <= omega <= self.assorter.upper:
            raise RequestError(f"'omega' is {omega}; it must be from -u to u, u = {self.assorter.upper}.")
        return (1 - omega / self.assorter.upper) * self.no_error

    def population(self, cards: int | None = None) -> Population:
        """The population for risk functions: ``cards`` without replacement, None with."""
        return Population(float(self.upper), 0.5, cards)

    def values(self, records: ArrayLike, papers: ArrayLike) -> NDArray[np.float64]:
        """B = (u - A(record) + A(paper)) / (2 u - v) of cards whose assorter values are given."""
        u, v = float(self.assorter.upper), float(self.margin)
        gained = np.asarray(papers, dtype=np.float64) - np.asarray(records, dtype=np.float64)
        return np.clip((u + gained) / (2 * u - v), 0.0, float(self.upper))


def overstatement(
    assorter: Assorter, record: Interpretation, paper: Interpretation, styles: bool
) -> Fraction:
    """The overstatement omega = A(record) - A(paper) of one card.

    A record that was not found is a phantom and counts 1/2. A paper that was not found counts 0, and so
    does one without the contest where ``styles`` say that it is there. Raises RequestError for a record
    without the contest under ``styles``: that card is not in this contest's population.
    """
    if styles and record.state is State.NOT_ON_CARD:
        raise RequestError("'record' lacks the contest; with card styles it is not in the contest's sample.")
    return assorter.value(record) - paper_value(
        assorter, paper, styles and record.state is not State.NOT_FOUND
    )


def paper_value(assorter: Assorter, paper: Interpretation, expected: bool) -> Fraction:
    """A(paper), 0 where the card was not found, or lacks the contest though it is ``expected`` to bear it."""
    if paper.state is State.NOT_FOUND or (expected and paper.state is State.NOT_ON_CARD):
        return Fraction()
    return assorter.value(paper)


def compared(comparison: Comparison, records: Column, papers: Column) -> NDArray[np.float64]:
    """B of the sampled cards in draw order; with styles, without cards whose record lacks the contest.

    Those were drawn for other contests, and say nothing of this one. Raises RequestError where there is not
    one paper per record.
    """
    if len(records.codes) != len(papers.codes):
        raise RequestError(
            f"'papers' has {len(papers.codes):,} cards; it must have the {len(records.codes):,} of 'records'."
        )
    assorter, styles = comparison.assorter, comparison.styles
    told = records.values(assorter)
    seen = np.array([_both(assorter, kind) for kind in papers.kinds])[papers.codes]
    expected = np.array([kind.state not in ABSENT for kind in records.kinds])[records.codes]
    absent = np.array([kind.state is State.NOT_ON_CARD for kind in records.kinds])[records.codes]
    values = comparison.values(told, np.where(expected & styles, seen[:, 1], seen[:, 0]))
    return values[~absent] if styles else values


def polled(assorter: Assorter, papers: Column, styles: bool = True) -> NDArray[np.float64]:
    """A of the sampled cards in draw order, for audits that look at paper only.

    With ``styles`` all cards are expected to bear the contest. A card that was not found counts 0.
    """
    values = [float(paper_value(assorter, kind, styles)) for kind in papers.kinds]
    return np.asarray(np.array(values)[papers.codes])


def phantoms(cards: int, recorded: int) -> int:
    """Records to be added so that there are as many as the trusted bound on ``cards`` that bear the contest.

    Bañuelos and Stark 2012. Raises RequestError where there are more records than cards.
    """
    if recorded > cards:
        raise RequestError(f"'cards' is {cards:,}; there are {recorded:,} records that show the contest.")
    return cards - recorded


def _both(assorter: Assorter, kind: Interpretation) -> tuple[float, float]:
    """A(paper) where nothing and where the contest is expected."""
    return float(paper_value(assorter, kind, False)), float(paper_value(assorter, kind, True))
