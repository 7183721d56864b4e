"""Batch comparison: how far a batch's reported votes overstate the outcome, and the most they could.

Stark 2009, "Efficient post-election audits of multiple contests: 2009 California tests" (MACRO). For batch p
and claim k with reported margin V_k in votes, e_p = max_k (lead reported - lead audited) / V_k and the bound
u_p = max_k (lead reported + cards) / V_k. A lead is votes for a claim's winner less votes for its loser; for
a majority it is that of one choice over all others together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from tallyproof.audit.assertion import Assertion, Tally
from tallyproof.errors import RequestError
from tallyproof.risk.macro import macro_history, macro_size


@dataclass(frozen=True)
class Batch:
    """A batch of so many cards and its votes by choice, in the order of the contest's choices."""

    name: str
    votes: tuple[int, ...]
    cards: int

    def __post_init__(self) -> None:
        """Refuse votes and cards below 0."""
        if self.cards < 0 or min(self.votes, default=0) < 0:
            raise RequestError(f"'batches': {self.name} has a number below 0.")


@dataclass(frozen=True)
class BatchContest:
    """The claims of a contest, its reported totals and its batches.

    ``lost`` cards are pending, or in the totals and in no batch that can be audited: each counts against
    every claim, so margins shrink by one vote per card. What the totals have beyond the batches was reported
    of lost cards, and adds nothing to a margin, unless margins are wanted ``as_published``: programs that
    states run take them from the totals.
    """

    tally: Tally
    assertions: tuple[Assertion, ...]
    batches: tuple[Batch, ...]
    lost: int = 0
    as_published: bool = False

    def __post_init__(self) -> None:
        """Refuse a contest without claims or batches, names that stand twice, and missing choices."""
        names = [batch.name for batch in self.batches]
        if not self.assertions or not names:
            raise RequestError("'assertions' and 'batches' must each have at least one entry.")
        if len(set(names)) < len(names):
            twice = next(name for place, name in enumerate(names) if name in names[:place])
            raise RequestError(f"'batches' names {twice} twice.")
        wrong = next((batch for batch in self.batches if len(batch.votes) != len(self.tally.votes)), None)
        if wrong is not None:
            raise RequestError(
                f"'batches': {wrong.name} must have votes for {len(self.tally.votes)} choices."
            )

    @cached_property
    def leads(self) -> tuple[tuple[int, ...], ...]:
        """For each claim what a vote for each choice adds to its lead, and what a card can take away at most.

        Whole numbers: 1 for plurality and majorities, all scaled alike where weights are fractions.
        """
        return tuple(_whole(assertion) for assertion in self.assertions)

    @cached_property
    def left(self) -> tuple[int, ...]:
        """What the lost cards leave of each claim's reported lead, at worst: also 0 and below.

        If a claim is false, its batches' leads on paper add up to the lost cards at most, so they were
        overstated by at least their reported sum less the lost cards.
        """
        totals = [list(self.tally.votes.values())]
        if self.lost and not self.as_published:
            totals.append(
                [sum(column) for column in zip(*(each.votes for each in self.batches), strict=True)]
            )
        return tuple(
            min(_lead(lead, votes) for votes in totals) - lead[-1] * self.lost for lead in self.leads
        )

    @cached_property
    def margins(self) -> tuple[int, ...]:
        """V_k: the reported lead of each claim less what the lost cards could take away.

        Raises RequestError where that is not above 0: the lost cards could change the outcome.
        """
        for assertion, margin in zip(self.assertions, self.left, strict=True):
            if margin <= 0:
                raise RequestError(
                    f"'lost' is {self.lost:,} cards (pending, or in no batch): they alone could make it "
                    f"false that {assertion.claim} Find them, or count all cards by hand."
                )
        return self.left

    @cached_property
    def bounds(self) -> Mapping[str, Fraction]:
        """The error bound u_p of each batch, exactly: what batches are drawn in proportion to."""
        return {batch.name: self.bound(batch) for batch in self.batches}

    @property
    def total_bound(self) -> Fraction:
        """U, the sum of all bounds: how many times over errors could overturn the outcome."""
        return sum(self.bounds.values(), Fraction())

    def bound(self, batch: Batch) -> Fraction:
        """The error bound u_p: all its cards were reported for the winner and are for the loser."""
        worst = (_lead(lead, batch.votes) + lead[-1] * batch.cards for lead in self.leads)
        return max(map(Fraction, worst, self.margins))

    def errors(self, batch: Batch, audited: Sequence[int], missing: int = 0) -> tuple[Fraction, ...]:
        """The overstatement of each claim as a share of its margin; below 0 where it was understated.

        ``missing`` cards of the batch were not found: each counts against every claim.
        """
        if len(audited) != len(batch.votes) or min(audited, default=0) < 0:
            raise RequestError(f"'audited' of {batch.name} must be votes for {len(batch.votes)} choices.")
        change = [told - seen for told, seen in zip(batch.votes, audited, strict=True)]
        return tuple(
            Fraction(_lead(lead, change) + lead[-1] * missing, margin)
            for lead, margin in zip(self.leads, self.margins, strict=True)
        )

    def error(self, batch: Batch, audited: Sequence[int], missing: int = 0) -> Fraction:
        """The error e_p: the largest overstatement over claims; below 0 where all are understated."""
        return max(self.errors(batch, audited, missing))

    def taint(self, batch: Batch, audited: Sequence[int], missing: int = 0) -> Fraction:
        """The quotient e_p / u_p. Raises RequestError for a batch without votes and cards."""
        return self.error(batch, audited, missing) / self.drawable(batch)

    def drawable(self, batch: Batch) -> Fraction:
        """The bound u_p of a batch that was drawn. Raises RequestError where it is 0."""
        bound = self.bound(batch)
        if bound <= 0:
            raise RequestError(f"'batches': {batch.name} cannot hold an error, so it cannot have been drawn.")
        return bound

    def p_value(self, drawn: Sequence[tuple[Batch, Sequence[int]]]) -> float:
        """P of batches drawn in proportion to their bounds, with replacement, and their audited votes.

        A batch that was drawn k times stands k times. Batches counted together stand as ``combined``.
        """
        return self.p_of_taints([self.taint(batch, audited) for batch, audited in drawn])

    def p_of_taints(self, taints: Sequence[Fraction], times: Sequence[int] | None = None) -> float:
        """P of draws with these taints, each so many ``times`` in a row."""
        each = np.array([float(taint) for taint in taints])
        drawn = each if times is None else np.repeat(each, times)
        return float(macro_history(float(self.total_bound), drawn).p[-1]) if len(drawn) else 1.0

    def first_round(self, alpha: float, spare: int = 1) -> int:
        """Draws that end the audit if no drawn batch is overstated, and ``spare`` more.

        At most the number of batches: who would draw more counts all of them.
        """
        return min(macro_size(alpha, float(self.total_bound), spare), len(self.batches))

    def combined(self, name: str, names: Collection[str]) -> Batch:
        """Batches that were counted together on paper, as one: votes and cards added."""
        parts = [batch for batch in self.batches if batch.name in names]
        if len(parts) != len(set(names)):
            raise RequestError(f"'names' of {name} must all be batches of the contest.")
        votes = tuple(map(sum, zip(*(batch.votes for batch in parts), strict=True)))
        return Batch(name, votes, sum(batch.cards for batch in parts))


def unauditable(tally: Tally, batches: Iterable[Batch]) -> int:
    """Cards in the reported total that lie in no batch."""
    missing = tally.cards - sum(batch.cards for batch in batches)
    if missing < 0:
        raise RequestError(f"'batches' hold {-missing:,} cards more than the contest's {tally.cards:,}.")
    return missing


def _whole(assertion: Assertion) -> tuple[int, ...]:
    """Twice the weights, and 1 for the card, times their common denominator."""
    weights = [2 * weight for weight in assertion.assorter.weights]
    scale = lcm(*(weight.denominator for weight in weights))
    return (*(int(weight * scale) for weight in weights), scale)


def _lead(lead: Sequence[int], votes: Sequence[int]) -> int:
    return sum(worth * count for worth, count in zip(lead, votes, strict=False))
