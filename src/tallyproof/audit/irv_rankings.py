"""Ranked ballots: from the marks on a card to a ranking, identical rankings counted together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tallyproof.errors import RequestError

NOBODY = -1
MOST_BALLOTS = 2**53
MOST_CHOICES = 62
"""A set of choices is a whole number of 64 bits, one bit for each."""

Ranking = tuple[int, ...]
"""Choices by their places from 0, the most preferred first."""


@dataclass(frozen=True)
class RankingRules:
    """How a jurisdiction reads a ranked ballot.

    ``overvote``: a rank with several choices ends the ranking ("exhaust") or is passed over like an empty
    one ("skip"). ``blanks``: how many empty ranks in a row a ranking survives; None means any number, 0 that
    the first one ends it, 1 that two in a row do. A choice ranked again counts at the first place only.
    ``repeats``: such a mark stays where overvotes and empty ranks are judged ("keep"), or is struck out
    before ("strike"), so that a rank with two choices may be left with one, and a rank with one be empty.
    """

    overvote: Literal["exhaust", "skip"] = "exhaust"
    blanks: int | None = None
    repeats: Literal["keep", "strike"] = "keep"

    def __post_init__(self) -> None:
        if self.overvote not in ("exhaust", "skip"):
            raise RequestError(f"'overvote' is {self.overvote!r}; it must be 'exhaust' or 'skip'.")
        if self.blanks is not None and self.blanks < 0:
            raise RequestError(f"'blanks' is {self.blanks}; it must be 0 or more, or None for any number.")
        if self.repeats not in ("keep", "strike"):
            raise RequestError(f"'repeats' is {self.repeats!r}; it must be 'keep' or 'strike'.")


# Colorado Election Rules, 8 CCR 1505-1: an overvoted rank and all later ones do not count (Rule 26.7.1),
# nor does what follows a skipped rank (26.7.2); a choice ranked again counts at its highest rank (26.7.3).
# The guide "Determination of Voter Intent", IRV addendum of 2023, has repeats struck out before overvotes
# are judged.
COLORADO = RankingRules("exhaust", 0, "strike")


def ranking_of(marks: Iterable[Sequence[int]], rules: RankingRules) -> Ranking:
    """Read one ballot: ``marks`` lists for each rank, from the first, the choices marked at it."""
    ranking: list[int] = []
    met: set[int] = set()
    empty = 0
    for told in marks:
        marked = [choice for choice in told if choice not in met] if rules.repeats == "strike" else told
        met.update(told)
        if len(marked) > 1 and rules.overvote == "exhaust":
            break
        empty = 0 if len(marked) == 1 else empty + 1
        if rules.blanks is not None and empty > rules.blanks:
            break
        if len(marked) == 1 and marked[0] not in ranking:
            ranking.append(marked[0])
    return tuple(ranking)


@dataclass(frozen=True, eq=False)
class RankedBallots:
    """Rankings and how many ballots bear each.

    ``orders`` has one distinct ranking a row, shape (rankings, longest), -1 after its end; ``counts`` one
    whole number for each row. Ballots that rank nobody may be left out.
    """

    choices: int
    orders: NDArray[np.int8]
    counts: NDArray[np.int64]

    @property
    def ballots(self) -> int:
        """All ballots."""
        return int(self.counts.sum())


def collapse(choices: int, rankings: Mapping[Ranking, int]) -> RankedBallots:
    """Ballots from distinct rankings and their numbers.

    Raises RequestError for a choice outside 0 … choices - 1, one ranked twice, a number below 0, or
    more choices than a set can hold.
    """
    if not 1 <= choices <= MOST_CHOICES:
        raise RequestError(f"'choices' is {choices}; it must be from 1 to {MOST_CHOICES}.")
    lengths = np.fromiter(map(len, rankings), dtype=np.int64, count=len(rankings))
    flat = np.fromiter(chain.from_iterable(rankings), dtype=np.int64)
    if len(flat) and not 0 <= int(flat.min()) <= int(flat.max()) < choices:
        raise RequestError(f"'rankings' names a choice outside 0 to {choices - 1}.")
    orders = np.full((len(rankings), int(lengths.max(initial=1))), NOBODY, dtype=np.int8)
    orders[np.arange(orders.shape[1]) < lengths[:, None]] = flat
    if min(rankings.values(), default=0) < 0 or sum(rankings.values()) >= MOST_BALLOTS:
        raise RequestError("'rankings' has a number of ballots below 0, or 2^53 and more in all.")
    counts = np.fromiter(rankings.values(), dtype=np.int64, count=len(rankings))
    ballots = RankedBallots(choices, orders, counts)
    _require_each_once(ballots)
    return ballots


def _require_each_once(ballots: RankedBallots) -> None:
    seen = np.zeros(len(ballots.counts), dtype=np.int64)
    for column in ballots.orders.T:
        bit = np.where(column == NOBODY, 0, np.int64(1) << column.clip(0).astype(np.int64))
        if (seen & bit).any():
            raise RequestError("'rankings' has a ranking with a choice twice; count each once.")
        seen |= bit
