"""Assorters: a number for every card, whose mean is above 1/2 exactly where an assertion is true.

Stark 2020, "Sets of half-average nulls generate risk-limiting audits: SHANGRLA". A contest over a population
is a column: for each card the place of what it shows in a short list of interpretations. An assorter is
asked once per interpretation, so a million cards cost a count of the column and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tallyproof.audit.irv_assertion import Assertion as RankedAssertion
from tallyproof.errors import RequestError

HALF = Fraction(1, 2)
FEW_KINDS = 24  # up to here one comparison of the column per kind is faster than a histogram


class State(Enum):
    """Whether a card shows a vote in the contest, and if not, why.

    ``NOT_FOUND`` is a card that the bound on cards promises but nobody has: a phantom where the record is
    missing, and the worst for the assertion where the paper is (Bañuelos and Stark 2012).
    """

    VOTED = "voted"
    NO_VOTE = "no vote"
    OVERVOTE = "overvote"
    NOT_ON_CARD = "contest not on card"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class Interpretation:
    """What a card shows of one contest: points per choice (1 for a mark), or a ranking of choices."""

    points: tuple[int, ...] = ()
    ranking: tuple[int, ...] = ()
    state: State = State.VOTED


NO_VOTE = Interpretation(state=State.NO_VOTE)
OVERVOTE = Interpretation(state=State.OVERVOTE)
NOT_ON_CARD = Interpretation(state=State.NOT_ON_CARD)
NOT_FOUND = Interpretation(state=State.NOT_FOUND)
WITHOUT_VOTE = (NO_VOTE, OVERVOTE, NOT_ON_CARD, NOT_FOUND)


class Assorter(Protocol):
    """Values in [0, ``upper``], one for each interpretation of a card."""

    @property
    def upper(self) -> Fraction:
        """The largest value that any card can have."""
        ...

    def value(self, shown: Interpretation) -> Fraction:
        """The value of a card with this vote; 1/2 where it shows no valid vote."""
        ...


@dataclass(frozen=True)
class PointsAssorter:
    """1/2 + the sum of ``weights`` times points: every method in which votes add up.

    ``one_mark`` counts only cards with exactly one mark as votes, as shares of valid votes need.
    """

    weights: tuple[Fraction, ...]
    upper: Fraction
    one_mark: bool = False

    def value(self, shown: Interpretation) -> Fraction:
        """1/2 + weights * points for a vote, else 1/2. Raises RequestError outside [0, upper]."""
        if shown.state is not State.VOTED or (self.one_mark and sum(shown.points) != 1):
            return HALF
        if len(shown.points) != len(self.weights):
            raise RequestError(f"'points' has {len(shown.points)} choices; it must have {len(self.weights)}.")
        value = HALF + sum(w * p for w, p in zip(self.weights, shown.points, strict=True) if p)
        if not 0 <= value <= self.upper:
            raise RequestError(f"'points' {shown.points} are more than the contest allows on one card.")
        return value

    def margin(self, totals: Sequence[int], cards: int) -> Fraction:
        """The margin v = 2 mean - 1 of a population of ``cards`` with these votes (or points) in all."""
        return 2 * sum((w * t for w, t in zip(self.weights, totals, strict=True)), Fraction()) / cards


@dataclass(frozen=True)
class RankedAssorter:
    """The assorter of an assertion about a ranked contest: 1 for its winner, 0 for its loser, else 1/2."""

    assertion: RankedAssertion
    upper: Fraction = Fraction(1)

    def value(self, shown: Interpretation) -> Fraction:
        """Half the assertion's ``halves`` of the ranking."""
        voted = shown.state is State.VOTED
        return Fraction(self.assertion.halves(shown.ranking), 2) if voted else HALF


@dataclass(frozen=True)
class Column:
    """One contest over a population: ``codes[i]`` is the place in ``kinds`` of what card i shows."""

    codes: NDArray[np.integer[Any]]
    kinds: tuple[Interpretation, ...]

    def __post_init__(self) -> None:
        """Refuse codes that point nowhere."""
        if self.codes.ndim != 1 or not np.issubdtype(self.codes.dtype, np.integer):
            raise RequestError("'codes' must be one whole number per card.")
        if len(self.codes) and not 0 <= int(self.codes.min()) <= int(self.codes.max()) < len(self.kinds):
            raise RequestError(f"'codes' must be from 0 to {len(self.kinds) - 1}, places in 'kinds'.")

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """Cards of each kind."""
        if len(self.kinds) <= FEW_KINDS:
            places = map(self.codes.dtype.type, range(len(self.kinds)))
            return tuple(int(np.count_nonzero(self.codes == place)) for place in places)
        return tuple(map(int, np.bincount(self.codes, minlength=len(self.kinds))))

    @property
    def with_contest(self) -> int:
        """Cards that show the contest, with or without a vote."""
        absent = (State.NOT_ON_CARD, State.NOT_FOUND)
        found = zip(self.kinds, self.counts, strict=True)
        return sum(count for kind, count in found if kind.state not in absent)

    def values(self, assorter: Assorter) -> NDArray[np.float64]:
        """The assorter's value of each card."""
        values = np.array([float(assorter.value(kind)) for kind in self.kinds])
        return np.asarray(values[self.codes])


def one_vote_kinds(choices: int) -> tuple[Interpretation, ...]:
    """Interpretations of a vote-for-one contest: one per choice, then those of ``WITHOUT_VOTE``."""
    votes = (tuple(int(place == choice) for place in range(choices)) for choice in range(choices))
    return (*(Interpretation(points) for points in votes), *WITHOUT_VOTE)


def interpretation(marks: Iterable[int], choices: int, vote_for: int = 1) -> Interpretation:
    """What a card with these marks shows: more marks than ``vote_for`` are an overvote, none is no vote."""
    marked = set(marks)
    if any(not 0 <= mark < choices for mark in marked):
        raise RequestError(f"'marks' must be choices from 0 to {choices - 1}.")
    if len(marked) > vote_for:
        return OVERVOTE
    return Interpretation(tuple(int(c in marked) for c in range(choices))) if marked else NO_VOTE


def column_of_marks(masks: ArrayLike, choices: int, vote_for: int) -> Column:
    """A column from one whole number per card, whose bit c is set where choice c is marked."""
    distinct, codes = np.unique(np.asarray(masks), return_inverse=True)
    kinds = tuple(
        interpretation([c for c in range(choices) if int(mask) >> c & 1], choices, vote_for)
        for mask in distinct
    )
    return Column(codes.ravel(), kinds)


def column_of_points(points: ArrayLike) -> Column:
    """A column from points per card and choice, shape (cards, choices); a row of zeros is no vote."""
    distinct, codes = np.unique(np.asarray(points), axis=0, return_inverse=True)
    kinds = (Interpretation(tuple(map(int, row))) if row.any() else NO_VOTE for row in distinct)
    return Column(codes.ravel(), tuple(kinds))


def column_of_rankings(rankings: Iterable[tuple[int, ...]]) -> Column:
    """A column from one ranking per card, the most preferred choice first; an empty one is no vote."""
    places: dict[tuple[int, ...], int] = {}
    codes = np.fromiter((places.setdefault(each, len(places)) for each in rankings), dtype=np.int64)
    return Column(codes, tuple(Interpretation(ranking=each) if each else NO_VOTE for each in places))


def margin(assorter: Assorter, column: Column, cards: int | None = None) -> Fraction:
    """The assorter margin v = 2 mean - 1 of the records, over ``cards`` cards that may bear the contest.

    With card-style data ``cards`` is the trusted bound on cards that bear the contest, without it the bound
    on all cards; those without a record are phantoms, and count 1/2 like a card without the contest.
    Raises RequestError where records show the contest on more cards than that.
    """
    bound = len(column.codes) if cards is None else cards
    check_bound(bound, column.with_contest)
    lead = sum(
        (
            (2 * assorter.value(kind) - 1) * count
            for kind, count in zip(column.kinds, column.counts, strict=True)
        ),
        Fraction(),
    )
    return lead / bound


def check_bound(cards: int, recorded: int) -> None:
    """Refuse a bound on cards below what the records show: the canvass must settle that, not chance."""
    if cards < 1 or recorded > cards:
        raise RequestError(
            f"'cards' is {cards:,}; it must be at least 1 and at least the {recorded:,} cards whose records "
            "show the contest. Settle which of the two is wrong before an audit."
        )
