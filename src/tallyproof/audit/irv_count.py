"""Instant-runoff counts: who goes out in each round, and who can win where rounds are tied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallyproof.audit.irv_tallies import Members, Tallies, members_of
from tallyproof.errors import RequestError


@dataclass(frozen=True)
class Elimination:
    """One round: votes of each remaining choice, who goes out, and all who shared the fewest votes."""

    votes: dict[int, int]
    out: int
    tied: tuple[int, ...]


@dataclass(frozen=True)
class IrvCount:
    """A count down to one choice.

    ``order`` lists all choices as they go out, the last of them the winner of this count.
    ``possible_winners`` are those who win under some way to break the ties; one alone is sure.
    """

    rounds: tuple[Elimination, ...]
    order: tuple[int, ...]
    possible_winners: tuple[int, ...]

    @property
    def winner(self) -> int | None:
        """The choice who wins however ties are broken; None where that is open."""
        return self.possible_winners[0] if len(self.possible_winners) == 1 else None


def count_irv(tallies: Tallies, lots: Sequence[int] = ()) -> IrvCount:
    """Take out the choice with the fewest votes until one is left.

    Where several have the fewest, the one that stands first in ``lots`` goes out, or where none does the
    one with the lowest place; the round tells who was tied.
    """
    rounds: list[Elimination] = []
    remaining = tallies.everyone
    while remaining & (remaining - 1):
        last = fewest(tallies, remaining)
        out = next((choice for choice in lots if choice in last), last[0])
        votes = tallies.votes(remaining)
        rounds.append(Elimination({c: int(votes[c]) for c in members_of(remaining)}, out, last))
        remaining &= ~(1 << out)
    order = (*(round_.out for round_ in rounds), *members_of(remaining))
    return IrvCount(tuple(rounds), order, possible_winners(tallies))


def fewest(tallies: Tallies, remaining: Members) -> tuple[int, ...]:
    """The choices with the fewest votes among those who remain."""
    votes = tallies.votes(remaining)
    least = min(int(votes[choice]) for choice in members_of(remaining))
    return tuple(choice for choice in members_of(remaining) if votes[choice] == least)


def possible_winners(tallies: Tallies) -> tuple[int, ...]:
    """Everyone who wins under some way to break the ties."""
    level, winners = {tallies.everyone}, 0
    while level:
        for members in level:
            winners |= members if _is_decided(tallies, members) else 0
        level = {after for members in level for after in _after_one_round(tallies, members)}
    return tuple(members_of(winners))


def _is_decided(tallies: Tallies, members: Members) -> bool:
    """Whether one choice is left, or nobody has a vote, so that any of them can win."""
    return not members & (members - 1) or not any(tallies.votes(members)[c] for c in members_of(members))


def _after_one_round(tallies: Tallies, members: Members) -> Iterator[Members]:
    """Who may remain; tied choices who cannot catch up even together all go out."""
    if _is_decided(tallies, members):
        return
    last = fewest(tallies, members)
    group, votes = sum(1 << choice for choice in last), tallies.votes(members)
    others = [int(votes[choice]) for choice in members_of(members & ~group)]
    if others and len(last) * int(votes[last[0]]) < min(others):
        yield members & ~group
    else:
        yield from (members & ~(1 << choice) for choice in last)


def require_choice(tallies: Tallies, choice: int, name: str) -> None:
    """Raise RequestError unless this is a choice's place."""
    if not 0 <= choice < tallies.choices:
        raise RequestError(f"'{name}' is {choice}; it must be from 0 to {tallies.choices - 1}.")
