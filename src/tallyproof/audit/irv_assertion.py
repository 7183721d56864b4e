"""Assertions about a ranked contest: NEB and NEN, their votes, scores and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tallyproof.audit.irv_rankings import RankedBallots, Ranking
from tallyproof.audit.irv_tallies import Tallies, first_of


@dataclass(frozen=True, order=True)
class Assertion:
    """A claim about two choices that can be audited like a contest between two.

    NEB, "not eliminated before": ``winner`` has more first preferences than ``loser`` can ever have, so
    ``loser`` goes out first. NEN, "not eliminated next": when exactly ``continuing`` remain (both among
    them, in rising order), ``winner`` has more votes than ``loser``. Source: Blom, Stuckey and Teague,
    RAIRE (2018), under these names in SHANGRLA (Stark 2020).
    """

    kind: Literal["NEB", "NEN"]
    winner: int
    loser: int
    continuing: tuple[int, ...] = ()

    def votes(self, tallies: Tallies) -> tuple[int, int]:
        """The winner's and the loser's votes in the comparison that this assertion makes."""
        if self.kind == "NEB":
            return int(tallies.first[self.winner]), int(tallies.pairs[self.loser, self.winner])
        votes = tallies.votes(sum(1 << choice for choice in self.continuing))
        return int(votes[self.winner]), int(votes[self.loser])

    def margin(self, tallies: Tallies) -> int:
        """The winner's votes less the loser's; the assertion is true where this is above 0."""
        winner, loser = self.votes(tallies)
        return winner - loser

    def halves(self, ranking: Ranking) -> int:
        """The assorter's value for one ballot in halves: 2 for the winner, 0 for the loser, 1 for neither."""
        if self.kind == "NEN":
            top = next((choice for choice in ranking if choice in self.continuing), None)
            return 2 if top == self.winner else 0 if top == self.loser else 1
        if ranking[:1] == (self.winner,):
            return 2
        above = ranking[: ranking.index(self.loser)] if self.loser in ranking else (self.winner,)
        return 1 if self.winner in above else 0

    def sentence(self, names: Sequence[str]) -> str:
        """What the assertion says, in words."""
        winner, loser = names[self.winner], names[self.loser]
        if self.kind == "NEB":
            return (
                f"{winner} is never eliminated before {loser}: {winner} has more first preferences than "
                f"there are ballots that rank {loser} and not {winner} above {loser}."
            )
        if len(self.continuing) == len(names):
            return f"Before anyone is eliminated, {winner} has more votes than {loser}."
        remaining = [names[choice] for choice in self.continuing]
        listed = f"{', '.join(remaining[:-1])} and {remaining[-1]}"
        return f"When only {listed} remain, {winner} has more votes than {loser}."


def halves_of_rankings(assertion: Assertion, ballots: RankedBallots) -> NDArray[np.int8]:
    """``Assertion.halves`` of every distinct ranking at once, shape (rankings,)."""
    if assertion.kind == "NEN":
        _, top = first_of(ballots, sum(1 << choice for choice in assertion.continuing))
        return _halves(top == assertion.winner, top == assertion.loser)
    loser_at, _ = first_of(ballots, 1 << assertion.loser)
    winner_at, _ = first_of(ballots, 1 << assertion.winner)
    return _halves(winner_at == 0, loser_at < winner_at)


def _halves(for_winner: NDArray[np.bool_], for_loser: NDArray[np.bool_]) -> NDArray[np.int8]:
    return (1 + for_winner.astype(np.int8) - for_loser.astype(np.int8)).astype(np.int8)
