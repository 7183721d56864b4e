"""Batch comparison as a sequential test of a mean: batches valued by what their paper adds up to.

For one assertion with assorter A, bound u and margin v over N cards, let R_p be the sum of A over batch p as
reported and X_p as audited. The assertion is true where the sum of X_p is above N / 2.

By size: batches drawn with chances R_p / sum R, with replacement, valued x = X_p / R_p. Where it is false
the mean of x is at most (N / 2) / sum R = 1 / (1 + v). Values above a ceiling are cut there, which only
lowers the mean. At the full stake a batch without error multiplies the wealth by 1 + v, as in MACRO, whose
factor 1 / (1 - 1/U) with U = 1 + 1/v is the same; smaller stakes survive errors.

By bounds: several claims need one draw. With chances u_p / U, u_p the error bound of a batch over all
claims (``batch_error``), each claim's x = 1 - e_p / u_p has a mean of at most 1 - 1/U where the claim is
false, since its errors e_p then add up to 1 or more. For one claim u_p is 2 R_p / V, and x and the null are
those by size.

Alike: batches drawn alike, without replacement, valued x = (M - (R_p - X_p)) / (2 (M - N v / 2 P)) for P
batches and M the largest R_p; where the assertion is false the mean of x is at most 1/2 (Stark 2020, section
3.3, for clusters of cards).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tallyproof.audit.assertion import Assertion
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.errors import RequestError
from tallyproof.risk.function import Population

CEILING = Fraction(2)
"""Values above it are cut there."""


@dataclass(frozen=True)
class BatchClaims:
    """All claims of a contest, tested as means from batches drawn in proportion to their error bounds."""

    contest: BatchContest
    ceiling: Fraction = CEILING

    @property
    def population(self) -> Population:
        """Draws with chances u_p / U, with replacement."""
        return Population(float(self.ceiling), float(1 - 1 / self.contest.total_bound))

    def values(self, batch: Batch, audited: Sequence[int], missing: int = 0) -> tuple[Fraction, ...]:
        """The value 1 - e_p / u_p for each claim, at most the ceiling; ``missing`` cards count against it.

        Raises RequestError for a batch that cannot have been drawn.
        """
        bound = self.contest.drawable(batch)
        return tuple(
            min(1 - error / bound, self.ceiling) for error in self.contest.errors(batch, audited, missing)
        )


@dataclass(frozen=True)
class BatchComparison:
    """An assertion and the reported batches; ``lost`` cards lie in none of them and count 0."""

    assertion: Assertion
    batches: tuple[Batch, ...]
    lost: int = 0
    ceiling: Fraction = CEILING

    def __post_init__(self) -> None:
        """Refuse batches over which the assertion is false: only a full hand count can settle that."""
        if self.ceiling <= 1:
            raise RequestError(f"'ceiling' is {self.ceiling}; it must be above 1.")
        if self.margin <= 0:
            raise RequestError(f"'batches' and 'lost' cards make it false that {self.assertion.claim}")

    @cached_property
    def cards(self) -> int:
        """All cards, those in no batch too."""
        return sum(batch.cards for batch in self.batches) + self.lost

    @cached_property
    def sums(self) -> Mapping[str, Fraction]:
        """R_p by batch: what batches are drawn in proportion to."""
        return {batch.name: self.sum_of(batch.votes, batch.cards) for batch in self.batches}

    @property
    def margin(self) -> Fraction:
        """The margin v = 2 sum R / N - 1, with lost cards at 0."""
        return 2 * sum(self.sums.values(), Fraction()) / self.cards - 1

    def sum_of(self, votes: Sequence[int], cards: int) -> Fraction:
        """The sum of A over so many cards with these votes by choice."""
        weights = self.assertion.assorter.weights
        total = Fraction(cards, 2) + sum(w * v for w, v in zip(weights, votes, strict=True))
        if not 0 <= total <= self.assertion.assorter.upper * cards:
            raise RequestError("'votes' of a batch are more than its cards can bear.")
        return total

    @property
    def population_by_size(self) -> Population:
        """Draws with chances R_p / sum R, with replacement."""
        return Population(float(self.ceiling), float(1 / (1 + self.margin)))

    def value_by_size(self, batch: Batch, audited: Sequence[int], missing: int = 0) -> float:
        """The value x = X_p / R_p, at most the ceiling; ``missing`` cards of the batch count 0."""
        found, told = self.sum_of(audited, batch.cards - missing), self.sum_of(batch.votes, batch.cards)
        if not told:
            raise RequestError(f"'batches': {batch.name} has no chance, so it cannot have been drawn.")
        return float(min(found / told, self.ceiling))

    @property
    def population_alike(self) -> Population:
        """Draws of batches alike, without replacement."""
        low = min(self.sums[b.name] - self.assertion.assorter.upper * b.cards for b in self.batches)
        return Population(float((self._most - low) / self._scale), 0.5, len(self.batches))

    def value_alike(self, batch: Batch, audited: Sequence[int], missing: int = 0) -> float:
        """The value (M - (R_p - X_p)) / (2 (M - N v / 2 P)); ``missing`` cards of the batch count 0."""
        found = self.sum_of(audited, batch.cards - missing)
        return float((self._most - self.sums[batch.name] + found) / self._scale)

    @property
    def _most(self) -> Fraction:
        return max(self.sums.values())

    @property
    def _scale(self) -> Fraction:
        return 2 * (self._most - self.cards * self.margin / (2 * len(self.batches)))
