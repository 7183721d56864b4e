"""Contests as votes by choice, turned into the shares and counts that risk functions ask for."""

from itertools import product
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """A reported winner and a reported loser."""

    winner: str
    loser: str


class Votes(NamedTuple):
    """Votes by choice, in reported order, of a contest on so many ballots."""

    by_choice: dict[str, int]
    ballots: int
    winners: int

    @property
    def pairs(self) -> list[Pair]:
        """Every winner with every loser."""
        ranked = sorted(self.by_choice, key=lambda name: -self.by_choice[name])
        return [Pair(*names) for names in product(ranked[: self.winners], ranked[self.winners :])]

    @property
    def closest(self) -> Pair:
        """The winner and the loser with the fewest votes between them."""
        return min(self.pairs, key=lambda pair: self.by_choice[pair.winner] - self.by_choice[pair.loser])

    @property
    def diluted_margin(self) -> float:
        """The smallest pairwise margin over the ballots."""
        return (self.by_choice[self.closest.winner] - self.by_choice[self.closest.loser]) / self.ballots

    def share(self, pair: Pair) -> float:
        """The winner's share of the votes for the two."""
        return self.by_choice[pair.winner] / (self.by_choice[pair.winner] + self.by_choice[pair.loser])

    def of_ballots(self, name: str) -> float:
        """A choice's votes as a share of the ballots."""
        return self.by_choice[name] / self.ballots


def votes_of(given: dict[str, Any]) -> Votes:
    """Read a contest in either file's spelling."""
    if "tally" in given:
        tally = given["tally"]
        blank = ("_undervote_", "undervote")
        by_choice = {name: votes for name, votes in tally.items() if name not in blank}
        return Votes(by_choice, sum(tally.values()), given.get("winners", 1))
    contest = given["contest"]
    if "votes" in contest:
        return Votes(contest["votes"], contest["ballots"], contest["num_winners"])
    other = ("ballots", "numWinners", "votesAllowed")
    by_choice = {name: votes for name, votes in contest.items() if name not in other}
    return Votes(by_choice, contest["ballots"], contest.get("numWinners", 1))
